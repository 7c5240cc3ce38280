-- The language whose rules the tokenizer `unicode` follows, a BCP 47 tag in canonical form; NULL where none was chosen.
ALTER TABLE corpus ADD COLUMN locale TEXT;
