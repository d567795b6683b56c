//! Is the machine on the network at all? Asked once, quickly, before a hundred sources time out one by one.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use url::Url;

use crate::model::Source;

/// Names looked up; when none of them resolves, the fault is here and not there.
const ASKED: usize = 5;
/// How long a name server may take; all are asked at once.
const PATIENCE: Duration = Duration::from_secs(4);

/// No name of several unrelated outlets can be looked up. Sources behind a proxy say nothing: the proxy resolves.
pub async fn seems(sources: &[Source]) -> bool {
    let hosts: BTreeSet<String> = sources
        .iter()
        .filter(|source| source.proxy.is_none())
        .flat_map(|source| source.listings.first())
        .filter_map(|listing| Url::parse(&listing.url).ok()?.host_str().map(str::to_owned))
        .take(ASKED)
        .collect();
    // One name that cannot be looked up may be misspelt: that says nothing of this machine.
    if hosts.len() < 2 {
        return false;
    }
    let lookups = hosts.into_iter().map(|host| async move {
        let lookup = tokio::net::lookup_host((host, 443));
        tokio::time::timeout(PATIENCE, lookup)
            .await
            .is_ok_and(|found| found.is_ok_and(|mut found| found.next().is_some()))
    });
    !join_all(lookups).await.into_iter().any(|found| found)
}
