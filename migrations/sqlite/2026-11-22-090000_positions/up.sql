-- A leg's place in the order of storing, within its organization: lists are of positions, the highest first. Positions are
-- never given twice.
ALTER TABLE legs ADD COLUMN position INTEGER;

DROP INDEX legs_newest;
DROP INDEX legs_listed;
DROP INDEX legs_client;
DROP INDEX legs_shipped;
DROP INDEX legs_movement;
DROP INDEX legs_hub;
DROP INDEX legs_toc;
DROP INDEX legs_status;
DROP INDEX legs_package;

UPDATE legs SET position = numbered.position
FROM (
    SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY created_at, id) - 1 AS position
    FROM legs
) AS numbered
WHERE legs.organization_id = numbered.organization_id AND legs.id = numbered.id;

CREATE UNIQUE INDEX legs_position ON legs (organization_id, position);
CREATE INDEX legs_movement ON legs (organization_id, movement_id);
CREATE INDEX legs_package ON legs (organization_id, package_id) WHERE package_id IS NOT NULL;
-- What packages are filtered by.
CREATE INDEX legs_client ON legs (organization_id, client, package_id) WHERE package_id IS NOT NULL;
-- What reports look for.
CREATE INDEX legs_shipped ON legs (organization_id, shipment_date);

-- How many positions were given.
CREATE TABLE leg_counters (
    organization_id BLOB    NOT NULL PRIMARY KEY REFERENCES organizations (id),
    positions       INTEGER NOT NULL
) STRICT;

INSERT INTO leg_counters (organization_id, positions) SELECT organization_id, count(*) FROM legs GROUP BY organization_id;

-- Which positions have a value, a bit for each of the 8,192 of a segment, or where they are few their numbers in it. A bit
-- is the exclusive or of that of all parts of its segment; here there is one part of each.
CREATE TABLE leg_bitmaps (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    dimension       TEXT    NOT NULL,
    value           TEXT    NOT NULL,
    segment         INTEGER NOT NULL,
    part            BLOB    NOT NULL CHECK (length(part) = 16),
    bits            BLOB    NOT NULL,
    PRIMARY KEY (organization_id, dimension, value, segment, part)
) STRICT;

-- What legs are searched by, in lower case, in blocks of up to 4,096 lines, one for each leg (see `texts.rs` of the store).
-- A block is never changed. The lines of legs that were removed stay until their block goes.
CREATE TABLE leg_texts (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    lines           INTEGER NOT NULL,
    first           INTEGER NOT NULL,
    last            INTEGER NOT NULL,
    text            BLOB    NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE INDEX leg_texts_small ON leg_texts (organization_id, lines);

-- The lines of the indexes of legs, as in the migration that began with them.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('legs', 'legs_position', '1000000 1000000 1'),
    ('legs', 'legs_movement', '1000000 1000000 5'),
    ('legs', 'legs_package', '1000000 1000000 3'),
    ('legs', 'legs_client', '1000000 1000000 10000 3'),
    ('legs', 'legs_shipped', '1000000 1000000 3000');
ANALYZE sqlite_schema;
