//! The answer tree: an arena of nodes shaped by the form's definitions. Children are reached by slot,
//! instances of a repeat by position, both without a search.

use crate::answer::{Misfit, Wish};
use crate::context::{Context, Moment};
use crate::form::{Def, DefId, Form, ROOT};
use crate::xpath::expr::Expr;
use foldhash::{HashMap, HashMapExt};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

mod lists;
pub(crate) mod prefix;
mod seed;
pub(crate) mod tally;
mod work;

pub(crate) use lists::Instances;
pub(crate) use seed::{Seed, least_nodes};

/// Index into [`State::nodes`].
pub(crate) type NodeId = u32;
pub(crate) const NO_NODE: NodeId = u32::MAX;

/// The children of one slot.
#[derive(Debug, Clone)]
pub(crate) enum Kid {
    One(NodeId),
    Many(Box<Instances>),
}

/// A node of the answers, as long as a line of the processor's cache.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(crate) struct Node {
    pub(crate) def: DefId,
    pub(crate) parent: NodeId,
    /// Its slot among its parent's children.
    pub(crate) slot: u16,
    /// Counts all instances that its repeat has ever had here; it never changes.
    pub(crate) number: u32,
    /// Whether it is an instance of a repeat.
    pub(crate) one_of_several: bool,
    /// By its own expression.
    pub(crate) relevant_itself: bool,
    /// Beyond what `jr:count` asks for now: kept, not shown.
    pub(crate) surplus: bool,
    /// By its own and all expressions above it.
    pub(crate) relevant: bool,
    /// Taken out of the tree; kept for undo.
    pub(crate) gone: bool,
    /// A short one stands here and not elsewhere: one change may write thousands.
    pub(crate) value: SmolStr,
    pub(crate) kids: Box<[Kid]>,
}

/// Bytes that look random, from entropy that was handed in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    key: [u8; 32],
    counter: Cell<u64>,
}

impl Source {
    fn reseed(&mut self, entropy: [u8; 16]) {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(entropy);
        self.key = hash.finalize().into();
        self.counter.set(0);
    }
    pub(crate) fn block(&self) -> [u8; 32] {
        let count = self.counter.get();
        self.counter.set(count + 1);
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(count.to_le_bytes());
        hash.finalize().into()
    }
    /// In `[0, 1)`.
    pub(crate) fn unit(&self) -> f64 {
        let bits = self.block().iter().take(6).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        #[allow(clippy::cast_precision_loss, reason = "48 bits fit")]
        let fraction = bits as f64 / (1u64 << 48) as f64;
        fraction
    }
    /// A version 4 UUID.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(self.block()).for_each(|(byte, random)| *byte = random);
        uuid_of(bytes)
    }
}

/// A version 4 UUID of random bytes.
pub(crate) fn uuid_of(bytes: [u8; 16]) -> String {
    let mut out = String::new();
    for (index, byte) in bytes.iter().enumerate() {
        let byte = match index {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out += &format!("{byte:02x}");
    }
    out
}

/// All that changes while a form is filled.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: NodeId,
    pub(crate) moment: Moment,
    pub(crate) source: Source,
    pub(crate) properties: HashMap<String, String>,
    pub(crate) language: usize,
    /// The instance id of the record that this one revises.
    pub(crate) deprecated: Option<String>,
    /// What the saved instance held and this version of the form has no place for.
    pub(crate) misfits: Vec<Misfit>,
    /// What actions have asked of the device and not yet got.
    pub(crate) wishes: Vec<(NodeId, Wish)>,
    /// Outputs of texts, compiled for the definition that shows them.
    pub(crate) outputs: RefCell<HashMap<(u32, DefId), Arc<Expr>>>,
    /// Columns that were asked for, by column and anchor.
    pub(crate) tallies: RefCell<HashMap<(u32, NodeId), tally::Tally>>,
    pub(crate) work: work::Work,
}

