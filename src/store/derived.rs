//! Writing the derived half: articles, their versions, and everything looked up by.
//!
//! Takes what `digest` decided and does exactly that. Never decides whether a page is news, an edit or a copy.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::model::{Article, Clues, Mention, TopicTag};

use super::columns::{At, Json, Word};
use super::error::StoreError;
use super::open::{Batch, Reader};

/// What the index is given: folded tokens separated by spaces, by the same functions that fold queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IndexText<'a> {
    pub title: &'a str,
    pub lead: &'a str,
    pub body: &'a str,
}

/// One state of an article with all that hangs on it.
#[derive(Debug, Clone, Copy)]
pub struct Derived<'a> {
    pub article: &'a Article,
    /// Canonical form of its address: the identity within its source.
    pub url_key: &'a str,
    pub topics: &'a [TopicTag],
    pub mentions: &'a [Mention],
    pub clues: &'a Clues,
    pub index: IndexText<'a>,
    /// Slices of the SimHash, in order; empty = too short to compare.
    pub bands: &'a [u64],
    /// The page that showed this state.
    pub page: Option<i64>,
}

/// How far the disappearance of an article is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It answered last time.
    No,
    /// 404 or 410, but not yet twice at least twelve hours apart.
    Suspected { since: Timestamp },
    /// 404 or 410 twice, at least twelve hours apart: the second time.
    Confirmed { at: Timestamp },
}

/// Two failed looks must lie this far apart (design: comparison, `deleted_at`): a night's outage is not a deletion.
const GONE_SECONDS: i64 = 12 * 3600;

