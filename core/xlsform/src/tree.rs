//! The survey as a tree: groups, repeats and questions, each knowing its parent and its path.

mod pack;

use std::cell::Cell;
use std::collections::HashMap;

use crate::field::{Field, Fields};
use crate::symbols::{Symbol, Symbols};
use crate::types::QuestionType;
pub(crate) use pack::part;
use pack::{Reader, Words, Writer};

/// An element of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Id(u32);

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Survey,
    Group,
    Repeat,
    Question(QuestionType),
    /// `csv-external`, `xml-external`: a file beside the form.
    External(&'static str),
    /// What is written into a list of entities.
    Entity,
    /// An attribute of an entity, its name with `@`; its default is its value.
    Attribute,
    /// An entity's label.
    EntityLabel,
}

/// An action that runs when the form opens or an instance is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) event: &'static str,
    /// What is set; none for the element's default.
    pub(crate) value: Option<&'static str>,
    pub(crate) quality: Option<String>,
}

impl Action {
    /// Sets the element's default.
    pub(crate) fn setvalue(event: &'static str) -> Self {
        Self { name: "setvalue", event, value: None, quality: None }
    }
}

/// A group, a repeat or a question.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) kind: Kind,
    /// The type as written, after aliases.
    pub(crate) word: String,
    pub(crate) name: String,
    /// The row of the survey sheet; 0 for what the converter adds.
    pub(crate) row: u32,
    pub(crate) label: Option<Field>,
    pub(crate) hint: Option<Field>,
    pub(crate) guidance: Option<Field>,
    pub(crate) media: Fields,
    pub(crate) bind: Option<Fields>,
    pub(crate) control: Fields,
    pub(crate) instance: Fields,
    pub(crate) default: Option<String>,
    pub(crate) choice_filter: Option<String>,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) itemset: Option<String>,
    /// Are its choices searched in a file?
    pub(crate) searched: bool,
    /// The list of the tags of a map feature.
    pub(crate) tags: Option<String>,
    pub(crate) actions: Vec<Action>,
    /// The names of the questions that set it off.
    pub(crate) trigger: Vec<Symbol>,
    /// Has no part in the body.
    pub(crate) bodyless: bool,
}

impl Element {
    pub(crate) fn new(kind: Kind, name: &str, row: u32) -> Self {
        Self {
            kind,
            word: String::new(),
            name: name.to_owned(),
            row,
            label: None,
            hint: None,
            guidance: None,
            media: Fields::default(),
            bind: None,
            control: Fields::default(),
            instance: Fields::default(),
            default: None,
            choice_filter: None,
            parameters: Vec::new(),
            itemset: None,
            searched: false,
            tags: None,
            actions: Vec::new(),
            trigger: Vec::new(),
            bodyless: false,
        }
    }

    pub(crate) fn bind_mut(&mut self) -> &mut Fields {
        self.bind.get_or_insert_default()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Does its label stand in the translations?
    pub(crate) fn label_needs_itext(&self) -> bool {
        matches!(self.label, Some(Field::Map(_))) || !self.media.is_empty()
    }
}

/// The bind that comes with a type.
pub(crate) fn type_bind(kind: QuestionType) -> Fields {
    let mut bind = Fields::default();
    for (key, value) in kind.bind {
        bind.set_text(key, *value);
    }
    if !kind.data.is_empty() {
        bind.set_text("type", kind.data);
    }
    bind
}

/// Where an element stands; all else of it is bytes.
#[derive(Debug, Clone, Copy)]
struct Slot {
    name: Symbol,
    /// Its kind, of the tree's kinds.
    kind: u16,
    parent: u32,
    /// The next of its parent's, or the root.
    next: u32,
    /// Where its bytes begin.
    at: u32,
}

/// The whole survey.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    root: Element,
    slots: Vec<Slot>,
    /// The first and the last of an element's children.
    children: HashMap<Id, (Id, Id)>,
    kinds: Vec<Kind>,
    bytes: Vec<u8>,
    /// Names, and all words that elements have in common.
    words: Words,
    /// For each word the element of that name and one; the last number for two.
    named: Vec<u32>,
    /// The version of the entities specification, if there are entities.
    pub(crate) entities_version: Option<&'static str>,
    /// Bytes of the XForm that may still come of what a workbook says once and the form many times: paths, references,
    /// loops, templates.
    left: Cell<usize>,
}

