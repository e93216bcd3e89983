//! Runs a form script and prints one JSON object: load times, what each step did and how long it took,
//! whether the form is valid, the instance. External instances are read from the form's folder.
//!
//! `cargo run --release -p xuncha-forms --example script FORM.xml SCRIPT.json [times]
//!     [--clock TIME] [--zone ZONE] [--record]`
//!
//! - `--clock`: milliseconds since 1970 or an ISO 8601 date-time; the machine's clock otherwise.
//! - `--zone`: minutes, `+08:00`, `UTC`, or a name such as `Asia/Shanghai` where the machine has zone files;
//!   the clock's own offset or UTC otherwise.
//! - `--record`: after every step, every node as it stands, and what a screen shows of it.
//!
//! A step that cannot be done says so in its `error` and changes nothing; the next one goes on.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people to run: it prints and it measures"
)]

use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use xuncha_forms::{
    Answer, Context, ExternalInstances, Form, Item, Label, Limits, Moment, NodeRef, Question, Session, Wish,
};

/// The surroundings: one moment for the whole run, numbers in place of chance, a device's properties.
pub(crate) struct Desk {
    pub(crate) moment: Moment,
    pub(crate) count: u64,
}

impl Context for Desk {
    fn now(&self) -> Moment {
        self.moment
    }
    fn entropy(&mut self) -> [u8; 16] {
        self.count += 1;
        (u128::from(self.count) ^ u128::from(self.moment.unix_ms.unsigned_abs()) << 64).to_le_bytes()
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

/// Files beside the form, by the last part of their URI.
pub(crate) struct Folder(pub(crate) PathBuf);

impl ExternalInstances for Folder {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        std::fs::read(self.0.join(src.rsplit('/').next()?)).ok().map(Cow::Owned)
    }
}

pub(crate) struct Arguments {
    pub(crate) form: PathBuf,
    pub(crate) times: usize,
    pub(crate) moment: Moment,
    pub(crate) record: bool,
}

/// The script's path, and the rest.
fn arguments() -> Result<(PathBuf, Arguments), String> {
    let mut plain = Vec::new();
    let (mut clock, mut zone, mut record) = (None, None, false);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--clock" => clock = Some(given.next().ok_or("--clock needs a time")?),
            "--zone" => zone = Some(given.next().ok_or("--zone needs an offset")?),
            "--record" => record = true,
            _ => plain.push(argument),
        }
    }
    let [form, script, rest @ ..] = plain.as_slice() else {
        return Err(
            "FORM.xml SCRIPT.json [times] [--clock TIME] [--zone ZONE] [--record] are needed".to_owned()
        );
    };
    let times = rest.first().and_then(|times| times.parse().ok()).unwrap_or(1);
    let moment = moment(clock.as_deref(), zone.as_deref())?;
    Ok((script.into(), Arguments { form: form.into(), times, moment, record }))
}

pub(crate) fn moment(clock: Option<&str>, zone: Option<&str>) -> Result<Moment, String> {
    let fixed = zone.and_then(Moment::offset_of);
    let mut moment = match clock {
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            Moment { unix_ms: i64::try_from(now).unwrap_or(i64::MAX), offset_minutes: 0 }
        }
        Some(text) => match text.parse() {
            Ok(unix_ms) => Moment { unix_ms, offset_minutes: 0 },
            Err(_) => Moment::parse(text, fixed.unwrap_or(0))
                .ok_or_else(|| format!("{text} is neither milliseconds nor an ISO 8601 date-time"))?,
        },
    };
    if let Some(name) = zone {
        let offset = fixed.or_else(|| offset_in(name, moment.unix_ms.div_euclid(1000)));
        moment.offset_minutes =
            offset.ok_or_else(|| format!("{name} is no offset such as +08:00 or 480, and no zone here"))?;
    }
    Ok(moment)
}

