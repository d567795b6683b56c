//! A query that begins with a minus is no option.
//!
//! Takes the arguments of the program, gives them so that the reader of options takes `-lang:fr 法国` for what it is.
//! The minus of mathematics stands for the other one, since the language of queries reads both as NOT.

use std::ffi::OsString;

/// Commands whose free arguments are a query.
const ASKING: [&str; 3] = ["query", "attention", "saved"];
/// Their options of one letter.
const SHORT: &str = "hVqo";

pub fn arguments(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let (mut asking, mut ended) = (false, false);
    let each = typed.into_iter().map(|argument| {
        let Some(text) = argument.to_str() else { return argument };
        ended |= text == "--";
        let told = if asking && !ended { taken_away(text) } else { None };
        asking |= ASKING.contains(&text);
        told.unwrap_or(argument)
    });
    each.collect()
}

/// The argument with the other minus, where it takes something away.
fn taken_away(argument: &str) -> Option<OsString> {
    let rest = argument.strip_prefix('-')?;
    let first = rest.chars().next()?;
    // -o has its value right behind or not.
    let option = first == '-' || rest.chars().all(|c| SHORT.contains(c)) || first == 'o' && rest.contains(['.', '/']);
    (!option).then(|| format!("\u{2212}{rest}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stay_options() {
        for (typed, expected) in [
            ("vigie query -lang:fr", "vigie query −lang:fr"),
            (
                "vigie --data d query 法国 -sport --json",
                "vigie --data d query 法国 −sport --json",
            ),
            ("vigie query -q -h --limit 3", "vigie query -q -h --limit 3"),
            ("vigie attention 法国 -o file.csv", "vigie attention 法国 -o file.csv"),
            ("vigie query -- -lang:fr", "vigie query -- -lang:fr"),
            (
                "vigie attention 法国 -otable/of.csv",
                "vigie attention 法国 -otable/of.csv",
            ),
            ("vigie query accord -opéra -humain", "vigie query accord −opéra −humain"),
            ("vigie query - -quote:accord", "vigie query - −quote:accord"),
            ("vigie crawl -x", "vigie crawl -x"),
        ] {
            let told = arguments(typed.split(' ').map(OsString::from));
            let told: Vec<&str> = told.iter().filter_map(|argument| argument.to_str()).collect();
            assert_eq!(told.join(" "), expected);
        }
    }
}
