//! The compiled form: nodes, expressions, texts, body, in tables that never change.

use crate::answer::{SubmissionRules, Warning, Wish};
use crate::context::Limits;
use crate::instance::Seed;
use crate::instance::tally::Keeping;
use crate::itext::Itext;
use crate::secondary::{Index, Secondary};
use crate::submission::rsa::PublicKey;
use crate::value::ValueType;
use crate::xml::{Names, Sym};
use crate::xpath::expr::Expr;
use foldhash::HashMap;
use std::collections::BTreeSet;

mod body;
mod node;

pub(crate) use body::{
    ChoiceSource, Control, ControlKind, Element, GroupDef, InlineChoice, ItemLabel, Itemset, Look, Piece,
    RepeatDef, Text,
};
pub(crate) use node::{Bind, ByName, Def, Follows, NO_BIND};

/// Index into [`Form::defs`].
pub(crate) type DefId = u32;
/// The document element of the primary instance.
pub(crate) const ROOT: DefId = 0;

/// A compiled form. It never changes, so any number of sessions and threads may share it in an `Arc`.
#[derive(Debug)]
pub struct Form {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) style: String,
    pub(crate) names: Names,
    /// Attributes of the primary instance's root, in order.
    pub(crate) root_attributes: Vec<RootAttribute>,
    /// Prefix and namespace of each name that the primary instance uses with a prefix.
    pub(crate) namespaces: Vec<(Sym, Sym)>,
    /// The namespace that unprefixed instance elements are written in: empty for XForms' own.
    pub(crate) default_namespace: String,
    pub(crate) defs: Vec<Def>,
    /// By definition.
    pub(crate) follows: Vec<Follows>,
    pub(crate) by_name: ByName,
    pub(crate) seed: Seed,
    pub(crate) secondary: Vec<Secondary>,
    pub(crate) secondary_ids: HashMap<String, u16>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) columns: Vec<Column>,
    /// Columns by their leaves.
    pub(crate) leaves: Vec<u32>,
    pub(crate) texts: Itext,
    pub(crate) body: Vec<Element>,
    pub(crate) controls: Vec<Control>,
    pub(crate) vertices: Vec<Vertex>,
    /// Those of all definitions, in their order.
    pub(crate) dependents: Vec<Dependent>,
    /// Ways down the tree, one after the other.
    pub(crate) slots: Vec<u16>,
    pub(crate) actions: Vec<Action>,
    /// Actions of the first load, of every load and of revalidation, in document order.
    pub(crate) first_load: Vec<u32>,
    pub(crate) every_load: Vec<u32>,
    pub(crate) revalidate: Vec<u32>,
    /// Vertices whose expression depends on the language in force.
    pub(crate) spoken: Vec<u32>,
    /// For each repeat, the vertices that a new instance brings.
    pub(crate) within: HashMap<DefId, Vec<u32>>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) rules: SubmissionRules,
    /// What submissions are encrypted with.
    pub(crate) key: Option<PublicKey>,
    pub(crate) limits: Limits,
}

/// An attribute of the primary instance's root.
#[derive(Debug, Clone)]
pub(crate) struct RootAttribute {
    pub(crate) prefix: String,
    pub(crate) ns: String,
    pub(crate) local: String,
    pub(crate) value: String,
}

/// Something that depends on a node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dependent {
    pub(crate) vertex: u32,
    /// How many levels to climb from the changed node to what both share.
    pub(crate) up: u16,
    /// Down from there to the dependent's node.
    pub(crate) down: Way,
    /// Which instances of a shared repeat it concerns; all, without.
    pub(crate) near: Option<Near>,
    /// Whether it reads where an instance stands: then it follows when one before it goes.
    pub(crate) place: bool,
}

/// Slots, from one node down to another: a part of [`Form::slots`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) start: u32,
    pub(crate) length: u16,
}

/// A change in the instance at place `k` concerns the one at `k + offset` and, unless `only`, all after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Near {
    /// Levels from the changed node up to its instance.
    pub(crate) up: u16,
    /// Slots of [`Dependent::down`] that lead to the instances.
    pub(crate) slots: u16,
    pub(crate) offset: i32,
    pub(crate) only: bool,
}

/// Nodes of a repeat that an aggregate reads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) leaf: DefId,
    /// Levels from a leaf up to the anchor.
    pub(crate) up: u16,
    /// Slots from the anchor down to the leaves.
    pub(crate) path: Box<[u16]>,
    pub(crate) keeping: Keeping,
}

