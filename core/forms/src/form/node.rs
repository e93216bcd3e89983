//! The nodes of the primary instance, and what binds say of them.

use super::{DefId, Text};
use crate::instance::Seed;
use crate::value::ValueType;
use crate::xml::Sym;
use crate::xpath::expr::Expr;
use foldhash::HashMap;

/// Children by parent and local name: wide forms have thousands at one place. Those of one name (an attribute and an
/// element, or two namespaces) follow by [`Def::namesake`].
#[derive(Debug, Default)]
pub(crate) struct ByName(HashMap<(DefId, Sym), DefId>);

impl ByName {
    /// Children of that local name, in their order.
    pub(crate) fn of<'d>(
        &self,
        defs: &'d [Def],
        parent: DefId,
        local: Sym,
    ) -> impl Iterator<Item = (DefId, &'d Def)> + use<'d> {
        let mut next = self.0.get(&(parent, local)).copied();
        std::iter::from_fn(move || {
            let id = next?;
            let def = defs.get(id as usize)?;
            next = def.namesake;
            Some((id, def))
        })
    }
    /// Adds the last of `defs`, as a child of `parent`.
    pub(crate) fn add(&mut self, defs: &mut [Def], parent: DefId, local: Sym, id: DefId) {
        let last = self.of(defs, parent, local).last().map(|(last, _)| last);
        match last.and_then(|last| defs.get_mut(last as usize)) {
            Some(last) => last.namesake = Some(id),
            None => {
                self.0.insert((parent, local), id);
            }
        }
    }
}

/// A node of the primary instance, once for all its instances.
#[derive(Debug)]
pub(crate) struct Def {
    pub(crate) prefix: Sym,
    pub(crate) local: Sym,
    pub(crate) ns: Sym,
    pub(crate) parent: Option<DefId>,
    pub(crate) depth: u16,
    /// Its place among its parent's children.
    pub(crate) slot: u16,
    pub(crate) children: Vec<DefId>,
    pub(crate) attribute: bool,
    /// There may be several: a repeat of the body, or a node that the form itself has several times.
    pub(crate) repeats: bool,
    /// What a new instance of a repeat begins as.
    pub(crate) template: Option<Box<Seed>>,
    pub(crate) kind: ValueType,
    /// The next child of its parent with its local name.
    pub(crate) namesake: Option<DefId>,
    /// What a bind says of it; most nodes have none that says more than a type.
    pub(crate) bind: Option<Box<Bind>>,
    /// Whether its value is kept up to date, and whether that can only be true or false.
    pub(crate) calculated: bool,
    pub(crate) decides: bool,
    /// The control that asks for it.
    pub(crate) control: Option<u32>,
    /// For repeats of the body: may people add and remove, and is there a count.
    pub(crate) fixed: bool,
    pub(crate) counted: bool,
    /// Its count reads, by whatever way, how many instances there are.
    pub(crate) circular: bool,
}

/// What follows when a node of a definition changes, appears or disappears. Of all that is known of a node a
/// recalculation reads only this, so that it stands by itself: thousands stay near the processor.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Follows {
    /// What must be looked at again: a part of [`Form::dependents`].
    pub(crate) dependents: (u32, u32),
    /// Columns that its nodes are leaves of: a part of [`Form::leaves`].
    pub(crate) columns: (u32, u32),
}

impl Def {
    /// What a bind says of it.
    pub(crate) fn bind(&self) -> &Bind {
        self.bind.as_deref().unwrap_or(&NO_BIND)
    }
    pub(crate) fn bind_mut(&mut self) -> &mut Bind {
        self.bind.get_or_insert_default()
    }
}

/// What a bind says of a node, besides what is kept up to date ([`Vertex`]).
#[derive(Debug, Default)]
pub(crate) struct Bind {
    pub(crate) readonly: Option<Expr>,
    pub(crate) required: Option<Expr>,
    pub(crate) constraint: Option<Expr>,
    pub(crate) required_message: Text,
    pub(crate) constraint_message: Text,
    pub(crate) preload: Option<Box<(String, String)>>,
    /// For repeats: whether instances would be relevant, evaluated at the parent.
    pub(crate) welcome: Option<Box<Expr>>,
    /// Actions when its value changes, and when an instance of it is added.
    pub(crate) on_change: Vec<u32>,
    pub(crate) on_new: Vec<u32>,
    /// Attributes in namespaces that the engine does not know: namespace, name, value.
    pub(crate) foreign: Vec<(String, String, String)>,
    /// Attributes for the shell (`max-pixels`, audio quality …).
    pub(crate) attributes: Vec<(String, String)>,
}

/// Of a node without a bind.
pub(crate) static NO_BIND: Bind = Bind {
    readonly: None,
    required: None,
    constraint: None,
    required_message: Text::None,
    constraint_message: Text::None,
    preload: None,
    welcome: None,
    on_change: Vec::new(),
    on_new: Vec::new(),
    foreign: Vec::new(),
    attributes: Vec::new(),
};
