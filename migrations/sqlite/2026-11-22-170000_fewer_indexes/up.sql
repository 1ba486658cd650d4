-- Indexes that every new leg or result was entered in, and few reads needed. Reports find their legs by the positions of the days and
-- count what failed by the set of the status; of changes, only those of legs that were replaced are looked for.
DROP INDEX legs_shipped;
DROP INDEX leg_results_failed;
DROP INDEX legs_updated;
CREATE INDEX legs_replaced ON legs (organization_id, updated_at) WHERE updated_at <> created_at;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('legs', 'legs_replaced', '10000 10000 1');
ANALYZE sqlite_schema;
