//! Any bytes as a workbook: `cargo +nightly fuzz run bytes`.
//!
//! What begins as the records of an .xls do is put into a compound file, too: few of its bytes would stay in their
//! chains of sectors otherwise.

#![no_main]

#[path = "../../tests/biff/mod.rs"]
#[allow(dead_code, reason = "the tests write records, here only the file around them is wanted")]
mod biff;

use libfuzzer_sys::fuzz_target;
use xuncha_xlsform::{Limits, convert};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { unpacked: 4 << 20, xform: 1 << 20, ..Limits::default() };
    let _ = convert(bytes, &limits);
    // The record BOF.
    if bytes.starts_with(&[0x09, 0x08]) && bytes.len() < 1 << 20 {
        let _ = convert(&biff::container("Workbook", bytes), &limits);
    }
});
