-- The rows of factor packs that recharges were calculated with, as JSON, named by a hash of it. They belong to nobody.
CREATE TABLE energy_factors (
    id bytea NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    json text COLLATE "C" NOT NULL
);

-- Fuel that vehicles filled in and electricity that they charged. Emissions are in kg CO2e: well to wheel, well to tank, tank
-- to wheel; generation is the part that power plants emit.
CREATE TABLE recharges (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    dedup_key bytea NOT NULL CHECK (length(dedup_key) = 32),
    fuel_id uuid NOT NULL,
    fuel_name text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    date date NOT NULL,
    quantity double precision NOT NULL,
    unit text COLLATE "C" NOT NULL CHECK (unit IN ('l', 'kg', 'kwh', 'mj')),
    vehicle_license_plate text COLLATE "C",
    toc_id uuid,
    toc text COLLATE "C",
    vehicle_type text COLLATE "C",
    project_id uuid,
    file_id uuid,
    wtw double precision NOT NULL,
    wtt double precision NOT NULL,
    ttw double precision NOT NULL,
    generation double precision NOT NULL,
    estimated integer NOT NULL,
    factor_id bytea NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX recharges_dedup_key ON recharges (organization_id, dedup_key);
CREATE INDEX recharges_newest ON recharges (organization_id, created_at, id);
CREATE INDEX recharges_date ON recharges (organization_id, date, created_at, id);
CREATE INDEX recharges_plate ON recharges (organization_id, vehicle_license_plate, created_at, id);
CREATE INDEX recharges_fuel ON recharges (organization_id, fuel_name);
CREATE INDEX recharges_file ON recharges (organization_id, file_id, created_at, id);
CREATE INDEX recharges_updated ON recharges (organization_id, updated_at);
