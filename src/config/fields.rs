//! Reading one TOML table key by key.
//!
//! Takes a parsed table, gives typed values; reports wrong types, unknown and missing keys with their spans. Knows no
//! key's meaning.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::form::{listed, nearest};
use super::problem::{ConfigErrors, Fault, Findings, quoted};

/// Tables and arrays nested deeper than this are refused: our files need five levels, and dropping a tree recurses.
const MAX_DEPTH: usize = 16;
/// Largest file read, in bytes: ten thousand generously described sources.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// A value and where it stands.
pub(super) type At<T> = (T, Range<usize>);

/// One key a table may have, with an example of its use for who forgot it.
pub(super) type Key = (&'static str, &'static str);

/// Reads `text` as TOML and hands its top table to `read`; all problems are reported together.
pub(super) fn file<T>(name: &str, text: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Result<T, ConfigErrors> {
    let root = syntax(text).map_err(|fault| ConfigErrors::locate(name, text, vec![fault]))?;
    let findings = Findings::default();
    let value = read(&mut Fields {
        findings: &findings,
        table: root.get_ref(),
        span: 0..0,
        label: "this file".to_owned(),
        keys: &[],
        missing: Vec::new(),
    });
    findings.finish(name, text, value)
}

/// The TOML itself; of several syntax errors the first, since the rest usually follow from it.
pub(super) fn syntax(text: &str) -> Result<Spanned<DeTable<'_>>, (Range<usize>, Fault)> {
    if text.len() > MAX_BYTES {
        let fault = Fault::new(format!("this file is larger than {} MiB", MAX_BYTES >> 20));
        return Err((0..0, fault));
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    let (span, table) = (root.span(), root.into_inner());
    let table = shallow(table).map_err(|span| (span, Fault::new("tables are nested too deeply here")))?;
    match errors.into_iter().next() {
        None => Ok(Spanned::new(span, table)),
        Some(error) => {
            let message = error.message().replace('\n', " ");
            let end = text.len()..text.len();
            Err((error.span().unwrap_or(end), Fault::new(format!("not TOML: {message}"))))
        }
    }
}

/// The table back if it is no deeper than `MAX_DEPTH`; else it is taken apart without recursion, because a dotted key of
/// a hundred thousand parts would overflow the stack when dropped.
fn shallow(table: DeTable<'_>) -> Result<DeTable<'_>, Range<usize>> {
    let Some(span) = too_deep(&table) else {
        return Ok(table);
    };
    let mut pending: Vec<DeValue<'_>> = table.into_iter().map(|(_, value)| value.into_inner()).collect();
    while let Some(value) = pending.pop() {
        match value {
            DeValue::Table(table) => pending.extend(table.into_iter().map(|(_, value)| value.into_inner())),
            DeValue::Array(array) => pending.extend(array.into_iter().map(Spanned::into_inner)),
            _ => {}
        }
    }
    Err(span)
}

fn too_deep(table: &DeTable<'_>) -> Option<Range<usize>> {
    let mut pending: Vec<(usize, &Spanned<DeValue<'_>>)> = table.iter().map(|(_, value)| (1, value)).collect();
    while let Some((depth, value)) = pending.pop() {
        if depth > MAX_DEPTH {
            return Some(value.span());
        }
        match value.get_ref() {
            DeValue::Table(table) => pending.extend(table.iter().map(|(_, value)| (depth + 1, value))),
            DeValue::Array(array) => pending.extend(array.iter().map(|value| (depth + 1, value))),
            _ => {}
        }
    }
    None
}

/// One table being read.
pub(super) struct Fields<'t> {
    findings: &'t Findings,
    table: &'t DeTable<'t>,
    /// The header, or the whole inline table.
    span: Range<usize>,
    /// "source `lemonde-fr`", for sentences.
    label: String,
    keys: &'static [Key],
    missing: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// Names the table and reports every key that is not among `keys`.
    pub fn expect(&mut self, label: String, keys: &'static [Key]) {
        self.label = label;
        self.keys = keys;
        for key in self.table.keys().take_while(|_| !self.findings.full()) {
            let name: &str = key.get_ref();
            if keys.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let fault = Fault::new(format!("{} is not a key of {}", quoted(name), self.label));
            let known = || keys.iter().map(|(known, _)| *known);
            let hint = match nearest(name, known()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("the keys are {}", listed(known())),
            };
            self.report(key.span(), fault.hint(hint));
        }
    }

    /// Reports the required keys that were not there, all in one sentence.
    pub fn close(self) {
        self.close_now();
    }

    /// The same for the table that is the file.
    pub fn close_now(&self) {
        if self.missing.is_empty() {
            return;
        }
        let fault = Fault::new(format!("{} lacks {}", self.label, listed(self.missing.iter().copied())));
        let examples = self.keys.iter().filter(|(key, _)| self.missing.contains(key));
        let examples: Vec<String> = examples.map(|(_, example)| format!("`{example}`")).collect();
        self.report(
            self.span.clone(),
            fault.hint(format!("for example {}", examples.join(", "))),
        );
    }

    pub fn report(&self, span: Range<usize>, fault: Fault) {
        self.findings.report(span, fault);
    }

    /// Where the table's header is.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub fn label(&self) -> &str {
        &self.label
    }

    /// Where a key's value stands, if it is there.
    pub fn place(&self, key: &str) -> Option<Range<usize>> {
        self.table.get(key).map(Spanned::span)
    }

    /// The string under `key` if it is one, unchecked: for labels.
    pub fn peek(&self, key: &str) -> Option<&'t str> {
        self.table.get(key).and_then(|value| value.get_ref().as_str())
    }

    pub fn required<T>(&mut self, key: &'static str, check: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        self.require(key);
        self.optional(key, check)
    }

    pub fn optional<T>(&self, key: &'static str, check: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        let value = self.table.get(key)?;
        let text = self.string(key, value)?;
        self.accept(value.span(), check(text))
    }

    /// An array of strings, each checked; equal ones are reported.
    pub fn list<T: PartialEq>(&self, key: &str, check: impl Fn(&str) -> Result<T, Fault>) -> Vec<At<T>> {
        let mut read: Vec<At<T>> = Vec::new();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let items = self.array(key, "an array of strings").iter();
        for item in items.take_while(|_| !self.findings.full()) {
            let Some(text) = self.string(key, item) else { continue };
            if let Some(first) = seen.get(text) {
                let fault = Fault::new(format!("{} is here twice", quoted(text)));
                self.report(item.span(), fault.earlier(*first));
                continue;
            }
            seen.insert(text, item.span().start);
            if let Some(value) = self.accept(item.span(), check(text)) {
                read.push((value, item.span()));
            }
        }
        read
    }

    pub fn flag(&self, key: &str) -> Option<bool> {
        let value = self.table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(key, value, "`true` or `false`");
        }
        flag
    }

    /// A whole number within `range`.
    pub fn number(&self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.table.get(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(key, value, "a whole number");
            return None;
        };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let fault = Fault::new(format!("`{key}` must be from {} to {}", range.start(), range.end()));
            self.report(value.span(), fault);
        }
        number
    }

    /// A TOML date without time.
    pub fn date(&self, key: &str) -> Option<Date> {
        let value = self.table.get(key)?;
        let written = value.get_ref().as_datetime();
        let plain = written.filter(|written| written.time.is_none() && written.offset.is_none());
        let Some(day) = plain.and_then(|written| written.date) else {
            self.wrong_type(key, value, "a date without time");
            return None;
        };
        let date = (i16::try_from(day.year).ok())
            .zip(i8::try_from(day.month).ok())
            .zip(i8::try_from(day.day).ok())
            .and_then(|((year, month), day)| Date::new(year, month, day).ok());
        if date.is_none() {
            self.report(value.span(), Fault::new("there is no such day"));
        }
        date
    }

    /// The table under `key`.
    pub fn table(&mut self, key: &'static str) -> Option<Fields<'t>> {
        let value = self.table.get(key)?;
        self.open(key, value)
    }

    /// Every table of the array under `key`, until there are too many problems.
    pub fn tables(&self, key: &str) -> impl Iterator<Item = Fields<'t>> {
        let items = self.array(key, "an array of tables").iter();
        let open = move |item| self.open(key, item);
        items.take_while(|_| !self.findings.full()).filter_map(open)
    }

    /// The table's keys in the order of the file.
    pub fn keys(&self) -> Vec<At<&'t str>> {
        let mut keys: Vec<At<&str>> = (self.table.keys())
            .map(|key| (key.get_ref().as_ref(), key.span()))
            .collect();
        keys.sort_by_key(|(_, span)| span.start);
        keys
    }

    pub fn require(&mut self, key: &'static str) {
        if !self.table.contains_key(key) {
            self.missing.push(key);
        }
    }

    /// The value of a key whose name is data, such as a language.
    pub fn text(&self, key: &str) -> Option<At<&'t str>> {
        let value = self.table.get(key)?;
        Some((self.string(key, value)?, value.span()))
    }

    /// Whether there is anything under `key` but an empty array.
    pub fn has_any(&self, key: &str) -> bool {
        self.table.contains_key(key) && !self.is_empty_array(key)
    }

    pub fn is_array(&self, key: &str) -> bool {
        self.table
            .get(key)
            .is_some_and(|value| value.get_ref().as_array().is_some())
    }

    pub fn is_empty_array(&self, key: &str) -> bool {
        let array = self.table.get(key).and_then(|value| value.get_ref().as_array());
        array.is_some_and(|array| array.is_empty())
    }

    fn open(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Fields<'t>> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table");
            return None;
        };
        Some(Fields {
            findings: self.findings,
            table,
            span: value.span(),
            label: format!("`{key}`"),
            keys: &[],
            missing: Vec::new(),
        })
    }

    fn array(&self, key: &str, wanted: &str) -> &'t [Spanned<DeValue<'t>>] {
        let Some(value) = self.table.get(key) else { return &[] };
        match value.get_ref().as_array() {
            Some(array) => array,
            None => {
                self.wrong_type(key, value, wanted);
                &[]
            }
        }
    }

    fn string(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<&'t str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, value, "a string");
        }
        text
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(written) if written.time.is_some() => "one with a time",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let mut fault = Fault::new(format!("{} must be {wanted}, not {found}", quoted(key)));
        let example = self.keys.iter().find(|(known, _)| *known == key);
        if let Some((_, example)) = example {
            fault = fault.hint(format!("for example `{example}`"));
        }
        self.report(value.span(), fault);
    }

    fn accept<T>(&self, span: Range<usize>, checked: Result<T, Fault>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(fault) => {
                self.report(span, fault);
                None
            }
        }
    }
}
