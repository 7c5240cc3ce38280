-- The catalogue of a store on ClickHouse: docs/storage.md describes every table. Times of the service are text, as it
-- writes them; times of PostgreSQL decide what nobody reads any more.

-- `settings` is JSON. `revision` counts every committed change, `version` those that add or remove documents. `token_ids` is
-- the first free id.
CREATE TABLE corpora (
  id                integer PRIMARY KEY,
  name              text    NOT NULL,
  state             text    NOT NULL CHECK (state IN ('live', 'damaged', 'removed')),
  settings          text    NOT NULL,
  version           bigint  NOT NULL,
  revision          bigint  NOT NULL,
  documents         bigint  NOT NULL,
  created_documents bigint  NOT NULL,
  last_ordinal      bigint  NOT NULL,
  tokens            bigint  NOT NULL,
  token_ids         bigint  NOT NULL,
  bytes             bigint  NOT NULL,
  created_at        text    NOT NULL,
  updated_at        text    NOT NULL
);
CREATE UNIQUE INDEX corpora_by_name ON corpora (name) WHERE state = 'live';
CREATE INDEX corpora_by_state ON corpora (state, name) WHERE state <> 'live';
CREATE SEQUENCE corpus_ids AS integer;

-- The uploaded texts. A snapshot of revision r has those with added <= r, and removed > r or null. The tokens of a document
-- begin at position `first` of the segment, which is the run that it came with.
CREATE TABLE documents (
  corpus     integer NOT NULL,
  ordinal    bigint  NOT NULL,
  id         text    NOT NULL,
  tokens     bigint  NOT NULL,
  bytes      bigint  NOT NULL,
  sha256     text    NOT NULL,
  version    bigint  NOT NULL,
  created_at text    NOT NULL,
  segment    bigint  NOT NULL,
  first      bigint  NOT NULL,
  added      bigint  NOT NULL,
  removed    bigint,
  PRIMARY KEY (corpus, ordinal)
);
CREATE UNIQUE INDEX documents_by_id ON documents (corpus, id) WHERE removed IS NULL;

-- The distinct tokens in UTF-8 and their ids, which never change. Tokens can be longer than an index allows.
CREATE TABLE vocabulary (
  corpus integer NOT NULL,
  id     bigint  NOT NULL,
  token  bytea   NOT NULL,
  digest bytea   NOT NULL GENERATED ALWAYS AS (sha256(token)) STORED,
  PRIMARY KEY (corpus, id),
  UNIQUE (corpus, digest)
);
CREATE INDEX vocabulary_by_beginning ON vocabulary (corpus, substr(token, 1, 64));

-- The runs of counts in ClickHouse. `rows` is the number of rows on each shard, in all tables together, if tables are
-- replicated: a replica with fewer does not have the whole run. A plain run has each n-gram once, with a positive count.
-- `settled_at` is a time from which on no new question reads a run that is not live.
CREATE TABLE runs (
  id         bigint  PRIMARY KEY,
  corpus     integer NOT NULL,
  state      text    NOT NULL CHECK (state IN ('writing', 'live', 'replaced', 'abandoned')),
  owner      uuid    NOT NULL,
  ngrams     bigint  NOT NULL DEFAULT 0,
  rows       bigint[],
  is_plain   boolean NOT NULL DEFAULT false,
  settled_at timestamptz
);
CREATE INDEX runs_by_corpus ON runs (corpus, state);
CREATE INDEX runs_to_drop ON runs (state) WHERE state <> 'live';
CREATE SEQUENCE run_ids AS bigint MAXVALUE 4294967295;

-- The counts of counts of a revision, in JSON, as they were asked of ClickHouse.
CREATE TABLE statistics (
  corpus   integer NOT NULL,
  revision bigint  NOT NULL,
  kind     text    NOT NULL,
  counts   text    NOT NULL,
  PRIMARY KEY (corpus, revision, kind)
);

-- The requests with an Idempotency-Key: a digest of what was asked, and the answer in JSON.
CREATE TABLE idempotency_keys (
  corpus     integer NOT NULL,
  key        text    NOT NULL,
  request    text    NOT NULL,
  answer     text    NOT NULL,
  created_at text    NOT NULL,
  PRIMARY KEY (corpus, key)
);

-- The threads that have the store open: when they were last heard of, and a time before which none of their open snapshots
-- began.
CREATE TABLE owners (
  id          uuid PRIMARY KEY,
  seen_at     timestamptz NOT NULL,
  oldest_read timestamptz NOT NULL
);
