-- vigie's store, schema 1.
--
-- Every table says its kind, what a row means, and what the absence of a row means:
--   Declared   mirrors what people wrote in the TOML files
--   Observed   what the network (or an imported file) said; append-only but for counters folded from it;
--              nothing but the archive's observations applied in archive order
--   Derived    computed from kept pages; `vigie digest --all` empties and refills it
-- Times are INTEGER Unix seconds, UTC. Enumerations stand under the names that the JSON output uses.
-- Lists are JSON arrays. Lengths named *_ms are milliseconds.

-- Declared. One edition as sources.toml had it at the last run, or as an import made it (provisional).
-- No row: nothing was ever observed of it and no run has read it from sources.toml.
CREATE TABLE source (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    edition     TEXT,
    home        TEXT NOT NULL,
    country     TEXT NOT NULL,
    lang        TEXT NOT NULL,
    ownership   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    groups      TEXT NOT NULL,              -- JSON array of labels
    timezone    TEXT NOT NULL,
    enabled     INTEGER NOT NULL,
    provisional INTEGER NOT NULL,           -- 1 = named after a host that no configured source claims
    declared    INTEGER NOT NULL,           -- 1 = stood in sources.toml at the last run
    config      TEXT                        -- the whole source as JSON; NULL = only its id is known (replayed archive)
) STRICT, WITHOUT ROWID;

-- Observed. One run of crawl or import. `planned` is the denominator of every "looked 17/17".
-- finished_at NULL: it is still running, or it died.
CREATE TABLE run (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,              -- crawl, import
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    interrupted INTEGER NOT NULL DEFAULT 0,
    planned     TEXT NOT NULL,              -- JSON array of source ids
    version     TEXT NOT NULL
) STRICT;
CREATE INDEX run_started ON run (started_at);

-- Observed. One file below archive/ and how far its records have been applied here.
-- Bytes past `committed` are records that a crash kept from being applied: they are replayed on opening.
-- No row: nothing of that file has been applied.
CREATE TABLE archive_file (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    committed   INTEGER NOT NULL
) STRICT;

-- Observed. A place where a source announces links, from its first look on. Identified by the address as declared.
-- No row: never looked at.
CREATE TABLE listing (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL REFERENCES source (id),
    kind        TEXT NOT NULL,              -- feed, sitemap, page
    url         TEXT NOT NULL,
    last_ok     INTEGER REFERENCES look (id),       -- folded: the last look that brought another body than before
    UNIQUE (source, url)
) STRICT;

-- Observed. The ledger: one attempt at one listing, good or bad; ids in archive order. It is what proves a silence.
-- No row in a span of time: nobody looked, so nothing can be said of it.
CREATE TABLE look (
    id          INTEGER PRIMARY KEY,
    run         INTEGER REFERENCES run (id),
    source      TEXT NOT NULL REFERENCES source (id),
    listing     INTEGER NOT NULL REFERENCES listing (id),
    at          INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    good        INTEGER NOT NULL,           -- 1 = outcome ok or not_modified
    status      INTEGER,
    robots      TEXT,
    error       TEXT,
    duration_ms INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    digest      TEXT,                       -- SHA-256 of the decoded body
    etag        TEXT,
    last_modified TEXT,
    items       INTEGER NOT NULL,
    new         INTEGER NOT NULL,           -- of these, never announced by this source before
    known       INTEGER NOT NULL,           -- of these, on this listing at its last good look
    newest      INTEGER,
    oldest      INTEGER,
    continuity  TEXT NOT NULL,
    repairs     TEXT NOT NULL,              -- JSON array
    verdict     TEXT NOT NULL,
    file        INTEGER NOT NULL REFERENCES archive_file (id),
    offset      INTEGER NOT NULL,
    length      INTEGER NOT NULL,
    UNIQUE (file, offset)
) STRICT;
CREATE INDEX look_source ON look (source, at);
CREATE INDEX look_at ON look (at);
CREATE INDEX look_listing ON look (listing, good);
CREATE INDEX look_source_good ON look (source, good);

