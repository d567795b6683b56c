-- Remembered. A saved search (saved.toml) as it was last asked. Neither declared, observed nor derived: what a person
-- has been told is known nowhere else, and stays when everything derived is made anew.
-- No row: never asked.
CREATE TABLE saved_search (
    id          TEXT PRIMARY KEY,
    asked       TEXT NOT NULL,              -- query and what narrows it, as JSON; another one begins anew
    added_at    INTEGER NOT NULL,           -- first asked in this form
    ran_at      INTEGER NOT NULL,
    told_at     INTEGER,                    -- its last digest
    alarmed_at  INTEGER                     -- the last time its silence was told
) STRICT, WITHOUT ROWID;

-- Remembered. An article that a saved search has found. `article` is an id, not a reference: articles are made anew.
-- No row: not found yet.
CREATE TABLE saved_hit (
    search      TEXT NOT NULL REFERENCES saved_search (id),
    article     TEXT NOT NULL,
    found_at    INTEGER NOT NULL,
    told_at     INTEGER,                    -- stood in a digest; NULL = in none yet
    seen_at     INTEGER,                    -- shown by --unseen; NULL = not yet
    PRIMARY KEY (search, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_hit_found ON saved_hit (search, found_at);
