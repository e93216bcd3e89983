use super::*;
use crate::headers::SURVEY;
use crate::workbook::{Row, Sheet};

/// Row, letters and the first words of each finding.
fn found(heads: &[&str], rows: &[&[&str]]) -> Vec<(u32, String, String)> {
    let mut sheet = Sheet { name: "survey".to_owned(), ..Sheet::default() };
    for (index, head) in (0..).zip(heads) {
        sheet.columns.push(crate::error::Column { index, header: (*head).to_owned() });
    }
    for (number, cells) in (2..).zip(rows) {
        let cells = (0..).zip(cells.iter()).filter(|(_, cell)| !cell.is_empty());
        sheet.rows.push(Row { number, cells: cells.map(|(at, cell)| (at, (*cell).to_owned())).collect() });
    }
    let table = Table::read(&sheet, &SURVEY, "default", true, &mut Vec::new());
    let notices = findings(&table, "data", None);
    notices.into_iter().map(|n| (n.row, n.letters, n.en.chars().take(16).collect())).collect()
}

fn one(row: u32, letters: &str, en: &str) -> Vec<(u32, String, String)> {
    vec![(row, letters.to_owned(), en.chars().take(16).collect())]
}

#[test]
fn a_form_that_all_read_alike_has_no_note() {
    let heads = ["type", "name", "label", "relevant", "constraint", "calculation", "repeat_count"];
    let rows: [&[&str]; 5] = [
        &["text", "a", "A", "${b} = 'floor(' or contains(${b}, '|')", "regex(., '^[a-z]+$')"],
        &["date", "b", "B", "", ". < date('2026-07-08')"],
        &["begin_repeat", "r", "R", "", "", "", "3"],
        &["calculate", "c", "", "", "", "format-date(today(), '%Y') + round(${a} div 2)"],
        &["end_repeat"],
    ];
    assert_eq!(found(&heads, &rows), []);
}

#[test]
fn what_some_app_lacks_or_reads_otherwise_is_noted_at_its_cell() {
    let heads = ["type", "name", "relevant", "constraint", "calculation", "repeat_count", "appearance"];
    let in_repeat = |cells: &[&str]| found(&heads, &[&["begin_repeat", "r"], cells, &["end_repeat"]]);
    let alone = |cells: &[&str]| found(&heads, &[cells]);
    assert_eq!(alone(&["text", "a", "floor(${b}) > 1"]), one(2, "C", "Collect has no function floor()."));
    assert_eq!(
        alone(&["text", "a", "", "", "version()"]),
        one(2, "E", "Web Forms has no function version().")
    );
    assert_eq!(alone(&["text", "a", "count(//x) > 1"]), one(2, "C", "Collect has neither '//'"));
    assert_eq!(alone(&["text", "a", "", "regex(., '[0-9]+')"]), one(2, "D", "Collect's regex() must"));
    assert_eq!(alone(&["date", "a", "", ". > '2026-07-08'"]), one(2, "D", "in Collect a comparison"));
    assert_eq!(alone(&["text", "a", "", "", "format-date(today(), '%j')"]), one(2, "E", "Collect stops at"));
    assert_eq!(alone(&["audit", "audit"]), one(2, "A", "only ODK Collect runs the type"));
    assert_eq!(alone(&["select_one_external l", "a"]), one(2, "A", "only ODK Collect reads select"));
    assert_eq!(
        alone(&["select_one l", "a", "", "", "", "", "search('x')"]),
        one(2, "G", "only ODK Collect runs the app")
    );
    assert_eq!(
        alone(&["text", "a", "", "", "", "", "ex:com.a(b='c')"]),
        one(2, "G", "only ODK Collect on Android")
    );
    assert_eq!(alone(&["begin_repeat", "a", "", "", "", "${n}"]), one(2, "F", "when the count goes down"));
    assert_eq!(in_repeat(&["text", "a", "/data/r/b = 1"]), one(3, "C", "a path written out within"));
    assert_eq!(
        in_repeat(&["calculate", "a", "", "", "indexed-repeat(${a}, ${r}, 1) + 1"]),
        one(3, "E", "a calculation that uses itself")
    );
}
