//! robots.txt after RFC 9309: what a site asks of crawlers.
//!
//! Takes the bytes of a robots.txt, or how the attempt to get one ended; gives a decision per address, with the rule
//! that made it. Pure: never fetches, never caches. Where Google's parser is more lenient than the RFC, so is this.

mod lines;
pub(super) mod pattern;

use std::time::Duration;

use url::Url;

use super::limits;
use crate::model::look::RobotsSay;
use crate::model::{Outcome, reservation};
use lines::{Directive, directives, readable};
use pattern::{Path, Pattern};

/// What one site said, or did not manage to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Robots {
    state: State,
    groups: Vec<Group>,
    sitemaps: Vec<String>,
    /// `Content-Signal` lines that stand before any group and so speak to everybody.
    signals: Vec<String>,
}

/// Where the rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A file was read.
    Parsed,
    /// There is none (4xx, too many redirects): everything is allowed, RFC 9309 §2.3.1.3.
    Unavailable,
    /// Nobody could say (5xx, network): everything is disallowed, RFC 9309 §2.3.1.4.
    Unreachable,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Group {
    /// Product tokens in lower case; `*` for everybody.
    agents: Vec<String>,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
    signals: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    pattern: Pattern,
    /// `Disallow: /private/`, for whoever asks why.
    written: String,
}

/// What robots.txt says of one address to one crawler.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub allowed: bool,
    /// The deciding line, or the reason where no line decided; `None` when nothing speaks of the address.
    pub rule: Option<String>,
    /// At most two minutes, whatever was asked.
    pub crawl_delay: Option<Duration>,
    pub state: State,
}

impl Decision {
    /// The word for the ledger.
    pub fn say(&self) -> RobotsSay {
        match (self.state, self.allowed) {
            (State::Unreachable, false) => RobotsSay::Unreachable,
            (_, true) => RobotsSay::Allow,
            (_, false) => RobotsSay::Disallow,
        }
    }
}

impl Robots {
    /// Reads a file, of which only the first 500 KiB count.
    pub fn parse(bytes: &[u8]) -> Robots {
        let mut robots = Robots::without_rules(State::Parsed);
        let mut group = Group::default();
        // A group is its user-agent lines and the rules after them; a user-agent line after a rule opens the next.
        // Other records, such as a sitemap, never end one (RFC 9309 §2.2.4).
        let mut ruled = false;
        let text = readable(whole_lines(bytes));
        for directive in directives(&text) {
            match directive {
                Directive::UserAgent(value) => {
                    if std::mem::take(&mut ruled) {
                        robots.groups.push(std::mem::take(&mut group));
                    }
                    group.agents.push(product_token(value));
                }
                Directive::Allow(value) => ruled |= group.rule(true, value),
                Directive::Disallow(value) => ruled |= group.rule(false, value),
                Directive::CrawlDelay(value) => group.crawl_delay = group.crawl_delay.max(seconds(value)),
                Directive::Sitemap(value) => robots.sitemaps.push(String::from_utf8_lossy(value).into_owned()),
                Directive::Signal(key, value) => {
                    let line = format!("{}: {}", String::from_utf8_lossy(key), String::from_utf8_lossy(value));
                    let speaks_to_all = group.agents.is_empty();
                    let signals = if speaks_to_all {
                        &mut robots.signals
                    } else {
                        &mut group.signals
                    };
                    signals.push(line);
                }
            }
        }
        robots.groups.push(group);
        robots
    }

