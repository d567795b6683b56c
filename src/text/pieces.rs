//! Cuts text into words and runs of Han, kana and Hangul, folded, each with its place in the original.
//!
//! Takes text, hands folded pieces to the caller one by one. Never knows what they are for: `tokens` makes index and
//! query of them, `plain` the text that tags are found in, fingerprints their shingles.
//!
//! Rules, the same for every user:
//! - a word is a run of letters and digits; a hyphen, a space, any other sign ends it (`Kim Jong-il` = `Kim Jong Il`);
//! - dotted initials are one word: `U.N.` = `UN`, `R.P.D.C.` = `RPDC`;
//! - French elisions go (`l'accord` = `accord`), `aujourd'hui` and `prud'homme` are one word, an English `'s` goes;
//! - groups of three digits behind a comma, a no-break or a thin space are one number: `1,184` = `1 184` (U+202F) = `1184`;
//!   a dot never joins digits, because `14.12.2009` is no number and `1.184` is two different ones in French and English;
//! - the dot inside a transliterated name joins its halves: `雅克·朗` = `雅克朗`.

use unicode_normalization::char::is_combining_mark;

use super::fold::FoldedChar;

/// A stretch of the original that stands for one word or one unspaced run.
#[derive(Debug)]
pub enum Piece<'a> {
    Word {
        /// Folded; letters and digits only.
        text: &'a str,
        /// Bytes in the original.
        start: usize,
        end: usize,
        /// Digits only.
        number: bool,
    },
    Run(&'a Run),
}

/// A run of Han, kana and Hangul, with the place of every character.
#[derive(Debug, Default)]
pub struct Run {
    text: String,
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// In the folded text.
    at: u32,
    /// In the original. Texts are far below 4 GB: `fetch` caps bodies.
    start: u32,
    end: u32,
}

impl Run {
    /// Folded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// In characters.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Characters `from..to` with the bytes of the original they stand for; empty when out of range.
    pub fn span(&self, from: usize, to: usize) -> (&str, usize, usize) {
        let (Some(first), Some(last)) = (
            self.places.get(from),
            to.checked_sub(1).and_then(|i| self.places.get(i)),
        ) else {
            return ("", 0, 0);
        };
        let end = self.places.get(to).map_or(self.text.len(), |next| next.at as usize);
        let text = self.text.get(first.at as usize..end).unwrap_or_default();
        (text, first.start as usize, last.end as usize)
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        self.places.push(Place {
            at: self.text.len() as u32,
            start: start as u32,
            end: end as u32,
        });
        self.text.push(c);
    }
}

/// Hands every piece of `text` to `each`, in order.
pub fn pieces(text: &str, each: impl FnMut(Piece<'_>)) {
    let mut cutter = Cutter {
        text,
        each,
        held: Atom::default(),
        atom: Atom::default(),
        gap: Gap::None,
        run: Run::default(),
        dot_in_run: false,
    };
    let bytes = text.as_bytes();
    let mut folded = FoldedChar::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() {
            let length = bytes[at..]
                .iter()
                .position(|b| !b.is_ascii_alphanumeric())
                .unwrap_or(bytes.len() - at);
            cutter.ascii(at, at + length);
            at += length;
        } else if byte.is_ascii() {
            cutter.separator(byte as char, false);
            at += 1;
        } else {
            let end = folded.fold_at(text, at);
            if folded.mark && folded.as_slice().is_empty() {
                cutter.extend_to(at, end);
            }
            for &c in folded.as_slice() {
                if is_unspaced(c) {
                    cutter.unspaced(c, at, end);
                } else if is_word_char(c) {
                    cutter.letter(c, at, end);
                } else {
                    cutter.separator(c, true);
                }
            }
            at = end;
        }
    }
    cutter.close_atom();
    cutter.flush_held();
    cutter.flush_run();
}

