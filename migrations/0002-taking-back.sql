-- Documents can be taken back.

-- The counts of a run are added or, where `sign` is -1, taken away.
ALTER TABLE runs ADD COLUMN sign INTEGER NOT NULL DEFAULT 1;

-- As before, but an ordinal is never used again.
CREATE TABLE numbered_documents (
  ordinal    INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT    NOT NULL UNIQUE,
  tokens     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  sha256     TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  created_at TEXT    NOT NULL
) STRICT;
INSERT INTO numbered_documents SELECT * FROM documents ORDER BY ordinal;
DROP TABLE documents;
ALTER TABLE numbered_documents RENAME TO documents;
