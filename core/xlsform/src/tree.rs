//! The survey as a tree: groups, repeats and questions, each knowing its parent and its path.

use std::cell::Cell;
use std::collections::HashMap;

use crate::field::{Field, Fields};
use crate::types::QuestionType;

/// An element of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Id(usize);

/// What an element is.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub(crate) parent: Option<Id>,
    pub(crate) children: Vec<Id>,
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
    /// The tags of a map feature: key and label.
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) actions: Vec<Action>,
    pub(crate) trigger: Vec<String>,
    pub(crate) path: String,
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
            parent: None,
            children: Vec::new(),
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
            tags: Vec::new(),
            actions: Vec::new(),
            trigger: Vec::new(),
            path: String::new(),
            bodyless: false,
        }
    }

    pub(crate) fn is_repeat(&self) -> bool {
        self.kind == Kind::Repeat
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

/// The whole survey.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    root: Element,
    rest: Vec<Element>,
    names: HashMap<String, Option<Id>>,
    /// The version of the entities specification, if there are entities.
    pub(crate) entities_version: Option<&'static str>,
    /// Bytes of the XForm that may still come of what a workbook says once and the form many times: paths, references,
    /// loops, templates, gaps of translations.
    left: Cell<usize>,
}

impl Tree {
    pub(crate) const ROOT: Id = Id(0);

    /// A tree of its root, whose XForm may have so many bytes.
    pub(crate) fn new(root: &str, bytes: usize) -> Self {
        let mut element = Element::new(Kind::Survey, root, 0);
        element.path = format!("/{root}");
        let names = HashMap::from([(root.to_owned(), Some(Self::ROOT))]);
        Self { root: element, rest: Vec::new(), names, entities_version: None, left: Cell::new(bytes) }
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
        self.rest.len()
    }

    /// An element. Ids come only from [`Tree::add`], so the root stands for none that could be missing.
    pub(crate) fn at(&self, id: Id) -> &Element {
        id.0.checked_sub(1).and_then(|at| self.rest.get(at)).unwrap_or(&self.root)
    }

    pub(crate) fn at_mut(&mut self, id: Id) -> &mut Element {
        match id.0.checked_sub(1).and_then(|at| self.rest.get_mut(at)) {
            Some(element) => element,
            None => &mut self.root,
        }
    }

    /// Adds an element under a parent.
    pub(crate) fn add(&mut self, parent: Id, mut element: Element) -> Id {
        let id = Id(self.rest.len() + 1);
        element.parent = Some(parent);
        element.path = format!("{}/{}", self.at(parent).path, element.name);
        self.spend(element.path.len());
        if !matches!(element.kind, Kind::External(_) | Kind::Attribute | Kind::EntityLabel) {
            self.names.entry(element.name.clone()).and_modify(|found| *found = None).or_insert(Some(id));
        }
        self.rest.push(element);
        self.at_mut(parent).children.push(id);
        id
    }

    /// The element of a name: none if unknown, `Some(None)` if two have it.
    pub(crate) fn named(&self, name: &str) -> Option<Option<Id>> {
        self.names.get(name).copied()
    }

    /// All elements, parents before children, in the order of the sheet.
    pub(crate) fn walk(&self) -> Vec<Id> {
        let mut order = Vec::with_capacity(self.rest.len() + 1);
        let mut stack = vec![Self::ROOT];
        while let Some(id) = stack.pop() {
            order.push(id);
            stack.extend(self.at(id).children.iter().rev());
        }
        order
    }

    /// The elements above, nearest first.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.at(id).parent, |up| self.at(*up).parent)
    }

    /// The nearest repeat above.
    pub(crate) fn repeat_above(&self, id: Id) -> Option<Id> {
        self.ancestors(id).find(|up| self.at(*up).is_repeat())
    }
}
