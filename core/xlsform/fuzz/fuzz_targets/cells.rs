//! A readable workbook whose cells are anything: `cargo +nightly fuzz run cells`.
//!
//! Sheets stand between form feeds, rows between line feeds, cells between tabs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rust_xlsxwriter::Workbook;
use xuncha_xlsform::{Limits, convert};

fuzz_target!(|text: &str| {
    let mut book = Workbook::new();
    for (name, table) in ["survey", "choices", "settings", "external_choices"].into_iter().zip(text.split('\u{c}')) {
        let Ok(sheet) = book.add_worksheet().set_name(name) else { return };
        for (row, line) in (0..200).zip(table.split('\n')) {
            for (column, cell) in (0..40).zip(line.split('\t')) {
                let _ = sheet.write_string(row, column, cell);
            }
        }
    }
    if let Ok(bytes) = book.save_to_buffer() {
        let _ = convert(&bytes, &Limits::default());
    }
});
