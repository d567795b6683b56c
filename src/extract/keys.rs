//! Tables of one page: its few hundred names and few thousand words, looked up many times each.
//!
//! The standard library's hash withstands whoever knows it, and costs several times more. Here a page that was written
//! to collide gains little: words are 32-bit hashes, names are a page's own, and both are few.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64_with_seed;

pub type Table<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
pub type Set<K> = HashSet<K, BuildHasherDefault<Quick>>;

#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    /// The mark that ends a text: one key is one text.
    fn write_u8(&mut self, _: u8) {}

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    /// Multiplied by the golden ratio, and the halves of the product mixed: tables use both ends of a hash.
    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9E37_79B9_7F4A_7C15;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}
