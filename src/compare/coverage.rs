//! One row of the table: what one edition did with the story, and on what evidence.

use std::collections::BTreeMap;

use super::evidence::outlets;
use super::length;
use super::lineage::Reuse;
use super::silence::{self, Observed};
use super::{Cut, Input, Matched, SourceInput, expectation, firstness};
use crate::model::comparison::{Coverage, DecidedBy, Status};
use crate::model::source::SourceKind;
use crate::model::{CommentState, TextAccess};
use crate::text::durations;

/// An outlet whose other articles are open for comment at least this often is closed *here* for a reason.
const USUALLY_OPEN: f64 = 0.5;
/// … and this many of them must be known.
pub const BASELINE: u32 = 10;

pub fn row(input: &Input, source: &SourceInput, reuse: &Reuse) -> Coverage {
    let observed = silence::observed(&source.looks, &source.planned, input.window);
    let mut row = empty(source, &observed);
    row.expected_by_user = input.story.expect.contains(&source.source.id);
    let Some(first) = first(source) else {
        let (status, grade, reason) = silence::judge(input, source, &observed);
        row.status = status;
        row.silence_grade = grade;
        row.reason = reason;
        return row;
    };
    let article = &first.article;
    let span = firstness::narrow(first);
    let (open, known) = source.comments_open;
    let earlier = reuse.get(&article.id).filter(|edge| edge.is_directed());
    row.status = Status::Covered;
    row.n_items = source.matches.len() as u32;
    row.n_reprint = source
        .matches
        .iter()
        .filter(|m| reuse.get(&m.article.id).is_some_and(|edge| edge.copied))
        .count() as u32;
    row.n_original = row.n_items - row.n_reprint;
    if first.decided_by == DecidedBy::User {
        row.decided_by = DecidedBy::User;
    }
    row.first_item_id = Some(article.id.clone());
    row.first_url = Some(article.url.clone());
    row.first_title = Some(article.title.clone());
    row.first_title_gloss = input.glosses.get(&article.id).cloned();
    row.feed_rank_first = first.position;
    row.section = article.section.clone();
    row.title_changed = first.versions.first().map(|version| version.title != article.title);
    row.first_pub = Some(span.interval);
    row.first_local = Some(durations::local_span(span.interval, &source.source.timezone));
    row.first_here = Some(durations::local_span(span.interval, &input.zone));
    row.first_pub_claim = article.published.clone();
    row.backdated = span.backdated;
    row.first_seen_at = Some(first.first_seen_at);
    row.last_absent_at = first.last_absent_at;
    // Of a headline alone nothing is known of the text.
    if article.text_access != TextAccess::HeadlineOnly {
        row.length = Some(article.length.n);
        row.length_unit = Some(article.length.unit);
    }
    // A teaser's length says nothing about the article's.
    if article.text_access == TextAccess::Full {
        row.length_pctl_outlet = length::percentile(article.length.n, &source.lengths);
        row.length_class = row.length_pctl_outlet.map(length::class);
    }
    row.text_access = Some(article.text_access);
    row.item_kind = Some(article.kind);
    row.reuse_of = earlier.map(|edge| edge.from_source.clone());
    row.reuse_share = earlier.map(|edge| edge.share);
    row.credit = article.credit.clone();
    row.comments_state = article.comments.state;
    row.comments_count = article.comments.count;
    row.comments_seen_at = (article.comments.state != CommentState::Unknown).then_some(article.seen_at);
    row.comments_open_base = (known > 0).then(|| format!("{open}/{known}"));
    row.comments_flag = article.comments.state == CommentState::Closed
        && known >= BASELINE
        && f64::from(open) >= USUALLY_OPEN * f64::from(known);
    row.n_versions = first.versions.len() as u32;
    row.gone_at = first.gone_at;
    if let Some(copy) = &first.copy {
        row.archive_sha256.clone_from(&copy.sha256);
        row.archive_path = Some(copy.file.clone());
        row.archive_offset = Some(copy.offset);
        row.snapshot_url = Some(copy.url.clone());
        row.snapshot_at = Some(copy.at);
    }
    row.reason = format!(
        "{} matching, first seen {}",
        row.n_items,
        durations::minute_utc(first.first_seen_at)
    );
    row
}

/// The article of this source that came first.
fn first(source: &SourceInput) -> Option<&Matched> {
    source.matches.iter().min_by_key(|m| {
        (
            firstness::narrow(m).interval.min,
            m.first_seen_at,
            m.article.id.as_str(),
        )
    })
}

