//! The audit log of a form that asks for one (`meta/audit`; events as in Collect's documentation).
//!
//! A page is one screen: `question` where a question stands alone, `group questions` elsewhere, by the node of the page.
//! The log is saved with the draft, as if the page were left at that moment, so that a kill takes no row and no change.
//! Times are the wall clock's, as those of the record: the monotonic one stands still while a phone sleeps.

use xuncha_forms::{Answer, AuditEvent, AuditLog, AuditRules, NodeRef, Session};

use super::{FillSession, Filling, answers, screen::Drawn};
use crate::env::Env;
use crate::view::{self, Item};

/// The log's name in the submission.
const FILE: &str = "audit.csv";

/// A log, and the page that is shown.
#[derive(Clone)]
pub(super) struct Log {
    log: AuditLog,
    page: Option<(AuditEvent, NodeRef)>,
}

fn value(session: &Session) -> impl Fn(&NodeRef) -> String + '_ {
    |at| session.value(at).unwrap_or_default()
}

impl Log {
    fn of(rules: AuditRules, kept: &str, person: &str) -> Self {
        let mut log = if kept.is_empty() { AuditLog::new(rules) } else { AuditLog::resume(rules, kept) };
        log.set_user(person);
        Self { log, page: None }
    }
}

impl FillSession {
    /// Begins the log, with the first page; `kept` as the draft has it, if it is a resumed one.
    pub(super) fn open_log(&self, filling: &mut Filling, kept: Option<&str>, person: &str) {
        filling.begin_log(kept, person, &mut self.surroundings());
        if filling.log.is_some() {
            filling.log_shown(&self.draw(filling), &self.core.env);
        }
    }
}

impl Filling {
    /// Begins the log of a form that asks for one, or goes on with what the draft kept of it.
    fn begin_log(&mut self, kept: Option<&str>, person: &str, around: &mut super::Surroundings<'_>) {
        let Some(rules) = self.session.form().audit_rules() else { return };
        if let Some(at) = &rules.at {
            let named = self.session.value(at).is_some_and(|name| name == FILE);
            if !named {
                // Where the form fixes another name, that stands.
                let _ = self.session.answer(at, &Answer::Text(FILE.to_owned()), around);
            }
        }
        let event = if kept.is_some() { AuditEvent::FormResume } else { AuditEvent::FormStart };
        let mut log = Log::of(rules, kept.unwrap_or_default(), person);
        log.log.event(event, None, around.env.now_ms(), "");
        self.log = Some(log);
    }

    /// What is on the screen now. True if it is another page than before.
    pub(super) fn log_shown(&mut self, drawn: &Drawn, env: &Env) -> bool {
        if self.log.is_none() {
            return false;
        }
        let page = page_of(drawn);
        let turned = self.log.as_ref().is_some_and(|log| log.page.as_ref() != Some(&page));
        if turned {
            self.log_left(env);
        }
        let Some(Log { log, page: shown }) = &mut self.log else { return false };
        let now = env.now_ms();
        let (event, at) = &page;
        let alone = *event == AuditEvent::Question;
        if !alone {
            log.event(*event, Some(at), now, "");
        }
        for question in questions(drawn) {
            let before = question.value.as_ref().map_or("", |value| value.raw.as_str());
            let event = if alone { AuditEvent::Question } else { AuditEvent::QuestionInGroup };
            log.event(event, Some(&NodeRef::new(question.at.as_str())), now, before);
        }
        *shown = Some(page);
        turned
    }

    /// A question is about to be answered, on the page or, as by a photo that comes late, elsewhere.
    pub(super) fn log_answering(&mut self, at: &NodeRef, env: &Env) {
        let Self { log: Some(Log { log, .. }), session, .. } = self else { return };
        log.event(AuditEvent::QuestionInGroup, Some(at), env.now_ms(), &value(session)(at));
    }

    /// The page is left. Before instances of a repeat come or go, since that moves what its rows name.
    pub(super) fn log_left(&mut self, env: &Env) {
        let Self { log: Some(Log { log, page }), session, .. } = self else { return };
        log.leave(env.now_ms(), value(session));
        *page = None;
    }

