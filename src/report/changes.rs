//! What changed since the last export, for a terminal.

use crate::model::export::{Change, Export, What};
use crate::report::clean;
use crate::report::table::wrap;
use crate::text::durations;

pub fn terminal(before: &Export, changes: &[Change]) -> String {
    let mut out = format!("since export {}:\n", durations::minute_utc(before.at));
    for change in changes {
        let sign = match change.what {
            What::New => '+',
            What::Changed => '~',
            What::Left => '-',
            What::Same => '=',
        };
        let line = wrap(&clean::line(&change.sentence), 2, 4);
        out.push_str(&format!("{sign} {}", line.trim_start()));
    }
    if changes.iter().all(|change| change.what == What::Same) {
        out.push_str("nothing else has changed\n");
    }
    out
}
