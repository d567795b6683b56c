//! Bytes to text, in the order of the WHATWG Encoding Standard: BOM, transport, prescan, then evidence.
//!
//! `gb2312` and `gbk` decode as gb18030, whose superset they are on real pages; `euc-kr` as windows-949.

use encoding_rs::{EUC_KR, Encoding, GB18030, GBK, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document a charset declaration is looked for. The HTML Standard prescans 1,024 bytes and browsers
/// start over when they meet a later one; portals put kilobytes of scripts before theirs.
const PRESCAN: usize = 8192;

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
        return decode_as(bytes.get(bom..).unwrap_or_default(), encoding, None);
    }
    if let Some(encoding) = utf16_by_its_zeros(bytes) {
        return decode_as(bytes, encoding, None);
    }
    let Some(encoding) = declared(bytes, content_type) else {
        return undeclared(bytes, host, None);
    };
    let label = encoding.name().to_ascii_lowercase();
    if encoding != UTF_8 && is_surely_utf8(bytes) {
        return decode_as(bytes, UTF_8, Some(label));
    }
    // Latin-1 is what servers say when nobody told them; it never fails to decode, so only the bytes can object.
    if encoding == WINDOWS_1252 && (is_surely_double_byte(bytes) || stands_in_runs(bytes)) {
        return undeclared(bytes, host, Some(label));
    }
    // gb18030 takes Big5 and Shift_JIS without complaint, too, but their pairs are no common Han characters in it.
    if encoding == GB18030 && high_bytes(bytes) >= MOST_TELLING && !is_surely_double_byte(bytes) {
        let other = undeclared(bytes, host, Some(label.clone()));
        if other.charset != label && !other.lossy {
            return other;
        }
    }
    let attempt = decode_as(bytes, encoding, None);
    if !attempt.lossy {
        return attempt;
    }
    let other = undeclared(bytes, host, Some(label));
    if replaced(&other.text) * 4 < replaced(&attempt.text) {
        return other;
    }
    attempt
}

/// What the transport says, unless it says Latin-1 and the document itself says otherwise
/// (Apache's `AddDefaultCharset` on a portal's GB pages).
fn declared(bytes: &[u8], content_type: Option<&str>) -> Option<&'static Encoding> {
    let transport = content_type.and_then(charset_parameter);
    if transport.is_some_and(|encoding| encoding != WINDOWS_1252) {
        return transport;
    }
    prescan(bytes).or(transport)
}

fn undeclared(bytes: &[u8], host: Option<&str>, mislabelled: Option<String>) -> Decoded {
    let encoding = if is_mostly_utf8(bytes) {
        UTF_8
    } else {
        guess(bytes, host)
    };
    let mislabelled = mislabelled.filter(|label| !encoding.name().eq_ignore_ascii_case(label));
    decode_as(bytes, encoding, mislabelled)
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, mislabelled: Option<String>) -> Decoded {
    let encoding = if encoding == WINDOWS_1252 && is_latin_9(bytes) {
        ISO_8859_15
    } else {
        encoding
    };
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

/// Valid UTF-8, or with so few broken places that no other charset could have made the rest valid.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // One broken sequence in fifty characters: a cut in the middle of one, an advertisement in another charset.
    broken * 50 <= valid
}

/// So many bytes above ASCII tell one charset from another.
const MOST_TELLING: usize = 32;

fn high_bytes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte >= 0x80).take(MOST_TELLING).count()
}

/// Most bytes above ASCII have another beside them: Cyrillic, Arabic, Han, kana. In the languages of Latin-1 an accented
/// letter stands among plain ones.
fn stands_in_runs(bytes: &[u8]) -> bool {
    let (mut all, mut beside) = (0_usize, 0_usize);
    for run in bytes.split(|byte| *byte < 0x80).filter(|run| !run.is_empty()) {
        all += run.len();
        beside += if run.len() > 1 { run.len() } else { 0 };
    }
    all >= MOST_TELLING && beside * 10 >= all * 6
}

/// UTF-16 that nothing announces: every other byte of its markup is zero, which no other charset has.
fn utf16_by_its_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(1024)].as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let mostly = |many: usize, few: usize| pairs.len() >= 16 && many * 10 >= pairs.len() * 4 && few * 20 <= pairs.len();
    if mostly(second, first) {
        return Some(UTF_16LE);
    }
    mostly(first, second).then_some(UTF_16BE)
}

