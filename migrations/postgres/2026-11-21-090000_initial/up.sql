-- Texts are compared by their code points, whatever the locale of the database. Every key of a table that belongs to an
-- organization begins with the organization, so that the schema can be distributed by it. The tables that whole batches
-- are written to have no foreign keys, which PostgreSQL checks row by row: what they refer to is written in the same
-- transaction or locked by it.

CREATE TABLE organizations (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    -- The passages that the organization's ships avoid, by name, as a JSON array.
    avoided_passages text COLLATE "C" NOT NULL DEFAULT '[]'
);

-- Of a key only its SHA-256 hash is kept. It is unique across organizations: a request names a key, not an organization.
CREATE TABLE api_keys (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    prefix text COLLATE "C" NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    access text COLLATE "C" NOT NULL CHECK (access IN ('write', 'read')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

-- Names that an organization gave to places, evened out as the domain compares them; the place as JSON.
CREATE TABLE pinned_places (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, name)
);

CREATE TABLE packages (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id text COLLATE "C" NOT NULL,
    package_key text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX packages_key ON packages (organization_id, movement_id, package_key);

-- What the client said, and what was settled before any calculation. Calculations never write here, except the status.
-- A leg's package key stands in its package.
CREATE TABLE legs (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('pending', 'active', 'error')),
    origin text COLLATE "C",
    destination text COLLATE "C",
    origin_country text COLLATE "C",
    distance_km double precision,
    tkm double precision,
    load double precision,
    load_unit text COLLATE "C" NOT NULL CHECK (load_unit IN ('kg', 'ton', 'pallets', 'teu', 'feu')),
    load_factor double precision NOT NULL,
    toc text COLLATE "C" NOT NULL,
    toc_estimated boolean NOT NULL,
    category text COLLATE "C" NOT NULL CHECK (category IN ('road', 'rail', 'maritime', 'air')),
    year integer NOT NULL,
    cleaning boolean NOT NULL,
    shipment_date date NOT NULL,
    movement_id text COLLATE "C",
    movement_stretch text COLLATE "C",
    movement_stage text COLLATE "C",
    client text COLLATE "C",
    vehicle_license_plate text COLLATE "C",
    trailer_license_plate text COLLATE "C",
    subcontractor boolean NOT NULL,
    hub_id text COLLATE "C",
    package_id uuid,
    dedup_key bytea CHECK (length(dedup_key) = 32),
    PRIMARY KEY (organization_id, id)
);

CREATE INDEX legs_newest ON legs (organization_id, created_at, id);
CREATE UNIQUE INDEX legs_dedup_key ON legs (organization_id, dedup_key) WHERE dedup_key IS NOT NULL;

-- The rows of factor packs that results rest on, as JSON, named by a hash of it. They belong to nobody.
CREATE TABLE calculation_facts (
    id bytea NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    json text COLLATE "C" NOT NULL
);

-- Routes that were found between addresses, as JSON, named by a hash of it: legs between the same places share one.
CREATE TABLE routes (
    organization_id uuid NOT NULL,
    id bytea NOT NULL CHECK (length(id) = 16),
    json text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id)
);

-- One row for each calculation of a leg; the one in force is current. Emissions are in kg CO2e: well to wheel, well to
-- tank, tank to wheel. A calculation has facts and a question, or an error; error codes are not listed in a CHECK,
-- because their list grows.
CREATE TABLE leg_results (
    organization_id uuid NOT NULL,
    leg_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    is_current boolean NOT NULL,
    engine text COLLATE "C" NOT NULL,
    total_wtw double precision,
    total_wtt double precision,
    total_ttw double precision,
    transport_wtw double precision,
    transport_wtt double precision,
    transport_ttw double precision,
    hub_wtw double precision,
    hub_wtt double precision,
    hub_ttw double precision,
    cleaning_wtw double precision,
    cleaning_wtt double precision,
    cleaning_ttw double precision,
    tkm double precision,
    distance_km double precision,
    default_load_kg double precision,
    estimated integer,
    question text COLLATE "C",
    facts_id bytea,
    route_id bytea,
    error_code text COLLATE "C",
    error_message text COLLATE "C",
    error_transient boolean,
    PRIMARY KEY (organization_id, leg_id, id),
    CHECK ((facts_id IS NULL) = (question IS NULL) AND (facts_id IS NULL) = (total_wtw IS NULL)),
    CHECK ((facts_id IS NULL) <> (error_code IS NULL)),
    CHECK ((error_code IS NULL) = (error_message IS NULL) AND (error_code IS NULL) = (error_transient IS NULL))
);

CREATE UNIQUE INDEX leg_results_current ON leg_results (organization_id, leg_id) WHERE is_current;