/// Scripts written without spaces that the index cuts into bigrams; Hangul is cut too, so that particles
/// (프랑스는) and compounds (조선중앙통신) do not hide a word.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303C}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{312F}' | '\u{3131}'..='\u{318E}' | '\u{31A0}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97C}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{D7B0}'..='\u{D7FB}' | '\u{F900}'..='\u{FAFF}' | '\u{FFA1}'..='\u{FFDC}'
        | '\u{1B000}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFD}')
}

/// A letter or digit as FTS5's unicode61 has it (categories L and N): Rust's "alphabetic" also counts vowel signs.
pub fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !c.is_ascii() && c.is_alphanumeric() && !is_combining_mark(c) && !is_no_letter_to_fts5(c)
}

/// What Unicode calls alphabetic and SQLite's tables do not: symbols of category So that NFKC leaves alone (🅐, 🅰), and
/// vowel signs of New Tai Lue and two Vedic signs that were marks before Unicode 8 and 12. Found by asking FTS5 about
/// every character there is (`tests/tokens.rs`).
fn is_no_letter_to_fts5(c: char) -> bool {
    matches!(c, '\u{1F130}'..='\u{1F189}' | '\u{19B0}'..='\u{19C0}' | '\u{19C8}' | '\u{19C9}' | '\u{1CF2}' | '\u{1CF3}')
}

/// What stood between the last closed word and the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Gap {
    None,
    Dot,
    Apostrophe,
    Comma,
    /// A no-break or thin space, as French groups digits.
    NoBreak,
    Other,
}

/// A word in the making.
#[derive(Debug, Default)]
struct Atom {
    /// Used when the original is not already folded.
    own: String,
    copied: bool,
    start: usize,
    end: usize,
    live: bool,
    /// One letter, or initials joined so far.
    initials: bool,
    grouped: bool,
    before: Option<Gap>,
}

impl Atom {
    fn text<'a>(&'a self, original: &'a str) -> &'a str {
        match self.copied {
            true => &self.own,
            false => original.get(self.start..self.end).unwrap_or_default(),
        }
    }

    /// Makes the text its own, so that something can be appended.
    fn copy(&mut self, original: &str) {
        if !self.copied {
            self.own.clear();
            self.own
                .push_str(original.get(self.start..self.end).unwrap_or_default());
            self.copied = true;
        }
    }

    fn append(&mut self, other: &Atom, original: &str) {
        self.copy(original);
        self.own.push_str(other.text(original));
        self.end = other.end;
    }

    fn reset(&mut self) {
        self.own.clear();
        self.copied = false;
        self.live = false;
        self.initials = false;
        self.grouped = false;
        self.before = None;
    }
}

struct Cutter<'t, F> {
    text: &'t str,
    each: F,
    /// The last word, kept back because the next one may join it.
    held: Atom,
    atom: Atom,
    gap: Gap,
    run: Run,
    dot_in_run: bool,
}

