//! Kinds of difference that are meant, told by what the form and both results show and not by the form's name. Each is
//! a row of `core/forms/README.md` or of `docs/standards.md`.

mod form;
mod kinds;
mod tests;

use crate::compare::Difference;
use crate::plan;
use form::{Written, attribute, plain, tags};
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
    form: Written,
    /// The repeats whose instances are counted.
    counted: Vec<String>,
    /// The values that each question offered, at some time.
    offered: HashMap<String, HashSet<String>>,
    /// What was answered in each question.
    answered: HashMap<String, HashSet<String>>,
    /// Of each step, between which answers it stands.
    looks: Vec<usize>,
    /// Counted repeats whose instances are there for one engine only, by look.
    uneven: HashSet<(usize, String)>,
    /// The step over which the peer threw, and what was answered there.
    threw: Option<(usize, String, String)>,
    languages: bool,
    removed: bool,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
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
    (None, "what reads instances that only one engine shows", Run::is_of_counted),
    (None, "a day where the peer keeps the time", Run::is_of_the_day),
    (None, "a choice without a text shows its value", Run::is_without_text),
    (None, "random numbers", Run::is_chance),
    (None, "a list of `query` is the app's, not the peer's engine's", Run::is_of_a_query),
    (None, "an id that is the same for every record is none", Run::is_of_no_id),
    (None, "an action that stands in the body itself acts", Run::is_set_in_the_body),
    (None, "a number in a date is the day that it counts", Run::is_a_day_of_a_number),
    (COLLECT, "white space between two outputs stays", Run::is_white_space),
    (COLLECT, "labels in calculations follow the language", Run::is_of_the_language),
    (COLLECT, "an instance that is hidden has its place", Run::is_place),
    (COLLECT, "date-times as text are as they are written", Run::is_of_the_day_in_a_label),
    (COLLECT, "nodes of one name are each there without a repeat", Run::is_one_of_a_name),
    (COLLECT, "times as text are as they are written", Run::is_a_time_as_written),
    (COLLECT, "a choice by its place in its list is there in repeats too", Run::is_a_choice_by_place),
    (None, "a value that a list never had stays", Run::was_never_offered),
    (WEB_FORMS, "a person's text over a calculation ends with it", Run::is_written_over),
    (WEB_FORMS, "properties of the device: a browser has none", Run::is_of_the_device),
    (WEB_FORMS, "an id is added in the namespace of the instance, there in OpenRosa's", Run::is_another_id),
    (WEB_FORMS, "a bind whose nodeset is a name is of the root's child", Run::is_bound_by_name),
    (WEB_FORMS, "the forms of a text are not joined", Run::is_joined),
    (WEB_FORMS, "`ref` of an output is read like `value`", Run::is_output_by_ref),
    (WEB_FORMS, "a value of the wrong type is kept and reported", Run::is_mistyped),
    (WEB_FORMS, "a range's bounds are of its control", Run::is_out_of_range),
    (WEB_FORMS, "what is not there compares as ''", Run::is_compared_with_nothing),
    (WEB_FORMS, "actions stay when an instance before theirs is removed", Run::has_lost_its_action),
    (WEB_FORMS, "a group has no text of its own", Run::is_of_a_group),
    (WEB_FORMS, "decimal days are dates for format-date-time()", Run::is_of_decimal_days),
    (WEB_FORMS, "it throws in the middle of an answer", Run::is_after_it_threw),
    (
        WEB_FORMS,
        "a translation is known by its name, whatever its namespace and language",
        Run::is_of_no_language,
    ),
    (WEB_FORMS, "a template that no repeat holds is no node", Run::is_of_no_repeat),
    (
        WEB_FORMS,
        "what a file shows is not there without the file; there it takes answers",
        Run::is_shown_by_a_file,
    ),
];

impl Run {
    pub fn new(with: With, xml: &str, script: &Value, ours: &Value, theirs: &Value) -> Self {
        let counts = tags(xml, "repeat").filter(|tag| tag.contains("jr:count"));
        let counted: Vec<String> = counts.filter_map(|tag| attribute(tag, "nodeset")).map(plain).collect();
        let mut offered: HashMap<String, HashSet<String>> = HashMap::new();
        let mut answered: HashMap<String, HashSet<String>> = HashMap::new();
        let (mut looks, mut uneven, mut threw) = (Vec::new(), HashSet::new(), None);
        let mut look = 0;
        let steps = plan::steps(script);
        let results = |one: &'_ Value| one["steps"].as_array().cloned().unwrap_or_default();
        for (at, ((step, ours), theirs)) in steps.iter().zip(results(ours)).zip(results(theirs)).enumerate() {
            let node = plain(text(&step["ref"]));
            for (value, _) in choices(&ours["choices"]).into_iter().flatten() {
                offered.entry(node.clone()).or_default().insert(value.to_owned());
            }
            let op = text(&step["op"]);
            look += usize::from(!matches!(op, "state" | "label" | "choices"));
            looks.push(look);
            if op == "answer" {
                answered.entry(node.clone()).or_default().insert(text(&step["value"]).to_owned());
                let error =
                    theirs["error"].as_str().filter(|error| error.is_empty() || error.contains("iso"));
                if let Some(error) = error.filter(|_| threw.is_none()) {
                    threw = Some((at, error.to_owned(), node.clone()));
                }
            }
            let differs = |part: &str| ours[part] != theirs[part];
            if op == "state" && (differs("exists") || differs("relevant")) {
                let around = counted.iter().filter(|repeat| is_within(&node, repeat));
                uneven.extend(around.map(|repeat| (look, repeat.clone())));
            }
        }
        let languages = steps.iter().any(|step| step["op"] == "language");
        let removed = steps.iter().any(|step| step["op"] == "remove_repeat");
        let form = Written { xml: xml.to_owned() };
        Self { with, form, counted, offered, answered, looks, uneven, threw, languages, removed }
    }

    /// Whether a node is of a question with several choices.
    pub fn takes_several(&self, node: &str) -> bool {
        self.form.control(&["select"], &plain(node)).is_some()
    }

    /// Why the two differ, if it is one of these kinds.
    pub fn reason(&self, one: &Difference) -> Option<&'static str> {
        let node = plain(&one.node());
        let found = KINDS
            .iter()
            .find(|(with, _, is)| with.is_none_or(|with| with == self.with) && is(self, one, &node));
        found.map(|(_, why, _)| *why)
    }
}

/// Whether a path is a node or of one below it.
fn is_within(path: &str, node: &str) -> bool {
    path.strip_prefix(node).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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
    if with == With::Collect && ours.starts_with("XPath error") && ours.ends_with("(query)") {
        return Some("what is no XPath is refused at once, there when its list is asked for");
    }
    if with == With::WebForms && ours.contains("is no node of the form") {
        return Some("what names a node that is not there is refused, as in Collect");
    }
    let circle = with == With::WebForms && ours.contains("depends on itself");
    circle.then_some("circles are refused, as in Collect")
}
