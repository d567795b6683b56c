//! A text to the numbers of its pieces, as `tokenizer.json` says.

use tokenizers::{PostProcessor, Tokenizer, TruncationParams};

pub struct Tokens {
    tokenizer: Tokenizer,
    prefix: String,
}

impl Tokens {
    pub fn read(json: &[u8], most: usize, prefix: &str) -> Result<Tokens, String> {
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(|error| error.to_string())?;
        let added = tokenizer
            .get_post_processor()
            .map_or(0, |added| added.added_tokens(false));
        if added >= most {
            return Err(format!("it adds {added} tokens to a text, of which {most} are read"));
        }
        // What the file says of both is meant for batches of one length.
        tokenizer.with_padding(None);
        let truncation = TruncationParams {
            max_length: most,
            ..TruncationParams::default()
        };
        tokenizer
            .with_truncation(Some(truncation))
            .map_err(|error| error.to_string())?;
        Ok(Tokens {
            tokenizer,
            prefix: prefix.to_owned(),
        })
    }

    pub fn of(&self, text: &str) -> Result<Vec<u32>, String> {
        let whole = format!("{}{text}", self.prefix);
        let encoding = self
            .tokenizer
            .encode_fast(whole, true)
            .map_err(|error| error.to_string())?;
        Ok(encoding.get_ids().to_vec())
    }
}
