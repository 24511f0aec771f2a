-- Set by an administrator: the build is shown to its owner and to administrators only.
ALTER TABLE builds ADD COLUMN hidden boolean NOT NULL DEFAULT false;
