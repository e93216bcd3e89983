//! Scripts for the forms of the grammar: what a person could do next, as the form stands.

use super::Dice;
use crate::plan::shown;
use crate::script::{self, Desk};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use xuncha_forms::{Form, FormError, Item, Limits, Question, QuestionKind, Reason, Repeat, Session, Wish};

/// A form being filled by chance.
pub struct Hand {
    pub session: Session,
    pub desk: Desk,
    /// Counts that were lowered once: JavaRosa deletes instances then, so they are not raised again beside it.
    lowered: HashMap<String, i64>,
    counts: Vec<String>,
    /// The form makes something once.
    once: bool,
}

/// One thing to do: a step, and the one that takes it back where the answer is refused.
pub type Steps = Vec<Value>;

impl Hand {
    pub fn begin(form: &str, folder: &Path, mut desk: Desk) -> Result<Hand, FormError> {
        let once = form.contains("once(");
        let counts = form.split("jr:count=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let counts = counts.filter_map(|path| path.rsplit('/').next()).map(str::to_owned).collect();
        let folder = script::Folder(folder.to_owned());
        let form = Arc::new(Form::compile(form.as_bytes(), &folder, &Limits::default())?);
        let session = Session::start(form, &mut desk)?;
        Ok(Hand { session, desk, lowered: HashMap::new(), counts, once })
    }

    /// A session that is there already.
    pub fn over(session: Session, desk: Desk) -> Hand {
        Hand { session, desk, lowered: HashMap::new(), counts: Vec::new(), once: false }
    }

    pub fn act(&mut self, step: &Value) -> serde_json::Map<String, Value> {
        script::act(&mut self.session, step, &mut self.desk)
    }

    /// An answer that the question could get.
    pub fn answer(&mut self, question: &Question, dice: &mut Dice<'_>) -> Option<String> {
        use QuestionKind as K;
        let offered = self.session.choices(&question.at, "", 50).items;
        let mut offered: Vec<String> = offered.into_iter().map(|choice| choice.value).collect();
        let texts: &[&str] = match question.kind {
            K::Note => return None,
            K::Text => &["a", "", "b", "x y", "12", "bad", "true", "long enough to break"],
            K::Barcode => &["4006381333931", ""],
            K::Integer => &["2", "", "-3", "0", "7", "12", "100", "1", "3"],
            K::Decimal => &["2.5", "", "-0.125", "7", "100.5"],
            K::Boolean => &["true", "false"],
            K::Date => &["2024-02-29", "", "2026-01-31", "1999-12-31"],
            K::Time => &["10:30:00.000Z", "", "23:59:00.000Z"],
            K::DateTime => &["2026-02-28T10:30:00.000Z", ""],
            K::GeoPoint => &["12.5 3.25 10 5", "", "-0.5 170 0 0"],
            K::GeoTrace => &["1 1 0 0; 1 2 0 0", "", "1 1 0 0; 1.5 2 0 0; 2 1 0 0"],
            K::GeoShape => &["1 1 0 0; 1 2 0 0; 2 2 0 0; 1 1 0 0", ""],
            K::Image | K::Audio | K::Video | K::File => &["file.jpg", ""],
            K::Trigger => &["OK", ""],
            K::Range => {
                let range = question.range?;
                let numbers = [range.start, range.start + range.step, range.end];
                return Some(numbers[dice.pick(3)].to_string());
            }
            K::SelectOne => {
                offered.push(String::new());
                return Some(offered.swap_remove(dice.pick(offered.len())));
            }
            K::SelectMany => {
                let many = dice.pick(3.min(offered.len()) + 1);
                let first = dice.pick(offered.len().max(1));
                offered.rotate_left(first);
                offered.truncate(many);
                return Some(offered.join(" "));
            }
            K::Rank => {
                let first = dice.pick(offered.len().max(1));
                offered.rotate_left(first);
                return Some(offered.join(" "));
            }
        };
        Some(dice.one(texts).to_owned())
    }

    /// One of the things that a person could do now. Beside JavaRosa what is refused is taken back: it is kept
    /// here and not there.
    pub fn next(&mut self, dice: &mut Dice<'_>, beside: bool) -> Steps {
        let (questions, repeats) = shown(&self.session);
        // Beside it the device's answer is still on its way then, and would miss its node.
        let waiting = self.session.requests().iter().any(|one| one.wish == Wish::Place);
        match dice.pick(14) {
            0 | 1 | 6 => {
                let free: Vec<&Repeat> =
                    repeats.iter().filter(|one| one.can_add && one.instances.len() < 4).collect();
                if !free.is_empty() {
                    let at = &free[dice.pick(free.len())].at;
                    return self.done(json!({"op": "add_repeat", "ref": at.as_str()}));
                }
            }
            2 | 7 if !waiting => {
                let full: Vec<&Repeat> =
                    repeats.iter().filter(|one| one.can_remove && !one.instances.is_empty()).collect();
                if !full.is_empty() {
                    let repeat = full[dice.pick(full.len())];
                    let at = &repeat.instances[dice.pick(repeat.instances.len())].at;
                    return self.done(json!({"op": "remove_repeat", "ref": at.as_str()}));
                }
            }
            3 => {
                let language = dice.one(&["中文 (zh)", "English (en)"]);
                return self.done(json!({"op": "language", "value": language}));
            }
            4 => {
                if let Some(request) = self.session.requests().first()
                    && request.wish == Wish::Place
                {
                    let place = dice.one(&["12.5 3.25 10 5", "40 116.25 0 0"]);
                    return self.done(json!({"op": "deliver", "ref": request.at.as_str(), "value": place}));
                }
            }
            // What was asked of the device is asked anew only by what loads.
            5 if !waiting => {
                let language = self.session.language().unwrap_or_default().to_owned();
                let mut steps = self.done(json!({"op": "reopen"}));
                steps.extend(self.done(json!({"op": "language", "value": language})));
                return steps;
            }
            _ => {}
        }
        let open: Vec<Question> = questions.into_iter().filter(|one| !one.readonly).collect();
        if open.is_empty() {
            return Vec::new();
        }
        let question = &open[dice.pick(open.len())];
        let Some(mut value) = self.answer(question, dice) else { return Vec::new() };
        let at = question.at.as_str();
        if beside && self.counts.iter().any(|name| at.ends_with(&format!("/{name}"))) {
            if waiting {
                return Vec::new();
            }
            let number = value.parse::<i64>().unwrap_or(0).clamp(0, 4);
            let before = self.session.value(&question.at).and_then(|text| text.parse().ok()).unwrap_or(0);
            let most = self.lowered.get(at).copied().unwrap_or(4);
            let number = number.min(most);
            if number < before {
                self.lowered.insert(at.to_owned(), number);
            }
            value = number.to_string();
        }
        let before = self.session.value(&question.at).unwrap_or_default();
        let mut steps = self.done(json!({"op": "answer", "ref": at, "value": value}));
        let refused = |hand: &Hand| match hand.session.page(&question.at) {
            Some(Item::Question(now)) => now.problem.is_some() || value.is_empty() && now.required,
            _ => false,
        };
        let broken = |hand: &Hand| match hand.session.page(&question.at) {
            Some(Item::Question(now)) => now.problem.is_some_and(|one| one.reason == Reason::Constraint),
            _ => false,
        };
        if beside && refused(self) {
            // Nor may it have set off what is made once.
            if self.once {
                self.session.undo();
                return Vec::new();
            }
            if broken(self) {
                steps.push(json!({"op": "message", "ref": at}));
            }
            steps.extend(self.done(json!({"op": "answer", "ref": at, "value": before})));
        }
        steps
    }

    fn done(&mut self, step: Value) -> Steps {
        self.act(&step);
        vec![step]
    }

    /// Everything as it stands: the peer first walks through the form, looks at every choice (it takes away
    /// those that have left their list only then), and works out all calculations anew (it forgets some).
    pub fn look(&self) -> Steps {
        let (questions, _) = shown(&self.session);
        let walk = || json!({"op": "label", "ref": "/walk"});
        let choices = || {
            let with = questions.iter().filter(|one| one.has_choices);
            with.map(|one| json!({"op": "choices", "ref": one.at.as_str()}))
        };
        let settle = || json!({"op": "settle"});
        let mut steps = vec![walk(), settle(), walk()];
        steps.extend(choices());
        steps.push(settle());
        steps.extend(choices());
        steps.push(settle());
        steps.extend(choices());
        let nodes = self.session.node_states();
        let nodes = nodes.iter().filter(|node| !node.at.as_str().contains('@'));
        steps.extend(nodes.map(|node| json!({"op": "state", "ref": node.at.as_str()})));
        for question in &questions {
            steps.push(json!({"op": "label", "ref": question.at.as_str()}));
            if question.hint.is_some() {
                steps.push(json!({"op": "hint", "ref": question.at.as_str()}));
            }
        }
        steps.push(json!({"op": "requests"}));
        steps
    }
}

/// A script of so many things to do, with a look after each.
pub fn beside(hand: &mut Hand, dice: &mut Dice<'_>, many: usize) -> Value {
    let mut steps = hand.look();
    for _ in 0..many {
        let next = hand.next(dice, true);
        if !next.is_empty() {
            steps.extend(next);
            steps.extend(hand.look());
        }
    }
    json!({"steps": steps})
}
