DROP INDEX jobs_updated;
DROP INDEX leg_results_failed;
ALTER TABLE legs ADD COLUMN status text COLLATE "C" NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'active', 'error'));
UPDATE legs
SET status = CASE WHEN result.error_code IS NULL THEN 'active' ELSE 'error' END,
    updated_at = greatest(legs.updated_at, result.created_at)
FROM leg_results AS result
WHERE result.organization_id = legs.organization_id AND result.leg_id = legs.id AND result.is_current;
