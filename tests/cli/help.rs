//! `--help`: what a person reads first.

use crate::run::vigie;
use crate::snapshot;

/// The commands that a help page lists.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        // A description that goes on below is indented further.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_explains_itself() {
    let top = vigie(&["--help"]).exits(0).out;
    snapshot!("help", &top);
    let names = commands(&top);
    assert!(names.len() >= 15, "{names:?}");
    for name in &names {
        let help = vigie(&[name, "--help"]).exits(0).out;
        snapshot!(format!("help_{name}"), &help);
        for below in commands(&help) {
            let help = vigie(&[name, &below, "--help"]).exits(0).out;
            snapshot!(format!("help_{name}_{below}"), &help);
        }
    }
}

#[test]
fn help_is_at_most_a_hundred_columns_wide() {
    let top = vigie(&["--help"]).exits(0).out;
    for name in commands(&top) {
        for line in vigie(&[&name, "--help"]).exits(0).out.lines() {
            let wide = unicode_width::UnicodeWidthStr::width(line);
            assert!(wide <= 100, "{name}: {wide} columns: {line}");
        }
    }
}

#[test]
fn the_version_is_one_line() {
    let version = vigie(&["--version"]).exits(0).out;
    assert_eq!(version, format!("vigie {}\n", env!("CARGO_PKG_VERSION")));
}
