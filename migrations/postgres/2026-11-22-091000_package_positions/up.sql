-- Packages have positions and sets as legs have. A package has the clients of its legs.
ALTER TABLE leg_bitmaps RENAME TO bitmaps;
ALTER TABLE leg_counters RENAME TO position_counters;
ALTER INDEX leg_bitmaps_pkey RENAME TO bitmaps_pkey;
ALTER INDEX leg_counters_pkey RENAME TO position_counters_pkey;
ALTER TABLE position_counters ADD COLUMN packages bigint NOT NULL DEFAULT 0;

DROP INDEX legs_client;
DROP INDEX packages_newest;
DROP INDEX packages_package_key;
CREATE INDEX packages_package_key ON packages (organization_id, package_key);

ALTER TABLE packages ADD COLUMN position bigint;

UPDATE packages SET position = numbered.position
FROM (
    SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY created_at, id) - 1 AS position
    FROM packages
) AS numbered
WHERE packages.organization_id = numbered.organization_id AND packages.id = numbered.id;

ALTER TABLE packages ALTER COLUMN position SET NOT NULL;

-- Also where there are packages and no legs any more.
INSERT INTO position_counters (organization_id, positions, packages)
SELECT organization_id, 0, count(*) FROM packages WHERE true GROUP BY organization_id
ON CONFLICT (organization_id) DO UPDATE SET packages = excluded.packages;

CREATE UNIQUE INDEX packages_position ON packages (organization_id, position);

-- A key that is checked leg by leg when many are removed.
ALTER TABLE leg_hubs DROP CONSTRAINT leg_hubs_organization_id_leg_id_fkey;
