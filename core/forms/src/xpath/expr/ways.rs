//! The ways that the steps of a path lead down the definitions.

use super::super::ast::{Ast, Axis, Name, Step, Test};
use super::compile::{Compiler, Refusal};
use crate::form::{Def, DefId, ROOT};

/// One way down the definitions.
#[derive(Clone)]
pub(super) struct Way<'s> {
    pub(super) links: Vec<Link<'s>>,
    /// How many links are the context's own nodes.
    pub(super) bound: usize,
}

#[derive(Clone)]
pub(super) struct Link<'s> {
    pub(super) def: DefId,
    pub(super) predicates: Vec<&'s Ast>,
    /// A position read outside the path (`indexed-repeat`).
    pub(super) at: Option<&'s Ast>,
}

impl Link<'_> {
    fn plain(def: DefId) -> Self {
        Link { def, predicates: Vec::new(), at: None }
    }
    pub(super) fn is_plain(&self) -> bool {
        self.predicates.is_empty() && self.at.is_none()
    }
}

const MOST_WAYS: usize = 20_000;

fn too_many() -> Refusal {
    Refusal::Unsupported("a path with that many ways".to_owned())
}

impl Compiler<'_> {
    pub(super) fn def(&self, id: DefId) -> Option<&Def> {
        self.scope.defs.get(id as usize)
    }

    pub(super) fn lineage(&self, id: DefId) -> Vec<DefId> {
        let mut list = vec![id];
        while let Some(parent) = list.last().and_then(|id| self.def(*id)).and_then(|def| def.parent) {
            list.push(parent);
        }
        list.reverse();
        list
    }

    /// All ways that the steps lead from `start`.
    pub(super) fn ways<'s>(&self, start: Vec<DefId>, steps: &'s [Step]) -> Result<Vec<Way<'s>>, Refusal> {
        let bound = start.len();
        let mut ways = vec![Way { links: start.into_iter().map(Link::plain).collect(), bound }];
        for step in steps {
            let mut next = Vec::new();
            for way in ways {
                self.step(way, step, &mut next)?;
            }
            if next.len() > MOST_WAYS {
                return Err(too_many());
            }
            ways = next;
        }
        Ok(ways)
    }

    fn step<'s>(&self, mut way: Way<'s>, step: &'s Step, out: &mut Vec<Way<'s>>) -> Result<(), Refusal> {
        let is_attribute = |id: DefId| self.def(id).is_some_and(|def| def.attribute);
        let last_fits = |way: &Way<'_>, test: &Test| match way.links.last() {
            Some(link) => self.accepts(link.def, test),
            None => *test == Test::Node,
        };
        let no_predicate = |what: &str| match step.predicates.is_empty() {
            true => Ok(()),
            false => Err(Refusal::Unsupported(format!("a predicate on {what}"))),
        };
        match (step.axis, &step.test) {
            (Axis::Child, Test::Text) | (Axis::SelfNode, Test::Node) => {
                if way.links.len() == way.bound {
                    no_predicate("'.'")?;
                }
                if let Some(link) = way.links.last_mut() {
                    link.predicates.extend(&step.predicates);
                }
                out.push(way);
            }
            (Axis::SelfNode, test) => {
                no_predicate("the self axis")?;
                if last_fits(&way, test) {
                    out.push(way);
                }
            }
            (Axis::Child | Axis::Attribute, test) => {
                let named = match (test, way.links.last()) {
                    (Test::Name(name), Some(link)) => {
                        let local = self.scope.names.get(&name.local);
                        let found = |local| self.scope.by_name.of(self.scope.defs, link.def, local);
                        local.map(|local| found(local).map(|(id, _)| id).collect()).unwrap_or_default()
                    }
                    _ => self.below(&way),
                };
                let attribute = step.axis == Axis::Attribute;
                let mut fitting: Vec<DefId> = named
                    .into_iter()
                    .filter(|id| is_attribute(*id) == attribute && self.accepts(*id, test))
                    .collect();
                let last = fitting.pop();
                let link = |def| Link { def, predicates: step.predicates.iter().collect(), at: None };
                for child in fitting {
                    let mut way = way.clone();
                    way.links.push(link(child));
                    out.push(way);
                }
                if let Some(child) = last {
                    way.links.push(link(child));
                    out.push(way);
                }
            }
            (Axis::Parent, test) => {
                no_predicate("'..'")?;
                if way.links.pop().is_some() {
                    way.bound = way.bound.min(way.links.len());
                    if last_fits(&way, test) {
                        out.push(way);
                    }
                }
            }
            (Axis::Descendant | Axis::DescendantOrSelf, test) => {
                no_predicate("the descendant axis")?;
                let mut open = vec![(way, step.axis == Axis::DescendantOrSelf)];
                while let Some((way, take)) = open.pop() {
                    for child in self.below(&way).into_iter().rev().filter(|child| !is_attribute(*child)) {
                        let mut below = way.clone();
                        below.links.push(Link::plain(child));
                        open.push((below, true));
                    }
                    if take && last_fits(&way, test) {
                        out.push(way);
                    }
                    if out.len() + open.len() > MOST_WAYS {
                        return Err(too_many());
                    }
                }
            }
            (axis, _) => return Err(Refusal::Unsupported(format!("the XPath axis {}", axis.name()))),
        }
        Ok(())
    }

    fn below(&self, way: &Way<'_>) -> Vec<DefId> {
        match way.links.last() {
            None => vec![ROOT],
            Some(link) => self.def(link.def).map(|def| def.children.clone()).unwrap_or_default(),
        }
    }

    fn accepts(&self, id: DefId, test: &Test) -> bool {
        match test {
            Test::Name(name) => self.fits(id, name),
            Test::Any | Test::Node => true,
            Test::AnyIn(prefix) => {
                self.def(id).is_some_and(|def| self.scope.names.name(def.prefix) == prefix)
            }
            Test::Text => false,
        }
    }

    fn fits(&self, id: DefId, name: &Name) -> bool {
        let Some(def) = self.def(id) else { return false };
        if self.scope.names.name(def.local) != name.local {
            return false;
        }
        name.prefix.is_empty() || self.scope.names.name(def.prefix) == name.prefix || {
            let prefix = self.scope.names.get(&name.prefix);
            self.scope.namespaces.iter().any(|(known, ns)| Some(*known) == prefix && *ns == def.ns)
        }
    }
}
