-- The counts and the token stream of a store on ClickHouse: docs/storage.md describes every table. A server older than
-- version 20 has no such codecs, a store of one server no Distributed tables; with replicas, MergeTree is ReplicatedMergeTree.

-- The n-grams of each order with their counts in each run, which are negative where it takes them away. A run is a partition,
-- which appears and goes as a whole.
CREATE TABLE IF NOT EXISTS ngrams_1 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w1);
CREATE TABLE IF NOT EXISTS all_ngrams_1 AS ngrams_1 ENGINE = Distributed(cityHash64(w1));

CREATE TABLE IF NOT EXISTS ngrams_2 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w1, w2);
CREATE TABLE IF NOT EXISTS all_ngrams_2 AS ngrams_2 ENGINE = Distributed(cityHash64(w1));

CREATE TABLE IF NOT EXISTS ngrams_3 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w1, w2, w3);
CREATE TABLE IF NOT EXISTS all_ngrams_3 AS ngrams_3 ENGINE = Distributed(cityHash64(w1, w2));

CREATE TABLE IF NOT EXISTS ngrams_4 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), w4 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w1, w2, w3, w4);
CREATE TABLE IF NOT EXISTS all_ngrams_4 AS ngrams_4 ENGINE = Distributed(cityHash64(w1, w2));

CREATE TABLE IF NOT EXISTS ngrams_5 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), w4 UInt32 CODEC(Delta, ZSTD(1)), w5 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w1, w2, w3, w4, w5);
CREATE TABLE IF NOT EXISTS all_ngrams_5 AS ngrams_5 ENGINE = Distributed(cityHash64(w1, w2));

CREATE TABLE IF NOT EXISTS ngrams_6 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), w4 UInt32 CODEC(Delta, ZSTD(1)), w5 UInt32 CODEC(Delta, ZSTD(1)), w6 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w1, w2, w3, w4, w5, w6);
CREATE TABLE IF NOT EXISTS all_ngrams_6 AS ngrams_6 ENGINE = Distributed(cityHash64(w1, w2));

-- The same rows by what follows the first word: those that begin with h stand together, by the word after h and then by the
-- word before it.
CREATE TABLE IF NOT EXISTS preceded_2 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w2, w1);
CREATE TABLE IF NOT EXISTS all_preceded_2 AS preceded_2 ENGINE = Distributed(cityHash64(w2));

CREATE TABLE IF NOT EXISTS preceded_3 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w2, w3, w1);
CREATE TABLE IF NOT EXISTS all_preceded_3 AS preceded_3 ENGINE = Distributed(cityHash64(w2));

CREATE TABLE IF NOT EXISTS preceded_4 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), w4 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w2, w3, w4, w1);
CREATE TABLE IF NOT EXISTS all_preceded_4 AS preceded_4 ENGINE = Distributed(cityHash64(w2, w3));

CREATE TABLE IF NOT EXISTS preceded_5 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), w4 UInt32 CODEC(Delta, ZSTD(1)), w5 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w2, w3, w4, w5, w1);
CREATE TABLE IF NOT EXISTS all_preceded_5 AS preceded_5 ENGINE = Distributed(cityHash64(w2, w3));

CREATE TABLE IF NOT EXISTS preceded_6 (
  run UInt32 CODEC(Delta, ZSTD(1)), w1 UInt32 CODEC(Delta, ZSTD(1)), w2 UInt32 CODEC(Delta, ZSTD(1)), w3 UInt32 CODEC(Delta, ZSTD(1)), w4 UInt32 CODEC(Delta, ZSTD(1)), w5 UInt32 CODEC(Delta, ZSTD(1)), w6 UInt32 CODEC(Delta, ZSTD(1)), n Int64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY run ORDER BY (w2, w3, w4, w5, w6, w1);
CREATE TABLE IF NOT EXISTS all_preceded_6 AS preceded_6 ENGINE = Distributed(cityHash64(w2, w3));

-- How often n-grams of order k stand at the end of a document, followed by nothing; words after the k-th are 0.
CREATE TABLE IF NOT EXISTS ends (
  run UInt32, k UInt32, w1 UInt32, w2 UInt32, w3 UInt32, w4 UInt32, w5 UInt32, n Int64
) ENGINE = MergeTree PARTITION BY run ORDER BY (k, w1, w2, w3, w4, w5);
CREATE TABLE IF NOT EXISTS all_ends AS ends ENGINE = Distributed(cityHash64(w1, w2));

-- The token stream in pages of 4096 tokens, the first of them at position `first` of its segment.
CREATE TABLE IF NOT EXISTS tokens (
  corpus UInt32, segment UInt32, first UInt64, ids Array(UInt32) CODEC(T64, ZSTD(1))
) ENGINE = MergeTree PARTITION BY corpus ORDER BY (segment, first) SETTINGS index_granularity = 8;
CREATE TABLE IF NOT EXISTS all_tokens AS tokens ENGINE = Distributed(cityHash64(segment, first));
