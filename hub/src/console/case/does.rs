//! What can be done now: a form for each move that the judge would take from this person.

mod fields;
mod filing;
mod sheet;

use std::collections::BTreeMap;

use xuncha_casework::{MoveKind, MoveOffer, Requirement};

use super::File;
use crate::console::frame::Choice;
pub(crate) use fields::clock_of;
use fields::fields;
pub(crate) use filing::{REPEATED, limit_of, preview, rejected};
use sheet::Sheet;

/// A move's form.
pub(crate) struct Do {
    pub(crate) word: String,
    pub(crate) label: String,
    pub(crate) button: String,
    pub(crate) main: bool,
    pub(crate) open: bool,
    pub(crate) needs: String,
    pub(crate) said: String,
    pub(crate) explained: String,
    pub(crate) fields: Vec<Field>,
}

/// A field of it.
pub(crate) struct Field {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) help: String,
    pub(crate) required: bool,
    pub(crate) options: Vec<Choice>,
    pub(crate) wrong: String,
    /// The choice of this form that it belongs to; empty: to all. Where styles can tell, it shows with that one only.
    pub(crate) only: &'static str,
}

/// A move by its word in forms and in the store.
pub(crate) fn kind_of(word: &str) -> Option<MoveKind> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// The word of a move in forms and in the store.
pub(crate) fn word_of(kind: MoveKind) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The label of a move by its word; empty if there is no such move.
pub(crate) fn label(word: &str) -> String {
    kind_of(word).map_or_else(String::new, |kind| kind.words().zh)
}

/// The field in which a missing piece of evidence is given.
pub(crate) fn field_of(requirement: Requirement) -> &'static str {
    use Requirement as R;
    match requirement {
        R::Reason => "reason",
        R::Wanted => "wanted",
        R::PhotoOrText => "text",
        R::Condition => "condition",
        R::Unit | R::Person => "handler",
        R::Limit => "amount",
        R::PhotoAfter | R::PhotoCompare | R::PhotoSurroundings | R::Signature => "photos",
        R::Steps | R::FutureStep | R::StepTextAndDate => "step1",
        R::Basis => "basis",
        R::Explanation => "explanation",
        R::Name => "name",
        R::OnSite => "mode",
        R::UntilDay => "until",
        R::Change | R::Description => "description",
        R::Note | R::Acknowledgement | R::Verification | R::Rectification | R::AnotherPerson => "note",
    }
}

/// A form for each move that may be made now, the main one open.
pub(crate) fn forms(
    file: &File,
    offers: &[MoveOffer],
    now: i64,
    typed: &BTreeMap<String, String>,
    faults: &[(String, String)],
) -> Vec<Do> {
    let typed_move = typed.get("move").map(String::as_str).unwrap_or_default();
    let offers = offers.iter().map(|offer| {
        let word = word_of(offer.kind);
        let mine = word == typed_move;
        let empty = BTreeMap::new();
        let sheet = Sheet {
            word: &word,
            typed: if mine { typed } else { &empty },
            faults: if mine { faults } else { &[] },
        };
        let fields = fields(offer.kind, file, &sheet);
        let (said, explained) = match offer.kind {
            MoveKind::Accept | MoveKind::Dispatch => preview(&file.row.case, &file.rules, now),
            _ => Default::default(),
        };
        let needs: Vec<String> = offer.needs.iter().map(|n| n.words().zh).collect();
        Do {
            label: offer.kind.words().zh,
            button: button(offer.kind),
            main: offer.main,
            open: mine || (typed_move.is_empty() && offer.main),
            needs: needs.join("、"),
            said,
            explained,
            fields,
            word,
        }
    });
    offers.collect()
}

fn button(kind: MoveKind) -> String {
    match kind {
        MoveKind::Verify => "提交核查结果".to_owned(),
        other => other.words().zh,
    }
}
