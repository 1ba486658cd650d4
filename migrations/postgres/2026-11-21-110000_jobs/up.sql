-- Legs that are calculated after the answer. The ledger of a job is its records; its counts are changed in the transactions
-- that change them.

CREATE TABLE jobs (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('bulk', 'single')),
    state text COLLATE "C" NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED')),
    -- Why a failed job stopped.
    stop_reason text COLLATE "C",
    total integer NOT NULL,
    succeeded integer NOT NULL CHECK (succeeded >= 0),
    failed integer NOT NULL CHECK (failed >= 0),
    -- Those of the failed that failed before the answer.
    refused integer NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz NOT NULL,
    -- Until when single creates join it; nothing for a call that brought all of its records.
    open_until timestamptz,
    PRIMARY KEY (organization_id, id),
    CHECK (succeeded + failed <= total),
    CHECK ((state = 'FAILED') = (stop_reason IS NOT NULL)),
    CHECK ((state IN ('COMPLETED', 'FAILED')) = (finished_at IS NOT NULL))
);

CREATE INDEX jobs_newest ON jobs (organization_id, created_at, id);
CREATE INDEX jobs_rolling ON jobs (organization_id, open_until)
    WHERE open_until IS NOT NULL AND state IN ('PENDING', 'RUNNING');

-- What a worker takes at once. It is leased, never locked: `lease_until` is when a lease ends, or when a pause does.
CREATE TABLE job_chunks (
    organization_id uuid NOT NULL,
    job_id uuid NOT NULL,
    number integer NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'stopped')),
    records integer NOT NULL CHECK (records > 0),
    queued_at timestamptz NOT NULL,
    lease_until timestamptz,
    -- The name of the very lease.
    leased_by uuid,
    -- How often it was claimed since anything last came of it.
    attempts integer NOT NULL,
    PRIMARY KEY (organization_id, job_id, number),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    CHECK ((state = 'leased') = (leased_by IS NOT NULL)),
    CHECK (state <> 'leased' OR lease_until IS NOT NULL)
);

-- The queue, across organizations: workers serve them all, in the order of arrival.
CREATE INDEX job_chunks_open ON job_chunks (queued_at, organization_id, job_id, number)
    WHERE state IN ('waiting', 'leased');

-- One row for each record that was sent. A leg may be deleted, its job remembers it. The
-- upload, JSON as it was sent, is kept until the record succeeds, so that what failed can be handed back.
CREATE TABLE job_records (
    organization_id uuid NOT NULL,
    job_id uuid NOT NULL,
    position integer NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    chunk integer,
    leg_id uuid,
    movement_id text COLLATE "C",
    stage text COLLATE "C" CHECK (stage IN ('sync', 'calculation')),
    code text COLLATE "C",
    error text COLLATE "C",
    upload text COLLATE "C",
    PRIMARY KEY (organization_id, job_id, position),
    CHECK ((state = 'failed') = (code IS NOT NULL AND error IS NOT NULL AND stage IS NOT NULL)),
    CHECK (state <> 'waiting' OR (chunk IS NOT NULL AND leg_id IS NOT NULL))
);

CREATE INDEX job_records_waiting ON job_records (organization_id, job_id, chunk) WHERE state = 'waiting';
CREATE INDEX job_records_failed ON job_records (organization_id, job_id, position) WHERE state = 'failed';
