//! Every command's output, error text and exit code, on the store that the demonstration leaves.
//! The snapshots are read as a stranger reads them: a unit, a plural or a word that is missing is a fault.

#[path = "common/run.rs"]
mod run;

#[path = "cli/attending.rs"]
mod attending;
#[path = "cli/coding.rs"]
mod coding;
#[path = "cli/comparing.rs"]
mod comparing;
#[path = "cli/editions.rs"]
mod editions;
#[path = "cli/evidence.rs"]
mod evidence;
#[path = "cli/exporting.rs"]
mod exporting;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/importing.rs"]
mod importing;
#[path = "cli/keeping.rs"]
mod keeping;
#[path = "cli/mistakes.rs"]
mod mistakes;
#[path = "cli/saved.rs"]
mod saved;
#[path = "cli/searching.rs"]
mod searching;
#[path = "cli/showing.rs"]
mod showing;
#[path = "cli/topics.rs"]
mod topics;

use run::{Place, demo};

/// The demonstration's place.
fn place() -> &'static Place {
    &demo().0
}

/// The keys of a JSON object, in order of the alphabet.
fn keys(value: &serde_json::Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap_or_else(|| panic!("no object: {value}"))
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// A snapshot without what differs from run to run: seconds, the version, and places in the archive, whose
/// records stand in the order in which the servers answered.
macro_rules! snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({
            filters => [
                (r"\d+\.\d s\b", "[time]"),
                (r"vigie \d+\.\d+\.\d+", "vigie [version]"),
                (r"\d+\.\d [kM]B\b", "[size]"),
                (r"\.warc\.gz\s+at\s+\d+", ".warc.gz at [offset]"),
                (r"damage at byte \d+: .*", "damage at byte [offset]: [what]"),
            ],
        }, { insta::assert_snapshot!($name, $text) })
    };
}
pub(crate) use snapshot;
