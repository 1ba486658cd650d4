-- Files that were uploaded in the panel, until they are sent or a day has passed.
CREATE TABLE uploads (
    organization_id uuid        NOT NULL REFERENCES organizations (id),
    id              uuid        NOT NULL,
    created_at      timestamptz NOT NULL,
    name            text        NOT NULL,
    records         integer     NOT NULL,
    digest          bytea       NOT NULL CHECK (length(digest) = 32),
    content         bytea       NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX uploads_digest ON uploads (organization_id, digest);
