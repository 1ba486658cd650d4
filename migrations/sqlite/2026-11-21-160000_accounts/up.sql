-- A key with access 'write' that also manages organizations and keys has access admin.
ALTER TABLE api_keys ADD COLUMN manages INTEGER NOT NULL DEFAULT 0 CHECK (manages IN (0, 1));
-- Written now and then, not by every request.
ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
-- A key is also known by its id alone, as where somebody signed in with it.
CREATE UNIQUE INDEX api_keys_id ON api_keys (id);

-- The organizations that a key works for beside its own.
CREATE TABLE api_key_organizations (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    key_id          BLOB NOT NULL CHECK (length(key_id) = 16),
    PRIMARY KEY (organization_id, key_id)
) STRICT;

CREATE INDEX api_key_organizations_key ON api_key_organizations (key_id);
