CREATE INDEX leg_results_failed ON leg_results (organization_id, leg_id) WHERE is_current AND error_code IS NOT NULL;
CREATE INDEX legs_shipped ON legs (organization_id, shipment_date);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('leg_results', 'leg_results_failed', '10000 10000 1'),
    ('legs', 'legs_shipped', '1000000 1000000 3000');
ANALYZE sqlite_schema;