    /// What follows from an attempt at `/robots.txt`: `status` is the last answer's, `body` what it held once decoded.
    pub fn from_fetch(outcome: Outcome, status: Option<u16>, body: &[u8]) -> Robots {
        match (outcome, status) {
            // Longer than 500 KiB is read as far as that.
            (Outcome::Ok | Outcome::TooLarge, Some(200..=299)) => Robots::parse(body),
            // Google reads 429 as a server error, and so do we: it says "too many", not "there is none".
            (_, Some(429)) => Robots::without_rules(State::Unreachable),
            (_, Some(400..=499)) => Robots::without_rules(State::Unavailable),
            // RFC 9309 §2.3.1.2: after five redirects the file may be taken as unavailable; a redirect that leads
            // nowhere (no address, or to a place that is not the public web) tells as little.
            (Outcome::RedirectLoop | Outcome::HttpError, Some(300..=399)) => Robots::without_rules(State::Unavailable),
            (Outcome::RedirectLoop | Outcome::AddressRefused, _) => Robots::without_rules(State::Unavailable),
            // A file that broke off may have lost its Disallow lines.
            _ => Robots::without_rules(State::Unreachable),
        }
    }

    /// What follows when nobody could say for so long: after 30 days (RFC 9309 §2.3.1.4) the file last read goes on to
    /// hold, and where there never was one, everything is allowed.
    pub fn out_of_reach_for(self, time: Duration, last_read: Option<&[u8]>) -> Robots {
        match last_read {
            _ if self.state != State::Unreachable || time < limits::ROBOTS_PATIENCE => self,
            Some(body) => Robots::parse(body),
            None => Robots::without_rules(State::Unavailable),
        }
    }

