//! A query that begins with a minus is no option.
//!
//! Takes the arguments of the program, gives them so that the reader of options takes `-lang:fr 法国` for what it is.
//! The minus of mathematics stands for the other one, since the language of queries reads both as NOT.

use std::ffi::OsString;

/// Commands whose free arguments are a query.
const ASKING: [&str; 4] = ["query", "attention", "saved", "compare"];
/// Their options of one letter that take no value.
const SHORT: &str = "hVq";
/// Those of them that have `-o FILE`.
const WRITING: [&str; 2] = ["attention", "compare"];
const MINUS: char = '\u{2212}';

pub fn arguments(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let (mut command, mut ended) = (None, false);
    let each = typed.into_iter().map(|argument| {
        let Some(text) = argument.to_str() else { return argument };
        ended |= text == "--";
        let told = command.filter(|_| !ended).and_then(|command| taken_away(command, text));
        command = command.or_else(|| ASKING.into_iter().find(|asking| *asking == text));
        told.unwrap_or(argument)
    });
    each.collect()
}

/// The argument with the other minus, where it takes something away.
fn taken_away(command: &str, argument: &str) -> Option<OsString> {
    let rest = argument.strip_prefix('-')?;
    let first = rest.chars().next()?;
    // -o has its value right behind or not.
    let writes = first == 'o' && WRITING.contains(&command);
    let option = first == '-' || writes || rest.chars().all(|c| SHORT.contains(c));
    (!option).then(|| format!("{MINUS}{rest}").into())
}

/// The query as it was typed, of arguments that went through [`arguments`].
pub fn query(arguments: &[String]) -> String {
    let each = arguments.iter().map(|argument| match argument.strip_prefix(MINUS) {
        Some(rest) => format!("-{rest}"),
        None => argument.clone(),
    });
    each.collect::<Vec<_>>().join(" ")
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
            ("vigie attention 法国 -otable", "vigie attention 法国 -otable"),
            ("vigie compare -lang:fr 法国", "vigie compare −lang:fr 法国"),
            ("vigie query - -quote:accord", "vigie query - −quote:accord"),
            ("vigie crawl -x", "vigie crawl -x"),
        ] {
            let told = arguments(typed.split(' ').map(OsString::from));
            let told: Vec<&str> = told.iter().filter_map(|argument| argument.to_str()).collect();
            assert_eq!(told.join(" "), expected);
        }
    }

    #[test]
    fn a_query_is_told_as_it_was_typed() {
        let told = arguments(["vigie", "query", "-lang:fr", "法国", "a−b"].map(OsString::from));
        let told: Vec<String> = told
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect();
        assert_eq!(query(&told[2..]), "-lang:fr 法国 a−b");
    }
}
