//! Changing the answers: what changes is journalled ([`journal`](super::journal)) and marks what depends on it
//! ([`queue`](super::queue)); the marked expressions run in the form's order until nothing moves.

use super::journal::Entry;
use super::queue::Moved;
use super::*;
use crate::choices::Candidate;
use crate::form::{DefId, Task};
use crate::instance::{Kid, NO_NODE};
use crate::value::{number_text, time};
use crate::xpath::eval::Value;
use foldhash::HashSet;
use smol_str::SmolStr;

pub(super) fn limit(what: &'static str, allowed: usize) -> AnswerError {
    AnswerError::Limit { what, allowed }
}

impl Session {
    /// Evaluates every expression, as after loading.
    pub(super) fn everything(&mut self) -> Result<Vec<Misfit>, FormError> {
        for vertex in 0..u32::try_from(self.form.vertices.len()).unwrap_or(u32::MAX) {
            self.queue_all(vertex);
        }
        self.run_loading()
    }

    /// Runs what loading set off. Answers with the choices that were taken and are not in their lists any more.
    pub(super) fn run_loading(&mut self) -> Result<Vec<Misfit>, FormError> {
        let result = self.run();
        let vanished = std::mem::take(&mut self.journal).vanished;
        result.map_err(|error| match error {
            AnswerError::Limit { what, allowed } => FormError::Limit { what, allowed },
            other => FormError::Invalid { message: other.to_string(), place: crate::Place::default() },
        })?;
        let misfit = |(id, value)| Misfit { path: self.state.path_of(&self.form, id), value };
        Ok(vanished.into_iter().map(misfit).collect())
    }

    /// Sets a node's text. Says whether that changed it.
    pub(super) fn set_value(&mut self, id: NodeId, text: impl Into<SmolStr> + AsRef<str>) -> bool {
        if self.state.node(id).is_none_or(|node| node.value == text.as_ref()) {
            return false;
        }
        let old = self.state.put_value(&self.form, id, text.into());
        self.journal.entries.push(Entry::Value(id));
        self.journal.values.push(old);
        self.journal.changed.values += 1;
        self.mark(id, Moved::Nothing);
        true
    }

    pub(super) fn set_relevance(
        &mut self,
        id: NodeId,
        itself: Option<bool>,
        surplus: Option<bool>,
        moved: Moved,
    ) {
        let Some(node) = self.state.node(id) else { return };
        let before = (node.relevant_itself, node.surplus, node.relevant);
        let itself = itself.unwrap_or(before.0);
        let surplus = surplus.unwrap_or(before.1);
        let above = node.parent == NO_NODE || self.state.relevant(node.parent);
        let relevant = above && itself && !surplus;
        if (itself, surplus, relevant) == before {
            return;
        }
        let one_of_several = node.one_of_several;
        let entry = Entry::Relevance { node: id, itself: before.0, surplus: before.1, relevant: before.2 };
        self.journal.entries.push(entry);
        self.state.put_relevance(&self.form, id, itself, surplus, relevant);
        if relevant != before.2 {
            let moved = if one_of_several { Moved::Anywhere } else { moved };
            self.journal.changed.relevance = true;
            self.mark(id, moved);
            let mut kids = Vec::new();
            for kid in self.state.node(id).map(|node| &*node.kids).unwrap_or(&[]) {
                match kid {
                    Kid::One(kid) => kids.push(*kid),
                    Kid::Many(instances) => kids.extend(instances.list()),
                }
            }
            for kid in kids {
                self.set_relevance(kid, None, None, moved);
            }
        }
    }

    /// Adds an instance at the end of a repeat and runs its actions.
    pub(super) fn insert(&mut self, parent: NodeId, repeat: DefId) -> Option<NodeId> {
        let form = Arc::clone(&self.form);
        let def = form.def(repeat)?;
        self.state.instances(parent, def.slot)?;
        let empty = crate::instance::Seed::new(repeat, "");
        let id = self.state.plant(&form, def.template.as_deref().unwrap_or(&empty), parent);
        self.state.attach(&form, id);
        self.journal.entries.push(Entry::Inserted(id));
        self.journal.changed.instances = true;
        self.preload_below(id);
        // Actions come before calculations (specification, odk-new-repeat).
        for action in &def.bind().on_new {
            self.act(*action, id, 0);
        }
        for vertex in form.within.get(&repeat).into_iter().flatten() {
            let Some(found) = form.vertices.get(*vertex as usize) else { continue };
            let queue = &mut self.queue;
            let below = form.slots(found.path).get(def.depth as usize..).unwrap_or(&[]);
            self.state.walk(id, below, &mut |node| queue.push(*vertex, node));
        }
        self.mark_all(id, Moved::Nothing);
        Some(id)
    }

    /// Takes an instance out.
    pub(super) fn remove(&mut self, id: NodeId) {
        let form = Arc::clone(&self.form);
        let Some((def, parent, slot)) = self.state.node(id).map(|node| (node.def, node.parent, node.slot))
        else {
            return;
        };
        self.mark_all(id, Moved::After);
        let placed: Vec<_> = form.dependents(def).iter().filter(|dependent| dependent.place).collect();
        if !placed.is_empty() {
            let place = self.state.place(id);
            for node in self.state.slot(parent, slot).iter().skip(place + 1) {
                for dependent in &placed {
                    let Some(anchor) = self.state.climb(*node, dependent.up) else { continue };
                    let queue = &mut self.queue;
                    let mut push = |node| queue.push(dependent.vertex, node);
                    self.state.walk(anchor, form.slots(dependent.down), &mut push);
                }
            }
        }
        self.state.detach(&form, id);
        self.journal.entries.push(Entry::Removed(id));
        self.journal.changed.instances = true;
    }

