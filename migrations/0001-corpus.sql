-- One file holds one corpus. docs/storage.md describes every table and the format of a block.

-- The corpus and its settings: one row.
CREATE TABLE corpus (
  id                INTEGER PRIMARY KEY CHECK (id = 1),
  tokenizer         TEXT    NOT NULL,
  max_order         INTEGER NOT NULL,
  sequences         TEXT    NOT NULL,
  version           INTEGER NOT NULL,
  tokens            INTEGER NOT NULL,
  bytes             INTEGER NOT NULL,
  created_documents INTEGER NOT NULL,
  created_at        TEXT    NOT NULL,
  updated_at        TEXT    NOT NULL
) STRICT;

-- The uploaded texts, by their order of commit.
CREATE TABLE documents (
  ordinal    INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  tokens     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  sha256     TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  created_at TEXT    NOT NULL
) STRICT;

-- The distinct tokens and their ids, which never change.
CREATE TABLE vocabulary (
  id    INTEGER PRIMARY KEY,
  token TEXT    NOT NULL UNIQUE
) STRICT;

-- The token stream in chunks: `ids` holds little-endian unsigned integers of `width` bytes,
-- the first of them at position `first` of the stream.
CREATE TABLE tokens (
  first INTEGER PRIMARY KEY,
  width INTEGER NOT NULL,
  ids   BLOB    NOT NULL
) STRICT;

-- Sorted runs of n-gram counts; the count of an n-gram is the sum over the runs.
CREATE TABLE runs (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  ngrams INTEGER NOT NULL
) STRICT;

-- The runs' n-grams of order n, some dozens to a block, front-coded. `first` is the block's first n-gram
-- (big-endian 32-bit ids, so that bytes sort as n-grams do), `peak` its highest count.
CREATE TABLE blocks (
  run   INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  first BLOB    NOT NULL,
  peak  INTEGER NOT NULL,
  data  BLOB    NOT NULL,
  PRIMARY KEY (run, n, first)
) STRICT, WITHOUT ROWID;

-- Finds the frequent n-grams without reading the others.
CREATE INDEX blocks_by_peak ON blocks (run, n, peak) WHERE peak >= 16;

-- How many distinct n-grams of order n occur exactly `count` times.
CREATE TABLE counts_of_counts (
  n      INTEGER NOT NULL,
  count  INTEGER NOT NULL,
  ngrams INTEGER NOT NULL,
  PRIMARY KEY (n, count)
) STRICT, WITHOUT ROWID;

-- How often an n-gram stands at the end of a document, followed by nothing (key as in blocks).
CREATE TABLE sequence_ends (
  ngram BLOB    PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
