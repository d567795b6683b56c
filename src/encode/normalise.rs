//! Text as the vocabulary spells it: sentencepiece's `nmt_nfkc`.
//!
//! Takes text, gives UTF-8 in which compatibility forms are one and a space is `▁`: one before every word, none at the
//! end. The rules are data, a double array as darts-clone lays it out.

use super::EncodeError;
use super::data::{Fields, damaged};

/// U+2581, which stands for a space.
const SPACE: &[u8] = "▁".as_bytes();

pub struct Normaliser {
    /// A unit holds its label, whether a rule ends there, and how far its children lie; or, in a leaf, a replacement.
    units: Vec<u32>,
    /// Each ended by a zero byte.
    replacements: Vec<u8>,
}

impl Normaliser {
    pub fn read(fields: &mut Fields<'_>) -> Result<Normaliser, EncodeError> {
        let count = fields.u32()? as usize;
        let units = fields.u32s(count)?;
        let size = fields.u32()? as usize;
        let replacements = fields.bytes(size)?.to_vec();
        if replacements.last() != Some(&0) {
            return Err(damaged("the spelling rules have no end"));
        }
        Ok(Normaliser { units, replacements })
    }

    /// Empty for a text that holds nothing to read.
    pub fn normalise(&self, text: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + text.len() / 4 + SPACE.len());
        out.extend_from_slice(SPACE);
        let mut after_space = true;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (mut spelt, taken) = match self.longest_rule(rest.as_bytes()) {
                Some(found) => found,
                None => (&rest.as_bytes()[..first.len_utf8()], first.len_utf8()),
            };
            // A rule ends between characters, as its data are UTF-8; if ever not, the text is still gone through.
            rest = rest.get(taken..).unwrap_or_default();
            while after_space && let Some(more) = spelt.strip_prefix(b" ") {
                spelt = more;
            }
            for &byte in spelt {
                match byte {
                    b' ' => out.extend_from_slice(SPACE),
                    _ => out.push(byte),
                }
            }
            if let Some(&last) = spelt.last() {
                after_space = last == b' ';
            }
        }
        while out.ends_with(SPACE) {
            out.truncate(out.len() - SPACE.len());
        }
        out
    }

    /// What the longest rule that begins here makes of how many bytes.
    fn longest_rule(&self, bytes: &[u8]) -> Option<(&[u8], usize)> {
        let mut found = None;
        let mut at = offset(*self.units.first()?);
        for (index, &byte) in bytes.iter().enumerate() {
            at ^= usize::from(byte);
            let unit = *self.units.get(at)?;
            if unit & 0x8000_00FF != u32::from(byte) {
                break;
            }
            at ^= offset(unit);
            if unit & 0x100 != 0 {
                found = Some((self.units.get(at)? & 0x7FFF_FFFF, index + 1));
            }
        }
        let (start, taken) = found?;
        let replacement = self.replacements.get(start as usize..)?;
        let end = replacement.iter().position(|&byte| byte == 0)?;
        Some((&replacement[..end], taken))
    }
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}
