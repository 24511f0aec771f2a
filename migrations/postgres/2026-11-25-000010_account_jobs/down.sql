DROP TABLE account_jobs;
