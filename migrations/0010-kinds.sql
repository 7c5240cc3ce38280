-- What the corpus is made of instead of texts, as JSON: '{"kind":…}'. NULL: texts, which are counted.
ALTER TABLE corpus ADD COLUMN content TEXT;
