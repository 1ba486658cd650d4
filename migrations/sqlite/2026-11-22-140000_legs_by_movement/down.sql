DROP INDEX legs_movement;
CREATE INDEX legs_movement ON legs (organization_id, movement_id);
CREATE UNIQUE INDEX legs_dedup_key ON legs (organization_id, dedup_key) WHERE dedup_key IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('legs', 'legs_movement', '1000000 1000000 5'),
    ('legs', 'legs_dedup_key', '1000000 1000000 1');
ANALYZE sqlite_schema;