-- Observed. One announced address of one source, once, however often and wherever it is listed. What was claimed
-- about it is the newest `page` row of form listing_item. The counters are folded from `fetch`.
-- No row: no listing of this source that we saw has announced it.
CREATE TABLE link (
    id            INTEGER PRIMARY KEY,
    source        TEXT NOT NULL REFERENCES source (id),
    url           TEXT NOT NULL,            -- as first announced
    url_key       TEXT NOT NULL,            -- canonical form, the identity within the source
    first_look    INTEGER NOT NULL REFERENCES look (id),
    first_seen_at INTEGER NOT NULL,
    claim_listing INTEGER NOT NULL REFERENCES listing (id),  -- the listing whose claim counts (feed before page before sitemap)
    claim_digest  INTEGER NOT NULL,         -- of that listing's claim, so that a changed one is noticed
    attempts      INTEGER NOT NULL DEFAULT 0,
    fetches       INTEGER NOT NULL DEFAULT 0,   -- attempts that ended ok or not_modified
    last_attempt_at INTEGER,
    last_outcome  TEXT,
    first_fetch_at INTEGER,                 -- first good attempt; NULL = the page has never been had
    last_fetch    INTEGER REFERENCES fetch (id),    -- last good attempt that brought a body
    UNIQUE (source, url_key)
) STRICT;
CREATE INDEX link_seen ON link (source, first_seen_at);
CREATE INDEX link_unfetched ON link (source, first_seen_at) WHERE first_fetch_at IS NULL;
CREATE INDEX link_fetched ON link (source, first_fetch_at) WHERE first_fetch_at IS NOT NULL;

