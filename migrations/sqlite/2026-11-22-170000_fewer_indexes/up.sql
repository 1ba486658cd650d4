-- Indexes that every new leg or result was entered in, and few reads needed: reports find their legs by the positions of the days and
-- count what failed by the set of the status.
DROP INDEX legs_shipped;
DROP INDEX leg_results_failed;
