//! Words to pieces: the likeliest way to spell a text with the 128,000 pieces of the vocabulary.
//!
//! Takes normalised text, gives numbers of pieces. sentencepiece's unigram model: pieces have a score each, and of all
//! divisions of the text the one with the highest sum is taken (Viterbi); of equals the one whose last piece is longer.

use super::EncodeError;
use super::data::{Fields, damaged};
use super::tree::Tree;

const UNKNOWN: u32 = 0;
const BEGIN: u32 = 1;
const END: u32 = 2;
/// What an unknown character costs beyond the rarest piece, in sentencepiece.
const UNKNOWN_PENALTY: f64 = 10.0;

pub struct Pieces {
    scores: Vec<f32>,
    unknown: f64,
    tree: Tree,
}

/// The best way to get to a place in the text.
#[derive(Clone, Copy)]
struct Best {
    score: f64,
    /// Where its last piece begins.
    start: u32,
    piece: u32,
}

impl Pieces {
    pub fn read(fields: &mut Fields<'_>) -> Result<Pieces, EncodeError> {
        let count = fields.u32()? as usize;
        let scores = fields.f32s(count)?;
        let tree = Tree::read(fields)?;
        if tree.last_piece() >= count {
            return Err(damaged("a piece has no score"));
        }
        let lowest = scores.iter().copied().fold(f32::INFINITY, f32::min);
        Ok(Pieces {
            unknown: f64::from(lowest) - UNKNOWN_PENALTY,
            scores,
            tree,
        })
    }

    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// The pieces of a text, between the marks of its beginning and its end.
    pub fn of(&self, text: &[u8]) -> Vec<u32> {
        let unreached = Best {
            score: f64::NEG_INFINITY,
            start: 0,
            piece: UNKNOWN,
        };
        let mut best = vec![unreached; text.len() + 1];
        best[0].score = 0.0;
        let mut at = 0;
        while at < text.len() {
            let character = character_length(text, at);
            let so_far = best[at].score;
            let mut offer = |length: usize, score: f64, piece: u32| {
                let place = &mut best[at + length];
                let score = so_far + score;
                if score > place.score {
                    *place = Best {
                        score,
                        start: at as u32,
                        piece,
                    };
                }
            };
            let mut known = false;
            self.tree.pieces(&text[at..], |length, piece| {
                offer(length, f64::from(self.scores[piece]), piece as u32);
                known |= length == character;
            });
            if !known {
                offer(character, self.unknown, UNKNOWN);
            }
            at += character;
        }
        let mut pieces = vec![END];
        let mut at = text.len();
        while at > 0 {
            pieces.push(best[at].piece);
            at = best[at].start as usize;
        }
        if pieces.len() == 1 {
            pieces.push(UNKNOWN);
        }
        pieces.push(BEGIN);
        pieces.reverse();
        pieces
    }
}

/// Bytes of the character that begins here.
fn character_length(text: &[u8], at: usize) -> usize {
    let further = text[at + 1..].iter().take_while(|&&byte| byte & 0xC0 == 0x80);
    1 + further.count()
}
