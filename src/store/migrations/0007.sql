-- Derived. The sentence encoder that the vectors are of; those of two are never compared. At most one row.
-- No row: no vector was made since everything derived was last made anew.
CREATE TABLE encoder (
    name        TEXT PRIMARY KEY            -- its name, @, and a hash of what it is made of
) STRICT, WITHOUT ROWID;

-- Until now there was but one.
INSERT INTO encoder (name) SELECT 'use-multilingual-3@e73f88d5338600da' WHERE EXISTS (SELECT 1 FROM vector);
