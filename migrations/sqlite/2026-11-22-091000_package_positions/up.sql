-- Packages have positions and sets as legs have. A package has the clients of its legs.
ALTER TABLE leg_bitmaps RENAME TO bitmaps;
ALTER TABLE leg_counters RENAME TO position_counters;
ALTER TABLE position_counters ADD COLUMN packages INTEGER NOT NULL DEFAULT 0;

DROP INDEX legs_client;
DROP INDEX packages_newest;
DROP INDEX packages_package_key;
CREATE INDEX packages_package_key ON packages (organization_id, package_key);

ALTER TABLE packages ADD COLUMN position INTEGER;

UPDATE packages SET position = numbered.position
FROM (
    SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY created_at, id) - 1 AS position
    FROM packages
) AS numbered
WHERE packages.organization_id = numbered.organization_id AND packages.id = numbered.id;

-- Also where there are packages and no legs any more.
INSERT INTO position_counters (organization_id, positions, packages)
SELECT organization_id, 0, count(*) FROM packages WHERE true GROUP BY organization_id
ON CONFLICT (organization_id) DO UPDATE SET packages = excluded.packages;

CREATE UNIQUE INDEX packages_position ON packages (organization_id, position);
