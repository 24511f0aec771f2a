DROP TABLE import_quarantine;
DROP TABLE import_progress;