fn empty(input: &SourceInput, observed: &Observed) -> Coverage {
    let source = &input.source;
    Coverage {
        source_id: source.id.clone(),
        source_name: source.name.clone(),
        edition: source.edition.clone(),
        outlet: outlets::key(source),
        lang: source.lang.clone(),
        country: source.country.clone(),
        ownership: name_of(&source.ownership),
        kind: name_of(&source.kind),
        groups: source.groups.clone(),
        status: Status::Unknown,
        silence_grade: None,
        rank_overall: None,
        rank_in_lang: None,
        rank_in_group: None,
        rank_note: None,
        n_items: 0,
        n_original: 0,
        n_reprint: 0,
        first_item_id: None,
        first_url: None,
        first_title: None,
        first_title_gloss: None,
        first_pub_claim: None,
        first_pub: None,
        first_local: None,
        first_here: None,
        first_seen_at: None,
        last_absent_at: None,
        backdated: None,
        lag_min_minutes: None,
        lag_max_minutes: None,
        length: None,
        length_unit: None,
        length_pctl_outlet: None,
        length_class: None,
        text_access: None,
        feed_rank_first: None,
        section: None,
        item_kind: None,
        reuse_of: None,
        reuse_share: None,
        credit: None,
        // A site that never has comments says so for silent rows too.
        comments_state: match source.rules.iter().any(|rules| rules.comments_none) {
            true => CommentState::None,
            false => CommentState::Unknown,
        },
        comments_count: None,
        comments_seen_at: None,
        comments_open_base: None,
        comments_flag: false,
        n_versions: 0,
        title_changed: None,
        gone_at: None,
        looks_planned: observed.planned,
        looks_ok: observed.ok,
        looks_failed: observed.failed,
        listing_gaps: observed.gaps,
        longest_gap_minutes: observed.longest_dark.as_mins(),
        last_good_look: observed.last_good,
        unobserved_share: observed.unobserved,
        items_listed: input.items.listed,
        items_searchable: input.items.searchable,
        items_full_text: input.items.full_text,
        control_hits: Some(input.control_hits),
        best_near_miss_score: input.near_misses.first().map(|miss| miss.score),
        best_near_miss_title: input.near_misses.first().map(|miss| miss.title.clone()),
        expected_rate: expectation::rate(input.rate),
        surprise: expectation::surprise(input.rate, !input.matches.is_empty()),
        expected_by_user: false,
        archive_sha256: None,
        archive_path: None,
        archive_offset: None,
        snapshot_url: None,
        snapshot_at: None,
        decided_by: match input.pinned_out {
            true => DecidedBy::User,
            false => DecidedBy::Rule,
        },
        reason: String::new(),
    }
}

/// The word that configuration uses for a value.
fn name_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Caveats that follow from the rows themselves.
pub fn limits(input: &Input, rows: &[Coverage]) -> Vec<String> {
    let mut limits = Vec::new();
    if let Some(Cut { total, each }) = input.cut {
        limits.push(format!(
            "The query finds {total} articles: of each source only the first {each} are compared. A narrower query compares them all."
        ));
    }
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &input.excluded {
        *left_out.entry(&row.reason).or_default() += 1;
    }
    for (reason, n) in left_out {
        limits.push(format!("Sources that are not compared: {n} ({reason})."));
    }
    for (source, row) in input.sources.iter().zip(rows_in_input_order(input, rows)) {
        let name = source.source.label();
        let partial = source
            .matches
            .iter()
            .filter(|m| m.article.text_access != TextAccess::Full)
            .count();
        if partial > 0 {
            limits.push(format!(
                "{name}: {partial} of {} items are held as teaser or headline only, so what they do not mention may stand in the rest.",
                source.matches.len()
            ));
        }
        for matched in &source.matches {
            if let Some(n) = matched.earlier {
                let versions = matched.versions.len();
                limits.push(format!(
                    "{name}: the words asked for stand in version {n} of {versions} of {}, and were replaced since.",
                    matched.article.id
                ));
            }
        }
        if let Some(credit) = row
            .credit
            .as_ref()
            .filter(|_| row.reuse_of.is_none() && source.source.kind != SourceKind::Wire)
        {
            limits.push(format!(
                "{name} credits {credit}, whose own text is not among the sources: reuse cannot be measured."
            ));
        }
        if row.status == Status::Unknown {
            let last = row.last_good_look.map_or(String::new(), |at| {
                format!(", last good look {}", durations::minute_utc(at))
            });
            limits.push(format!("{name} is unknown: {}{last}.", row.reason));
        }
        if row.backdated == Some(true) {
            limits.push(format!(
                "{name}: the claimed time lies before a look that did not list the item."
            ));
        }
        if matches!(row.status, Status::Silent | Status::NotYet)
            && row.edition.is_some()
            && !rows
                .iter()
                .any(|other| other.outlet == row.outlet && other.source_id != row.source_id)
        {
            limits.push(format!(
                "{name}: no other edition was looked at, so nothing is known of them."
            ));
        }
        if let (Some(why), Status::Silent | Status::NotYet) = (&source.weakened, row.status) {
            limits.push(format!("{name}: {why}, so its silence says less."));
        }
        let observed = silence::observed(&source.looks, &source.planned, input.window);
        if observed.in_part > 0 {
            limits.push(format!(
                "{name}: its listing broke off in {} of {} looks, so what stood further on was not seen.",
                observed.in_part, observed.planned
            ));
        }
        if let Some(frozen) = silence::frozen(source, &observed).filter(|_| row.status != Status::Covered) {
            limits.push(format!(
                "{name}: {frozen}; its listing may stand still while the paper goes on."
            ));
        }
        if observed.empty > 0 {
            limits.push(format!(
                "{name}: its listing held no items in {} of {} looks.",
                observed.empty, observed.planned
            ));
        }
        let dead = observed.dead_listings;
        if dead > 0 && row.looks_ok > 0 {
            limits.push(format!("{name}: {dead} of its listings never answered in this window."));
        }
    }
    limits
}

fn rows_in_input_order<'a>(input: &'a Input, rows: &'a [Coverage]) -> impl Iterator<Item = &'a Coverage> {
    input
        .sources
        .iter()
        .filter_map(|source| rows.iter().find(|row| row.source_id == source.source.id))
}
