//! The only code that talks HTTP: client, guard, robots, politeness.
//!
//! Takes an address and limits, gives a response or an outcome. Never interprets a body, never touches the store.

pub mod client;
pub mod fault;
pub mod guard;
pub mod headers;
pub mod limits;
pub mod politeness;
pub mod robots;
pub mod tdmrep;

pub use client::{Attempt, Client, Hop, Options, Request, Response, Timeouts, Validators};
pub use guard::ResolveMap;
pub use politeness::Politeness;
pub use robots::Robots;
pub use tdmrep::Tdmrep;
