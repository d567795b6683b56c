//! **Evidence**: what the texts of a story themselves say, laid out by source, so that a reader can judge framing.
//!
//! All of it is made by rules, none by a model, and each value names its article, version, field and place. Places are
//! in Unicode scalar values of the field, as `vigie show --json` gives it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::{ArticleId, Field, LengthUnit, TextAccess};
use super::comparison::Status;

/// The evidence of one comparison; its keys stand beside those of the Comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub headlines: Vec<Headline>,
    pub probes: Vec<Probe>,
    pub naming: Vec<Naming>,
    pub quotes: Vec<Quote>,
    pub cites: Vec<Cite>,
    pub lineage: Vec<Lineage>,
    pub reuse: Vec<ReuseCell>,
    pub keyness: Vec<Keyness>,
    pub versions: Vec<VersionChange>,
    pub deletions: Vec<Deletion>,
    pub tone: Vec<Tone>,
    pub editions: Vec<EditionGap>,
    /// One row a source that has an article: the cells of its row in `sources`.
    pub evidence: Vec<SourceEvidence>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub article_id: ArticleId,
    pub version: u32,
    pub field: Field,
    pub start: usize,
    pub end: usize,
    /// Of the body, per cent; 0 in title and lead.
    pub position: u8,
}

/// A stretch of a headline, and what it is a sign of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    pub kind: String,
    pub text: String,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    pub source_id: String,
    pub article_id: ArticleId,
    pub lang: Option<String>,
    /// As first seen.
    pub first: String,
    /// As last seen, where it changed.
    pub now: Option<String>,
    /// When the present one was first seen, where it changed.
    pub changed_at: Option<Timestamp>,
    /// What the present one shows.
    pub signs: HeadlineSigns,
    /// What the first one showed, where it changed.
    pub first_signs: Option<HeadlineSigns>,
}

/// What can be read off a headline by rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadlineSigns {
    /// Actors of the lexicon in the order of the words; `kind` is the actor's id.
    pub actors: Vec<Sign>,
    /// Concepts of the lexicon: what it is about; `kind` is the concept's id.
    pub concepts: Vec<Sign>,
    /// Words that take distance: `may`, `selon`, `拟`; `kind` says which sort.
    pub hedges: Vec<Sign>,
    /// Words in quotation marks.
    pub quoted: Vec<Sign>,
    pub question: bool,
    /// People who act without a name: `envoy`, `ex-ministre`, `特使`.
    pub unnamed: Vec<Sign>,
    /// A person of the lexicon is named.
    pub person_named: bool,
    pub length: u32,
    pub length_unit: LengthUnit,
}

/// A theme that was asked for, in one source's articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    pub name: String,
    /// What was looked for, as typed.
    pub query: String,
    pub source_id: String,
    pub hits: u32,
    /// Position of the first hit in the text, per cent.
    pub first_position: Option<u8>,
    pub found: ProbeState,
    /// Articles with a hit, of so many.
    pub articles: u32,
    pub n_items: u32,
    /// The first hit of each article.
    pub places: Vec<Place>,
}

/// What a number of hits means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeState {
    Found,
    /// All of the text is held, and it is not there.
    Absent,
    /// Only a teaser or headline of some article is held: it may stand in the rest.
    NotInTeaser,
}

/// What one source calls one actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Naming {
    pub source_id: String,
    pub actor: String,
    /// Of the names that any outlet of this language uses in this story: zeros are names that others use.
    pub names: Vec<NameCount>,
    pub n_items: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NameCount {
    /// As the lexicon has it.
    pub name: String,
    pub kind: NameKind,
    pub count: u32,
    pub articles: u32,
    pub first: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    Name,
    /// Also an ordinary word or another's name: counted beside a sure one only.
    Ambiguous,
    /// Says what the writer thinks of it: `régime`, `Dear Leader`.
    Epithet,
}

/// A name of an actor at a place; bytes of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAt {
    pub actor: String,
    pub written: String,
    pub kind: NameKind,
    /// A person, not a place or an organisation.
    pub person: bool,
    /// A word of the beat (`treaty`, `culture`), nobody who acts.
    pub concept: bool,
    pub field: Field,
    pub start: usize,
    pub end: usize,
}

