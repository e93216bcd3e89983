//! Groups, repeats and loops: their begin and end rows.

use std::collections::HashMap;

use super::fields::fill;
use super::{Builder, Loop, Names, Open, TableList};
use crate::choices::ChoicePlace;
use crate::error::{Code, Notice};
use crate::expression::is_reference;
use crate::field::{Field, Fields};
use crate::headers::TableRow;
use crate::tree::{Element, Id, KeptRows, Kind, type_bind};
use crate::types::{Block, BlockType, CALCULATE, NOTE};

/// Elements that the converter adds and nobody sees.
pub(crate) struct Calculated;

impl Calculated {
    /// The bind of one that is calculated and never answered.
    pub(crate) fn bind(calculate: Option<&str>) -> Fields {
        let mut bind = type_bind(CALCULATE);
        bind.set_text("readonly", "true()");
        if let Some(calculate) = calculate {
            bind.set_text("calculate", calculate);
        }
        bind
    }

    pub(crate) fn element(name: &str, calculate: Option<&str>) -> Element {
        let mut element = Element::new(Kind::Question(CALCULATE), name, 0);
        element.word = "calculate".to_owned();
        element.bind = Some(Self::bind(calculate));
        element
    }
}

impl Builder<'_> {
    pub(super) fn section(&mut self, row: &TableRow, word: &str, block: BlockType<'_>) {
        if !block.begins {
            if row.fields.inner("bind", "entities:saveto").is_some() {
                self.mention(row, "", true);
            }
            self.end(row, block.block);
            return;
        }
        if block.block == Block::Loop {
            self.begin_loop(row, block.list);
            return;
        }
        let name = self.name(row, word).unwrap_or_else(|| format!("row_{}", row.number));
        self.mention(row, &name, true);
        if row.fields.get("flat").is_some() {
            self.error(
                Code::Unsupported,
                row.number,
                &["flat"],
                "“flat”已不在规范里，这里不支持。清空这一格。",
                "'flat' is no longer part of XLSForm and not supported. Empty this cell.",
            );
        }
        if block.block == Block::Repeat {
            self.check_repeat_name(row, &name);
        }
        self.begin(row, &name, &row.fields, block.block);
    }

    fn begin(&mut self, row: &TableRow, name: &str, fields: &Fields, block: Block) -> Id {
        let repeat = block == Block::Repeat;
        let mut element = Element::new(if repeat { Kind::Repeat } else { Kind::Group }, name, row.number);
        element.word = if repeat { "repeat" } else { "group" }.to_owned();
        fill(&mut element, fields);
        let over = self.table_list(row, &mut element);
        if let Some(intent) = fields.text("intent") {
            element.control.set_text("intent", intent);
        }
        self.count_node(&mut element);
        let parent = self.parent();
        let id = self.tree.add(parent, element);
        let names = Names::new(&mut self.tree);
        self.open.push(Open { id, block, row: row.number, names });
        if let Some(over) = over {
            self.add_made(over);
        }
        id
    }

    /// A group of selects as one table: its label goes into a note above the columns.
    fn table_list(&mut self, row: &TableRow, element: &mut Element) -> Option<Element> {
        let appearance = element.control.text("appearance")?.to_owned();
        if !appearance.split_whitespace().any(|word| word == "table-list") {
            return None;
        }
        self.table_list = Some(TableList::Begun);
        let others = appearance.split_whitespace().filter(|word| *word != "table-list");
        let words: Vec<&str> = std::iter::once("field-list").chain(others).collect();
        element.control.set_text("appearance", words.join(" "));
        let (label, hint) = (element.label.take(), element.hint.take());
        if label.is_none() && hint.is_none() {
            return None;
        }
        let name = format!("generated_table_list_label_{}", self.table.ordinal(row.number));
        let mut note = Element::new(Kind::Question(NOTE), &name, row.number);
        note.word = "note".to_owned();
        note.bind = Some(type_bind(NOTE));
        note.label = label;
        note.hint = hint;
        Some(note)
    }

    fn check_repeat_name(&mut self, row: &TableRow, name: &str) {
        let word = self.tree.word(name);
        if name == self.sheets.settings.root {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("重复组不能和根元素“{name}”同名。"),
                format!("a repeat may not have the root's name '{name}'."),
            );
        } else if !self.repeats.insert(word) {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("重复组的名字“{name}”在整个表单里只能用一次。"),
                format!("the repeat name '{name}' may stand only once in the whole form."),
            );
        }
        if row.fields.get("label").is_none() && row.fields.get("media").is_none() {
            self.warn(
                Code::MissingLabel,
                row.number,
                &["label"],
                format!("重复组“{name}”没有标签。"),
                format!("the repeat '{name}' has no label."),
            );
        }
    }

    /// A count that is more than one reference is calculated into a node of its own.
    fn count_node(&mut self, element: &mut Element) {
        let Some(count) = element.control.text("jr:count").map(str::to_owned) else { return };
        if is_reference(&count) {
            return;
        }
        let name = format!("{}_count", element.name);
        let mut node = Calculated::element(&name, Some(&count));
        node.row = element.row;
        self.add_made(node);
        element.control.set_text("jr:count", format!("${{{name}}}"));
    }

    pub(super) fn end(&mut self, row: &TableRow, block: Block) {
        if self.open.last().is_some_and(|open| open.block == block) {
            self.open.pop();
            self.table_list = None;
            return;
        }
        let (zh, en) = match self.open.last().map(|open| (self.tree.name(open.id).to_owned(), open.row)) {
            Some((name, begun)) => (
                format!("这里要结束的是第{begun}行开始的“{name}”，种类不一致。"),
                format!("what is open here is '{name}' from row {begun}, which is of another kind."),
            ),
            None => (
                "前面没有开始过的组。删掉这一行。".to_owned(),
                "no group has begun before. Delete this row.".to_owned(),
            ),
        };
        self.error(Code::Unbalanced, row.number, &["type"], zh, en);
        if self.open.last().is_some_and(|open| open.block != block) {
            self.open.pop();
        }
    }

    fn begin_loop(&mut self, row: &TableRow, list: Option<&str>) {
        let place = self.table.place(row.number, &["type"]);
        let known = list.filter(|list| self.sheets.choices.list(list).is_some());
        if known.is_none() {
            let written = list.unwrap_or_default();
            let notice = Notice::error(
                Code::UnknownList,
                place,
                format!("循环的列表“{written}”不在choices表里。写成begin_loop over 列表名。"),
                format!(
                    "the sheet choices has no list '{written}' to loop over. Write begin_loop over LIST."
                ),
            );
            self.notices.guess(notice, written, self.sheets.choices.names(), ("", ""));
        }
        self.looping = Some(Loop {
            begin: row.clone(),
            list: known.unwrap_or_default().to_owned(),
            rows: KeptRows::default(),
            depth: 0,
        });
    }

    /// A row within a loop is kept until the loop ends.
    pub(super) fn loop_row(&mut self, row: &TableRow) {
        let block = row.fields.text("type").and_then(crate::types::block);
        let Some(open) = self.looping.as_mut() else { return };
        match block {
            Some(block) if block.begins => open.depth += 1,
            Some(block) if open.depth == 0 => {
                if let Some(open) = self.looping.take() {
                    self.run_loop(open);
                }
                if block.block != Block::Loop {
                    self.end(row, block.block);
                }
                return;
            }
            Some(_) => open.depth -= 1,
            None => {}
        }
        open.rows.push(row.number, &row.fields);
    }

    /// One group for each choice, with the loop's rows in it.
    fn run_loop(&mut self, open: Loop) {
        let begin = &open.begin;
        let name = self.name(begin, "group").unwrap_or_else(|| format!("row_{}", begin.number));
        self.mention(begin, &name, true);
        self.begin(begin, &name, &begin.fields, Block::Loop);
        // The choices of a list do not change while a loop runs over it, save by an or_other within.
        let list = self.sheets.choices.list(&open.list);
        let places: Vec<ChoicePlace> = list.into_iter().flat_map(|list| list.places()).collect();
        for place in places {
            if self.stops() {
                return;
            }
            let list = self.sheets.choices.list(&open.list);
            let choice = list.and_then(|list| list.choice(place)).filter(|choice| choice.name != "none");
            let Some(choice) = choice else { continue };
            let mut fields = Fields::default();
            if let Some(label) = &choice.label {
                fields.set("label", label.clone());
            }
            if !choice.media.is_empty() {
                fields.set("media", Field::Map(choice.media.clone()));
            }
            let code = Field::Text(choice.name.clone());
            let own: Vec<(&str, Field)> =
                choice.extra.iter().map(|(key, value)| (key.as_str(), Field::Text(value.clone()))).collect();
            let mut words: Words<'_> = own.iter().map(|(key, field)| (*key, field)).collect();
            words.extend(choice.label.as_ref().map(|label| ("label", label)));
            words.insert("name", &code);
            let column = self.begin(begin, &choice.name, &fields, Block::Loop);
            for (number, fields) in open.rows.iter() {
                match substituted(&fields, &words) {
                    Ok(fields) => {
                        // What a row says, and the least that is written around it.
                        self.tree.spend(fields.size() + 40);
                        self.row(&TableRow { number, fields });
                    }
                    Err(column) => self.error(
                        Code::BadReference,
                        number,
                        &[column],
                        "循环里的%要写成%(name)s、%(label)s或%(列名)s；百分号写%%。",
                        "within a loop % is written %(name)s, %(label)s or %(column)s; a percent sign is %%.",
                    ),
                }
            }
            while self.open.last().is_some_and(|open| open.id != column) {
                self.open.pop();
            }
            self.open.pop();
        }
        self.open.pop();
        self.table_list = None;
    }
}

/// What `%(…)s` may name: the columns of a choice.
type Words<'a> = HashMap<&'a str, &'a Field>;

/// A row's fields with `%(name)s` and the like replaced; the column where that cannot be.
fn substituted<'a>(fields: &'a Fields, words: &Words<'_>) -> Result<Fields, &'a str> {
    let mut out = Fields::default();
    for (key, field) in fields.iter() {
        let field = match field {
            Field::Text(text) => Field::Text(formatted(text, words, None).ok_or(key)?),
            Field::Map(map) => {
                let mut inner = Fields::default();
                for (language, field) in map.iter() {
                    let text = field.text().ok_or(key)?;
                    inner.0.push((
                        language.into(),
                        Field::Text(formatted(text, words, Some(language)).ok_or(key)?),
                    ));
                }
                Field::Map(inner)
            }
        };
        out.0.push((key.into(), field));
    }
    Ok(out)
}

fn formatted(text: &str, words: &Words<'_>, language: Option<&str>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (word, after) = after.strip_prefix('(')?.split_once(")s")?;
        let field = words.get(word)?;
        match field {
            Field::Text(text) => out.push_str(text),
            Field::Map(map) => out.push_str(map.text(language?)?),
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}
