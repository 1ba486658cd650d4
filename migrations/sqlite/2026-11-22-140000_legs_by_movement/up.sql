-- Legs that are the same share their movement: one index finds legs of a movement and tells them apart. It is filled where the
-- movements are, not all over as one of hashes is.
DROP INDEX legs_dedup_key;
DROP INDEX legs_movement;
CREATE UNIQUE INDEX legs_movement ON legs (organization_id, movement_id, dedup_key) WHERE movement_id IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('legs', 'legs_movement', '1000000 1000000 5 1');
ANALYZE sqlite_schema;
