//! Form scripts made from what a form asks.

use crate::script;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use xuncha_forms::{Form, FormError, Item, Limits, Moment, NodeRef, Question, QuestionKind, Repeat, Session};

/// Questions that are answered in one form; the largest have a thousand, and the peer looks for each from
/// the beginning.
const MOST: usize = 60;

struct Plan {
    /// Counts only grow: JavaRosa never takes counted instances away, so that all after that would differ.
    growing: bool,
    session: Session,
    desk: script::Desk,
    steps: Vec<Value>,
}

/// Answers to try on a question, plausible ones and edges.
fn answers(session: &Session, question: &Question, round: usize, growing: bool) -> Vec<String> {
    use QuestionKind as K;
    let choices: Vec<String> =
        session.choices(&question.at, "", 500).items.into_iter().map(|choice| choice.value).collect();
    let pick = |n: usize| choices.get(n % choices.len().max(1)).cloned().unwrap_or_default();
    let two = if choices.len() > 1 { format!("{} {}", pick(1), pick(0)) } else { pick(0) };
    let texts: &[&str] = match question.kind {
        K::Note => &[],
        K::Text | K::Barcode => &["a b", "7", "巡查 & <x> \"q\""],
        K::Integer if growing => return vec![(round + 1).to_string(), (round + 2).to_string()],
        K::Integer => &["-3", "0", "12"],
        K::Decimal => &["2.5", "-0.125", "40"],
        K::Boolean => &["true", "false"],
        K::Date => &["2024-02-29", "2026-01-31"],
        K::Time => &["00:00:00.000Z", "23:59:00.000Z"],
        K::DateTime => &["2026-02-28T10:30:00.000Z"],
        K::GeoPoint => &["12.5 -3.25 10 5", "-0.5 170 0 0"],
        K::GeoTrace => &["1 1 0 0; 1 2 0 0"],
        K::GeoShape => &["1 1 0 0; 1 2 0 0; 2 2 0 0; 1 1 0 0"],
        K::Image | K::Audio | K::Video | K::File => &["file.jpg"],
        K::Trigger => &["OK"],
        K::Range => &["3"],
        K::SelectOne => return vec![pick(round), pick(round + 1)],
        K::SelectMany => return vec![pick(round), two],
        K::Rank => return vec![choices.iter().rev().cloned().collect::<Vec<_>>().join(" ")],
    };
    let mut all: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let shift = round % all.len().max(1);
    all.rotate_left(shift);
    all
}

/// The questions and repeats that a person sees, in their order.
pub fn shown(session: &Session) -> (Vec<Question>, Vec<Repeat>) {
    fn gather(items: &[Item], questions: &mut Vec<Question>, repeats: &mut Vec<Repeat>) {
        for item in items {
            match item {
                Item::Question(question) => questions.push(question.clone()),
                Item::Group(group) => gather(&group.children, questions, repeats),
                Item::Repeat(repeat) => {
                    repeats.push(repeat.clone());
                    repeat.instances.iter().for_each(|one| gather(&one.children, questions, repeats));
                }
            }
        }
    }
    let (mut questions, mut repeats) = (Vec::new(), Vec::new());
    gather(&session.view().children, &mut questions, &mut repeats);
    (questions, repeats)
}

impl Plan {
    fn step(&mut self, step: Value) {
        let _ = script::act(&mut self.session, &step, &mut self.desk);
        self.steps.push(step);
    }

    /// Everything as it stands; the peer first walks through the form, as a person would, because it makes
    /// the instances of counted repeats only then.
    fn look(&mut self) {
        self.step(json!({"op": "label", "ref": "/walk"}));
        let nodes = self.session.node_states();
        for node in nodes.iter().filter(|node| !node.at.as_str().contains('@')).take(600) {
            self.step(json!({"op": "state", "ref": node.at.as_str()}));
        }
        let (questions, _) = shown(&self.session);
        for question in questions.iter().take(MOST) {
            self.step(json!({"op": "label", "ref": question.at.as_str()}));
            if question.has_choices {
                self.step(json!({"op": "choices", "ref": question.at.as_str()}));
            }
        }
    }

    fn answer_all(&mut self, round: usize) {
        let mut done: Vec<NodeRef> = Vec::new();
        // What an answer makes appear is asked too.
        while let Some(question) = shown(&self.session)
            .0
            .into_iter()
            .find(|one| !one.readonly && !done.contains(&one.at))
            .filter(|_| done.len() < MOST)
        {
            done.push(question.at.clone());
            for value in answers(&self.session, &question, round, self.growing) {
                let before = self.session.value(&question.at).unwrap_or_default();
                self.step(json!({"op": "answer", "ref": question.at.as_str(), "value": value}));
                // What is refused is kept here and not there: the answer before brings both together again.
                let refused = self
                    .session
                    .page(&question.at)
                    .is_some_and(|item| matches!(item, Item::Question(one) if one.problem.is_some()));
                if refused {
                    self.step(json!({"op": "answer", "ref": question.at.as_str(), "value": before}));
                }
            }
        }
    }

    fn repeats(&mut self) {
        for repeat in shown(&self.session).1.into_iter().filter(|one| one.can_add).take(6) {
            for _ in 0..2 {
                self.step(json!({"op": "add_repeat", "ref": repeat.at.as_str()}));
            }
            if self.session.page(&NodeRef::new(format!("{}[2]", repeat.at))).is_some() {
                self.step(json!({"op": "remove_repeat", "ref": format!("{}[1]", repeat.at)}));
            }
        }
    }
}

/// A script for a form.
pub fn of(form: &Path, moment: Moment) -> Result<Value, FormError> {
    filled(form, moment).map(|(script, ..)| script)
}

/// A script for a form, and its session afterwards: look, answer everything twice, add and remove instances,
/// switch languages; or the steps that stand beside the form in a JSON file of its name, with a look after each.
pub fn filled(form: &Path, moment: Moment) -> Result<(Value, Session, script::Desk), FormError> {
    let bytes = std::fs::read(form).unwrap();
    let folder = script::Folder(form.parent().unwrap().to_owned());
    let compiled = Form::compile(&bytes, &folder, &Limits::default())?;
    let languages = compiled.languages().to_vec();
    let mut desk = script::Desk { moment, count: 0 };
    let session = Session::start(Arc::new(compiled), &mut desk)?;
    let text = String::from_utf8_lossy(&bytes);
    let growing = text.contains("jr:count") && std::env::var_os("XUNCHA_FORMS").is_some();
    let mut plan = Plan { growing, session, desk, steps: Vec::new() };
    plan.look();
    if let Ok(given) = std::fs::read(form.with_extension("json")) {
        let given: Vec<Value> = serde_json::from_slice(&given).unwrap();
        // Of a large form only at the end.
        let small = plan.session.node_states().len() < MOST;
        for step in given {
            plan.step(step);
            if small {
                plan.look();
            }
        }
        plan.look();
    } else {
        plan.answer_all(0);
        plan.look();
        plan.repeats();
        for language in languages.iter().rev() {
            plan.step(json!({"op": "language", "value": language}));
        }
        plan.answer_all(1);
        plan.look();
    }
    let (shuffled, chance) = (text.contains("randomize("), text.contains("random("));
    Ok((json!({"steps": plan.steps, "shuffled": shuffled, "chance": chance}), plan.session, plan.desk))
}

pub fn steps(script: &Value) -> &[Value] {
    script["steps"].as_array().map_or(&[], Vec::as_slice)
}
