-- Instants are microseconds since 1970-01-01 UTC, days ISO 8601 text, identifiers UUIDs of 16 bytes. Every key of a
-- table that belongs to an organization begins with the organization, so that the schema can be distributed by it.

CREATE TABLE organizations (
    id               BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name             TEXT    NOT NULL,
    created_at       INTEGER NOT NULL,
    -- The passages that the organization's ships avoid, by name, as a JSON array.
    avoided_passages TEXT    NOT NULL DEFAULT '[]'
) STRICT;

-- Of a key only its SHA-256 hash is kept. It is unique across organizations: a request names a key, not an organization.
CREATE TABLE api_keys (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    name            TEXT    NOT NULL,
    prefix          TEXT    NOT NULL,
    hash            BLOB    NOT NULL CHECK (length(hash) = 32),
    access          TEXT    NOT NULL CHECK (access IN ('write', 'read')),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    revoked_at      INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

-- Names that an organization gave to places, evened out as the domain compares them; the place as JSON.
CREATE TABLE pinned_places (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    name            TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (organization_id, name)
) STRICT;

CREATE TABLE packages (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    movement_id     TEXT    NOT NULL,
    package_key     TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE UNIQUE INDEX packages_key ON packages (organization_id, movement_id, package_key);

-- What the client said, and what was settled before any calculation. Calculations never write here, except the status.
-- A leg's package key stands in its package.
CREATE TABLE legs (
    organization_id       BLOB    NOT NULL REFERENCES organizations (id),
    id                    BLOB    NOT NULL CHECK (length(id) = 16),
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    status                TEXT    NOT NULL CHECK (status IN ('pending', 'active', 'error')),
    origin                TEXT,
    destination           TEXT,
    origin_country        TEXT,
    distance_km           REAL,
    tkm                   REAL,
    load                  REAL,
    load_unit             TEXT    NOT NULL CHECK (load_unit IN ('kg', 'ton', 'pallets', 'teu', 'feu')),
    load_factor           REAL    NOT NULL,
    toc                   TEXT    NOT NULL,
    toc_estimated         INTEGER NOT NULL CHECK (toc_estimated IN (0, 1)),
    category              TEXT    NOT NULL CHECK (category IN ('road', 'rail', 'maritime', 'air')),
    year                  INTEGER NOT NULL,
    cleaning              INTEGER NOT NULL CHECK (cleaning IN (0, 1)),
    shipment_date         TEXT    NOT NULL,
    movement_id           TEXT,
    movement_stretch      TEXT,
    movement_stage        TEXT,
    client                TEXT,
    vehicle_license_plate TEXT,
    trailer_license_plate TEXT,
    subcontractor         INTEGER NOT NULL CHECK (subcontractor IN (0, 1)),
    hub_id                TEXT,
    package_id            BLOB,
    dedup_key             BLOB    CHECK (length(dedup_key) = 32),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, package_id) REFERENCES packages (organization_id, id)
) STRICT;

CREATE INDEX legs_newest ON legs (organization_id, created_at, id);
CREATE UNIQUE INDEX legs_dedup_key ON legs (organization_id, dedup_key) WHERE dedup_key IS NOT NULL;

-- The rows of factor packs that results rest on, as JSON, named by a hash of it. They belong to nobody.
CREATE TABLE calculation_facts (
    id   BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    json TEXT NOT NULL
) STRICT;

-- Routes that were found between addresses, as JSON, named by a hash of it: legs between the same places share one.
CREATE TABLE routes (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id              BLOB NOT NULL CHECK (length(id) = 16),
    json            TEXT NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- One row for each calculation of a leg; the one in force is current. Emissions are in kg CO2e: well to wheel, well to
-- tank, tank to wheel. A calculation has facts and a question, or an error; error codes are not listed in a CHECK,
-- because their list grows and SQLite changes a CHECK only by copying the table.
CREATE TABLE leg_results (
    organization_id BLOB    NOT NULL,
    leg_id          BLOB    NOT NULL,
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    created_at      INTEGER NOT NULL,
    is_current      INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    engine          TEXT    NOT NULL,
    total_wtw       REAL,
    total_wtt       REAL,
    total_ttw       REAL,
    transport_wtw   REAL,
    transport_wtt   REAL,
    transport_ttw   REAL,
    hub_wtw         REAL,
    hub_wtt         REAL,
    hub_ttw         REAL,
    cleaning_wtw    REAL,
    cleaning_wtt    REAL,
    cleaning_ttw    REAL,
    tkm             REAL,
    distance_km     REAL,
    default_load_kg REAL,
    estimated       INTEGER,
    question        TEXT,
    facts_id        BLOB REFERENCES calculation_facts (id),
    route_id        BLOB,
    error_code      TEXT,
    error_message   TEXT,
    error_transient INTEGER CHECK (error_transient IN (0, 1)),
    PRIMARY KEY (organization_id, leg_id, id),
    FOREIGN KEY (organization_id, leg_id) REFERENCES legs (organization_id, id),
    FOREIGN KEY (organization_id, route_id) REFERENCES routes (organization_id, id),
    CHECK ((facts_id IS NULL) = (question IS NULL) AND (facts_id IS NULL) = (total_wtw IS NULL)),
    CHECK ((facts_id IS NULL) <> (error_code IS NULL)),
    CHECK ((error_code IS NULL) = (error_message IS NULL) AND (error_code IS NULL) = (error_transient IS NULL))
) STRICT;

CREATE UNIQUE INDEX leg_results_current ON leg_results (organization_id, leg_id) WHERE is_current;
