//! The choices sheet: lists of choices with labels, media and columns of the author's own.

use std::collections::HashSet;

use crate::chains::Chains;
use crate::error::{Code, Notice};
use crate::expression::references;
use crate::field::{Field, Fields};
use crate::headers::{CHOICES, Table, TableRow};
use crate::notices::Notices;
use crate::settings::Settings;
use crate::symbols::{Symbol, Symbols};
use crate::workbook::Workbook;

/// One choice.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) label: Option<Field>,
    pub(crate) media: Fields,
    /// Columns of the author's own, in their order.
    pub(crate) extra: Vec<(String, String)>,
}

/// A list of choices. Its choices stand in the sheet, from where they are read again as they are needed.
#[derive(Debug, Clone, Default)]
struct ChoiceList {
    /// The row and one of the first choice whose name has a blank.
    spaced: u32,
    /// Do questions search a file in place of it?
    searched: bool,
    /// Do its labels stand in the translations?
    translated: bool,
    /// Is there a choice `other`?
    other: bool,
    /// Does the converter add it? In the languages of the others?
    added: bool,
    in_languages: bool,
    /// Is there a choice `none` as the setting add_none_option would have added it?
    none: bool,
}

/// Where a choice stands: its row, or none for the one that the converter adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChoicePlace(Option<usize>);

/// A list, for reading.
#[derive(Clone, Copy)]
pub(crate) struct List<'a> {
    choices: &'a Choices,
    pub(crate) symbol: Symbol,
    list: &'a ChoiceList,
}

impl<'a> List<'a> {
    pub(crate) fn name(self) -> &'a str {
        self.choices.name(self.symbol)
    }

    /// Its choices, in the order of the sheet.
    pub(crate) fn choices(self) -> impl Iterator<Item = Choice> + 'a {
        self.places().filter_map(move |place| self.choice(place))
    }

    /// Where its choices stand, in the order of the sheet.
    pub(crate) fn places(self) -> impl Iterator<Item = ChoicePlace> + 'a {
        let rows = self.choices.rows.rows(self.symbol).map(|row| ChoicePlace(Some(row)));
        rows.chain(self.list.added.then_some(ChoicePlace(None)))
    }

    pub(crate) fn choice(self, place: ChoicePlace) -> Option<Choice> {
        if let Some(nth) = place.0 {
            return self.choices.choice(self.choices.table.row(nth)?);
        }
        let label = match self.list.in_languages {
            true => Field::Map(self.in_all_languages("Other")),
            false => Field::Text("Other".to_owned()),
        };
        let name = "other".to_owned();
        Some(Choice { name, label: Some(label), media: Fields::default(), extra: Vec::new() })
    }

    /// A text in every language that one of its choices in the sheet has.
    fn in_all_languages(self, text: &str) -> Fields {
        let (mut languages, mut known) = (Fields::default(), Symbols::default());
        for row in self.choices.rows.rows(self.symbol).filter_map(|row| self.choices.table.row(row)) {
            for (language, _) in
                row.fields.get("label").and_then(Field::map).into_iter().flat_map(Fields::iter)
            {
                if known.find(language).is_none() {
                    known.add(language);
                    languages.0.push((language.into(), Field::Text(text.to_owned())));
                }
            }
        }
        languages
    }

    /// The first choice whose name has a blank: its row in the sheet, and its name.
    pub(crate) fn spaced(self) -> Option<(u32, String)> {
        let row = self.choices.table.row(usize::try_from(self.list.spaced.checked_sub(1)?).ok()?)?;
        let number = row.number;
        Some((number, self.choices.choice(row)?.name))
    }

    /// Do its labels stand in the translations?
    pub(crate) fn needs_itext(self) -> bool {
        self.list.translated || self.list.in_languages
    }

    /// Do questions search a file in place of it?
    pub(crate) fn is_searched(self) -> bool {
        self.list.searched
    }

    /// Is there a choice `none` as the setting add_none_option would have added it?
    pub(crate) fn has_none(self) -> bool {
        self.list.none
    }
}

/// All lists, in the order of the sheet.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    pub(crate) table: Table,
    /// The rows of each list.
    rows: Chains,
    lists: Vec<ChoiceList>,
    /// Columns whose heads nothing can be called.
    unusable: HashSet<String>,
}

