//! What changed in a story since it was last exported: exactly that, and which silences hold.

use std::collections::BTreeMap;

use crate::model::comparison::{Comparison, Coverage, Grade, Status, StoryArticle};
use crate::model::export::{Change, Export, ExportedArticle, ExportedSource, SCHEMA, What};
use crate::model::{CommentState, LengthUnit};
use crate::text::durations;

/// What is remembered of a comparison that goes out.
pub fn export(comparison: &Comparison) -> Export {
    Export {
        schema: SCHEMA.to_owned(),
        story: comparison.story.id.clone(),
        at: comparison.generated_at,
        spec_sha256: comparison.story.spec_sha256.clone(),
        query: comparison.story.query.clone(),
        snapshot: comparison.snapshot.clone(),
        sources: (comparison.sources.iter())
            .map(|row| (row.source_id.clone(), exported(row)))
            .collect(),
        articles: (comparison.articles.iter())
            .map(|article| {
                let kept = ExportedArticle {
                    source: article.source_id.clone(),
                    title: article.title.clone(),
                    versions: article.n_versions,
                    length: article.length,
                    gone: article.gone_at.is_some(),
                };
                (article.id.clone(), kept)
            })
            .collect(),
    }
}

fn exported(row: &Coverage) -> ExportedSource {
    ExportedSource {
        status: row.status,
        grade: row.silence_grade,
        looks_ok: row.looks_ok,
        looks_planned: row.looks_planned,
        comments: row.comments_state,
    }
}

/// The differences, in the order of the table; the silences that hold come last, in one line.
pub fn changes(before: &Export, now: &Comparison) -> Vec<Change> {
    let mut changes = Vec::new();
    if before.spec_sha256 != now.story.spec_sha256 || before.query != now.story.query {
        changes.push(Change {
            what: What::Changed,
            sources: Vec::new(),
            sentence: "the story itself: its file or query is another".to_owned(),
        });
    }
    for row in &now.sources {
        let mut push = |what, sentence: String| {
            changes.push(Change {
                what,
                sources: vec![row.source_id.clone()],
                sentence: format!("{}: {sentence}", label(row)),
            });
        };
        let was = before.sources.get(&row.source_id);
        let covered = was.is_some_and(|was| was.status == Status::Covered);
        let articles = || now.articles.iter().filter(|article| article.source_id == row.source_id);
        match (row.status, was) {
            (Status::Covered, was) if !covered => push(
                What::New,
                format!(
                    "covered {}{}",
                    row.first_pub.map_or(String::new(), durations::span_utc),
                    was.map_or(String::new(), |was| format!(" (was: {})", state(was)))
                ),
            ),
            (Status::Covered, _) => {
                for article in articles().filter(|article| !before.articles.contains_key(&article.id)) {
                    push(What::New, format!("one more, “{}”", article.title));
                }
            }
            (status, None) => push(What::New, format!("looked at, {}", word(status, row.silence_grade))),
            (status, Some(was)) if was.status != status || was.grade != row.silence_grade => push(
                What::Changed,
                format!("{} (was: {})", word(status, row.silence_grade), state(was)),
            ),
            _ => {}
        }
        for article in articles() {
            if let Some(was) = before.articles.get(&article.id) {
                edits(was, article)
                    .into_iter()
                    .for_each(|edit| push(What::Changed, edit));
            }
        }
        if let Some(was) =
            was.filter(|was| covered && row.status == Status::Covered && was.comments != row.comments_state)
        {
            push(
                What::Changed,
                format!(
                    "comments {} (were: {})",
                    comments(row.comments_state),
                    comments(was.comments)
                ),
            );
        }
        let left = before
            .articles
            .iter()
            .filter(|(id, was)| was.source == row.source_id && !now.articles.iter().any(|article| article.id == **id));
        for (_, was) in left {
            push(What::Left, format!("“{}” is no longer in the story", was.title));
        }
    }
    for (id, _) in before
        .sources
        .iter()
        .filter(|(id, _)| !now.sources.iter().any(|row| row.source_id == **id))
    {
        changes.push(Change {
            what: What::Left,
            sources: vec![id.clone()],
            sentence: format!("{id}: not laid out this time"),
        });
    }
    changes.extend(same(before, now));
    changes
}

