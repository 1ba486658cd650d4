DROP TABLE api_key_organizations;
DROP INDEX api_keys_id;
ALTER TABLE api_keys DROP COLUMN last_used_at;
ALTER TABLE api_keys DROP COLUMN manages;
