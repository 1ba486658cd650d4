-- What was sent for records that wait is lost: this language cannot unpack it.
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

INSERT INTO job_records (organization_id, job_id, position, state, chunk, leg_id, movement_id, upload)
SELECT organization_id, job_id, (record ->> 0)::integer, 'waiting', chunk, (record ->> 1)::uuid, record ->> 2, ''
FROM chunk_records, json_array_elements(waiting::json) AS record;

INSERT INTO job_records (organization_id, job_id, position, state, chunk, leg_id)
SELECT organization_id, job_id, (record ->> 0)::integer, 'done', chunk, (record ->> 1)::uuid
FROM chunk_records, json_array_elements(settled::json) AS record;

INSERT INTO job_records (organization_id, job_id, position, state, movement_id, stage, code, error, upload)
SELECT organization_id, job_id, position, 'failed', movement_id, stage, code, error, upload
FROM failed_records
ON CONFLICT (organization_id, job_id, position) DO UPDATE SET
    state = excluded.state, movement_id = excluded.movement_id, stage = excluded.stage, code = excluded.code,
    error = excluded.error, upload = excluded.upload;

DROP TABLE failed_records;
DROP TABLE chunk_records;
