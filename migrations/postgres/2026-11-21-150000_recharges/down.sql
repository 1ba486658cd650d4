DROP TABLE recharges;
DROP TABLE energy_factors;
