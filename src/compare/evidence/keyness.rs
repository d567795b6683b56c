//! Words that one part of the press uses more than another: effect size first, significance as a filter, documents shown.
//!
//! Takes the words of each article, compares within one language only. Refuses below five articles on either side and says
//! so: what a handful of articles repeats is no vocabulary.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::reading::{Laid, primary};
use crate::compare::{Input, SourceInput};
use crate::model::ArticleId;
use crate::model::evidence::{KeyWord, Keyness, KeynessBase, Lineage};
use crate::text::plain::UnitKind;
use crate::text::shingles::is_hangul;

/// Articles on each side below which nothing is said.
const ENOUGH: usize = 5;
/// χ² with one degree of freedom at p = 0.001.
const LEAST_G2: f64 = 10.83;
/// Articles of the side that uses it more in which a word must stand.
const LEAST_DOCUMENTS: u32 = 3;
/// Words shown of each side.
const SHOWN: usize = 15;

/// The words of all articles, each with its number and a spelling to show.
#[derive(Debug, Default)]
pub struct Vocabulary {
    numbers: HashMap<String, u32>,
    spellings: Vec<String>,
}

impl Vocabulary {
    fn number(&mut self, folded: &str, spelling: &str) -> u32 {
        if let Some(number) = self.numbers.get(folded) {
            return *number;
        }
        let number = self.spellings.len() as u32;
        self.numbers.insert(folded.to_owned(), number);
        self.spellings.push(spelling.to_lowercase());
        number
    }

    fn spelling(&self, number: u32) -> &str {
        self.spellings.get(number as usize).map_or("", String::as_str)
    }
}

/// How the words of a language are cut.
fn tokeniser(lang: &str) -> &'static str {
    match lang {
        "zh" | "ja" => "pairs of neighbouring characters, folded; no word segmentation",
        "ko" => "words between spaces with their particles, folded",
        _ => "words, folded; numbers left out",
    }
}

/// The words of one article, each with how often it stands there.
pub fn words(fields: &[Laid<'_>], vocabulary: &mut Vocabulary) -> Vec<(u32, u32)> {
    let mut counted: HashMap<u32, u32> = HashMap::new();
    for laid in fields {
        let units = laid.plain.units();
        let mut at = 0;
        while let Some(unit) = units.get(at) {
            let mut add = |from: usize, to: usize| {
                let spelling = laid.text.get(laid.bytes(from..to)).unwrap_or_default();
                *counted
                    .entry(vocabulary.number(laid.plain.stretch(from, to), spelling))
                    .or_default() += 1;
            };
            let mut next = at + 1;
            match unit.kind {
                UnitKind::Word => add(at, next),
                UnitKind::Number => {}
                UnitKind::First | UnitKind::Next => {
                    let goes_on = |n: usize| units.get(n).is_some_and(|unit| unit.kind == UnitKind::Next);
                    if laid.plain.folded(at).starts_with(is_hangul) {
                        while goes_on(next) && laid.plain.folded(next).starts_with(is_hangul) {
                            next += 1;
                        }
                        add(at, next);
                    } else if goes_on(next) {
                        add(at, next + 1);
                    }
                }
            }
            at = next;
        }
    }
    let mut counted: Vec<(u32, u32)> = counted.into_iter().collect();
    counted.sort_unstable();
    counted
}

/// One side: how often each word stands in it, and in how many articles.
#[derive(Debug, Default)]
struct Corpus {
    articles: u32,
    tokens: u64,
    words: HashMap<u32, (u32, u32)>,
}

impl Corpus {
    fn add(&mut self, words: &[(u32, u32)]) {
        self.articles += 1;
        for (word, n) in words {
            self.tokens += u64::from(*n);
            let count = self.words.entry(*word).or_default();
            count.0 += n;
            count.1 += 1;
        }
    }

    fn of(&self, word: u32) -> (u32, u32) {
        self.words.get(&word).copied().unwrap_or_default()
    }
}

/// Log₂ of the ratio of shares, with ½ added to the counts and their totals, so that a word of one side only has one, too.
pub fn log_ratio(n: u32, reference: u32, tokens: u64, reference_tokens: u64) -> f64 {
    let share = |n: u32, all: u64| (f64::from(n) + 0.5) / (all as f64 + 0.5);
    (share(n, tokens) / share(reference, reference_tokens)).log2()
}

/// The log-likelihood ratio of the four cells (Dunning 1993).
pub fn g2(n: u32, reference: u32, tokens: u64, reference_tokens: u64) -> f64 {
    let (a, b) = (f64::from(n), f64::from(reference));
    let (all_a, all_b) = (tokens as f64, reference_tokens as f64);
    let (c, d) = (all_a - a, all_b - b);
    let all = all_a + all_b;
    let cell = |observed: f64, row: f64, column: f64| {
        if observed <= 0.0 {
            0.0
        } else {
            observed * (observed * all / (row * column)).ln()
        }
    };
    2.0 * (cell(a, a + b, all_a) + cell(b, a + b, all_b) + cell(c, c + d, all_a) + cell(d, c + d, all_b))
}

/// The z-score of the weighted log-odds with an informative prior (Monroe, Colaresi & Quinn 2008), the prior being both
/// sides together.
pub fn log_odds_z(n: u32, reference: u32, tokens: u64, reference_tokens: u64) -> f64 {
    let (a, b) = (f64::from(n), f64::from(reference));
    let prior = a + b;
    let prior_tokens = tokens as f64 + reference_tokens as f64;
    let odds = |n: f64, all: f64| (n + prior) / (all + prior_tokens - n - prior);
    let difference = odds(a, tokens as f64).ln() - odds(b, reference_tokens as f64).ln();
    difference / (1.0 / (a + prior) + 1.0 / (b + prior)).sqrt()
}

/// An article as one document of its language.
struct Document<'i> {
    source: &'i SourceInput,
    words: &'i [(u32, u32)],
}

