//! Parses, calls, and turns an error into text and an exit code.

use std::io::Write;

use vigie::cli::{self, Cli, Exit};
use vigie::report;

fn main() -> Exit {
    // clap shows the help where nothing was asked, but not where an environment variable stands for an option.
    if std::env::args_os().len() <= 1 {
        write!(std::io::stderr(), "{}", Cli::command_line().render_help()).ok();
        return Exit::Usage;
    }
    let cli = Cli::read();
    cli.common.start_log();
    match cli::run(cli) {
        Ok(exit) => exit,
        Err(error) if is_broken_pipe(&error) => Exit::Done,
        Err(error) => {
            let text = report::clean::printable(&format!("error: {error:#}"));
            // Nobody listening changes nothing about the exit code.
            writeln!(std::io::stderr(), "{text}").ok();
            Exit::of(&error)
        }
    }
}

/// `vigie query … | head` closes our output early; that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause
            .downcast_ref::<serde_json::Error>()
            .and_then(serde_json::Error::io_error_kind);
        io == Some(BrokenPipe) || json == Some(BrokenPipe)
    })
}
