//! Choosing from a list: inline, from a file, from a repeat, from external choices.

use super::{Builder, TableList};
use crate::error::{Code, Notice, Place};
use crate::expression::{is_reference, references};
use crate::field::Field;
use crate::headers::TableRow;
use crate::names::is_xml_name;
use crate::tree::{Element, Kind, type_bind};
use crate::types::{QuestionType, RANK, SELECT_MULTIPLE, SELECT_ONE, Select, SelectType, TEXT};

/// What to do about a list that is not there.
const NO_LIST: (&str, &str) =
    ("在那里加上它的选项，或改成已有的列表。", "Add its choices there, or write a list that is there.");

/// The extension of a file that choices may come from.
pub(crate) fn file_extension(list: &str) -> Option<&str> {
    let (_, extension) = list.rsplit_once('.')?;
    matches!(extension, "csv" | "xml" | "geojson").then_some(extension)
}

/// A file's name without its extension.
pub(crate) fn file_stem(list: &str) -> &str {
    list.rsplit_once('.').map_or(list, |(stem, _)| stem)
}

/// Does the appearance search a file?
fn searches(element: &Element) -> bool {
    let appearance = element.control.text("appearance").unwrap_or_default();
    appearance.split_once("search(").is_some_and(|(_, rest)| rest.contains(')'))
}

