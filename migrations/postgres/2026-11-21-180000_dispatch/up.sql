-- The outbox is the chunks themselves: how often word of one was sent to workers, and whether the last word is still to be
-- answered.
ALTER TABLE job_chunks ADD COLUMN turns integer NOT NULL DEFAULT 0 CHECK (turns >= 0);
ALTER TABLE job_chunks ADD COLUMN under_way boolean NOT NULL DEFAULT false;

-- The queue: organizations take turns, each in its own order of arrival.
CREATE INDEX job_chunks_queue ON job_chunks (organization_id, queued_at, job_id, number)
    WHERE state IN ('waiting', 'leased');
DROP INDEX job_chunks_open;