/// Every comparison that there are articles enough for. The words of a reprint are another's, and are left out.
pub fn rows(input: &Input, lineage: &[Lineage]) -> Vec<Keyness> {
    let copies: BTreeSet<&ArticleId> = lineage.iter().filter(|edge| edge.copied).map(|edge| &edge.to).collect();
    let mut by_lang: BTreeMap<String, Vec<Document<'_>>> = BTreeMap::new();
    for source in &input.sources {
        for matched in source
            .matches
            .iter()
            .filter(|matched| !copies.contains(&matched.article.id))
        {
            let Some(lang) = matched.article.lang.as_deref().map(primary) else {
                continue;
            };
            by_lang.entry(lang.to_owned()).or_default().push(Document {
                source,
                words: &matched.facts.words,
            });
        }
    }
    by_lang
        .iter()
        .flat_map(|(lang, documents)| of_language(input, lang, documents))
        .collect()
}

/// The parts of the press that a source belongs to.
type Labels<'a> = dyn Fn(&SourceInput) -> Vec<String> + 'a;

fn of_language(input: &Input, lang: &str, documents: &[Document<'_>]) -> Vec<Keyness> {
    let mut rows = Vec::new();
    let values =
        |of: &Labels<'_>| -> BTreeSet<String> { documents.iter().flat_map(|document| of(document.source)).collect() };
    let id = |source: &SourceInput| vec![source.source.id.clone()];
    let sources = values(&id);
    for target in &sources {
        let (of, rest) = split(documents, |source| source.source.id == *target);
        if of.articles as usize >= ENOUGH && rest.articles as usize >= ENOUGH {
            rows.push(row(input, ("source", lang), (target, "the other sources"), &of, &rest));
        }
    }
    if rows.is_empty() {
        let mut refused = row(
            input,
            ("source", lang),
            ("each source", "the others"),
            &Corpus::default(),
            &Corpus::default(),
        );
        refused.base.articles = documents.len() as u32;
        refused.refused = Some(format!(
            "{} articles in {lang} that are no reprints, from {} sources: no source has {ENOUGH} beside {ENOUGH} of the others",
            documents.len(),
            sources.len()
        ));
        rows.push(refused);
    }
    let dimensions: [(&str, &Labels<'_>); 3] = [
        ("ownership", &|source| {
            vec![format!("{:?}", source.source.ownership).to_lowercase()]
        }),
        ("country", &|source| vec![source.source.country.clone()]),
        ("group", &|source| source.source.groups.clone()),
    ];
    for (by, of) in dimensions {
        let all: Vec<String> = values(of).into_iter().collect();
        for (n, target) in all.iter().enumerate() {
            for reference in all.iter().skip(n + 1) {
                let holds = |source: &SourceInput, value: &String| of(source).contains(value);
                let (one, _) = split(documents, |source| holds(source, target) && !holds(source, reference));
                let (other, _) = split(documents, |source| holds(source, reference) && !holds(source, target));
                if one.articles as usize >= ENOUGH && other.articles as usize >= ENOUGH {
                    rows.push(row(input, (by, lang), (target, reference), &one, &other));
                }
            }
        }
    }
    rows
}

fn split(documents: &[Document<'_>], is_target: impl Fn(&SourceInput) -> bool) -> (Corpus, Corpus) {
    let (mut target, mut rest) = (Corpus::default(), Corpus::default());
    for document in documents {
        let side = if is_target(document.source) {
            &mut target
        } else {
            &mut rest
        };
        side.add(document.words);
    }
    (target, rest)
}

fn row(
    input: &Input,
    (by, lang): (&str, &str),
    (target, reference): (&str, &str),
    of: &Corpus,
    rest: &Corpus,
) -> Keyness {
    let mut words: Vec<KeyWord> = Vec::new();
    let mut seen: BTreeSet<u32> = of.words.keys().copied().collect();
    seen.extend(rest.words.keys());
    for word in seen {
        let ((n, documents), (n_reference, documents_reference)) = (of.of(word), rest.of(word));
        let g2 = g2(n, n_reference, of.tokens, rest.tokens);
        let log_ratio = log_ratio(n, n_reference, of.tokens, rest.tokens);
        let used_in = if log_ratio > 0.0 {
            documents
        } else {
            documents_reference
        };
        if g2 >= LEAST_G2 && used_in >= LEAST_DOCUMENTS {
            words.push(KeyWord {
                word: input.vocabulary.spelling(word).to_owned(),
                n,
                n_reference,
                documents,
                documents_reference,
                log_ratio,
                g2,
                z: (by != "source").then(|| log_odds_z(n, n_reference, of.tokens, rest.tokens)),
            });
        }
    }
    words.sort_by(|a, b| b.log_ratio.total_cmp(&a.log_ratio).then_with(|| a.word.cmp(&b.word)));
    let more = words.iter().filter(|word| word.log_ratio > 0.0).count();
    let mut shown: Vec<KeyWord> = words.iter().take(more.min(SHOWN)).cloned().collect();
    // What an outlet uses less than the rest is what the rest uses more; between groups both sides are named.
    if by != "source" {
        shown.extend(words.iter().skip(more.max(words.len().saturating_sub(SHOWN))).cloned());
    }
    Keyness {
        by: by.to_owned(),
        lang: lang.to_owned(),
        target: target.to_owned(),
        reference: reference.to_owned(),
        base: KeynessBase {
            articles: of.articles,
            reference_articles: rest.articles,
            tokens: of.tokens,
            reference_tokens: rest.tokens,
            fields: "title, lead and body; reprints left out".to_owned(),
            tokeniser: tokeniser(lang).to_owned(),
            least_g2: LEAST_G2,
            least_documents: LEAST_DOCUMENTS,
        },
        refused: None,
        words: shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// comparison.md, § method: keyness.
    #[test]
    fn the_vectors_of_the_method() {
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 0.000_05, "{found} is not {expected}");
        close(g2(20, 5, 10_000, 12_000), 12.5932);
        close(log_ratio(20, 5, 10_000, 12_000), 2.1611);
        close(g2(0, 9, 4_000, 4_000), 12.4868);
        close(log_ratio(0, 9, 4_000, 4_000), -4.2479);
        close(log_odds_z(20, 5, 10_000, 12_000), 1.9797);
    }

    #[test]
    fn nothing_beside_nothing_is_no_number_that_breaks() {
        assert_eq!(g2(0, 0, 0, 0), 0.0);
        assert!(log_ratio(0, 0, 0, 0).is_finite() && g2(3, 0, 3, 0).is_finite());
    }
}
