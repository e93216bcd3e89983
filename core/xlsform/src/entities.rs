//! The entities sheet: what a filled form creates or updates in lists of entities.

mod place;

use std::collections::HashMap;

use crate::error::{Code, Notice};
use crate::expression::references;
use crate::headers::{ENTITIES, Table};
use crate::names::is_xml_name;
use crate::notices::Notices;
use crate::survey::Calculated;
use crate::symbols::{Symbol, Symbols};
use crate::tree::{Action, Element, Id, Kind, Tree};
use crate::workbook::Workbook;

/// Lists of entities that a form may write to: each is held against each.
const MOST: usize = 500;

/// One declaration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entity {
    /// The list that it goes to.
    pub(crate) dataset: String,
    row: u32,
    id: Option<String>,
    create_if: Option<String>,
    update_if: Option<String>,
    label: Option<String>,
}

/// Where the survey sheet speaks of an entity.
#[derive(Debug, Clone, Copy)]
struct Mention {
    entity: usize,
    /// The section around the row.
    section: Id,
    row: u32,
    /// The property that the row saves to; none for a reference from the entities sheet.
    property: Option<Symbol>,
    question: Symbol,
}

/// All declarations, and where the survey mentions them.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    table: Table,
    all: Vec<Entity>,
    mentions: Vec<Mention>,
    /// Questions and properties.
    words: Symbols,
    /// Questions, in their order, and the entities that refer to each.
    referring: Vec<(Symbol, usize)>,
    /// The row that saves to a property of an entity.
    saved: HashMap<(usize, Symbol), u32>,
}

const RESERVED: &str = "__";

impl Entities {
    pub(crate) fn read(book: &Workbook, notices: &mut Notices) -> Self {
        let Some(sheet) = book.sheet("entities") else { return Self::default() };
        let mut entities =
            Self { table: Table::read(sheet, &ENTITIES, "default", false, notices), ..Self::default() };
        for (column, path) in &entities.table.columns {
            if !matches!(path.as_slice(), [one] if ENTITIES.known.contains(&one.as_str())) {
                let notice = Notice::error(
                    Code::BadColumn,
                    entities.table.head_of(column),
                    "entities表没有这一列。改正列名，或删掉这一列。",
                    "the sheet entities has no such column. Put its name right or delete it.",
                );
                notices.push(notice.near(&column.header, ENTITIES.known.iter().copied()));
            }
        }
        if entities.table.len() > MOST {
            notices.push(Notice::error(
                Code::TooLarge,
                entities.table.place(entities.table.head, &["dataset"]),
                format!("超过{MOST}个实体列表。拆成几个表单。"),
                format!("more than {MOST} lists of entities. Split the form."),
            ));
            return entities;
        }
        for row in (0..entities.table.len()).filter_map(|nth| entities.table.row(nth)).collect::<Vec<_>>() {
            let text = |name: &str| row.fields.text(name).map(str::to_owned);
            let entity = Entity {
                dataset: text("dataset").unwrap_or_default(),
                row: row.number,
                id: text("entity_id"),
                create_if: text("create_if"),
                update_if: text("update_if"),
                label: text("label"),
            };
            if let Some(notice) = entities.fault(&entity) {
                notices.push(notice);
            } else {
                entities.refer(&entity);
                entities.all.push(entity);
            }
        }
        entities.referring.sort_unstable();
        entities.referring.dedup();
        entities
    }

    /// Notes to which questions the next entity refers.
    fn refer(&mut self, entity: &Entity) {
        let at = self.all.len();
        let texts = [&entity.id, &entity.create_if, &entity.update_if, &entity.label];
        for found in texts.into_iter().flatten().flat_map(|text| references(text)) {
            self.referring.push((self.words.add(found.reference.name), at));
        }
    }

    /// The sheet, if it declares anything.
    pub(crate) fn table(&self) -> Option<&Table> {
        (!self.all.is_empty()).then_some(&self.table)
    }

    pub(crate) fn has(&self, dataset: &str) -> bool {
        self.all.iter().any(|entity| entity.dataset == dataset)
    }

