//! What a publisher reserves, in the words under which it is recorded.
//!
//! Takes a line as sent, gives words such as `noarchive`, `tdm-reservation`, `content-signal: search=no`. Says which of
//! them leave us title, teaser and link alone. Never reads a page or a file itself.

use super::source::ReservationPolicy;

/// What a `Content-Signal` value refuses (contentsignals.org): `search=yes, ai-train=no` refuses `ai-train`.
pub fn signals(value: &str) -> Vec<String> {
    refused(value, "no", "content-signal")
}

/// What a `Content-Usage` value refuses (draft-ietf-aipref-vocab, a Dictionary of RFC 9651): `train-ai=n, search=y`
/// refuses `train-ai`.
pub fn usage(value: &str) -> Vec<String> {
    refused(value, "n", "content-usage")
}

fn refused(value: &str, no: &str, line: &str) -> Vec<String> {
    /// Members beyond are a prank: the drafts know five.
    const MOST: usize = 20;
    let member = |member: &str| {
        let (key, value) = member.split_once('=')?;
        // Parameters behind a semicolon change nothing of the value itself.
        let value = value.split(';').next().unwrap_or_default().trim();
        let key = key.trim().to_ascii_lowercase();
        let is_key = !key.is_empty() && key.len() < 40 && key.bytes().all(|b| b.is_ascii_graphic());
        (is_key && value.eq_ignore_ascii_case(no)).then(|| format!("{line}: {key}={no}"))
    };
    value.split(',').take(MOST).filter_map(member).collect()
}

/// Does this word leave us without the body? What speaks of text and data mining, of keeping a copy, or of search does;
/// what speaks of training or feeding models does not, since nothing here does either; `noindex` speaks of public
/// search engines (docs/decisions/0019-reservations.md).
pub fn withholds(word: &str) -> bool {
    matches!(
        word,
        "tdm-reservation"
            | "noarchive"
            | "nocache"
            | "content-signal: search=no"
            | "content-usage: search=n"
            | "content-usage: bots=n"
    )
}

/// Why the body is not ours to keep, if the source's policy honours what was found.
pub fn withheld(policy: ReservationPolicy, words: &[String]) -> Option<String> {
    if policy == ReservationPolicy::Record {
        return None;
    }
    let word = words.iter().find(|word| withholds(word))?;
    Some(format!("the publisher reserves it: {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_lists_of_pairs() {
        assert_eq!(
            signals("search=yes, AI-Train = NO,ai-input=no;x, ,odd"),
            ["content-signal: ai-train=no", "content-signal: ai-input=no"]
        );
        assert_eq!(
            usage("train-ai=n;exp=1, search=y, bots=no"),
            ["content-usage: train-ai=n"]
        );
        assert!(signals("").is_empty() && usage("=n,,=").is_empty());
    }

    #[test]
    fn search_and_mining_withhold_training_does_not() {
        let bare = |words: Vec<String>| words.iter().any(|word| withholds(word));
        assert!(bare(signals("search=no")) && bare(usage("bots=n")) && bare(usage("search=n")));
        assert!(!bare(signals("ai-train=no, ai-input=no")) && !bare(usage("train-ai=n")));
        assert!(withholds("tdm-reservation") && withholds("noarchive") && !withholds("noindex"));
    }
}