impl Choices {
    pub(crate) fn list(&self, name: &str) -> Option<List<'_>> {
        let symbol = self.rows.names().find(name)?;
        Some(List { choices: self, symbol, list: self.lists.get(symbol.index())? })
    }

    pub(crate) fn lists(&self) -> impl Iterator<Item = List<'_>> {
        self.rows.names().iter().zip(&self.lists).map(|((symbol, _), list)| List {
            choices: self,
            symbol,
            list,
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The name of a list.
    pub(crate) fn name(&self, list: Symbol) -> &str {
        self.rows.names().get(list)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.names().iter().map(|(_, name)| name)
    }

    fn list_mut(&mut self, name: &str) -> Option<&mut ChoiceList> {
        self.lists.get_mut(self.rows.names().find(name)?.index())
    }

    pub(crate) fn read(book: &Workbook, settings: &Settings, notices: &mut Notices) -> Self {
        let Some(sheet) = book.sheet("choices") else { return Self::default() };
        let table = Table::read(sheet, &CHOICES, &settings.default_language, false, notices);
        let unusable: HashSet<String> = table
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
        if table.len() > 0 && !table.has("name") {
            notices.push(Notice::error(
                Code::MissingColumn,
                table.place(1, &["name"]),
                "没有“name”列。选项要有list_name、name、label三列。",
                "has no 'name' column. Choices need the columns list_name, name and label.",
            ));
            return Self { table, ..Self::default() };
        }
        let rows = Chains::new(table.len());
        let mut choices = Self { table, rows, unusable, ..Self::default() };
        let mut seen = (!settings.flag("allow_choice_duplicates", false)).then(Seen::default);
        for nth in 0..choices.table.len() {
            choices.row(nth, &mut seen, notices);
        }
        choices
    }

    fn row(&mut self, nth: usize, seen: &mut Option<Seen>, notices: &mut Notices) {
        let Some(row) = self.table.row(nth) else { return };
        let Some(list) = row.fields.text("list name") else { return };
        let Some(name) = row.fields.text("name") else {
            notices.push(Notice::error(
                Code::BadChoice,
                self.table.place(row.number, &["name"]),
                "选项没有name。填上一个不重复的代码。",
                "the choice has no name. Write a code that no other choice of the list has.",
            ));
            return;
        };
        let symbol = self.rows.add(list, nth);
        if seen.as_mut().is_some_and(|seen| !seen.all.insert((symbol, seen.names.add(name)))) {
            notices.push(Notice::error(
                Code::BadChoice,
                self.table.place(row.number, &["name"]),
                format!(
                    "选项“{name}”在列表“{list}”里重复。改成不同的代码，或在settings里写allow_choice_duplicates为yes。"
                ),
                format!(
                    "the choice '{name}' stands twice in the list '{list}'. Give it another code, or set allow_choice_duplicates to yes."
                ),
            ));
        }
        let label = row.fields.get("label");
        if label.is_none() {
            notices.push(Notice::warning(
                Code::BadChoice,
                self.table.place(row.number, &["label"]),
                format!("选项“{name}”没有label。"),
                format!("the choice '{name}' has no label."),
            ));
        }
        let translated = row.fields.get("media").and_then(Field::map).is_some_and(|media| !media.is_empty())
            || match label {
                Some(Field::Map(_)) => true,
                Some(Field::Text(text)) => references(text).next().is_some(),
                None => false,
            };
        let (spaced, other) = (name.contains(' '), name == "other");
        let none = name == "none" && label.and_then(Field::text) == Some("None");
        let none = none && self.choice(row).is_some_and(|choice| choice.extra.is_empty());
        let place = u32::try_from(nth + 1).unwrap_or(u32::MAX);
        if self.lists.len() <= symbol.index() {
            self.lists.push(ChoiceList::default());
        }
        let Some(list) = self.lists.get_mut(symbol.index()) else { return };
        if list.spaced == 0 && spaced {
            list.spaced = place;
        }
        list.other |= other;
        list.none |= none;
        list.translated |= translated;
    }

    /// The choice of a row.
    fn choice(&self, row: TableRow) -> Option<Choice> {
        let mut fields = row.fields;
        fields.remove("list name");
        let Some(Field::Text(name)) = fields.remove("name") else { return None };
        let label = fields.remove("label");
        let media = match fields.remove("media") {
            Some(Field::Map(map)) => map,
            _ => Fields::default(),
        };
        let extra = fields
            .0
            .into_iter()
            .filter(|(key, _)| !self.unusable.contains(&**key))
            .filter_map(|(key, field)| Some(((*key).to_owned(), field.text()?.to_owned())))
            .collect();
        Some(Choice { name, label, media, extra })
    }

    /// Notes that questions search a file in place of a list.
    pub(crate) fn search(&mut self, list: &str) {
        if let Some(list) = self.list_mut(list) {
            list.searched = true;
        }
    }

    /// Adds the choice `other` to a list that has none.
    pub(crate) fn add_other(&mut self, list: &str) {
        let Some(of) = self.list(list).filter(|of| !of.list.other) else { return };
        let in_languages = !of.in_all_languages("").is_empty();
        if let Some(list) = self.list_mut(list) {
            (list.other, list.added, list.in_languages) = (true, true, in_languages);
        }
    }
}

/// Which choices were met, by list and name.
#[derive(Default)]
struct Seen {
    names: Symbols,
    all: HashSet<(Symbol, Symbol)>,
}
