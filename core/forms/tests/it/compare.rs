//! The comparison of what two engines did with a script.

use crate::plan;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// What a step's result has.
const PARTS: [&str; 10] = [
    "relevant", "required", "readonly", "value", "accepted", "choices", "label", "hint", "message",
    "requests",
];

/// One thing that two engines did differently.
pub struct Difference {
    /// The step as it stands in the script, `instance` and a path, `valid`, or `loads`.
    pub place: String,
    /// What of a step's result; empty elsewhere.
    pub part: &'static str,
    pub ours: Value,
    pub theirs: Value,
    /// Both say that the node is hidden.
    pub hidden: bool,
    /// The step that it is of; none where it is of the end.
    pub step: Option<usize>,
    /// What the peer said beside it.
    pub more: String,
}

impl Difference {
    fn new(place: impl Into<String>, part: &'static str, ours: &Value, theirs: &Value) -> Difference {
        let (ours, theirs) = (ours.clone(), theirs.clone());
        Difference { place: place.into(), part, ours, theirs, hidden: false, step: None, more: String::new() }
    }

    /// The node that it is of, as a step or the instance names it.
    pub fn node(&self) -> String {
        let step: Option<Value> = serde_json::from_str(&self.place).ok();
        let named = step.as_ref().and_then(|step| step["ref"].as_str());
        named.unwrap_or(self.place.strip_prefix("instance ").unwrap_or(&self.place)).to_owned()
    }
}

impl Difference {
    /// Whether it is of an id that a form does not ask for: every record has one here, and a form without a place
    /// for it gets that, so that its root is never a leaf.
    pub fn is_of_the_id(&self, xml: &str) -> bool {
        let place = self.node();
        let asked = ["<instanceID", ":instanceID"].iter().any(|place| xml.contains(place));
        let ends = ["meta", "instanceID", "meta[1]", "instanceID[1]"];
        let named =
            ends.iter().any(|end| place.ends_with(&format!("/{end}")) || place.ends_with(&format!(":{end}")));
        let theirs = self.theirs.as_str().unwrap_or_default();
        named && (!asked || theirs.is_empty()) || !asked && place.split('/').count() == 2
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { place, part, ours, theirs, more, .. } = self;
        let gap = if part.is_empty() { "" } else { " " };
        write!(out, "{place}{gap}{part}: {ours} / {theirs} {more}")
    }
}

/// The forms of a run by who loads them.
#[derive(Default)]
pub struct Loads {
    pub both: usize,
    neither: Vec<String>,
    only_here: Vec<String>,
    pub only_there: Vec<String>,
    /// Those that are refused here for a reason that is meant.
    meant: Vec<String>,
}

impl Loads {
    /// Notes who loads a form, by the errors of both; whether both do. `refused` says why a form that only the peer
    /// loads is meant not to.
    pub fn note(
        &mut self,
        name: &str,
        ours: &Value,
        theirs: &Value,
        refused: impl Fn(&str) -> Option<&'static str>,
    ) -> bool {
        match (ours.as_str(), theirs.as_str()) {
            (None, None) => self.both += 1,
            (Some(ours), Some(theirs)) => {
                self.neither.push(format!("{name}: {ours} / {}", first_line(theirs)))
            }
            (None, Some(theirs)) => self.only_here.push(format!("{name}: {}", first_line(theirs))),
            (Some(ours), None) => match refused(ours) {
                Some(why) => self.meant.push(format!("{name}: {why}")),
                None => self.only_there.push(format!("{name} does not load: {ours}")),
            },
        }
        ours.is_null() && theirs.is_null()
    }
}

fn first_line(error: &str) -> String {
    error.lines().next().unwrap_or_default().chars().take(300).collect()
}

impl fmt::Display for Loads {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Loads { both, neither, only_here, only_there, meant } = self;
        writeln!(out, "{both} forms load in both, {} only in the peer", only_there.len())?;
        writeln!(out, "{} only in the peer, as is meant:\n  {}", meant.len(), meant.join("\n  "))?;
        writeln!(out, "{} only here:\n  {}", only_here.len(), only_here.join("\n  "))?;
        writeln!(out, "{} in neither:\n  {}", neither.len(), neither.join("\n  "))
    }
}

