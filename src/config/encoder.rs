//! `encoder.toml`: how the sentence encoder in its folder is used.
//!
//! Takes the file's text, gives settings. Never reads the model.

use super::fields::{Key, file};
use super::problem::{ConfigErrors, Fault, quoted};
use super::{form, lang};

/// Name of the file, beside `model.onnx` and `tokenizer.json`.
pub const FILE: &str = "encoder.toml";

const KEYS: [Key; 6] = [
    ("name", "name = \"harbour-base\""),
    ("pooling", "pooling = \"mean\""),
    ("most_tokens", "most_tokens = 512"),
    ("normalise", "normalise = false"),
    ("prefix", "prefix = \"query: \""),
    ("languages", "languages = [\"en\", \"fr\", \"zh\"]"),
];
/// Fewer tokens hold no headline; and no model reads more at once.
const TOKENS: std::ops::RangeInclusive<u32> = 8..=8192;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub name: String,
    pub pooling: Pooling,
    /// A text is read as far as this.
    pub most_tokens: usize,
    /// Every vector is brought to length one.
    pub normalise: bool,
    /// Put before every text.
    pub prefix: String,
    /// Texts of any other get no vector. Empty: of none.
    pub languages: Vec<String>,
}

/// How a vector comes of what the model gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Pooling {
    /// The mean of its tokens' vectors.
    #[default]
    Mean,
    /// That of its first token.
    First,
    /// The model does it, and gives it under this name.
    Output(String),
}

/// The table of `encoder.toml` with its keys.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![("encoder.toml", KEYS.iter().map(|(key, _)| *key).collect())]
}

/// Reads `text`; `file_name` is what the errors call it.
pub fn parse(file_name: &str, text: &str) -> Result<Settings, ConfigErrors> {
    file(file_name, text, |fields| {
        fields.expect("this file".to_owned(), &KEYS);
        fields.require("pooling");
        fields.require("most_tokens");
        let settings = Settings {
            name: fields.required("name", form::id).unwrap_or_default(),
            pooling: fields.optional("pooling", pooling).unwrap_or_default(),
            most_tokens: fields.number("most_tokens", TOKENS).unwrap_or_default() as usize,
            normalise: fields.flag("normalise").unwrap_or(true),
            prefix: fields
                .optional("prefix", |text| Ok(text.to_owned()))
                .unwrap_or_default(),
            languages: fields
                .list("languages", lang::terms)
                .into_iter()
                .map(|(lang, _)| lang)
                .collect(),
        };
        fields.close_now();
        settings
    })
}

fn pooling(text: &str) -> Result<Pooling, Fault> {
    match text {
        "mean" => Ok(Pooling::Mean),
        "cls" => Ok(Pooling::First),
        "max" | "last" | "lasttoken" | "weightedmean" => {
            let fault = Fault::new(format!("{} is not a way of pooling that vigie knows", quoted(text)));
            Err(fault.hint("`mean`, `cls`, or the name of an output that is one vector a text"))
        }
        output => form::text(output).map(Pooling::Output),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_usual() {
        let least = "name = \"harbour-base\"\npooling = \"cls\"\nmost_tokens = 128\n";
        let settings = parse(FILE, least).unwrap();
        assert!(settings.normalise && settings.prefix.is_empty() && settings.languages.is_empty());
        assert_eq!((settings.pooling, settings.most_tokens), (Pooling::First, 128));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, says) in [
            ("", "this file lacks `pooling`, `most_tokens` and `name`"),
            (
                "name = \"A\"\npooling = \"mean\"\nmost_tokens = 8",
                "`A` is not a well-formed id",
            ),
            (
                "name = \"a\"\npooling = \"max\"\nmost_tokens = 8",
                "encoder.toml:2:11: `max` is not a way of pooling",
            ),
            (
                "name = \"a\"\npooling = \"mean\"\nmost_tokens = 3",
                "`most_tokens` must be from 8 to 8192",
            ),
            (
                "name = \"a\"\npooling = \"mean\"\nmost_token = 8",
                "did you mean `most_tokens`?",
            ),
            (
                "name = \"a\"\npooling = \"mean\"\nmost_tokens = 8\nlanguages = [\"french\"]",
                "is not a language tag",
            ),
        ] {
            let error = parse(FILE, text).unwrap_err().to_string();
            assert!(error.contains(says), "{says} in {error}");
        }
    }
}
