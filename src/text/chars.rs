//! Unicode scalar values before a byte, without counting from the beginning each time.

/// Bytes between two counts that are kept.
const STEP: usize = 256;

#[derive(Debug, Clone)]
pub struct Chars<'a> {
    text: &'a str,
    /// Characters that begin before the n-th step.
    before: Vec<u32>,
}

impl<'a> Chars<'a> {
    pub fn of(text: &'a str) -> Chars<'a> {
        let mut before = vec![0];
        let mut sum = 0;
        for step in text.as_bytes().chunks(STEP) {
            sum += starts(step) as u32;
            before.push(sum);
        }
        Chars { text, before }
    }

    /// How many begin before this byte; all of them for a byte beyond the end.
    pub fn at(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let step = byte / STEP;
        let counted = self.before.get(step).copied().unwrap_or_default() as usize;
        counted + starts(self.text.as_bytes().get(step * STEP..byte).unwrap_or_default())
    }

    pub fn total(&self) -> usize {
        self.before.last().copied().unwrap_or_default() as usize
    }
}

fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_chars() {
        let text = "Étrange voyage de 雅克·朗 à 平壤, ".repeat(40);
        let chars = Chars::of(&text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(chars.at(byte), n);
        }
        assert_eq!(
            (chars.total(), chars.at(usize::MAX)),
            (text.chars().count(), text.chars().count())
        );
        assert_eq!((Chars::of("").at(0), Chars::of("").total()), (0, 0));
    }
}
