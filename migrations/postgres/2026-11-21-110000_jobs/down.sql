DROP TABLE job_records;
DROP TABLE job_chunks;
DROP TABLE jobs;
