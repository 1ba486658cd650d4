PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql =
    replace(replace(replace(sql,
        '    id                    BLOB    NOT NULL,', '    id                    BLOB    NOT NULL CHECK (length(id) = 16),'),
        '    id              BLOB    NOT NULL,', '    id              BLOB    NOT NULL CHECK (length(id) = 16),'),
        'dedup_key             BLOB,', 'dedup_key             BLOB    CHECK (length(dedup_key) = 32),')
WHERE type = 'table' AND name IN ('legs', 'leg_results', 'packages');

PRAGMA writable_schema = RESET;
