//! The workbooks that ship: current, equal to pyxform's XForm, and taken by our own engine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what broke by breaking"
)]

mod canonical;

use std::io::Read;
use std::path::{Path, PathBuf};

use xuncha_xlsform::{Limits, convert};

const FORMS: [&str; 4] = ["enterprise_visit", "street_patrol", "shop_check", "banner"];

fn forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/forms")
}

fn converted(form: &str) -> xuncha_xlsform::Converted {
    let bytes = std::fs::read(forms().join(format!("{form}.xlsx"))).unwrap();
    convert(&bytes, &Limits::default()).unwrap_or_else(|notices| {
        let lines: Vec<String> = notices.iter().map(ToString::to_string).collect();
        panic!("{form}:\n{}", lines.join("\n"))
    })
}

#[test]
fn each_workbook_becomes_what_pyxform_makes_of_it() {
    for form in FORMS {
        let expected = std::fs::read_to_string(forms().join(format!("expected/{form}.xml"))).unwrap();
        assert_same(form, &converted(form).xml, &expected);
    }
}

/// A folder of tables as a workbook.
fn workbook(folder: &Path) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["survey", "choices", "external_choices", "settings"] {
        let Ok(table) = std::fs::read_to_string(folder.join(format!("{name}.tsv"))) else { continue };
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(table.lines()) {
            for (column, cell) in (0..).zip(line.split('\t')).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn workbooks_of_every_feature_become_what_pyxform_makes_of_them() {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let mut compared = 0;
    for entry in std::fs::read_dir(peers).unwrap() {
        let folder = entry.unwrap().path();
        let made = convert(&workbook(&folder), &Limits::default()).unwrap_or_else(|notices| {
            let lines: Vec<String> = notices.iter().map(ToString::to_string).collect();
            panic!("{}:\n{}", folder.display(), lines.join("\n"))
        });
        let expected = std::fs::read_to_string(folder.join("expected.xml")).unwrap();
        assert_same(&folder.display().to_string(), &made.xml, &expected);
        assert_eq!(made.itemsets, std::fs::read_to_string(folder.join("expected.csv")).ok(), "{folder:?}");
        compared += 1;
    }
    assert!(compared >= 6, "only {compared} workbooks were there");
}

/// The workbooks that other projects test with lie beside the repository, where they are there at all; what pyxform
/// makes of them lies in `tests/corpus.zip`.
#[test]
fn workbooks_of_other_projects_become_what_pyxform_makes_of_them() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../../../shared/corpus/preview-service/xlsforms");
    let archive = std::fs::File::open(here.join("tests/corpus.zip")).unwrap();
    let mut archive = zip::ZipArchive::new(archive).unwrap();
    for nth in 0..archive.len() {
        let mut entry = archive.by_index(nth).unwrap();
        let name = entry.name().unwrap().into_owned();
        let Ok(bytes) = std::fs::read(folder.join(name.replace(".xml", ".xlsx"))) else { continue };
        let mut expected = String::new();
        entry.read_to_string(&mut expected).unwrap();
        match convert(&bytes, &Limits::default()) {
            Ok(made) => assert_same(&name, &made.xml, &expected),
            Err(notices) => panic!("{name}: {}", notices[0]),
        }
    }
}

fn assert_same(form: &str, ours: &str, theirs: &str) {
    if let Some(difference) = canonical::difference(ours, theirs) {
        panic!("{form}: {difference}");
    }
}

#[test]
fn each_workbook_says_what_its_tables_say() {
    use calamine::{Reader, Xlsx};
    for form in FORMS {
        let mut book: Xlsx<_> = calamine::open_workbook(forms().join(format!("{form}.xlsx"))).unwrap();
        for sheet in ["survey", "choices", "settings"] {
            let table = std::fs::read_to_string(forms().join(form).join(format!("{sheet}.tsv"))).unwrap();
            let range = book.worksheet_range(sheet).unwrap();
            let written: Vec<String> = range
                .rows()
                .map(|row| {
                    row.iter().map(ToString::to_string).collect::<Vec<_>>().join("\t").trim_end().to_owned()
                })
                .collect();
            let tables: Vec<&str> = table.lines().map(str::trim_end).collect();
            assert_eq!(written, tables, "{form}/{sheet}: run the example make_workbooks");
        }
    }
}

#[test]
fn our_own_engine_takes_each_form() {
    struct None;
    impl xuncha_forms::ExternalInstances for None {
        fn bytes(&self, _src: &str) -> Option<std::borrow::Cow<'_, [u8]>> {
            Option::None
        }
    }
    for form in FORMS {
        let made = converted(form);
        let compiled =
            xuncha_forms::Form::compile(made.xml.as_bytes(), &None, &xuncha_forms::Limits::default());
        let compiled = compiled.unwrap_or_else(|e| panic!("{form}: {e}"));
        assert_eq!(compiled.id(), form);
        assert_eq!(compiled.languages().len(), 2, "{form}");
        assert!(compiled.root_attribute("urn:xuncha:form:1", "kind").is_some(), "{form}");
    }
}
