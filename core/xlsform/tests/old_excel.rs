//! Workbooks of Excel 97 to 2003.
//!
//! `tests/old_excel` holds workbooks by xlwt and what pyxform 4.5.0 makes of them (`tests/pyxform/old_excel.py` writes
//! both). Others are written here, record by record.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what broke by breaking"
)]

mod biff;
mod canonical;

use std::path::Path;

use biff::{cell, container, end, record, stream, wide};
use proptest::prelude::*;
use xuncha_xlsform::{Code, Limits, Notice, convert};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old_excel").join(name)).unwrap()
}

fn refused(bytes: &[u8]) -> Notice {
    convert(bytes, &Limits::default()).unwrap_err().remove(0)
}

#[test]
fn numbers_dates_truth_and_long_texts_are_those_that_pyxform_reads() {
    for name in ["windows", "mac"] {
        let made = convert(&file(&format!("{name}.xls")), &Limits::default()).unwrap();
        let theirs = String::from_utf8(file(&format!("{name}.xml"))).unwrap();
        assert_eq!(canonical::difference(&made.xml, &theirs), None, "{name}");
    }
}

fn labels(row: u16, cells: &[&str]) -> Vec<u8> {
    (0..).zip(cells).flat_map(|(column, text)| cell(0x0204, row, column, &wide(text))).collect()
}

const HEADS: &[&str] = &["type", "name", "label", "default"];

/// A form of these records under the heads of a survey; `globals` stand before the sheets.
fn form(globals: &[u8], records: &[u8]) -> Vec<u8> {
    let survey = [labels(0, HEADS), records.to_vec()].concat();
    let settings = [labels(0, &["form_id"]), labels(1, &["old"])].concat();
    stream(globals, &[("survey", survey), ("settings", settings)])
}

