//! XLSForm workbooks (.xlsx, .xls, or as CSV or Markdown) into ODK XForms. Pure: bytes in, values out; no file, clock or
//! network.
//!
//! - [`convert`] reads a workbook and makes [`Converted`]: the XForm, its id, version and title, what deserves a look, and
//!   what other apps would read in another way. The XForm equals the one that pyxform 4.5.0 makes of the same workbook
//!   (attribute order and blanks around text aside).
//! - What is wrong comes as [`Notice`]s, all of them at once: sheet, row, column, what happened and what to do in Chinese
//!   and English, and what was probably meant. A [`Code`] says the kind of error to a program.
//! - [`Limits`] bound what a workbook may ask for, before it is unpacked and while it is read.
//! - [`cells_of`] leads from a question of the form back to the cells that it was written in, [`cell_naming`] from a file
//!   beside the form to the cell that names it.
//!
//! ```
//! use xuncha_xlsform::{Code, Limits, convert};
//!
//! let workbook = "
//! | survey  |                   |        |          |               |
//! |         | type              | name   | label    | relevant      |
//! |         | integer           | people | How many |               |
//! |         | select_one yes_no | late   | Too many | ${people} > 9 |
//! | choices |                   |        |          |               |
//! |         | list_name         | name   | label    |               |
//! |         | yes_no            | yes    | Yes      |               |
//! |         | yes_no            | no     | No       |               |
//! | settings |                  |        |          |               |
//! |         | form_id           |        |          |               |
//! |         | visit             |        |          |               |
//! ";
//! let form = convert(workbook.as_bytes(), &Limits::default()).map_err(|notices| format!("{notices:?}"))?;
//! assert_eq!(form.form_id, "visit");
//! assert!(form.xml.contains(r#"relevant=" /data/people  &gt; 9""#));
//!
//! let mistyped = workbook.replace("integer", "interger");
//! let notices = convert(mistyped.as_bytes(), &Limits::default()).err().ok_or("made a form")?;
//! let first = notices.first().ok_or("no notice")?;
//! assert_eq!((first.sheet.as_str(), first.row, first.letters.as_str()), ("survey", 4, "B"));
//! assert_eq!((first.code, first.suggestion.as_deref()), (Code::UnknownType, Some("integer")));
//! assert_eq!(
//!     first.sentence_en(),
//!     "Sheet 'survey', row 4, column B (type): there is no question type 'interger'. Did you mean 'integer'?"
//! );
//! # Ok::<(), String>(())
//! ```

mod choices;
mod emit;
mod entities;
mod error;
mod expression;
mod field;
mod headers;
mod names;
mod origin;
mod osm;
mod portability;
mod references;
mod settings;
mod survey;
mod translations;
mod tree;
mod types;
mod workbook;

pub use error::{Code, Notice, Severity};
pub use origin::{Cell, cell_naming, cells_of};

use error::Place;

use choices::Choices;
use entities::Entities;
use headers::Table;
use osm::Tags;
use settings::Settings;
use workbook::Workbook;

/// The sheets that XLSForm knows.
pub(crate) const SHEETS: &[&str] = &["survey", "choices", "settings", "external_choices", "osm", "entities"];

/// How much a workbook may be. What passes a limit is refused with a notice that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all its parts, unpacked.
    pub unpacked: usize,
    /// How many times larger than packed a part above 1 MiB may unpack.
    pub ratio: usize,
    /// Files within the .xlsx.
    pub entries: usize,
    /// Cells with something in them, in one sheet.
    pub cells: usize,
    /// How many times larger than the unpacked file the text of its cells may be, above 4 MiB: cells share texts.
    pub expansion: usize,
    /// Groups and repeats within each other.
    pub depth: usize,
    /// Questions, groups and repeats, with all that loops make.
    pub elements: usize,
    /// Bytes of the XForm.
    pub xform: usize,
    /// Errors that are told, after which no more are looked for.
    pub errors: usize,
}

impl Default for Limits {
    /// 32 MiB, 256 MiB unpacked, 100 times, 1,000 files, 4 million cells, 8 times, 60 deep, 50,000
    /// elements, an XForm of 32 MiB, 200 errors.
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            unpacked: 256 << 20,
            ratio: 100,
            entries: 1000,
            cells: 4_000_000,
            expansion: 8,
            depth: 60,
            elements: 50_000,
            xform: 32 << 20,
            errors: 200,
        }
    }
}

