//! What must hold of any bytes at all, in stable Rust: the functions that `fuzz/` drives with libFuzzer, run here over
//! their seeds, over every input that once broke them (`tests/crashes/TARGET/`), and over some thousand mutations.
//!
//! `VIGIE_EXTRA_INPUTS=DIR` sends every file below a directory through every target; `VIGIE_MUTATIONS=N` (with
//! `cargo test --release --test robustness`) makes more mutations, and `VIGIE_MUTATED=TARGET` those of one target only.

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

/// Of each target, unless `VIGIE_MUTATIONS` says otherwise. libFuzzer does a million at a time; these are for the day
/// between two such runs.
const MUTATIONS: usize = 5000;

/// Bytes of a mutated input: what an unoptimised build reads in about a millisecond.
const LONGEST: usize = 1024;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found.sort();
    found
}

/// The values of `key` in a table of named cases, written on one line.
fn cases(file: &str, key: &str) -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(root().join("tests/cases").join(file)).unwrap();
    let opening = format!("{key} = \"");
    let values = text
        .lines()
        .filter_map(|line| line.strip_prefix(&opening)?.strip_suffix('"'));
    values.map(|value| value.as_bytes().to_vec()).collect()
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let mut seeds = match target.name {
        "date" | "text" => cases("dates.toml", "raw"),
        "url" => cases("canonical.toml", "url"),
        "query" => cases("query.toml", "typed"),
        _ => Vec::new(),
    };
    let mut folders = vec![
        root().join("fuzz/seeds").join(target.name),
        root().join("tests/crashes").join(target.name),
    ];
    if target.name == "page" {
        folders.push(root().join("tests/pages"));
    }
    let paths = folders.iter().flat_map(|folder| files(folder));
    seeds.extend(paths.map(|path| std::fs::read(path).unwrap()));
    assert!(seeds.len() >= 3, "{} has only {} seeds", target.name, seeds.len());
    seeds
}

/// Runs one input; a broken property is told with the input, which is kept for `tests/crashes/`.
fn holds(target: &Target, input: &[u8], origin: &str) {
    let run = AssertUnwindSafe(|| targets::run(target.name, input));
    if catch_unwind(run).is_err() {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.bin", target.name));
        std::fs::write(&kept, input).unwrap();
        panic!("{}: broken by {origin}, kept in {}", target.name, kept.display());
    }
}

/// A generator that gives the same numbers on every machine (Marsaglia, "Xorshift RNGs", 2003).
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Bytes that parsers trip over: delimiters, ends of ranges, halves of characters.
const ODD: [u8; 16] = [
    0, 9, 10, 13, 0x1B, b'"', b'&', b'/', b'<', b'>', b']', 0x7F, 0x80, 0xC3, 0xE4, 0xFF,
];

fn mutated(chance: &mut Xorshift, seeds: &[Vec<u8>], longest: usize) -> Vec<u8> {
    let mut bytes = chance.pick(seeds).clone();
    if bytes.len() > longest {
        let from = chance.below(bytes.len() - longest);
        bytes = bytes[from..from + longest].to_vec();
    }
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + 1 + chance.below(24)).min(bytes.len());
        match chance.below(7) {
            0 => drop(bytes.splice(at..at, [*chance.pick(&ODD)])),
            1 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            2 if at < bytes.len() => bytes[at] = *chance.pick(&ODD),
            3 => drop(bytes.drain(at.min(end)..end)),
            4 => {
                let again = bytes[at.min(end)..end].repeat(1 + chance.below(8));
                bytes.splice(at..at, again);
            }
            5 => {
                let other = chance.pick(seeds);
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(40)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes.truncate(longest);
    bytes
}

#[test]
fn seeds_and_mended_crashes_hold() {
    for target in TARGETS {
        for (n, seed) in seeds(target).iter().enumerate() {
            holds(target, seed, &format!("seed {n}"));
        }
        // Nothing at all, and a knob without a body.
        holds(target, b"", "the empty input");
        holds(target, b"\x07", "a single byte");
    }
}

#[test]
fn every_crash_belongs_to_a_target() {
    for path in files(&root().join("tests/crashes")) {
        let folder = path.parent().and_then(Path::file_name).unwrap();
        assert!(TARGETS.iter().any(|target| folder == target.name), "{}", path.display());
    }
}

#[test]
fn mutated_seeds_hold() {
    let count = std::env::var("VIGIE_MUTATIONS").map_or(MUTATIONS, |n| n.parse().expect("VIGIE_MUTATIONS is a number"));
    let only = std::env::var("VIGIE_MUTATED").ok();
    let wanted = |target: &&Target| only.as_deref().is_none_or(|only| only == target.name);
    assert!(
        TARGETS.iter().any(|target| wanted(&target)),
        "no target is called {only:?}"
    );
    std::thread::scope(|scope| {
        for target in TARGETS.iter().filter(wanted) {
            scope.spawn(move || {
                let seeds = seeds(target);
                let mut chance = Xorshift(0x2009_1217);
                for n in 0..count {
                    let input = mutated(&mut chance, &seeds, target.longest.min(LONGEST));
                    holds(target, &input, &format!("mutation {n}"));
                }
            });
        }
    });
}

#[test]
fn inputs_collected_elsewhere_hold() {
    let Some(directory) = std::env::var_os("VIGIE_EXTRA_INPUTS") else {
        eprintln!("skipped: VIGIE_EXTRA_INPUTS names no directory");
        return;
    };
    let paths = files(Path::new(&directory));
    assert!(!paths.is_empty(), "there is nothing below {}", directory.display());
    for path in &paths {
        let raw = std::fs::read(path).unwrap();
        let mut unpacked = Vec::new();
        let is_packed = path.extension().is_some_and(|extension| extension == "gz")
            && flate2::read::MultiGzDecoder::new(raw.as_slice())
                .read_to_end(&mut unpacked)
                .is_ok();
        for target in TARGETS {
            holds(target, &raw, &path.display().to_string());
            if is_packed {
                holds(target, &unpacked, &format!("{}, unpacked", path.display()));
            }
        }
    }
    eprintln!("{} files through {} targets", paths.len(), TARGETS.len());
}
