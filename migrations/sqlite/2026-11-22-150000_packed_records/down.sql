-- What was sent for records that wait is lost: this language cannot unpack it.
CREATE TABLE job_records (
    organization_id BLOB    NOT NULL,
    job_id          BLOB    NOT NULL,
    position        INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'failed'),
    chunk           INTEGER,
    leg_id          BLOB    CHECK (length(leg_id) = 16),
    movement_id     TEXT,
    stage           TEXT    CHECK (stage IN ('sync', 'calculation')),
    code            TEXT,
    error           TEXT,
    upload          TEXT,
    PRIMARY KEY (organization_id, job_id, position),
    CHECK ((state = 'failed') = (code IS NOT NULL AND error IS NOT NULL AND stage IS NOT NULL)),
    CHECK (state <> 'waiting' OR (chunk IS NOT NULL AND leg_id IS NOT NULL))
) STRICT;

CREATE INDEX job_records_waiting ON job_records (organization_id, job_id, chunk) WHERE state = 'waiting';
CREATE INDEX job_records_failed ON job_records (organization_id, job_id, position) WHERE state = 'failed';

INSERT INTO job_records (organization_id, job_id, position, state, chunk, leg_id, movement_id, upload)
SELECT organization_id, job_id, record.value ->> 0, 'waiting', chunk, unhex(record.value ->> 1, '-'), record.value ->> 2, ''
FROM chunk_records, json_each(waiting) AS record;

INSERT INTO job_records (organization_id, job_id, position, state, chunk, leg_id)
SELECT organization_id, job_id, record.value ->> 0, 'done', chunk, unhex(record.value ->> 1, '-')
FROM chunk_records, json_each(settled) AS record;

INSERT INTO job_records (organization_id, job_id, position, state, movement_id, stage, code, error, upload)
SELECT organization_id, job_id, position, 'failed', movement_id, stage, code, error, upload
FROM failed_records
WHERE true
ON CONFLICT (organization_id, job_id, position) DO UPDATE SET
    state = excluded.state, movement_id = excluded.movement_id, stage = excluded.stage, code = excluded.code,
    error = excluded.error, upload = excluded.upload;

DROP TABLE failed_records;
DROP TABLE chunk_records;
