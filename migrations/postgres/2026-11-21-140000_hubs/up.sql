-- Logistics hubs. The two keys are name and external code as the domain compares them: case and blanks evened out.
CREATE TABLE hubs (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    external_code text COLLATE "C",
    external_code_key text COLLATE "C",
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('owned', 'subcontracted')),
    category text COLLATE "C",
    address text COLLATE "C",
    country text COLLATE "C",
    status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'inactive', 'error', 'archived')),
    supercharger boolean NOT NULL,
    facility_id uuid,
    annual_co2e_kg double precision,
    annual_throughput_t double precision CHECK (annual_throughput_t > 0),
    PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX hubs_name ON hubs (organization_id, name_key);
CREATE UNIQUE INDEX hubs_external_code ON hubs (organization_id, external_code_key);
CREATE INDEX hubs_newest ON hubs (organization_id, created_at, id);
