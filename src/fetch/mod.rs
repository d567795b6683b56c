//! The only code that talks HTTP: client, guard, robots, politeness.
//!
//! Takes an address and limits, gives a response or an outcome. Never interprets a body, never touches the store.
