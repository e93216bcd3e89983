//! Workbooks of one feature or one error each, held against what pyxform 4.5.0 made of them.
//!
//! `tests/cases/*.txt` holds the workbooks, `tests/cases/expected` pyxform's XForms, `tests/cases/verdicts.tsv`
//! whether it made one (`tests/pyxform/expected.py` writes both). Under a workbook stand the notices that are wanted:
//! `! sheet row letters Code suggestion` an error, `? …` a warning, `~ why` that we differ from pyxform on purpose.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what broke by breaking"
)]

mod canonical;

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use xuncha_xlsform::{Converted, Limits, Notice, Severity, convert};

struct Case {
    name: String,
    sheets: Vec<(String, Vec<Vec<String>>)>,
    errors: Vec<String>,
    warnings: Vec<String>,
    differs: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// All cases, by their file's name.
fn cases() -> Vec<(String, Case)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for part in text.split("\n=== ").skip(1) {
            all.push((stem.clone(), case(part)));
        }
    }
    all
}

fn case(text: &str) -> Case {
    let mut lines = text.lines();
    let (name, _) = lines.next().unwrap().split_once(':').unwrap();
    let mut case = Case {
        name: name.to_owned(),
        sheets: Vec::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
        differs: false,
    };
    for line in lines {
        if let Some(sheet) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            case.sheets.push((sheet.to_owned(), Vec::new()));
        } else if let Some(wanted) = line.strip_prefix('!') {
            case.errors.push(wanted.trim().to_owned());
        } else if let Some(wanted) = line.strip_prefix('?') {
            case.warnings.push(wanted.trim().to_owned());
        } else if line.starts_with('~') {
            case.differs = true;
        } else if let Some((_, rows)) = case.sheets.last_mut()
            && !line.trim().is_empty()
        {
            let cells = line.split('|').map(|cell| cell.trim().to_owned()).collect();
            rows.push(if line == "." { Vec::new() } else { cells });
        }
    }
    if !case.sheets.iter().any(|(name, _)| name.to_lowercase() == "settings" || name == "no settings") {
        case.sheets.push(("settings".to_owned(), vec![vec!["form_id".to_owned()], vec!["case".to_owned()]]));
    }
    case.sheets.retain(|(name, _)| name != "no settings");
    case
}

fn workbook(case: &Case) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in &case.sheets {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                put(sheet, row, column, cell);
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// A text, or a number, date or truth value after an equals sign.
fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &str) {
    let Some(value) = cell.strip_prefix('=') else {
        let signs = [("⏎", "\n"), ("␣", " "), ("⍽", "\u{a0}"), ("¦", "|"), ("⇥", "\t"), ("␁", "\u{1}")];
        let text = signs.iter().fold(cell.to_owned(), |text, (sign, stands)| text.replace(sign, stands));
        sheet.write_string(row, column, text).unwrap();
        return;
    };
    let date = value.len() >= 10 && value.matches('-').count() == 2;
    match value {
        "TRUE" | "FALSE" => sheet.write_boolean(row, column, value == "TRUE").unwrap(),
        _ if date || value.contains(':') => {
            let format = Format::new().set_num_format(match (date, value.contains(':')) {
                (true, true) => "yyyy-mm-dd hh:mm:ss",
                (true, false) => "yyyy-mm-dd",
                _ => "hh:mm:ss",
            });
            let value = ExcelDateTime::parse_from_str(value).unwrap();
            sheet.write_datetime_with_format(row, column, &value, &format).unwrap()
        }
        _ => sheet.write_number(row, column, value.parse::<f64>().unwrap()).unwrap(),
    };
}

/// `sheet row letters Code suggestion`; `-` for what there is not.
fn short(notice: &Notice) -> String {
    let or = |text: &str| if text.is_empty() { "-".to_owned() } else { text.replace(' ', "_") };
    let place = format!("{} {} {}", or(&notice.sheet), notice.row, or(&notice.letters));
    let line = format!("{place} {:?} {}", notice.code, notice.suggestion.as_deref().unwrap_or_default());
    line.trim_end().to_owned()
}

fn of(notices: &[Notice], severity: Severity) -> Vec<String> {
    notices.iter().filter(|n| n.severity == severity).map(short).collect()
}

fn expected(file: &str, case: &Case, extension: &str) -> Option<String> {
    std::fs::read_to_string(folder().join(format!("expected/{file}/{}.{extension}", case.name))).ok()
}

/// What is wrong with our answer; none if nothing is.
fn fault(file: &str, case: &Case, verdict: &str) -> Option<String> {
    match convert(&workbook(case), &Limits::default()) {
        Ok(made) => fault_in_form(file, case, verdict, &made),
        Err(notices) => {
            let errors = of(&notices, Severity::Error);
            if case.errors.is_empty() {
                let lines: Vec<String> = notices.iter().map(ToString::to_string).collect();
                return Some(format!("refused:\n{}", lines.join("\n")));
            }
            if errors != case.errors {
                return Some(format!(
                    "errors\n! {}\nwanted\n! {}",
                    errors.join("\n! "),
                    case.errors.join("\n! ")
                ));
            }
            if let Some(bad) = notices.iter().find(|n| !speaks_both(n)) {
                return Some(format!("not in both languages: {bad}"));
            }
            (verdict == "made" && !case.differs)
                .then(|| "pyxform makes a form of it; say with ~ why not".to_owned())
        }
    }
}