/// A converted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The ODK XForm.
    pub xml: String,
    /// What deserves a look.
    pub warnings: Vec<Notice>,
    /// What Collect, Web Forms, Enketo or KoboToolbox would read in another way, or not at all.
    pub portability: Vec<Notice>,
    /// The form's id.
    pub form_id: String,
    /// Its version; empty if the workbook names none.
    pub version: String,
    /// Its title.
    pub title: String,
    /// `itemsets.csv`, if a question chooses from the sheet external_choices.
    pub itemsets: Option<String>,
}

/// Converts a workbook. What its bytes are is told by how they begin: .xlsx, .xls, or text as CSV or Markdown.
///
/// # Errors
/// All errors found (up to [`Limits::errors`]), and the warnings met on the way, in the order they were met.
pub fn convert(workbook: &[u8], limits: &Limits) -> Result<Converted, Vec<Notice>> {
    let book = Workbook::read(workbook, limits)?;
    let mut notices = Vec::new();
    let Some(sheet) = book.sheet("survey") else {
        let notice = Notice::error(
            Code::MissingSheet,
            Place::workbook(),
            format!("没有“survey”表，题目都写在这张表里。现有的表：{}。", listed(&book.names, "、")),
            format!(
                "there is no sheet 'survey', in which all questions stand. The sheets are: {}.",
                listed(&book.names, ", ")
            ),
        );
        return Err(vec![misspelt(notice, "survey", &book)]);
    };
    let mut settings = Settings::read(&book, &mut notices);
    for optional in ["settings", "entities"] {
        if book.sheet(optional).is_none() {
            notices.extend(passed_over(optional, &book));
        }
    }
    let mut choices = Choices::read(&book, &settings, limits, &mut notices);
    let mut entities = Entities::read(&book, &mut notices);
    let tags = Tags::read(&book, &mut notices);
    let collapse = settings.flag("clean_text_values", true);
    let table = Table::read(sheet, &headers::SURVEY, &settings.default_language, collapse, &mut notices);
    if !table.has("type") {
        let notice = Notice::error(
            Code::MissingColumn,
            Place::at(&sheet.name, Some(sheet.head), None),
            "没有“type”列。第1行要写列名：type、name、label……",
            "has no column 'type'. Row 1 holds the heads: type, name, label, …",
        );
        notices.push(notice.near("type", sheet.columns.iter().map(|column| column.header.as_str())));
        return Err(notices);
    }
    table.check_unknown(&headers::SURVEY, &mut notices);
    choices.table.check_unknown(&headers::CHOICES, &mut notices);
    for translated in [&table, &choices.table] {
        translated.check_parts(&mut notices);
        translations::check(translated, &settings.default_language, &mut notices);
    }
    let lists = external_lists(&book);
    let sheets = survey::Sheets {
        choices: &mut choices,
        entities: &mut entities,
        settings: &mut settings,
        tags: &tags,
        external: lists.as_deref(),
        names: &book.names,
    };
    let built = survey::build(&table, sheets, limits, &mut notices);
    if !built.whole {
        return Err(notices);
    }
    if settings.text("id_string").is_none() {
        // pyxform calls such a form `data`; here it would replace every other form without an id.
        notices.push(Notice::error(
            Code::BadSetting,
            Place::at("settings", Some(2), None),
            "没有写form_id，手机和平台按它认表单。在settings表加一列form_id。",
            "has no form_id, by which phones and hub know the form. Add a column form_id to the sheet settings.",
        ));
    }
    if built.or_other {
        translations::check_other(&[&table, &choices.table], &mut notices);
    }
    check(&book, &table, &choices, &settings, &built, limits, &mut notices);
    if notices.iter().any(|notice| notice.severity == Severity::Error) {
        return Err(notices);
    }
    let form = emit::Form::new(&settings, &built.tree, &choices);
    let xml = emit::form(&form).and_then(|xml| {
        let fits = xml.len() <= limits.xform && !built.tree.is_full();
        if fits { Ok(xml) } else { Err(vec![survey::too_large(&table, None, limits)]) }
    });
    let xml = match xml {
        Ok(xml) => xml,
        Err(errors) => {
            // What is found while the form is written knows the row.
            notices.extend(errors.into_iter().map(|notice| match notice.code {
                Code::BadTrigger => table.moved(notice, &["trigger"]),
                Code::InstanceClash => table.moved(notice, &["type"]),
                _ => notice,
            }));
            return Err(notices);
        }
    };
    let external = built.tree.walk().into_iter().any(|id| built.tree.at(id).word == "select one external");
    Ok(Converted {
        xml,
        warnings: notices,
        portability: portability::findings(&table, &settings.root, &settings.table, entities.table()),
        form_id: settings.form_id().to_owned(),
        version: settings.text("version").unwrap_or_default().to_owned(),
        title: settings.title().to_owned(),
        itemsets: if external { itemsets(&book) } else { None },
    })
}

