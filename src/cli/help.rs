//! The texts below a command's options, broken into lines by the terminal's width alone.

use clap::Command;

/// The same for a command and all below it.
pub fn flowing(command: Command) -> Command {
    let text = command.get_after_help().map(|text| flow(&text.to_string()));
    let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    let command = match text {
        Some(text) => command.after_help(text),
        None => command,
    };
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, flowing))
}

/// One line a paragraph; what is indented (examples) stays as it stands.
fn flow(text: &str) -> String {
    let mut out = String::new();
    let mut may_go_on = false;
    for line in text.lines() {
        let runs = !line.is_empty() && !line.starts_with(' ');
        match (runs && may_go_on, out.is_empty()) {
            (true, _) => out.push(' '),
            (false, false) => out.push('\n'),
            (false, true) => {}
        }
        out.push_str(line);
        may_go_on = runs && !line.ends_with(':');
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn paragraphs_flow_and_examples_stand() {
        assert_eq!(
            super::flow("Examples:\n  vigie a\n  vigie b\n\nOne thing\nand another.\n\nLast."),
            "Examples:\n  vigie a\n  vigie b\n\nOne thing and another.\n\nLast."
        );
    }
}
