//! `stories/ID.toml`: one story a file.
//!
//! Takes the file's text, gives the spec, and knows where in the file each part stands, so that whoever reads the
//! queries can say where a mistake is. Never reads a query itself.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::model::comparison::Remark;
use crate::model::story::{Pins, Spec, Theme, Window};
use crate::text::hash::sha256_hex;

use super::fields::{Fields, Key, file};
use super::problem::{ConfigErrors, Fault, quoted};
use super::{ConfigError, form};

/// The folder of the specs, within that of the configuration.
pub const FOLDER: &str = "stories";

const STORY: [Key; 12] = [
    ("id", "id = \"lang-pyongyang\""),
    ("title", "title = \"A cultural agreement\""),
    ("relation", "relation = [\"france\", \"north-korea\"]"),
    ("window", "window = [\"2009-12-14\", \"2009-12-18T06:00Z\"]"),
    ("match", "match = '@relation AND accord'"),
    ("topic", "topic = '@relation-other'"),
    ("expect", "expect = [\"kcna-en\"]"),
    ("probes", "[probes]"),
    ("pins", "[pins]"),
    ("questions", "[questions]"),
    ("notes", "[notes]"),
    ("gloss", "[gloss]"),
];
const PINS: [Key; 2] = [("in", "in = [\"i:3f2a\"]"), ("out", "out = [\"i:9c01\"]")];

/// Every table of a spec with its keys; the other tables have keys of the reader's own.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    let of = |keys: &[Key]| keys.iter().map(|(key, _)| *key).collect();
    vec![("story", of(&STORY)), ("pins", of(&PINS))]
}

/// A spec and the file it was read from.
#[derive(Debug, Clone)]
pub struct StoryFile {
    pub spec: Spec,
    /// What the errors call the file.
    pub name: String,
    pub text: String,
    /// Where each value stands, by its key: `match`, `probes.office`, `relation.0`.
    places: BTreeMap<String, Range<usize>>,
}

impl StoryFile {
    /// A mistake in the value under `key` that only shows when it is used, such as in a query. `within`: which
    /// characters of the value.
    pub fn fault(
        &self,
        key: &str,
        within: Option<Range<usize>>,
        message: String,
        hint: Option<String>,
    ) -> ConfigErrors {
        let place = self.places.get(key).cloned().unwrap_or(0..0);
        let span = within.and_then(|part| self.part(key, &place, part)).unwrap_or(place);
        let fault = Fault::new(message);
        let fault = match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        };
        ConfigErrors::locate(&self.name, &self.text, vec![(span, fault)])
    }

    /// The bytes of the file that hold these characters of a value: where it is written without escapes.
    fn part(&self, key: &str, place: &Range<usize>, part: Range<usize>) -> Option<Range<usize>> {
        let value = match key {
            "match" => self.spec.matches.as_deref(),
            "topic" => self.spec.topic.as_deref(),
            _ => {
                let name = key.strip_prefix("probes.")?;
                let theme = self.spec.probes.iter().find(|theme| theme.name == name)?;
                Some(theme.query.as_str())
            }
        }?;
        let written = self.text.get(place.clone())?;
        let begin = place.start + written.find(value)?;
        let byte = |n: usize| value.char_indices().nth(n).map_or(value.len(), |(at, _)| at);
        Some(begin + byte(part.start)..begin + byte(part.end))
    }
}

/// Reads `text`; `name` is what the errors call the file.
pub fn parse(name: &str, text: &str) -> Result<StoryFile, ConfigErrors> {
    let mut places = BTreeMap::new();
    let spec = file(name, text, |fields| {
        let label = fields
            .peek("id")
            .map_or("this story".to_owned(), |id| format!("story {}", quoted(id)));
        fields.expect(label, &STORY);
        for (key, _) in &STORY {
            if let Some(place) = fields.place(key) {
                places.insert((*key).to_owned(), place);
            }
        }
        read(fields, &mut places)
    })?;
    Ok(StoryFile {
        spec: Spec {
            sha256: sha256_hex(text.as_bytes()),
            ..spec
        },
        name: name.to_owned(),
        text: text.to_owned(),
        places,
    })
}

fn read(fields: &mut Fields<'_>, places: &mut BTreeMap<String, Range<usize>>) -> Spec {
    let id = fields.required("id", form::id).unwrap_or_default();
    let title = fields.required("title", form::text).unwrap_or_default();
    fields.require("window");
    let mut listed = |key: &'static str| -> Vec<String> {
        let items = fields.list(key, form::id).into_iter().enumerate();
        items
            .map(|(n, (id, place))| {
                places.insert(format!("{key}.{n}"), place);
                id
            })
            .collect()
    };
    let relation = listed("relation");
    let expect = listed("expect");
    let window = window(fields).unwrap_or(Window {
        since: Timestamp::MIN,
        until: None,
    });
    let matches = fields.optional("match", form::text);
    let pins = pins(fields, places);
    if fields.place("match").is_none() && pins.within.is_empty() && fields.place("pins").is_none() {
        let fault = Fault::new(format!(
            "{} has neither `match` nor pins, so nothing is in it",
            fields.label()
        ));
        fields.report(
            fields.span(),
            fault.hint("for example `match = '@relation AND accord'`"),
        );
    }
    let probes = own_keys(fields, "probes", places)
        .into_iter()
        .map(|(name, query)| Theme { name, query })
        .collect();
    let remarks = |rows: Vec<(String, String)>| rows.into_iter().map(|(id, text)| Remark { id, text }).collect();
    let questions = remarks(own_keys(fields, "questions", places));
    let notes = remarks(own_keys(fields, "notes", places));
    let gloss = gloss(fields);
    let spec = Spec {
        id,
        title,
        relation,
        window,
        matches,
        topic: fields.optional("topic", form::text),
        expect,
        probes,
        pins,
        questions,
        notes,
        gloss,
        sha256: String::new(),
    };
    fields.close_now();
    spec
}

