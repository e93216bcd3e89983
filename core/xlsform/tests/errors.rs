//! Errors of a workbook: sheet, row, column, in both languages.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what broke by breaking")]

use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use xuncha_xlsform::{Limits, Severity, convert};

fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const SETTINGS: (&str, &[&[&str]]) = ("settings", &[&["form_id"], &["test"]]);

fn errors(survey: &[&[&str]]) -> Vec<String> {
    let choices: &[&[&str]] = &[&["list_name", "name", "label"], &["colour", "red", "红"]];
    let bytes = workbook(&[("survey", survey), ("choices", choices), SETTINGS]);
    let notices = convert(&bytes, &Limits::default()).unwrap_err();
    notices.iter().filter(|n| n.severity == Severity::Error).map(ToString::to_string).collect()
}

#[test]
fn a_mistyped_type_is_named_with_what_was_meant() {
    let found = errors(&[&["type", "name", "label"], &["txet", "a", "题"]]);
    assert_eq!(
        found,
        ["survey 2 [type]: 没有类型“txet”。是不是“text”？ / There is no type “txet”. Did you mean “text”?"]
    );
}

#[test]
fn a_reference_to_nothing_is_named_with_its_cell() {
    let found = errors(&[
        &["type", "name", "label", "relevant"],
        &["integer", "age", "年龄", ""],
        &["text", "why", "为什么", "${aeg} > 3"],
    ]);
    assert_eq!(
        found,
        [
            "survey 3 [relevant]: 没有名为“aeg”的题目。是不是“age”？ / There is no question “aeg”. Did you mean “age”?"
        ]
    );
}

#[test]
fn a_list_that_is_not_there_is_named() {
    let found = errors(&[&["type", "name", "label"], &["select_one color", "c", "颜色"]]);
    assert_eq!(
        found,
        [
            "survey 2 [type]: choices里没有列表“color”。是不是“colour”？ / There is no list “color” in choices. Did you mean “colour”?"
        ]
    );
}

#[test]
fn a_group_without_end_and_an_end_without_group_are_both_found() {
    let found = errors(&[&["type", "name", "label"], &["end_repeat", "", ""], &["begin_group", "g", "组"]]);
    assert_eq!(
        found,
        [
            "survey 2 [type]: “end_repeat”没有对应的开始行 / “end_repeat” has no begin row that fits",
            "survey 3 [type]: “g”没有结束行 / “g” has no end row",
        ]
    );
}

#[test]
fn what_is_not_supported_yet_is_refused_by_name() {
    let found = errors(&[&["type", "name", "label"], &["rank colour", "r", "排序"]]);
    assert_eq!(found, ["survey 2 [type]: 暂不支持类型“rank” / The type “rank” is not supported yet"]);
}

#[test]
fn the_same_name_twice_in_a_group_and_a_name_with_a_blank_are_found() {
    let found = errors(&[
        &["type", "name", "label"],
        &["text", "a b", "一"],
        &["text", "c", "二"],
        &["text", "C", "三"],
    ]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().any(|line| line.starts_with("survey 2 [name]: 名称“a b”不能用")), "{found:?}");
    assert!(
        found.iter().any(|line| line.starts_with("survey 4 [name]: 名称“C”在这一组里写了两次")),
        "{found:?}"
    );
}

#[test]
fn a_form_without_id_is_refused() {
    let survey: &[&[&str]] = &[&["type", "name", "label"], &["text", "a", "一"]];
    let notices = convert(&workbook(&[("survey", survey)]), &Limits::default()).unwrap_err();
    assert!(notices.iter().any(|n| n.to_string().starts_with("settings 2 [form_id]: ")), "{notices:?}");
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_not_read() {
    let survey: &[&[&str]] = &[&["type", "name", "label"], &["text", "a", "一"]];
    let bytes = workbook(&[("survey", survey), SETTINGS]);
    let tight = Limits { unpacked: 100, ..Limits::default() };
    assert!(convert(&bytes, &tight).unwrap_err()[0].en.contains("unpacks to too much"));
}

#[test]
fn in_a_repeat_a_reference_is_relative_and_in_a_filter_it_begins_at_current() {
    let survey: &[&[&str]] = &[
        &["type", "name", "label", "calculation", "choice_filter"],
        &["begin_repeat", "person", "人", "", ""],
        &["integer", "age", "年龄", "", ""],
        &["begin_group", "more", "更多", "", ""],
        &["calculate", "twice", "", "${age} * 2", ""],
        &["select_one colour", "c", "颜色", "", "name = ${age}"],
        &["end_group", "", "", "", ""],
        &["end_repeat", "", "", "", ""],
        &["calculate", "sum", "", "sum(${age})", ""],
    ];
    let choices: &[&[&str]] = &[&["list_name", "name", "label"], &["colour", "red", "红"]];
    let bytes = workbook(&[("survey", survey), ("choices", choices), SETTINGS]);
    let xml = convert(&bytes, &Limits::default()).unwrap().xml;
    assert!(xml.contains("calculate=\" ../../age  * 2\""), "{xml}");
    assert!(xml.contains("item[name =  current()/../../age ]"), "{xml}");
    assert!(xml.contains("calculate=\"sum( /data/person/age )\""), "{xml}");
}

proptest! {
    #[test]
    fn no_bytes_break_the_converter(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = convert(&bytes, &Limits::default());
    }

    #[test]
    fn a_damaged_workbook_does_not_break_the_converter(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let survey: &[&[&str]] = &[&["type", "name", "label"], &["text", "a", "一"]];
        let mut bytes = workbook(&[("survey", survey), SETTINGS]);
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = convert(&bytes, &Limits::default());
    }

    #[test]
    fn no_cell_breaks_the_converter(cell in ".{0,40}") {
        let survey: &[&[&str]] = &[&["type", "name", "label", "relevant"], &["text", "a", &cell, &cell]];
        let _ = convert(&workbook(&[("survey", survey), SETTINGS]), &Limits::default());
    }
}
