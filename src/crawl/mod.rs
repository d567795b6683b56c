//! What is due, and the run that visits it.
//!
//! The only async code outside `fetch`; the only code that sleeps. Never interprets a page beyond its links.
