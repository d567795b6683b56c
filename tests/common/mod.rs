//! What integration tests share: the misbehaving site server.

#![allow(
    dead_code,
    unused_imports,
    reason = "every test binary compiles all of this and uses a part"
)]

pub mod press;
pub mod program;
pub mod reply;
pub mod shelf;
pub mod site_server;

pub use reply::Reply;
pub use site_server::{Hit, SiteServer};
