//! Entity lists that a device keeps: the server's CSV, and what records made offline add to it. The list's
//! CSV is handed to [`Form::compile`](crate::Form::compile) as the external instance that forms read.
//!
//! Columns are those of the entities specification: `name` (the id), `label`, `__version`, and for what was
//! changed offline `__trunkVersion` (the server's version it goes back to) and `__branchId`.

use crate::answer::EntityChange;
use crate::context::Context;
use crate::error::FormError;
use foldhash::HashMap;
use std::borrow::Cow;

const NAME: &str = "name";
const LABEL: &str = "label";
const VERSION: &str = "__version";
const TRUNK: &str = "__trunkVersion";
const BRANCH: &str = "__branchId";

/// Whether a name is no property's: it says something else of the entity (specification).
pub(crate) fn is_reserved(property: &str) -> bool {
    property.starts_with("__") || [NAME, LABEL].iter().any(|name| property.eq_ignore_ascii_case(name))
}

/// Why a change of an entity does not enter the list. The record that made it is not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntityError {
    /// The id is no UUID.
    #[error("the entity's id is no UUID")]
    NotAUuid,
    /// A new entity needs a label.
    #[error("the new entity has no label")]
    NoLabel,
    /// An update of what is not in the list.
    #[error("the entity is not in the list")]
    NotThere,
    /// A second creation of what is in the list.
    #[error("the entity is in the list already")]
    AlreadyThere,
}

impl EntityError {
    /// Whether what a record asks (`(create, update)`) can be done with an entity that is in the list, or is not: the
    /// rule of devices and servers alike. Where both are asked for, the one that can be done is.
    ///
    /// # Errors
    /// Why not.
    pub fn of(id: &str, label: &str, (create, update): (bool, bool), there: bool) -> Result<(), EntityError> {
        match there {
            _ if !uuid(id) => Err(EntityError::NotAUuid),
            true if !update => Err(EntityError::AlreadyThere),
            false if !create => Err(EntityError::NotThere),
            false if label.trim().is_empty() => Err(EntityError::NoLabel),
            _ => Ok(()),
        }
    }
}

/// A list of entities with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntityList {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The first row of each entity.
    places: HashMap<String, usize>,
}

