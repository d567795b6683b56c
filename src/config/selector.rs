//! CSS selectors.
//!
//! Takes a selector list, gives it back if it compiles, or says in words why not.

use scraper::Selector;
use scraper::error::SelectorErrorKind;

use super::problem::{Fault, quoted};

/// Longest selector, in bytes. Hand-written ones seldom pass 200.
const MAX_LENGTH: usize = 2000;
/// Deepest `:is(:not(…))`: the parser recurses.
const MAX_NESTING: usize = 8;

pub(super) fn css(text: &str) -> Result<String, Fault> {
    let fault = Fault::new(format!("{} is not a CSS selector", quoted(text)));
    if text.trim().is_empty() {
        return Err(Fault::new("this selector is empty"));
    }
    if text.len() > MAX_LENGTH {
        return Err(fault.hint(format!("it is longer than {MAX_LENGTH} bytes")));
    }
    if nesting(text) > MAX_NESTING {
        return Err(fault.hint(format!("its brackets are nested more than {MAX_NESTING} deep")));
    }
    match Selector::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(fault.hint(in_words(&error))),
    }
}

/// Open brackets at most, quoted or not: an upper bound of what the parser sees.
fn nesting(text: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

fn in_words(error: &SelectorErrorKind) -> String {
    let reason = match error {
        SelectorErrorKind::EndOfLine => "it ends too soon",
        SelectorErrorKind::UnexpectedToken => "something in it cannot stand there",
        SelectorErrorKind::ExpectedColonOnPseudoElement | SelectorErrorKind::ExpectedIdentityOnPseudoElement => {
            "after `:` comes the name of a pseudo-class, such as `:first-child`"
        }
        // The kinds below come from a crate that scraper does not re-export; their names are all there is to go by.
        SelectorErrorKind::UnexpectedSelectorParseError(kind) => match format!("{kind:?}").as_str() {
            "EmptySelector" => "a selector is missing at its beginning, beside a comma or between brackets",
            "DanglingCombinator" => "nothing that fits stands after its last blank, `>`, `+` or `~`",
            "ClassNeedsIdent" => "after `.` comes the name of a class",
            "NoQualifiedNameInAttributeSelector" | "UnexpectedTokenInAttributeSelector" | "BadValueInAttr" => {
                "its attribute part is not of the form `[name=\"value\"]`"
            }
            "UnsupportedPseudoClassOrElement" => {
                "a `:…` in it is not known here; `:first-child`, `:nth-child()`, `:not()`, `:is()` and `:has()` are"
            }
            _ => "something in it cannot stand there",
        },
        _ => "something in it cannot stand there",
    };
    reason.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_that_compile_pass() {
        for good in [
            "h1",
            "div.box_con > p, #art p",
            "a[href*=\"/article/\"]",
            "p:not(.edit)",
            "meta[property='og:title']",
        ] {
            assert_eq!(css(good), Ok(good.to_owned()));
        }
    }

    #[test]
    fn faults_are_in_words() {
        let table = [
            "div >",
            "div,",
            ",",
            "div..x",
            "p:has-text('x')",
            "p:",
            "a[",
            "a[=x]",
            "p:not(",
            "!",
            "a b c {",
            "p::before",
            "  ",
            "1x",
            "div..",
            "p:first-child(",
        ];
        let shown = |selector: &&str| {
            let fault = css(selector).unwrap_err();
            format!("{} ({})", fault.message, fault.hint.unwrap_or_default())
        };
        insta::assert_snapshot!(table.iter().map(shown).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_parsed() {
        let bomb = format!("{}p{}", ":not(".repeat(390), ")".repeat(40));
        assert!(css(&bomb).unwrap_err().hint.unwrap().contains("nested"));
        assert!(css(&"p ".repeat(1500)).unwrap_err().hint.unwrap().contains("longer"));
    }
}
