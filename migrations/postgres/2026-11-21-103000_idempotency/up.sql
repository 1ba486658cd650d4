-- Answers to calls that carried an Idempotency-Key, written in the transaction of the call's effect. The fingerprint is a
-- SHA-256 hash of what was asked.
CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    created_at timestamptz NOT NULL,
    status integer NOT NULL,
    location text COLLATE "C",
    body bytea NOT NULL,
    PRIMARY KEY (organization_id, key)
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (organization_id, created_at);
