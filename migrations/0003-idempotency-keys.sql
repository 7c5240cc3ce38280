-- The requests that came with an Idempotency-Key: `request` is a digest of what was asked, `answer` what was answered, in
-- JSON, for the request that comes again.
CREATE TABLE idempotency_keys (
  key        TEXT PRIMARY KEY,
  request    TEXT NOT NULL,
  answer     TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