    fn without_rules(state: State) -> Robots {
        Robots {
            state,
            groups: Vec::new(),
            sitemaps: Vec::new(),
            signals: Vec::new(),
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// May the crawler with this product token fetch this address? `url` may be a whole address or its path.
    pub fn check(&self, agent: &str, url: &str) -> Decision {
        let decision = self.rules_say(agent, url);
        // RFC 9309 §2.2.2: the /robots.txt address itself is implicitly allowed.
        if !decision.allowed && Path::of(url).as_str() == "/robots.txt" {
            return Decision {
                allowed: true,
                rule: None,
                ..decision
            };
        }
        decision
    }

    /// What the lines of the file say, without the implicit rule for /robots.txt: what other parsers are compared by.
    pub fn rules_say(&self, agent: &str, url: &str) -> Decision {
        let groups = self.groups_for(agent);
        let crawl_delay = groups.iter().filter_map(|group| group.crawl_delay).max();
        let decision = |allowed, rule: Option<&str>| Decision {
            allowed,
            rule: rule.map(str::to_owned),
            crawl_delay,
            state: self.state,
        };
        match self.state {
            State::Unavailable => return decision(true, Some("there is no robots.txt")),
            State::Unreachable => return decision(false, Some("robots.txt is out of reach")),
            State::Parsed => {}
        }
        let path = Path::of(url);
        let best = groups
            .iter()
            .flat_map(|group| &group.rules)
            .filter_map(|rule| Some((rule.weight(&path)?, rule)))
            // The longest match decides, and of two equally long ones Allow (RFC 9309 §2.2.2).
            .max_by_key(|(octets, rule)| (*octets, rule.allow));
        match best {
            Some((_, rule)) => decision(rule.allow, Some(&rule.written)),
            None => decision(true, None),
        }
    }

    /// Reservations of use that this crawler is addressed by, as written.
    pub fn signals(&self, agent: &str) -> Vec<&str> {
        let of_groups = self.groups_for(agent).into_iter().flat_map(|group| &group.signals);
        self.signals.iter().chain(of_groups).map(String::as_str).collect()
    }

    /// What those lines refuse this crawler of one address. `Content-Usage` may name a path first, and then the longest
    /// that matches decides, as for rules (draft-ietf-aipref-attach §4).
    pub fn reserves(&self, agent: &str, url: &str) -> Vec<String> {
        let path = Path::of(url);
        let mut words = Vec::new();
        let mut usage: Option<(usize, Vec<String>)> = None;
        for line in self.signals(agent) {
            let (key, value) = line.split_once(": ").unwrap_or((line, ""));
            if key.eq_ignore_ascii_case("content-signal") {
                words.extend(reservation::signals(value));
                continue;
            }
            let (octets, value) = match value.split_once([' ', '\t']) {
                Some((location, rest)) if location.starts_with('/') => match Pattern::parse(location.as_bytes()) {
                    Some(pattern) if pattern.matches(&path) => (pattern.octets, rest),
                    _ => continue,
                },
                _ => (0, value),
            };
            let (best, refused) = usage.get_or_insert((octets, Vec::new()));
            if octets > *best {
                (*best, *refused) = (octets, Vec::new());
            }
            if octets == *best {
                refused.extend(reservation::usage(value));
            }
        }
        words.extend(usage.into_iter().flat_map(|(_, refused)| refused));
        words.dedup();
        words
    }

    /// Sitemaps announced for everybody, each once, in order; relative ones are resolved, others than http(s) left out.
    pub fn sitemaps(&self, robots_url: &Url) -> Vec<Url> {
        let mut found = Vec::new();
        for url in self.sitemaps.iter().filter_map(|written| robots_url.join(written).ok()) {
            if matches!(url.scheme(), "http" | "https") && !found.contains(&url) {
                found.push(url);
            }
        }
        found
    }

    /// All groups that name the agent, merged by reading them together; where none does, those for `*`
    /// (RFC 9309 §2.2.1).
    fn groups_for(&self, agent: &str) -> Vec<&Group> {
        let naming = |token: &str| -> Vec<&Group> {
            let names = |group: &&Group| group.agents.iter().any(|agent| agent.eq_ignore_ascii_case(token));
            self.groups.iter().filter(names).collect()
        };
        // An agent may be given as it signs itself, `newsbot/1.0 (+https://…)`: the version is no part of its name.
        let agent = agent.split('/').next().unwrap_or_default();
        let own = if agent.is_empty() { Vec::new() } else { naming(agent) };
        if own.is_empty() { naming("*") } else { own }
    }
}

impl Group {
    /// Adds a rule. Tells whether the line ends the group's user-agent lines: rules before the first group do not.
    fn rule(&mut self, allow: bool, value: &[u8]) -> bool {
        if self.agents.is_empty() {
            return false;
        }
        // `Disallow:` without a path is no rule, but it does belong to the group.
        if let Some(pattern) = Pattern::parse(value) {
            let key = if allow { "Allow" } else { "Disallow" };
            self.rules.push(Rule {
                allow,
                pattern,
                written: format!("{key}: {}", String::from_utf8_lossy(value)),
            });
        }
        true
    }
}

impl Rule {
    /// The octets with which this rule speaks of the path, if it does.
    fn weight(&self, path: &Path) -> Option<usize> {
        if self.pattern.matches(path) {
            return Some(self.pattern.octets);
        }
        let directory = self.pattern.directory_of_index().filter(|_| self.allow)?;
        directory.matches(path).then_some(directory.octets)
    }
}

/// The product token of a user-agent line in lower case: what precedes the first character that a token cannot hold, so
/// that `newsbot/1.0` and `newsbot extra` mean `newsbot`, as Google reads them. `* extra` is still everybody.
fn product_token(value: &[u8]) -> String {
    let is_star = matches!(value, [b'*', rest @ ..] if rest.first().is_none_or(u8::is_ascii_whitespace));
    if is_star {
        return "*".to_owned();
    }
    let is_token = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    let end = value.iter().position(|byte| !is_token(byte)).unwrap_or(value.len());
    String::from_utf8_lossy(value.get(..end).unwrap_or_default()).to_ascii_lowercase()
}

fn seconds(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Some(Duration::from_secs_f64(seconds.min(limits::CRAWL_DELAY.as_secs_f64())))
}

/// The first 500 KiB, without a line that the cut went through: half of `Disallow: /private` would say `Disallow: /`.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    match bytes.get(..limits::ROBOTS_BODY) {
        Some(head) if bytes.len() > head.len() => {
            let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0);
            head.get(..end).unwrap_or_default()
        }
        _ => bytes,
    }
}