/// Minutes of a named zone at a second of Unix time, from the machine's zone files (RFC 8536).
fn offset_in(name: &str, second: i64) -> Option<i32> {
    let well = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let bytes = std::fs::read(Path::new("/usr/share/zoneinfo").join(name)).ok().filter(|_| well)?;
    let count = |header: &[u8], at: usize| -> Option<usize> {
        let four = header.get(20 + 4 * at..24 + 4 * at)?;
        Some(four.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    // The first block has 32-bit times; the second one is the same with 64.
    let counts: Vec<usize> = (0..6).map(|at| count(&bytes, at)).collect::<Option<_>>()?;
    let [isut, isstd, leap, times, types, chars] = counts.as_slice() else { return None };
    let second_block = bytes.get(44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut..)?;
    let (times, types) = (count(second_block, 3)?, count(second_block, 4)?);
    let data = second_block.get(44..)?;
    let time = |at: usize| Some(i64::from_be_bytes(data.get(at * 8..at * 8 + 8)?.try_into().ok()?));
    let kind = match (0..times).rev().find(|at| time(*at).is_some_and(|time| time <= second)) {
        Some(at) => usize::from(*data.get(times * 8 + at)?),
        None => 0,
    };
    let info = times * 9 + kind.min(types) * 6;
    Some(i32::from_be_bytes(data.get(info..info + 4)?.try_into().ok()?) / 60)
}

fn main() {
    let mut out = Map::new();
    out.insert("engine".to_owned(), json!("xuncha-forms"));
    let done = arguments().and_then(|(script, arguments)| {
        let script = read(&script)?;
        let script: Value =
            serde_json::from_slice(&script).map_err(|error| format!("the script: {error}"))?;
        run(&arguments, &script, &mut out)
    });
    if let Err(error) = done {
        out.insert("error".to_owned(), json!(error));
    }
    println!("{}", Value::Object(out));
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Loads the form and does what the script says; `out` holds what was reached where that fails.
pub(crate) fn run(arguments: &Arguments, script: &Value, out: &mut Map<String, Value>) -> Result<(), String> {
    let xml = read(&arguments.form)?;
    let folder = Folder(arguments.form.parent().unwrap_or(Path::new(".")).to_owned());
    let mut desk = Desk { moment: arguments.moment, count: 0 };
    let mut loads = Vec::new();
    let mut session = None;
    for _ in 0..arguments.times.max(1) {
        let start = Instant::now();
        let loaded = Form::compile(&xml, &folder, &Limits::default())
            .and_then(|form| Session::start(Arc::new(form), &mut desk));
        loads.push(start.elapsed().as_secs_f64() * 1e3);
        session = Some(loaded);
    }
    out.insert("load_ms".to_owned(), json!(loads));
    let Some(session) = session else { return Ok(()) };
    let mut session = session.map_err(|error| error.to_string())?;
    let mut results = Vec::new();
    for step in script.get("steps").and_then(Value::as_array).into_iter().flatten() {
        let mut result = act(&mut session, step, &mut desk);
        if arguments.record {
            result.insert("record".to_owned(), record(&session));
        }
        results.push(Value::Object(result));
    }
    out.insert("steps".to_owned(), Value::Array(results));
    if script.get("finalize").and_then(Value::as_bool).unwrap_or(true) {
        session.revalidate(&mut desk);
    }
    let blocking = session.blocking();
    out.insert("valid".to_owned(), json!(blocking.is_empty()));
    let named = blocking.iter().map(|one| format!("{} {:?}", one.at, one.reason));
    out.insert("blocking".to_owned(), json!(named.collect::<Vec<_>>()));
    let instance = String::from_utf8(session.relevant_xml()).map_err(|error| error.to_string())?;
    out.insert("instance".to_owned(), json!(instance));
    Ok(())
}

/// A member of a step as text, numbers and truths too; empty when it is not there.
fn text(step: &Value, name: &str) -> String {
    match step.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(value)) => value.to_string(),
        _ => String::new(),
    }
}

pub(crate) fn act(session: &mut Session, step: &Value, desk: &mut Desk) -> Map<String, Value> {
    let op = text(step, "op");
    let start = Instant::now();
    let done = perform(session, &op, step, desk);
    let us = start.elapsed().as_secs_f64() * 1e6;
    let mut result = match done {
        Ok(Value::Object(result)) => result,
        Ok(other) => Map::from_iter([("result".to_owned(), other)]),
        Err(error) => Map::from_iter([("error".to_owned(), json!(error))]),
    };
    result.insert("op".to_owned(), json!(op));
    result.insert("us".to_owned(), json!(us));
    result
}

fn perform(session: &mut Session, op: &str, step: &Value, desk: &mut Desk) -> Result<Value, String> {
    let value = text(step, "value");
    let at = NodeRef::new(text(step, "ref"));
    let unreachable = || format!("not reachable: {at}");
    match op {
        "answer" => {
            let answer = if value.is_empty() { Answer::Empty } else { Answer::Text(value) };
            let missing = answer == Answer::Empty;
            if session.page(&at).is_none() {
                return Err(unreachable());
            }
            let changed = session.answer(&at, &answer, desk).map_err(|error| error.to_string())?;
            let required = missing && session.node_state(&at).is_some_and(|node| node.required);
            Ok(json!({"accepted": changed.problem.is_none() && !required}))
        }
        "add_repeat" => match session.add_repeat(&at, desk) {
            Ok(_) => Ok(json!({})),
            Err(error) => Err(error.to_string()),
        },
        "remove_repeat" => match session.remove_repeat(&at, desk) {
            Ok(_) => Ok(json!({})),
            Err(error) => Err(error.to_string()),
        },
        "language" if session.set_language(&value) => Ok(json!({})),
        "language" => Err(format!("the form has no language '{value}'")),
        "choices" => match session.page(&at) {
            Some(Item::Question(_)) => Ok(json!({"choices": choices(session, &at)})),
            _ => Err(unreachable()),
        },
        "state" => Ok(match session.node_state(&at) {
            None => json!({"exists": false}),
            Some(node) => json!({"exists": true, "relevant": node.relevant, "required": node.required,
                "readonly": node.readonly, "value": node.value}),
        }),
        "label" => match session.page(&at) {
            Some(Item::Question(question)) => Ok(json!({"label": shown(&question.label)})),
            _ => Err(unreachable()),
        },
        "hint" => match session.page(&at) {
            Some(Item::Question(question)) => Ok(json!({"hint": question.hint.as_ref().map(shown)})),
            _ => Err(unreachable()),
        },
        // What is said of an answer that breaks its constraint.
        "message" => match session.page(&at) {
            Some(Item::Question(question)) => Ok(json!({"message": question.problem.map(|one| one.message)})),
            _ => Err(unreachable()),
        },
        "requests" => Ok(json!({"requests": requests(session)})),
        "deliver" => match session.deliver(&at, &value, desk) {
            Ok(_) => Ok(json!({})),
            Err(error) => Err(error.to_string()),
        },
        // JavaRosa works out every calculation anew; here none is ever stale.
        "settle" => Ok(json!({})),
        // Ours alone: a draft saved, and opened again in place of the session.
        "save" => Ok(json!({"bytes": session.save().len()})),
        "reopen" => {
            let opened = Session::restore(Arc::clone(session.form()), &session.save(), desk);
            let (opened, misfits) = opened.map_err(|error| error.to_string())?;
            *session = opened;
            Ok(json!({"misfits": misfits.len()}))
        }
        "undo" => Ok(json!({"undone": session.undo()})),
        _ => Err("unknown op".to_owned()),
    }
}

/// Null where there is no text at all, as the peers have it.
fn shown(label: &Label) -> Value {
    if label.text.is_empty() { Value::Null } else { json!(label.text) }
}

/// What is asked of the device, as `place /data/x`, positions only where they are not the first.
fn requests(session: &Session) -> Value {
    let kind = |wish: &Wish| if *wish == Wish::Place { "place" } else { "recording" };
    let asked = session.requests();
    let mut asked: Vec<String> =
        asked.iter().map(|one| format!("{} {}", kind(&one.wish), one.at).replace("[1]", "")).collect();
    asked.sort_unstable();
    json!(asked)
}

fn choices(session: &Session, at: &NodeRef) -> Value {
    let all = session.choices(at, "", usize::MAX).items;
    all.into_iter().map(|one| json!([one.value, one.label.text])).collect()
}

/// Every node as it stands; of questions that are shown, their texts and choices too.
pub(crate) fn record(session: &Session) -> Value {
    let mut questions = HashMap::new();
    collect(&session.view().children, &mut questions);
    let one = |node: xuncha_forms::NodeState| {
        let mut out = json!({"ref": node.at.as_str(), "relevant": node.relevant, "value": node.value,
            "required": node.required, "readonly": node.readonly, "label": null, "hint": null,
            "choices": null});
        if let (Some(question), Value::Object(out)) = (questions.get(&node.at), &mut out) {
            out.insert("label".to_owned(), shown(&question.label));
            out.insert("hint".to_owned(), question.hint.as_ref().map_or(Value::Null, shown));
            if question.has_choices {
                out.insert("choices".to_owned(), choices(session, &node.at));
            }
        }
        out
    };
    session.node_states().into_iter().map(one).collect()
}

fn collect(items: &[Item], out: &mut HashMap<NodeRef, Question>) {
    for item in items {
        match item {
            Item::Question(question) => {
                out.insert(question.at.clone(), question.clone());
            }
            Item::Group(group) => collect(&group.children, out),
            Item::Repeat(repeat) => {
                repeat.instances.iter().for_each(|instance| collect(&instance.children, out));
            }
        }
    }
}