    fn fault(&self, entity: &Entity) -> Option<Notice> {
        let error = |code, column: &str, zh: String, en: String| {
            Some(Notice::error(code, self.table.place(entity.row, &[column]), zh, en))
        };
        let name = &entity.dataset;
        if name.is_empty() {
            return error(
                Code::MissingName,
                "dataset",
                "没有写list_name。填上实体列表的名字，如shops。".to_owned(),
                "has no list_name. Write the name of the list of entities, such as shops.".to_owned(),
            );
        }
        if name.starts_with(RESERVED) || name.contains('.') || !is_xml_name(name) {
            return error(
                Code::BadName,
                "dataset",
                format!(
                    "“{name}”不能作实体列表的名字。以字母开头，后面用字母、数字、下划线或连字符，不用点，也不以两个下划线开头。"
                ),
                format!(
                    "'{name}' cannot name a list of entities. Begin with a letter and go on with letters, digits, underscores or hyphens; no dot, and no two underscores at the start."
                ),
            );
        }
        if self.has(name) {
            return error(
                Code::DuplicateName,
                "dataset",
                format!("实体列表“{name}”已经写过一行。合成一行。"),
                format!("the list of entities '{name}' already has a row. Make one row of the two."),
            );
        }
        match (&entity.id, &entity.create_if, &entity.update_if, &entity.label) {
            (None, _, Some(_), _) => error(
                Code::BadEntity,
                "entity_id",
                format!("更新“{name}”要写entity_id。补上它；只新建的话改用create_if。"),
                format!(
                    "to update '{name}' an entity_id is needed. Add it, or use create_if if entities are only created."
                ),
            ),
            (Some(_), Some(_), None, _) => error(
                Code::BadEntity,
                "update_if",
                format!("“{name}”又新建又更新，要写update_if。补上它；只新建的话删掉entity_id。"),
                format!(
                    "'{name}' is created and updated, so update_if is needed. Add it, or delete entity_id if entities are only created."
                ),
            ),
            (None, _, None, None) => error(
                Code::MissingLabel,
                "label",
                format!("新建“{name}”要写label。补上它；要更新的话写entity_id。"),
                format!("to create '{name}' a label is needed. Add it, or write an entity_id to update."),
            ),
            _ => None,
        }
    }

    /// Notes that a row of the survey sheet saves to an entity, or that the entities sheet refers to it. Gives the
    /// property's name without its list.
    ///
    /// # Errors
    /// The notice that refuses the row's `save_to`.
    pub(crate) fn mention(
        &mut self,
        saves_to: Option<&str>,
        question: &str,
        section: bool,
        place: Id,
        row: u32,
        survey: &Table,
    ) -> Result<Option<String>, Box<Notice>> {
        let mut saved = None;
        if let Some(text) = saves_to {
            let (entity, property) = self.property(text, section, row, survey)?;
            let word = self.words.add(&property);
            let question = self.words.add(question);
            self.saved.insert((entity, word), row);
            self.mentions.push(Mention { entity, section: place, row, property: Some(word), question });
            saved = Some(property);
        }
        if let Some(question) = self.words.find(question) {
            let first = self.referring.partition_point(|(known, _)| *known < question);
            let referring = self.referring.get(first..).unwrap_or_default().iter();
            for (_, entity) in referring.take_while(|(known, _)| *known == question).copied() {
                self.mentions.push(Mention { entity, section: place, row, property: None, question });
            }
        }
        Ok(saved)
    }

