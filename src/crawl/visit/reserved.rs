//! What a publisher reserves, asked for once an origin and a day, and what follows from it (docs/decisions/0019).
//!
//! Takes an address or an answer, gives the words of its reservations. A reservation that cannot be read is none.

use std::rc::Rc;

use jiff::Timestamp;
use url::Url;

use crate::crawl::reading;
use crate::crawl::recorder::{Read, RecordError};
use crate::extract::reservations;
use crate::fetch::client::{Request, Response};
use crate::fetch::headers::PRODUCT;
use crate::fetch::limits;
use crate::fetch::robots::Robots;
use crate::fetch::tdmrep::Tdmrep;
use crate::model::observation::Fetch;
use crate::model::{Observation, Outcome, Page, Source};

use super::manners::{Shared, answer, fetch_fact, text_headers};

/// What the files of an origin reserve of an address: `tdmrep.json` and the usage lines of robots.txt.
pub(super) async fn by_origin(
    shared: &Shared,
    source: &Source,
    url: &Url,
    rules: &Robots,
) -> Result<Vec<String>, RecordError> {
    let mut words = rules.reserves(PRODUCT, url.as_str());
    words.extend(tdmrep(shared, source, url, rules).await?.reserves(url.as_str()));
    Ok(words)
}

/// What an answer reserves by its headers and its markup. `body` is decoded.
pub(super) fn by_answer(response: &Response, body: Vec<u8>, at: Timestamp) -> Vec<String> {
    reservations::of_page(&Page {
        requested: response.url.to_string(),
        url: response.url.to_string(),
        status: response.status,
        headers: text_headers(&response.headers),
        body,
        fetched_at: at,
    })
}

pub(super) fn same_origin(asked: &str, answered: &Url) -> bool {
    Url::parse(asked).is_ok_and(|asked| asked.origin() == answered.origin())
}

/// The file of an origin: from memory, from the store while fresh, else asked for where robots.txt allows that.
async fn tdmrep(shared: &Shared, source: &Source, url: &Url, rules: &Robots) -> Result<Rc<Tdmrep>, RecordError> {
    let mut file = url.clone();
    file.set_path(Tdmrep::PATH);
    file.set_query(None);
    let cell = shared.tdmrep_cell(file.as_str());
    cell.get_or_try_init(|| ask(shared, source, &file, rules))
        .await
        .cloned()
}

async fn ask(shared: &Shared, source: &Source, file: &Url, rules: &Robots) -> Result<Rc<Tdmrep>, RecordError> {
    let now = shared.clock.now();
    let known = shared.reader.robots(file.as_str())?;
    let last_read = || match known.as_ref().and_then(|row| row.body.as_ref()) {
        Some((body, _)) => Tdmrep::parse(body),
        None => Tdmrep::default(),
    };
    if let Some(row) = &known
        && now >= row.at
        && now.duration_since(row.at).unsigned_abs() < limits::ROBOTS_FRESH
        && row.unreachable_since.is_none()
    {
        // An answer without the file (404) ends what an earlier one reserved.
        let found = if row.outcome == Outcome::Ok {
            last_read()
        } else {
            Tdmrep::default()
        };
        return Ok(Rc::new(found));
    }
    let decision = rules.check(PRODUCT, file.as_str());
    if !decision.allowed {
        return Ok(Rc::default());
    }
    let mut request = Request::robots(file);
    request.url = file.clone();
    request.accept = "application/json,*/*;q=0.5";
    request.proxy = source.proxy.as_deref();
    let started = Timestamp::now();
    let delay = shared.delay_of(source, decision.crawl_delay);
    // Stopped, or the host rests: the page behind it will not be asked for, either.
    let Some(attempt) = shared.get(&request, delay).await else {
        return Ok(Rc::new(last_read()));
    };
    let (fetch, body) = fetch_fact(source, file.as_str(), &attempt, shared.clock.now(), started);
    // As much as a rebuild reads.
    let body = reading::rules(body);
    let found = found(&fetch, &body).unwrap_or_else(last_read);
    shared
        .recorder
        .record(Observation::Robots(fetch), answer(attempt), Read::Body(body))
        .await?;
    Ok(Rc::new(found))
}

/// What was answered; nothing where nobody could say, so that the last word goes on to hold.
fn found(fetch: &Fetch, body: &[u8]) -> Option<Tdmrep> {
    match (fetch.outcome, fetch.status) {
        (Outcome::Ok, _) => Some(Tdmrep::parse(body)),
        (_, Some(429)) => None,
        (_, Some(400..=499)) => Some(Tdmrep::default()),
        _ => None,
    }
}
