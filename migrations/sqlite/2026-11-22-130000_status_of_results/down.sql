DELETE FROM sqlite_stat1 WHERE idx = 'leg_results_failed';
DROP INDEX jobs_updated;
DROP INDEX leg_results_failed;
ALTER TABLE legs ADD COLUMN status TEXT NOT NULL DEFAULT 'pending'
    CHECK (status = 'pending' OR status = 'active' OR status = 'error');
UPDATE legs
SET status = CASE WHEN result.error_code IS NULL THEN 'active' ELSE 'error' END,
    updated_at = max(legs.updated_at, result.created_at)
FROM leg_results AS result
WHERE result.organization_id = legs.organization_id AND result.leg_id = legs.id AND result.is_current;