fn uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl EntityList {
    /// Reads a list as servers send it.
    ///
    /// # Errors
    /// Not UTF-8, not CSV, no `name` column.
    pub fn read(csv: &[u8]) -> Result<EntityList, FormError> {
        let wrong = |message: String| FormError::External { src: "the entity list".to_owned(), message };
        let text = crate::xml::utf8(csv).map_err(|error| wrong(error.to_string()))?;
        let mut cells = Vec::new();
        let mut rest = crate::secondary::record(text, ',', &mut cells).map_err(wrong)?;
        let owned = |cells: &[Cow<'_, str>]| cells.iter().map(|cell| cell.to_string()).collect::<Vec<_>>();
        let mut list = EntityList { columns: owned(&cells), ..EntityList::default() };
        let name = list.at(NAME).ok_or_else(|| wrong(format!("there is no column '{NAME}'")))?;
        while !rest.is_empty() {
            rest = crate::secondary::record(rest, ',', &mut cells).map_err(wrong)?;
            if cells.iter().any(|cell| !cell.is_empty()) {
                cells.resize(list.columns.len(), Cow::Borrowed(""));
                let row = owned(&cells);
                let id = row.get(name).cloned().unwrap_or_default();
                list.places.entry(id).or_insert(list.rows.len());
                list.rows.push(row);
            }
        }
        Ok(list)
    }

    /// A list without entities. Columns come with the entities too: these are for forms that ask before there are any.
    pub fn new<'a>(properties: impl IntoIterator<Item = &'a str>) -> EntityList {
        let properties = properties.into_iter().filter(|name| !is_reserved(name));
        let columns = [NAME, LABEL, VERSION].into_iter().chain(properties).map(str::to_owned);
        EntityList { columns: columns.collect(), ..EntityList::default() }
    }

    /// Adds an entity as the server has it; one that is there already is another row.
    pub fn push<'a>(
        &mut self,
        id: &str,
        label: &str,
        version: u64,
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let row = self.add(id);
        self.set(row, LABEL, label);
        self.set(row, VERSION, &version.to_string());
        for (name, value) in properties {
            self.set_property(row, name, value);
        }
    }

    fn add(&mut self, id: &str) -> usize {
        let row = self.rows.len();
        self.rows.push(vec![String::new(); self.columns.len()]);
        self.set(row, NAME, id);
        self.places.entry(id.to_owned()).or_insert(row);
        row
    }

    /// What says something else of the entity is no property.
    fn set_property(&mut self, row: usize, name: &str, value: &str) {
        if !is_reserved(name) {
            self.set(row, name, value);
        }
    }

    /// The list as CSV, for the form and for keeping.
    pub fn csv(&self) -> Vec<u8> {
        let mut out = String::new();
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            for at in 0..self.columns.len() {
                if at > 0 {
                    out.push(',');
                }
                // A column that came later is empty in the rows before.
                crate::csv::cell(row.get(at).map_or("", String::as_str), &mut out);
            }
            out.push('\n');
        }
        out.into_bytes()
    }

    /// How many entities it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A cell by entity and column.
    pub fn get(&self, id: &str, column: &str) -> Option<&str> {
        let at = self.at(column)?;
        self.rows.get(self.row(id)?)?.get(at).map(String::as_str)
    }

    fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }

    fn row(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    fn set(&mut self, row: usize, column: &str, value: &str) {
        let at = self.at(column).unwrap_or_else(|| {
            self.columns.push(column.to_owned());
            self.columns.len() - 1
        });
        if let Some(row) = self.rows.get_mut(row) {
            row.resize(row.len().max(at + 1), String::new());
            if let Some(cell) = row.get_mut(at) {
                value.clone_into(cell);
            }
        }
    }

    fn number(&self, row: usize, column: &str) -> Option<u64> {
        self.rows.get(row)?.get(self.at(column)?)?.parse().ok()
    }

    /// Enters what a finished record says of an entity, so that the next form sees it before any server
    /// does. A change of what is there counts its version up; where creation and update are both asked for,
    /// the one that can be done is.
    ///
    /// # Errors
    /// What the specification refuses; the list stays as it was.
    pub fn apply(&mut self, change: &EntityChange, cx: &mut dyn Context) -> Result<(), EntityError> {
        let (there, columns) = (self.row(&change.id), self.columns.len());
        EntityError::of(&change.id, &change.label, (change.create, change.update), there.is_some())?;
        let row = match there {
            Some(row) => {
                let version = self.number(row, VERSION).unwrap_or(0);
                let known = self.get(&change.id, BRANCH).is_some_and(|branch| !branch.is_empty());
                if !known {
                    // The first change since the server's version begins a branch.
                    self.set(row, TRUNK, &version.to_string());
                    self.set(row, BRANCH, &crate::instance::uuid_of(cx.entropy()));
                }
                self.set(row, VERSION, &(version + 1).to_string());
                row
            }
            None => {
                let row = self.add(&change.id);
                self.set(row, VERSION, "1");
                self.set(row, TRUNK, "");
                self.set(row, BRANCH, &crate::instance::uuid_of(cx.entropy()));
                row
            }
        };
        if !change.label.is_empty() {
            self.set(row, LABEL, &change.label);
        }
        for (name, value) in &change.properties {
            self.set_property(row, name, value);
        }
        if self.columns.len() > columns {
            self.fill_up();
        }
        Ok(())
    }

    /// Takes over the server's newer list. What was changed here and is not yet there in that version stays;
    /// what was made here and is not there stays; what the server no longer has goes.
    pub fn refresh(&mut self, server: EntityList) {
        let local = std::mem::replace(self, server);
        let of = |row: &[String], column: &str| {
            local.at(column).and_then(|at| row.get(at)).cloned().unwrap_or_default()
        };
        for row in &local.rows {
            let id = of(row, NAME);
            let branched = !of(row, BRANCH).is_empty();
            let version: u64 = of(row, VERSION).parse().unwrap_or(0);
            let kept = match self.row(&id) {
                Some(there) => branched && self.number(there, VERSION).unwrap_or(0) < version,
                None => branched && of(row, TRUNK).is_empty(),
            };
            if kept {
                let at = self.row(&id).unwrap_or_else(|| self.add(&id));
                for (column, value) in local.columns.iter().zip(row) {
                    self.set(at, column, value);
                }
            }
        }
        self.fill_up();
    }

    /// Gives all rows the columns that came with one of them.
    fn fill_up(&mut self) {
        let columns = self.columns.len();
        self.rows.iter_mut().for_each(|row| row.resize(columns, String::new()));
    }
}