/// The defaults of the form that the records make.
fn defaults(globals: &[u8], records: &[u8]) -> Vec<String> {
    let made = convert(&container("Workbook", &form(globals, records)), &Limits::default()).unwrap();
    let node = |name: usize| {
        let (_, rest) = made.xml.split_once(&format!("<q{name}"))?;
        let text = rest.strip_prefix('>')?.split_once('<')?.0;
        Some(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    };
    (1..)
        .map_while(|row| made.xml.contains(&format!("<q{row}")).then(|| node(row).unwrap_or_default()))
        .collect()
}

/// A text question in each row, whose default is the cell of that kind.
fn with_defaults(cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    (1..)
        .zip(cells)
        .flat_map(|(row, (kind, body))| {
            [labels(row, &["text", &format!("q{row}"), "Q"]), cell(*kind, row, 3, body)].concat()
        })
        .collect()
}

#[test]
fn a_formula_has_the_value_that_it_had_when_it_was_saved() {
    let formula = |value: [u8; 8]| (0x0006, [&value[..], &[0; 12]].concat());
    let mut records = with_defaults(&[
        formula(1.5_f64.to_le_bytes()),
        formula([1, 0, 1, 0, 0, 0, 0xff, 0xff]),
        formula([2, 0, 7, 0, 0, 0, 0xff, 0xff]),
        formula([3, 0, 0, 0, 0, 0, 0xff, 0xff]),
        formula([0, 0, 0, 0, 0, 0, 0xff, 0xff]),
    ]);
    records.extend(record(0x04bc, &[0; 4]));
    records.extend(record(0x0207, &wide("文字")));
    assert_eq!(defaults(&[], &records), ["1.5", "TRUE", "#DIV/0!", "", "文字"]);
}

#[test]
fn a_string_may_go_on_in_the_next_record_in_letters_of_another_size() {
    // Five letters: two of one byte, then three of two, then nothing; then a second string in the second record.
    let first = [&[2, 0, 0, 0, 2, 0, 0, 0][..], &[5, 0, 0], b"ab"].concat();
    let rest = [&[1][..], &[b'c', 0, 0x2d, 0x4e, b'd', 0], &[1, 0, 0], b"x"].concat();
    let globals = [record(0x00fc, &first), record(0x003c, &rest)].concat();
    let cells =
        with_defaults(&[(0x00fd, 0_u32.to_le_bytes().to_vec()), (0x00fd, 1_u32.to_le_bytes().to_vec())]);
    assert_eq!(defaults(&globals, &cells), ["abc中d", "x"]);
}

#[test]
fn of_two_cells_at_one_place_the_later_counts_and_charts_have_none() {
    let mut records = with_defaults(&[(0x0204, wide("first"))]);
    records.extend(cell(0x0204, 1, 3, &wide("second")));
    records.extend([biff::begin(0x0020), cell(0x0204, 1, 3, &wide("of a chart")), end()].concat());
    assert_eq!(defaults(&[], &records), ["second"]);
}

#[test]
fn what_cannot_be_read_is_refused_with_the_way_out() {
    let good = form(&[], &with_defaults(&[(0x0204, wide("x"))]));
    let fault = |bytes: &[u8]| {
        let notice = refused(bytes);
        assert_eq!(notice.code, Code::NotAWorkbook);
        notice.en.split('.').next().unwrap_or_default().to_owned()
    };
    assert_eq!(fault(&container("EncryptedPackage", &good)), "the workbook opens with a password");
    let ciphered = form(&record(0x002f, &[1, 0, 1, 0]), &[]);
    assert_eq!(fault(&container("Workbook", &ciphered)), "the workbook opens with a password");
    assert_eq!(fault(&container("Book", &good)), "this is a file of Excel 95 or before");
    let old = [record(0x0809, &[0, 5, 5, 0]), end()].concat();
    assert_eq!(fault(&container("Workbook", &old)), "this is a file of Excel 95 or before");
    let unreadable = "this file is no ";
    assert_eq!(fault(&container("WordDocument", &good)), unreadable);
    assert_eq!(fault(&container("Workbook", b"")), unreadable);
    let no_string = form(&[], &with_defaults(&[(0x00fd, 9_u32.to_le_bytes().to_vec())]));
    assert_eq!(fault(&container("Workbook", &no_string)), unreadable);
}

#[test]
fn a_chain_that_never_ends_is_refused() {
    let good = container("Workbook", &form(&[], &[]));
    assert!(convert(&good, &Limits::default()).is_ok());
    // Sector 1 is the directory, 2 the first of the stream; each is followed by itself, and the stream is said to be
    // of four gigabytes.
    for (sector, size) in [(1_u32, 4096_u32), (2, u32::MAX)] {
        let mut file = good.clone();
        let mut put = |at: usize, number: u32| file.splice(at..at + 4, number.to_le_bytes()).for_each(drop);
        put(512 + usize::try_from(sector).unwrap() * 4, sector);
        put(512 * 2 + 128 + 120, size);
        assert_eq!(refused(&file).code, Code::NotAWorkbook);
    }
}

#[test]
fn one_string_in_a_hundred_thousand_cells_is_refused() {
    let text = "长".repeat(30_000);
    let mut parts = wide(&text);
    let mut first = vec![1, 0, 0, 0, 1, 0, 0, 0];
    first.extend(parts.drain(..8003));
    let mut globals = record(0x00fc, &first);
    while !parts.is_empty() {
        let here = parts.len().min(8000);
        globals.extend(record(0x003c, &[&[1], parts.drain(..here).as_slice()].concat()));
    }
    let cells: Vec<u8> = (1..10_000).flat_map(|row| cell(0x00fd, row, 2, &[0; 4])).collect();
    let notice = refused(&container("Workbook", &form(&globals, &cells)));
    assert_eq!((notice.code, notice.sheet.as_str()), (Code::TooLarge, "survey"));
}

proptest! {
    /// Texts and numbers are read as from an .xlsx of the same cells.
    #[test]
    fn cells_are_those_of_the_same_workbook_as_xlsx(
        values in prop::collection::vec(
            prop_oneof![
                "[a-z<&>巡😀\u{a0} ]{0,12}".prop_map(Ok),
                prop::num::f64::NORMAL.prop_map(Err),
                (-40_000_i32..40_000).prop_map(|n| Err(f64::from(n) / 100.0)),
            ],
            1..8,
        )
    ) {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("survey").unwrap();
        for (column, head) in (0..).zip(HEADS) {
            sheet.write_string(0, column, *head).unwrap();
        }
        let mut old = Vec::new();
        for (row, value) in (1..).zip(&values) {
            for (column, text) in (0..).zip(["text", &format!("q{row}"), "Q"]) {
                sheet.write_string(row, column, text).unwrap();
            }
            match value {
                Ok(text) => {
                    sheet.write_string(row, 3, text).unwrap();
                    old.push((0x0204, wide(text)));
                }
                Err(number) => {
                    sheet.write_number(row, 3, *number).unwrap();
                    old.push((0x0203, number.to_le_bytes().to_vec()));
                }
            }
        }
        let sheet = book.add_worksheet().set_name("settings").unwrap();
        sheet.write_string(0, 0, "form_id").unwrap();
        sheet.write_string(1, 0, "old").unwrap();
        let new = convert(&book.save_to_buffer().unwrap(), &Limits::default()).unwrap();
        let old = convert(&container("Workbook", &form(&[], &with_defaults(&old))), &Limits::default()).unwrap();
        prop_assert_eq!(old.xml, new.xml);
    }

    /// A file that is damaged or cut is read or refused.
    #[test]
    fn a_damaged_file_is_read_or_refused(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut bytes = file("windows.xls");
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = convert(&bytes, &Limits::default());
    }
}
