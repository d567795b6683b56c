//! Bars on a terminal, nothing elsewhere; and the signals that end a run.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_util::sync::CancellationToken;

use crate::cli::options::Common;
use crate::crawl::run::Event;
use crate::model::Source;

/// A bar over the sources, with the looks and pages of the moment beside it.
pub struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    pub fn start(common: &Common, sources: &[Source]) -> Progress {
        Progress::of(common, sources.len() as u64, "sources")
    }

    /// A bar of `total` things, or a counter where that is not known (0).
    pub fn of(common: &Common, total: u64, what: &str) -> Progress {
        let bar = if total > 0 {
            ProgressBar::new(total)
        } else {
            ProgressBar::no_length()
        };
        let shown = std::io::stderr().is_terminal() && !common.quiet && !common.json;
        bar.set_draw_target(if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        let form = if total > 0 {
            format!("{{bar:30}} {{pos}}/{{len}} {what}  {{msg}}")
        } else {
            format!("{{spinner}} {{pos}} {what}  {{msg}}")
        };
        if let Ok(style) = ProgressStyle::with_template(&form) {
            bar.set_style(style);
        }
        Progress {
            bar,
            quiet: common.quiet,
        }
    }

    /// What a run calls with its events.
    pub fn events(&self) -> Arc<dyn Fn(Event) + Send + Sync> {
        let bar = self.bar.clone();
        let quiet = self.quiet;
        let (looks, pages) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(move |event| {
            match event {
                Event::Looked => {
                    looks.fetch_add(1, Ordering::Relaxed);
                }
                Event::Fetched => {
                    pages.fetch_add(1, Ordering::Relaxed);
                }
                Event::Visited { .. } => bar.inc(1),
                Event::Recovered(words) => {
                    if !quiet {
                        bar.suspend(|| eprintln!("{words}"));
                    }
                    return;
                }
            }
            bar.set_message(format!(
                "{} looks, {} pages",
                looks.load(Ordering::Relaxed),
                pages.load(Ordering::Relaxed)
            ));
        })
    }

    pub fn at(&self, position: u64) {
        self.bar.set_position(position);
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The first Ctrl-C (or SIGTERM) asks the run to drain; a second ends the process at once, which loses
/// nothing that was acknowledged.
pub fn cancel_on_signal() -> CancellationToken {
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            asked_to_stop().await;
            eprintln!("stopping after what is under way (once more to stop at once)");
            token.cancel();
            asked_to_stop().await;
            std::process::exit(130);
        });
    });
    cancel
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    if let Ok(mut terminate) = signal(SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    } else {
        tokio::signal::ctrl_c().await.ok();
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    tokio::signal::ctrl_c().await.ok();
}
