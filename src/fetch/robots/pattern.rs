//! One path pattern of a robots.txt rule, and the path it is held against.
//!
//! Takes octets, gives a match and its length. Linear in path and pattern, whatever both contain; never a regex.

/// A rule's path in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// ASCII, percent-encoding normalised, `*` still the wildcard.
    text: String,
    /// Ended in `$`: nothing may follow.
    anchored: bool,
    /// Octets that decide between two matching rules (RFC 9309 §2.2.2, "the most octets").
    pub octets: usize,
}

impl Pattern {
    /// `None` for an empty path, which is no rule at all (`Disallow:` alone allows everything).
    pub fn parse(value: &[u8]) -> Option<Pattern> {
        if value.is_empty() {
            return None;
        }
        let (value, anchored) = match value.strip_suffix(b"$") {
            Some(rest) => (rest, true),
            None => (value, false),
        };
        let mut text = normalise(value);
        let octets = text.len() + usize::from(anchored);
        // RFC 9309 §2.2.3: `$` is special at the end only; elsewhere it is itself, as in the path.
        if text.contains('$') {
            text = text.replace('$', "%24");
        }
        Some(Pattern { text, anchored, octets })
    }

    /// `/dir/index.html` as Google reads it in an Allow rule: `/dir/` is meant, too.
    pub fn directory_of_index(&self) -> Option<Pattern> {
        let slash = self.text.rfind('/')?;
        let (directory, file) = self.text.split_at(slash + 1);
        file.starts_with("index.htm").then(|| Pattern {
            text: directory.to_owned(),
            anchored: true,
            octets: directory.len() + 1,
        })
    }

    /// Each piece between wildcards is looked for at its leftmost place after the one before. That finds a match
    /// whenever there is one, since only the last piece can be tied to the end; `str::find` is linear (two-way).
    pub fn matches(&self, path: &Path) -> bool {
        let mut pieces = self.text.split('*');
        let first = pieces.next().unwrap_or_default();
        let Some(mut rest) = path.0.strip_prefix(first) else {
            return false;
        };
        let Some(last) = pieces.next_back() else {
            return !self.anchored || rest.is_empty();
        };
        for piece in pieces {
            match rest.split_once(piece) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        if self.anchored {
            rest.ends_with(last)
        } else {
            rest.contains(last)
        }
    }
}

/// The path and query of an address in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// Of a whole address, or of anything that looks like one: what stands before the path is skipped, the fragment
    /// dropped, and an address without a path is `/`.
    pub fn of(url: &str) -> Path {
        let raw = path_and_query(url);
        let mut text = normalise(raw.as_bytes());
        // A literal `*` or `$` of the address is matched by `%2A` or `%24` in a rule (RFC 9309 §2.2.3).
        if text.contains(['*', '$']) {
            text = text.replace('*', "%2A").replace('$', "%24");
        }
        if !text.starts_with('/') {
            text.insert(0, '/');
        }
        Path(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn path_and_query(url: &str) -> &str {
    let url = url.split('#').next().unwrap_or_default();
    let start = url.strip_prefix("//").unwrap_or(url);
    const BEGIN: [char; 3] = ['/', '?', ';'];
    let after_scheme = match start.find("://") {
        // A path or query before the `://` means that it is part of them, as in `/go?to=http://…`.
        Some(at) if start.find(BEGIN).is_none_or(|path| path > at) => start.get(at + 3..).unwrap_or_default(),
        _ => start,
    };
    after_scheme
        .find(BEGIN)
        .and_then(|at| after_scheme.get(at..))
        .unwrap_or("/")
}

/// RFC 9309 §2.2.2: what is neither reserved nor unreserved is percent-encoded, unreserved characters are decoded,
/// and hexadecimal digits are capital (RFC 3986 §6.2.2).
fn normalise(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        if byte == b'%' {
            match (raw.get(at).and_then(hex), raw.get(at + 1).and_then(hex)) {
                (Some(high), Some(low)) => {
                    at += 2;
                    let octet = high << 4 | low;
                    if is_unreserved(octet) {
                        text.push(char::from(octet));
                    } else {
                        encode(octet, &mut text);
                    }
                }
                // A stray `%` is kept on both sides of the comparison.
                _ => text.push('%'),
            }
        } else if is_unreserved(byte) || is_reserved(byte) {
            text.push(char::from(byte));
        } else {
            encode(byte, &mut text);
        }
    }
    text
}

fn encode(octet: u8, text: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    text.push('%');
    text.push(DIGITS[usize::from(octet >> 4)]);
    text.push(DIGITS[usize::from(octet & 0x0f)]);
}

fn hex(byte: &u8) -> Option<u8> {
    char::from(*byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn is_reserved(byte: u8) -> bool {
    b":/?#[]@!$&'()*+,;=".contains(&byte)
}
