CREATE INDEX leg_results_failed ON leg_results (organization_id, leg_id) WHERE is_current AND error_code IS NOT NULL;
CREATE INDEX legs_shipped ON legs (organization_id, shipment_date);