impl Reader {
    /// Articles whose place among reprints and stories is still to be found: what was derived since the last settling.
    pub fn unsettled(&self) -> Result<BTreeSet<i64>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT article FROM unsettled")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Batch<'_> {
    /// Remembers that an article is to be settled, whatever becomes of this run.
    pub fn unsettle(&self, rowid: i64) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO unsettled (article) VALUES (?1)";
        self.conn.prepare_cached(sql)?.execute([rowid])?;
        Ok(())
    }

    /// All of them are settled.
    pub fn settled(&self) -> Result<(), StoreError> {
        self.conn.execute_batch("DELETE FROM unsettled")?;
        Ok(())
    }

    /// A document that was not known. Gives its row.
    pub fn insert_article(&self, derived: &Derived<'_>, first_seen_at: Timestamp) -> Result<i64, StoreError> {
        let rowid = self.write_state(None, derived, first_seen_at)?;
        self.write_version(rowid, 1, derived)?;
        self.write_index(rowid, derived);
        self.write_lookups(rowid, derived)?;
        self.add_alias(&derived.article.source, derived.url_key, rowid)?;
        Ok(rowid)
    }

    /// The words changed: the old version stays, this one is the present. Gives its number.
    pub fn add_version(&self, rowid: i64, derived: &Derived<'_>) -> Result<u32, StoreError> {
        let sql = "UPDATE article SET versions = versions + 1 WHERE rowid = ?1 RETURNING versions";
        let n = self.conn.prepare_cached(sql)?.query_row([rowid], |row| row.get(0))?;
        self.replace_state(rowid, derived)?;
        self.write_version(rowid, n, derived)?;
        Ok(n)
    }

    /// The same version, better read: a teaser's place is taken by the full text, nothing was edited.
    pub fn replace_version(&self, rowid: i64, derived: &Derived<'_>) -> Result<(), StoreError> {
        let sql = "DELETE FROM version WHERE article = ?1 AND n = (SELECT versions FROM article WHERE rowid = ?1) RETURNING n";
        let n: Option<u32> = self
            .conn
            .prepare_cached(sql)?
            .query_row([rowid], |row| row.get(0))
            .optional()?;
        self.replace_state(rowid, derived)?;
        self.write_version(rowid, n.unwrap_or(1), derived)
    }

    /// Seen again, by that page. After a crash an earlier page may be read after a later one.
    pub fn touch_article(&self, rowid: i64, seen_at: Timestamp, page: Option<i64>) -> Result<(), StoreError> {
        let sql = "UPDATE article SET last_seen_at = max(last_seen_at, ?2), first_page = min(first_page, coalesce(?3, first_page))
            WHERE rowid = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![rowid, At(seen_at), page])?;
        Ok(())
    }

    /// Another address of the same document; an address already told to be another article's stays with that one.
    pub fn add_alias(&self, source: &str, url_key: &str, rowid: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO article_url (source, url_key, article) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.conn
            .prepare_cached(sql)?
            .execute(params![source, url_key, rowid])?;
        Ok(())
    }

    /// What the article reprints, if anything: an earlier one, and the share of its words that are found there.
    pub fn set_reprint(&self, rowid: i64, of: Option<(i64, f32)>) -> Result<(), StoreError> {
        let (of, share) = of.map(|(of, share)| (of, f64::from(share))).unzip();
        let sql = "UPDATE article SET reprint_of = ?2, reprint_share = ?3 WHERE rowid = ?1";
        self.conn.prepare_cached(sql)?.execute(params![rowid, of, share])?;
        Ok(())
    }

    /// Reads off the ledger of fetches whether the article is still there, and writes it down. A page that answers
    /// again is not gone; the same facts give the same result in whatever order they are settled.
    pub fn settle_gone(&self, rowid: i64) -> Result<Gone, StoreError> {
        let sql = format!("{SETTLE} WHERE article.rowid = ?2 RETURNING gone_first_at, gone_at");
        let settled = self
            .conn
            .prepare_cached(&sql)?
            .query_row(params![GONE_SECONDS, rowid], |row| {
                Ok((row.get::<_, Option<At>>(0)?, row.get::<_, Option<At>>(1)?))
            });
        Ok(match settled.optional()? {
            Some((_, Some(at))) => Gone::Confirmed { at: at.0 },
            Some((Some(since), None)) => Gone::Suspected { since: since.0 },
            _ => Gone::No,
        })
    }

    /// The same for every article that has a failed fetch, as after a rebuild. Gives how many are gone.
    pub fn settle_all_gone(&self) -> Result<u64, StoreError> {
        let sql = format!(
            "{SETTLE} WHERE article.rowid IN (
                SELECT u.article FROM fetch f JOIN link l ON l.id = f.link
                JOIN article_url u ON u.source = l.source AND u.url_key = l.url_key
                WHERE f.outcome = 'gone')"
        );
        self.conn.prepare_cached(&sql)?.execute([GONE_SECONDS])?;
        let sql = "SELECT count(*) FROM article WHERE gone_at IS NOT NULL";
        Ok(super::columns::unsigned(
            self.conn.query_row(sql, [], |row| row.get(0))?,
        ))
    }

    /// Empties the derived half, so that it can be made anew from the pages.
    pub fn forget_derived(&self) -> Result<(), StoreError> {
        self.memo.borrow_mut().index.clear();
        self.conn.execute_batch(
            "DELETE FROM unsettled;
             DELETE FROM story_source;
             INSERT OR REPLACE INTO story_before (article, story)
                SELECT a.id, s.story FROM story_article s JOIN article a ON a.rowid = s.article;
             DELETE FROM story_article;
             DELETE FROM story_link;
             DELETE FROM vector;
             DELETE FROM encoder;
             DELETE FROM clue;
             DELETE FROM mention;
             DELETE FROM article_topic;
             DELETE FROM band;
             DELETE FROM version;
             DELETE FROM article_url;
             UPDATE article SET reprint_of = NULL WHERE reprint_of IS NOT NULL;
             DELETE FROM article;
             INSERT INTO search (search) VALUES ('delete-all');
             UPDATE page SET digested = NULL WHERE digested IS NOT NULL;",
        )?;
        Ok(())
    }

    fn replace_state(&self, rowid: i64, derived: &Derived<'_>) -> Result<(), StoreError> {
        self.write_state(Some(rowid), derived, derived.article.seen_at)?;
        self.touch_article(rowid, derived.article.seen_at, derived.page)?;
        for sql in [
            "DELETE FROM search WHERE rowid = ?1",
            "DELETE FROM band WHERE article = ?1",
            "DELETE FROM article_topic WHERE article = ?1",
            "DELETE FROM mention WHERE article = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([rowid])?;
        }
        self.write_index(rowid, derived);
        self.write_lookups(rowid, derived)?;
        self.add_alias(&derived.article.source, derived.url_key, rowid)
    }

    /// The present state. Of a row that is there already, `id`, `first_*` and `gone_*` stay as they are.
    fn write_state(
        &self,
        rowid: Option<i64>,
        derived: &Derived<'_>,
        first_seen_at: Timestamp,
    ) -> Result<i64, StoreError> {
        let article = derived.article;
        let claim = article.published.as_ref();
        let sql = "INSERT INTO article (rowid, url, lang, script, title, standfirst, authors, published, published_min,
                published_max, published_claim, modified_claim, section, kind, credit, text_access, comments_state,
                comments_count, comments_signal, length_n, length_unit, digest, simhash, id, source, first_seen_at,
                last_seen_at, first_page)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(?9, ?26), coalesce(?10, ?26 + 1), ?11, ?12, ?13, ?14, ?15,
                ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)
            ON CONFLICT (rowid) DO UPDATE SET url = ?2, lang = ?3, script = ?4, title = ?5, standfirst = ?6,
                authors = ?7, published = ?8, published_min = coalesce(?9, first_seen_at),
                published_max = coalesce(?10, first_seen_at + 1), published_claim = ?11, modified_claim = ?12,
                section = ?13, kind = ?14, credit = ?15, text_access = ?16, comments_state = ?17, comments_count = ?18,
                comments_signal = ?19, length_n = ?20, length_unit = ?21, digest = ?22, simhash = ?23
            RETURNING rowid";
        let mut write = self.conn.prepare_cached(sql)?;
        let values = params![
            rowid,
            article.url,
            article.lang,
            article.script,
            article.title,
            article.standfirst,
            Json(&article.authors),
            claim.map(|claim| claim.to_published()),
            claim.map(|claim| At(claim.interval.min)),
            claim.map(|claim| At(claim.interval.max)),
            claim.map(Json),
            article.modified.as_ref().map(Json),
            article.section,
            Word(article.kind),
            article.credit,
            Word(article.text_access),
            Word(article.comments.state),
            article.comments.count,
            article.comments.signal,
            article.length.n,
            Word(article.length.unit),
            article.digest,
            article.simhash.cast_signed(),
            article.id,
            article.source,
            At(first_seen_at),
            At(article.seen_at),
            derived.page,
        ];
        Ok(write.query_row(values, |row| row.get(0))?)
    }

    fn write_version(&self, rowid: i64, n: u32, derived: &Derived<'_>) -> Result<(), StoreError> {
        let article = derived.article;
        let sql =
            "INSERT INTO version (article, n, page, seen_at, title, standfirst, text, text_access, digest, length_n)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        self.conn.prepare_cached(sql)?.execute(params![
            rowid,
            n,
            derived.page,
            At(article.seen_at),
            article.title,
            article.standfirst,
            article.text,
            Word(article.text_access),
            article.digest,
            article.length.n,
        ])?;
        Ok(())
    }

    /// Words wait for the end of the batch. A statement with a savepoint of its own, as one with RETURNING has, makes
    /// FTS5 write what it gathered so far: written one by one, each article would be a segment, and merged many times.
    fn write_index(&self, rowid: i64, derived: &Derived<'_>) {
        let IndexText { title, lead, body } = derived.index;
        let waiting = &mut self.memo.borrow_mut().index;
        waiting.insert(rowid, [title, lead, body].map(str::to_owned));
    }

    /// Writes the words that wait, in one go.
    pub(super) fn settle_index(&self) -> Result<(), StoreError> {
        let sql = "INSERT INTO search (rowid, title, lead, body) VALUES (?1, ?2, ?3, ?4)";
        let mut write = self.conn.prepare_cached(sql)?;
        for (rowid, [title, lead, body]) in std::mem::take(&mut self.memo.borrow_mut().index) {
            write.execute(params![rowid, title, lead, body])?;
        }
        Ok(())
    }

    fn write_lookups(&self, rowid: i64, derived: &Derived<'_>) -> Result<(), StoreError> {
        let mut band = self
            .conn
            .prepare_cached("INSERT INTO band (band, value, article) VALUES (?1, ?2, ?3)")?;
        for (n, value) in (0_i64..).zip(derived.bands) {
            band.execute(params![n, value.cast_signed(), rowid])?;
        }
        // A configuration that names a topic or an actor twice would be refused earlier; here the first one stands.
        let sql = "INSERT INTO article_topic (article, topic, hits) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let mut topic = self.conn.prepare_cached(sql)?;
        for tag in derived.topics {
            topic.execute(params![rowid, tag.topic, Json(&tag.hits)])?;
        }
        let sql = "INSERT INTO mention (article, actor, hits) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let mut mention = self.conn.prepare_cached(sql)?;
        for named in derived.mentions {
            mention.execute(params![rowid, named.actor, Json(&named.hits)])?;
        }
        self.write_clues(rowid, derived.clues)
    }
}

