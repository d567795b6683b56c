-- Stories across languages: what tells what an article is about, which articles are of one story, and why.

-- Derived. What of an article tells which story it is about. No row: it was read before stories were made.
CREATE TABLE clue (
    article     INTEGER PRIMARY KEY REFERENCES article (rowid),
    names       TEXT NOT NULL,              -- JSON array of {key, written, common}
    numbers     TEXT NOT NULL,              -- JSON array
    words       BLOB NOT NULL               -- hashes of the words of title and text, four bytes each
) STRICT;

-- Derived. The meaning of a part of an article as the encoder measures it: 512 numbers, a byte each (signed), times
-- `scale`. No row: there is no such part, or vigie ran without the encoder.
CREATE TABLE vector (
    article     INTEGER NOT NULL REFERENCES article (rowid),
    part        TEXT NOT NULL,              -- title; text = the mean of title and first sentences
    scale       REAL NOT NULL,
    steps       BLOB NOT NULL,
    PRIMARY KEY (article, part)
) STRICT, WITHOUT ROWID;

-- Derived. Two articles of a few days that may be of one story, with the lower row first. No row: too little is shared.
CREATE TABLE story_link (
    one         INTEGER NOT NULL REFERENCES article (rowid),
    other       INTEGER NOT NULL REFERENCES article (rowid),
    above       INTEGER NOT NULL,           -- thousandths of log odds above what links them; negative = on the way to it
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_link_other ON story_link (other);

-- Derived. An article of a suggested story. No row: it stands alone.
CREATE TABLE story_article (
    article     INTEGER PRIMARY KEY REFERENCES article (rowid),
    story       TEXT NOT NULL,              -- s: and ten hexadecimal digits
    score       REAL NOT NULL,              -- 0 to 1
    why         TEXT NOT NULL               -- JSON: nearest article, similarity, shared names and numbers, hours
) STRICT;
CREATE INDEX story_article_story ON story_article (story);

-- Derived. The story that an article was in before everything derived was forgotten, so that stories keep their names.
-- No row: it was in none, or stories have been grouped since.
CREATE TABLE story_before (
    article     TEXT PRIMARY KEY,           -- id of the article
    story       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Declared. The decisions of decisions.toml by which stories were last grouped, so that one that is made, changed or
-- taken back is noticed. No row: no such decision was heeded.
CREATE TABLE story_decision (
    decision    TEXT PRIMARY KEY            -- JSON
) STRICT, WITHOUT ROWID;
