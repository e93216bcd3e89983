//! The settings sheet.

use std::rc::Rc;

use crate::error::{Code, Notice};
use crate::field::{Field, Fields};
use crate::headers::{SETTINGS, Table};
use crate::names::is_xml_name;
use crate::notices::Notices;
use crate::workbook::{Sheet, Workbook};

/// What the form says about itself.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The primary instance's element.
    pub(crate) root: String,
    pub(crate) default_language: String,
    /// All else, as written.
    pub(crate) fields: Fields,
    /// The sheet; empty if there is none.
    pub(crate) table: Table,
    /// The title where none is written: the id.
    default_title: String,
}

/// Words for yes and no.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()" => Some(false),
        _ => None,
    }
}

impl Settings {
    pub(crate) fn read(book: &Workbook, notices: &mut Notices) -> Self {
        let table = book.sheet("settings").map(|sheet| read(sheet, notices)).unwrap_or_default();
        table.check_unknown(&SETTINGS, notices);
        let fields = table.row(0).map(|row| row.fields).unwrap_or_default();
        let text = |name: &str| fields.text(name).map(str::to_owned);
        let root = text("name").unwrap_or_else(|| "data".to_owned());
        if !is_xml_name(&root) {
            notices.push(Notice::error(
                Code::BadName,
                table.place(2, &["name"]),
                format!("“{root}”不能作根元素的名字。以字母或下划线开头，后面用字母、数字、下划线、连字符或点。"),
                format!("'{root}' cannot be the root's name. Begin with a letter or underscore and go on with letters, digits, underscores, hyphens or dots."),
            ));
        }
        let mut settings = Self {
            table: Table::default(),
            root,
            default_title: text("id_string").unwrap_or_else(|| "data".to_owned()),
            default_language: text("default_language").unwrap_or_else(|| "default".to_owned()),
            fields,
        };
        if settings.fields.get("flat").is_some() {
            notices.push(Notice::error(
                Code::Unsupported,
                table.place(2, &["flat"]),
                "设置“flat”已不在规范里，这里不支持。删掉这一列。",
                "the setting 'flat' is no longer part of XLSForm and not supported. Delete this column.",
            ));
        }
        if settings.flag("omit_instanceID", false) && settings.text("public_key").is_some() {
            notices.push(Notice::error(
                Code::BadSetting,
                table.place(2, &["omit_instanceID"]),
                "加密（public_key）要用instanceID，不能省去。删掉omit_instanceID。",
                "encryption (public_key) needs the instanceID, so it cannot be omitted. Delete omit_instanceID.",
            ));
        }
        settings.table = table;
        settings
    }

    /// The form's id; `data` if none is written.
    pub(crate) fn form_id(&self) -> &str {
        self.text("id_string").unwrap_or("data")
    }

    pub(crate) fn title(&self) -> &str {
        self.text("title").unwrap_or(&self.default_title)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.fields.text(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.fields.set(name, Field::Text(value));
    }

    /// A setting that says yes or no.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.text(name).and_then(truth).unwrap_or(default)
    }
}

/// The sheet; where both `form_id` and `id_string` stand, the first counts.
fn read(sheet: Rc<Sheet>, notices: &mut Notices) -> Table {
    let both = sheet.columns.iter().any(|c| c.header == "form_id");
    let Some(old) = sheet.columns.iter().find(|c| both && c.header == "id_string").cloned() else {
        return Table::read(sheet, &SETTINGS, "default", false, notices);
    };
    let table = Table::read(Rc::new(sheet.without(old.index)), &SETTINGS, "default", false, notices);
    notices.push(Notice::warning(
        Code::DuplicateColumn,
        table.head_of(&old),
        "form_id和id_string都写了，这里用form_id。删掉id_string。",
        "form_id and id_string are both there; form_id counts. Delete id_string.",
    ));
    table
}