/// One expression that is kept up to date, in evaluation order.
#[derive(Debug)]
pub(crate) struct Vertex {
    pub(crate) def: DefId,
    pub(crate) task: Task,
    /// The type of the node.
    pub(crate) kind: ValueType,
    /// From the root to its nodes.
    pub(crate) path: Way,
    /// What it gives; choices are their question's.
    pub(crate) expr: Option<Expr>,
}

/// What a vertex keeps up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Task {
    /// Whether the node is relevant.
    Relevant,
    /// How many instances the repeat has (evaluated at the parent of the repeat).
    Count,
    /// The node's value.
    Calculate,
    /// Whether the choice taken is still in the list.
    Choices,
}

/// An action that an event sets off.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) target: DefId,
    /// Only these of the target's nodes.
    pub(crate) chosen: Option<Expr>,
    pub(crate) does: Does,
}

#[derive(Debug)]
pub(crate) enum Does {
    /// `setvalue`
    Set(Expr),
    /// What only the device can do: the shell is asked.
    Ask(Wish),
}

impl Form {
    /// The form's id, by which servers know it.
    pub fn id(&self) -> &str {
        &self.id
    }
    /// Its version, empty when it has none.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }
    /// The languages of its itext block, in order.
    pub fn languages(&self) -> &[String] {
        &self.texts.languages
    }
    /// The language that a session begins in.
    pub fn default_language(&self) -> Option<&str> {
        self.texts.languages.get(self.texts.default).map(String::as_str)
    }
    /// An attribute of the primary instance's root element, such as a `kind` of one's own.
    pub fn root_attribute(&self, ns: &str, name: &str) -> Option<&str> {
        let found =
            self.root_attributes.iter().find(|attribute| attribute.ns == ns && attribute.local == name);
        found.map(|attribute| attribute.value.as_str())
    }
    /// What it says about sending.
    pub fn submission_rules(&self) -> &SubmissionRules {
        &self.rules
    }
    /// What a form needs from whoever runs it, beyond asking and storing; by the specification's names. An
    /// application that does not do it must not open the form: answers would go in clear, or stay empty.
    pub fn needs(&self) -> Vec<&'static str> {
        let asks = |wanted: fn(&Wish) -> bool| {
            self.actions.iter().any(|action| matches!(&action.does, Does::Ask(wish) if wanted(wish)))
        };
        let needs = [
            (self.rules.encrypted, "base64RsaPublicKey"),
            (asks(|wish| *wish == Wish::Place), "odk:setgeopoint"),
            (asks(|wish| matches!(wish, Wish::Recording { .. })), "odk:recordaudio"),
        ];
        needs.into_iter().filter(|(needed, _)| *needed).map(|(_, name)| name).collect()
    }
    /// The files that its instances were read from, as it calls them (`jr://file-csv/…`, `jr://file/…`).
    pub fn files(&self) -> BTreeSet<&str> {
        self.secondary.iter().filter_map(|instance| instance.file.as_deref()).collect()
    }
    /// The files that stand beside its texts (`jr://images/…`, `jr://audio/…`, `jr://video/…`), in any language, each
    /// once.
    pub fn media(&self) -> BTreeSet<&str> {
        self.texts.media().filter(|uri| !uri.is_empty()).collect()
    }
    /// What its author should look at.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    pub(crate) fn def(&self, id: DefId) -> Option<&Def> {
        self.defs.get(id as usize)
    }
    /// What depends on a definition's nodes.
    pub(crate) fn dependents(&self, id: DefId) -> &[Dependent] {
        let (start, end) = self.follows.get(id as usize).map_or((0, 0), |follows| follows.dependents);
        self.dependents.get(start as usize..end as usize).unwrap_or(&[])
    }
    /// The columns that a definition's nodes are leaves of.
    pub(crate) fn columns_of(&self, id: DefId) -> &[u32] {
        let (start, end) = self.follows.get(id as usize).map_or((0, 0), |follows| follows.columns);
        self.leaves.get(start as usize..end as usize).unwrap_or(&[])
    }
    /// The slots of a way.
    pub(crate) fn slots(&self, way: Way) -> &[u16] {
        let start = way.start as usize;
        self.slots.get(start..start + way.length as usize).unwrap_or(&[])
    }
    /// A node's name as written.
    pub(crate) fn name(&self, def: &Def) -> String {
        let at = if def.attribute { "@" } else { "" };
        let prefix = self.names.name(def.prefix);
        let colon = if prefix.is_empty() { "" } else { ":" };
        format!("{at}{prefix}{colon}{}", self.names.name(def.local))
    }
    /// The path of a definition, without positions.
    pub(crate) fn path(&self, id: DefId) -> String {
        let mut parts = Vec::new();
        let mut next = Some(id);
        while let Some(def) = next.and_then(|id| self.def(id)) {
            parts.push(self.name(def));
            next = def.parent;
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }
}
