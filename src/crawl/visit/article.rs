//! Article pages: which of them are wanted, and one attempt at each.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::crawl::plan::{self, Known};
use crate::crawl::recorder::{Read, RecordError};
use crate::crawl::run::Event;
use crate::crawl::summary::SourceSummary;
use crate::fetch::client::{Attempt, Request, Validators};
use crate::fetch::headers::PRODUCT;
use crate::model::{Observation, Outcome, Source, reservation};

use super::manners::{Shared, answer, fetch_fact, follow, refused};
use super::reserved;

/// Links older than this are no longer tried.
const STALE_LINK: i64 = 14 * 24;
/// A page whose announcement changes at every look (a feed that calls everything updated) is not fetched each time.
const CHANGE_REST: jiff::SignedDuration = jiff::SignedDuration::from_hours(3);
/// Pages of one source that are gone through for those: about two weeks of a lively one.
const WATCHED: u32 = 10_000;
/// Pages looked at again in one run and source, besides the new ones.
const RECHECKS: u32 = 200;

/// A page to fetch, and what to show the server.
struct Wanted {
    url: String,
    url_key: String,
    validators: Option<Validators>,
    digest: Option<String>,
}

/// Article pages: new ones, those whose announcement changed, those due for another look.
pub(super) async fn pages(
    shared: &Shared,
    source: &Source,
    changed: &[String],
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    for wanted in wanted(shared, source, changed)? {
        if shared.cancel.is_cancelled() {
            break;
        }
        page(shared, source, wanted, summary).await?;
        (shared.events)(Event::Fetched);
    }
    Ok(())
}

fn wanted(shared: &Shared, source: &Source, changed: &[String]) -> Result<Vec<Wanted>, RecordError> {
    let now = shared.clock.now();
    let since = now
        .saturating_sub(jiff::SignedDuration::from_hours(STALE_LINK))
        .unwrap_or(now);
    let tried_before = now.saturating_sub(plan::RETRY_AFTER).unwrap_or(now);
    let mut wanted: Vec<Wanted> = shared
        .reader
        .unfetched(&source.id, since, plan::TRIES, tried_before, source.max_pages)?
        .into_iter()
        .map(|row| Wanted {
            url: row.link.url,
            url_key: row.link.url_key,
            validators: None,
            digest: None,
        })
        .collect();
    // Oldest announcement first, as a reader of the listing would go.
    wanted.reverse();
    let again = shared
        .reader
        .watched(&source.id, since, WATCHED)?
        .into_iter()
        .filter(|page| {
            (changed.contains(&page.url_key) && now.duration_since(page.last_attempt_at) >= CHANGE_REST)
                || plan::recheck_due(
                    Known {
                        first_fetched: page.first_fetch_at,
                        last_fetched: page.last_attempt_at,
                        once_gone: page.gone_for.is_some_and(|time| time < plan::GONE_AFTER),
                    },
                    now,
                )
        });
    wanted.extend(again.take(RECHECKS as usize).map(|page| Wanted {
        url: page.url,
        url_key: page.url_key,
        validators: Some(Validators {
            etag: page.etag,
            last_modified: page.last_modified,
        }),
        digest: page.digest,
    }));
    Ok(wanted)
}

/// One attempt at a page that was never had.
pub(super) async fn first(
    shared: &Shared,
    source: &Source,
    (url_key, url): (String, String),
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    let wanted = Wanted {
        url,
        url_key,
        validators: None,
        digest: None,
    };
    page(shared, source, wanted, summary).await?;
    (shared.events)(Event::Fetched);
    Ok(())
}

async fn page(
    shared: &Shared,
    source: &Source,
    wanted: Wanted,
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    let started = Timestamp::now();
    let Ok(url) = Url::parse(&wanted.url) else {
        return Ok(());
    };
    // Stopped, or the host rests: nothing was attempted, so nothing is recorded and it stays wanted.
    let Some(rules) = shared.robots(source, &url).await? else {
        return Ok(());
    };
    let decision = rules.check(PRODUCT, url.as_str());
    let read = Read::Address(wanted.url_key);
    let mut reservations = Vec::new();
    if decision.allowed {
        reservations = reserved::by_origin(shared, source, &url, &rules).await?;
    }
    let attempt = if let Some(why) = reservation::withheld(source.reservations, &reservations) {
        unasked(url, Outcome::Reserved, Some(why))
    } else if decision.allowed {
        let mut request = Request::page(url);
        request.proxy = source.proxy.as_deref();
        request.validators = wanted
            .validators
            .filter(|v| v.etag.is_some() || v.last_modified.is_some());
        match follow(
            shared,
            source,
            request,
            shared.delay_of(source, decision.crawl_delay),
            true,
        )
        .await?
        {
            Some(attempt) => attempt,
            None => return Ok(()),
        }
    } else {
        unasked(url, refused(decision.say()), decision.rule)
    };
    let (mut fact, body) = fetch_fact(source, &wanted.url, &attempt, shared.clock.now(), started);
    if fact.outcome == Outcome::Ok
        && let Some(response) = &attempt.response
    {
        // Another origin, reached by a redirect, has reservations of its own.
        if !reserved::same_origin(&wanted.url, &response.url)
            && let Some(rules) = shared.robots(source, &response.url).await?
        {
            reservations = reserved::by_origin(shared, source, &response.url, &rules).await?;
        }
        reservations.extend(reserved::by_answer(response, body, fact.at));
    }
    reservations.sort_unstable();
    reservations.dedup();
    let mut answer = answer(attempt);
    if fact.outcome == Outcome::Ok
        && let Some(why) = reservation::withheld(source.reservations, &reservations)
    {
        fact.outcome = Outcome::Reserved;
        fact.error = Some(why);
        // Its head and digest tell that it was there; the words are not ours to keep.
        if let Some(answer) = &mut answer {
            answer.body = Vec::new();
            answer.truncated = true;
        }
    }
    fact.reservations = reservations;
    if fact.outcome == Outcome::Ok && fact.digest.is_some() && fact.digest == wanted.digest {
        fact.outcome = Outcome::NotModified;
    }
    summary.bytes += fact.bytes;
    let kept_off = matches!(fact.outcome, Outcome::RobotsDisallow | Outcome::Reserved);
    summary.pages_failed += u32::from(!fact.outcome.is_good() && !kept_off);
    shared.recorder.record(Observation::Fetch(fact), answer, read).await?;
    Ok(())
}

/// What is written down of a page that was not asked for.
fn unasked(url: Url, outcome: Outcome, why: Option<String>) -> Attempt {
    Attempt {
        requested: url,
        outcome,
        response: None,
        redirects: Vec::new(),
        stopped_at: None,
        error: why,
        duration: Duration::ZERO,
        sent: Vec::new(),
    }
}
