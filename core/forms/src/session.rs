//! A form being filled.

use crate::answer::{Answer, Blocking, Changed, Misfit, NodeRef, Submission};
use crate::context::Context;
use crate::error::{AnswerError, FormError};
use crate::form::{ControlKind, Form};
use crate::instance::{NodeId, State};
use crate::value::{ValueType, kind_of, text_of};
use crate::xpath::eval::{Eval, Here};
use std::sync::Arc;

mod change;
mod checks;
mod counts;
mod events;
mod journal;
mod nodes;
mod queue;
mod view;

pub use nodes::NodeState;

use counts::Stage;
use journal::Journal;
use queue::Queue;

/// How many changes can be taken back.
const UNDO: usize = 100;

/// A form being filled: answers, what follows from them, and what a screen draws. Everything is in
/// memory and synchronous; a session may move between threads.
///
/// Clock and randomness are taken from the [`Context`] at the start of each change; views in between
/// see the time of the last one.
#[derive(Debug)]
pub struct Session {
    form: Arc<Form>,
    state: State,
    queue: Queue,
    journal: Journal,
    done: Vec<Journal>,
}

impl Session {
    /// Begins a new record: preloads, first-load actions and all calculations have run.
    ///
    /// # Errors
    /// A limit that the form's own counts or calculations pass.
    pub fn start(form: Arc<Form>, cx: &mut dyn Context) -> Result<Session, FormError> {
        let state = State::new(&form, &form.seed, cx);
        let mut session = Session::over(form, state);
        session.preload_start();
        session.everything()?;
        let first: Vec<u32> =
            session.form.first_load.iter().chain(&session.form.every_load).copied().collect();
        session.load_actions(&first)?;
        Ok(session)
    }

    /// Opens a saved instance, of this version of the form or another. What the form has no place for, and choices
    /// that have left their list since, come back as misfits, and stays in what is saved until [`Session::dismiss_misfits`].
    ///
    /// # Errors
    /// Bytes that are no instance of this form; limits.
    pub fn restore(
        form: Arc<Form>,
        saved: &[u8],
        cx: &mut dyn Context,
    ) -> Result<(Session, Vec<Misfit>), FormError> {
        let read = crate::submission::read::read(&form, saved)?;
        let mut state = State::new(&form, &read.seed, cx);
        state.deprecated = read.deprecated;
        state.misfits = read.misfits;
        let mut session = Session::over(form, state);
        session.hold_counts();
        session.state.work.renew_for_all();
        let vanished = session.everything()?;
        session.state.misfits.extend(vanished);
        let every = session.form.every_load.clone();
        session.load_actions(&every)?;
        let misfits = session.state.misfits.clone();
        Ok((session, misfits))
    }

    /// Opens a finished record to revise it: it gets an instance id of its own, and the one it had becomes
    /// its `deprecatedID`, so that a server can put the versions in a row.
    ///
    /// # Errors
    /// As for [`Session::restore`].
    pub fn revise(
        form: Arc<Form>,
        finished: &[u8],
        cx: &mut dyn Context,
    ) -> Result<(Session, Vec<Misfit>), FormError> {
        let (mut session, misfits) = Session::restore(form, finished, cx)?;
        session.begin(cx);
        if let Some(id) = session.meta("instanceID") {
            let before = session.state.value(id).to_owned();
            match session.meta(crate::submission::DEPRECATED) {
                Some(node) => {
                    session.set_value(node, &before);
                }
                None => session.state.deprecated = Some(before),
            }
            let uuid = format!("uuid:{}", session.state.source.uuid());
            session.set_value(id, &uuid);
        }
        session.run_loading()?;
        Ok((session, misfits))
    }

    fn meta(&self, name: &str) -> Option<NodeId> {
        crate::submission::meta(&self.form, &self.state, name)
    }

    fn over(form: Arc<Form>, state: State) -> Session {
        Session { form, state, queue: Queue::default(), journal: Journal::default(), done: Vec::new() }
    }

    /// What the draft holds that this version of the form has no place for.
    pub fn misfits(&self) -> &[Misfit] {
        &self.state.misfits
    }

    /// Someone has looked at the misfits: they are no longer saved.
    pub fn dismiss_misfits(&mut self) {
        self.state.misfits.clear();
    }

    /// The instance as it stands, hidden answers included, for [`Session::restore`].
    pub fn save(&self) -> Vec<u8> {
        crate::submission::write(&self.form, &self.state, true)
    }

    /// What a submission would hold now, valid or not: relevant nodes only.
    pub fn relevant_xml(&self) -> Vec<u8> {
        crate::submission::write(&self.form, &self.state, false)
    }

    /// The record as one line of text for SMS, where the form gives its nodes tags (specification,
    /// "Compact Record Representation"); none where it gives none.
    pub fn compact(&self) -> Option<String> {
        crate::submission::compact::text(&self.form, &self.state)
    }

