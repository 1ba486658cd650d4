-- A leg's status is that of its result in force: without one it is pending. So calculations write nothing into `legs`, whose
-- rows are wide and have many indexes, and `updated_at` is when the client last said what the leg is.
ALTER TABLE legs DROP COLUMN status;

-- The legs in error, which reports count.
CREATE INDEX leg_results_failed ON leg_results (organization_id, leg_id) WHERE is_current AND error_code IS NOT NULL;
-- When a calculation last changed anything.
CREATE INDEX jobs_updated ON jobs (organization_id, updated_at);