fn label(row: &Coverage) -> String {
    match &row.edition {
        Some(edition) => format!("{} ({edition})", row.source_name),
        None => row.source_name.clone(),
    }
}

fn edits(was: &ExportedArticle, now: &StoryArticle) -> Vec<String> {
    let mut edits = Vec::new();
    if was.title != now.title {
        edits.push(format!(
            "headline v{}: “{}” ← “{}”",
            now.n_versions, now.title, was.title
        ));
    } else if was.versions < now.n_versions {
        let unit = match now.length_unit {
            LengthUnit::Words => "words",
            LengthUnit::Han => "字",
        };
        let (more, sign) = match now.length >= was.length {
            true => (now.length - was.length, '+'),
            false => (was.length - now.length, '−'),
        };
        edits.push(format!("v{} of “{}”: {sign}{more} {unit}", now.n_versions, now.title));
    }
    match (was.gone, now.gone_at) {
        (false, Some(at)) => edits.push(format!("“{}” is gone since {}", now.title, durations::minute_utc(at))),
        (true, None) => edits.push(format!("“{}” is back", now.title)),
        _ => {}
    }
    edits
}

/// The silences that hold.
fn same(before: &Export, now: &Comparison) -> Option<Change> {
    let held: Vec<&Coverage> = (now.sources.iter())
        .filter(|row| matches!(row.status, Status::Silent | Status::NotYet))
        .filter(|row| {
            let was = before.sources.get(&row.source_id);
            was.is_some_and(|was| was.status == row.status && was.grade == row.silence_grade)
        })
        .collect();
    let mut by_look: BTreeMap<_, usize> = BTreeMap::new();
    for look in held.iter().filter_map(|row| row.last_good_look) {
        *by_look.entry(look).or_default() += 1;
    }
    let looks = match (by_look.keys().next(), by_look.keys().next_back()) {
        (Some(first), Some(last)) if first == last => format!(" (last looks {})", durations::minute_utc(*last)),
        (Some(first), Some(last)) => format!(
            " (last looks {} to {})",
            durations::minute_utc(*first),
            durations::minute_utc(*last)
        ),
        _ => String::new(),
    };
    (!held.is_empty()).then(|| Change {
        what: What::Same,
        sources: held.iter().map(|row| row.source_id.clone()).collect(),
        sentence: format!(
            "{}: still nothing{looks}",
            held.iter().map(|row| label(row)).collect::<Vec<_>>().join(", ")
        ),
    })
}

fn state(was: &ExportedSource) -> String {
    match was.status {
        Status::Covered | Status::NotLooked => word(was.status, was.grade),
        _ => format!(
            "{}; looked {}/{}",
            word(was.status, was.grade),
            was.looks_ok,
            was.looks_planned
        ),
    }
}

fn word(status: Status, grade: Option<Grade>) -> String {
    let grade = match grade {
        Some(Grade::A) => " A",
        Some(Grade::B) => " B",
        Some(Grade::C) => " C",
        Some(Grade::U) | None => "",
    };
    let word = match status {
        Status::Covered => "covered",
        Status::Silent => "silent",
        Status::NotYet => "not yet",
        Status::Unknown => "unknown",
        Status::NotLooked => "not looked at",
    };
    format!("{word}{grade}")
}

fn comments(state: CommentState) -> &'static str {
    match state {
        CommentState::Open => "open",
        CommentState::Closed => "closed",
        CommentState::Hidden => "hidden",
        CommentState::None => "none",
        CommentState::Unknown => "unknown",
    }
}