    /// Runs the queue until nothing moves.
    pub(super) fn run(&mut self) -> Result<(), AnswerError> {
        let form = Arc::clone(&self.form);
        self.bounded()?;
        loop {
            let next = self.queue.pop();
            let settled = next.is_none();
            let Some((vertex, id)) = next.or_else(|| self.journal.unfinished.pop()) else { break };
            let Some(found) = form.vertices.get(vertex as usize) else { continue };
            if self.state.node(id).is_none_or(|node| node.gone) {
                continue;
            }
            self.journal.changed.evaluated += 1;
            match found.task {
                Task::Relevant => {
                    if let Some(expr) = &found.expr {
                        let relevant = self.eval().boolean(expr, &Here::at(id));
                        self.within_work()?;
                        self.set_relevance(id, Some(relevant), None, Moved::Nothing);
                    }
                }
                Task::Calculate => {
                    if let Some(expr) = &found.expr {
                        let eval = self.eval();
                        let text = typed_text(&eval, found.kind, eval.value(expr, &Here::at(id)));
                        // What is not on the heap is short.
                        let bytes = if text.is_heap_allocated() { text.len() } else { 0 };
                        self.within_work()?;
                        if self.set_value(id, text) && bytes > 0 {
                            self.state.work.make(bytes);
                        }
                    }
                }
                Task::Choices => self.drop_vanished(found.def, id)?,
                Task::Count => {
                    if let Some(expr) = &found.expr {
                        let number = self.eval().number(expr, &Here::at(id));
                        self.within_work()?;
                        self.count((vertex, found.def), id, number, settled)?;
                    }
                }
            }
            self.bounded()?;
        }
        self.within_work()
    }

    /// Whether the work of this change is no more than may be.
    pub(super) fn within_work(&self) -> Result<(), AnswerError> {
        self.state.work.passed().map_or(Ok(()), |(what, allowed)| Err(limit(what, allowed)))
    }

    /// Whether there are no more nodes than may be.
    pub(super) fn bounded(&self) -> Result<(), AnswerError> {
        let allowed = self.form.limits.instance_nodes;
        if self.state.nodes.len() > allowed {
            return Err(limit("the number of nodes", allowed));
        }
        Ok(())
    }

    /// Choices of an answer that have left the list leave the answer.
    fn drop_vanished(&mut self, def: DefId, id: NodeId) -> Result<(), AnswerError> {
        let value = self.state.value(id).to_owned();
        if value.is_empty() {
            return Ok(());
        }
        let form = Arc::clone(&self.form);
        let control =
            form.def(def).and_then(|def| def.control).and_then(|index| form.controls.get(index as usize));
        let Some(control) = control else { return Ok(()) };
        let (kept, gone): (Vec<&str>, Vec<&str>) = {
            let candidates = self.eval().candidates(control, id);
            self.within_work()?;
            let mut offered = candidates.iter().map(Candidate::value);
            if control.kind == ControlKind::SelectOne {
                std::iter::once(value.as_str()).partition(|value| offered.any(|one| one == *value))
            } else {
                let offered: HashSet<&str> = offered.collect();
                value.split_ascii_whitespace().partition(|value| offered.contains(value))
            }
        };
        if !gone.is_empty() {
            self.journal.vanished.push((id, gone.join(" ")));
        }
        self.set_value(id, kept.join(" "));
        Ok(())
    }
}

/// A value as the text of a node's type. What is not a number is no answer.
pub(super) fn typed_text(eval: &Eval<'_>, kind: ValueType, value: Value<'_>) -> SmolStr {
    match (kind, value) {
        (_, Value::Number(number)) if number.is_nan() => SmolStr::default(),
        (ValueType::Int, Value::Number(number)) => number_text(number.trunc()).into(),
        (ValueType::Date, Value::Number(number)) => time::days_to_ms(number)
            .map_or(SmolStr::default(), |ms| {
                time::date_text(time::civil(ms.div_euclid(time::DAY_MS))).into()
            }),
        (ValueType::DateTime, Value::Number(number)) => {
            let offset = eval.state.moment.offset_minutes;
            time::days_to_ms(number).map_or(SmolStr::default(), |ms| time::local_text(ms, offset).into())
        }
        (_, Value::Number(number)) => number_text(number).into(),
        (_, Value::Bool(value)) => SmolStr::new_static(if value { "true" } else { "false" }),
        (kind, Value::Text(text)) => typed_words(kind, &text),
        (kind, Value::Nodes(nodes)) => {
            typed_words(kind, &nodes.first().map(|item| eval.item_text(*item)).unwrap_or_default())
        }
    }
}

fn typed_words(kind: ValueType, text: &str) -> SmolStr {
    match kind {
        // A date node takes the day of a date-time.
        ValueType::Date if text.contains('T') => {
            let day = text.split('T').next().unwrap_or("");
            if time::date_of(day).is_some() { day } else { text }.into()
        }
        ValueType::Int if text.contains('.') => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => number_text(number.trunc()).into(),
            _ => text.into(),
        },
        kind if kind.is_number() => kind.canonical(text).into(),
        _ => text.into(),
    }
}
