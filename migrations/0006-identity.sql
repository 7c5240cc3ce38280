-- Distinguishes the corpus from others that had its name or its file's inode earlier: random, and another one when it is
-- restored from a backup.
ALTER TABLE corpus ADD COLUMN identity TEXT NOT NULL DEFAULT '';
UPDATE corpus SET identity = lower(hex(randomblob(16)));
