-- Files that were uploaded in the panel, until they are sent or a day has passed. The content comes last: it is long, and
-- lists do not read it.
CREATE TABLE uploads (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    name            TEXT    NOT NULL,
    records         INTEGER NOT NULL,
    digest          BLOB    NOT NULL CHECK (length(digest) = 32),
    content         BLOB    NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE UNIQUE INDEX uploads_digest ON uploads (organization_id, digest);
