//! The same tokens in tantivy: title and body with positions, newest first, counted.

use std::path::Path;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{IndexWriter, Order, Searcher, TantivyDocument, Term};
use vigie::text::tokens::query_tokens;

use crate::world::Piece;

/// What its writer may hold, as its own examples give it and more than it needs here.
const WRITER_BYTES: usize = 200_000_000;

pub struct Index {
    writer: IndexWriter,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    title: Field,
    body: Field,
    at: Field,
}

pub struct Found {
    searcher: Searcher,
    fields: Fields,
}

impl Index {
    pub fn create(folder: &Path) -> Index {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("spaces")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = TextOptions::default().set_indexing_options(indexing);
        let fields = Fields {
            title: schema.add_text_field("title", text.clone()),
            body: schema.add_text_field("body", text),
            at: schema.add_i64_field("at", NumericOptions::default().set_fast()),
        };
        let index = tantivy::Index::create_in_dir(folder, schema.build()).expect("an index");
        index
            .tokenizers()
            .register("spaces", TextAnalyzer::from(WhitespaceTokenizer::default()));
        let writer = index.writer_with_num_threads(1, WRITER_BYTES).expect("a writer");
        Index { writer, fields }
    }

    pub fn add(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            let mut document = TantivyDocument::default();
            document.add_text(self.fields.title, &piece.title);
            document.add_text(self.fields.body, &piece.body);
            document.add_i64(self.fields.at, piece.article.seen_at.as_second());
            self.writer.add_document(document).expect("added");
        }
    }

    pub fn finish(mut self) -> Found {
        self.writer.commit().expect("committed");
        let index = self.writer.index().clone();
        self.writer.wait_merging_threads().expect("merged");
        let searcher = index.reader().expect("a reader").searcher();
        Found {
            searcher,
            fields: self.fields,
        }
    }
}

impl Found {
    /// What an earlier run left.
    pub fn open(folder: &Path) -> Found {
        let index = tantivy::Index::open_in_dir(folder).expect("an index");
        index
            .tokenizers()
            .register("spaces", TextAnalyzer::from(WhitespaceTokenizer::default()));
        let schema = index.schema();
        let field = |name: &str| schema.get_field(name).expect("a field");
        let fields = Fields {
            title: field("title"),
            body: field("body"),
            at: field("at"),
        };
        let searcher = index.reader().expect("a reader").searcher();
        Found { searcher, fields }
    }

    /// How many documents hold all the words; the newest of them are read too.
    pub fn search(&self, text: &str, shown: usize) -> usize {
        let words = text.split(' ').map(|word| (Occur::Must, self.word(word)));
        let query = BooleanQuery::new(words.collect());
        let newest = TopDocs::with_limit(shown).order_by_fast_field::<i64>("at", Order::Desc);
        let (total, _) = self.searcher.search(&query, &(Count, newest)).expect("an answer");
        total
    }

    fn word(&self, word: &str) -> Box<dyn Query> {
        let tokens = query_tokens(word).tokens;
        let one = |field: Field| -> Box<dyn Query> {
            let mut terms: Vec<Term> = tokens.iter().map(|token| Term::from_field_text(field, token)).collect();
            match terms.len() {
                1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
                _ => Box::new(PhraseQuery::new(terms)),
            }
        };
        let fields = [self.fields.title, self.fields.body];
        Box::new(BooleanQuery::new(
            fields.into_iter().map(|field| (Occur::Should, one(field))).collect(),
        ))
    }
}
