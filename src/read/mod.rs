//! Questions answered: brings query, store and compare together for whoever asks.
//!
//! Takes a question and a reader of the store, gives an answer as a value. Never writes, never prints.

pub mod ask;
pub mod attention;
pub mod blindspots;
pub mod draft;
pub mod evidence;
pub mod kept;
pub mod pairs;
pub mod periods;
pub mod retag;
pub mod saved;
pub mod search;
pub mod similar;
pub mod status;
pub mod story;
pub mod suggest;
pub mod topics;
