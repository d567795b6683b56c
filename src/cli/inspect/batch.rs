//! Many rows at once: read line by line, worked on by every core, answered in order.
//!
//! Takes rows of JSON and a function, writes one answer a row. A row that cannot be read, or that makes the function
//! fail or panic, is answered with an `error`. Holds a bounded number of rows at a time, however many there are.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::{fs::File, thread};

use serde_json::{Map, Value};

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::report::json;

use super::Fields;

/// Jobs under way for each worker: enough that no worker waits for the one slow page before it.
const JOBS_A_WORKER: usize = 8;
/// A row longer than this is refused: sixteen times the longest article text seen, escaped.
const LONGEST_ROW: usize = 16 << 20;
/// The parser of a deeply nested page wants the stack that a main thread has.
const STACK: usize = 8 << 20;

/// One row as it was written, and the folder that its files are relative to.
pub struct Row {
    values: Map<String, Value>,
    folder: PathBuf,
}

impl Row {
    /// The text under `key`, if there is one.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key)?.as_str()
    }

    /// The text under `key`, without which there is nothing to do.
    pub fn required(&self, key: &str) -> Result<&str, String> {
        self.text(key).ok_or_else(|| format!("the row has no `{key}`"))
    }

    /// The bytes of the row's `file`, unpacked.
    pub fn file(&self) -> Result<Vec<u8>, String> {
        super::input::read(&self.folder.join(self.required("file")?))
    }

    /// The same of a feed or a sitemap, as far as it goes.
    pub fn listing(&self) -> Result<Vec<u8>, String> {
        super::input::listing(&self.folder.join(self.required("file")?))
    }
}

/// A line's number, and its text or why there is none.
type Line = (u64, Result<String, String>);

/// What a worker is given: lines, and where their answers go.
type Job = (Vec<Line>, SyncSender<Vec<Fields>>);

/// How the work is divided.
#[derive(Clone, Copy)]
pub struct Division {
    /// Rows that are worked on together, and how many bytes of them at most.
    pub rows: usize,
    pub bytes: usize,
    /// Workers at most, where each needs much memory.
    pub workers: usize,
}

/// Row by row, on every core.
const SINGLY: Division = Division {
    rows: 1,
    bytes: 0,
    workers: usize::MAX,
};

/// Answers every row of `rows` on stdout.
pub fn run(rows: &Path, work: impl Fn(&Row) -> anyhow::Result<Fields> + Sync) -> anyhow::Result<Exit> {
    run_together(rows, SINGLY, |rows| rows.iter().map(&work).collect())
}

/// The same for work that is quicker on several rows at once; it gives an answer for each, in order.
pub fn run_together(
    rows: &Path,
    division: Division,
    work: impl Fn(&[Row]) -> Vec<anyhow::Result<Fields>> + Sync,
) -> anyhow::Result<Exit> {
    let source: Box<dyn Read + Send> = if rows == Path::new("-") {
        Box::new(std::io::stdin())
    } else if rows.is_dir() {
        return Err(mistake(format!(
            "{} is a folder\nhint: a file of rows, one JSON object a line",
            rows.display()
        )));
    } else {
        Box::new(File::open(rows).map_err(|error| mistake(format!("cannot read {}: {error}", rows.display())))?)
    };
    let folder = rows
        .parent()
        .filter(|_| rows != Path::new("-"))
        .unwrap_or(Path::new(""));
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    answer(BufReader::new(source), folder, &mut out, division, work)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn answer(
    lines: impl BufRead + Send,
    folder: &Path,
    out: &mut impl Write,
    division: Division,
    work: impl Fn(&[Row]) -> Vec<anyhow::Result<Fields>> + Sync,
) -> anyhow::Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let workers = workers.min(division.workers);
    let (jobs, waiting) = sync_channel::<Job>(workers * JOBS_A_WORKER);
    // The answers are awaited in the order of the rows; each comes through a channel of its own.
    let (order, answers) = sync_channel::<Receiver<Vec<Fields>>>(workers * JOBS_A_WORKER);
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| -> anyhow::Result<()> {
        // Moved in, so that they are dropped, and the reader stops, when a write fails.
        let answers = answers;
        for _ in 0..workers {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
                loop {
                    let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((lines, reply)) = job else { break };
                    reply.send(together(lines, folder, &work)).ok();
                }
            })?;
        }
        scope.spawn(move || read_rows(lines, division, &jobs, &order));
        for answer in answers {
            // A worker answers every job it takes, so this fails only while the process is being torn down.
            let Ok(rows) = answer.recv() else { break };
            for fields in rows {
                writeln!(out, "{}", json::escaped(serde_json::to_string(&fields)?))?;
            }
        }
        Ok(())
    })
}