    /// The form.
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    fn eval(&self) -> Eval<'_> {
        Eval { form: &self.form, state: &self.state }
    }

    fn node(&self, at: &NodeRef) -> Result<NodeId, AnswerError> {
        let found = self.state.find(&self.form, at.as_str());
        found.ok_or_else(|| AnswerError::NoSuchNode(at.0.clone()))
    }

    /// Gives an answer. One that breaks the constraint or does not fit the type is kept all the same and
    /// reported: a person can move on and come back.
    ///
    /// # Errors
    /// Nothing has changed then: no such node, not relevant, read-only, or a kind of answer that the
    /// question cannot hold.
    pub fn answer(
        &mut self,
        at: &NodeRef,
        answer: &Answer,
        cx: &mut dyn Context,
    ) -> Result<Changed, AnswerError> {
        let id = self.node(at)?;
        let form = Arc::clone(&self.form);
        let Some(def) = self.state.node(id).and_then(|node| form.def(node.def)) else {
            return Err(AnswerError::NoSuchNode(at.0.clone()));
        };
        if def.children.iter().any(|child| form.def(*child).is_some_and(|child| !child.attribute)) {
            return Err(AnswerError::NotAQuestion(at.0.clone()));
        }
        if !self.state.relevant(id) {
            return Err(AnswerError::NotRelevant(at.0.clone()));
        }
        if self.readonly(id) {
            return Err(AnswerError::Readonly(at.0.clone()));
        }
        let control =
            def.control.and_then(|index| form.controls.get(index as usize)).map(|control| control.kind);
        if !fits(def.kind, control, answer) {
            return Err(AnswerError::Kind { at: at.0.clone(), given: kind_of(answer) });
        }
        let text = def.kind.canonical(&text_of(answer));
        self.begin(cx);
        let first = self.give(id, text.into());
        let mut changed = self.settle_after(first)?;
        changed.problem = self.problem(id);
        Ok(changed)
    }

    /// Adds an instance at the end of a repeat.
    ///
    /// # Errors
    /// Not a repeat, not relevant, fixed by the form, or too many.
    pub fn add_repeat(&mut self, repeat: &NodeRef, cx: &mut dyn Context) -> Result<Changed, AnswerError> {
        let form = Arc::clone(&self.form);
        let (parent, id, _) = self
            .state
            .find_slot(&form, repeat.as_str())
            .ok_or_else(|| AnswerError::NoSuchNode(repeat.0.clone()))?;
        let def = form
            .def(id)
            .filter(|def| def.repeats)
            .ok_or_else(|| AnswerError::NotARepeat(repeat.0.clone()))?;
        if def.fixed || def.counted {
            return Err(AnswerError::FixedRepeat(repeat.0.clone()));
        }
        if !self.welcome(id, parent) {
            return Err(AnswerError::NotRelevant(repeat.0.clone()));
        }
        self.begin(cx);
        let added = self.insert(parent, id);
        let mut changed = self.settle()?;
        changed.added = added.map(|node| NodeRef(self.state.path_of(&form, node)));
        Ok(changed)
    }

    /// Removes an instance of a repeat with all its answers.
    ///
    /// # Errors
    /// Not an instance of a repeat, or fixed by the form.
    pub fn remove_repeat(
        &mut self,
        instance: &NodeRef,
        cx: &mut dyn Context,
    ) -> Result<Changed, AnswerError> {
        let id = self.node(instance)?;
        let form = Arc::clone(&self.form);
        let def = self.state.node(id).and_then(|node| form.def(node.def)).filter(|def| def.repeats);
        let def = def.ok_or_else(|| AnswerError::NotARepeat(instance.0.clone()))?;
        if def.fixed || def.counted {
            return Err(AnswerError::FixedRepeat(instance.0.clone()));
        }
        self.begin(cx);
        self.remove(id);
        self.settle()
    }

    /// Whether there is a change to take back.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// The language in force.
    pub fn language(&self) -> Option<&str> {
        self.form.texts.languages.get(self.state.language).map(String::as_str)
    }

    /// Switches the language of texts; calculations that quote a label follow. Says whether the form
    /// has that language.
    pub fn set_language(&mut self, language: &str) -> bool {
        let Some(found) = self.form.texts.languages.iter().position(|known| known == language) else {
            return false;
        };
        self.state.language = found;
        self.state.work.renew_for_all();
        let form = Arc::clone(&self.form);
        for vertex in &form.spoken {
            self.queue_all(*vertex);
        }
        let settled = self.run();
        let journal = std::mem::take(&mut self.journal);
        if settled.is_err() {
            // The calculations go on quoting the language before.
            self.revert(journal);
        }
        true
    }

    /// The stored text of a node; none when there is no such node.
    pub fn value(&self, at: &NodeRef) -> Option<String> {
        let id = self.state.find(&self.form, at.as_str())?;
        Some(self.state.value(id).to_owned())
    }

    /// Whether a node is relevant now; none when there is no such node.
    pub fn is_relevant(&self, at: &NodeRef) -> Option<bool> {
        let id = self.state.find(&self.form, at.as_str())?;
        Some(self.state.relevant(id))
    }

    /// Finishes the record: checks everything, stamps the end, writes the submission.
    ///
    /// # Errors
    /// All that blocks it, in the form's order. The session stays as it was. What finishing set is no step of its own to
    /// undo: it goes with the last one.
    pub fn finalize(&mut self, cx: &mut dyn Context) -> Result<Submission, Vec<Blocking>> {
        self.begin(cx);
        self.state.work.renew_for_all();
        let settled = self.close();
        let mut blocking = self.blocking();
        let journal = std::mem::take(&mut self.journal);
        blocking.extend(settled.err().map(|error| self.stopped(&error)));
        if !blocking.is_empty() {
            self.revert(journal);
            return Err(blocking);
        }
        self.goes_along(journal);
        Ok(crate::submission::submission(&self.form, &self.state))
    }

    /// Dispatches `xforms-revalidate` without finishing: stamps the end, runs the form's actions, and says
    /// what would block finalizing. What it set stays set.
    pub fn revalidate(&mut self, cx: &mut dyn Context) -> Vec<Blocking> {
        self.begin(cx);
        self.state.work.renew_for_all();
        let settled = self.close();
        let journal = std::mem::take(&mut self.journal);
        let Err(error) = settled else {
            self.goes_along(journal);
            return self.blocking();
        };
        self.revert(journal);
        let mut blocking = self.blocking();
        blocking.push(self.stopped(&error));
        blocking
    }

    /// What followed from the end passed a limit: the form as a whole cannot be finished.
    fn stopped(&self, error: &AnswerError) -> Blocking {
        let at = NodeRef(self.state.path_of(&self.form, self.state.root));
        Blocking { at, reason: crate::answer::Reason::Constraint, message: error.to_string() }
    }

    /// The end's time and the actions of the end reach what is calculated from them before anything is
    /// checked.
    fn close(&mut self) -> Result<(), AnswerError> {
        let actions = self.form.revalidate.clone();
        for action in actions {
            self.act(action, self.state.root, 0);
        }
        self.preload_end();
        // Collect answers every question once more: what a person wrote over a calculation gives way where
        // the calculation reads a question.
        let mut all = Vec::new();
        self.state.subtree(self.state.root, &mut all);
        for id in all {
            let asked = self.definition(id).is_some_and(|def| def.control.is_some());
            if asked && self.state.relevant(id) {
                self.mark(id, queue::Moved::Nothing);
            }
        }
        self.run()
    }

    fn definition(&self, id: NodeId) -> Option<&crate::form::Def> {
        self.state.node(id).and_then(|node| self.form.def(node.def))
    }

    fn readonly(&self, id: NodeId) -> bool {
        let mut next = Some(id);
        while let Some((id, node)) = next.and_then(|id| self.state.node(id).map(|node| (id, node))) {
            let expr = self.form.def(node.def).and_then(|def| def.bind().readonly.as_ref());
            if expr.is_some_and(|expr| self.eval().boolean(expr, &Here::at(id))) {
                return true;
            }
            next = self.state.parent(id);
        }
        false
    }
}

