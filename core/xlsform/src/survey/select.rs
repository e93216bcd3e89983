//! Choosing from a list: inline, from a file, from a repeat, from external choices.

use super::{Builder, type_bind};
use crate::error::{Code, Notice};
use crate::expression::{is_reference, references};
use crate::field::Field;
use crate::headers::TableRow;
use crate::names::is_xml_name;
use crate::tree::{Element, Kind};
use crate::types::{RANK, SELECT_MULTIPLE, SELECT_ONE, Select, SelectType, TEXT};

/// The extension of a file that choices may come from.
pub(crate) fn file_extension(list: &str) -> Option<&str> {
    let (_, extension) = list.rsplit_once('.')?;
    matches!(extension, "csv" | "xml" | "geojson").then_some(extension)
}

impl Builder<'_> {
    pub(super) fn select(&mut self, row: &TableRow, select: SelectType<'_>) {
        let kind = match select.select {
            Select::One => SELECT_ONE,
            Select::Multiple => SELECT_MULTIPLE,
            Select::OneExternal => TEXT,
            Select::Rank => RANK,
        };
        let word = if select.select == Select::OneExternal { "select one external" } else { "select" };
        if !self.list_is_usable(row, select) {
            return;
        }
        let from_file = select.command.ends_with("from_file") || select.command.ends_with("from file");
        let known: &[&str] =
            if from_file { &["randomize", "seed", "value", "label"] } else { &["randomize", "seed"] };
        let Some(pairs) = self.pairs(row, known) else { return };
        if !self.randomize_is_usable(row, &pairs) {
            return;
        }
        let Some(mut element) = self.element(row, word, kind) else { return };
        if element.control.text("appearance").is_some_and(|a| a.contains("search(")) {
            self.error(
                Code::Unsupported,
                row.number,
                &["control", "appearance"],
                "外观search()还不支持。改用select_one_from_file。".to_owned(),
                "the appearance search() is not supported yet. Use select_one_from_file.".to_owned(),
            );
            return;
        }
        element.itemset = Some(select.list.to_owned());
        element.parameters = pairs;
        let name = element.name.clone();
        let parent = self.parent();
        self.tree.add(parent, element);
        if select.or_other {
            self.choices.add_other(select.list);
            let mut other = Element::new(Kind::Question(TEXT), &format!("{name}_other"), row.number);
            other.word = "text".to_owned();
            other.label = Some(Field::Text("Specify other.".to_owned()));
            other.bind = Some(type_bind(TEXT));
            other.bind_mut().set_text("relevant", format!("selected(../{name}, 'other')"));
            self.tree.add(parent, other);
        }
    }

    fn list_is_usable(&mut self, row: &TableRow, select: SelectType<'_>) -> bool {
        let list = select.list;
        let place = self.table.place(row.number, &["type"]);
        if select.select == Select::OneExternal {
            if self.external.iter().any(|known| known == list) {
                return true;
            }
            let notice = Notice::error(
                Code::UnknownList,
                place,
                format!("external_choices表里没有列表“{list}”。"),
                format!("the sheet external_choices has no list '{list}'."),
            );
            let notice = notice.near(list, self.external.iter().map(String::as_str));
            self.notices.push(notice);
            return false;
        }
        if select.command.ends_with("file")
            && (file_extension(list).is_none() || list.matches('.').count() != 1)
        {
            let zh = format!("“{list}”要以.csv、.xml或.geojson结尾。");
            let en = format!("'{list}' must end in .csv, .xml or .geojson.");
            self.notices.push(Notice::error(Code::UnknownList, place, zh, en));
            return false;
        }
        if file_extension(list).is_some() || !references(list).is_empty() {
            return true;
        }
        let Some(found) = self.choices.list(list) else {
            let notice = Notice::error(
                Code::UnknownList,
                place,
                format!("choices表里没有列表“{list}”。"),
                format!("the sheet choices has no list '{list}'."),
            );
            let notice = notice.near(list, self.choices.lists.iter().map(|l| l.name.as_str()));
            self.notices.push(notice);
            return false;
        };
        if select.select == Select::Multiple
            && let Some(bad) = found.choices.iter().find(|c| c.name.contains(' '))
        {
            let zh = format!("列表“{list}”的选项“{}”有空格，多选不能用。", bad.name);
            let en =
                format!("the choice '{}' of '{list}' has a blank; select_multiple cannot use it.", bad.name);
            self.notices.push(Notice::error(Code::BadChoice, place, zh, en));
            return false;
        }
        if select.or_other && row.fields.get("choice_filter").is_some() {
            let place = self.table.place(row.number, &["choice_filter"]);
            let zh = "or_other不能和choice_filter一起用。";
            let en = "or_other cannot be used with a choice_filter.";
            self.notices.push(Notice::error(Code::Unsupported, place, zh, en));
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
        if let Some((zh, en)) = bad {
            self.error(Code::BadParameters, row.number, &["parameters"], zh.to_owned(), en.to_owned());
        }
        bad.is_none()
    }
}