/// Hands on the lines until there are no more, or nobody wants them.
fn read_rows(
    mut lines: impl BufRead,
    division: Division,
    jobs: &SyncSender<Job>,
    order: &SyncSender<Receiver<Vec<Fields>>>,
) {
    let mut number = 0;
    let mut waiting = Vec::new();
    let mut bytes = 0;
    loop {
        let (line, last) = match next_line(&mut lines) {
            Ok(None) => break,
            Ok(Some(line)) => (line, false),
            // What cannot be read now cannot be read on: one row says so, and it is the last.
            Err(error) => (Err(format!("cannot read on: {error}")), true),
        };
        number += 1;
        if matches!(&line, Ok(text) if text.trim().is_empty()) {
            continue;
        }
        bytes += line.as_ref().map_or(0, String::len);
        waiting.push((number, line));
        if waiting.len() >= division.rows || bytes >= division.bytes {
            bytes = 0;
            if !send(std::mem::take(&mut waiting), jobs, order) {
                return;
            }
        }
        if last {
            break;
        }
    }
    if !waiting.is_empty() {
        send(waiting, jobs, order);
    }
}

fn send(lines: Vec<Line>, jobs: &SyncSender<Job>, order: &SyncSender<Receiver<Vec<Fields>>>) -> bool {
    let (reply, answer) = sync_channel(1);
    order.send(answer).is_ok() && jobs.send((lines, reply)).is_ok()
}

/// One line; the inner error is a line that is no text or too long, which is passed over.
fn next_line(lines: &mut impl BufRead) -> std::io::Result<Option<Result<String, String>>> {
    let mut bytes = Vec::new();
    let read = lines
        .by_ref()
        .take(LONGEST_ROW as u64 + 1)
        .read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.len() > LONGEST_ROW && bytes.last() != Some(&b'\n') {
        lines.skip_until(b'\n')?;
        return Ok(Some(Err(format!("the row is longer than {} MiB", LONGEST_ROW >> 20))));
    }
    Ok(Some(
        String::from_utf8(bytes).map_err(|_| "the row is not UTF-8".to_owned()),
    ))
}

/// What rows hold as text, and `null` where it is unknown.
const TEXTS: [&str; 8] = [
    "url",
    "file",
    "content_type",
    "robots",
    "agent",
    "text",
    "source",
    "fetched_at",
];

