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
