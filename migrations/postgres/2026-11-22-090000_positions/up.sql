-- A leg's place in the order of storing, within its organization: lists are of positions, the highest first. Positions are
-- never given twice.
ALTER TABLE legs ADD COLUMN position bigint;

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

ALTER TABLE legs ALTER COLUMN position SET NOT NULL;

CREATE UNIQUE INDEX legs_position ON legs (organization_id, position);
CREATE INDEX legs_movement ON legs (organization_id, movement_id);
CREATE INDEX legs_package ON legs (organization_id, package_id) WHERE package_id IS NOT NULL;
-- What packages are filtered by.
CREATE INDEX legs_client ON legs (organization_id, client, package_id) WHERE package_id IS NOT NULL;
-- What reports look for.
CREATE INDEX legs_shipped ON legs (organization_id, shipment_date);

-- How many positions were given. It is counted up before the transactions that use them.
CREATE TABLE leg_counters (
    organization_id uuid NOT NULL PRIMARY KEY REFERENCES organizations (id),
    positions bigint NOT NULL
);

INSERT INTO leg_counters (organization_id, positions) SELECT organization_id, count(*) FROM legs GROUP BY organization_id;

-- Which positions have a value, a bit for each of the 8,192 of a segment, or where they are few their numbers in it. A bit
-- is the exclusive or of that of all parts of its segment: whoever finds a part locked writes another beside it. Room is
-- left in the pages, so that a part is changed where it stands.
CREATE TABLE leg_bitmaps (
    organization_id uuid NOT NULL,
    dimension text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    segment integer NOT NULL,
    part uuid NOT NULL,
    bits bytea NOT NULL,
    PRIMARY KEY (organization_id, dimension, value, segment, part)
) WITH (fillfactor = 50);

-- What legs are searched by, in lower case, in blocks of up to 4,096 lines, one for each leg (see `texts.rs` of the store).
-- A block is never changed. The lines of legs that were removed stay until their block goes.
CREATE TABLE leg_texts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    lines integer NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    text bytea NOT NULL,
    PRIMARY KEY (organization_id, id)
);

-- They are packed already.
ALTER TABLE leg_texts ALTER COLUMN text SET STORAGE EXTERNAL;
CREATE INDEX leg_texts_small ON leg_texts (organization_id, lines) WHERE lines < 1024;
