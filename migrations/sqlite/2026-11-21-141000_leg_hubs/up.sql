-- What hubs have to do with legs, for those legs where they have: the hub that handled the load, and the whole as JSON,
-- with all that a calculation needs of the hub. A hub that is named here is not removed.
CREATE TABLE leg_hubs (
    organization_id BLOB NOT NULL,
    leg_id          BLOB NOT NULL,
    hub_id          BLOB CHECK (length(hub_id) = 16),
    json            TEXT NOT NULL,
    PRIMARY KEY (organization_id, leg_id),
    FOREIGN KEY (organization_id, leg_id) REFERENCES legs (organization_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX leg_hubs_hub ON leg_hubs (organization_id, hub_id) WHERE hub_id IS NOT NULL;