-- Observed. One unbroken stay of a link on a listing. It is on every good look from first_look on; once gone,
-- last_look is the last that had it and left_look the first that did not. A link that comes back gets a second row.
-- left_look NULL: still listed at the listing's last good look. No row: never on that listing.
CREATE TABLE sighting (
    link        INTEGER NOT NULL REFERENCES link (id),
    listing     INTEGER NOT NULL REFERENCES listing (id),
    first_look  INTEGER NOT NULL REFERENCES look (id),
    position    INTEGER NOT NULL,           -- at first_look; 1 = top
    last_look   INTEGER REFERENCES look (id),
    left_look   INTEGER REFERENCES look (id),
    PRIMARY KEY (link, listing, first_look)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_standing ON sighting (listing) WHERE left_look IS NULL;

-- Observed. One attempt at an article page or a robots.txt, or one record that somebody brought.
-- No row for a link: its page was never asked for.
CREATE TABLE fetch (
    id          INTEGER PRIMARY KEY,
    run         INTEGER REFERENCES run (id),
    kind        TEXT NOT NULL,              -- page, robots, import
    source      TEXT NOT NULL REFERENCES source (id),
    link        INTEGER REFERENCES link (id),
    url         TEXT NOT NULL,
    final_url   TEXT,
    at          INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    good        INTEGER NOT NULL,
    status      INTEGER,
    error       TEXT,
    duration_ms INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    digest      TEXT,
    etag        TEXT,
    last_modified TEXT,
    imported_at INTEGER,                    -- imports only: when it was brought
    import_file TEXT,                       -- imports only: the file it came from
    file        INTEGER NOT NULL REFERENCES archive_file (id),
    offset      INTEGER NOT NULL,
    length      INTEGER NOT NULL,
    UNIQUE (file, offset)
) STRICT;
CREATE INDEX fetch_link ON fetch (link, at) WHERE link IS NOT NULL;
CREATE INDEX fetch_source ON fetch (source, at);

-- Observed. One thing that can be digested, in archive order: a page that answered (response), an imported object
-- (row), or what a listing claimed about a link (listing_item; `claim` holds it as JSON).
-- No row: nothing readable came back.
CREATE TABLE page (
    id          INTEGER PRIMARY KEY,
    form        TEXT NOT NULL,              -- response, row, listing_item
    source      TEXT NOT NULL REFERENCES source (id),
    link        INTEGER REFERENCES link (id),
    look        INTEGER REFERENCES look (id),       -- listing_item only
    fetch       INTEGER REFERENCES fetch (id),      -- response and row only
    url         TEXT NOT NULL,
    final_url   TEXT,
    at          INTEGER NOT NULL,
    status      INTEGER,
    digest      TEXT,
    claim       TEXT,
    digested    INTEGER,                    -- (derived) version of the digest that read it; NULL = not yet
    file        INTEGER NOT NULL REFERENCES archive_file (id),
    offset      INTEGER NOT NULL,
    length      INTEGER NOT NULL
) STRICT;
CREATE INDEX page_undigested ON page (id) WHERE digested IS NULL;
CREATE INDEX page_digest ON page (digest) WHERE digest IS NOT NULL;
CREATE INDEX page_link ON page (link) WHERE link IS NOT NULL;

-- Observed. What robots.txt of one origin last said. `body` is the last one that was had, even when a later attempt
-- failed; `unreachable_since` dates the first failure of the present row of them.
-- No row: never asked, so it must be asked before anything else of that origin.
CREATE TABLE robots (
    origin      TEXT PRIMARY KEY,           -- scheme://host[:port]
    at          INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    status      INTEGER,
    body        BLOB,
    body_at     INTEGER,
    etag        TEXT,
    last_modified TEXT,
    unreachable_since INTEGER
) STRICT, WITHOUT ROWID;

-- Derived. One document of one source, in its newest state; its texts stand in `version`.
-- No row: nothing with that identity has been read off any page.
CREATE TABLE article (
    rowid           INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    source          TEXT NOT NULL REFERENCES source (id),
    url             TEXT NOT NULL,
    lang            TEXT,
    script          TEXT,
    title           TEXT NOT NULL,
    standfirst      TEXT,
    authors         TEXT NOT NULL,          -- JSON array
    published       TEXT,                   -- the claim as other programs read it; NULL = none was found
    published_min   INTEGER NOT NULL,       -- where nothing was claimed: first seen, one second wide
    published_max   INTEGER NOT NULL,
    published_claim TEXT,                   -- JSON: precision, evidence, zone, zone_assumed, raw
    modified_claim  TEXT,
    section         TEXT,
    kind            TEXT NOT NULL,
    credit          TEXT,
    text_access     TEXT NOT NULL,
    comments_state  TEXT NOT NULL,
    comments_count  INTEGER,
    comments_signal TEXT,
    length_n        INTEGER NOT NULL,
    length_unit     TEXT NOT NULL,
    digest          TEXT NOT NULL,
    simhash         INTEGER NOT NULL,
    first_seen_at   INTEGER NOT NULL,
    last_seen_at    INTEGER NOT NULL,
    first_page      INTEGER REFERENCES page (id),
    versions        INTEGER NOT NULL DEFAULT 1,
    gone_first_at   INTEGER,                -- first 404/410 since it last answered
    gone_at         INTEGER,                -- confirmed: another one at least 12 h later
    reprint_of      INTEGER REFERENCES article (rowid),
    reprint_share   REAL
) STRICT;
CREATE INDEX article_source ON article (source, first_seen_at);
CREATE INDEX article_seen ON article (first_seen_at);
CREATE INDEX article_published ON article (published_max, published_min);
CREATE INDEX article_newest ON article (published_min);
CREATE INDEX article_digest ON article (digest);
CREATE INDEX article_reprint ON article (reprint_of) WHERE reprint_of IS NOT NULL;

-- Derived. Every address (canonical form) under which an article is known: its own, and those it moved from.
-- No row: that address has not been told to be any article's.
CREATE TABLE article_url (
    source      TEXT NOT NULL,
    url_key     TEXT NOT NULL,
    article     INTEGER NOT NULL REFERENCES article (rowid),
    PRIMARY KEY (source, url_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_url_article ON article_url (article);

-- Derived. One state of an article's words; n counts from 1, the highest is the present one.
CREATE TABLE version (
    id          INTEGER PRIMARY KEY,
    article     INTEGER NOT NULL REFERENCES article (rowid),
    n           INTEGER NOT NULL,
    page        INTEGER REFERENCES page (id),
    seen_at     INTEGER NOT NULL,
    title       TEXT NOT NULL,
    standfirst  TEXT,
    text        TEXT NOT NULL,
    text_access TEXT NOT NULL,
    digest      TEXT NOT NULL,
    length_n    INTEGER NOT NULL,
    UNIQUE (article, n)
) STRICT;

-- Derived. Slices of the SimHash, so that near-duplicates are found without comparing everything.
-- No row for an article: its text is too short to compare.
CREATE TABLE band (
    band        INTEGER NOT NULL,
    value       INTEGER NOT NULL,
    article     INTEGER NOT NULL REFERENCES article (rowid),
    PRIMARY KEY (band, value, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX band_article ON band (article);

-- Derived. A topic that an article carries, with the terms that matched. No row: the topic's rule does not hold.
CREATE TABLE article_topic (
    article     INTEGER NOT NULL REFERENCES article (rowid),
    topic       TEXT NOT NULL,
    hits        TEXT NOT NULL,              -- JSON array of {term, field, count}
    PRIMARY KEY (article, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_topic_topic ON article_topic (topic, article);

-- Derived. An actor of the lexicon named in an article, with the names that matched. No row: not named.
CREATE TABLE mention (
    article     INTEGER NOT NULL REFERENCES article (rowid),
    actor       TEXT NOT NULL,
    hits        TEXT NOT NULL,
    PRIMARY KEY (article, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_actor ON mention (actor, article);

-- Derived. Full-text index; rowid = article.rowid. It is given folded tokens separated by spaces (Chinese, Korean:
-- overlapping bigrams), so the built-in tokenizer has nothing left to decide and any SQLite from 3.43 on reads it.
CREATE VIRTUAL TABLE search USING fts5 (
    title, lead, body,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0'
);

-- Derived. One source's part in one kept story. Stories are not kept yet, so there is no row.
-- No row, later: that story has not been laid out since the store was last emptied of derived things.
CREATE TABLE story_source (
    story           TEXT NOT NULL,
    source          TEXT NOT NULL REFERENCES source (id),
    computed_at     INTEGER NOT NULL,
    window_min      INTEGER NOT NULL,
    window_max      INTEGER NOT NULL,
    status          TEXT NOT NULL,
    silence_grade   TEXT,
    rank_overall    INTEGER,
    rank_in_lang    INTEGER,
    n_items         INTEGER NOT NULL,
    n_reprint       INTEGER NOT NULL,
    first_article   TEXT,
    first_pub_min   INTEGER,
    first_pub_max   INTEGER,
    first_seen_at   INTEGER,
    last_absent_at  INTEGER,
    looks_planned   INTEGER NOT NULL,
    looks_ok        INTEGER NOT NULL,
    listing_gaps    INTEGER NOT NULL,
    items_listed    INTEGER NOT NULL,
    reason          TEXT NOT NULL,
    PRIMARY KEY (story, source)
) STRICT, WITHOUT ROWID;

-- Public interface: columns may be added, never renamed or dropped without a line in the CHANGELOG.
-- Times are RFC 3339 in UTC; lists are JSON arrays; NULL = unknown.
CREATE VIEW v_articles AS
SELECT
    a.id AS id,
    a.source AS source_id,
    s.name AS source_name,
    s.edition AS source_edition,
    s.lang AS source_language,
    s.country AS source_country,
    s.ownership AS source_ownership,
    s.kind AS source_kind,
    s.groups AS source_groups,
    CASE WHEN a.script IS NULL THEN a.lang ELSE a.lang || '-' || a.script END AS language,
    a.url AS url,
    a.title AS title,
    a.standfirst AS standfirst,
    a.authors AS authors,
    a.published AS published,
    CASE WHEN a.published IS NULL THEN NULL
         ELSE strftime('%Y-%m-%dT%H:%M:%SZ', a.published_min, 'unixepoch') END AS published_min,
    CASE WHEN a.published IS NULL THEN NULL
         ELSE strftime('%Y-%m-%dT%H:%M:%SZ', a.published_max, 'unixepoch') END AS published_max,
    json_extract(a.published_claim, '$.precision') AS published_precision,
    json_extract(a.published_claim, '$.evidence') AS published_evidence,
    json_extract(a.published_claim, '$.zone') AS published_zone,
    json_extract(a.published_claim, '$.zone_assumed') AS published_zone_assumed,
    json_extract(a.published_claim, '$.raw') AS published_raw,
    strftime('%Y-%m-%dT%H:%M:%SZ', a.first_seen_at, 'unixepoch') AS first_seen,
    strftime('%Y-%m-%dT%H:%M:%SZ', a.last_seen_at, 'unixepoch') AS last_seen,
    strftime('%Y-%m-%dT%H:%M:%SZ', a.gone_at, 'unixepoch') AS gone,
    a.section AS section,
    a.kind AS kind,
    a.credit AS credit,
    a.text_access AS text_access,
    a.length_n AS length,
    a.length_unit AS length_unit,
    a.comments_state AS comments_state,
    a.comments_count AS comments_count,
    a.versions AS versions,
    (SELECT r.id FROM article r WHERE r.rowid = a.reprint_of) AS reprint_of,
    a.reprint_share AS reprint_share,
    (SELECT json_group_array(t.topic) FROM article_topic t WHERE t.article = a.rowid) AS topics,
    (SELECT json_group_array(m.actor) FROM mention m WHERE m.article = a.rowid) AS actors,
    a.digest AS sha256
FROM article a JOIN source s ON s.id = a.source;

CREATE VIEW v_looks AS
SELECT
    k.id AS id,
    k.source AS source_id,
    s.name AS source_name,
    s.edition AS source_edition,
    s.lang AS source_language,
    s.country AS source_country,
    s.ownership AS source_ownership,
    s.kind AS source_kind,
    s.groups AS source_groups,
    k.run AS run,
    l.kind AS listing_kind,
    l.url AS listing_url,
    strftime('%Y-%m-%dT%H:%M:%SZ', k.at, 'unixepoch') AS at,
    k.outcome AS outcome,
    k.verdict AS verdict,
    k.status AS http_status,
    k.robots AS robots,
    k.error AS error,
    k.items AS items,
    k.new AS new,
    k.known AS known,
    strftime('%Y-%m-%dT%H:%M:%SZ', k.newest, 'unixepoch') AS newest,
    strftime('%Y-%m-%dT%H:%M:%SZ', k.oldest, 'unixepoch') AS oldest,
    k.continuity AS continuity,
    k.repairs AS repairs,
    k.duration_ms AS duration_ms,
    k.bytes AS bytes,
    k.digest AS sha256,
    f.name AS archive_file,
    k.offset AS archive_offset,
    k.length AS archive_length
FROM look k
JOIN listing l ON l.id = k.listing
JOIN source s ON s.id = k.source
JOIN archive_file f ON f.id = k.file;

-- A topic on an article, one row each.
CREATE VIEW v_topics AS
SELECT
    t.topic AS topic,
    t.hits AS hits,
    a.id AS article_id,
    a.source AS source_id,
    s.name AS source_name,
    s.edition AS source_edition,
    s.lang AS source_language,
    s.country AS source_country,
    s.ownership AS source_ownership,
    s.kind AS source_kind,
    s.groups AS source_groups,
    CASE WHEN a.script IS NULL THEN a.lang ELSE a.lang || '-' || a.script END AS language,
    a.title AS title,
    a.url AS url,
    a.published AS published,
    strftime('%Y-%m-%dT%H:%M:%SZ', a.first_seen_at, 'unixepoch') AS first_seen
FROM article_topic t JOIN article a ON a.rowid = t.article JOIN source s ON s.id = a.source;

-- Typed but empty as long as stories are not kept.
CREATE VIEW v_story_source AS
SELECT
    c.story AS story_id,
    c.source AS source_id,
    s.name AS source_name,
    s.edition AS source_edition,
    s.lang AS source_language,
    s.country AS source_country,
    s.ownership AS source_ownership,
    s.kind AS source_kind,
    s.groups AS source_groups,
    c.status AS status,
    c.silence_grade AS silence_grade,
    c.rank_overall AS rank_overall,
    c.rank_in_lang AS rank_in_lang,
    c.n_items AS n_items,
    c.n_reprint AS n_reprint,
    c.first_article AS first_item_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.first_pub_min, 'unixepoch') AS first_pub_min,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.first_pub_max, 'unixepoch') AS first_pub_max,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.first_seen_at, 'unixepoch') AS first_seen,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.last_absent_at, 'unixepoch') AS last_absent,
    c.looks_planned AS looks_planned,
    c.looks_ok AS looks_ok,
    c.listing_gaps AS listing_gaps,
    c.items_listed AS items_listed,
    c.reason AS reason,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.window_min, 'unixepoch') AS window_min,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.window_max, 'unixepoch') AS window_max,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.computed_at, 'unixepoch') AS computed
FROM story_source c JOIN source s ON s.id = c.source;
