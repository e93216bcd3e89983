//! XLSForm workbooks (.xlsx) into ODK XForms, errors by sheet, row and column.
//!
//! Pure: bytes in, values out. The form that comes out is the one that pyxform 4.5.0 makes of the same workbook;
//! what is not converted yet is an error that names it, never left out in silence.
//!
//! ```
//! # fn main() {
//! let none = xuncha_xlsform::convert(b"not a workbook", &xuncha_xlsform::Limits::default());
//! let notices = none.unwrap_err();
//! assert!(notices[0].to_string().contains("Excel"));
//! # }
//! ```

mod emit;
mod notice;
mod references;
mod survey;
mod types;
mod workbook;
mod xml;

pub use notice::{Notice, Severity};
pub use workbook::Limits;

use emit::{Head, Source, setting};
use notice::Place;
use workbook::Workbook;

/// A form made of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The XForm.
    pub xml: String,
    /// The form's id.
    pub form_id: String,
    /// Its version; empty if the settings name none.
    pub version: String,
    /// Its title.
    pub title: String,
    /// What is worth a look.
    pub warnings: Vec<Notice>,
}

/// Converts a workbook.
///
/// # Errors
/// All errors of the workbook at once, each with sheet, row and column, in Chinese and English.
pub fn convert(xlsx: &[u8], limits: &Limits) -> Result<Converted, Vec<Notice>> {
    let book = workbook::read(xlsx, limits).map_err(|notice| vec![notice])?;
    let mut notices = Vec::new();
    let tree = survey::tree(&book, &mut notices);
    let head = head(&book, &mut notices);
    if notices.iter().any(|n| n.severity == Severity::Error) {
        return Err(notices);
    }
    let source = Source { languages: languages(&book, &head), book: &book, tree: &tree };
    let xml = emit::form(&source, &head, &mut notices);
    if notices.iter().any(|n| n.severity == Severity::Error) {
        return Err(notices);
    }
    Ok(Converted { xml, form_id: head.id, version: head.version, title: head.title, warnings: notices })
}

fn head(book: &Workbook, notices: &mut Vec<Notice>) -> Head {
    let of = |name: &str| setting(book, name).unwrap_or_default().to_owned();
    let id = of("form_id");
    if id.is_empty() {
        let sheet = if book.settings.name.is_empty() { "settings" } else { &book.settings.name };
        notices.push(Notice::error(
            Place { sheet, row: 2, column: "form_id" },
            "settings里没有写form_id，手机按它认表单",
            "settings has no form_id, by which phones know the form",
        ));
    }
    let title = if of("form_title").is_empty() { id.clone() } else { of("form_title") };
    Head { id, title, version: of("version"), default_language: of("default_language") }
}

/// All languages of survey and choices: the default one first, then in the order of their columns.
fn languages(book: &Workbook, head: &Head) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    let all = book.survey.headers.iter().chain(&book.choices.headers).filter_map(|h| h.language.clone());
    let default = Some(head.default_language.clone()).filter(|language| !language.is_empty());
    let written: Vec<String> = all.collect();
    let first = default.filter(|_| !written.is_empty());
    for language in first.into_iter().chain(written) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}