/// Whether a question can hold that kind of answer at all.
fn fits(kind: ValueType, control: Option<ControlKind>, answer: &Answer) -> bool {
    let choosing =
        matches!(control, Some(ControlKind::SelectOne | ControlKind::SelectMany | ControlKind::Rank));
    match answer {
        Answer::Empty | Answer::Text(_) => true,
        Answer::Integer(_) => kind.is_number() || matches!(kind, ValueType::Text | ValueType::Boolean),
        Answer::Decimal(_) => matches!(kind, ValueType::Decimal | ValueType::Text),
        Answer::Boolean(_) => matches!(kind, ValueType::Boolean | ValueType::Text),
        Answer::Date(_) => matches!(kind, ValueType::Date | ValueType::DateTime | ValueType::Text),
        Answer::Time(_) => matches!(kind, ValueType::Time | ValueType::Text),
        Answer::DateTime(_) => matches!(kind, ValueType::DateTime | ValueType::Text),
        Answer::Choice(_) => choosing,
        Answer::Choices(_) => matches!(control, Some(ControlKind::SelectMany | ControlKind::Rank)),
        Answer::GeoPoint(_) => matches!(kind, ValueType::GeoPoint | ValueType::Text),
        Answer::GeoTrace(_) => matches!(kind, ValueType::GeoTrace | ValueType::Text),
        Answer::GeoShape(_) => matches!(kind, ValueType::GeoShape | ValueType::Text),
        Answer::File(_) => kind == ValueType::Binary || control == Some(ControlKind::Upload),
        Answer::Acknowledged => control == Some(ControlKind::Trigger) || kind == ValueType::Text,
    }
}

#[cfg(test)]
mod tests;
