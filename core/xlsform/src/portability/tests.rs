use super::*;
use crate::headers::SURVEY;
use crate::workbook::SheetWriter;

/// Row, letters and the first words of each finding.
fn found(heads: &[&str], rows: &[&[&str]]) -> Vec<(u32, String, String)> {
    let limits = Limits::default();
    let mut sheet = SheetWriter::new("survey", None, 0, &limits);
    for (row, cells) in (0..).zip(std::iter::once(&heads).chain(rows)) {
        for (column, cell) in (0..).zip(cells.iter()).filter(|(_, cell)| !cell.is_empty()) {
            sheet.put(row, column, cell);
        }
    }
    let sheet = std::rc::Rc::new(sheet.finish().unwrap_or_default());
    let table = Table::read(sheet, &SURVEY, "default", true, &mut Notices::new(&limits));
    let notices = findings(&table, "data", &Table::default(), None, &limits);
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
        alone(&["calculate", "a", "", "", "version()"]),
        one(2, "E", "Web Forms has no function version().")
    );
    assert_eq!(alone(&["text", "a", "count(//x) > 1"]), one(2, "C", "Collect has neither '//'"));
    assert_eq!(alone(&["text", "a", "", "regex(., '[0-9]+')"]), one(2, "D", "Collect's regex() must"));
    assert_eq!(alone(&["date", "a", "", ". > '2026-07-08'"]), one(2, "D", "in Collect a comparison"));
    assert_eq!(
        alone(&["calculate", "a", "", "", "format-date(today(), '%j')"]),
        one(2, "E", "Collect stops at")
    );
    for word in
        ["audit", "osm", "select_one_external l", "background-audio", "barcode", "deviceid", "phonenumber"]
    {
        let noted: Vec<_> = alone(&[word, "a"]).into_iter().map(|(row, letters, _)| (row, letters)).collect();
        assert_eq!(noted, [(2, "A".to_owned())], "{word}");
    }
    assert_eq!(
        alone(&["text", "a", "", "", "", "", "multiline hidden-answer"]),
        one(2, "G", "Web Forms does not know")
    );
    assert_eq!(alone(&["geopoint", "a", "", "distance(.) < 3"]), one(2, "D", "Web Forms rounds distance()"));
    assert_eq!(alone(&["text", "a", "${last-saved#a} = 1"]), one(2, "C", "Web Forms has no last record"));
    assert_eq!(alone(&["text", "a", "geofence(${b}, ${c})"]), one(2, "C", "Enketo has no function"));
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

#[test]
fn what_is_shown_or_filled_otherwise_is_noted() {
    let heads = [
        "type",
        "name",
        "label",
        "default",
        "calculation",
        "readonly",
        "parameters",
        "guidance_hint",
        "big-image",
    ];
    let alone = |cells: &[&str]| found(&heads, &[cells]);
    assert_eq!(alone(&["integer", "a", "A", "", "1 + 1"]), one(2, "E", "the question can be answered"));
    assert_eq!(alone(&["integer", "a", "A", "", "1 + 1", "yes"]), []);
    assert_eq!(alone(&["note", "a", "A", "", "1 + 1"]), []);
    assert_eq!(
        alone(&["audio", "a", "A", "", "", "", "quality=low"]),
        one(2, "G", "Web Forms does not know")
    );
    assert_eq!(alone(&["text", "a", "A", "", "", "", "", "why"]), one(2, "H", "Web Forms does not show"));
    assert_eq!(
        alone(&["text", "a", "A", "", "", "", "", "", "b.png"]),
        one(2, "I", "Web Forms does not show")
    );
    for (word, bad, good) in [
        ("integer", "1.5", "-7"),
        ("decimal", "1,5", "1.5"),
        ("date", "8 July 2026", "2026-07-08"),
        ("text", "", "x"),
    ] {
        if !bad.is_empty() {
            assert_eq!(alone(&[word, "a", "A", bad]), one(2, "D", "the default is no value"), "{word}");
        }
        assert_eq!(alone(&[word, "a", "A", good]), [], "{word}");
    }
    let rows: [&[&str]; 2] = [&["calculate", "c", "", "", "1 + 1"], &["text", "a", "A", "concat(${c}, 'x')"]];
    assert_eq!(found(&heads, &rows), one(3, "D", "the default reads a question"));
}

#[test]
fn several_answers_that_are_compared_at_once_are_noted() {
    let heads = ["type", "name", "label", "relevant"];
    let with = |relevant: &str| {
        found(
            &heads,
            &[&["select_multiple l", "m", "M"], &["select_one l", "o", "O"], &["text", "a", "A", relevant]],
        )
    };
    for noted in ["${m} = 'x y'", "${o} = 'x' and ${m}!=\"x y\""] {
        assert_eq!(with(noted), one(4, "D", "the order of several"), "{noted}");
    }
    for plain in
        ["${m} = 'x'", "${o} = 'x y'", "selected(${m}, 'x') and 'a b' = ${o}", "if(${m} = '', 'a b', 'c')"]
    {
        assert_eq!(with(plain), [], "{plain}");
    }
}
