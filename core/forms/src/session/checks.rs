//! Validity: required, type and constraint, evaluated when asked, so they are never stale.

use super::*;
use crate::answer::{Problem, Reason};
use crate::form::{Def, Element};

impl Session {
    pub(super) fn required(&self, id: NodeId) -> bool {
        let bind = self.state.node(id).and_then(|node| self.form.def(node.def)).map(Def::bind);
        let expr = bind.and_then(|bind| bind.required.as_ref());
        expr.is_some_and(|expr| self.eval().boolean(expr, &Here::at(id)))
    }

    /// What is wrong with the answer that a node has.
    pub(super) fn problem(&self, id: NodeId) -> Option<Problem> {
        let def = self.state.node(id).and_then(|node| self.form.def(node.def))?;
        let value = self.state.value(id);
        if value.is_empty() {
            return None;
        }
        let control = def.control.and_then(|index| self.form.controls.get(index as usize));
        let several = control
            .is_some_and(|control| matches!(control.kind, ControlKind::SelectMany | ControlKind::Rank));
        let accepted = if several {
            value.split_ascii_whitespace().all(|one| def.kind.accepts(one))
        } else {
            def.kind.accepts(value)
        };
        if !accepted {
            return Some(Problem { reason: Reason::Type, message: String::new() });
        }
        let expr = def.bind().constraint.as_ref()?;
        if self.eval().boolean(expr, &Here::at(id)) {
            return None;
        }
        let message = self.eval().words(&def.bind().constraint_message, id);
        Some(Problem { reason: Reason::Constraint, message })
    }

    /// All that blocks finalizing now, in the form's order.
    pub fn blocking(&self) -> Vec<Blocking> {
        self.state.work.renew_for_all();
        let mut out = Vec::new();
        self.block_below(&self.form.body, self.state.root, &mut out);
        out
    }

    fn block_below(&self, elements: &[Element], from: NodeId, out: &mut Vec<Blocking>) {
        for element in elements {
            match element {
                Element::Question(index) => {
                    let control = self.form.controls.get(*index as usize);
                    if let Some(id) = control.and_then(|control| self.below(control.def, from)) {
                        self.block(id, out);
                    }
                }
                Element::Group(group) => {
                    let node = group.def.map_or(Some(from), |def| self.below(def, from));
                    if let Some(node) = node.filter(|node| self.state.relevant(*node)) {
                        self.block_below(&group.children, node, out);
                    }
                }
                Element::Repeat(repeat) => {
                    for id in self.instances(repeat.def, from) {
                        self.block_below(&repeat.children, id, out);
                    }
                }
            }
        }
    }

    fn block(&self, id: NodeId, out: &mut Vec<Blocking>) {
        if !self.state.relevant(id) {
            return;
        }
        let found = if self.state.value(id).is_empty() {
            self.required(id).then(|| {
                let bind = self.state.node(id).and_then(|node| self.form.def(node.def)).map(Def::bind);
                let message =
                    bind.map(|bind| self.eval().words(&bind.required_message, id)).unwrap_or_default();
                Problem { reason: Reason::Required, message }
            })
        } else {
            // What a person cannot repair must not hold them up.
            self.problem(id).filter(|problem| problem.reason != Reason::Type || !self.readonly(id))
        };
        // Where it could not be found out, nobody has said that it is right.
        let unknown = || {
            let bind = self.definition(id).map(Def::bind);
            let checked = bind.is_some_and(|bind| bind.required.is_some() || bind.constraint.is_some());
            let passed = checked && self.state.work.passed().is_some();
            passed.then(|| Problem { reason: Reason::Constraint, message: String::new() })
        };
        if let Some(problem) = found.or_else(unknown) {
            let at = NodeRef(self.state.path_of(&self.form, id));
            out.push(Blocking { at, reason: problem.reason, message: problem.message });
        }
    }

    /// The node of a definition, seen from the body element around it.
    pub(super) fn below(&self, def: crate::form::DefId, from: NodeId) -> Option<NodeId> {
        if self.state.node(from).is_some_and(|node| node.def == def) {
            return Some(from);
        }
        self.eval().nearest(def, from)
    }

    /// The relevant instances of a repeat, seen from the body element around it.
    pub(super) fn instances(&self, def: crate::form::DefId, from: NodeId) -> Vec<NodeId> {
        let Some(parent) = self.repeat_parent(def, from) else { return Vec::new() };
        let slot = self.form.def(def).map_or(0, |def| def.slot);
        self.state.slot(parent, slot).iter().copied().filter(|id| self.state.relevant(*id)).collect()
    }

    /// Whether an instance of a repeat would be relevant below this parent.
    pub(super) fn welcome(&self, def: crate::form::DefId, parent: NodeId) -> bool {
        let expr = self.form.def(def).and_then(|def| def.bind().welcome.as_ref());
        self.state.relevant(parent) && expr.is_none_or(|expr| self.eval().boolean(expr, &Here::at(parent)))
    }

    pub(super) fn repeat_parent(&self, def: crate::form::DefId, from: NodeId) -> Option<NodeId> {
        let parent = self.form.def(def)?.parent?;
        self.below(parent, from)
    }
}
