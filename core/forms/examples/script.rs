//! Runs a form script and prints one JSON object: load times, what each step did and how long it took,
//! whether the form is valid, the instance. External instances are read from the form's folder.
//!
//! `cargo run --release -p xuncha-forms --example script FORM.xml SCRIPT.json [times] [--clock MS] [--zone MIN]`

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people to run: it prints and it measures"
)]

use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use xuncha_forms::{Answer, Context, ExternalInstances, Form, Item, Limits, Moment, NodeRef, Session};

struct Desk {
    moment: Moment,
    count: u64,
}

impl Context for Desk {
    fn now(&self) -> Moment {
        self.moment
    }
    fn entropy(&mut self) -> [u8; 16] {
        self.count += 1;
        u128::from(self.count).to_le_bytes()
    }
    fn property(&self, name: &str) -> Option<String> {
        let value = match name.to_lowercase().as_str() {
            "deviceid" => "test:device",
            "username" => "user",
            "email" => "user@example.org",
            "phonenumber" => "+10000000",
            _ => return None,
        };
        Some(value.to_owned())
    }
}

struct Folder(PathBuf);

impl ExternalInstances for Folder {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        std::fs::read(self.0.join(src.rsplit('/').next()?)).ok().map(Cow::Owned)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut plain = Vec::new();
    let mut moment = Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--clock" => moment.unix_ms = arguments.next().ok_or("--clock needs milliseconds")?.parse()?,
            "--zone" => moment.offset_minutes = arguments.next().ok_or("--zone needs minutes")?.parse()?,
            _ => plain.push(argument),
        }
    }
    let [form, script, rest @ ..] = plain.as_slice() else {
        return Err("FORM.xml SCRIPT.json [times]".into());
    };
    let times: usize = rest.first().map_or(Ok(1), |times| times.parse())?;
    let script: Value = serde_json::from_slice(&std::fs::read(script)?)?;
    println!("{}", run(Path::new(form), &script, times.max(1), moment)?);
    Ok(())
}

fn run(
    path: &Path,
    script: &Value,
    times: usize,
    moment: Moment,
) -> Result<Value, Box<dyn std::error::Error>> {
    let xml = std::fs::read(path)?;
    let folder = Folder(path.parent().unwrap_or(Path::new(".")).to_owned());
    let mut desk = Desk { moment, count: 0 };
    let mut out = Map::new();
    out.insert("engine".to_owned(), json!("xuncha-forms"));
    let mut loads = Vec::new();
    let mut session = None;
    for _ in 0..times {
        let start = Instant::now();
        let loaded = Form::compile(&xml, &folder, &Limits::default())
            .and_then(|form| Session::start(Arc::new(form), &mut desk));
        loads.push(start.elapsed().as_secs_f64() * 1e3);
        match loaded {
            Ok(loaded) => session = Some(loaded),
            Err(error) => {
                out.insert("error".to_owned(), json!(error.to_string()));
                return Ok(Value::Object(out));
            }
        }
    }
    out.insert("load_ms".to_owned(), json!(loads));
    let Some(mut session) = session else { return Ok(Value::Object(out)) };
    let steps = script.get("steps").and_then(Value::as_array).cloned().unwrap_or_default();
    let results: Vec<Value> = steps.iter().map(|step| act(&mut session, step, &mut desk)).collect();
    out.insert("steps".to_owned(), Value::Array(results));
    let blocking = session.blocking();
    out.insert("valid".to_owned(), json!(blocking.is_empty()));
    let named = blocking.iter().map(|one| format!("{} {:?}", one.at, one.reason));
    out.insert("blocking".to_owned(), json!(named.collect::<Vec<_>>()));
    let finished = session.finalize(&mut desk);
    let instance = finished.map_or_else(|_| session.relevant_xml(), |submission| submission.xml);
    out.insert("instance".to_owned(), json!(String::from_utf8(instance)?));
    Ok(Value::Object(out))
}

fn act(session: &mut Session, step: &Value, desk: &mut Desk) -> Value {
    let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let (op, value) = (text("op"), text("value"));
    let at = NodeRef::new(text("ref"));
    let start = Instant::now();
    let mut result = match op.as_str() {
        "answer" => {
            let answer = if value.is_empty() { Answer::Empty } else { Answer::Text(value) };
            match session.answer(&at, &answer, desk) {
                Ok(changed) => json!({"accepted": changed.problem.is_none()}),
                Err(error) => json!({"error": error.to_string()}),
            }
        }
        "add_repeat" => match session.add_repeat(&at, desk) {
            Ok(_) => json!({}),
            Err(error) => json!({"error": error.to_string()}),
        },
        "remove_repeat" => match session.remove_repeat(&at, desk) {
            Ok(_) => json!({}),
            Err(error) => json!({"error": error.to_string()}),
        },
        "language" => json!({"changed": session.set_language(&value)}),
        "choices" => {
            let choices = session.choices(&at, "", usize::MAX).items;
            json!({"choices": choices.into_iter().map(|one| json!([one.value, one.label.text])).collect::<Vec<_>>()})
        }
        "state" => match (session.is_relevant(&at), session.page(&at)) {
            (None, _) => json!({"exists": false}),
            (Some(relevant), page) => {
                let (required, readonly) = match page {
                    Some(Item::Question(question)) => (question.required, question.readonly),
                    _ => (false, false),
                };
                json!({"exists": true, "relevant": relevant, "required": required, "readonly": readonly,
                    "value": session.value(&at).unwrap_or_default()})
            }
        },
        "label" => match session.page(&at) {
            Some(Item::Question(question)) => json!({"label": question.label.text}),
            _ => json!({"error": "not reachable"}),
        },
        // Ours alone: a draft saved, and opened again in place of the session.
        "save" => json!({"bytes": session.save().len()}),
        "reopen" => match Session::restore(Arc::clone(session.form()), &session.save(), desk) {
            Ok((opened, misfits)) => {
                *session = opened;
                json!({"misfits": misfits.len()})
            }
            Err(error) => json!({"error": error.to_string()}),
        },
        _ => json!({"error": "unknown op"}),
    };
    if let Value::Object(map) = &mut result {
        map.insert("us".to_owned(), json!(start.elapsed().as_secs_f64() * 1e6));
        map.insert("op".to_owned(), json!(op));
    }
    result
}
