DROP TABLE trips;
DROP TABLE trip_customers;
DROP TABLE trip_counters;