fn window(fields: &Fields<'_>) -> Option<Window> {
    let place = fields.place("window")?;
    let ends = fields.list("window", |text| Ok(text.to_owned()));
    let read = |n: usize| {
        let (text, place) = ends.get(n)?;
        match form::moment(text, n == 1) {
            Ok(at) => Some(at),
            Err(fault) => {
                fields.report(place.clone(), fault);
                None
            }
        }
    };
    if !fields.is_array("window") {
        return None;
    }
    if ends.is_empty() || ends.len() > 2 {
        let fault = Fault::new("a window has a beginning and, unless it is open, an end");
        fields.report(
            place,
            fault.hint("for example `window = [\"2009-12-14\", \"2009-12-18T06:00Z\"]`"),
        );
        return None;
    }
    let since = read(0);
    let until = read(1);
    if let (Some(since), Some(until)) = (since, until)
        && until <= since
    {
        let fault = Fault::new(format!("the window is empty: {until} does not lie after {since}"));
        fields.report(
            place,
            fault.hint("the earlier moment comes first; a day stands for its whole"),
        );
    }
    Some(Window { since: since?, until })
}

fn pins(fields: &mut Fields<'_>, places: &mut BTreeMap<String, Range<usize>>) -> Pins {
    let Some(mut table) = fields.table("pins") else {
        return Pins::default();
    };
    table.expect("`pins`".to_owned(), &PINS);
    let mut within = Vec::new();
    for (n, (id, place)) in table.list("in", form::article).into_iter().enumerate() {
        places.insert(format!("pins.in.{n}"), place);
        within.push(id);
    }
    let mut out = Vec::new();
    for (id, place) in table.list("out", form::article) {
        if within.contains(&id) {
            table.report(place, Fault::new(format!("{} is pinned both in and out", quoted(&id))));
        }
        out.push(id);
    }
    Pins { within, out }
}

/// A table whose keys are the reader's: each with a text that is not blank.
fn own_keys(
    fields: &mut Fields<'_>,
    key: &'static str,
    places: &mut BTreeMap<String, Range<usize>>,
) -> Vec<(String, String)> {
    let Some(table) = fields.table(key) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for (name, place) in table.keys() {
        if let Err(fault) = form::text(name) {
            table.report(place, fault);
            continue;
        }
        let Some((text, place)) = table.text(name) else {
            continue;
        };
        match form::text(text) {
            Ok(text) => {
                places.insert(format!("{key}.{name}"), place);
                rows.push((name.to_owned(), text));
            }
            Err(fault) => table.report(place, fault),
        }
    }
    rows
}

fn gloss(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    let mut glosses = BTreeMap::new();
    let Some(table) = fields.table("gloss") else {
        return glosses;
    };
    for (id, place) in table.keys() {
        let known = form::article(id);
        let Some((text, text_place)) = table.text(id) else {
            continue;
        };
        match (known, form::text(text)) {
            (Ok(id), Ok(text)) => _ = glosses.insert(id, text),
            (Err(fault), _) => table.report(place, fault),
            (_, Err(fault)) => table.report(text_place, fault),
        }
    }
    glosses
}

/// Where the spec of that id would stand.
pub fn path(config: &Path, id: &str) -> PathBuf {
    let folder = match config == Path::new(".") {
        true => PathBuf::from(FOLDER),
        false => config.join(FOLDER),
    };
    folder.join(format!("{id}.toml"))
}

/// The spec of that id; `None` if there is no such file.
pub fn load(config: &Path, id: &str) -> Result<Option<StoryFile>, ConfigError> {
    if form::id(id).is_err() {
        return Ok(None);
    }
    let path = path(config, id);
    let name = path.display().to_string();
    let Some(text) = super::read(&path)? else {
        return Ok(None);
    };
    let story = parse(&name, &text)?;
    if story.spec.id != id {
        let message = format!("{} stands in a file named `{id}.toml`", quoted(&story.spec.id));
        let hint = "a story's id is its file's name; change one of them".to_owned();
        return Err(story.fault("id", None, message, Some(hint)).into());
    }
    Ok(Some(story))
}

/// Ids of the specs in the folder, in alphabetical order.
pub fn ids(config: &Path) -> Result<Vec<String>, ConfigError> {
    let folder = config.join(FOLDER);
    let unreadable = |source| ConfigError::Unreadable {
        path: folder.clone(),
        source,
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut ids = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let toml = path.extension().is_some_and(|extension| extension == "toml");
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let Some(id) = stem.filter(|stem| toml && form::id(stem).is_ok()) {
            ids.push(id.to_owned());
        }
    }
    ids.sort();
    Ok(ids)
}
