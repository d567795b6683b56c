//! `vigie embed`: the vector of a text, or of many.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::exit::mistake;
use crate::cli::inspect::batch::{Division, Row};
use crate::cli::inspect::{Batch, Fields, batch, input};
use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::encode::Encoder;
use crate::text::charset;

/// Rows embedded at once: enough to keep the arithmetic efficient. A worker needs some thirty megabytes for them.
const TOGETHER: Division = Division {
    rows: 64,
    bytes: 1 << 18,
    workers: 4,
};

#[derive(Debug, clap::Args)]
#[command(
    long_about = "\
Vectors of texts: 512 numbers of length 1, alike where texts mean alike, in sixteen languages. With --encoder DIR they
are those of an encoder of yours (docs/encoders.md).

The likeness of two texts is the sum of the products of their numbers. Subtract each language's mean vector before
comparing across languages: texts of one language are alike for that alone. Made for sentences and headlines; a long
text has one vector too, of everything in it.",
    after_help = "\
Examples:
  echo '法国与朝鲜同意加深文化合作' | vigie embed --json
  vigie embed headline.txt                  512 numbers on one line
  vigie embed --batch rows.jsonl            rows: id, text; answers: id, vector"
)]
pub struct Args {
    /// A file of text; standard input when none is named
    #[arg(value_name = "FILE|-", conflicts_with = "batch")]
    pub text: Option<PathBuf>,
    #[command(flatten)]
    pub batch: Batch,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    if common.no_encoder {
        return Err(mistake(
            "--no-encoder leaves `vigie embed` nothing to do\nhint: leave it out".to_owned(),
        ));
    }
    let encoder = Encoder::required(&common.which_encoder())?;
    if let Some(rows) = &args.batch.batch {
        return batch::run_together(rows, TOGETHER, |rows| answers(&encoder, rows));
    }
    let bytes = input::read(args.text.as_deref().unwrap_or(Path::new("-"))).map_err(mistake)?;
    let text = charset::decode(&bytes, None, None).text;
    if text.trim().is_empty() {
        return Err(mistake(
            "there is no text\nhint: echo 'a sentence' | vigie embed --json".to_owned(),
        ));
    }
    let vector = encoder.embed(&[text.trim()]).remove(0)?;
    if common.json {
        output::json(&json!({ "vector": numbers(&vector) }))?;
    } else {
        let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
        output::line(numbers.join(" "))?;
    }
    Ok(Exit::Done)
}

fn answers(encoder: &Encoder, rows: &[Row]) -> Vec<anyhow::Result<Fields>> {
    let texts: Vec<Result<&str, String>> = rows.iter().map(text).collect();
    let good: Vec<&str> = texts.iter().filter_map(|text| text.as_deref().ok()).collect();
    let mut vectors = encoder.embed(&good).into_iter();
    let answered = texts.iter().map(|text| {
        let vector = match text {
            Ok(_) => vectors.next().transpose()?.unwrap_or_default(),
            Err(error) => return Err(anyhow::Error::msg(error.clone())),
        };
        let mut fields = Fields::new();
        fields.insert("vector".to_owned(), numbers(&vector));
        Ok(fields)
    });
    answered.collect()
}

fn text(row: &Row) -> Result<&str, String> {
    match row.required("text")?.trim() {
        "" => Err("the row's `text` is empty".to_owned()),
        text => Ok(text),
    }
}

/// As short as they can be without becoming other numbers: 0.1, where the same number in 64 bits is
/// 0.10000000149011612.
fn numbers(vector: &[f32]) -> Value {
    let short = |number: &f32| number.to_string().parse::<f64>().map_or(Value::Null, Value::from);
    vector.iter().map(short).collect()
}