impl<F: FnMut(Piece<'_>)> Cutter<'_, F> {
    fn open_atom(&mut self, start: usize) {
        if !self.atom.live {
            self.flush_run();
            self.atom.live = true;
            self.atom.start = start;
            self.atom.end = start;
            self.atom.before = Some(self.gap);
            self.gap = Gap::None;
        }
    }

    fn ascii(&mut self, start: usize, end: usize) {
        let Some(span) = self.text.get(start..end) else { return };
        self.open_atom(start);
        let folded = !span.bytes().any(|byte| byte.is_ascii_uppercase());
        if folded && !self.atom.copied && self.atom.end == start {
            self.atom.end = end;
            return;
        }
        self.atom.copy(self.text);
        if folded {
            self.atom.own.push_str(span);
        } else {
            self.atom.own.extend(span.chars().map(|c| c.to_ascii_lowercase()));
        }
        self.atom.end = end;
    }

    fn letter(&mut self, c: char, start: usize, end: usize) {
        self.open_atom(start);
        self.atom.copy(self.text);
        self.atom.own.push(c);
        self.atom.end = end;
    }

    fn unspaced(&mut self, c: char, start: usize, end: usize) {
        self.close_atom();
        self.flush_held();
        self.dot_in_run = false;
        self.run.push(c, start, end);
        self.gap = Gap::Other;
    }

    /// A mark belongs to the character before it.
    fn extend_to(&mut self, start: usize, end: usize) {
        if self.atom.live && self.atom.end == start {
            self.atom.copy(self.text);
            self.atom.end = end;
        } else if let Some(last) = self.run.places.last_mut().filter(|last| last.end as usize == start) {
            last.end = end as u32;
        }
    }

    fn separator(&mut self, c: char, wide: bool) {
        if c == '·' && !self.run.is_empty() && !self.dot_in_run {
            self.dot_in_run = true;
            return;
        }
        self.close_atom();
        self.flush_run();
        self.gap = match (self.gap, c) {
            (Gap::None, '.') => Gap::Dot,
            (Gap::None, '\'') => Gap::Apostrophe,
            (Gap::None, ',') => Gap::Comma,
            (Gap::None, ' ') if wide => Gap::NoBreak,
            _ => Gap::Other,
        };
    }

    /// The word has ended: joins it to the one before, or lets that one go and keeps this one back.
    fn close_atom(&mut self) {
        if !self.atom.live {
            return;
        }
        let text = self.text;
        let mut letters = self.atom.text(text).chars();
        self.atom.initials = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_alphabetic());
        let joined = self.held.live && self.join();
        if !joined {
            self.flush_held();
            std::mem::swap(&mut self.held, &mut self.atom);
        }
        self.atom.reset();
        self.gap = Gap::None;
    }

    fn join(&mut self) -> bool {
        let (text, held, atom) = (self.text, &mut self.held, &self.atom);
        match atom.before {
            Some(Gap::Dot) if held.initials && atom.initials => {
                held.append(atom, text);
                true
            }
            Some(Gap::Comma | Gap::NoBreak) if is_group(held, text) && is_digits(atom.text(text), 3) => {
                held.append(atom, text);
                held.grouped = true;
                true
            }
            Some(Gap::Apostrophe) => match (held.text(text), atom.text(text)) {
                ("aujourd", "hui") => {
                    held.append(atom, text);
                    true
                }
                ("prud", second) if second.starts_with("hom") => {
                    held.append(atom, text);
                    true
                }
                (first, _) if is_elision(first) => {
                    held.reset();
                    false
                }
                (_, "s") => true,
                _ => false,
            },
            _ => false,
        }
    }

    fn flush_held(&mut self) {
        if self.held.live {
            let text = self.held.text(self.text);
            let number = text.bytes().all(|byte| byte.is_ascii_digit());
            (self.each)(Piece::Word {
                text,
                start: self.held.start,
                end: self.held.end,
                number,
            });
        }
        self.held.reset();
    }

    fn flush_run(&mut self) {
        if !self.run.is_empty() {
            (self.each)(Piece::Run(&self.run));
            self.run.text.clear();
            self.run.places.clear();
        }
        self.dot_in_run = false;
    }
}

fn is_elision(word: &str) -> bool {
    matches!(
        word,
        "l" | "d" | "j" | "m" | "t" | "s" | "n" | "c" | "qu" | "jusqu" | "lorsqu" | "puisqu"
    )
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Up to three digits, or groups joined already.
fn is_group(atom: &Atom, original: &str) -> bool {
    let text = atom.text(original);
    atom.grouped || (1..=3).any(|length| is_digits(text, length))
}

/// Korean sets spaces freely: 핵 프로그램 is also written 핵프로그램.
pub fn without_inner_spaces(form: &str) -> Option<String> {
    let only_runs = form.split(' ').all(|word| word.starts_with(is_unspaced));
    (form.contains(' ') && only_runs).then(|| form.replace(' ', ""))
}
