//! Preloads and actions.

use super::*;
use crate::answer::{Request, Wish};
use crate::form::{Bind, Def, Does};
use crate::value::time;
use crate::xpath::eval::Item;
use smol_str::SmolStr;

/// When a preload fills its node.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Start,
    End,
}

impl Session {
    pub(super) fn preload_start(&mut self) {
        self.preload_below(self.state.root);
        // Every record has an id, also where the form forgets to ask for one.
        let form = Arc::clone(&self.form);
        if let Some(id) = crate::submission::meta(&form, &self.state, "instanceID")
            && self.state.value(id).is_empty()
        {
            let uuid = format!("uuid:{}", self.state.source.uuid());
            self.set_value(id, &uuid);
        }
    }

    pub(super) fn preload_below(&mut self, top: NodeId) {
        self.preload(top, When::Start);
    }

    pub(super) fn preload_end(&mut self) {
        self.preload(self.state.root, When::End);
    }

    fn preload(&mut self, top: NodeId, when: When) {
        let form = Arc::clone(&self.form);
        let mut all = Vec::new();
        self.state.subtree(top, &mut all);
        for id in all {
            let bind = self.state.node(id).and_then(|node| form.def(node.def)).map(Def::bind);
            if let Some(text) = bind.and_then(|bind| self.preloaded(bind, when)) {
                self.set_value(id, &text);
            }
        }
    }

    fn preloaded(&self, bind: &Bind, when: When) -> Option<String> {
        let (kind, parameters) = bind.preload.as_deref()?;
        let at = if (kind.as_str(), parameters.as_str()) == ("timestamp", "end") {
            When::End
        } else {
            When::Start
        };
        if at != when {
            return None;
        }
        match (kind.as_str(), parameters.as_str()) {
            ("uid", _) => Some(format!("uuid:{}", self.state.source.uuid())),
            ("timestamp", "start" | "end") => Some(time::moment_text(self.state.moment)),
            ("date", "today") => Some(time::date_text(time::today(self.state.moment))),
            ("property", name) => self.state.properties.get(&name.to_lowercase()).cloned(),
            _ => None,
        }
    }

    /// Runs actions of loading at all nodes they name, one after the other, each seeing what the one
    /// before has set.
    pub(super) fn load_actions(&mut self, actions: &[u32]) -> Result<(), FormError> {
        for action in actions {
            self.act(*action, self.state.root, 0);
            self.run_loading()?;
        }
        Ok(())
    }

    /// Gives a node its value from outside: the actions that this sets off see what follows from it (XForms 1.1).
    pub(super) fn give(&mut self, id: NodeId, text: SmolStr) -> Result<(), AnswerError> {
        let changed = self.set_value(id, text);
        let def = self.state.node(id).and_then(|node| self.form.def(node.def));
        if changed && def.is_some_and(|def| !def.bind().on_change.is_empty()) {
            self.run()?;
            self.value_changed(id, 0);
        }
        Ok(())
    }

    /// What a changed value sets off.
    pub(super) fn value_changed(&mut self, id: NodeId, depth: usize) {
        let form = Arc::clone(&self.form);
        let def = self.state.node(id).and_then(|node| form.def(node.def));
        for action in def.map(|def| def.bind().on_change.as_slice()).unwrap_or(&[]) {
            self.act(*action, id, depth);
        }
    }

    /// Sets the nodes of an action's target that share most ancestors with `near`.
    pub(super) fn act(&mut self, action: u32, near: NodeId, depth: usize) {
        const DEEPEST: usize = 20;
        let form = Arc::clone(&self.form);
        let Some(action) = form.actions.get(action as usize) else { return };
        // Each is remembered for undo. Who runs what follows hears of the limit.
        if !self.state.work.evaluate(100) {
            return;
        }
        let named = |near: NodeId| -> Vec<NodeId> {
            let mut nodes = self.near(action.target, near);
            if let Some(chosen) = &action.chosen {
                let eval = self.eval();
                nodes.retain(|id| eval.set(chosen, &Here::at(*id)).contains(&Item::Answer(*id)));
            }
            nodes
        };
        let mut nodes = named(near);
        if nodes.is_empty() && action.chosen.is_some() {
            // Another instance than the one that the action stands in.
            nodes = named(self.state.root);
        }
        for id in nodes {
            let value = match &action.does {
                Does::Set(value) => value,
                Does::Ask(wish) => {
                    self.ask(id, wish);
                    continue;
                }
            };
            let text = {
                let eval = self.eval();
                let kind = form.def(action.target).map(|def| def.kind).unwrap_or_default();
                change::typed_text(&eval, kind, eval.value(value, &Here::at(id)))
            };
            // What one action sets may set off another; a circle of actions ends.
            if self.set_value(id, text) && depth < DEEPEST {
                self.value_changed(id, depth + 1);
            }
        }
    }

    fn ask(&mut self, id: NodeId, wish: &Wish) {
        self.state.wishes.retain(|(known, _)| *known != id);
        self.state.wishes.push((id, wish.clone()));
    }

    /// What actions of the form have asked of the device and not yet got, oldest first. Nothing waits for
    /// it: the form is filled on, and what comes is given to [`Session::deliver`].
    pub fn requests(&self) -> Vec<Request> {
        let there = |id: NodeId| self.state.node(id).is_some_and(|node| !node.gone);
        let waiting = self.state.wishes.iter().filter(|(id, _)| there(*id));
        waiting
            .map(|(id, wish)| Request {
                at: NodeRef(self.state.path_of(&self.form, *id)),
                wish: wish.clone(),
            })
            .collect()
    }

    /// Stores what was asked for, and everything follows as after an answer; the node may be read-only or
    /// not shown. Empty text says that the device could not do it. It is no step of a person:
    /// [`Session::undo`] leaves it.
    ///
    /// # Errors
    /// Nobody asked for it; a limit that what follows passes. Nothing has changed then.
    pub fn deliver(
        &mut self,
        at: &NodeRef,
        text: &str,
        cx: &mut dyn Context,
    ) -> Result<crate::answer::Changed, AnswerError> {
        let id = self.node(at)?;
        let waiting = self.state.wishes.iter().position(|(known, _)| *known == id);
        let Some(waiting) = waiting else { return Err(AnswerError::NotRequested(at.0.clone())) };
        self.begin(cx);
        let changed = self.receive(vec![(id, text.into())])?;
        self.state.wishes.remove(waiting);
        Ok(changed)
    }

    /// All nodes of a definition below the deepest ancestor that it shares with `near`.
    fn near(&self, def: crate::form::DefId, near: NodeId) -> Vec<NodeId> {
        let mut lineage = Vec::new();
        let mut next = Some(near);
        while let Some(id) = next {
            lineage.push(id);
            next = self.state.parent(id);
        }
        let mut path = Vec::new();
        let mut next = Some(def);
        while let Some((id, found)) = next.and_then(|id| self.form.def(id).map(|found| (id, found))) {
            if let Some(top) =
                lineage.iter().find(|node| self.state.node(**node).is_some_and(|n| n.def == id))
            {
                path.reverse();
                let mut all = Vec::new();
                self.state.walk(*top, &path, &mut |node| all.push(node));
                return all;
            }
            path.push(found.slot);
            next = found.parent;
        }
        Vec::new()
    }
}
