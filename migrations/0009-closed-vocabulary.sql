-- How the vocabulary was closed when the corpus was created, as JSON: '{"sha256":…}', by a list of words; '{"minCount":…}', to
-- words that its first texts had so many times. NULL: texts bring words of their own.
ALTER TABLE corpus ADD COLUMN vocabulary TEXT;