/// Some names in a row, of which there may be very many.
fn listed(names: &[String], between: &str) -> String {
    const MOST: usize = 8;
    let first: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    let more = if names.len() > MOST { "…" } else { "" };
    format!("{}{more}", first.join(between))
}

/// A sheet that is nearly called as one that is not there.
fn passed_over(wanted: &str, book: &Workbook) -> Option<Notice> {
    let near = |name: &&String| !name.starts_with('_') && !SHEETS.contains(&name.to_lowercase().as_str());
    let others = book.names.iter().filter(near).map(String::as_str);
    let notice = Notice::warning(Code::PassedOverSheet, Place::workbook(), String::new(), String::new());
    let found = notice.near(wanted, others).suggestion?;
    let notice = Notice::warning(
        Code::PassedOverSheet,
        Place::sheet(&found),
        "这张表没有用上。表名写错的话改正；另有用处的话在表名前加下划线。",
        "the sheet was passed over. If its name is misspelt, put it right; if it is for something else, put an underscore before it.",
    );
    Some(notice.near(&found, [wanted]))
}

/// Adds the sheet that was probably meant.
fn misspelt(notice: Notice, wanted: &str, book: &Workbook) -> Notice {
    notice.near(wanted, book.names.iter().map(String::as_str).filter(|n| !n.starts_with('_')))
}

/// Do the references of all sheets name one question each?
fn check(
    book: &Workbook,
    survey: &Table,
    choices: &Choices,
    settings: &Settings,
    built: &survey::Built,
    limits: &Limits,
    notices: &mut Vec<Notice>,
) {
    let not_text = |path: &[String]| {
        !path.first().is_some_and(|first| matches!(first.as_str(), "type" | "name" | "trigger"))
    };
    if let Some(sheet) = book.sheet("survey") {
        survey::check_references(sheet, survey, built, not_text, limits, notices);
    }
    if let Some(sheet) = book.sheet("choices") {
        let shown = |path: &[String]| path.first().is_some_and(|first| first == "label" || first == "media");
        survey::check_references(sheet, &choices.table, built, shown, limits, notices);
    }
    for (name, vocabulary) in [("settings", &headers::SETTINGS), ("entities", &headers::ENTITIES)] {
        if let Some(sheet) = book.sheet(name) {
            let table = Table::read(sheet, vocabulary, &settings.default_language, false, &mut Vec::new());
            let wanted =
                |path: &[String]| !path.first().is_some_and(|first| first == "dataset" || first == "repeat");
            survey::check_references(sheet, &table, built, wanted, limits, notices);
        }
    }
}

/// The lists of the sheet external_choices.
fn external_lists(book: &Workbook) -> Option<Vec<String>> {
    let sheet = book.sheet("external_choices").filter(|sheet| !sheet.rows.is_empty())?;
    let table = Table::read(sheet, &headers::CHOICES, "default", false, &mut Vec::new());
    Some(table.rows.iter().filter_map(|row| row.fields.text("list name").map(str::to_owned)).collect())
}

/// The sheet external_choices as csv.
fn itemsets(book: &Workbook) -> Option<String> {
    let sheet = book.sheet("external_choices")?;
    let line = |cells: Vec<&str>| {
        let quoted: Vec<String> =
            cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        format!("{}\r\n", quoted.join(","))
    };
    let mut csv = line(sheet.columns.iter().map(|column| column.header.as_str()).collect());
    for row in &sheet.rows {
        let cell = |index: u32| {
            let found = row.cells.binary_search_by_key(&index, |(at, _)| *at).ok();
            found.and_then(|nth| row.cells.get(nth)).map_or("", |(_, text)| text.as_str())
        };
        csv.push_str(&line(sheet.columns.iter().map(|column| cell(column.index)).collect()));
    }
    Some(csv)
}
