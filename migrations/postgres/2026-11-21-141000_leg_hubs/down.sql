DROP TABLE leg_hubs;
