//! The choices sheet: lists of choices with labels, media and columns of the author's own.

use std::collections::{HashMap, HashSet};

use crate::Limits;
use crate::error::{Code, Notice};
use crate::expression::references;
use crate::field::{Field, Fields};
use crate::headers::{CHOICES, Table};
use crate::settings::Settings;
use crate::workbook::Workbook;

/// One choice.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) label: Option<Field>,
    pub(crate) media: Fields,
    /// Columns of the author's own, in their order.
    pub(crate) extra: Vec<(String, String)>,
    /// The row of the choices sheet; 0 for what the converter adds.
    pub(crate) row: u32,
}

/// A list of choices.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChoiceList {
    pub(crate) name: String,
    pub(crate) choices: Vec<Choice>,
    /// Do questions search a file in place of it?
    pub(crate) searched: bool,
    /// The first choice whose name has a blank.
    spaced: Option<usize>,
    /// Is there a choice `other`?
    other: bool,
}

impl ChoiceList {
    /// The first choice whose name has a blank.
    pub(crate) fn spaced(&self) -> Option<&Choice> {
        self.choices.get(self.spaced?)
    }

    /// Do its labels stand in the translations?
    pub(crate) fn needs_itext(&self) -> bool {
        self.choices.iter().any(|choice| {
            !choice.media.is_empty()
                || match &choice.label {
                    Some(Field::Map(_)) => true,
                    Some(Field::Text(text)) => !references(text).is_empty(),
                    None => false,
                }
        })
    }
}

/// All lists, in the order of the sheet.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    pub(crate) table: Table,
    pub(crate) lists: Vec<ChoiceList>,
    /// Where each list stands.
    index: HashMap<String, usize>,
}

impl Choices {
    pub(crate) fn list(&self, name: &str) -> Option<&ChoiceList> {
        self.lists.get(*self.index.get(name)?)
    }

    fn list_mut(&mut self, name: &str) -> Option<&mut ChoiceList> {
        self.lists.get_mut(*self.index.get(name)?)
    }

    pub(crate) fn read(
        book: &Workbook,
        settings: &Settings,
        limits: &Limits,
        notices: &mut Vec<Notice>,
    ) -> Self {
        let Some(sheet) = book.sheet("choices") else { return Self::default() };
        let table = Table::read(sheet, &CHOICES, &settings.default_language, false, notices);
        let unusable: Vec<String> = table
            .columns
            .iter()
            .filter_map(|(column, path)| {
                let first = path.first()?;
                if first == "list name" || !(first.is_empty() || first.contains(' ')) {
                    return None;
                }
                notices.push(Notice::warning(
                    Code::BadColumn,
                    table.place(1, &[first]),
                    format!("列名“{}”里有空格，这一列没有用。", column.header),
                    format!("the head '{}' has a space in it; the column was passed over.", column.header),
                ));
                Some(first.clone())
            })
            .collect();
        if !table.rows.is_empty() && !table.has("name") {
            notices.push(Notice::error(
                Code::MissingColumn,
                table.place(1, &["name"]),
                "没有“name”列。选项要有list_name、name、label三列。",
                "has no 'name' column. Choices need the columns list_name, name and label.",
            ));
            return Self { table, ..Self::default() };
        }
        let allow_twice = settings.flag("allow_choice_duplicates", false);
        let mut lists: Vec<ChoiceList> = Vec::new();
        let mut index = HashMap::new();
        let most = notices.len().saturating_add(limits.errors);
        let mut tell = |notice: Notice| {
            if notices.len() < most {
                notices.push(notice);
            }
        };
        let mut seen: HashSet<(String, String)> = HashSet::new();
        for row in &table.rows {
            let mut fields = row.fields.clone();
            let Some(Field::Text(list)) = fields.remove("list name") else { continue };
            let Some(Field::Text(name)) = fields.remove("name") else {
                tell(Notice::error(
                    Code::BadChoice,
                    table.place(row.number, &["name"]),
                    "选项没有name。填上一个不重复的代码。",
                    "the choice has no name. Write a code that no other choice of the list has.",
                ));
                continue;
            };
            if !allow_twice && !seen.insert((list.clone(), name.clone())) {
                tell(Notice::error(
                    Code::BadChoice,
                    table.place(row.number, &["name"]),
                    format!(
                        "选项“{name}”在列表“{list}”里重复。改成不同的代码，或在settings里写allow_choice_duplicates为yes。"
                    ),
                    format!(
                        "the choice '{name}' stands twice in the list '{list}'. Give it another code, or set allow_choice_duplicates to yes."
                    ),
                ));
            }
            let label = fields.remove("label");
            if label.is_none() {
                tell(Notice::warning(
                    Code::BadChoice,
                    table.place(row.number, &["label"]),
                    format!("选项“{name}”没有label。"),
                    format!("the choice '{name}' has no label."),
                ));
            }
            let media = match fields.remove("media") {
                Some(Field::Map(map)) => map,
                _ => Fields::default(),
            };
            let extra = fields
                .0
                .into_iter()
                .filter(|(key, _)| !unusable.contains(key))
                .filter_map(|(key, field)| Some((key, field.text()?.to_owned())))
                .collect();
            let at = *index.entry(list.clone()).or_insert_with(|| {
                lists.push(ChoiceList { name: list.clone(), ..ChoiceList::default() });
                lists.len() - 1
            });
            if let Some(list) = lists.get_mut(at) {
                if list.spaced.is_none() && name.contains(' ') {
                    list.spaced = Some(list.choices.len());
                }
                list.other |= name == "other";
                list.choices.push(Choice { name, label, media, extra, row: row.number });
            }
        }
        Self { table, lists, index }
    }

    /// Notes that questions search a file in place of a list.
    pub(crate) fn search(&mut self, list: &str) {
        if let Some(list) = self.list_mut(list) {
            list.searched = true;
        }
    }

    /// Adds the choice `other` to a list that has none.
    pub(crate) fn add_other(&mut self, list: &str) {
        let Some(list) = self.list_mut(list) else { return };
        if std::mem::replace(&mut list.other, true) {
            return;
        }
        let mut languages = Fields::default();
        for choice in &list.choices {
            for (language, _) in choice.label.as_ref().and_then(Field::map).into_iter().flat_map(Fields::iter)
            {
                languages.set_text(language, "Other");
            }
        }
        let label =
            if languages.is_empty() { Field::Text("Other".to_owned()) } else { Field::Map(languages) };
        let other = Choice {
            name: "other".to_owned(),
            label: Some(label),
            media: Fields::default(),
            extra: Vec::new(),
            row: 0,
        };
        list.choices.push(other);
    }
}
