PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql =
    replace(replace(replace(replace(replace(sql,
        'CHECK (status = ''pending'' OR status = ''active'' OR status = ''error'')',
        'CHECK (status IN (''pending'', ''active'', ''error''))'),
        'CHECK (load_unit = ''kg'' OR load_unit = ''ton'' OR load_unit = ''pallets'' OR load_unit = ''teu'' OR load_unit = ''feu'')',
        'CHECK (load_unit IN (''kg'', ''ton'', ''pallets'', ''teu'', ''feu''))'),
        'CHECK (category = ''road'' OR category = ''rail'' OR category = ''maritime'' OR category = ''air'')',
        'CHECK (category IN (''road'', ''rail'', ''maritime'', ''air''))'),
        'organization_id       BLOB    NOT NULL,',
        'organization_id       BLOB    NOT NULL REFERENCES organizations (id),'),
        'PRIMARY KEY (organization_id, id)',
        'PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, package_id) REFERENCES packages (organization_id, id)')
WHERE type = 'table' AND name = 'legs';

UPDATE sqlite_schema SET sql =
    replace(replace(sql,
        'facts_id        BLOB,',
        'facts_id        BLOB REFERENCES calculation_facts (id),'),
        'PRIMARY KEY (organization_id, leg_id, id)',
        'PRIMARY KEY (organization_id, leg_id, id),
    FOREIGN KEY (organization_id, leg_id) REFERENCES legs (organization_id, id),
    FOREIGN KEY (organization_id, route_id) REFERENCES routes (organization_id, id)')
WHERE type = 'table' AND name = 'leg_results';

UPDATE sqlite_schema SET sql =
    replace(sql, 'organization_id BLOB    NOT NULL,', 'organization_id BLOB    NOT NULL REFERENCES organizations (id),')
WHERE type = 'table' AND name = 'packages';

UPDATE sqlite_schema SET sql =
    replace(replace(sql,
        'CHECK (state = ''waiting'' OR state = ''done'' OR state = ''failed'')',
        'CHECK (state IN (''waiting'', ''done'', ''failed''))'),
        'PRIMARY KEY (organization_id, job_id, position)',
        'PRIMARY KEY (organization_id, job_id, position),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id)')
WHERE type = 'table' AND name = 'job_records';

PRAGMA writable_schema = RESET;
