-- Legs that are calculated after the answer. The ledger of a job is its records; its counts are changed in the transactions
-- that change them.

CREATE TABLE jobs (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    kind            TEXT    NOT NULL CHECK (kind IN ('bulk', 'single')),
    state           TEXT    NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED')),
    -- Why a failed job stopped.
    stop_reason     TEXT,
    total           INTEGER NOT NULL,
    succeeded       INTEGER NOT NULL CHECK (succeeded >= 0),
    failed          INTEGER NOT NULL CHECK (failed >= 0),
    -- Those of the failed that failed before the answer.
    refused         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    started_at      INTEGER,
    finished_at     INTEGER,
    updated_at      INTEGER NOT NULL,
    -- Until when single creates join it; nothing for a call that brought all of its records.
    open_until      INTEGER,
    PRIMARY KEY (organization_id, id),
    CHECK (succeeded + failed <= total),
    CHECK ((state = 'FAILED') = (stop_reason IS NOT NULL)),
    CHECK ((state IN ('COMPLETED', 'FAILED')) = (finished_at IS NOT NULL))
) STRICT;

CREATE INDEX jobs_newest ON jobs (organization_id, created_at, id);
CREATE INDEX jobs_rolling ON jobs (organization_id, open_until)
    WHERE open_until IS NOT NULL AND state IN ('PENDING', 'RUNNING');

-- What a worker takes at once. It is leased, never locked: `lease_until` is when a lease ends, or when a pause does.
CREATE TABLE job_chunks (
    organization_id BLOB    NOT NULL,
    job_id          BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'stopped')),
    records         INTEGER NOT NULL CHECK (records > 0),
    queued_at       INTEGER NOT NULL,
    lease_until     INTEGER,
    -- The name of the very lease.
    leased_by       BLOB    CHECK (length(leased_by) = 16),
    -- How often it was claimed since anything last came of it.
    attempts        INTEGER NOT NULL,
    PRIMARY KEY (organization_id, job_id, number),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    CHECK ((state = 'leased') = (leased_by IS NOT NULL)),
    CHECK (state <> 'leased' OR lease_until IS NOT NULL)
) STRICT;

-- The queue, across organizations: workers serve them all, in the order of arrival.
CREATE INDEX job_chunks_open ON job_chunks (queued_at, organization_id, job_id, number)
    WHERE state IN ('waiting', 'leased');

-- One row for each record that was sent. `leg_id` has no foreign key: a leg may be deleted, its job remembers it. The
-- upload, JSON as it was sent, is kept until the record succeeds, so that what failed can be handed back.
CREATE TABLE job_records (
    organization_id BLOB    NOT NULL,
    job_id          BLOB    NOT NULL,
    position        INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    chunk           INTEGER,
    leg_id          BLOB    CHECK (length(leg_id) = 16),
    movement_id     TEXT,
    stage           TEXT    CHECK (stage IN ('sync', 'calculation')),
    code            TEXT,
    error           TEXT,
    upload          TEXT,
    PRIMARY KEY (organization_id, job_id, position),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    CHECK ((state = 'failed') = (code IS NOT NULL AND error IS NOT NULL AND stage IS NOT NULL)),
    CHECK (state <> 'waiting' OR (chunk IS NOT NULL AND leg_id IS NOT NULL))
) STRICT;

CREATE INDEX job_records_waiting ON job_records (organization_id, job_id, chunk) WHERE state = 'waiting';
CREATE INDEX job_records_failed ON job_records (organization_id, job_id, position) WHERE state = 'failed';