/// ISO 8859-15 under the name of Latin-1: `½` within a word is `œ` (c½ur, ½uvre). Windows-1252 has its quotation marks
/// where this one has nothing.
fn is_latin_9(bytes: &[u8]) -> bool {
    let of_word = |window: &[u8]| match window {
        [before, 0xBD | 0xBC, after] => {
            after.is_ascii_alphabetic() && (before.is_ascii_alphabetic() || matches!(after, b'u' | b'U'))
        }
        _ => false,
    };
    bytes.windows(3).any(of_word) && !bytes.iter().any(|byte| matches!(byte, 0x80..=0x9F))
}

fn guess(bytes: &[u8], host: Option<&str>) -> &'static Encoding {
    let tld = host
        .and_then(|host| host.rsplit('.').next())
        .filter(|tld| tld.is_ascii() && !tld.is_empty())
        .map(str::to_ascii_lowercase);
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = widen(detector.guess(tld.as_deref().map(str::as_bytes), chardetng::Utf8Detection::Allow));
    // A short page of Han characters decodes to Latin-1 noise as well as to text.
    if guess.is_single_byte() && is_surely_double_byte(bytes) {
        return if tld.as_deref() == Some("kr") { EUC_KR } else { GB18030 };
    }
    guess
}

/// Nearly all bytes above ASCII come in pairs that are a common Han character (GB 2312 rows 16 to 55, which are
/// EUC-KR's Hangul too) or its punctuation (rows 1 to 3). An accented letter is followed by ASCII.
fn is_surely_double_byte(bytes: &[u8]) -> bool {
    let (mut pairs, mut common, mut i) = (0usize, 0usize, 0usize);
    while let Some(lead) = bytes.get(i) {
        if *lead < 0x80 {
            i += 1;
            continue;
        }
        let trail = bytes.get(i + 1).copied().unwrap_or(0);
        pairs += 1;
        common += usize::from(matches!(lead, 0xA1..=0xA3 | 0xB0..=0xD7) && trail >= 0xA1);
        i += 2;
    }
    // Fewer than eight pairs prove nothing; rows 56 to 87 hold the rare characters, a few in a hundred.
    pairs >= 8 && common * 10 >= pairs * 8
}

/// `text/html; charset="gb2312"` → GB18030.
pub fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let value = &lower[lower.find("charset=")? + "charset=".len()..];
    let label = value.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(['"', '\'', ';', ' ', ',']).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end]).map(widen)
}

