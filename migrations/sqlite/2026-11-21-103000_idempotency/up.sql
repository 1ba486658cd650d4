-- Answers to calls that carried an Idempotency-Key, written in the transaction of the call's effect. The fingerprint is a
-- SHA-256 hash of what was asked.
CREATE TABLE idempotency_keys (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    key             TEXT    NOT NULL,
    fingerprint     BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    created_at      INTEGER NOT NULL,
    status          INTEGER NOT NULL,
    location        TEXT,
    body            BLOB    NOT NULL,
    PRIMARY KEY (organization_id, key)
) STRICT;

CREATE INDEX idempotency_keys_age ON idempotency_keys (organization_id, created_at);
