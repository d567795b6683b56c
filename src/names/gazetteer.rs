//! Countries and cities of 100,000 people and more, with their names in many scripts.
//!
//! Takes the packed table of `data/reference` (`tools/make-gazetteer.py`), gives places and the names that begin at a
//! given place of plain text. Read when it is first asked for; never edited, never an opinion about a border.

use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use super::data::unpack;
use crate::text::pieces::is_unspaced;
use crate::text::plain::plain;

static PACKED: &[u8] = include_bytes!("../../data/reference/gazetteer.zst");

/// The table as it comes with vigie.
pub fn builtin() -> &'static Gazetteer {
    static READ: OnceLock<Gazetteer> = OnceLock::new();
    READ.get_or_init(|| Gazetteer::read(unpack(PACKED)))
}

/// No places: the lexicon alone.
pub fn none() -> &'static Gazetteer {
    static NONE: OnceLock<Gazetteer> = OnceLock::new();
    NONE.get_or_init(|| Gazetteer::read(String::new()))
}

#[derive(Debug)]
pub struct Gazetteer {
    text: String,
    folded: String,
    places: Vec<Row>,
    names: Vec<Spelling>,
    /// Hash of the first word (of a run: of its first two characters) and the name, sorted.
    heads: Vec<(u32, u32)>,
    /// Where the hashes begin whose upper bits these are.
    buckets: Vec<u32>,
}

#[derive(Debug)]
struct Row {
    id: (u32, u32),
    country: (u32, u32),
    kind: PlaceKind,
    /// Its names, from here to where those of the next place begin.
    first: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// Of no country: a name that only hides those within it (New Mexico).
    Nowhere,
    Country,
    City,
}

/// How far a name can be trusted alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Sure,
    /// Also a word, a person, or another place: counts where the text speaks of its country, or says "in" before it.
    Ambiguous,
    /// In Chinese also a word: counts before 市.
    BeforeCity,
    /// Of a country's people and things: counts in a text, widens no query.
    Demonym,
}

#[derive(Debug)]
struct Spelling {
    written: (u32, u32),
    folded: (u32, u32),
    place: u32,
    trust: Trust,
    given: bool,
    french: bool,
}

/// A place by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceNo(pub u32);

/// A name by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameNo(pub u32);

#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub id: &'a str,
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2, empty for nowhere.
    pub country: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    pub written: &'a str,
    /// As `text::plain` has it.
    pub folded: &'a str,
    pub place: PlaceNo,
    pub trust: Trust,
    /// Also a first name.
    pub given: bool,
    /// The place's name in French alone, where it is no other place's.
    pub french: bool,
}

/// Before a name that a place has in French alone.
const FRENCH: &str = "fr=";
const BUCKET_BITS: u32 = 14;

impl Gazetteer {
    /// One place a line: id, kind, country, names between bars with the sign of their trust.
    fn read(text: String) -> Gazetteer {
        let mut all = Gazetteer {
            folded: String::with_capacity(text.len()),
            places: Vec::new(),
            names: Vec::new(),
            heads: Vec::new(),
            buckets: Vec::new(),
            text: String::new(),
        };
        let at = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            (start as u32, (start + part.len()) as u32)
        };
        for line in text.lines() {
            let mut parts = line.split('\t');
            let (Some(id), Some(kind), Some(country), Some(names)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let kind = match kind {
                "C" => PlaceKind::Country,
                "T" => PlaceKind::City,
                _ => PlaceKind::Nowhere,
            };
            let place = all.places.len() as u32;
            all.places.push(Row {
                id: at(id),
                country: at(country),
                kind,
                first: all.names.len() as u32,
            });
            for name in names.split('|') {
                let (trust, written) = match name.as_bytes().first() {
                    Some(b'?') => (Trust::Ambiguous, &name[1..]),
                    Some(b'!') => (Trust::BeforeCity, &name[1..]),
                    Some(b'~') => (Trust::Demonym, &name[1..]),
                    Some(b'^') => (Trust::Sure, &name[1..]),
                    _ => (Trust::Sure, name.strip_prefix(FRENCH).unwrap_or(name)),
                };
                let french = name.starts_with(FRENCH);
                let given = name.starts_with('^');
                let form = plain(written).text;
                // Korean sets its spaces freely: 멕시코 시티 is also 멕시코시티.
                let closed = (form.contains(' ') && form.split(' ').all(|word| word.starts_with(is_unspaced)))
                    .then(|| form.replace(' ', ""));
                for form in std::iter::once(form).chain(closed).filter(|form| !form.is_empty()) {
                    let start = all.folded.len() as u32;
                    all.folded.push_str(&form);
                    all.heads.push((hash(head(&form)), all.names.len() as u32));
                    all.names.push(Spelling {
                        written: at(written),
                        folded: (start, all.folded.len() as u32),
                        place,
                        trust,
                        given,
                        french,
                    });
                }
            }
        }
        all.heads.sort_unstable();
        all.buckets = (0..=1u32 << BUCKET_BITS)
            .map(|bucket| {
                let floor = u64::from(bucket) << (32 - BUCKET_BITS);
                all.heads.partition_point(|(hash, _)| u64::from(*hash) < floor) as u32
            })
            .collect();
        all.text = text;
        all
    }

