-- What hubs have to do with legs, for those legs where they have: the hub that handled the load, and the whole as JSON,
-- with all that a calculation needs of the hub. A hub that is named here is not removed.
CREATE TABLE leg_hubs (
    organization_id uuid NOT NULL,
    leg_id uuid NOT NULL,
    hub_id uuid,
    json text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, leg_id),
    FOREIGN KEY (organization_id, leg_id) REFERENCES legs (organization_id, id) ON DELETE CASCADE
);

CREATE INDEX leg_hubs_hub ON leg_hubs (organization_id, hub_id) WHERE hub_id IS NOT NULL;
