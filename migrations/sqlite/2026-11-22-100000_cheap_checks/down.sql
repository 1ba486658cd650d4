PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql =
    replace(replace(replace(sql,
        'CHECK (status = ''pending'' OR status = ''active'' OR status = ''error'')',
        'CHECK (status IN (''pending'', ''active'', ''error''))'),
        'CHECK (load_unit = ''kg'' OR load_unit = ''ton'' OR load_unit = ''pallets'' OR load_unit = ''teu'' OR load_unit = ''feu'')',
        'CHECK (load_unit IN (''kg'', ''ton'', ''pallets'', ''teu'', ''feu''))'),
        'CHECK (category = ''road'' OR category = ''rail'' OR category = ''maritime'' OR category = ''air'')',
        'CHECK (category IN (''road'', ''rail'', ''maritime'', ''air''))')
WHERE type = 'table' AND name = 'legs';

UPDATE sqlite_schema SET sql =
    replace(sql,
        'CHECK (state = ''waiting'' OR state = ''done'' OR state = ''failed'')',
        'CHECK (state IN (''waiting'', ''done'', ''failed''))')
WHERE type = 'table' AND name = 'job_records';

PRAGMA writable_schema = RESET;
