//! The survey sheet, row by row, into the tree.

mod appearance;
mod blocks;
mod check;
mod decimal;
mod finish;
mod names;
mod parameters;
mod questions;
mod range;
mod select;

use std::collections::{HashMap, HashSet};

use crate::Limits;
use crate::choices::Choices;
use crate::entities::Entities;
use crate::error::{Code, Notice, Place};
use crate::expression::is_dynamic_default;
use crate::field::{Field, Fields};
use crate::headers::{Table, TableRow};
use crate::names::is_xml_name;
use crate::notices::Notices;
use crate::osm::Tags;
use crate::settings::{Settings, truth};
use crate::symbols::Symbol;
use crate::tree::{Element, Id, KeptRows, Kind, Tree};
use crate::types::{self, Block};
use decimal::Decimal;

pub(crate) use blocks::Calculated;
pub(crate) use check::check_references;
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
        let passed = if builder.too_deep() {
            Some(too_deep(table, row.number, limits))
        } else if builder.too_large() {
            Some(too_large(table, Some(row.number), limits))
        } else if builder.too_many_errors() {
            Some(too_many_errors(table, row.number, limits))
        } else {
            None
        };
        if let Some(notice) = passed {
            builder.notices.push(notice);
            return builder.stopped();
        }
    }
    builder.finish()
}

fn too_deep(table: &Table, row: u32, limits: &Limits) -> Notice {
    let depth = limits.depth;
    Notice::error(
        Code::TooLarge,
        table.place(row, &["type"]),
        format!("分组套了{depth}层以上，后面没有再看。减少层数。"),
        format!(
            "groups stand within each other more than {depth} deep; what follows was not looked at. Use fewer levels."
        ),
    )
}

/// The form would be larger than it may be; from which row on, where that is known.
pub(crate) fn too_large(table: &Table, row: Option<u32>, limits: &Limits) -> Notice {
    let (mebibytes, elements) = (limits.xform >> 20, limits.elements);
    let place = Place::at(&table.name, row, None);
    Notice::error(
        Code::TooLarge,
        place,
        format!(
            "到这里表单超过{mebibytes} MiB或{elements}题，手机打不开。拆成几个表单，缩短分组的名字，或减少循环的选项。"
        ),
        format!(
            "up to here the form is larger than {mebibytes} MiB or {elements} questions, which no phone opens. Split it, shorten the names of its groups, or loop over fewer choices."
        ),
    )
}

/// There are so many errors that the rest is not looked at.
fn too_many_errors(table: &Table, row: u32, limits: &Limits) -> Notice {
    Notice::error(
        Code::TooLarge,
        Place::at(&table.name, Some(row), None),
        format!("到这一行已有{}处错误，后面没有再看。先改前面的。", limits.errors),
        format!(
            "up to this row there are {} errors; what follows was not looked at. Mend these first.",
            limits.errors
        ),
    )
}

