//! The survey sheet, row by row, into the tree.

mod appearance;
mod blocks;
mod check;
mod decimal;
mod fields;
mod finish;
mod limits;
mod names;
mod parameters;
mod questions;
mod range;
mod select;

use std::collections::{HashMap, HashSet};

use crate::Limits;
use crate::choices::Choices;
use crate::entities::Entities;
use crate::error::{Code, Notice};
use crate::headers::{Table, TableRow};
use crate::notices::Notices;
use crate::osm::Tags;
use crate::settings::{Settings, truth};
use crate::symbols::Symbol;
use crate::tree::{Element, Id, KeptRows, Kind, Tree};
use crate::types::{self, Block};
use decimal::Decimal;
use fields::whole_form;

pub(crate) use blocks::Calculated;
pub(crate) use check::check_references;
pub(crate) use limits::too_large;
use names::{Named, Names};
pub(crate) use select::{file_extension, file_stem};

/// A group or repeat that is still open.
struct Open {
    id: Id,
    block: Block,
    row: u32,
    names: Names,
}

/// A loop that is still open: its rows are read once for each choice of its list.
struct Loop {
    begin: TableRow,
    list: String,
    rows: KeptRows,
    /// Sections that opened within it.
    depth: usize,
}

/// A group whose selects stand as one table.
enum TableList {
    /// The first select is yet to come.
    Begun,
    /// All its selects choose from this list.
    Of(String),
}

/// What else than the survey sheet is read with it.
pub(crate) struct Sheets<'a> {
    pub(crate) choices: &'a mut Choices,
    pub(crate) entities: &'a mut Entities,
    pub(crate) settings: &'a mut Settings,
    pub(crate) tags: &'a Tags,
    /// The lists of the sheet external_choices; none without one.
    pub(crate) external: Option<&'a HashSet<String>>,
    pub(crate) names: &'a [String],
}

/// What the rows are read with.
pub(crate) struct Builder<'a> {
    table: &'a Table,
    sheets: Sheets<'a>,
    limits: &'a Limits,
    notices: &'a mut Notices,
    /// Errors of the sheets before.
    errors_before: usize,
    tree: Tree,
    open: Vec<Open>,
    looping: Option<Loop>,
    table_list: Option<TableList>,
    names_here: Names,
    repeats: HashSet<Symbol>,
    /// How often each name stands in the sheet.
    named: Named,
    files: HashSet<Symbol>,
    /// References in parameters, which are read in lower case.
    seeds: Vec<(Symbol, u32)>,
    questions: HashSet<Symbol>,
    /// The secondary instances of lists and files.
    secondary: HashSet<Symbol>,
    geometries: Vec<(Symbol, u32)>,
    searched: Vec<(Symbol, bool, u32)>,
    /// The choices of lists that label ticks: their names, and the numbers that these are.
    ticks: HashMap<Symbol, Vec<(String, Decimal)>>,
    /// Lists whose choice `none` goes with no other.
    none_alone: HashSet<String>,
    meta: Vec<Element>,
    triggers: Vec<(Symbol, u32)>,
    or_other: bool,
    external: bool,
}

/// The survey, and how often each name stands in its sheet.
pub(crate) struct Built {
    pub(crate) tree: Tree,
    pub(crate) named: Named,
    /// Files beside the form, by the name of their row.
    pub(crate) files: HashSet<Symbol>,
    /// Does a question ask for another answer than those of its list?
    pub(crate) or_other: bool,
    /// Does one choose from the sheet external_choices?
    pub(crate) external: bool,
    /// Were all rows read?
    pub(crate) whole: bool,
}

