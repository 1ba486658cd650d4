-- The rows of factor packs that recharges were calculated with, as JSON, named by a hash of it. They belong to nobody.
CREATE TABLE energy_factors (
    id   BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    json TEXT NOT NULL
) STRICT;

-- Fuel that vehicles filled in and electricity that they charged. Emissions are in kg CO2e: well to wheel, well to tank, tank
-- to wheel; generation is the part that power plants emit.
CREATE TABLE recharges (
    organization_id       BLOB    NOT NULL REFERENCES organizations (id),
    id                    BLOB    NOT NULL CHECK (length(id) = 16),
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    dedup_key             BLOB    NOT NULL CHECK (length(dedup_key) = 32),
    fuel_id               BLOB    NOT NULL,
    fuel_name             TEXT    NOT NULL,
    country               TEXT    NOT NULL,
    date                  TEXT    NOT NULL,
    quantity              REAL    NOT NULL,
    unit                  TEXT    NOT NULL CHECK (unit IN ('l', 'kg', 'kwh', 'mj')),
    vehicle_license_plate TEXT,
    toc_id                BLOB,
    toc                   TEXT,
    vehicle_type          TEXT,
    project_id            BLOB,
    file_id               BLOB,
    wtw                   REAL    NOT NULL,
    wtt                   REAL    NOT NULL,
    ttw                   REAL    NOT NULL,
    generation            REAL    NOT NULL,
    estimated             INTEGER NOT NULL,
    factor_id             BLOB    NOT NULL REFERENCES energy_factors (id),
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE UNIQUE INDEX recharges_dedup_key ON recharges (organization_id, dedup_key);
CREATE INDEX recharges_newest ON recharges (organization_id, created_at, id);
CREATE INDEX recharges_date ON recharges (organization_id, date, created_at, id);
CREATE INDEX recharges_plate ON recharges (organization_id, vehicle_license_plate, created_at, id);
CREATE INDEX recharges_fuel ON recharges (organization_id, fuel_name);
CREATE INDEX recharges_file ON recharges (organization_id, file_id, created_at, id);
CREATE INDEX recharges_updated ON recharges (organization_id, updated_at);
