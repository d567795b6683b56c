//! Bytes to text, in the order of the WHATWG Encoding Standard: BOM, transport, prescan, then evidence.
//!
//! `gb2312` and `gbk` decode as gb18030, whose superset they are on real pages; `euc-kr` as windows-949.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

/// How far into a document a charset declaration is looked for (HTML Standard, "prescan").
const PRESCAN: usize = 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// WHATWG name, lower case.
    pub charset: String,
    /// Some bytes meant nothing in that charset and became U+FFFD.
    pub lossy: bool,
    /// What the document declared, where that was not what it is.
    pub mislabelled: Option<String>,
}

/// Decodes a document. `content_type` is the HTTP header; `host` hints at the language for the last guess.
pub fn decode(bytes: &[u8], content_type: Option<&str>, host: Option<&str>) -> Decoded {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return decode_as(&bytes[bom..], encoding, None);
    }
    let declared = content_type.and_then(charset_parameter).or_else(|| prescan(bytes));
    if let Some(encoding) = declared {
        let label = encoding.name().to_ascii_lowercase();
        if encoding != UTF_8 && is_surely_utf8(bytes) {
            return decode_as(bytes, UTF_8, Some(label));
        }
        let attempt = decode_as(bytes, encoding, None);
        if !attempt.lossy {
            return attempt;
        }
        let guessed = guess(bytes, host);
        if guessed != encoding {
            let other = decode_as(bytes, guessed, Some(label));
            if replaced(&other.text) * 4 < replaced(&attempt.text) {
                return other;
            }
        }
        return attempt;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return decode_as(bytes, UTF_8, None);
    }
    decode_as(bytes, guess(bytes, host), None)
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, mislabelled: Option<String>) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text: text.into_owned(),
        charset: encoding.name().to_ascii_lowercase(),
        lossy,
        mislabelled,
    }
}

/// gb18030 and its kin decode almost any bytes without complaint, so a wrong label only shows in that
/// the bytes are valid UTF-8: four multi-byte characters in a row of valid ones do not happen by chance.
fn is_surely_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().filter(|c| !c.is_ascii()).nth(3).is_some())
}

fn replaced(text: &str) -> usize {
    text.matches('\u{FFFD}').count()
}

fn guess(bytes: &[u8], host: Option<&str>) -> &'static Encoding {
    let tld = host
        .and_then(|host| host.rsplit('.').next())
        .filter(|tld| tld.is_ascii())
        .map(str::to_ascii_lowercase);
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    widen(detector.guess(tld.as_deref().map(str::as_bytes), chardetng::Utf8Detection::Allow))
}

/// `text/html; charset="gb2312"` → GB18030.
pub fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let value = &lower[lower.find("charset=")? + "charset=".len()..];
    let label = value.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(['"', '\'', ';', ' ', ',']).unwrap_or(label.len());
    Encoding::for_label(label[..end].as_bytes()).map(widen)
}

/// `<meta charset>`, `<meta http-equiv content>` or `<?xml encoding?>` within the first kibibyte.
fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    for key in ["charset=", "encoding="] {
        for (at, _) in head.match_indices(key) {
            let value = head[at + key.len()..].trim_start_matches(['"', '\'', ' ']);
            let end = value.find(['"', '\'', ' ', ';', '>', '?', '/']).unwrap_or(value.len());
            if let Some(encoding) = Encoding::for_label(value[..end].as_bytes()) {
                // UTF-16 without a BOM cannot be read as ASCII, so the label is wrong (HTML Standard, prescan step 14).
                let utf16 = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
                return Some(if utf16 { UTF_8 } else { widen(encoding) });
            }
        }
    }
    None
}

fn widen(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_gb2312_is_read_as_gb18030() {
        let (bytes, _, _) = GB18030.encode("<meta charset=gb2312><p>平壤与巴黎</p>");
        let decoded = decode(&bytes, None, None);
        assert_eq!(decoded.charset, "gb18030");
        assert!(decoded.text.contains("平壤与巴黎") && !decoded.lossy);
    }

    #[test]
    fn utf8_with_a_wrong_label_is_still_read() {
        let decoded = decode("<meta charset=gbk>Élysée, l’été".as_bytes(), None, None);
        assert!(decoded.text.contains("Élysée"), "{decoded:?}");
        assert_eq!(decoded.charset, "utf-8");
        assert_eq!(decoded.mislabelled.as_deref(), Some("gb18030"));
    }

    #[test]
    fn undeclared_gbk_is_guessed_from_its_bytes() {
        let (bytes, _, _) = GB18030.encode("法国与朝鲜同意加深文化合作，双方将在平壤设立办事处。");
        assert_eq!(
            decode(&bytes, None, Some("news.example.cn")).text.chars().next(),
            Some('法')
        );
    }
}
