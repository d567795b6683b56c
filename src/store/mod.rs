//! SQLite: the ledger, the pages, and what was derived from them.
//!
//! Takes and gives model values in the nouns of the domain. Never decides, never touches the network.
//!
//! One [`Store`] writes, in batches; any number of [`Reader`]s read. The observed half changes through one door,
//! [`Batch::apply`], which a live crawl, recovery after a crash and a rebuild from the archive all use alike.

mod attention;
mod columns;
mod condition;
mod declared;
mod derived;
mod due;
mod error;
mod export;
mod functions;
mod kept;
mod laid_out;
mod ledger;
mod links;
mod lock;
mod migrations;
mod near;
mod observed;
mod open;
mod pages;
mod robots;
mod saved;
mod search;
mod show;
mod sightings;
mod similar;
mod status;
mod stories;
mod topics;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use attention::{Looked, Published};
pub use derived::{Derived, Gone, IndexText};
pub use due::{Pulse, Unfetched, Watched};
pub use error::StoreError;
pub use export::{Cell, Export};
pub use kept::KeptVersion;
pub use laid_out::keep_story;
pub use ledger::{CommentBaseline, FirstSeen, LastAbsent, ListedCounts, PlannedRun};
pub use links::{Announced, Known, LinkRow, PreviousLook, Stood};
pub use lock::{Held, Lock, LockError};
pub use near::{Near, Said};
pub use observed::{Applied, Reading};
pub use open::{Batch, DATABASE, Reader, Store};
pub use pages::{PageForm, PageRow};
pub use robots::RobotsRow;
pub use saved::{Hits, SavedRow};
pub use search::{ArticleRow, Found, Order, Text};
pub use show::{Shown, Stay, VersionHead, VersionRow};
pub use status::SourceStatus;
pub use stories::{InStory, Linkable, StoryLink, Told, Vectors};
pub use topics::{Tagged, TermCount, TopicPublished};
