-- What an upload says of its texts: a title, and when they were written, as a year, a month or a day of ISO 8601.
ALTER TABLE documents ADD COLUMN title TEXT;
ALTER TABLE documents ADD COLUMN date TEXT;