    /// The entity and the property that a `save_to` names.
    fn property(
        &self,
        text: &str,
        section: bool,
        row: u32,
        survey: &Table,
    ) -> Result<(usize, String), Box<Notice>> {
        let error = |code, zh: String, en: String| {
            Box::new(Notice::error(code, survey.place(row, &["bind", "entities:saveto"]), zh, en))
        };
        if self.all.is_empty() {
            return Err(error(
                Code::BadEntity,
                "写了save_to，但没有entities表。加一张entities表，写list_name和label。".to_owned(),
                "has a save_to, but there is no sheet entities. Add one with list_name and label.".to_owned(),
            ));
        }
        let (dataset, property) = match text.split_once('#') {
            Some((_, property)) if property.contains('#') => {
                return Err(error(
                    Code::BadEntity,
                    format!("“{text}”里只能有一个#。"),
                    format!("'{text}' may hold one # only."),
                ));
            }
            Some((dataset, property)) => (dataset, property),
            None if self.all.len() > 1 => {
                return Err(error(
                    Code::BadEntity,
                    format!("有几个实体列表，要写明存到哪个：列表名#{text}。"),
                    format!("there are several lists of entities; say which: list_name#{text}."),
                ));
            }
            None => (self.all.first().map_or("", |entity| entity.dataset.as_str()), text),
        };
        let Some(entity) = self.all.iter().position(|entity| entity.dataset == dataset) else {
            let notice = error(
                Code::BadEntity,
                format!("entities表里没有列表“{dataset}”。"),
                format!("the sheet entities has no list '{dataset}'."),
            );
            return Err(Box::new(notice.near(dataset, self.all.iter().map(|e| e.dataset.as_str()))));
        };
        if section {
            return Err(error(
                Code::BadEntity,
                "组和重复组不能存成实体的属性。把save_to移到题目上。".to_owned(),
                "a group or repeat cannot be saved as a property. Move save_to to a question.".to_owned(),
            ));
        }
        let lower = property.to_lowercase();
        if lower == "name" || lower == "label" || property.starts_with(RESERVED) || !is_xml_name(property) {
            return Err(error(
                Code::BadName,
                format!("“{property}”不能作属性名。以字母开头，不叫name或label，也不以两个下划线开头。"),
                format!(
                    "'{property}' cannot be a property's name. Begin with a letter; it may not be name or label, nor begin with two underscores."
                ),
            ));
        }
        let taken = self.words.find(property).and_then(|property| self.saved.get(&(entity, property)));
        if let Some(other) = taken {
            return Err(error(
                Code::DuplicateName,
                format!("第{other}行已经存到属性“{property}”。改掉其中一个。"),
                format!("row {other} already saves to the property '{property}'. Change one of them."),
            ));
        }
        Ok((entity, property.to_owned()))
    }

    /// Puts every declaration into the section it belongs to.
    pub(crate) fn declare(&self, tree: &mut Tree, survey: &Table, notices: &mut Notices) {
        if self.all.is_empty() {
            return;
        }
        let places = match place::places(self, tree, survey) {
            Ok(places) => places,
            Err(notice) => return notices.push(*notice),
        };
        let repeats =
            |tree: &Tree, section: Id| tree.is_repeat(section) || tree.repeat_above(section).is_some();
        let several = self.all.len() > 1 || places.iter().any(|(section, _)| repeats(tree, *section));
        tree.entities_version = Some(if several { "2025.1.0" } else { "2024.1.0" });
        for (section, entity) in places {
            if let Some(entity) = self.all.get(entity) {
                let in_repeat = repeats(tree, section);
                let mut meta = Element::new(Kind::Group, "meta", 0);
                meta.bodyless = true;
                let meta = tree.add(section, meta);
                entity.declare(tree, meta, in_repeat);
            }
        }
    }
}

impl Entity {
    fn declare(&self, tree: &mut Tree, meta: Id, in_repeat: bool) {
        let declared = tree.add(meta, Element::new(Kind::Entity, "entity", self.row));
        let attribute = |name: &str, value: &str, calculate: Option<&str>| {
            let mut element = Element::new(Kind::Attribute, &format!("@{name}"), self.row);
            element.default = Some(value.to_owned());
            if let Some(calculate) = calculate {
                element.bind = Some(Calculated::bind(Some(calculate)));
            }
            element
        };
        tree.add(declared, attribute("dataset", &self.dataset, None));
        if self.id.is_none() || self.create_if.is_some() {
            tree.add(declared, attribute("create", "1", self.create_if.as_deref()));
        }
        let mut id = attribute("id", "", None);
        id.bind = Some(Calculated::bind(self.id.as_deref()));
        if let Some(which) = &self.id {
            tree.add(declared, attribute("update", "1", self.update_if.as_deref()));
            let item = format!("instance('{}')/root/item[name={which}]", self.dataset);
            for (name, column) in
                [("baseVersion", "__version"), ("trunkVersion", "__trunkVersion"), ("branchId", "__branchId")]
            {
                tree.add(declared, attribute(name, "", Some(&format!("{item}/{column}"))));
            }
        } else {
            let events: &[&'static str] = &["odk-instance-first-load", "odk-new-repeat"];
            for event in events.iter().take(if in_repeat { 2 } else { 1 }) {
                id.actions.push(Action { name: "setvalue", event, value: Some("uuid()"), quality: None });
            }
        }
        tree.add(declared, id);
        if let Some(label) = &self.label {
            let mut element = Element::new(Kind::EntityLabel, "label", self.row);
            element.bind = Some(Calculated::bind(Some(label)));
            tree.add(declared, element);
        }
    }
}
