//! Why a fetch did not bring what was asked for, as an outcome and one plain sentence.
//!
//! Takes the errors of the layers below and the status and headers of an answer. Never retries, never logs.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::guard::Refusal;
use super::headers::{Headers, challenged_by};
use crate::model::Outcome;

/// A fetch that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub outcome: Outcome,
    pub why: String,
}

impl Fault {
    pub fn new(outcome: Outcome, why: impl Into<String>) -> Fault {
        Fault {
            outcome,
            why: why.into(),
        }
    }

    /// A phase that outlasted its time.
    pub fn timeout(phase: &str, limit: Duration) -> Fault {
        Fault::new(Outcome::Timeout, format!("{phase} within {:.1} s", limit.as_secs_f64()))
    }

    pub fn refused(refusal: &Refusal) -> Fault {
        Fault::new(Outcome::AddressRefused, refusal.to_string())
    }

    /// What reqwest reports, told by the causes below it rather than by its own words.
    pub fn from_reqwest(error: &reqwest::Error) -> Fault {
        if let Some(refusal) = find::<Refusal>(error) {
            return Fault::refused(refusal);
        }
        let cause = deepest(error);
        if let Some(tls) = find::<rustls::Error>(error) {
            return Fault::new(Outcome::Tls, format!("the TLS handshake failed: {tls}"));
        }
        if error.is_dns() {
            return Fault::new(Outcome::Dns, format!("the name could not be looked up: {cause}"));
        }
        if error.is_timeout() {
            return Fault::new(Outcome::Timeout, format!("no connection in time: {cause}"));
        }
        if error.is_connect() {
            return Fault::new(Outcome::Connect, format!("no connection: {cause}"));
        }
        match find::<hyper::Error>(error) {
            // hyper tells this one apart by its words only.
            Some(http) if http.is_parse() && http.to_string().contains("too large") => {
                Fault::new(Outcome::TooLarge, "the head of the answer never ended")
            }
            Some(http) if http.is_parse() => Fault::new(Outcome::Unreadable, format!("the answer is not HTTP: {http}")),
            _ => Fault::new(Outcome::Truncated, format!("the connection broke off: {cause}")),
        }
    }
}

/// What a complete answer means before its body is looked at. `conditional`: validators were sent.
pub fn verdict(status: u16, headers: &Headers, conditional: bool) -> (Outcome, Option<String>) {
    if let Some(who) = challenged_by(headers) {
        return (
            Outcome::Blocked,
            Some(format!("{who} answered {status} with a challenge")),
        );
    }
    let (outcome, why) = match status {
        // A part that nobody asked for is not the document (RFC 9110 §15.3.7).
        206 => (Outcome::Truncated, "answered 206 with a part that was not asked for"),
        200..=299 => return (Outcome::Ok, None),
        304 if conditional => return (Outcome::NotModified, None),
        304 => (Outcome::HttpError, "answered 304 though nothing was known of the page"),
        300..=399 => (Outcome::HttpError, "answered with a redirect that names no address"),
        401 => (Outcome::Blocked, "answered 401, asks for a login"),
        403 => (Outcome::Blocked, "answered 403, access refused"),
        429 => (Outcome::Blocked, "answered 429, too many requests"),
        451 => (Outcome::Blocked, "answered 451, withheld for legal reasons"),
        404 => (Outcome::Gone, "answered 404, not found"),
        410 => (Outcome::Gone, "answered 410, gone for good"),
        500..=599 => {
            return (
                Outcome::HttpError,
                Some(format!("answered {status}, trouble on the server")),
            );
        }
        _ => return (Outcome::HttpError, Some(format!("answered {status}"))),
    };
    (outcome, Some(why.to_owned()))
}

/// The causes of an error, itself first.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    // A cycle would be a bug in a dependency, a chain of sixteen is beyond any seen.
    const LONGEST: usize = 16;
    std::iter::successors(Some(error), |&error| cause(error)).take(LONGEST)
}

/// `io::Error` hides the error that it carries from `source`.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(carried) => Some(carried),
        None => error.source(),
    }
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref::<E>())
}

fn deepest(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
