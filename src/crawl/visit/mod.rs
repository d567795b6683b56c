//! One source's part in a run: listings, then article pages. A site's failure is a row and a line.
//!
//! Takes what a run shares and one source, gives the source's line. An error here is the machine's, never the site's.

mod article;
mod backfill;
mod listing;
mod manners;
mod reserved;

use crate::crawl::reading;
use crate::crawl::recorder::RecordError;
use crate::crawl::run::Event;
use crate::crawl::summary::SourceSummary;
use crate::model::source::PagePolicy;
use crate::model::{ListingKind, Source};

pub(super) use backfill::backfill;
pub(super) use manners::{Means, Shared};

/// Visits one source. An error here is the machine's, never the site's.
pub(super) async fn visit(shared: &Shared, source: &Source) -> Result<SourceSummary, RecordError> {
    let mut summary = SourceSummary::new(&source.id);
    let began = shared.clock.now();
    let mut changed = Vec::new();
    for listing in &source.listings {
        if shared.cancel.is_cancelled() {
            break;
        }
        let children = listing::look(shared, source, listing, listing.url.clone(), &mut summary, &mut changed).await?;
        for child in children {
            let listing = reading::remembered(&child, ListingKind::Sitemap);
            listing::look(shared, source, &listing, child, &mut summary, &mut changed).await?;
        }
    }
    if source.pages == PagePolicy::Fetch && !shared.offline {
        article::pages(shared, source, &changed, &mut summary).await?;
    }
    summary.seconds = shared.clock.now().duration_since(began).as_secs_f64();
    (shared.events)(Event::Visited {
        summary: summary.clone(),
    });
    Ok(summary)
}
