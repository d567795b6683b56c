//! What answered in place of the article, with a page that says all is well: a wall, a login, a note that there is nothing.
//!
//! Takes the flat page, its metadata and what was read off it, gives the verdict. Its words are no article's, so that a
//! verdict takes all of them away.

use std::sync::LazyLock;

use super::dom::{Attributes, Dom, Tag, What};
use super::metadata::Metadata;
use super::words::{fold, squeeze, weight};

/// What stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// A challenge, a refusal or a login.
    Wall,
    /// Nothing has this address, or no longer.
    Gone,
}

/// From this weight a text is an article's, whatever the page is called.
const ARTICLE: u32 = 2500;

/// Below this weight (fifty Latin words) what was read may be a note.
const NOTE: u32 = 300;

/// A page all of whose words weigh less says one thing only.
const BARE: u32 = 500;

/// A site's name weighs less than this, and has no more words.
const SITE: u32 = 30;
const WORDS: usize = 4;

/// Titles of walls: challenges and refusals (Cloudflare, Akamai, DataDome, PerimeterX, Chinese and Korean portals' own).
const WALLS: &[&str] = &[
    "just a moment",
    "attention required",
    "access denied",
    "access to this page has been denied",
    "403 forbidden",
    "forbidden",
    "request blocked",
    "sorry, you have been blocked",
    "are you a robot?",
    "are you human?",
    "please verify you are a human",
    "please verify you are human",
    "verify you are human",
    "human verification",
    "pardon our interruption",
    "security check",
    "security verification",
    "robot check",
    "bot check",
    "captcha",
    "checking your browser",
    "ddos protection",
    "ddos-guard",
    "vérification de sécurité",
    "vérification",
    "accès refusé",
    "accès bloqué",
    "vous avez été bloqué",
    "zugriff verweigert",
    "sicherheitsüberprüfung",
    "acceso denegado",
    "accesso negato",
    "доступ ограничен",
    "доступ запрещен",
    "安全验证",
    "访问验证",
    "人机验证",
    "滑动验证",
    "验证码",
    "访问被拒绝",
    "访问受限",
    "访问异常",
    "安全驗證",
    "驗證",
    "驗證碼",
    "접근이 차단되었습니다",
    "접근 차단",
    "비정상적인 접근",
    "자동입력 방지",
    "자동입력 방지문자",
    "アクセスが拒否されました",
];

/// Titles of pages on which readers log in.
const LOGINS: &[&str] = &[
    "login",
    "log in",
    "log in to continue",
    "sign in",
    "sign in to continue",
    "connexion",
    "connectez-vous",
    "se connecter",
    "identification",
    "identifiez-vous",
    "anmelden",
    "anmeldung",
    "einloggen",
    "iniciar sesión",
    "accedi",
    "войти",
    "вход",
    "登录",
    "用户登录",
    "会员登录",
    "登錄",
    "登入",
    "會員登入",
    "로그인",
    "ログイン",
    "تسجيل الدخول",
];

/// Titles of pages that say there is none.
const GONE: &[&str] = &[
    "404",
    "error 404",
    "erreur 404",
    "page not found",
    "not found",
    "article not found",
    "story not found",
    "page introuvable",
    "page non trouvée",
    "article introuvable",
    "cette page n'existe pas",
    "cette page n'existe plus",
    "seite nicht gefunden",
    "artikel nicht gefunden",
    "página no encontrada",
    "página não encontrada",
    "pagina non trovata",
    "страница не найдена",
    "页面不存在",
    "该页面不存在",
    "您访问的页面不存在",
    "页面未找到",
    "页面没有找到",
    "页面找不到了",
    "找不到页面",
    "找不到该页面",
    "文章不存在",
    "该文章不存在",
    "文章已被删除",
    "该文章已被删除",
    "頁面不存在",
    "找不到頁面",
    "找不到網頁",
    "文章不存在或已被刪除",
    "페이지를 찾을 수 없습니다",
    "존재하지 않는 페이지",
    "존재하지 않는 페이지입니다",
    "존재하지 않는 기사입니다",
    "삭제된 기사입니다",
    "ページが見つかりません",
    "お探しのページは見つかりませんでした",
    "الصفحة غير موجودة",
];

/// What a wall says on a page that says little else, lower case.
const WALL_SAYS: &[&str] = &[
    "please enable js and disable any ad blocker",
    "enable javascript and cookies to continue",
    "you have been blocked",
    "access to this site has been limited",
    "access to this page has been denied",
    "unusual traffic from your",
    "verify you are human",
    "verifying you are human",
    "checking your browser before",
    "checking if the site connection is secure",
    "sign in to continue",
    "log in to continue",
    "vous avez été bloqué",
    "votre accès a été bloqué",
    "votre accès à ce site a été limité",
    "开启javascript并刷新",
    "访问过于频繁",
    "完成安全验证",
    "输入验证码",
    "您的访问出现异常",
    "비정상적인 접근",
    "접근이 차단",
];

/// What a page says that has nothing else to say, lower case.
const GONE_SAYS: &[&str] = &[
    "page introuvable",
    "page not found",
    "page you were looking for",
    "page you are looking for",
    "page que vous recherchez",
    "page que vous cherchez",
    "seite wurde nicht gefunden",
    "页面不存在",
    "文章不存在",
    "文章已被删除",
    "文章已被刪除",
    "页面已被删除",
    "内容已被删除",
    "新闻已被删除",
    "頁面不存在",
    "페이지를 찾을 수 없",
    "존재하지 않는 기사",
    "삭제된 기사",
    "お探しのページ",
];

