//! Draft to Article: language, canonical URL, fingerprint.
//!
//! Takes a Draft and what is declared of its source, gives an Article. Never looks at other articles in the store.
