-- Browsers that are signed in. The token is a SHA-256 hash; it is looked up before the organization is known.
CREATE TABLE sessions (
    organization_id uuid NOT NULL,
    token bytea NOT NULL CHECK (length(token) = 32),
    key_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, token),
    FOREIGN KEY (organization_id, key_id) REFERENCES api_keys (organization_id, id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX sessions_token ON sessions (token);
CREATE INDEX sessions_end ON sessions (expires_at);
