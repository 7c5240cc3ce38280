-- Files that belong to a corpus, in pieces: what one that is not made of texts is made of. They are compressed already, as far as
-- they can be.
CREATE TABLE files (
  corpus integer NOT NULL,
  name   text    NOT NULL,
  number integer NOT NULL,
  bytes  bytea   NOT NULL,
  PRIMARY KEY (corpus, name, number)
);
ALTER TABLE files ALTER COLUMN bytes SET STORAGE EXTERNAL;
