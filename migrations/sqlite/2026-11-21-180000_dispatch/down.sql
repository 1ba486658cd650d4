CREATE INDEX job_chunks_open ON job_chunks (queued_at, organization_id, job_id, number)
    WHERE state IN ('waiting', 'leased');
DROP INDEX job_chunks_queue;
ALTER TABLE job_chunks DROP COLUMN under_way;
ALTER TABLE job_chunks DROP COLUMN turns;
