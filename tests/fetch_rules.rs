//! Named cases and properties of the pure parts of `fetch`: address guard, robots.txt, politeness.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use serde::Deserialize;
use url::Url;
use vigie::fetch::guard::{Guard, ResolveMap, is_public, public_verdict};
use vigie::fetch::limits;
use vigie::fetch::politeness::{Ended, Politeness, RestReason, delay};
use vigie::fetch::robots::{Robots, State};
use vigie::model::Outcome;
use vigie::model::look::RobotsSay;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuardCases {
    refused: Vec<Address>,
    allowed: Vec<Address>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    url: String,
    see: String,
}

#[test]
fn addresses_are_refused_and_allowed() {
    let cases: GuardCases = toml::from_str(include_str!("cases/guard.toml")).expect("the cases");
    let is_allowed = |case: &Address| {
        let url = Url::parse(&case.url).unwrap_or_else(|error| panic!("{}: {error}", case.url));
        let verdict = Guard::default().check_url(&url);
        assert_eq!(public_verdict(&case.url).0, verdict.is_ok(), "{}", case.url);
        verdict.is_ok()
    };
    for case in &cases.refused {
        assert!(!is_allowed(case), "{} must be refused: {}", case.url, case.see);
    }
    for case in &cases.allowed {
        assert!(is_allowed(case), "{} must be allowed: {}", case.url, case.see);
    }
}

#[test]
fn private_addresses_and_names_given_by_hand_are_allowed_where_asked_for() {
    let check = |guard: &Guard, url: &str| guard.check_url(&Url::parse(url).expect("an address")).is_ok();
    let open = Guard {
        allow_private: true,
        ..Guard::default()
    };
    assert!(check(&open, "http://127.0.0.1/") && check(&open, "http://intranet/"));
    assert!(!check(&open, "file:///etc/passwd") && !check(&open, "http://127.0.0.1:22/"));

    let by_hand = Guard {
        resolve: ResolveMap::parse(&["Desk.local=127.0.0.1:4000"]).expect("a map"),
        ..Guard::default()
    };
    assert!(check(&by_hand, "http://desk.local/"));
    assert!(!check(&by_hand, "http://other.local/"));
    assert!(
        !check(&by_hand, "http://127.0.0.1:4000/"),
        "the name was given, not the address"
    );
}

#[test]
fn resolve_values_are_read() {
    let map = ResolveMap::parse(&["a.example=127.0.0.1:4000", "[::1]:5000"]).expect("a map");
    assert_eq!(map.lookup("A.example.").map(|a| a.port()), Some(4000));
    assert_eq!(map.lookup("b.example").map(|a| a.port()), Some(5000));
    for wrong in [
        "a.example",
        "=127.0.0.1:80",
        "a.example=127.0.0.1",
        "a.example=b.example:80",
    ] {
        let error = ResolveMap::parse(&[wrong]).expect_err(wrong).to_string();
        assert!(error.contains(wrong), "{error}");
    }
}

proptest! {
    /// However an address is written, the guard decides by the address.
    #[test]
    fn the_spelling_of_an_address_does_not_matter(bits in any::<u32>()) {
        let [a, b, c, d] = bits.to_be_bytes();
        let public = is_public(IpAddr::from([a, b, c, d]));
        let spellings = [
            format!("http://{a}.{b}.{c}.{d}/"),
            format!("http://{bits}/"),
            format!("http://0x{bits:x}/"),
            format!("http://0{bits:o}/"),
            format!("http://0{a:o}.{b}.0x{:x}/", u16::from_be_bytes([c, d])),
            format!("http://[::ffff:{a}.{b}.{c}.{d}]/"),
            format!("http://[64:ff9b::{a}.{b}.{c}.{d}]/"),
        ];
        for spelling in spellings {
            prop_assert_eq!(public_verdict(&spelling).0, public, "{}", spelling);
        }
    }

    /// Nothing that a server can send makes the parser or the matcher fail.
    #[test]
    fn any_bytes_are_a_robots_file(bytes in any::<Vec<u8>>(), path in any::<String>()) {
        let robots = Robots::parse(&bytes);
        robots.check("vigie", &path);
        robots.sitemaps(&Url::parse("http://outlet.example/robots.txt").expect("an address"));
    }

    /// The matcher agrees with one that tries every way to place the wildcards.
    #[test]
    fn wildcards_match_as_by_trying_everything(pattern in "/[ab*]{0,8}[$]?", path in "/[ab]{0,8}") {
        let robots = Robots::parse(format!("User-agent: *\nDisallow: {pattern}").as_bytes());
        let (plain, anchored) = pattern.strip_suffix('$').map_or((pattern.as_str(), false), |rest| (rest, true));
        let expected = tried(plain.as_bytes(), path.as_bytes(), anchored);
        prop_assert_eq!(robots.check("vigie", &path).allowed, !expected);
    }
}

