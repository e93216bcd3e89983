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

mod chains;
mod choices;
mod emit;
mod entities;
mod error;
mod expression;
mod field;
mod headers;
mod limits;
mod names;
mod notices;
mod origin;
mod osm;
mod portability;
mod references;
mod settings;
mod survey;
mod symbols;
mod translations;
mod tree;
mod types;
mod workbook;

use std::collections::HashSet;

pub use error::{Code, Notice, Severity};
pub use limits::Limits;
pub use origin::{Cell, cell_naming, cells_of};

use error::Place;

use choices::Choices;
use entities::Entities;
use headers::Table;
use notices::Notices;
use osm::Tags;
use settings::Settings;
use tree::Tree;
use workbook::{Sheet, Workbook};

/// The sheets that XLSForm knows.
pub(crate) const SHEETS: &[&str] = &["survey", "choices", "settings", "external_choices", "osm", "entities"];

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
    let limits = &Limits { xform: limits.xform_of(book.size), ..*limits };
    let mut notices = Notices::new(limits);
    match read(book, limits, &mut notices).and_then(|read| read.write(limits, &mut notices)) {
        Some(made) => Ok(Converted { warnings: notices.into_vec(), ..made }),
        None => Err(notices.into_vec()),
    }
}

/// A workbook that was read and found to be right.
struct Read {
    settings: Settings,
    choices: Choices,
    tags: Tags,
    tree: Tree,
    /// The heads of the survey sheet; its rows are in the tree.
    survey: Table,
    portability: Vec<Notice>,
    itemsets: Option<String>,
}

fn read(book: Workbook, limits: &Limits, notices: &mut Notices) -> Option<Read> {
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
        notices.push(misspelt(notice, "survey", &book));
        return None;
    };
    let mut settings = Settings::read(&book, notices);
    for optional in ["settings", "entities"] {
        if book.sheet(optional).is_none() {
            notices.extend(passed_over(optional, &book));
        }
    }
    let mut choices = Choices::read(&book, &settings, notices);
    let mut entities = Entities::read(&book, notices);
    let tags = Tags::read(&book, notices);
    let collapse = settings.flag("clean_text_values", true);
    let table = Table::read(sheet, &headers::SURVEY, &settings.default_language, collapse, notices);
    if !table.has("type") {
        let notice = Notice::error(
            Code::MissingColumn,
            Place::at(&table.name, Some(table.head), None),
            "没有“type”列。第1行要写列名：type、name、label……",
            "has no column 'type'. Row 1 holds the heads: type, name, label, …",
        );
        let heads = table.columns.iter().map(|(column, _)| column.header.as_str());
        notices.guess(notice, "type", heads, ("", ""));
        return None;
    }
    table.check_unknown(&headers::SURVEY, notices);
    choices.table.check_unknown(&headers::CHOICES, notices);
    for translated in [&table, &choices.table] {
        translated.check_parts(notices);
        translations::check(translated, &settings.default_language, notices);
    }
    let lists = external_lists(&book, limits);
    let sheets = survey::Sheets {
        choices: &mut choices,
        entities: &mut entities,
        settings: &mut settings,
        tags: &tags,
        external: lists.as_ref(),
        names: &book.names,
    };
    let built = survey::build(&table, sheets, limits, notices);
    if !built.whole {
        return None;
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
        translations::check_other(&[&table, &choices.table], notices);
    }
    check(&book, &table, &choices, &settings, &built, limits, notices);
    if notices.errors() > 0 {
        return None;
    }
    let mut itemsets = None;
    if built.external
        && let Some(sheet) = book.sheet("external_choices")
    {
        itemsets = itemsets_of(&sheet, limits.xform);
        if itemsets.is_none() {
            notices.push(survey::too_large(&table, None, limits));
            return None;
        }
    }
    let portability =
        portability::findings(&table, &settings.root, &settings.table, entities.table(), limits);
    Some(Read { settings, choices, tags, tree: built.tree, survey: table.heads(), portability, itemsets })
}

impl Read {
    fn write(self, limits: &Limits, notices: &mut Notices) -> Option<Converted> {
        let mut found = Notices::new(limits);
        let form = emit::Form::new(&self.settings, &self.tree, &self.choices, &self.tags);
        let xml = emit::form(&form, limits.xform, &mut found).filter(|_| !self.tree.is_full());
        // What is found while the form is written knows the row.
        let found = found.into_vec();
        let wrong = !found.is_empty();
        notices.extend(found.into_iter().map(|notice| match notice.code {
            Code::BadTrigger => self.survey.moved(notice, &["trigger"]),
            Code::InstanceClash => self.survey.moved(notice, &["type"]),
            _ => notice,
        }));
        if xml.is_none() {
            notices.push(survey::too_large(&self.survey, None, limits));
        }
        Some(Converted {
            xml: xml.filter(|_| !wrong)?,
            warnings: Vec::new(),
            portability: self.portability,
            form_id: self.settings.form_id().to_owned(),
            version: self.settings.text("version").unwrap_or_default().to_owned(),
            title: self.settings.title().to_owned(),
            itemsets: self.itemsets,
        })
    }
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
    notices: &mut Notices,
) {
    let not_text = |path: &[String]| {
        !path.first().is_some_and(|first| matches!(first.as_str(), "type" | "name" | "trigger"))
    };
    survey::check_references(survey, built, not_text, limits, notices);
    let shown = |path: &[String]| path.first().is_some_and(|first| first == "label" || first == "media");
    survey::check_references(&choices.table, built, shown, limits, notices);
    for (name, vocabulary) in [("settings", &headers::SETTINGS), ("entities", &headers::ENTITIES)] {
        if let Some(sheet) = book.sheet(name) {
            // What its heads say wrong was said before.
            let mut again = Notices::new(limits);
            let table = Table::read(sheet, vocabulary, &settings.default_language, false, &mut again);
            let wanted =
                |path: &[String]| !path.first().is_some_and(|first| first == "dataset" || first == "repeat");
            survey::check_references(&table, built, wanted, limits, notices);
        }
    }
}

/// The lists of the sheet external_choices.
fn external_lists(book: &Workbook, limits: &Limits) -> Option<HashSet<String>> {
    let sheet = book.sheet("external_choices").filter(|sheet| sheet.len() > 0)?;
    let table = Table::read(sheet, &headers::CHOICES, "default", false, &mut Notices::new(limits));
    let mut lists = HashSet::new();
    for row in table.rows() {
        if let Some(list) = row.fields.text("list name").filter(|list| !lists.contains(*list)) {
            lists.insert(list.to_owned());
        }
    }
    Some(lists)
}

/// The sheet external_choices as csv; none if it would be larger than that.
fn itemsets_of(sheet: &Sheet, most: usize) -> Option<String> {
    let mut csv = String::new();
    line(&mut csv, sheet.columns.iter().map(|column| column.header.as_str()));
    for row in sheet.rows() {
        let mut cells = row.cells().peekable();
        let of = |index: u32| {
            while cells.next_if(|(at, _)| *at < index).is_some() {}
            cells.next_if(|(at, _)| *at == index).map_or("", |(_, text)| text)
        };
        line(&mut csv, sheet.columns.iter().map(|column| column.index).map(of));
        if csv.len() > most {
            return None;
        }
    }
    Some(csv)
}

fn line<'a>(csv: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (nth, cell) in cells.enumerate() {
        csv.push_str(if nth > 0 { ",\"" } else { "\"" });
        csv.push_str(&cell.replace('"', "\"\""));
        csv.push('"');
    }
    csv.push_str("\r\n");
}
