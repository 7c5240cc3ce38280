-- The dictionary by which words are found, such as 'jieba-2.0.3'. NULL: none.
ALTER TABLE corpus ADD COLUMN dictionary TEXT;
