//! SQLite: the ledger, the pages, and what was derived from them.
//!
//! Takes and gives model values in the nouns of the domain. Never decides, never touches the network.