/// A sentence or part of one that somebody said, or in which something is agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    pub source_id: String,
    pub lang: Option<String>,
    pub kind: QuoteKind,
    /// At most 300 characters; `cut` where the text goes on.
    pub text: String,
    pub cut: bool,
    /// As the text has it.
    pub speaker: Option<String>,
    /// The actor of the lexicon whom that names.
    pub speaker_actor: Option<String>,
    /// The speaker is a pronoun, or left out, and was taken from what stands before.
    pub speaker_from_before: bool,
    pub verb: Option<String>,
    /// Which rule found it.
    pub rule: String,
    /// Concepts of the lexicon in an agreement sentence: what was agreed, in any language.
    pub concepts: Vec<String>,
    /// Of these, those that only one part of the press says were agreed, with every such part.
    pub only: Vec<OnlyIn>,
    /// The widest of these parts (a language before a group, a country, a kind of ownership, an outlet), and what it alone
    /// says.
    pub only_in_group: Option<String>,
    pub only_concepts: Vec<String>,
    #[serde(flatten)]
    pub place: Place,
}

/// Something agreed that stands in the agreement sentences of one part of the press alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyIn {
    pub concept: String,
    /// `lang:zh`, `group:seed`, `country:CN`, `ownership:party`, `source:huanqiu-zh`
    pub within: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteKind {
    /// In quotation marks, and somebody's speech.
    Quote,
    /// A few words in quotation marks that nobody is said to have spoken.
    Words,
    /// Told with a verb of speech, without quotation marks.
    Indirect,
    /// Says that something was agreed, signed or promised.
    Agreement,
}

/// An outlet or agency that an article names as where it has it from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cite {
    pub source_id: String,
    /// The one named: an actor's id, `afp`, or the words for a whole press, `Chinese newspapers`.
    pub cited: String,
    /// As the text has it.
    pub text: String,
    pub kind: CiteKind,
    pub rule: String,
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CiteKind {
    /// A named outlet or agency.
    Named,
    /// A press without a name.
    Unnamed,
    /// The credit line.
    Credit,
}

/// Whose words: an article and its best earlier match, or one with which it shares its text in no known order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    pub from: ArticleId,
    pub to: ArticleId,
    pub from_source: String,
    pub to_source: String,
    /// Containment: share of the later article's shingles found in the earlier; in no known order, the larger of both.
    pub share: f32,
    /// The credit line of the later one, whomever it names.
    pub credit: Option<String>,
    /// Credit line or text of the later one name the earlier outlet.
    pub credited: bool,
    /// At least 80 in 100 of its shingles, and it is the later one.
    pub copied: bool,
    /// Below 0 where the times leave room for the other order.
    pub lag_min_minutes: i64,
    pub lag_max_minutes: i64,
    pub order: LineageOrder,
}

/// What tells which of two articles with the same words was first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineageOrder {
    /// One was certainly published before the other.
    Time,
    /// The times leave it open, and the later one names the earlier as where it has it from.
    Credit,
    /// Nothing: neither is called the copy of the other.
    Open,
}

impl Lineage {
    /// Is it known who had it first?
    pub fn is_directed(&self) -> bool {
        self.order != LineageOrder::Open
    }
}

/// One of the four cells credited/uncredited × copied/rewritten, or what cannot be measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReuseCell {
    pub cell: Reuse,
    pub n: u32,
    pub articles: Vec<ArticleId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    CreditedCopied,
    CreditedRewritten,
    UncreditedCopied,
    UncreditedRewritten,
    /// Credits an outlet whose own text is not in the story.
    CreditedUnmeasured,
}

/// Words that one part of the press uses more than another, within one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Keyness {
    /// `source`, `ownership`, `country` or `group`.
    pub by: String,
    pub lang: String,
    pub target: String,
    pub reference: String,
    pub base: KeynessBase,
    /// Why there is no figure.
    pub refused: Option<String>,
    pub words: Vec<KeyWord>,
}

/// What a keyness rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeynessBase {
    pub articles: u32,
    pub reference_articles: u32,
    pub tokens: u64,
    pub reference_tokens: u64,
    /// `title, lead and body`
    pub fields: String,
    pub tokeniser: String,
    /// Least G² and documents of a word that is shown.
    pub least_g2: f64,
    pub least_documents: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyWord {
    pub word: String,
    pub n: u32,
    pub n_reference: u32,
    pub documents: u32,
    pub documents_reference: u32,
    /// Log₂ of the ratio of shares, with ½ added to both counts.
    pub log_ratio: f64,
    /// Log-likelihood of the four cells.
    pub g2: f64,
    /// Weighted log-odds (Monroe et al. 2008), pooled prior; for groups.
    pub z: Option<f64>,
}

