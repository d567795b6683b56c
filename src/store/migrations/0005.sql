-- What is usual for a source (lengths, comments, since when it is held) is read off an index alone.
DROP INDEX article_source;
CREATE INDEX article_source ON article
    (source, first_seen_at, published_min, text_access, length_unit, length_n, comments_state);

-- Few claims are wider than a day. With these by themselves, the articles of a window are found by where they begin.
CREATE INDEX article_wide ON article (published_max) WHERE published_max - published_min > 86400;
