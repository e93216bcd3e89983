//! Kinds of difference that are meant, told by what the form and both results show and not by the form's name. Each is
//! a row of `core/forms/README.md` or of `docs/standards.md`.

use crate::compare::Difference;
use crate::plan;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Whose results stand beside ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum With {
    Collect,
    WebForms,
}

/// What of a form and of its run tells the kinds apart.
pub struct Run {
    with: With,
    xml: String,
    /// The repeats whose instances are counted.
    counted: Vec<String>,
    /// The values that each question offered, at some time.
    offered: HashMap<String, HashSet<String>>,
    languages: bool,
}

/// A path without its positions.
fn plain(path: &str) -> String {
    path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The tags of a name, as they are written.
fn tags<'a>(xml: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    xml.split('<').filter_map(move |rest| {
        let tag = rest.split('>').next()?.strip_prefix(name)?;
        tag.starts_with(char::is_whitespace).then_some(tag)
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!("{name}=\""))?;
    after.split('"').next()
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
}

/// Choices as they were offered: values and texts.
fn choices(value: &Value) -> Option<Vec<(&str, &str)>> {
    value.as_array()?.iter().map(|one| Some((one.get(0)?.as_str()?, text(one.get(1)?)))).collect()
}

/// A kind: with which peer (none is both), why, and what tells it of a difference and its node.
type Kind = (Option<With>, &'static str, fn(&Run, &Difference, &str) -> bool);

const COLLECT: Option<With> = Some(With::Collect);
const WEB_FORMS: Option<With> = Some(With::WebForms);

const KINDS: &[Kind] = &[
    (None, "a lowered count hides and never deletes", Run::is_counted),
    (None, "a day where the peer keeps the time", Run::is_of_the_day),
    (None, "a choice without a text shows its value", Run::is_without_text),
    (None, "random numbers", Run::is_chance),
    (COLLECT, "white space between two outputs stays", Run::is_white_space),
    (COLLECT, "labels in calculations follow the language", Run::is_of_the_language),
    (None, "a value that a list never had stays", Run::was_never_offered),
    (WEB_FORMS, "properties of the device: a browser has none", Run::is_of_the_device),
    (WEB_FORMS, "an id is added in the namespace of the instance, there in OpenRosa's", Run::is_another_id),
    (WEB_FORMS, "a bind whose nodeset is a name is of the root's child", Run::is_bound_by_name),
    (
        WEB_FORMS,
        "what a file shows is not there without the file; there it takes answers",
        Run::is_shown_by_a_file,
    ),
];

impl Run {
    pub fn new(with: With, xml: &str, script: &Value, ours: &Value) -> Self {
        let counts = tags(xml, "repeat").filter(|tag| tag.contains("jr:count"));
        let counted = counts.filter_map(|tag| attribute(tag, "nodeset")).map(str::to_owned).collect();
        let mut offered: HashMap<String, HashSet<String>> = HashMap::new();
        let steps = plan::steps(script);
        for (step, result) in steps.iter().zip(ours["steps"].as_array().into_iter().flatten()) {
            for (value, _) in choices(&result["choices"]).into_iter().flatten() {
                offered.entry(plain(text(&step["ref"]))).or_default().insert(value.to_owned());
            }
        }
        let languages = steps.iter().any(|step| step["op"] == "language");
        Self { with, xml: xml.to_owned(), counted, offered, languages }
    }

    /// The bind of a node: the one of its path, or of its name where it stands right under the root.
    fn bind(&self, node: &str) -> Option<&str> {
        let name = node.rsplit('/').next().unwrap_or_default();
        let binds =
            |wanted: &str| tags(&self.xml, "bind").find(|tag| attribute(tag, "nodeset") == Some(wanted));
        binds(node).or_else(|| binds(name))
    }

    /// Why the two differ, if it is one of these kinds.
    pub fn reason(&self, one: &Difference) -> Option<&'static str> {
        let node = plain(&one.node());
        let found = KINDS
            .iter()
            .find(|(with, _, is)| with.is_none_or(|with| with == self.with) && is(self, one, &node));
        found.map(|(_, why, _)| *why)
    }

    /// An instance of a counted repeat, or what stands in it, is there for one engine only, or not to be reached.
    fn is_counted(&self, one: &Difference, node: &str) -> bool {
        let within = |repeat: &String| {
            node.strip_prefix(repeat.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let absent = |value: &Value| value.is_null() || value == false;
        let unreachable = |value: &Value| text(value).contains("not reachable");
        self.counted.iter().any(within)
            && (absent(&one.ours) != absent(&one.theirs)
                || unreachable(&one.ours) != unreachable(&one.theirs))
    }

    fn is_of_the_day(&self, one: &Difference, node: &str) -> bool {
        let (ours, theirs) = (text(&one.ours), text(&one.theirs));
        let bind = self.bind(node).unwrap_or_default();
        let made = attribute(bind, "calculate").is_some_and(|text| text.contains("date("));
        let dated = made || attribute(bind, "type") == Some("date");
        dated && is_day(ours) && theirs.strip_prefix(ours).is_some_and(|time| time.starts_with('T'))
    }

    fn is_without_text(&self, one: &Difference, _: &str) -> bool {
        let (Some(ours), Some(theirs)) = (choices(&one.ours), choices(&one.theirs)) else { return false };
        let same = |(ours, theirs): (&(&str, &str), &(&str, &str))| {
            ours == theirs || ours.0 == theirs.0 && ours.1 == ours.0 && theirs.1.is_empty()
        };
        one.part == "choices" && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(same)
    }

    fn is_white_space(&self, one: &Difference, _: &str) -> bool {
        let letters = |value: &Value| text(value).split_whitespace().collect::<String>();
        one.part == "label" && self.xml.contains("output") && letters(&one.ours) == letters(&one.theirs)
    }

    fn is_of_the_language(&self, one: &Difference, node: &str) -> bool {
        let quotes = |bind: &str| ["jr:choice-name(", "jr:itext("].iter().any(|call| bind.contains(call));
        self.languages && matches!(one.part, "" | "value") && self.bind(node).is_some_and(quotes)
    }

    /// Collect clears such an answer when its question is shown, Web Forms at once.
    fn was_never_offered(&self, one: &Difference, node: &str) -> bool {
        let Some(offered) = self.offered.get(node).filter(|_| matches!(one.part, "" | "value")) else {
            return false;
        };
        let words = |value: &'_ Value| text(value).split(' ').map(str::to_owned).collect::<HashSet<_>>();
        let (ours, theirs) = (words(&one.ours), words(&one.theirs));
        ours != theirs && ours.difference(&theirs).all(|word| !offered.contains(word))
    }

    /// As in Collect; Web Forms passes such a bind over.
    fn is_bound_by_name(&self, one: &Difference, node: &str) -> bool {
        let name = node.rsplit('/').next().unwrap_or_default();
        let by_name = tags(&self.xml, "bind").any(|tag| attribute(tag, "nodeset") == Some(name));
        by_name && node.split('/').count() == 3 && matches!(one.part, "relevant" | "required" | "readonly")
    }

    fn is_chance(&self, one: &Difference, _: &str) -> bool {
        let words = |value: &Value| {
            text(value).replace(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '.', "")
        };
        one.part == "label" && self.xml.contains("random(") && words(&one.ours) == words(&one.theirs)
    }

    /// Answers of files are left out of the scripts for Web Forms, and so is what they show.
    fn is_shown_by_a_file(&self, one: &Difference, node: &str) -> bool {
        let files: Vec<&str> = tags(&self.xml, "upload").filter_map(|tag| attribute(tag, "ref")).collect();
        let reads = |bind: &str| {
            let relevant = attribute(bind, "relevant").unwrap_or_default();
            files.iter().any(|file| relevant.contains(file))
        };
        let mut around = node.match_indices('/').map(|(at, _)| &node[..at]).chain([node]);
        let hidden = around.any(|path| self.bind(path).is_some_and(reads));
        hidden && (one.ours.is_null() || text(&one.ours).contains("not reachable"))
    }

    fn is_of_the_device(&self, one: &Difference, node: &str) -> bool {
        let asked = self.bind(node).is_some_and(|bind| attribute(bind, "jr:preload") == Some("property"));
        asked
            && matches!(one.part, "" | "value")
            && !text(&one.ours).is_empty()
            && text(&one.theirs).is_empty()
    }

    /// The one that Web Forms adds beside one without its namespace.
    fn is_another_id(&self, one: &Difference, node: &str) -> bool {
        node.ends_with("/meta/instanceID") && one.ours.is_null() && text(&one.theirs).starts_with("uuid:")
    }
}

/// Why a form that only the peer loads is refused here, if that is meant. `beside` is the form's folder.
pub fn refused(with: With, ours: &str, beside: &Path) -> Option<&'static str> {
    let missing =
        ours.strip_prefix("the external instance ").and_then(|rest| rest.split(" is not there").next());
    let file = missing.filter(|_| ours.contains(" is not there")).and_then(|src| src.rsplit('/').next());
    if file.is_some_and(|file| !beside.join(file).exists()) {
        return Some("a file that is not there is named");
    }
    let newer = ours.contains("of the entities specification") && ours.starts_with("not supported: version");
    if newer {
        return Some("a newer version of the entities specification is refused");
    }
    let circle = with == With::WebForms && ours.contains("depends on itself");
    circle.then_some("circles are refused, as in Collect")
}

#[test]
fn a_kind_excuses_nothing_that_it_does_not_show() {
    let xml = "<bind nodeset=\"/d/day\" type=\"date\"/><bind nodeset=\"/d/r/a\" type=\"string\"/>\
               <repeat nodeset=\"/d/r\" jr:count=\"/d/n\">";
    let reason = |node: &str, part: &str, ours: Value, theirs: Value| {
        let script = serde_json::json!({"steps": [{"op": "state", "ref": node}]});
        let result =
            |value: Value| serde_json::json!({"steps": [{part: value}], "instance": "<d/>", "valid": true});
        let (ours, theirs) = (result(ours), result(theirs));
        let run = Run::new(With::Collect, xml, &script, &ours);
        let found = crate::compare::differences(&script, &ours, &theirs);
        found.iter().find_map(|one| run.reason(one))
    };
    assert!(reason("/d/r[2]/a", "exists", true.into(), false.into()).is_some());
    assert_eq!(reason("/d/x[2]/a", "exists", true.into(), false.into()), None, "not counted");
    assert_eq!(reason("/d/r[2]/a", "value", "1".into(), "2".into()), None, "there in both");
    assert!(reason("/d/day", "value", "2026-01-02".into(), "2026-01-02T10:00:00Z".into()).is_some());
    assert_eq!(reason("/d/day", "value", "2026-01-02".into(), "2026-01-03T10:00:00Z".into()), None);
    assert_eq!(reason("/d/other", "value", "2026-01-02".into(), "2026-01-02T10:00:00Z".into()), None);
    assert_eq!(
        refused(With::Collect, "the external instance jr://file/x.csv is not there", Path::new("/")),
        Some("a file that is not there is named")
    );
    assert_eq!(refused(With::Collect, "this node depends on itself: /a", Path::new("/")), None);
}