/// One state of an article, and what changed since the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionChange {
    pub article_id: ArticleId,
    pub source_id: String,
    pub n: u32,
    pub seen_at: Timestamp,
    pub title: String,
    pub length: u32,
    /// Of the change; absent for the first version.
    pub class: Option<ChangeClass>,
    /// Why it is of that class.
    pub why: Option<String>,
    pub title_changed: bool,
    pub added: u32,
    pub removed: u32,
    /// The first changes, each at most 300 characters.
    pub changes: Vec<Change>,
    pub more_changes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeClass {
    /// Punctuation, spaces, capitals, accents.
    Trivial,
    /// A few words, no number, no name, no quotation.
    Minor,
    Substantive,
    /// The outlet itself says that it corrects.
    Correction,
}

/// Words that went and words that came at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: Field,
    pub before: String,
    pub after: String,
    /// In the newer version.
    pub start: usize,
    pub end: usize,
}

/// Two versions of an article, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub article_id: ArticleId,
    pub source_id: String,
    pub url: String,
    pub from: VersionHead,
    pub to: VersionHead,
    pub class: ChangeClass,
    pub why: String,
    pub title_changed: bool,
    pub added: u32,
    pub removed: u32,
    /// The newer texts, in which the changes have their places.
    pub title: String,
    pub lead: String,
    pub body: String,
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionHead {
    pub n: u32,
    pub seen_at: Timestamp,
}

/// Words that judge, in one source's own prose: what a reader may take for its tone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tone {
    pub source_id: String,
    /// How often words of either list stand there; never to be compared with another language.
    pub positive: u32,
    pub negative: u32,
    pub words: Vec<ToneWord>,
    pub more_words: u32,
    pub n_items: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToneWord {
    /// Folded.
    pub word: String,
    pub positive: bool,
    pub count: u32,
    /// The sentence of the first one.
    pub context: String,
    #[serde(flatten)]
    pub place: Place,
}

/// What an article of one edition has that its counterpart in another edition of the same outlet lacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditionGap {
    /// What the editions of an outlet share: `kcna`.
    pub outlet: String,
    /// The edition that has it.
    pub source_id: String,
    /// The one that lacks it.
    pub other_id: String,
    pub other_status: Status,
    pub article_id: ArticleId,
    /// The counterpart; absent where the other edition ran nothing like it, and lacks all of it.
    pub other_article_id: Option<ArticleId>,
    pub other_text_access: Option<TextAccess>,
    /// What the two share, and are paired by: ids of names, and numbers.
    pub shared: Vec<String>,
    pub only: Vec<EditionOnly>,
    /// Quotations of which no rule can say whether the other has them.
    pub quotes_untold: u32,
}

/// Something that stands in one edition alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditionOnly {
    pub kind: OnlyKind,
    /// Of the lexicon or the gazetteer; a number's value.
    pub id: Option<String>,
    /// As the lexicon has it; of a quotation at most 300 characters.
    pub text: String,
    pub count: u32,
    pub speaker: Option<String>,
    /// Another article of the story in the other edition that does have it.
    pub elsewhere: Option<ArticleId>,
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnlyKind {
    Actor,
    Place,
    Concept,
    Number,
    Quote,
}

/// An article that answered 404 or 410 on two looks at least twelve hours apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deletion {
    pub article_id: ArticleId,
    pub source_id: String,
    pub title: String,
    pub url: String,
    pub first_seen_at: Timestamp,
    pub gone_at: Timestamp,
}

/// The cells of one source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceEvidence {
    pub source_id: String,
    /// `AFP;Xinhua`
    pub cites: String,
    pub n_quotes: u32,
    pub n_speakers: u32,
    pub top_speaker: Option<String>,
    /// Quotes without a speaker.
    pub quotes_unattributed: u32,
    /// `DPRK:0;North Korea:6;régime:2`, for the story's first actor that is not at home there.
    pub naming: String,
    /// Hits, by the name of the probe.
    pub probes: BTreeMap<String, u32>,
    /// First position of each that was found, per cent.
    pub probe_positions: BTreeMap<String, u8>,
    pub title_changed: bool,
    pub deleted_at: Option<Timestamp>,
}
