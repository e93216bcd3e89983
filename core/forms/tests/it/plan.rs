//! Form scripts made from what a form asks, and the comparison of what two engines did with them.

use crate::script;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use xuncha_forms::{Form, Item, Limits, Moment, NodeRef, Question, QuestionKind, Repeat, Session};

/// Questions that are answered in one form; the largest have a thousand, and the peer looks for each from
/// the beginning.
const MOST: usize = 60;

struct Plan {
    session: Session,
    desk: script::Desk,
    steps: Vec<Value>,
}

/// Answers to try on a question, plausible ones and edges.
fn answers(session: &Session, question: &Question, round: usize) -> Vec<String> {
    use QuestionKind as K;
    let choices: Vec<String> =
        session.choices(&question.at, "", 500).items.into_iter().map(|choice| choice.value).collect();
    let pick = |n: usize| choices.get(n % choices.len().max(1)).cloned().unwrap_or_default();
    let texts: &[&str] = match question.kind {
        K::Note => &[],
        K::Text | K::Barcode => &["a b", "7", "巡查 & <x> \"q\""],
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
        K::SelectMany => return vec![pick(round), format!("{} {}", pick(1), pick(0))],
        K::Rank => return vec![choices.iter().rev().cloned().collect::<Vec<_>>().join(" ")],
    };
    let mut all: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let shift = round % all.len().max(1);
    all.rotate_left(shift);
    all
}

fn questions(items: &[Item], out: &mut Vec<Question>, repeats: &mut Vec<Repeat>) {
    for item in items {
        match item {
            Item::Question(question) => out.push(question.clone()),
            Item::Group(group) => questions(&group.children, out, repeats),
            Item::Repeat(repeat) => {
                repeats.push(repeat.clone());
                repeat.instances.iter().for_each(|one| questions(&one.children, out, repeats));
            }
        }
    }
}

impl Plan {
    fn step(&mut self, step: Value) {
        let _ = script::act(&mut self.session, &step, &mut self.desk);
        self.steps.push(step);
    }

    fn shown(&self) -> (Vec<Question>, Vec<Repeat>) {
        let (mut all, mut repeats) = (Vec::new(), Vec::new());
        questions(&self.session.view().children, &mut all, &mut repeats);
        (all, repeats)
    }

