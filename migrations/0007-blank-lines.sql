-- What a line without tokens is where the sequences are lines: 'sentence', a sequence of its own; NULL, nothing.
ALTER TABLE corpus ADD COLUMN blank_lines TEXT;
