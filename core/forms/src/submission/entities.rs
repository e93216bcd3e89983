//! What a record says of entities: the `entity` elements of its `meta` blocks, and the nodes that are
//! saved to a property.

use crate::answer::EntityChange;
use crate::form::{Def, DefId, Form};
use crate::instance::{NodeId, Seed, State};
use crate::xform::ENTITIES;
use std::collections::{BTreeMap, BTreeSet, HashMap};

fn is(form: &Form, def: Option<&Def>, name: &str) -> bool {
    def.is_some_and(|def| !def.attribute && form.names.name(def.local) == name)
}

fn child(form: &Form, state: &State, id: NodeId, name: &str, attribute: bool) -> Option<NodeId> {
    let def = state.node(id).and_then(|node| form.def(node.def))?;
    let mut children = def.children.iter().filter_map(|child| form.def(*child));
    let found = children.find(|one| one.attribute == attribute && form.names.name(one.local) == name)?;
    state.slot(id, found.slot).first().copied()
}

/// The `entity` element below a node's own `meta`.
fn entity(form: &Form, state: &State, id: NodeId) -> Option<NodeId> {
    child(form, state, child(form, state, id, "meta", false)?, "entity", false)
}

pub(super) fn changes(form: &Form, state: &State) -> Vec<EntityChange> {
    // Most forms have none.
    if !form.defs.iter().any(|def| is(form, Some(def), "entity")) {
        return Vec::new();
    }
    let mut all = Vec::new();
    state.subtree(state.root, &mut all);
    all.retain(|id| state.relevant(*id));
    // In the record's order of their elements; what the submission leaves out says nothing.
    let places: HashMap<NodeId, usize> = all.iter().copied().zip(0..).collect();
    let mut owners: Vec<(NodeId, NodeId)> = all
        .iter()
        .filter_map(|id| Some((*id, entity(form, state, *id)?)))
        .filter(|(_, entity)| places.contains_key(entity))
        .collect();
    owners.sort_by_key(|(_, entity)| places.get(entity).copied());
    let mut properties = properties(form, state, &all, &owners);
    let change = |(owner, entity): &(NodeId, NodeId)| {
        let shown = |name: &str, attribute: bool| {
            child(form, state, *entity, name, attribute)
                .filter(|id| state.relevant(*id))
                .map(|id| state.value(id))
        };
        let attribute = |name: &str| shown(name, true).unwrap_or_default().to_owned();
        let truth = |name: &str| matches!(attribute(name).as_str(), "1" | "true");
        let label = shown("label", false).filter(|label| !label.trim().is_empty());
        EntityChange {
            dataset: attribute("dataset"),
            id: attribute("id"),
            label: label.unwrap_or_default().to_owned(),
            create: truth("create"),
            update: truth("update"),
            base_version: attribute("baseVersion"),
            trunk_version: attribute("trunkVersion"),
            branch_id: attribute("branchId"),
            properties: properties.remove(owner).unwrap_or_default(),
        }
    };
    owners.iter().map(change).filter(|change| change.create || change.update).collect()
}

/// Nodes with `entities:saveto`, by their nearest owner of an entity.
fn properties(
    form: &Form,
    state: &State,
    all: &[NodeId],
    owners: &[(NodeId, NodeId)],
) -> HashMap<NodeId, Vec<(String, String)>> {
    let mut by_owner: HashMap<NodeId, Vec<(String, String)>> =
        owners.iter().map(|(owner, _)| (*owner, Vec::new())).collect();
    for id in all {
        let bind = state.node(*id).and_then(|node| form.def(node.def)).map(Def::bind);
        let saved = bind
            .and_then(|bind| bind.foreign.iter().find(|(ns, name, _)| ns == ENTITIES && name == "saveto"));
        let Some((_, _, property)) = saved else { continue };
        let mut next = Some(*id);
        while let Some(id_above) = next {
            if let Some(saved) = by_owner.get_mut(&id_above) {
                saved.push((property.clone(), state.value(*id).to_owned()));
                break;
            }
            next = state.parent(id_above);
        }
    }
    by_owner
}

impl Form {
    /// The lists of entities that its records create or update, each with the properties that it saves there.
    pub fn entity_lists(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut owners = BTreeMap::new();
        for def in &self.defs {
            let meta = def.parent.and_then(|id| self.def(id));
            if !is(self, Some(def), "entity") || !is(self, meta, "meta") {
                continue;
            }
            let dataset = def.children.iter().copied().find(|id| {
                self.def(*id).is_some_and(|one| one.attribute && self.names.name(one.local) == "dataset")
            });
            let owner = meta.and_then(|meta| meta.parent);
            if let (Some(owner), Some(name)) = (owner, dataset.and_then(|id| self.seeded(id))) {
                owners.insert(owner, name.to_owned());
            }
        }
        let mut lists: BTreeMap<String, BTreeSet<String>> =
            owners.values().map(|name| (name.clone(), BTreeSet::new())).collect();
        for def in &self.defs {
            let saved = def.bind().foreign.iter().find(|(ns, name, _)| ns == ENTITIES && name == "saveto");
            let Some((_, _, property)) = saved else { continue };
            let mut above = def.parent;
            while let Some(id) = above {
                if let Some(list) = owners.get(&id) {
                    lists.entry(list.clone()).or_default().insert(property.clone());
                    break;
                }
                above = self.def(id).and_then(|def| def.parent);
            }
        }
        lists
    }

    /// What a node begins as, in the form or in what a new instance of its repeat is made from.
    fn seeded(&self, id: DefId) -> Option<&str> {
        let (mut path, mut above) = (vec![id], self.def(id)?.parent);
        let mut seed: &Seed = loop {
            let Some(def) = above.and_then(|id| self.def(id)) else { break &self.seed };
            if let Some(template) = &def.template {
                break template;
            }
            path.extend(above);
            above = def.parent;
        };
        for step in path.into_iter().rev().filter(|step| *step != seed.def) {
            seed = seed.children().iter().find(|child| child.def == step)?;
        }
        Some(&seed.value)
    }
}
