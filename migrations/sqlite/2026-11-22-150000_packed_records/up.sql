-- The records of a chunk stand packed in a row, or a few where they came one by one: a call of thousands writes some rows for
-- its job, not one for each record, and a worker that settles a chunk changes one. What was sent is kept, compressed, until
-- the record succeeds. Those that failed have a row each.
CREATE TABLE chunk_records (
    organization_id BLOB    NOT NULL,
    job_id          BLOB    NOT NULL,
    chunk           INTEGER NOT NULL,
    -- The position in the job of one of its records, which tells rows of a chunk apart.
    first           INTEGER NOT NULL,
    -- Position, leg and movement of each that waits to be calculated: JSON.
    waiting         TEXT    NOT NULL,
    -- Position and leg of each of the others: JSON.
    settled         TEXT    NOT NULL,
    -- What was sent for those that wait, in their order, with a NUL between each and the next: as it is, or as a Zstandard frame.
    uploads         BLOB,
    PRIMARY KEY (organization_id, job_id, chunk, first)
) STRICT;

CREATE TABLE failed_records (
    organization_id BLOB    NOT NULL,
    job_id          BLOB    NOT NULL,
    position        INTEGER NOT NULL,
    movement_id     TEXT,
    stage           TEXT    NOT NULL CHECK (stage = 'sync' OR stage = 'calculation'),
    code            TEXT    NOT NULL,
    error           TEXT    NOT NULL,
    upload          TEXT    NOT NULL,
    PRIMARY KEY (organization_id, job_id, position)
) STRICT;

INSERT INTO chunk_records (organization_id, job_id, chunk, first, waiting, settled, uploads)
SELECT organization_id, job_id, chunk, min(position),
    json_group_array(json_array(position, lower(hex(leg_id)), movement_id) ORDER BY position) FILTER (WHERE state = 'waiting'),
    json_group_array(json_array(position, lower(hex(leg_id))) ORDER BY position) FILTER (WHERE state <> 'waiting'),
    CAST(group_concat(coalesce(upload, ''), char(0) ORDER BY position) FILTER (WHERE state = 'waiting') AS BLOB)
FROM job_records
WHERE chunk IS NOT NULL AND leg_id IS NOT NULL
GROUP BY organization_id, job_id, chunk;

INSERT INTO failed_records (organization_id, job_id, position, movement_id, stage, code, error, upload)
SELECT organization_id, job_id, position, movement_id, stage, code, error, coalesce(upload, '')
FROM job_records
WHERE state = 'failed';

DROP TABLE job_records;