/// Properties that are asked for at the start, besides those that a form names in `jr:preloadParams`.
const PROPERTIES: [&str; 6] = ["deviceid", "username", "email", "phonenumber", "simserial", "subscriberid"];

impl State {
    /// Answers that begin as `seed`.
    pub(crate) fn new(form: &Form, seed: &Seed, cx: &mut dyn Context) -> State {
        let mut state = State {
            nodes: Vec::new(),
            root: 0,
            moment: cx.now(),
            source: Source::default(),
            properties: HashMap::new(),
            language: form.texts.default,
            deprecated: None,
            misfits: Vec::new(),
            wishes: Vec::new(),
            outputs: RefCell::default(),
            tallies: RefCell::default(),
            work: work::Work::new(&form.limits),
        };
        let named =
            form.defs.iter().filter_map(|def| def.bind().preload.as_ref()).map(|preload| preload.1.as_str());
        for name in PROPERTIES.into_iter().chain(named) {
            if let Some(value) = cx.property(name) {
                state.properties.insert(name.to_lowercase(), value);
            }
        }
        state.refresh(cx);
        state.root = state.plant(form, seed, NO_NODE);
        state
    }

    /// Takes the clock and new entropy; done at the start of each change.
    pub(crate) fn refresh(&mut self, cx: &mut dyn Context) {
        self.moment = cx.now();
        self.source.reseed(cx.entropy());
        self.work.renew();
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }
    pub(crate) fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id as usize)
    }
    pub(crate) fn value(&self, id: NodeId) -> &str {
        self.node(id).map_or("", |node| &node.value)
    }
    pub(crate) fn relevant(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.relevant)
    }
    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).map(|node| node.parent).filter(|parent| *parent != NO_NODE)
    }
    pub(crate) fn climb(&self, id: NodeId, levels: u16) -> Option<NodeId> {
        let mut id = id;
        for _ in 0..levels {
            id = self.parent(id)?;
        }
        Some(id)
    }
    /// The nodes of one slot of a node.
    pub(crate) fn slot(&self, id: NodeId, slot: u16) -> &[NodeId] {
        match self.node(id).and_then(|node| node.kids.get(slot as usize)) {
            Some(Kid::One(id)) => std::slice::from_ref(id),
            Some(Kid::Many(instances)) => instances.list(),
            None => &[],
        }
    }
    /// All nodes at the end of `path` below `from`, in document order.
    pub(crate) fn walk(&self, from: NodeId, path: &[u16], each: &mut dyn FnMut(NodeId)) {
        match path.split_first() {
            None => each(from),
            Some((slot, rest)) => {
                for kid in self.slot(from, *slot) {
                    self.walk(*kid, rest, each);
                }
            }
        }
    }
    /// A node and all below it, in document order.
    pub(crate) fn subtree(&self, id: NodeId, out: &mut Vec<NodeId>) {
        out.push(id);
        if let Some(node) = self.node(id) {
            for kid in &node.kids {
                match kid {
                    Kid::One(kid) => self.subtree(*kid, out),
                    Kid::Many(instances) => instances.list().iter().for_each(|kid| self.subtree(*kid, out)),
                }
            }
        }
    }

    /// Builds the nodes of a seed; the new node is not yet among its parent's children.
    pub(crate) fn plant(&mut self, form: &Form, seed: &Seed, parent: NodeId) -> NodeId {
        let id = NodeId::try_from(self.nodes.len()).unwrap_or(NO_NODE);
        let relevant = parent == NO_NODE || self.relevant(parent);
        let Some(def) = form.def(seed.def) else { return NO_NODE };
        self.nodes.push(Node {
            def: seed.def,
            parent,
            slot: def.slot,
            number: 0,
            one_of_several: def.repeats,
            relevant_itself: true,
            surplus: false,
            relevant,
            gone: false,
            value: seed.value.clone(),
            kids: Box::default(),
        });
        let mut kids: Vec<Kid> = Vec::with_capacity(def.children.len());
        // Definitions are numbered in the order of their parent's children: one walk over both.
        let mut sorted: Vec<&Seed> = seed.children().iter().collect();
        sorted.sort_by_key(|seed| seed.def);
        let mut rest = sorted.as_slice();
        for child in &def.children {
            let Some(child_def) = form.def(*child) else { continue };
            let before = rest.iter().take_while(|seed| seed.def < *child).count();
            let own = rest.get(before..).unwrap_or(&[]);
            let count = own.iter().take_while(|seed| seed.def == *child).count();
            let (seeds, after) = own.split_at_checked(count).unwrap_or((own, &[]));
            rest = after;
            if child_def.repeats {
                let mut instances = Instances::default();
                for seed in seeds.iter().copied() {
                    let kid = self.plant(form, seed, id);
                    let number = instances.push(kid, relevant);
                    if let Some(node) = self.node_mut(kid) {
                        node.number = number;
                    }
                }
                kids.push(Kid::Many(Box::new(instances)));
            } else {
                let empty = Seed::new(*child, "");
                let seed = seeds.last().copied().unwrap_or(&empty);
                let kid = self.plant(form, seed, id);
                kids.push(Kid::One(kid));
            }
        }
        if let Some(node) = self.node_mut(id) {
            node.kids = kids.into();
        }
        id
    }

    /// The reference of a node: positions on repeats only.
    pub(crate) fn path_of(&self, form: &Form, id: NodeId) -> String {
        let mut parts = Vec::new();
        let mut next = Some(id);
        while let Some((id, node)) = next.and_then(|id| self.node(id).map(|node| (id, node))) {
            if let Some(def) = form.def(node.def) {
                let name = form.name(def);
                parts.push(if def.repeats { format!("{name}[{}]", self.ordinal(id)) } else { name });
            }
            next = self.parent(id);
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }

    /// The node of a reference; a repeat without a position means its first instance.
    pub(crate) fn find(&self, form: &Form, path: &str) -> Option<NodeId> {
        let (parent, def, position) = self.find_slot(form, path)?;
        if def == ROOT {
            return Some(self.root);
        }
        let slot = form.def(def)?.slot;
        self.slot(parent, slot).get(position.unwrap_or(1).checked_sub(1)?).copied()
    }

    /// The parent node, the definition and the position that a reference names; the last node itself
    /// need not be there.
    pub(crate) fn find_slot(&self, form: &Form, path: &str) -> Option<(NodeId, DefId, Option<usize>)> {
        let mut parts = path.strip_prefix('/')?.split('/').peekable();
        let (root, _) = part(parts.next()?)?;
        if form.name(form.def(ROOT)?) != root {
            return None;
        }
        let mut at = self.root;
        let mut found = (NO_NODE, ROOT, None);
        while let Some(text) = parts.next() {
            let (name, position) = part(text)?;
            let child = form.child(self.node(at)?.def, name)?;
            found = (at, child, position);
            if parts.peek().is_some() {
                let slot = form.def(child)?.slot;
                at = *self.slot(at, slot).get(position.unwrap_or(1).checked_sub(1)?)?;
            }
        }
        Some(found)
    }
}

/// `name[3]` as name and position.
fn part(text: &str) -> Option<(&str, Option<usize>)> {
    match text.split_once('[') {
        None => Some((text, None)),
        Some((name, rest)) => Some((name, Some(rest.strip_suffix(']')?.trim().parse().ok()?))),
    }
}

impl Form {
    /// The child that a step of a reference names, with or without its prefix.
    pub(crate) fn child(&self, parent: DefId, name: &str) -> Option<DefId> {
        let (attribute, name) = name.strip_prefix('@').map_or((false, name), |name| (true, name));
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let is = |def: &Def| {
            def.attribute == attribute && (prefix.is_empty() || self.names.name(def.prefix) == prefix)
        };
        let mut named = self.by_name.of(&self.defs, parent, self.names.get(local)?);
        named.find(|(_, def)| is(def)).map(|(id, _)| id)
    }
}