/// `<?xml encoding?>`, `<meta charset>` or `<meta http-equiv content>`, and not the charset of a script.
fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    let tags = [("<?xml", "encoding="), ("<meta", "charset=")];
    for (open, key) in tags {
        for (at, _) in head.match_indices(open) {
            let tag = &head[at..];
            let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
            let Some(at) = tag.find(key) else { continue };
            let value = tag[at + key.len()..].trim_start_matches(['"', '\'', ' ']);
            let end = value.find(['"', '\'', ' ', ';', '?', '/']).unwrap_or(value.len());
            if let Some(encoding) = Encoding::for_label(&value.as_bytes()[..end]) {
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

    #[test]
    fn korean_japanese_and_traditional_chinese_are_read_as_declared() {
        for (label, text) in [
            ("euc-kr", "<p>평양과 파리가 문화 교류를 넓히기로 했다</p>"),
            ("shift_jis", "<p>平壌とパリは文化交流を広げることで一致した</p>"),
            ("big5", "<p>平壤與巴黎同意擴大文化交流</p>"),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(text);
            let by_header = decode(&bytes, Some(&format!("text/html; charset=\"{label}\"")), None);
            assert_eq!(by_header.text, text);
            let mut page = format!("<script src=a.js charset=utf-8></script><meta charset={label}>").into_bytes();
            page.extend_from_slice(&bytes);
            assert!(decode(&page, None, None).text.ends_with(text), "{label}");
        }
    }

    #[test]
    fn undeclared_pages_of_each_country_are_told_apart() {
        for (label, host, text) in [
            (
                "euc-kr",
                "www.example.kr",
                "평양과 파리는 문화 교류를 넓히기로 합의했으며 곧 사무소를 연다고 밝혔다.",
            ),
            (
                "big5",
                "www.example.tw",
                "平壤與巴黎同意擴大文化交流，雙方將在今年年底之前開設辦事處，並派出記者。",
            ),
            (
                "gbk",
                "www.example.cn",
                "平壤与巴黎同意扩大文化交流，双方将在今年年底之前开设办事处，并派出记者。",
            ),
            (
                "windows-1252",
                "www.example.fr",
                "Le président a été reçu à l’Élysée où il a évoqué la coopération.",
            ),
        ] {
            let (bytes, _, _) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
            assert_eq!(decode(&bytes, None, Some(host)).text, text, "{label}");
        }
    }

    #[test]
    fn latin_1_that_a_server_claims_by_default_yields_to_the_bytes() {
        let text = "平壤与巴黎同意扩大文化交流，双方将开设办事处。";
        let (bytes, _, _) = GB18030.encode(text);
        let decoded = decode(&bytes, Some("text/html; charset=ISO-8859-1"), Some("news.example.com"));
        assert_eq!((decoded.text.as_str(), decoded.charset.as_str()), (text, "gb18030"));
        assert_eq!(decoded.mislabelled.as_deref(), Some("windows-1252"));
        let french = WINDOWS_1252.encode("L’été à Évreux, déjà").0;
        assert_eq!(
            decode(&french, Some("text/html; charset=ISO-8859-1"), None).charset,
            "windows-1252"
        );
    }

    #[test]
    fn latin_1_on_letters_of_another_alphabet_yields_to_them() {
        for (label, text) in [
            (
                "windows-1251",
                "Паром снова ходит между островами, сообщили в порту утром.",
            ),
            ("koi8-r", "Паром снова ходит между островами, сообщили в порту утром."),
            ("big5", "渡輪今晨恢復往返兩島之間，港務處說船期照舊，旅客可在碼頭購票。"),
            (
                "shift_jis",
                "フェリーは今朝から島の間の運航を再開したと港の当局が発表した。",
            ),
            (
                "windows-1256",
                "استأنفت العبارة رحلاتها بين الجزيرتين صباح اليوم حسب إدارة الميناء.",
            ),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let mut page = b"<meta charset=iso-8859-1><p>".to_vec();
            page.extend_from_slice(&encoding.encode(text).0);
            let decoded = decode(&page, None, None);
            assert!(decoded.text.ends_with(text), "{label}: {decoded:?}");
            assert_eq!(decoded.mislabelled.as_deref(), Some("windows-1252"), "{label}");
        }
        // Accents side by side are still Latin-1.
        let text = "Le désœuvré créé à Évreux a été agréé : « déjà », dit-il, « où ? ». Réélu, naïf, ambiguë.";
        let bytes = WINDOWS_1252.encode(text).0;
        assert_eq!(decode(&bytes, Some("text/html; charset=iso-8859-1"), None).text, text);
    }

    #[test]
    fn big5_under_the_name_of_gb2312_is_told() {
        let text = "渡輪今晨恢復往返兩島之間，港務處說船期照舊，旅客可在碼頭購票，惟風浪大時停航。";
        let bytes = encoding_rs::BIG5.encode(text).0;
        let decoded = decode(&bytes, Some("text/html; charset=gb2312"), Some("www.example.tw"));
        assert_eq!((decoded.text.as_str(), decoded.charset.as_str()), (text, "big5"));
        let simplified = "渡轮今晨恢复往返两岛之间，港务处说船期照旧，旅客可在码头购票，惟风浪大时停航。";
        let bytes = GB18030.encode(simplified).0;
        assert_eq!(decode(&bytes, Some("text/html; charset=gb2312"), None).text, simplified);
    }

    #[test]
    fn utf_16_is_known_by_its_zeros() {
        let text = "<html><head><title>La navette</title></head><p>渡轮今晨恢复往返。</p></html>";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, charset) in [(little, "utf-16le"), (big, "utf-16be")] {
            let decoded = decode(&bytes, Some("text/html; charset=utf-8"), None);
            assert_eq!((decoded.text.as_str(), decoded.charset.as_str()), (text, charset));
        }
    }

    #[test]
    fn the_oe_of_latin_9_is_no_fraction() {
        let text = "Au cœur de l’œuvre, les sœurs".replace('’', "'");
        let bytes = latin_9(&text);
        for content_type in [
            None,
            Some("text/html; charset=iso-8859-1"),
            Some("text/html; charset=utf-8"),
        ] {
            assert_eq!(
                decode(&bytes, content_type, Some("www.example.fr")).text,
                text,
                "{content_type:?}"
            );
        }
        let recipe = WINDOWS_1252.encode("½ litre de café, 1½ kg, 2½oz").0;
        assert_eq!(
            decode(&recipe, Some("text/html; charset=iso-8859-1"), None).text,
            "½ litre de café, 1½ kg, 2½oz"
        );
    }

    fn latin_9(text: &str) -> Vec<u8> {
        encoding_rs::ISO_8859_15.encode(text).0.into_owned()
    }

    #[test]
    fn a_cut_character_does_not_turn_a_page_to_noise() {
        let mut bytes = "Élysée, l’été, à l’œuvre : déjà ".repeat(8).into_bytes();
        bytes.push(0xC3);
        let decoded = decode(&bytes, None, Some("www.example.fr"));
        assert!(decoded.lossy && decoded.text.starts_with("Élysée"), "{decoded:?}");
    }
}