/// What only a wall's markup holds: scripts of DataDome, Cloudflare, PerimeterX, Akamai and AWS.
const MARKUP: &[&str] = &[
    "captcha-delivery.com",
    "_cf_chl_opt",
    "orchestrate/chl_page",
    "px-captcha",
    "sec-if-cpt-container",
    "awswafcookiedomainlist",
];

/// No label with its site's name weighs more.
const LONGEST: u32 = 120;

/// Marks between a page's own title and its site's name.
const SEPARATORS: &[&str] = &[" - ", " | ", " – ", " — ", " · ", " : ", "_", "|", "｜"];

/// `title` is the headline that was found, `text` what was read.
pub fn instead(dom: &Dom, meta: &Metadata, title: Option<&str>, text: &str) -> Option<Instead> {
    let read = weight(text);
    let titles = || [meta.page_title.as_deref(), title].into_iter().flatten();
    let titled = |labels: &[String]| titles().any(|title| is_called(title, labels));
    // Walls and notes describe no article.
    let og = meta.get(&["og:type"]).unwrap_or_default();
    let described = meta.jsonld.kind.is_some() || og.eq_ignore_ascii_case("article");
    // Whoever has nothing for a reader offers what else there is, at any length.
    if (read < ARTICLE || !described) && titled(&GONE_TITLES) {
        return Some(Instead::Gone);
    }
    if !described && read < ARTICLE && titled(&WALL_TITLES) || read < NOTE && has_walls_markup(dom) {
        return Some(Instead::Wall);
    }
    if described || read >= BARE {
        return None;
    }
    if titled(&LOGIN_TITLES) && has_password(dom) {
        return Some(Instead::Wall);
    }
    let lines = few_words(dom)?;
    let says = |phrases: &[&str]| {
        lines
            .iter()
            .any(|line| phrases.iter().any(|phrase| line.contains(phrase)))
    };
    if says(WALL_SAYS) {
        return Some(Instead::Wall);
    }
    says(GONE_SAYS).then_some(Instead::Gone)
}

type Labels = LazyLock<Vec<String>>;
static WALL_TITLES: Labels = LazyLock::new(|| WALLS.iter().map(|label| fold(label)).collect());
static LOGIN_TITLES: Labels = LazyLock::new(|| LOGINS.iter().map(|label| fold(label)).collect());
static GONE_TITLES: Labels = LazyLock::new(|| GONE.iter().map(|label| fold(label)).collect());

/// The title is one of the labels, with no more than a site's name or an error's number beside it.
fn is_called(title: &str, labels: &[String]) -> bool {
    if weight(title) > LONGEST {
        return false;
    }
    let mut parts = vec![title];
    for separator in SEPARATORS {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    let is_label = |part: &str| {
        let line = fold(part);
        let bare = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let bare = bare
            .strip_prefix("error")
            .or(bare.strip_prefix("erreur"))
            .unwrap_or(bare);
        let bare = bare.trim_matches(|c: char| c.is_ascii_digit());
        labels
            .iter()
            .any(|label| line == *label || !bare.is_empty() && bare == label)
    };
    let mut others = parts.iter().filter(|part| !is_label(part));
    let first = others.next();
    let named = |part: &str| weight(part) < SITE && part.split_whitespace().count() <= WORDS;
    let signs = |part: &str| named(part) || part.contains("Cloudflare");
    let lone = first.is_none_or(|part| signs(part)) && others.next().is_none();
    lone && parts.iter().any(|part| is_label(part))
}

fn has_walls_markup(dom: &Dom) -> bool {
    let marked = |text: &str| MARKUP.iter().any(|mark| text.contains(mark));
    dom.elements().any(|(at, tag, element)| {
        tag == Tag::Script && (marked(dom.source(at)) || element.attribute("src").is_some_and(marked))
            || element.attribute("id").is_some_and(marked)
    })
}

fn has_password(dom: &Dom) -> bool {
    dom.elements().any(|(_, _, element)| {
        let kind = element.attribute("type").unwrap_or_default();
        element.value().name() == "input" && kind.eq_ignore_ascii_case("password")
    })
}

/// The page's words, in lower case, where they are as few as a note's.
fn few_words(dom: &Dom) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut sum = 0;
    let mut at = 0;
    while let Some(item) = dom.items.get(at) {
        match item.what {
            What::Element(Tag::Script | Tag::Title | Tag::TextArea, _) => {
                at = item.end;
                continue;
            }
            What::Text(text) => {
                sum += weight(text);
                lines.push(squeeze(text).to_lowercase().replace('’', "'"));
            }
            What::Element(..) => {}
        }
        if sum >= BARE {
            return None;
        }
        at += 1;
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_whole_title() {
        for title in [
            "Access Denied",
            "Just a moment...",
            "Security check | Paper",
            "Access denied | paper.example used Cloudflare to restrict access",
            "403 Forbidden",
            "Paper - 安全验证",
        ] {
            assert!(is_called(title, &WALL_TITLES), "{title}");
        }
        for title in [
            "Security check delays the ferry",
            "Access denied: how sailors lose their way home",
            "Access denied - how sailors lose their way home",
            "验证码诈骗案告破",
            "驗證外交承諾",
        ] {
            assert!(!is_called(title, &WALL_TITLES), "{title}");
        }
        for title in [
            "404",
            "Error 404",
            "404 - 页面不存在",
            "Page not found | Paper",
            "Erreur 404 : page introuvable",
        ] {
            assert!(is_called(title, &GONE_TITLES), "{title}");
        }
        assert!(!is_called("Peugeot 404", &GONE_TITLES));
    }

    #[test]
    fn phrases_are_in_lower_case() {
        for phrase in WALL_SAYS.iter().chain(GONE_SAYS).chain(MARKUP) {
            assert_eq!(phrase.to_lowercase(), *phrase);
        }
    }
}
