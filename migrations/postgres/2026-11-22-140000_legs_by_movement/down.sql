DROP INDEX legs_movement;
CREATE INDEX legs_movement ON legs (organization_id, movement_id);
CREATE UNIQUE INDEX legs_dedup_key ON legs (organization_id, dedup_key) WHERE dedup_key IS NOT NULL;
