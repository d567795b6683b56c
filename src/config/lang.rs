//! Language tags (BCP 47, RFC 5646), as far as newspapers need them: language, script, region.
//!
//! Takes text, gives the tag in its proper letters, or what was probably meant.

use super::problem::{Fault, quoted};

/// ISO 639-1.
const LANGUAGES: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es \
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj \
    kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv \
    ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti \
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Country codes written for languages. `kr` (Kanuri) is also a language of ISO 639-1, but nobody who writes it here means
/// that one; `kau`, its three-letter code, stays open.
const COUNTRY_CODES: [(&str, &str, &str); 18] = [
    ("cn", "Chinese in simplified script", "zh-Hans"),
    ("hk", "Chinese in traditional script", "zh-Hant"),
    ("kr", "Korean", "ko"),
    ("kp", "Korean", "ko"),
    ("jp", "Japanese", "ja"),
    ("gb", "English", "en"),
    ("us", "English", "en"),
    ("au", "English", "en"),
    ("nz", "English", "en"),
    ("at", "German", "de"),
    ("dk", "Danish", "da"),
    ("cz", "Czech", "cs"),
    ("gr", "Greek", "el"),
    ("ua", "Ukrainian", "uk"),
    ("vn", "Vietnamese", "vi"),
    ("ir", "Persian", "fa"),
    ("il", "Hebrew", "he"),
    ("mx", "Spanish", "es"),
];

/// Names and longer codes, lower case.
const MEANT: [(&str, &str); 26] = [
    ("french", "fr"),
    ("français", "fr"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("english", "en"),
    ("eng", "en"),
    ("korean", "ko"),
    ("한국어", "ko"),
    ("kor", "ko"),
    ("japanese", "ja"),
    ("jpn", "ja"),
    ("german", "de"),
    ("deu", "de"),
    ("ger", "de"),
    ("spanish", "es"),
    ("spa", "es"),
    ("russian", "ru"),
    ("rus", "ru"),
    ("arabic", "ar"),
    ("ara", "ar"),
    ("chinese", "zh-Hans` or `zh-Hant"),
    ("中文", "zh-Hans` or `zh-Hant"),
    ("zho", "zh-Hans` or `zh-Hant"),
    ("chi", "zh-Hans` or `zh-Hant"),
    ("cmn", "zh-Hans` or `zh-Hant"),
    ("iw", "he"),
];

/// The language of a source: Chinese must say its script, because `zh` alone does not say what to expect on the page.
pub(super) fn source(text: &str) -> Result<String, Fault> {
    if text == "zh" {
        let fault = Fault::new("`zh` does not say which script");
        return Err(fault.hint("write `zh-Hans` for simplified, `zh-Hant` for traditional characters"));
    }
    tag(text)
}

/// The language of terms and names: `zh` stands for both scripts, since traditional is folded; `zh-Hant` for words that differ.
pub(super) fn terms(text: &str) -> Result<String, Fault> {
    if text == "zh-Hans" {
        let fault = Fault::new("Chinese terms stand under `zh`");
        return Err(fault.hint("write `zh`: simplified characters find traditional ones too"));
    }
    tag(text)
}

fn tag(text: &str) -> Result<String, Fault> {
    let fault = Fault::new(format!("{} is not a language tag", quoted(text)));
    let lower = text.to_lowercase();
    if let Some((_, name, tag)) = COUNTRY_CODES.iter().find(|(code, ..)| *code == lower) {
        return Err(fault.hint(format!("`{lower}` is the country code; {name} is `{tag}`")));
    }
    if let Some((_, tag)) = MEANT.iter().find(|(wrong, _)| *wrong == lower) {
        return Err(fault.hint(format!("write `{tag}`")));
    }
    let example = "such as `fr`, `en`, `ko`, `zh-Hans`, `pt-BR`";
    let Some(proper) = proper(text) else {
        return Err(fault.hint(format!("a language code and perhaps a script, {example}")));
    };
    let region = proper.strip_prefix("zh-").filter(|rest| rest.len() == 2);
    if let Some(region) = region {
        let script = if matches!(region, "TW" | "HK" | "MO") {
            "Hant"
        } else {
            "Hans"
        };
        return Err(fault.hint(format!("name the script, not the country: `zh-{script}`")));
    }
    if proper != text {
        return Err(fault.hint(format!("write `{proper}`")));
    }
    Ok(proper)
}

/// `text` in the letters RFC 5646 §2.1.1 recommends, if it is `language[-Script][-REGION]` with a known language.
fn proper(text: &str) -> Option<String> {
    let mut parts = text.split(['-', '_']);
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let language = parts.next().filter(|part| letters(part))?.to_ascii_lowercase();
    let known = match language.len() {
        2 => LANGUAGES.split_whitespace().any(|code| code == language),
        // ISO 639-3 has eight thousand codes; their form has to do.
        3 => true,
        _ => false,
    };
    if !known {
        return None;
    }
    let mut written = language;
    let mut next = parts.next();
    if let Some(script) = next.filter(|part| part.len() == 4 && letters(part)) {
        let (first, rest) = script.split_at_checked(1)?;
        written.push('-');
        written.push_str(&first.to_ascii_uppercase());
        written.push_str(&rest.to_ascii_lowercase());
        next = parts.next();
    }
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(region) = next.filter(|part| part.len() == 2 && letters(part) || part.len() == 3 && digits(part)) {
        written.push('-');
        written.push_str(&region.to_ascii_uppercase());
        next = parts.next();
    }
    next.is_none().then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        let codes: Vec<&str> = LANGUAGES.split_whitespace().collect();
        // ISO 639-1 has 183 codes, `sh` being withdrawn.
        assert_eq!(codes.len(), 183);
        assert!(codes.is_sorted());
    }

    #[test]
    fn tags_in_their_proper_letters_pass() {
        for good in [
            "fr",
            "en",
            "ko",
            "zh-Hans",
            "zh-Hant",
            "zh-Hant-HK",
            "pt-BR",
            "es-419",
            "und",
            "yue",
            "tw",
        ] {
            assert_eq!(source(good), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "-",
            "f",
            "zh-",
            "fr-",
            "fr--FR",
            "zh-Hans-Hans",
            "xx",
            "fr-FR-x",
            "é",
            "Ελ",
            "zh-Hans-CN-é",
        ] {
            assert!(source(bad).is_err(), "{bad}");
        }
        assert_eq!(terms("zh"), Ok("zh".to_owned()));
    }

    #[test]
    fn what_was_meant_is_said() {
        let hint = |text: &str| source(text).unwrap_err().hint.unwrap();
        assert_eq!(
            hint("cn"),
            "`cn` is the country code; Chinese in simplified script is `zh-Hans`"
        );
        assert_eq!(hint("jp"), "`jp` is the country code; Japanese is `ja`");
        assert_eq!(hint("KR"), "`kr` is the country code; Korean is `ko`");
        assert_eq!(hint("zh-CN"), "name the script, not the country: `zh-Hans`");
        assert_eq!(hint("zh_TW"), "name the script, not the country: `zh-Hant`");
        assert_eq!(hint("zh-hans"), "write `zh-Hans`");
        assert_eq!(hint("FR"), "write `fr`");
        assert_eq!(hint("French"), "write `fr`");
    }
}