    /// Everything as it stands; the peer first walks through the form, as a person would, because it makes
    /// the instances of counted repeats only then.
    fn look(&mut self) {
        self.step(json!({"op": "label", "ref": "/walk"}));
        let nodes = self.session.node_states();
        for node in nodes.iter().filter(|node| !node.at.as_str().contains('@')).take(600) {
            self.step(json!({"op": "state", "ref": node.at.as_str()}));
        }
        let (questions, _) = self.shown();
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
        while let Some(question) = self
            .shown()
            .0
            .into_iter()
            .find(|one| !one.readonly && !done.contains(&one.at))
            .filter(|_| done.len() < MOST)
        {
            done.push(question.at.clone());
            for value in answers(&self.session, &question, round) {
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
        for repeat in self.shown().1.into_iter().filter(|one| one.can_add).take(6) {
            for _ in 0..2 {
                self.step(json!({"op": "add_repeat", "ref": repeat.at.as_str()}));
            }
            if self.session.page(&NodeRef::new(format!("{}[2]", repeat.at))).is_some() {
                self.step(json!({"op": "remove_repeat", "ref": format!("{}[1]", repeat.at)}));
            }
        }
    }
}

/// A script for a form: look, answer everything twice, add and remove instances, switch languages.
pub fn of(form: &Path, moment: Moment) -> Result<Value, xuncha_forms::FormError> {
    let bytes = std::fs::read(form).unwrap();
    let folder = script::Folder(form.parent().unwrap().to_owned());
    let compiled = Form::compile(&bytes, &folder, &Limits::default())?;
    let languages = compiled.languages().to_vec();
    let mut desk = script::Desk { moment, count: 0 };
    let session = Session::start(Arc::new(compiled), &mut desk).unwrap();
    let mut plan = Plan { session, desk, steps: Vec::new() };
    plan.look();
    plan.answer_all(0);
    plan.look();
    plan.repeats();
    for language in languages.iter().rev() {
        plan.step(json!({"op": "language", "value": language}));
    }
    plan.answer_all(1);
    plan.look();
    let shuffled = String::from_utf8_lossy(&bytes).contains("randomize(");
    Ok(json!({"steps": plan.steps, "shuffled": shuffled}))
}

pub fn steps(script: &Value) -> &[Value] {
    script["steps"].as_array().map_or(&[], Vec::as_slice)
}

/// What two engines did differently, but for what is meant to differ.
pub fn differences(script: &Value, ours: &Value, theirs: &Value) -> Vec<String> {
    let mut out = Vec::new();
    if ours["error"] != theirs["error"] {
        return vec![format!("loads: {} / {}", ours["error"], theirs["error"])];
    }
    let results = |one: &Value| one["steps"].as_array().cloned().unwrap_or_default();
    for ((step, ours), theirs) in steps(script).iter().zip(results(ours)).zip(results(theirs)) {
        for name in ["exists", "relevant", "required", "readonly", "value", "accepted", "choices", "label"] {
            let (a, b) = (&ours[name], &theirs[name]);
            let shuffled = name == "choices" && script["shuffled"] == true;
            if a != b && !(same(a, b) || shuffled && sorted(a) == sorted(b)) {
                out.push(format!("{step} {name}: {a} / {b} {}", theirs["error"]));
            }
        }
        if ours.get("error").is_some() != theirs.get("error").is_some() {
            out.push(format!("{step} error: {} / {}", ours["error"], theirs["error"]));
        }
    }
    if ours["valid"] != theirs["valid"] {
        out.push(format!("valid: {} / {} {}", ours["valid"], theirs["valid"], ours["blocking"]));
    }
    let (a, b) = (leaves(&ours["instance"]), leaves(&theirs["instance"]));
    for path in a.keys().chain(b.keys().filter(|path| !a.contains_key(*path))) {
        let (one, other) = (a.get(path), b.get(path));
        if !same(&json!(one), &json!(other)) || one.is_some() != other.is_some() {
            out.push(format!("instance {path}: {one:?} / {other:?}"));
        }
    }
    out
}

fn sorted(list: &Value) -> Vec<String> {
    let mut list: Vec<String> = list.as_array().into_iter().flatten().map(Value::to_string).collect();
    list.sort();
    list
}

/// The same but for what two runs cannot share: a moment, an id, chance, the last digits.
fn same(a: &Value, b: &Value) -> bool {
    let (a, b) = (plain(a), plain(b));
    if a == b {
        return true;
    }
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    match (number(&a), number(&b)) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 + 1e-6 * a.abs().max(b.abs()),
        _ => false,
    }
}

/// Values that no two runs share, and ways of writing that mean the same.
fn plain(value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text,
        // No text and an empty one.
        Value::Null => "",
        Value::Array(all) => return all.iter().map(plain).collect(),
        other => return other.clone(),
    };
    let bytes = text.as_bytes();
    let shape = |pattern: &str| {
        bytes.len() == pattern.len()
            && pattern.bytes().zip(bytes).all(|(wanted, byte)| match wanted {
                b'0' => byte.is_ascii_hexdigit(),
                other => other == *byte,
            })
    };
    let uuid = "00000000-0000-0000-0000-000000000000";
    if shape(uuid) || shape(&format!("uuid:{uuid}")) {
        return json!("a uuid");
    }
    if text.len() > 18 && bytes.get(10) == Some(&b'T') && bytes.get(13) == Some(&b':') {
        // The two begin a moment apart.
        let today = &text[..10];
        return json!(format!("a time of {today}"));
    }
    if bytes.get(2) == Some(&b':') && bytes.get(5) == Some(&b':') && text.len() > 12 {
        // Another offset, the same time.
        let hours: i32 = text.get(12..15).and_then(|offset| offset.parse().ok()).unwrap_or(0);
        let hour: i32 = text[..2].parse().unwrap_or(0);
        return json!(format!("{}{}", (hour - hours).rem_euclid(24), &text[2..12]));
    }
    if text == "true" || text == "false" {
        return json!(if text == "true" { "1" } else { "0" });
    }
    let words = text.split_whitespace().map(|word| {
        let (word, rest) = word.split_at(word.len() - usize::from(word.ends_with(';')));
        match word.parse::<f64>() {
            Ok(number) if word.contains('.') => format!("{number}{rest}"),
            _ => format!("{word}{rest}"),
        }
    });
    json!(words.collect::<Vec<_>>().join(" "))
}

/// Text by path of every element without children, positions where there are several.
fn leaves(xml: &Value) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut open: Vec<(String, BTreeMap<String, usize>, String, bool)> = Vec::new();
    let text = xml.as_str().unwrap_or("");
    let mut reader = quick_xml::Reader::from_str(text);
    let begin = |open: &mut Vec<(String, BTreeMap<String, usize>, String, bool)>, name: String| {
        let path = match open.last_mut() {
            None => format!("/{name}"),
            Some((path, seen, _, leaf)) => {
                *leaf = false;
                let count = seen.entry(name.clone()).or_default();
                *count += 1;
                format!("{path}/{name}[{count}]")
            }
        };
        open.push((path, BTreeMap::new(), String::new(), true));
    };
    let mut end = |open: &mut Vec<(String, BTreeMap<String, usize>, String, bool)>| {
        if let Some((path, _, text, leaf)) = open.pop()
            && leaf
        {
            out.insert(path, text);
        }
    };
    use quick_xml::events::Event;
    loop {
        let local = |name: &str| name.rsplit(':').next().unwrap_or("").to_owned();
        match reader.read_event().unwrap() {
            Event::Start(start) => begin(&mut open, local(start.name().as_ref())),
            Event::Empty(start) => {
                begin(&mut open, local(start.name().as_ref()));
                end(&mut open);
            }
            Event::End(_) => end(&mut open),
            Event::Text(text) => {
                if let Some(last) = open.last_mut() {
                    last.2 += &text.xml10_content();
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(last) = open.last_mut() {
                    last.2 += &match reference.resolve_char_ref().unwrap() {
                        Some(character) => character.to_string(),
                        None => quick_xml::escape::resolve_xml_entity(&reference.xml10_content())
                            .unwrap()
                            .to_owned(),
                    };
                }
            }
            Event::Eof => return out,
            _ => {}
        }
    }
}