fn is_text(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

/// An answer for each line, in order.
fn together(
    lines: Vec<Line>,
    folder: &Path,
    work: &(impl Fn(&[Row]) -> Vec<anyhow::Result<Fields>> + Sync),
) -> Vec<Fields> {
    let mut rows = Vec::new();
    // The answer that a bad row has already, or the id of a good one.
    let read = lines.into_iter().map(|(number, line)| {
        let (id, row) = row(number, line, folder)?;
        rows.push(row);
        Ok(id)
    });
    let read: Vec<Result<Value, Fields>> = read.collect();
    // `work` changes nothing that outlives the rows, so nothing half-changed is seen after a panic.
    let answers = catch_unwind(AssertUnwindSafe(|| work(&rows))).unwrap_or_else(|panic| {
        let fault = format!("a fault in vigie: {}", panic_text(panic.as_ref()));
        rows.iter().map(|_| Err(anyhow::Error::msg(fault.clone()))).collect()
    });
    let mut answers = answers.into_iter();
    let answered = read.into_iter().map(|read| match read {
        Err(failed) => failed,
        Ok(id) => match answers.next() {
            Some(Ok(answer)) => {
                let mut fields = Fields::new();
                fields.insert("id".to_owned(), id);
                fields.extend(answer);
                fields
            }
            Some(Err(error)) => failed(id, &format!("{error:#}")),
            None => failed(id, "a fault in vigie: no answer was made"),
        },
    });
    answered.collect()
}

/// The id and the values of a line; the error is the answer.
fn row(number: u64, line: Result<String, String>, folder: &Path) -> Result<(Value, Row), Fields> {
    let parsed = line.and_then(|line| {
        // A byte order mark is what Windows editors begin a file with.
        serde_json::from_str::<Map<String, Value>>(line.trim_start_matches('\u{feff}'))
            .map_err(|error| format!("line {number} is no JSON object: {error}"))
    });
    let values = parsed.map_err(|error| failed(Value::from(number), &error))?;
    // A row without an id is known by its line.
    let id = values
        .get("id")
        .filter(|id| !id.is_null())
        .cloned()
        .unwrap_or_else(|| Value::from(number));
    if let Some(key) = TEXTS
        .iter()
        .find(|key| values.get(**key).is_some_and(|value| !is_text(value)))
    {
        return Err(failed(id, &format!("`{key}` is to be a text")));
    }
    let folder = folder.to_owned();
    Ok((id, Row { values, folder }))
}

fn failed(id: Value, error: &str) -> Fields {
    let mut fields = Fields::new();
    fields.insert("id".to_owned(), id);
    fields.insert("error".to_owned(), Value::from(error));
    fields
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words were left")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn answered(
        rows: impl BufRead + Send,
        out: &mut impl Write,
        division: Division,
        work: impl Fn(&Row) -> anyhow::Result<Fields> + Sync,
    ) -> anyhow::Result<()> {
        answer(rows, Path::new(""), out, division, |rows| {
            rows.iter().map(&work).collect()
        })
    }

    fn answers(rows: &str, work: impl Fn(&Row) -> anyhow::Result<Fields> + Sync) -> Vec<Value> {
        let mut out = Vec::new();
        answered(rows.as_bytes(), &mut out, SINGLY, work).unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn doubled(row: &Row) -> anyhow::Result<Fields> {
        let word = row.required("word").map_err(anyhow::Error::msg)?;
        match word {
            "panic" => panic!("asked for"),
            "slow" => thread::sleep(std::time::Duration::from_millis(30)),
            _ => {}
        }
        let mut fields = Fields::new();
        fields.insert("twice".to_owned(), Value::from(word.repeat(2)));
        Ok(fields)
    }

    #[test]
    fn order_is_kept_and_no_row_stops_the_rest() {
        let rows = "\u{feff}{\"id\":\"a\",\"word\":\"slow\"}\n{\"id\":7,\"word\":\"b\"}\n\nnot json\n{\"id\":\"c\"}\n\
                    {\"id\":\"d\",\"word\":\"panic\"}\n{\"word\":\"e\"}";
        let found = answers(rows, doubled);
        assert_eq!(found[0], serde_json::json!({"id": "a", "twice": "slowslow"}));
        assert_eq!(found[1], serde_json::json!({"id": 7, "twice": "bb"}));
        assert_eq!(found[2]["id"], 4);
        assert!(found[2]["error"].as_str().unwrap().contains("line 4"));
        assert_eq!(
            found[3],
            serde_json::json!({"id": "c", "error": "the row has no `word`"})
        );
        assert_eq!(
            found[4],
            serde_json::json!({"id": "d", "error": "a fault in vigie: asked for"})
        );
        assert_eq!(found[5], serde_json::json!({"id": 7, "twice": "ee"}));
        assert_eq!(found.len(), 6);
    }

    #[test]
    fn rows_worked_on_together_are_answered_one_by_one() {
        let rows = "{\"id\":\"a\",\"word\":\"a\"}\n[]\n{\"id\":\"b\"}\n{\"id\":\"c\",\"word\":\"c\"}\n{\"id\":\"d\",\"word\":\"d\"}";
        let mut singly = Vec::new();
        answered(rows.as_bytes(), &mut singly, SINGLY, doubled).unwrap();
        for (together, bytes) in [(2, 1 << 10), (3, 1 << 10), (9, 1 << 10), (9, 30)] {
            let division = Division {
                rows: together,
                bytes,
                workers: 2,
            };
            let mut out = Vec::new();
            answered(rows.as_bytes(), &mut out, division, doubled).unwrap();
            assert_eq!(
                String::from_utf8(out).unwrap(),
                String::from_utf8(singly.clone()).unwrap()
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_one_bad_row() {
        let mut out = Vec::new();
        let rows: &[u8] = b"{\"id\":\"\xff\"}\n{\"id\":\"b\",\"word\":\"b\"}\n";
        answered(rows, &mut out, SINGLY, doubled).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(
            out,
            "{\"id\":1,\"error\":\"the row is not UTF-8\"}\n{\"id\":\"b\",\"twice\":\"bb\"}\n"
        );
    }

    /// Hands out rows without end until it is told that nobody listens.
    struct Endless<'a>(&'a AtomicUsize);

    impl Read for Endless<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let row = b"{\"id\":1,\"word\":\"x\"}\n";
            self.0.fetch_add(1, Ordering::Relaxed);
            out[..row.len()].copy_from_slice(row);
            Ok(row.len())
        }
    }

    /// Takes so many bytes and then is a closed pipe.
    struct Closing(usize);

    impl Write for Closing {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0 < bytes.len() {
                return Err(std::io::ErrorKind::BrokenPipe.into());
            }
            self.0 -= bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_so_many_rows_are_read_ahead_and_a_closed_pipe_ends_it() {
        let read = AtomicUsize::new(0);
        let rows = BufReader::new(Endless(&read));
        let error = answered(rows, &mut Closing(2500), SINGLY, doubled).unwrap_err();
        assert_eq!(
            error.downcast_ref::<std::io::Error>().unwrap().kind(),
            std::io::ErrorKind::BrokenPipe
        );
        // 2,500 bytes are about a hundred answers; the rest is what was under way when the pipe closed.
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let most = 100 + 2 * workers * JOBS_A_WORKER + workers + 3;
        assert!(read.load(Ordering::Relaxed) <= most, "{read:?} of {most}");
    }
}