/// Builds the tree; what is wrong goes into the notices.
pub(crate) fn build(table: &Table, sheets: Sheets<'_>, limits: &Limits, notices: &mut Notices) -> Built {
    let mut root = Element::new(Kind::Survey, &sheets.settings.root, 0);
    whole_form(&mut root, &sheets.settings.fields);
    let mut tree = Tree::new(root, limits.xform);
    let names_here = Names::new(&mut tree);
    let mut builder = Builder {
        table,
        sheets,
        limits,
        errors_before: notices.errors(),
        notices,
        tree,
        open: Vec::new(),
        looping: None,
        table_list: None,
        names_here,
        repeats: HashSet::new(),
        named: Named::default(),
        files: HashSet::new(),
        seeds: Vec::new(),
        questions: HashSet::new(),
        secondary: HashSet::new(),
        geometries: Vec::new(),
        searched: Vec::new(),
        ticks: HashMap::new(),
        none_alone: HashSet::new(),
        meta: Vec::new(),
        triggers: Vec::new(),
        or_other: false,
        external: false,
    };
    for row in table.rows() {
        builder.row(&row);
        if let Some(notice) = builder.passed(row.number) {
            builder.notices.push(notice);
            return builder.stopped();
        }
    }
    builder.finish()
}

impl Builder<'_> {
    fn built(self, whole: bool) -> Built {
        let Self { tree, named, files, or_other, external, .. } = self;
        Built { tree, named, files, or_other, external, whole }
    }

    /// What was read before a limit was passed.
    fn stopped(self) -> Built {
        self.built(false)
    }

    fn error(&mut self, code: Code, row: u32, path: &[&str], zh: impl Into<String>, en: impl Into<String>) {
        let place = self.table.place(row, path);
        self.notices.push(Notice::error(code, place, zh, en));
    }

    fn warn(&mut self, code: Code, row: u32, path: &[&str], zh: impl Into<String>, en: impl Into<String>) {
        let place = self.table.place(row, path);
        self.notices.push(Notice::warning(code, place, zh, en));
    }

    fn parent(&self) -> Id {
        self.open.last().map_or(Tree::ROOT, |open| open.id)
    }

    fn in_repeat(&self) -> bool {
        self.open.iter().any(|open| open.block == Block::Repeat)
    }

    fn row(&mut self, row: &TableRow) {
        if self.looping.is_some() {
            self.loop_row(row);
            return;
        }
        let fields = &row.fields;
        if let Some(disabled) = fields.text("disabled") {
            self.warn(
                Code::SkippedRow,
                row.number,
                &["disabled"],
                "“disabled”列已不在规范里，建议改用relevant。",
                "the column 'disabled' is no longer part of XLSForm; use relevant.",
            );
            if truth(disabled) == Some(true) {
                return;
            }
        }
        let Some(word) = fields.text("type").map(types::dealias) else {
            self.untyped(row);
            return;
        };
        if parameters::parse(fields.text("parameters").unwrap_or_default()).is_none() {
            self.error(
                Code::BadParameters,
                row.number,
                &["parameters"],
                "参数要写成 名=值，几个之间用空格。",
                "parameters are written key=value with blanks between.",
            );
        }
        self.check_appearance(row);
        let block = types::block(word);
        if word == "audit" {
            self.audit(row);
        } else if let Some(setting) = types::setting(word) {
            let value = fields.text("name").unwrap_or("None").to_owned();
            self.sheets.settings.set(setting, value);
        } else if let Some(block) = block {
            self.section(row, word, block);
        } else {
            self.question(row, word);
        }
    }

    fn untyped(&mut self, row: &TableRow) {
        if row.fields.get("name").is_some() || row.fields.get("label").is_some() {
            self.error(
                Code::MissingType,
                row.number,
                &["type"],
                "没有写题型。填上如text、integer、select_one。",
                "has no question type. Write one such as text, integer or select_one.",
            );
        } else {
            self.warn(
                Code::SkippedRow,
                row.number,
                &["type"],
                "没有题型、名字和标签，这一行没有用。",
                "has no type, name or label and was passed over.",
            );
        }
    }

    /// The row's part in the entities. False if the row cannot be used.
    fn mention(&mut self, row: &TableRow, name: &str, section: bool) -> Option<String> {
        let saves_to = row.fields.inner("bind", "entities:saveto");
        let parent = self.parent();
        match self.sheets.entities.mention(saves_to, name, section, parent, row.number, self.table) {
            Ok(saved) => saved,
            Err(notice) => {
                self.notices.push(*notice);
                None
            }
        }
    }
}
