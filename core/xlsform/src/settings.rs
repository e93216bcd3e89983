//! The settings sheet.

use crate::error::{Code, Notice};
use crate::field::Fields;
use crate::headers::{SETTINGS, Table};
use crate::names::is_xml_name;
use crate::workbook::Workbook;

/// What the form says about itself.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The primary instance's element.
    pub(crate) root: String,
    pub(crate) form_id: String,
    pub(crate) title: String,
    pub(crate) default_language: String,
    /// All else, as written.
    pub(crate) fields: Fields,
}

impl Settings {
    pub(crate) fn read(book: &Workbook, notices: &mut Vec<Notice>) -> Self {
        let table = book
            .sheet("settings")
            .map(|sheet| Table::read(sheet, &SETTINGS, "default", false, notices))
            .unwrap_or_default();
        let fields = table.rows.first().map(|row| row.fields.clone()).unwrap_or_default();
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
        let form_id = text("id_string").unwrap_or_else(|| "data".to_owned());
        let settings = Self {
            root,
            title: text("title").unwrap_or_else(|| form_id.clone()),
            form_id,
            default_language: text("default_language").unwrap_or_else(|| "default".to_owned()),
            fields,
        };
        for unsupported in ["flat", "sms_keyword", "prefix", "delimiter", "add_none_option"] {
            if settings.fields.get(unsupported).is_some() {
                notices.push(Notice::error(
                    Code::Unsupported,
                    table.place(2, &[unsupported]),
                    format!("设置“{unsupported}”还不支持。删掉这一列。"),
                    format!("the setting '{unsupported}' is not supported yet. Delete this column."),
                ));
            }
        }
        settings
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.fields.text(name)
    }

    /// A setting that says yes or no.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        match self.text(name) {
            Some("yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()") => true,
            Some("no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()") => false,
            _ => default,
        }
    }
}
