-- What the clients of trips say of them, for those legs that are trips, as JSON. The numbers count within an organization:
-- from 1, without gaps where nothing was deleted, never given twice.
CREATE TABLE trips (
    organization_id uuid NOT NULL,
    leg_id uuid NOT NULL,
    number bigint NOT NULL,
    customer bigint,
    vehicle_code text COLLATE "C" NOT NULL,
    json text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, leg_id)
);

CREATE UNIQUE INDEX trips_number ON trips (organization_id, number);

-- The numbers of customers. They stay when the trips go: a customer that comes again has the same one.
CREATE TABLE trip_customers (
    organization_id uuid NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (organization_id, identifier)
);

-- The last numbers that were given. The row of an organization is locked while trips of it are written.
CREATE TABLE trip_counters (
    organization_id uuid NOT NULL PRIMARY KEY REFERENCES organizations (id),
    trips bigint NOT NULL,
    customers bigint NOT NULL
);
