-- Files that belong to a corpus, in pieces: what one that is not made of texts is made of.
CREATE TABLE files (
  name   TEXT    NOT NULL,
  number INTEGER NOT NULL,
  bytes  BLOB    NOT NULL,
  PRIMARY KEY (name, number)
) STRICT;
