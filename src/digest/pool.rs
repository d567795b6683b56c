//! The worker threads that derive: pages in, states out, in whatever order they are done.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::digest::derive::{Derivation, Deriver, Material};

/// Pages waiting for a worker at most: about what one second of a quick night brings, so that memory
/// stays bounded when the network is faster than the reading.
const WAITING: usize = 256;

/// Threads that turn materials into states and hand each result to `done`.
pub struct Pool {
    queue: Option<SyncSender<(u64, Material)>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// `done` is called on the workers' threads with the sequence number that the material came with.
    pub fn start<F>(deriver: Arc<Deriver>, done: F) -> Pool
    where
        F: Fn(u64, Box<Derivation>) + Clone + Send + 'static,
    {
        let (queue, waiting) = sync_channel::<(u64, Material)>(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let count = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let workers = (0..count)
            .map(|_| {
                let (deriver, waiting, done) = (Arc::clone(&deriver), Arc::clone(&waiting), done.clone());
                std::thread::spawn(move || {
                    while let Some((number, material)) = next(&waiting) {
                        done(number, Box::new(derive(&deriver, &material)));
                    }
                })
            })
            .collect();
        Pool {
            queue: Some(queue),
            workers,
        }
    }

    /// Waits while the workers are behind.
    pub fn push(&self, number: u64, material: Material) {
        if let Some(queue) = &self.queue {
            // The receiver lives as long as a worker does, and no worker ends before the queue closes.
            queue.send((number, material)).ok();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue = None;
        for worker in self.workers.drain(..) {
            worker.join().ok();
        }
    }
}

fn next(waiting: &Mutex<Receiver<(u64, Material)>>) -> Option<(u64, Material)> {
    waiting
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .recv()
        .ok()
}

/// A page that makes a parser panic costs that page, not the night: the panic is logged with its
/// address and the page stays in the archive.
fn derive(deriver: &Deriver, material: &Material) -> Derivation {
    let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| deriver.derive(material)));
    attempt.unwrap_or_else(|_| {
        tracing::error!(
            url = material.url,
            page = material.page,
            "reading this page failed; it stays in the archive"
        );
        Derivation::default()
    })
}
