#![no_main]

use std::panic::{set_hook, take_hook};

libfuzzer_sys::fuzz_target!(
    // libFuzzer's hook aborts on every panic; those of feed-rs are caught and answered by `discover::feed`. One that
    // escapes still ends the run.
    init: {
        drop(take_hook());
        set_hook(Box::new(|_| {}));
    },
    |data: &[u8]| vigie_fuzz::run("feed", data)
);