fn fault_in_form(file: &str, case: &Case, verdict: &str, made: &Converted) -> Option<String> {
    if !case.errors.is_empty() {
        return Some(format!("made into a form; wanted\n! {}", case.errors.join("\n! ")));
    }
    let warnings = of(&made.warnings, Severity::Warning);
    if warnings != case.warnings {
        return Some(format!(
            "warnings\n? {}\nwanted\n? {}",
            warnings.join("\n? "),
            case.warnings.join("\n? ")
        ));
    }
    if let Some(bad) = made.warnings.iter().find(|n| !speaks_both(n)) {
        return Some(format!("not in both languages: {bad}"));
    }
    let Some(theirs) = expected(file, case, "xml") else {
        let said = verdict != "made" && case.differs;
        return (!said).then(|| format!("pyxform refuses it ({verdict}); say with ~ why not"));
    };
    if case.differs {
        return None;
    }
    if made.itemsets != expected(file, case, "csv") {
        return Some(format!("itemsets.csv: {:?}", made.itemsets));
    }
    canonical::difference(&made.xml, &theirs)
}

fn speaks_both(notice: &Notice) -> bool {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    chinese(&notice.zh) && notice.en.chars().any(|c| c.is_ascii_alphabetic())
}

#[test]
fn each_workbook_becomes_what_pyxform_makes_of_it_or_is_refused_where_it_should() {
    let verdicts = std::fs::read_to_string(folder().join("verdicts.tsv")).unwrap();
    let verdict = |id: &str| {
        let line = verdicts.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix('\t'));
        line.unwrap_or_else(|| panic!("{id}: run tests/pyxform/expected.py")).to_owned()
    };
    let only = std::env::var("CASE").ok();
    let all = cases();
    let mut faults = Vec::new();
    for (file, case) in &all {
        let id = format!("{file}/{}", case.name);
        if only.as_ref().is_some_and(|only| !id.contains(only.as_str())) {
            continue;
        }
        if let Some(fault) = fault(file, case, &verdict(&id)) {
            faults.push(format!("--- {id}\n{fault}"));
        }
    }
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), all.len(), faults.join("\n"));
}

/// Our own engine takes every form.
#[test]
fn our_own_engine_takes_each_form() {
    let mut refused = Vec::new();
    for (file, case) in cases().iter().filter(|(_, case)| case.errors.is_empty()) {
        let made = convert(&workbook(case), &Limits::default()).unwrap();
        let limits = xuncha_forms::Limits::default();
        if let Err(error) = xuncha_forms::Form::compile(made.xml.as_bytes(), &Files, &limits) {
            refused.push(format!("{file}/{}: {error}", case.name));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// A file for each instance that lies beside a form: without rows, since forms choose by columns of their own.
struct Files;

impl xuncha_forms::ExternalInstances for Files {
    fn bytes(&self, src: &str) -> Option<std::borrow::Cow<'_, [u8]>> {
        let file: &str = match src.rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv") => "name,label\n",
            Some("geojson") => r#"{"type":"FeatureCollection","features":[]}"#,
            _ => "<root/>",
        };
        Some(std::borrow::Cow::Borrowed(file.as_bytes()))
    }
}

/// The case as text, where its cells are texts that a line can hold.
fn as_text(case: &Case, line: impl Fn(&[&str]) -> String) -> Option<String> {
    let mut text = String::new();
    for (name, rows) in &case.sheets {
        text += &line(&[name]);
        for cells in rows {
            // Excel ends a sheet after twenty empty columns and sixty empty rows, text does not; it has no types.
            let odd =
                |cell: &String| cell.starts_with('=') || cell.contains(['⏎', '␣', '⍽', '¦', '⇥', '␁', '#']);
            if cells.iter().any(odd) || cells.len() > 20 || rows.len() > 60 || rows[0].is_empty() {
                return None;
            }
            let cells: Vec<&str> = [""].into_iter().chain(cells.iter().map(String::as_str)).collect();
            text += &line(&cells);
        }
    }
    Some(text)
}

/// Of each notice what does not depend on where the text has the row.
fn told(notices: &[Notice]) -> Vec<String> {
    notices.iter().map(|n| format!("{:?} {} {} {:?}", n.code, n.sheet, n.column, n.suggestion)).collect()
}

#[test]
fn as_csv_and_as_markdown_each_workbook_is_the_same_form() {
    let csv = |cells: &[&str]| {
        let cells: Vec<String> =
            cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        format!("{},\"\"\n", cells.join(","))
    };
    let markdown = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let mut compared = 0;
    for (file, case) in cases() {
        let expected = convert(&workbook(&case), &Limits::default());
        for text in [as_text(&case, csv), as_text(&case, markdown)].into_iter().flatten() {
            compared += 1;
            match (convert(text.as_bytes(), &Limits::default()), &expected) {
                (Ok(made), Ok(expected)) => {
                    assert_eq!(made.xml, expected.xml, "{file}/{}", case.name);
                    assert_eq!(told(&made.warnings), told(&expected.warnings), "{file}/{}", case.name);
                }
                (Err(made), Err(expected)) => assert_eq!(told(&made), told(expected), "{file}/{}", case.name),
                (made, _) => panic!("{file}/{}: {made:?}\n{text}", case.name),
            }
        }
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn a_notice_of_a_text_names_its_line_and_its_cell() {
    let text = "survey\n,type,name,label\n\n,interger,a,A\nsettings\n,form_id\n,x\n";
    let notices = convert(text.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(
        (notices[0].row, notices[0].letters.as_str(), notices[0].code),
        (4, "B", xuncha_xlsform::Code::UnknownType)
    );
    let notices = convert(b"survey,\n,name,label\n,a,A\n", &Limits::default()).unwrap_err();
    assert_eq!((notices[0].row, notices[0].code), (2, xuncha_xlsform::Code::MissingColumn));
    let twice = "survey\n,type,name,label\n,text,a,A\nsurvey\n,type,name,label\n,text,b,B\n";
    let notices = convert(twice.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(notices[0].code, xuncha_xlsform::Code::DuplicateName);
}
