//! What tests of the program as a whole share: running it, and one demonstration's store for all tests of a file.

#![allow(dead_code, reason = "every test binary compiles all of this and uses a part")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The end of the demonstration's window: what "now" is for whoever looks at its store.
pub const NOW: &str = "2009-12-18T06:00:00Z";
/// The demonstration's story and window, as a person types them.
pub const STORY: &str = "@france @north-korea @jack-lang";
pub const WINDOW: [&str; 4] = ["--since", "2009-12-14", "--until", "2009-12-18T06:00Z"];

/// What a run of the program left.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().expect("ended by a signal"),
            out: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            err: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// Fails with both streams in full unless the run ended with `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in:\n{}\n{}", self.out, self.err))
    }

    /// All that a person sees, in one text for a snapshot.
    pub fn page(&self) -> String {
        let mut page = self.out.clone();
        if !self.err.is_empty() {
            page.push_str("── stderr\n");
            page.push_str(&self.err);
        }
        page.push_str(&format!("── exit {}\n", self.code));
        page
    }
}

/// The program as it was when the tests began: a build that goes on meanwhile would exchange it between
/// two runs of one test.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // One folder for each checkout and test file, so that what is left behind does not grow.
        let checkout = env!("CARGO_MANIFEST_DIR").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let folder = format!("{}{checkout}", env!("CARGO_CRATE_NAME"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        std::fs::create_dir_all(&folder).expect("a folder for the program");
        let kept = folder.join("vigie");
        std::fs::remove_file(&kept).ok();
        std::fs::hard_link(env!("CARGO_BIN_EXE_vigie"), &kept).expect("a second name for the program");
        kept
    })
}

/// The program, in an environment of its own, without the encoder: a development build is slow at it.
pub fn command() -> Command {
    let mut command = Command::new(program());
    command.env_clear().stdin(Stdio::null());
    command.env("VIGIE_NO_ENCODER", "1");
    // Help is wrapped to the terminal's width where there is one.
    command.env("COLUMNS", "100");
    command
}

/// With the encoder where that is what is asked for.
fn asked(args: &[&str]) -> Command {
    let mut command = command();
    if args.first() == Some(&"embed") {
        command.env_remove("VIGIE_NO_ENCODER");
    }
    command.args(args);
    command
}

pub fn vigie(args: &[&str]) -> Ran {
    Ran::of(asked(args).output().expect("the program starts"))
}

/// The same with something on its standard input.
pub fn fed(args: &[&str], input: &[u8]) -> Ran {
    let mut command = asked(args);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that does not read to the end closes the pipe, which is for the test to judge by what it said.
    stdin.write_all(input).ok();
    drop(stdin);
    Ran::of(child.wait_with_output().expect("the program ends"))
}

/// A folder with `sources.toml`, `topics.toml`, `lexicon.toml` and `data/`.
pub struct Place {
    dir: TempDir,
}

impl Place {
    pub fn empty() -> Place {
        Place {
            dir: TempDir::new().expect("a temporary folder"),
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    pub fn database(&self) -> PathBuf {
        self.data().join("vigie.db")
    }

    /// Runs a command on this place, at the end of the demonstration's window.
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("the program starts"))
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = command();
        // Before the command, where no `--` of its own can come between.
        command.current_dir(self.path()).args(["--now", NOW]).args(args);
        command
    }

    /// The comparison of the demonstration's story.
    pub fn compare(&self, more: &[&str]) -> Ran {
        let mut args = vec!["compare", STORY];
        args.extend(WINDOW);
        args.extend(more);
        self.run(&args)
    }

    /// The same files once more, to be spoilt.
    pub fn copy(&self) -> Place {
        let copy = Place::empty();
        copy_folder(self.path(), copy.path());
        copy
    }

    pub fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).expect("the store opens")
    }

    pub fn count(&self, sql: &str) -> usize {
        let n: i64 = self.sql().query_row(sql, [], |row| row.get(0)).expect("a count");
        usize::try_from(n).expect("a count is not negative")
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// The demonstration, run once for all tests of a file: its place and what it printed.
pub fn demo() -> &'static (Place, Ran) {
    static DEMO: OnceLock<(Place, Ran)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let place = Place::empty();
        let ran = Ran::of(
            command()
                .current_dir(place.path())
                .args(["demo", "--dir", "."])
                .output()
                .expect("the program starts"),
        );
        (place, ran.exits(0))
    })
}
