-- Logistics hubs. The two keys are name and external code as the domain compares them: case and blanks evened out.
CREATE TABLE hubs (
    organization_id     BLOB    NOT NULL REFERENCES organizations (id),
    id                  BLOB    NOT NULL CHECK (length(id) = 16),
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER,
    name                TEXT    NOT NULL,
    name_key            TEXT    NOT NULL,
    external_code       TEXT,
    external_code_key   TEXT,
    kind                TEXT    NOT NULL CHECK (kind IN ('owned', 'subcontracted')),
    category            TEXT,
    address             TEXT,
    country             TEXT,
    status              TEXT    NOT NULL CHECK (status IN ('active', 'inactive', 'error', 'archived')),
    supercharger        INTEGER NOT NULL CHECK (supercharger IN (0, 1)),
    facility_id         BLOB    CHECK (length(facility_id) = 16),
    annual_co2e_kg      REAL,
    annual_throughput_t REAL    CHECK (annual_throughput_t > 0),
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE UNIQUE INDEX hubs_name ON hubs (organization_id, name_key);
CREATE UNIQUE INDEX hubs_external_code ON hubs (organization_id, external_code_key);
CREATE INDEX hubs_newest ON hubs (organization_id, created_at, id);