/// What two engines did differently, but for what no two runs share.
pub fn differences(script: &Value, ours: &Value, theirs: &Value) -> Vec<Difference> {
    let mut out = Vec::new();
    if ours["error"] != theirs["error"] {
        return vec![Difference::new("loads", "", &ours["error"], &theirs["error"])];
    }
    let results = |one: &Value| one["steps"].as_array().cloned().unwrap_or_default();
    for (at, ((step, ours), theirs)) in
        plan::steps(script).iter().zip(results(ours)).zip(results(theirs)).enumerate()
    {
        let before = out.len();
        let hidden = [&ours, &theirs].iter().all(|one| one["relevant"] == false || one["exists"] == false);
        if ours["exists"] != theirs["exists"] && step["op"] == "state" {
            let (a, b) = (&ours["exists"], &theirs["exists"]);
            let different = Difference::new(step.to_string(), "exists", a, b);
            out.push(Difference { hidden, step: Some(at), ..different });
            continue;
        }
        for part in PARTS {
            let (a, b) = (&ours[part], &theirs[part]);
            let shuffled = part == "choices" && script["shuffled"] == true;
            let by_chance = script["chance"] == true && without_chance(a) == without_chance(b);
            if a != b && !(same(a, b) || shuffled && sorted(a) == sorted(b) || by_chance) {
                let more = theirs["error"].as_str().unwrap_or_default().to_owned();
                out.push(Difference { hidden, more, ..Difference::new(step.to_string(), part, a, b) });
            }
        }
        if ours.get("error").is_some() != theirs.get("error").is_some() {
            out.push(Difference::new(step.to_string(), "error", &ours["error"], &theirs["error"]));
        }
        for one in out.iter_mut().skip(before) {
            one.step = Some(at);
        }
    }
    if ours["valid"] != theirs["valid"] {
        let more = format!("{} {}", theirs["error"], ours["blocking"]);
        out.push(Difference { more, ..Difference::new("valid", "", &ours["valid"], &theirs["valid"]) });
    }
    let (a, b) = (leaves(&ours["instance"]), leaves(&theirs["instance"]));
    for path in a.keys().chain(b.keys().filter(|path| !a.contains_key(*path))) {
        let (one, other) = (a.get(path), b.get(path));
        let by_chance =
            script["chance"] == true && without_chance(&json!(one)) == without_chance(&json!(other));
        if !(same(&json!(one), &json!(other)) || by_chance) || one.is_some() != other.is_some() {
            out.push(Difference::new(format!("instance {path}"), "", &json!(one), &json!(other)));
        }
    }
    out
}

fn sorted(list: &Value) -> Vec<String> {
    let mut list: Vec<String> = list.as_array().into_iter().flatten().map(Value::to_string).collect();
    list.sort();
    list
}

/// Without the digits of what `random()` gave.
fn without_chance(value: &Value) -> String {
    let mut digits = 0;
    let mut out = String::new();
    for letter in value.to_string().chars() {
        digits = if letter.is_ascii_digit() { digits + 1 } else { 0 };
        if digits > 9 {
            out.truncate(out.trim_end_matches(|letter: char| letter.is_ascii_digit()).len());
        } else {
            out.push(letter);
        }
    }
    out
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

/// One word for every uuid in a text; `uuid:` before it or not.
fn without_uuids(text: &str) -> String {
    const SHAPE: &[u8] = b"00000000-0000-0000-0000-000000000000";
    let is_one = |bytes: &[u8]| {
        bytes.len() == SHAPE.len()
            && SHAPE.iter().zip(bytes).all(|(wanted, byte)| match wanted {
                b'0' => byte.is_ascii_hexdigit(),
                other => other == byte,
            })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if rest.as_bytes().get(..SHAPE.len()).is_some_and(is_one) {
            out.truncate(out.trim_end_matches("uuid:").len());
            out.push('*');
            rest = &rest[SHAPE.len()..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
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
    let text = &without_uuids(text);
    let bytes = text.as_bytes();
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
        // The two begin a moment apart.
        if word.len() > 18 && word.as_bytes().get(10) == Some(&b'T') && word.as_bytes().get(13) == Some(&b':')
        {
            return format!("a time of {}", word.get(..10).unwrap_or_default());
        }
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