/// Of each address of the article that ever answered or was found gone: the first failure after its last good answer,
/// and the first that lies ?1 seconds or more after that. The article is gone when its last address is: an outlet that
/// moves a text and lets the old address die has deleted nothing.
const SETTLE: &str = "UPDATE article SET (gone_first_at, gone_at) = (
        SELECT CASE WHEN count(first_at) = count(*) THEN max(first_at) END,
            CASE WHEN count(second_at) = count(*) THEN max(second_at) END
        FROM (SELECT first_at, (SELECT min(b.at) FROM fetch b
                    WHERE b.link = address.id AND b.outcome = 'gone' AND b.at >= first_at + ?1) AS second_at
            FROM (SELECT l.id, (SELECT min(a.at) FROM fetch a WHERE a.link = l.id AND a.outcome = 'gone'
                        AND a.at > coalesce((SELECT max(g.at) FROM fetch g WHERE g.link = l.id AND g.good), 0)) AS first_at
                FROM article_url u JOIN link l ON l.source = u.source AND l.url_key = u.url_key
                WHERE u.article = article.rowid
                    AND EXISTS (SELECT 1 FROM fetch f WHERE f.link = l.id AND (f.good OR f.outcome = 'gone'))) AS address))";

impl Reader {
    /// The article known under that address: its own or a former one.
    pub fn article_by_key(&self, source: &str, url_key: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT article FROM article_url WHERE source = ?1 AND url_key = ?2";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([source, url_key], |row| row.get(0))
            .optional()?)
    }

    /// The article with that id.
    pub fn article_by_id(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT rowid FROM article WHERE id = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id], |row| row.get(0))
            .optional()?)
    }
}