impl Builder<'_> {
    pub(super) fn select(&mut self, row: &TableRow, select: SelectType<'_>) {
        let kind = match select.select {
            Select::One => SELECT_ONE,
            Select::Multiple => SELECT_MULTIPLE,
            Select::OneExternal => TEXT,
            Select::Rank => RANK,
        };
        let external = select.select == Select::OneExternal;
        let word = if external { "select one external" } else { "select" };
        let Some(mut element) = self.element(row, word, kind) else { return };
        self.external |= external;
        if external && element.choice_filter.is_none() {
            self.warn(
                Code::Portability,
                row.number,
                &["type"],
                "select_one_external只用于有choice_filter的题。",
                "select_one_external is meant for questions with a choice_filter.",
            );
        }
        if !external {
            let stem = self.tree.word(file_stem(select.list));
            self.secondary.insert(stem);
        }
        if !self.list_is_usable(row, select) {
            return;
        }
        let from_file = select.command.ends_with("from_file");
        let known: &[&str] =
            if from_file { &["randomize", "seed", "value", "label"] } else { &["randomize", "seed"] };
        let Some(pairs) = self.pairs(row, known) else { return };
        if !self.randomize_is_usable(row, &pairs) {
            return;
        }
        element.itemset = Some(select.list.to_owned());
        element.parameters = pairs;
        if select.select == Select::Multiple && self.sheets.settings.flag("add_none_option", false) {
            self.none_alone(&mut element, select.list);
        }
        if !self.search(row, &mut element, select) || !self.in_table_list(row, &mut element, select, kind) {
            return;
        }
        let name = element.name.clone();
        let parent = self.parent();
        self.tree.add(parent, element);
        if select.or_other {
            self.or_other = true;
            self.sheets.choices.add_other(select.list);
            let mut other = Element::new(Kind::Question(TEXT), &format!("{name}_other"), row.number);
            other.word = "text".to_owned();
            other.label = Some(Field::Text("Specify other.".to_owned()));
            other.bind = Some(type_bind(TEXT));
            other.bind_mut().set_text("relevant", format!("selected(../{name}, 'other')"));
            self.add_made(other);
        }
    }

    /// The setting add_none_option, which XLSForm no longer has, as pyxform still understands it: in the first question
    /// of a list, the choice `none` goes with no other, unless the list has it as it would have been added.
    fn none_alone(&mut self, element: &mut Element, list: &str) {
        let Some(known) = self.sheets.choices.list(list) else { return };
        if known.has_none() || !self.none_alone.insert(list.to_owned()) {
            return;
        }
        const ALONE: &str = "(.='none' or not(selected(., 'none')))";
        let bind = element.bind_mut();
        let constraint = match bind.text("constraint") {
            Some(own) => format!("{own} and {ALONE}"),
            None => ALONE.to_owned(),
        };
        bind.set_text("constraint", constraint);
    }

    /// `search()` reads a file when the form runs; the list's choices stand in the body.
    fn search(&mut self, row: &TableRow, element: &mut Element, select: SelectType<'_>) -> bool {
        if select.select == Select::OneExternal {
            return true;
        }
        let searched = searches(element);
        if searched && (file_extension(select.list).is_some() || references(select.list).next().is_some()) {
            self.error(
                Code::BadChoice,
                row.number,
                &["control", "appearance"],
                "search()要和choices表里的列表一起用，不能用文件或引用。去掉search()，或改题型。",
                "search() goes with a list of the sheet choices, not with a file or a reference. Remove search(), or change the type.",
            );
            return false;
        }
        if searched {
            self.sheets.choices.search(select.list);
        }
        element.searched = searched;
        self.searched.push((self.tree.word(select.list), searched, row.number));
        true
    }

    /// A select within a table of selects shows only its choices; a row of labels stands above the first.
    fn in_table_list(
        &mut self,
        row: &TableRow,
        element: &mut Element,
        select: SelectType<'_>,
        kind: QuestionType,
    ) -> bool {
        match &self.table_list {
            None => return true,
            Some(TableList::Of(list)) if list == select.list => {}
            Some(TableList::Of(list)) => {
                let (zh, en) = (
                    format!("table-list里的题要用同一个列表：这里是“{}”，前面是“{list}”。", select.list),
                    format!(
                        "questions of a table-list share one list: this is '{}', before it '{list}'.",
                        select.list
                    ),
                );
                self.error(Code::BadChoice, row.number, &["type"], zh, en);
                return false;
            }
            Some(TableList::Begun) if element.choice_filter.is_some() => {
                self.error(
                    Code::BadChoice,
                    row.number,
                    &["choice_filter"],
                    "table-list里的题不能用choice_filter。",
                    "a question of a table-list cannot have a choice_filter.",
                );
                return false;
            }
            Some(TableList::Begun) => {
                let name = format!("reserved_name_for_field_list_labels_{}", self.table.ordinal(row.number));
                let mut labels = Element::new(Kind::Question(kind), &name, row.number);
                labels.word = "select".to_owned();
                labels.bind = Some(type_bind(kind));
                labels.control.set_text("appearance", "label");
                labels.label = Some(Field::Text(" ".to_owned()));
                labels.itemset = Some(select.list.to_owned());
                self.add_made(labels);
                self.table_list = Some(TableList::Of(select.list.to_owned()));
            }
        }
        element.control.set_text("appearance", "list-nolabel");
        true
    }

    /// A sheet that is not there, with the one that was probably meant.
    fn no_sheet(&mut self, row: &TableRow, sheet: &str, columns: &[&str]) {
        let place = Place::at(sheet, None, None);
        let number = row.number;
        let notice = Notice::error(
            Code::MissingSheet,
            place,
            format!(
                "survey第{number}行要从这张表选，但没有“{sheet}”表。加一张，列名写{}。",
                columns.join("、")
            ),
            format!(
                "row {number} of the survey chooses from the sheet '{sheet}', which is missing. Add it with the heads {}.",
                columns.join(", ")
            ),
        );
        let names = self.sheets.names.iter().map(String::as_str).filter(|n| !n.starts_with('_'));
        self.notices.push(notice.near(sheet, names));
    }

    fn no_list(&self, row: &TableRow, sheet: &str, list: &str) -> Notice {
        Notice::error(
            Code::UnknownList,
            self.table.place(row.number, &["type"]),
            format!("{sheet}表里没有列表“{list}”。"),
            format!("the sheet {sheet} has no list '{list}'."),
        )
    }

    fn list_is_usable(&mut self, row: &TableRow, select: SelectType<'_>) -> bool {
        let list = select.list;
        let place = self.table.place(row.number, &["type"]);
        if select.select == Select::OneExternal {
            match self.sheets.external {
                Some(lists) if lists.contains(list) => return true,
                Some(lists) => {
                    let mut known: Vec<&str> = lists.iter().map(String::as_str).collect();
                    known.sort_unstable();
                    let notice = self.no_list(row, "external_choices", list);
                    self.notices.guess(notice, list, known, NO_LIST);
                }
                None => self.no_sheet(row, "external_choices", &["list_name", "name"]),
            }
            return false;
        }
        let from_file = select.command.ends_with("file");
        if from_file && (file_extension(list).is_none() || list.matches('.').count() != 1) {
            let zh = format!("“{list}”要以.csv、.xml或.geojson结尾。");
            let en = format!("'{list}' must end in .csv, .xml or .geojson.");
            self.notices.push(Notice::error(Code::UnknownList, place, zh, en));
            return false;
        }
        if row.fields.get("choice_filter").is_some() && select.or_other {
            let place = self.table.place(row.number, &["choice_filter"]);
            let zh = "or_other不能和choice_filter一起用。";
            let en = "or_other cannot be used with a choice_filter.";
            self.notices.push(Notice::error(Code::BadChoice, place, zh, en));
            return false;
        }
        if file_extension(list).is_some() || references(list).next().is_some() {
            if select.or_other {
                let zh = "or_other要用choices表里的列表。";
                let en = "or_other needs a list of the sheet choices.";
                self.notices.push(Notice::error(Code::BadChoice, place, zh, en));
            }
            return !select.or_other;
        }
        let Some(found) = self.sheets.choices.list(list) else {
            if self.sheets.choices.is_empty() {
                self.no_sheet(row, "choices", &["list_name", "name", "label"]);
            } else {
                let notice = self.no_list(row, "choices", list);
                self.notices.guess(notice, list, self.sheets.choices.names(), NO_LIST);
            }
            return false;
        };
        if select.select == Select::Multiple
            && let Some((bad_row, bad)) = found.spaced()
        {
            let place = self.sheets.choices.table.place(bad_row, &["name"]);
            let zh = format!("列表“{list}”的选项“{bad}”有空格，多选不能用。");
            let en = format!("the choice '{bad}' of '{list}' has a blank; select_multiple cannot use it.");
            self.notices.push(Notice::error(Code::BadChoice, place, zh, en));
            return false;
        }
        true
    }

    fn randomize_is_usable(&mut self, row: &TableRow, pairs: &[(String, String)]) -> bool {
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let randomize = get("randomize");
        let bad = match get("seed") {
            Some(seed) if randomize.is_none() || !(is_reference(seed) || seed.parse::<f64>().is_ok()) => {
                Some((
                    "seed要和randomize=true一起写，值是数字或${题目}。",
                    "seed goes with randomize=true and is a number or ${question}.",
                ))
            }
            _ if randomize.is_some_and(|r| !matches!(r, "true" | "false")) => {
                Some(("randomize只能是true或false。", "randomize is true or false."))
            }
            _ if ["value", "label"].iter().any(|k| get(k).is_some_and(|v| !is_xml_name(v))) => {
                Some(("value和label要写文件里的列名。", "value and label name columns of the file."))
            }
            _ => None,
        };
        if let Some(found) = get("seed").and_then(|seed| references(seed).next()) {
            self.seeds.push((self.tree.word(found.reference.name), row.number));
        }
        if let Some((zh, en)) = bad {
            self.error(Code::BadParameters, row.number, &["parameters"], zh, en);
        }
        bad.is_none()
    }
}