const SEVERAL: u32 = u32::MAX;

impl Tree {
    pub(crate) const ROOT: Id = Id(0);

    /// A tree of its root, whose XForm may have so many bytes.
    pub(crate) fn new(root: Element, bytes: usize) -> Self {
        let mut tree = Self {
            root,
            slots: Vec::new(),
            children: HashMap::new(),
            kinds: Vec::new(),
            bytes: Vec::new(),
            words: Words::default(),
            named: Vec::new(),
            entities_version: None,
            left: Cell::new(bytes),
        };
        let name = tree.root.name.clone();
        tree.name_it(&name, Self::ROOT);
        tree
    }

    /// Takes bytes out of what the XForm may have. False if there are not so many; then the tree is full.
    pub(crate) fn spend(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.is_some_and(|left| left > 0)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.left.get() == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// A word's number, by which names are known here.
    pub(crate) fn word(&mut self, word: &str) -> Symbol {
        self.words.words.add(word)
    }

    pub(crate) fn words(&self) -> &Symbols {
        &self.words.words
    }

    /// Ids come only from [`Tree::add`], so the root stands for none that could be missing.
    fn slot(&self, id: Id) -> Option<&Slot> {
        self.slots.get(usize::try_from(id.0.checked_sub(1)?).ok()?)
    }

    /// Has the element any of these parts?
    pub(crate) fn has(&self, id: Id, parts: u32) -> bool {
        let Some(at) = self.slot(id).and_then(|slot| usize::try_from(slot.at).ok()) else { return true };
        let bytes = self.bytes.get(at..).unwrap_or_default();
        Reader { bytes, words: &self.words }.number() & parts != 0
    }

    /// An element, with all that is known of it.
    pub(crate) fn at(&self, id: Id) -> Element {
        let Some(slot) = self.slot(id) else { return self.root.clone() };
        let kind = self.kind(id);
        let mut element = Element::new(kind, self.words.words.get(slot.name), 0);
        let own = match kind {
            Kind::Question(kind) => Some(type_bind(kind)),
            _ => None,
        };
        let at = usize::try_from(slot.at).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(at..).unwrap_or_default();
        Reader { bytes, words: &self.words }.element(&mut element, own);
        element
    }

    pub(crate) fn kind(&self, id: Id) -> Kind {
        let kind = self.slot(id).and_then(|slot| self.kinds.get(usize::from(slot.kind)));
        kind.copied().unwrap_or(Kind::Survey)
    }

    pub(crate) fn is_repeat(&self, id: Id) -> bool {
        self.kind(id) == Kind::Repeat
    }

    pub(crate) fn name(&self, id: Id) -> &str {
        self.slot(id).map_or(&self.root.name, |slot| self.words.words.get(slot.name))
    }

    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        Some(Id(self.slot(id)?.parent))
    }

    /// From the root: `/data/group/question`.
    pub(crate) fn path(&self, id: Id) -> String {
        let mut names = vec![self.name(id)];
        names.extend(self.ancestors(id).map(|up| self.name(up)));
        let mut path = String::with_capacity(names.iter().map(|name| name.len() + 1).sum());
        for name in names.iter().rev() {
            path.push('/');
            path.push_str(name);
        }
        path
    }