    pub fn places(&self) -> impl Iterator<Item = PlaceNo> + use<> {
        (0..self.places.len() as u32).map(PlaceNo)
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub fn place(&self, no: PlaceNo) -> Place<'_> {
        let row = &self.places[no.0 as usize];
        Place {
            id: slice(&self.text, row.id),
            kind: row.kind,
            country: slice(&self.text, row.country),
        }
    }

    pub fn name(&self, no: NameNo) -> Name<'_> {
        let spelling = &self.names[no.0 as usize];
        Name {
            written: slice(&self.text, spelling.written),
            folded: slice(&self.folded, spelling.folded),
            place: PlaceNo(spelling.place),
            trust: spelling.trust,
            given: spelling.given,
            french: spelling.french,
        }
    }

    /// The names of a place, the usual English one first.
    pub fn names_of(&self, no: PlaceNo) -> impl Iterator<Item = Name<'_>> {
        let first = self.places.get(no.0 as usize).map_or(0, |row| row.first);
        let end = self.places.get(no.0 as usize + 1).map(|row| row.first);
        (first..end.unwrap_or(self.names.len() as u32)).map(|name| self.name(NameNo(name)))
    }

    /// The names that `rest`, the plain text from the beginning of a word or within a run, begins with.
    pub fn beginning(&self, rest: &str) -> impl Iterator<Item = NameNo> {
        let hash = hash(head(rest));
        let bucket = (hash >> (32 - BUCKET_BITS)) as usize;
        let (from, to) = match (self.buckets.get(bucket), self.buckets.get(bucket + 1)) {
            (Some(from), Some(to)) => (*from as usize, *to as usize),
            _ => (0, 0),
        };
        self.heads[from..to]
            .iter()
            .filter(move |(own, _)| *own == hash)
            .map(|(_, name)| NameNo(*name))
            .filter(move |no| rest.starts_with(self.name(*no).folded))
    }

    /// Does any name begin with the first word (or two characters) of this?
    pub fn begins(&self, plain: &str) -> bool {
        let hash = hash(head(plain));
        self.heads.binary_search_by_key(&hash, |(own, _)| *own).is_ok()
    }

    /// The names that are spelled so, whatever the language: `plain` is a whole name in plain text.
    pub fn spelled(&self, plain: &str) -> impl Iterator<Item = NameNo> {
        self.beginning(plain)
            .filter(move |no| self.name(*no).folded.len() == plain.len() && !self.name(*no).french)
    }

    pub fn with_id(&self, id: &str) -> Option<PlaceNo> {
        self.places()
            .find(|no| self.place(*no).id.eq_ignore_ascii_case(id) && self.place(*no).kind != PlaceKind::Nowhere)
    }
}

fn slice(text: &str, (from, to): (u32, u32)) -> &str {
    text.get(from as usize..to as usize).unwrap_or_default()
}

fn hash(head: &str) -> u32 {
    (xxh3_64(head.as_bytes()) >> 32) as u32
}

/// The first word, or the first two characters of a run.
fn head(plain: &str) -> &str {
    let mut chars = plain.char_indices();
    match chars.next() {
        Some((_, c)) if is_unspaced(c) => {
            chars.next();
            &plain[..chars.next().map_or(plain.len(), |(at, _)| at)]
        }
        _ => &plain[..plain.find(' ').unwrap_or(plain.len())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let all = builtin();
        assert!(
            all.len() > 6_000 && all.names.len() > 30_000,
            "{} {}",
            all.len(),
            all.names.len()
        );
        let countries = all
            .places()
            .filter(|no| all.place(*no).kind == PlaceKind::Country)
            .count();
        assert!(countries > 230, "{countries}");
    }

    #[test]
    fn a_name_in_any_script_leads_to_its_place() {
        let all = builtin();
        for (name, id) in [
            ("Brésil", "brazil"),
            ("巴西", "brazil"),
            ("브라질", "brazil"),
            ("Бразилия", "brazil"),
            ("ブラジル", "brazil"),
            ("LYON", "lyon"),
            ("里昂", "lyon"),
            ("Le Caire", "cairo"),
            ("開羅", "cairo"),
            ("Londres", "london"),
            ("Аргентина", "argentina"),
            ("New-York", "new-york-city"),
        ] {
            let found: Vec<&str> = all
                .spelled(&plain(name).text)
                .map(|no| all.place(all.name(no).place).id)
                .collect();
            assert!(found.contains(&id), "{name}: {found:?}");
        }
        // countrynames has these; they are no countries.
        for (name, wrong) in [("London", "united-kingdom"), ("American", "northern-mariana-islands")] {
            let found: Vec<&str> = all
                .spelled(&plain(name).text)
                .map(|no| all.place(all.name(no).place).id)
                .collect();
            assert!(!found.contains(&wrong), "{name}: {found:?}");
        }
    }

    #[test]
    fn ids_are_unique_and_can_be_typed() {
        let all = builtin();
        let mut ids: Vec<&str> = all.places().map(|no| all.place(no).id).collect();
        for id in &ids {
            assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{id}");
        }
        ids.sort_unstable();
        let before = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), before);
    }

    #[test]
    fn a_broken_line_is_passed_over() {
        let all = Gazetteer::read("lyon\tT\tFR\tLyon|里昂\nbroken\n\tC\n".to_owned());
        assert_eq!((all.len(), all.names.len()), (1, 2));
        assert!(all.spelled("里昂").next().is_some());
        assert!(none().is_empty() && none().spelled("lyon").next().is_none());
    }
}
