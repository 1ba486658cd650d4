DROP TABLE leg_texts;
DROP TABLE leg_bitmaps;
DROP TABLE leg_counters;
DROP INDEX legs_shipped;
DROP INDEX legs_client;
DROP INDEX legs_package;
DROP INDEX legs_movement;
DROP INDEX legs_position;
ALTER TABLE legs DROP COLUMN position;
CREATE INDEX legs_newest ON legs (organization_id, created_at, id);
CREATE INDEX legs_listed ON legs (organization_id, created_at, id, shipment_date, status, category, toc, hub_id);
CREATE INDEX legs_client ON legs (organization_id, client, created_at, id, shipment_date, status, category, toc);
CREATE INDEX legs_shipped ON legs (organization_id, shipment_date, created_at, id, status, category, toc);
CREATE INDEX legs_movement ON legs (organization_id, movement_id, created_at, id, movement_stretch, package_id);
CREATE INDEX legs_hub ON legs (organization_id, hub_id, created_at, id);
CREATE INDEX legs_toc ON legs (organization_id, toc, created_at, id, shipment_date, status, category);
CREATE INDEX legs_status ON legs (organization_id, status, created_at, id);
CREATE INDEX legs_package ON legs (organization_id, package_id, created_at, id);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('legs', 'legs_newest', '1000000 1000000 100 1'),
    ('legs', 'legs_listed', '1000000 1000000 100 1 1 1 1 1 1'),
    ('legs', 'legs_client', '1000000 1000000 10000 50 1 1 1 1 1'),
    ('legs', 'legs_shipped', '1000000 1000000 3000 50 1 1 1 1'),
    ('legs', 'legs_movement', '1000000 1000000 5 3 1 1 1'),
    ('legs', 'legs_package', '1000000 1000000 3 2 1'),
    ('legs', 'legs_hub', '1000000 1000000 50000 50 1'),
    ('legs', 'legs_toc', '1000000 1000000 100000 50 1 1 1 1'),
    ('legs', 'legs_status', '1000000 1000000 600000 50 1');
ANALYZE sqlite_schema;
