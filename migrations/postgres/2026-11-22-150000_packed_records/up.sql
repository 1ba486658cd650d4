-- The records of a chunk stand packed in a row, or a few where they came one by one: a call of thousands writes some rows for
-- its job, not one for each record, and a worker that settles a chunk changes one. What was sent is kept, compressed, until
-- the record succeeds. Those that failed have a row each.
CREATE TABLE chunk_records (
    organization_id uuid NOT NULL,
    job_id uuid NOT NULL,
    chunk integer NOT NULL,
    -- The position in the job of one of its records, which tells rows of a chunk apart.
    first integer NOT NULL,
    -- Position, leg and movement of each that waits to be calculated: JSON.
    waiting text COLLATE "C" NOT NULL,
    -- Position and leg of each of the others: JSON.
    settled text COLLATE "C" NOT NULL,
    -- What was sent for those that wait, in their order, with a NUL between each and the next: as it is, or as a Zstandard frame.
    uploads bytea,
    PRIMARY KEY (organization_id, job_id, chunk, first)
);

-- PostgreSQL's own compression costs more time than the room does, or finds nothing more to pack.
ALTER TABLE chunk_records
    ALTER COLUMN waiting SET STORAGE EXTERNAL,
    ALTER COLUMN settled SET STORAGE EXTERNAL,
    ALTER COLUMN uploads SET STORAGE EXTERNAL;

CREATE TABLE failed_records (
    organization_id uuid NOT NULL,
    job_id uuid NOT NULL,
    position integer NOT NULL,
    movement_id text COLLATE "C",
    stage text COLLATE "C" NOT NULL CHECK (stage IN ('sync', 'calculation')),
    code text COLLATE "C" NOT NULL,
    error text COLLATE "C" NOT NULL,
    upload text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, job_id, position)
);

INSERT INTO chunk_records (organization_id, job_id, chunk, first, waiting, settled, uploads)
SELECT organization_id, job_id, chunk, min(position),
    coalesce(json_agg(json_build_array(position, leg_id, movement_id) ORDER BY position) FILTER (WHERE state = 'waiting'), '[]')::text,
    coalesce(json_agg(json_build_array(position, leg_id) ORDER BY position) FILTER (WHERE state <> 'waiting'), '[]')::text,
    string_agg(convert_to(coalesce(upload, ''), 'UTF8'), '\x00' ORDER BY position) FILTER (WHERE state = 'waiting')
FROM job_records
WHERE chunk IS NOT NULL AND leg_id IS NOT NULL
GROUP BY organization_id, job_id, chunk;

INSERT INTO failed_records (organization_id, job_id, position, movement_id, stage, code, error, upload)
SELECT organization_id, job_id, position, movement_id, stage, code, error, coalesce(upload, '')
FROM job_records
WHERE state = 'failed';

DROP TABLE job_records;
