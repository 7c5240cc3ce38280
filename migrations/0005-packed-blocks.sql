-- Blocks take less room: docs/storage.md describes them. `packed_block` is the data of an older block in their format;
-- ngramd provides it.
CREATE TABLE packed_blocks (
  run   INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  first BLOB    NOT NULL,
  peak  INTEGER NOT NULL,
  data  BLOB    NOT NULL,
  PRIMARY KEY (run, n, first)
) STRICT, WITHOUT ROWID;
INSERT INTO packed_blocks SELECT run, n, first, peak, packed_block(n, first, data) FROM blocks ORDER BY run, n, first;
DROP TABLE blocks;
ALTER TABLE packed_blocks RENAME TO blocks;
CREATE INDEX blocks_by_peak ON blocks (run, n, peak) WHERE peak >= 16;
-- Gives back the pages of the older blocks.
PRAGMA incremental_vacuum;
