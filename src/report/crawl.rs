//! A run on a terminal: a line for each source, the sum, alarms last.

use crate::crawl::summary::{SourceSummary, Summary};
use crate::report::clean;
use crate::report::explain::counted;

pub fn lines(summary: &Summary) -> String {
    let width = summary
        .per_source
        .iter()
        .map(|source| source.id.len())
        .max()
        .unwrap_or(0);
    let mut out = format!("run {}  {}\n", summary.run, counted(summary.sources, "source"));
    if !summary.offline {
        for source in &summary.per_source {
            out.push_str(&line(source, width));
        }
    } else {
        out.push_str(
            "no source could be reached: this machine seems to be offline\n\
             without a network: `vigie demo` shows a whole comparison, `vigie import FILE` brings in WARC or JSONL files\n",
        );
    }
    out.push_str(&format!(
        "{} ok, {} failed; {} new, {} changed, {} gone, {} duplicates; {} listing gaps; {} in {}\n",
        summary.ok,
        summary.failed,
        summary.new,
        summary.changed,
        summary.gone,
        summary.duplicates,
        summary.gaps,
        size(summary.bytes),
        time(summary.seconds),
    ));
    if summary.interrupted {
        out.push_str("interrupted: what was under way is recorded; the next crawl goes on from here\n");
    }
    for alarm in &summary.alarms {
        out.push_str(&format!("alarm: {}\n", clean::line(alarm)));
    }
    out
}

/// A backfill on a terminal: what each archive gave.
pub fn backfill(summary: &Summary) -> String {
    let mut out = format!(
        "run {}  backfill of {}\n",
        summary.run,
        counted(summary.sources, "source")
    );
    for source in &summary.per_source {
        let Some(done) = &source.backfill else { continue };
        out.push_str(&format!(
            "{}  {} in {}: {} of the window, {} without a date\n",
            source.id,
            match done.listed {
                1 => "1 address".to_owned(),
                listed => format!("{listed} addresses"),
            },
            counted(done.documents, "archive document"),
            done.wanted,
            done.undated
        ));
        out.push_str(&format!(
            "{}  {} had before, {} fetched, {} left; {} new, {}, {} failed\n",
            " ".repeat(source.id.len()),
            done.known,
            done.fetched,
            done.left,
            source.new,
            counted(source.duplicates, "duplicate"),
            counted(source.pages_failed, "page")
        ));
        if done.left > 0 {
            out.push_str("the same command goes on from here\n");
        }
    }
    out.push_str(&format!("{} in {}\n", size(summary.bytes), time(summary.seconds)));
    out
}

fn line(source: &SourceSummary, width: usize) -> String {
    let id = &source.id;
    if !source.is_ok() {
        let why = source.error.as_deref().unwrap_or("nothing was attempted");
        return format!("{id:width$}  FAIL  {}\n", clean::line(why));
    }
    let mut notes = String::new();
    if source.pages_failed > 0 {
        notes.push_str(&format!("  {} failed", counted(source.pages_failed, "page")));
    }
    if source.unreadable > 0 {
        notes.push_str(&format!("  {} without readable text", source.unreadable));
    }
    for miss in source
        .rule_misses
        .iter()
        .filter(|miss| miss.is_essential() || miss.never())
    {
        notes.push_str(&format!("  rule for {}", miss.words()));
    }
    if source.gaps > 0 {
        notes.push_str("  listing gap");
    }
    if let Some(error) = &source.error {
        notes.push_str(&format!("  {}", clean::line(error)));
    }
    format!(
        "{id:width$}  ok    {:>4} listed  {:>4} new  {:>3} changed  {:>3} gone  {}{notes}\n",
        source.listed,
        source.new,
        source.changed,
        source.gone,
        time(source.seconds),
    )
}

fn time(seconds: f64) -> String {
    match seconds as u64 {
        0..60 => format!("{seconds:.1} s"),
        s => format!("{} min {:02} s", s / 60, s % 60),
    }
}

/// `12.3 MB`
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