    /// The children of an element, in the order of the sheet.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let first = self.children.get(&id).map(|(first, _)| *first);
        std::iter::successors(first, |child| self.next(*child))
    }

    fn next(&self, id: Id) -> Option<Id> {
        self.slot(id).map(|slot| Id(slot.next)).filter(|next| *next != Self::ROOT)
    }

    /// Adds an element under a parent.
    pub(crate) fn add(&mut self, parent: Id, element: Element) -> Id {
        let id = Id(u32::try_from(self.slots.len() + 1).unwrap_or(u32::MAX));
        let kind = self.kinds.iter().position(|kind| *kind == element.kind).unwrap_or_else(|| {
            self.kinds.push(element.kind);
            self.kinds.len() - 1
        });
        let own = match element.kind {
            Kind::Question(kind) => Some(type_bind(kind)),
            _ => None,
        };
        let at = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        Writer { bytes: &mut self.bytes, words: &mut self.words }.element(&element, own.as_ref());
        let name = self.words.words.add(&element.name);
        self.slots.push(Slot { name, kind: u16::try_from(kind).unwrap_or(0), parent: parent.0, next: 0, at });
        let before = match self.children.get_mut(&parent) {
            Some((_, last)) => Some(std::mem::replace(last, id)),
            None => {
                self.children.insert(parent, (id, id));
                None
            }
        };
        let before =
            before.and_then(|before| before.0.checked_sub(1)).and_then(|at| usize::try_from(at).ok());
        if let Some(slot) = before.and_then(|at| self.slots.get_mut(at)) {
            slot.next = id.0;
        }
        if !matches!(element.kind, Kind::External(_) | Kind::Attribute | Kind::EntityLabel) {
            self.name_it(&element.name, id);
        }
        let above: usize = self.ancestors(id).map(|up| self.name(up).len() + 1).sum();
        self.spend(above + element.name.len() + 1);
        id
    }

    fn name_it(&mut self, name: &str, id: Id) {
        let at = self.words.words.add(name).index();
        if self.named.len() <= at {
            self.named.resize(at + 1, 0);
        }
        if let Some(place) = self.named.get_mut(at) {
            *place = if *place == 0 { id.0 + 1 } else { SEVERAL };
        }
    }

    /// The element of a name: none if unknown, `Some(None)` if two have it.
    pub(crate) fn named(&self, name: &str) -> Option<Option<Id>> {
        let found = self.named.get(self.words.words.find(name)?.index()).copied()?;
        Some(Some(Id(found.checked_sub(1)?)).filter(|_| found != SEVERAL))
    }

    /// All elements, parents before children, in the order of the sheet.
    pub(crate) fn walk(&self) -> impl Iterator<Item = Id> {
        std::iter::successors(Some(Self::ROOT), |id| {
            let below = self.children.get(id).map(|(first, _)| *first);
            below.or_else(|| {
                let mut around = std::iter::once(*id).chain(self.ancestors(*id));
                around.find_map(|up| self.next(up))
            })
        })
    }

    /// The elements above, nearest first.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.parent(id), |up| self.parent(*up))
    }

    /// The nearest repeat above.
    pub(crate) fn repeat_above(&self, id: Id) -> Option<Id> {
        self.ancestors(id).find(|up| self.is_repeat(*up))
    }
}

/// Rows that are kept for later, as bytes.
#[derive(Debug, Default)]
pub(crate) struct KeptRows {
    bytes: Vec<u8>,
    words: Words,
    /// The number of each row, and where its bytes begin.
    rows: Vec<(u32, usize)>,
}

impl KeptRows {
    pub(crate) fn push(&mut self, number: u32, fields: &Fields) {
        self.rows.push((number, self.bytes.len()));
        Writer { bytes: &mut self.bytes, words: &mut self.words }.fields(fields);
    }

    /// Number and fields of each row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Fields)> {
        self.rows.iter().map(|(number, at)| {
            let bytes = self.bytes.get(*at..).unwrap_or_default();
            (*number, Reader { bytes, words: &self.words }.fields())
        })
    }
}