fn tried(pattern: &[u8], path: &[u8], anchored: bool) -> bool {
    match pattern.split_first() {
        None => !anchored || path.is_empty(),
        Some((b'*', rest)) => (0..=path.len()).any(|skip| tried(rest, &path[skip..], anchored)),
        Some((byte, rest)) => path.first() == Some(byte) && tried(rest, &path[1..], anchored),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RobotsCases {
    case: Vec<RobotsCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RobotsCase {
    name: String,
    agent: Option<String>,
    robots: String,
    #[serde(default)]
    allowed: Vec<String>,
    #[serde(default)]
    refused: Vec<String>,
    rule: Option<String>,
    delay: Option<u64>,
    sitemaps: Option<Vec<String>>,
    see: String,
}

#[test]
fn robots_cases() {
    let cases: RobotsCases = toml::from_str(include_str!("cases/robots.toml")).expect("the cases");
    assert!(cases.case.len() >= 40);
    let home = Url::parse("http://outlet.example/robots.txt").expect("an address");
    for case in &cases.case {
        let RobotsCase { name, see, .. } = case;
        let robots = Robots::parse(case.robots.as_bytes());
        let agent = case.agent.as_deref().unwrap_or("vigie");
        for path in &case.allowed {
            let decision = robots.check(agent, path);
            assert!(
                decision.allowed,
                "{name}: {path} is allowed ({see}), but {:?}",
                decision.rule
            );
        }
        for path in &case.refused {
            let decision = robots.check(agent, path);
            assert!(
                !decision.allowed,
                "{name}: {path} is refused ({see}), but {:?}",
                decision.rule
            );
            if let Some(rule) = &case.rule {
                assert_eq!(decision.rule.as_ref(), Some(rule), "{name}");
            }
        }
        let delay = robots.check(agent, "/").crawl_delay;
        assert_eq!(delay, case.delay.map(Duration::from_secs), "{name}: {see}");
        if let Some(expected) = &case.sitemaps {
            let found: Vec<String> = robots.sitemaps(&home).iter().map(Url::to_string).collect();
            assert_eq!(&found, expected, "{name}: {see}");
        }
    }
}

#[test]
fn the_implicit_rule_for_robots_txt_is_no_line_of_the_file() {
    let robots = Robots::parse(b"User-agent: *\nDisallow: /");
    assert!(robots.check("vigie", "/robots.txt").allowed);
    assert!(!robots.rules_say("vigie", "/robots.txt").allowed);
}

#[test]
fn robots_in_utf_16_and_with_half_a_bom() {
    let text = "User-agent: *\nDisallow: /x";
    let little: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let big: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    for bytes in [little, big] {
        assert!(!Robots::parse(&bytes).check("vigie", "/x").allowed);
    }
    // Two thirds of a BOM are none: the first line is garbage, and the rule belongs to nobody.
    let half = [b"\xEF\xBB", text.as_bytes()].concat();
    assert!(Robots::parse(&half).check("vigie", "/x").allowed);
}

#[test]
fn robots_longer_than_500_kib_count_up_to_there() {
    let mut long = b"User-agent: *\nDisallow: /first\n".to_vec();
    let line = b"Disallow: /some/long/path/that/nobody/asks/for\n";
    while long.len() + line.len() <= limits::ROBOTS_BODY {
        long.extend_from_slice(line);
    }
    // The limit goes through this line after `Disallow: /`, which must not be read as "everything".
    let padding = limits::ROBOTS_BODY - long.len() - "\nDisallow: /".len();
    long.extend(std::iter::repeat_n(b'#', padding));
    long.extend_from_slice(b"\nDisallow: /last\n");
    let robots = Robots::parse(&long);
    assert!(!robots.check("vigie", "/first").allowed);
    assert!(robots.check("vigie", "/last").allowed);
    assert!(robots.check("vigie", "/elsewhere").allowed);
}

#[test]
fn an_attempt_at_robots_has_three_ends() {
    use Outcome::*;
    let body = b"User-agent: *\nDisallow: /x";
    let cases = [
        (Ok, Some(200), State::Parsed),
        (TooLarge, Some(200), State::Parsed),
        (Gone, Some(404), State::Unavailable),
        (Blocked, Some(403), State::Unavailable),
        (Blocked, Some(401), State::Unavailable),
        (HttpError, Some(418), State::Unavailable),
        (RedirectLoop, None, State::Unavailable),
        (HttpError, Some(302), State::Unavailable),
        (AddressRefused, None, State::Unavailable),
        (Blocked, Some(429), State::Unreachable),
        (HttpError, Some(503), State::Unreachable),
        (HttpError, Some(999), State::Unreachable),
        (Blocked, Some(200), State::Unreachable),
        (Dns, None, State::Unreachable),
        (Connect, None, State::Unreachable),
        (Tls, None, State::Unreachable),
        (Timeout, None, State::Unreachable),
        (Timeout, Some(200), State::Unreachable),
        (Truncated, Some(200), State::Unreachable),
        (BadEncoding, Some(200), State::Unreachable),
    ];
    for (outcome, status, state) in cases {
        let robots = Robots::from_fetch(outcome, status, body);
        assert_eq!(robots.state(), state, "{outcome:?} {status:?}");
        let say = match state {
            State::Unavailable => RobotsSay::Allow,
            State::Parsed => RobotsSay::Disallow,
            State::Unreachable => RobotsSay::Unreachable,
        };
        assert_eq!(robots.check("vigie", "/x").say(), say, "{outcome:?} {status:?}");
        assert!(robots.check("vigie", "/robots.txt").allowed);
    }
}

#[test]
fn reservations_are_recorded_for_those_they_address() {
    let robots = Robots::parse(
        b"Content-Signal: search=yes\nUser-agent: *\nContent-Usage: train-ai=n\nAllow: /\nUser-agent: other\nContent-Signal: ai-train=no\nAllow: /",
    );
    assert_eq!(
        robots.signals("vigie"),
        ["Content-Signal: search=yes", "Content-Usage: train-ai=n"]
    );
    assert_eq!(
        robots.signals("other"),
        ["Content-Signal: search=yes", "Content-Signal: ai-train=no"]
    );
}

#[test]
fn usage_lines_bind_where_they_stand() {
    let robots = Robots::parse(
        b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: bots=y\n\
          Content-Usage: /news/ bots=n\nContent-Usage: /news/open/ train-ai=n\nAllow: /",
    );
    let reserves = |path: &str| robots.reserves("vigie", path);
    assert_eq!(reserves("/"), ["content-signal: ai-train=no"]);
    assert_eq!(
        reserves("https://outlet.example/news/1"),
        ["content-signal: ai-train=no", "content-usage: bots=n"]
    );
    // The longest path alone decides.
    assert_eq!(
        reserves("/news/open/1"),
        ["content-signal: ai-train=no", "content-usage: train-ai=n"]
    );
    assert!(
        Robots::parse(b"User-agent: other\nContent-Signal: search=no")
            .reserves("vigie", "/")
            .is_empty()
    );
}

#[test]
fn thirty_days_out_of_reach_end_the_ban() {
    let unreachable = || Robots::from_fetch(Outcome::HttpError, Some(503), b"");
    let days = |days: u64| std::time::Duration::from_secs(days * 24 * 3600);
    let last_read: &[u8] = b"User-agent: *\nDisallow: /x";
    for (time, last_read, x, y) in [
        (days(0), None, false, false),
        (days(29), Some(last_read), false, false),
        (days(30), None, true, true),
        (days(30), Some(last_read), false, true),
        (days(400), None, true, true),
    ] {
        let robots = unreachable().out_of_reach_for(time, last_read);
        let allowed = |path: &str| robots.check("vigie", path).allowed;
        assert_eq!((allowed("/x"), allowed("/y")), (x, y), "{time:?} {last_read:?}");
    }
    // What was read is not unread by age.
    let parsed = Robots::parse(last_read).out_of_reach_for(days(90), None);
    assert!(!parsed.check("vigie", "/x").allowed);
}

#[test]
fn a_line_counts_up_to_its_limit() {
    let long = "a".repeat(2 * limits::ROBOTS_LINE);
    let robots = Robots::parse(format!("User-agent: *\nDisallow: /{long}\nDisallow: /b").as_bytes());
    let most = "a".repeat(limits::ROBOTS_LINE);
    assert!(
        !robots.check("vigie", &format!("/{most}")).allowed,
        "cut, and a rule all the same"
    );
    assert!(robots.check("vigie", "/aaaa").allowed);
    assert!(!robots.check("vigie", "/b").allowed);
}

/// Milliseconds after some night's beginning.
fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_260_748_800_000 + ms).expect("a time")
}

fn ended(ms: i64, outcome: Outcome) -> Ended {
    Ended {
        at: at(ms),
        outcome,
        status: None,
        retry_after: None,
    }
}

const FIVE: Duration = Duration::from_secs(5);

#[test]
fn a_host_and_its_neighbours_are_asked_one_after_another() {
    let mut politeness = Politeness::default();
    politeness.began("www.outlet.example", at(0));
    assert_eq!(politeness.next_slot("www.outlet.example", at(1), FIVE), None);
    assert_eq!(
        politeness.next_slot("rss.outlet.example", at(1), FIVE),
        None,
        "one registrable domain"
    );
    assert_eq!(politeness.next_slot("other.example", at(1), FIVE), Some(at(1)));
    politeness.ended("www.outlet.example", &ended(100, Outcome::Ok));
    assert_eq!(
        politeness.next_slot("rss.outlet.example", at(101), FIVE),
        Some(at(5000))
    );
    assert_eq!(
        politeness.next_slot("www.outlet.example", at(9000), FIVE),
        Some(at(9000))
    );
    assert_eq!(
        politeness.next_slot("www.outlet.example", at(101), Duration::ZERO),
        Some(at(101))
    );
}

#[test]
fn addresses_in_digits_are_no_neighbours() {
    let mut politeness = Politeness::default();
    politeness.began("192.0.2.1", at(0));
    assert_eq!(politeness.next_slot("198.51.2.1", at(0), FIVE), Some(at(0)));
}

#[test]
fn a_slow_host_is_given_twice_its_own_time() {
    let mut politeness = Politeness::default();
    politeness.began("outlet.example", at(0));
    politeness.ended("outlet.example", &ended(8_000, Outcome::Ok));
    assert_eq!(
        politeness.next_slot("outlet.example", at(8_000), FIVE),
        Some(at(24_000))
    );
    politeness.began("outlet.example", at(24_000));
    politeness.ended("outlet.example", &ended(84_000, Outcome::Timeout));
    assert_eq!(
        politeness.next_slot("outlet.example", at(84_000), FIVE),
        Some(at(114_000)),
        "at most 30 s"
    );
}

#[test]
fn too_many_requests_are_heeded() {
    let mut politeness = Politeness::default();
    let refuse = |politeness: &mut Politeness, ms: i64, retry_after: Option<u64>| {
        politeness.began("outlet.example", at(ms));
        politeness.ended(
            "outlet.example",
            &Ended {
                at: at(ms),
                outcome: Outcome::Blocked,
                status: Some(429),
                retry_after: retry_after.map(Duration::from_secs),
            },
        );
        let rest = politeness.rest("outlet.example", at(ms)).expect("a rest");
        assert_eq!(rest.why, RestReason::Asked);
        assert_eq!(
            politeness.next_slot("outlet.example", at(ms), Duration::ZERO),
            Some(rest.until)
        );
        (rest.until.as_millisecond() - at(ms).as_millisecond()) / 1000
    };
    assert_eq!(refuse(&mut politeness, 0, None), 30);
    assert_eq!(refuse(&mut politeness, 100_000, None), 60);
    assert_eq!(
        refuse(&mut politeness, 200_000, Some(7)),
        7,
        "a named time is taken at its word"
    );
    assert_eq!(refuse(&mut politeness, 300_000, None), 240);
    assert_eq!(refuse(&mut politeness, 900_000, None), 480);
    assert_eq!(
        refuse(&mut politeness, 1_800_000, None),
        600,
        "never more than ten minutes unasked"
    );
}

#[test]
fn a_host_that_is_down_rests_and_is_tried_once_again() {
    let mut politeness = Politeness::default();
    let fail = |politeness: &mut Politeness, ms: i64, outcome: Outcome| {
        politeness.began("www.outlet.example", at(ms));
        politeness.ended("www.outlet.example", &ended(ms, outcome));
        politeness.rest("www.outlet.example", at(ms))
    };
    assert_eq!(fail(&mut politeness, 0, Outcome::Timeout), None);
    assert_eq!(fail(&mut politeness, 10_000, Outcome::Connect), None);
    let rest = fail(&mut politeness, 20_000, Outcome::Tls).expect("a rest");
    assert_eq!((rest.why, rest.until), (RestReason::Down, at(620_000)));
    assert_eq!(
        politeness.rest("rss.outlet.example", at(20_000)),
        None,
        "a neighbour may well be up"
    );
    assert!(
        fail(&mut politeness, 620_000, Outcome::Dns).is_some(),
        "one more failure, another rest"
    );
    assert_eq!(
        fail(&mut politeness, 1_300_000, Outcome::HttpError),
        None,
        "it answers: all is forgotten"
    );
    assert_eq!(fail(&mut politeness, 1_310_000, Outcome::Timeout), None);
}

#[test]
fn the_longer_of_two_delays_and_no_more_than_two_minutes() {
    assert_eq!(delay(FIVE, None), FIVE);
    assert_eq!(delay(FIVE, Some(Duration::from_secs(1))), FIVE);
    assert_eq!(delay(FIVE, Some(Duration::from_secs(30))), Duration::from_secs(30));
    assert_eq!(delay(FIVE, Some(Duration::from_secs(9000))), limits::CRAWL_DELAY);
}

proptest! {
    /// Whatever is asked of whom and however it ends: two starts on one host, or on two hosts of one registrable
    /// domain, are a delay apart, and the second comes after the first has ended.
    #[test]
    fn the_gap_is_never_below_the_delay(
        wait in 1u64..20_000,
        requests in prop::collection::vec((0usize..4, 0i64..4_000, 0i64..90_000, 0u16..4), 1..60),
    ) {
        const HOSTS: [&str; 4] = ["a.outlet.example", "b.outlet.example", "outlet.co.kr", "other.co.kr"];
        const DOMAINS: [usize; 4] = [0, 0, 1, 2];
        let wait = Duration::from_millis(wait);
        let mut politeness = Politeness::default();
        let mut now = at(0);
        let mut last: [Option<(Timestamp, Timestamp)>; 3] = [None; 3];
        for (which, later, takes, end) in requests {
            let host = HOSTS[which];
            now = now.checked_add(Duration::from_millis(later.unsigned_abs())).expect("a time");
            let slot = politeness.next_slot(host, now, wait).expect("nothing is under way");
            prop_assert!(slot >= now);
            if let Some((began, ended)) = last[DOMAINS[which]] {
                prop_assert!(slot.duration_since(began) >= jiff::SignedDuration::try_from(wait).expect("short"));
                prop_assert!(slot >= ended);
            }
            politeness.began(host, slot);
            prop_assert_eq!(politeness.next_slot(host, slot, wait), None);
            let over = slot.checked_add(Duration::from_millis(takes.unsigned_abs())).expect("a time");
            let (outcome, status) = [
                (Outcome::Ok, Some(200)),
                (Outcome::Timeout, None),
                (Outcome::Blocked, Some(429)),
                (Outcome::HttpError, Some(503)),
            ][usize::from(end)];
            politeness.ended(host, &Ended { at: over, outcome, status, retry_after: None });
            last[DOMAINS[which]] = Some((slot, over));
            now = over;
        }
    }
}
