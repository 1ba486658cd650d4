DROP TABLE leg_results;
DROP TABLE routes;
DROP TABLE calculation_facts;
DROP TABLE legs;
DROP TABLE packages;
DROP TABLE pinned_places;
DROP TABLE api_keys;
DROP TABLE organizations;
