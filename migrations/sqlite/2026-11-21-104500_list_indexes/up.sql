-- Lists are found by one condition and come newest first: each index holds its condition and then the order. Those for the
-- conditions that admit most also hold the other conditions that often come along, so that legs need not be touched to
-- count what they admit together. That of movements holds all that is searched for text.

CREATE INDEX legs_listed ON legs (organization_id, created_at, id, shipment_date, status, category, toc, hub_id);
CREATE INDEX legs_client ON legs (organization_id, client, created_at, id, shipment_date, status, category, toc);
CREATE INDEX legs_shipped ON legs (organization_id, shipment_date, created_at, id, status, category, toc);
CREATE INDEX legs_movement ON legs (organization_id, movement_id, created_at, id, movement_stretch, package_id);
CREATE INDEX legs_package ON legs (organization_id, package_id, created_at, id);
CREATE INDEX legs_hub ON legs (organization_id, hub_id, created_at, id);
CREATE INDEX legs_toc ON legs (organization_id, toc, created_at, id, shipment_date, status, category);
CREATE INDEX legs_status ON legs (organization_id, status, created_at, id);
CREATE INDEX legs_updated ON legs (organization_id, updated_at);

CREATE INDEX packages_newest ON packages (organization_id, created_at, id);
CREATE INDEX packages_package_key ON packages (organization_id, package_key, created_at, id);

-- How many legs an entry of each index stands for, by its first columns, in an organization of a million: it is what makes
-- SQLite choose the index that leaves least, and the same one for every database. The figures are estimates of ours; only
-- their order matters. Every index of legs needs its line: without one, SQLite takes it for the best there is. Whoever runs
-- ANALYZE replaces the lines by what is counted.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('legs', 'sqlite_autoindex_legs_1', '1000000 1000000 1'),
    ('legs', 'legs_dedup_key', '1000000 1000000 1'),
    ('legs', 'legs_newest', '1000000 1000000 100 1'),
    ('legs', 'legs_listed', '1000000 1000000 100 1 1 1 1 1 1'),
    ('legs', 'legs_client', '1000000 1000000 10000 50 1 1 1 1 1'),
    ('legs', 'legs_shipped', '1000000 1000000 3000 50 1 1 1 1'),
    ('legs', 'legs_movement', '1000000 1000000 5 3 1 1 1'),
    ('legs', 'legs_package', '1000000 1000000 3 2 1'),
    ('legs', 'legs_hub', '1000000 1000000 50000 50 1'),
    ('legs', 'legs_toc', '1000000 1000000 100000 50 1 1 1 1'),
    ('legs', 'legs_status', '1000000 1000000 600000 50 1'),
    ('legs', 'legs_updated', '1000000 1000000 100');
ANALYZE sqlite_schema;
