//! Any bytes as a workbook: `cargo +nightly fuzz run bytes`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_xlsform::{Limits, convert};

fuzz_target!(|bytes: &[u8]| {
    let _ = convert(bytes, &Limits { unpacked: 4 << 20, ..Limits::default() });
});
