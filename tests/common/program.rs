//! The program itself, as its users start it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::SiteServer;

/// A folder with a configuration and a store.
pub struct Desk {
    dir: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

/// The arguments of a crawl in which the server is every host.
pub fn crawl(server: &SiteServer, now: &str) -> Vec<String> {
    let address = server.addr().to_string();
    [
        "crawl",
        "--resolve-all",
        &address,
        "--allow-private",
        "--delay",
        "0s",
        "--now",
        now,
    ]
    .map(str::to_owned)
    .to_vec()
}

impl Desk {
    pub fn new() -> Desk {
        Desk {
            dir: tempfile::tempdir().expect("a folder"),
        }
    }

    /// With one English source, whose feed is `/rss.xml` of this host.
    pub fn of_source(id: &str, host: &str) -> Desk {
        let desk = Desk::new();
        desk.write(
            "sources.toml",
            format!(
                "[crawler]\ncontact = \"https://vigie.example/tests\"\n\n[[source]]\nid = \"{id}\"\nname = \"{id}\"\n\
                 home = \"http://{host}/\"\ncountry = \"GB\"\nlang = \"en\"\nownership = \"private\"\nkind = \"press\"\n\
                 timezone = \"UTC\"\nfeeds = [\"http://{host}/rss.xml\"]\n"
            ),
        );
        desk
    }

    pub fn crawl(&self, server: &SiteServer, now: &str, more: &[&str]) -> Ended {
        let args = crawl(server, now);
        let args = args.iter().map(String::as_str).chain(more.iter().copied());
        self.run(&args.collect::<Vec<_>>())
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    pub fn start(&self, args: &[&str]) -> Running {
        // Its vectors are tested where they matter; a development build is slow at them.
        self.start_with(args, "1")
    }

    /// The same with the sentence encoder.
    pub fn run_encoding(&self, args: &[&str]) -> Ended {
        self.start_with(args, "0").wait()
    }

    fn start_with(&self, args: &[&str], no_encoder: &str) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(args)
            .arg("--data")
            .arg(self.data())
            .arg("--config")
            .arg(self.path())
            .env_remove("VIGIE_DATA")
            .env_remove("VIGIE_CONFIG")
            .env_remove("VIGIE_TZ")
            .env_remove("VIGIE_LOG")
            .env("VIGIE_NO_ENCODER", no_encoder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = drain(child.stdout.take().expect("its output"));
        let err = drain(child.stderr.take().expect("its remarks"));
        Running {
            child,
            started: Instant::now(),
            out,
            err,
        }
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        self.start(args).wait()
    }
}

/// Reads a pipe to its end beside the program, so that it never blocks on a full one.
fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        pipe.read_to_end(&mut text).ok();
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// A command under way.
pub struct Running {
    child: Child,
    started: Instant,
    out: JoinHandle<String>,
    err: JoinHandle<String>,
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    /// SIGKILL: no handler runs, no buffer is flushed.
    pub fn kill(mut self) -> Ended {
        self.child.kill().ok();
        self.wait()
    }

    pub fn wait(mut self) -> Ended {
        let status: ExitStatus = self.child.wait().expect("its end");
        Ended {
            code: status.code(),
            took: self.started.elapsed(),
            out: self.out.join().expect("its output"),
            err: self.err.join().expect("its remarks"),
        }
    }
}