    /// Takes the last step back. That is no other page, unless an instance comes back before the one that is open: then
    /// the same names mean other questions.
    pub(super) fn undo_logged(&mut self, env: &Env) {
        let before = self.instances_around();
        let going_on = self.log.clone();
        self.log_left(env);
        let left = std::mem::replace(&mut self.log, going_on);
        self.session.undo();
        if self.instances_around() != before {
            self.log = left;
        }
    }

    /// How many instances each repeat has that is open; nothing without a log.
    fn instances_around(&self) -> Vec<usize> {
        let count = |at: &NodeRef| {
            let repeat = at.as_str().rsplit_once('[').map_or(at.as_str(), |(repeat, _)| repeat);
            match self.session.page(&NodeRef::new(repeat)) {
                Some(xuncha_forms::Item::Repeat(repeat)) => repeat.instances.len(),
                _ => 0,
            }
        };
        if self.log.is_some() { self.open.iter().map(count).collect() } else { Vec::new() }
    }

    /// Something happened. What lasts on other screens (a jump, a repeat that is added) is done at once on ours, and the
    /// page is another one then.
    pub(super) fn log_event(&mut self, event: AuditEvent, at: Option<&NodeRef>, env: &Env) {
        if event.lasts() {
            self.log_left(env);
        }
        if let Some(Log { log, .. }) = &mut self.log {
            log.event(event, at, env.now_ms(), "");
        }
        if event.lasts() {
            self.log_left(env);
        }
    }

    /// Where the phone was, as came with a photo or an answer to the form's own request: all that a form's wish to log
    /// places gets here.
    pub(super) fn log_place(&mut self, fix: &view::Fix, env: &Env) {
        let Some(Log { log, .. }) = &mut self.log else { return };
        let Ok(place) = answers::geopoint("", fix) else { return };
        if !fix.mocked {
            #[allow(clippy::cast_possible_truncation, reason = "a float's cast saturates")]
            let age_ms = (fix.age_s.max(0.0) * 1000.0) as i64;
            log.place(env.now_ms().saturating_sub(age_ms), place.lat, place.lon, place.accuracy);
        }
    }

    /// What a draft keeps: all that was done until now. Empty without a log.
    pub(super) fn log_kept(&self, env: &Env) -> String {
        let Some(Log { log, .. }) = &self.log else { return String::new() };
        log.csv_if_left(env.now_ms(), value(&self.session))
    }

    /// The log after these events, with the page left before. The log that goes on is not touched: what comes next
    /// may fail.
    pub(super) fn log_ended(&self, events: &[AuditEvent], env: &Env) -> String {
        let Some(Log { log, .. }) = &self.log else { return String::new() };
        let (mut log, now) = (log.clone(), env.now_ms());
        log.leave(now, value(&self.session));
        events.iter().for_each(|event| log.event(*event, None, now, ""));
        log.csv()
    }
}

fn questions(drawn: &Drawn) -> impl Iterator<Item = &view::Question> {
    drawn.screen.items.iter().filter_map(|item| match item {
        Item::Question { question } => Some(question),
        _ => None,
    })
}

/// How the log names a page: a question that stands alone, else the group, the instance or what is around all.
fn page_of(drawn: &Drawn) -> (AuditEvent, NodeRef) {
    if let Some(at) = &drawn.at {
        return (AuditEvent::GroupQuestions, at.clone());
    }
    let nodes: Vec<&str> = drawn
        .screen
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Question { question } => Some(question.at.as_str()),
            Item::Repeat { repeat } => Some(repeat.at.as_str()),
            Item::Heading { .. } => None,
        })
        .collect();
    match (nodes.as_slice(), questions(drawn).next()) {
        ([one], Some(_)) => (AuditEvent::Question, NodeRef::new(*one)),
        ([one], None) => (AuditEvent::GroupQuestions, NodeRef::new(*one)),
        _ => (AuditEvent::GroupQuestions, NodeRef::new(around(&nodes))),
    }
}

/// The innermost node around all of them.
fn around(nodes: &[&str]) -> String {
    let Some((first, rest)) = nodes.split_first() else { return String::new() };
    let mut outer = first.rsplit_once('/').map_or("", |(outer, _)| outer);
    while !rest.iter().all(|node| node.strip_prefix(outer).is_some_and(|inner| inner.starts_with('/'))) {
        outer = outer.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
    outer.to_owned()
}

#[cfg(test)]
mod tests;
