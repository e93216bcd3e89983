//! A workbook whose cells are anything: `cargo +nightly fuzz run cells`.
//!
//! Sheets stand between form feeds, rows between line feeds, cells between tabs. They go in as CSV: packing and
//! unpacking an .xlsx took most of the time, and the target `bytes` reads those.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_xlsform::{Limits, convert};

const SHEETS: [&str; 6] = ["survey", "choices", "settings", "external_choices", "entities", "osm"];

fuzz_target!(|text: &str| {
    let mut csv = String::new();
    for (name, table) in SHEETS.into_iter().zip(text.split('\u{c}')) {
        csv.push_str(name);
        csv.push('\n');
        for line in table.split('\n') {
            for cell in line.split('\t') {
                csv.push_str(",\"");
                csv.push_str(&cell.replace('"', "\"\""));
                csv.push('"');
            }
            csv.push('\n');
        }
    }
    let _ = convert(csv.as_bytes(), &Limits { xform: 1 << 20, ..Limits::default() });
});