impl Builder<'_> {
    fn too_deep(&self) -> bool {
        self.open.len() > self.limits.depth
            || self.looping.as_ref().is_some_and(|open| open.depth > self.limits.depth)
    }

    fn too_many_errors(&self) -> bool {
        self.notices.errors() - self.errors_before >= self.limits.errors
    }

    fn too_large(&self) -> bool {
        self.tree.is_full() || self.tree.len() > self.limits.elements
    }

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

    /// The row's name, if it can be an element's and is not taken.
    fn name(&mut self, row: &TableRow, word: &str) -> Option<String> {
        let name = match row.fields.text("name") {
            Some(name) => name.to_owned(),
            None if word == "note" => format!("generated_note_name_{}", self.table.ordinal(row.number)),
            None => {
                self.error(
                    Code::MissingName,
                    row.number,
                    &["name"],
                    "没有名字。填上英文名，如visited_at。",
                    "has no name. Write one such as visited_at.",
                );
                return None;
            }
        };
        if !is_xml_name(&name) {
            self.error(
                Code::BadName,
                row.number,
                &["name"],
                format!("“{name}”不能作名字。以字母或下划线开头，后面用字母、数字、下划线、连字符或点。"),
                format!("'{name}' cannot be a name. Begin with a letter or underscore and go on with letters, digits, underscores, hyphens or dots."),
            );
            return None;
        }
        let (word, lower) = (self.tree.word(&name), self.tree.word(&name.to_lowercase()));
        self.named.add(word);
        let names = self.open.last_mut().map_or(&mut self.names_here, |open| &mut open.names);
        let taken = !names.taken.insert(word);
        let close = !names.lower.insert(lower);
        if taken && name == "meta" {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                "“meta”留给表单自己用。改成别的名字。",
                "'meta' is kept for the form itself. Choose another name.",
            );
            return None;
        }
        if taken {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("名字“{name}”在这一组里已经用过。改成不同的名字。"),
                format!("the name '{name}' is already used in this group. Choose another."),
            );
            return None;
        }
        if close {
            self.warn(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("名字“{name}”和同组的另一个只差大小写，导出后容易混淆。"),
                format!("the name '{name}' differs from another of its group only in case, which confuses exports."),
            );
        }
        Some(name)
    }

    /// Adds an element that the converter makes up, unless its name is taken.
    fn add_made(&mut self, element: Element) {
        let parent = self.parent();
        let name = self.tree.word(&element.name);
        let names = self.open.last_mut().map_or(&mut self.names_here, |open| &mut open.names);
        if names.taken.insert(name) {
            self.tree.add(parent, element);
        } else {
            self.name_is_made(element.row, &element.name);
        }
    }

    fn name_is_made(&mut self, row: u32, name: &str) {
        self.error(
            Code::DuplicateName,
            row,
            &["name"],
            format!("这一题会自动生成“{name}”，同组里已经有这个名字。改掉其中一个。"),
            format!(
                "this row makes a '{name}' of its own, but its group already has one. Rename one of them."
            ),
        );
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

/// What the settings sheet says of the form as a whole, with the heads of the survey sheet.
fn whole_form(root: &mut Element, settings: &Fields) {
    let by_language = |name: &str| settings.get(name).filter(|field| field.map().is_some()).cloned();
    root.label = by_language("label");
    root.hint = by_language("hint");
    root.media = settings.get("media").and_then(Field::map).cloned().unwrap_or_default();
    root.bind = settings.get("bind").and_then(Field::map).cloned();
}

/// Is the default computed when the form opens?
fn is_dynamic(fields: &Fields, word: &str) -> bool {
    fields.text("default").is_some_and(|default| is_dynamic_default(default, word))
}

/// What the row says of the element, laid over what its type brings.
fn fill(element: &mut Element, fields: &Fields) {
    element.label = fields.get("label").cloned();
    element.hint = fields.get("hint").cloned();
    if let Kind::Question(kind) = element.kind {
        element.guidance = fields.get("guidance_hint").cloned();
        element.default = fields.text("default").map(str::to_owned);
        element.choice_filter = fields.text("choice_filter").map(str::to_owned);
        if element.hint.is_none() && !kind.hint.is_empty() {
            element.hint = Some(Field::Text(kind.hint.to_owned()));
        }
    }
    if let Some(Field::Map(media)) = fields.get("media") {
        element.media = media.clone();
    }
    if let Some(Field::Map(control)) = fields.get("control") {
        element.control = control.clone();
    }
    if let Some(Field::Map(instance)) = fields.get("instance") {
        element.instance = instance.clone();
    }
    if let Some(Field::Map(bind)) = fields.get("bind") {
        let own = element.bind.take().unwrap_or_default();
        element.bind = Some(laid_over(own, bind));
    }
    // Such a label stands over the choices of its neighbours; it may be blank, never missing.
    if element.label.is_none() && element.control.text("appearance") == Some("label") {
        element.label = Some(Field::Text(" ".to_owned()));
    }
}

/// A map over another, in whose order it goes on.
fn laid_over(mut own: Fields, over: &Fields) -> Fields {
    let fixed = own.0.len();
    for (key, value) in &over.0 {
        // A name stands once in each, so what is new needs no look at what was added.
        match own.0.iter_mut().take(fixed).find(|(known, _)| known == key) {
            Some((_, place)) => *place = value.clone(),
            None => own.0.push((std::rc::Rc::clone(key), value.clone())),
        }
    }
    own
}
