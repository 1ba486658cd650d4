-- What the clients of trips say of them, for those legs that are trips, as JSON. The numbers count within an organization:
-- from 1, without gaps where nothing was deleted, never given twice.
CREATE TABLE trips (
    organization_id BLOB    NOT NULL,
    leg_id          BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    customer        INTEGER,
    vehicle_code    TEXT    NOT NULL,
    json            TEXT    NOT NULL,
    PRIMARY KEY (organization_id, leg_id),
    FOREIGN KEY (organization_id, leg_id) REFERENCES legs (organization_id, id)
) STRICT;

CREATE UNIQUE INDEX trips_number ON trips (organization_id, number);

-- The numbers of customers. They stay when the trips go: a customer that comes again has the same one.
CREATE TABLE trip_customers (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    identifier      TEXT    NOT NULL,
    number          INTEGER NOT NULL,
    PRIMARY KEY (organization_id, identifier)
) STRICT;

-- The last numbers that were given. The row of an organization is locked while trips of it are written.
CREATE TABLE trip_counters (
    organization_id BLOB    NOT NULL PRIMARY KEY REFERENCES organizations (id),
    trips           INTEGER NOT NULL,
    customers       INTEGER NOT NULL
) STRICT;
