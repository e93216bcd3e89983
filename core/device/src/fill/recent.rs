//! What was chosen last, offered again before one types: for questions with many choices.

use std::collections::BTreeMap;

use xuncha_forms::{Answer, Item, NodeRef, Session};

/// So many are offered again; a question with no more choices than this needs no help.
const MOST: usize = 6;

/// Values by form and question, the latest first.
pub(crate) type Recent = BTreeMap<String, Vec<String>>;

/// One key for a question in all instances of a repeat.
fn key(form: &str, at: &str) -> String {
    let mut key = format!("{form} ");
    let mut within = false;
    for letter in at.chars() {
        match letter {
            '[' => within = true,
            ']' => within = false,
            other if !within => key.push(other),
            _ => {}
        }
    }
    key
}

/// What a form has chosen where there was much to choose from.
pub(super) fn chosen(session: &Session) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    collect(&session.view().children, &mut all);
    let many = |at: &NodeRef| session.choices(at, "", 1).total > MOST;
    let of = |(at, values): (NodeRef, _)| many(&at).then(|| (key(session.form().id(), at.as_str()), values));
    all.into_iter().filter_map(of).collect()
}

/// Puts it in front.
pub(super) fn add(recent: &mut Recent, chosen: &[(String, Vec<String>)]) {
    for (question, values) in chosen {
        let kept = recent.entry(question.clone()).or_default();
        for value in values {
            kept.retain(|known| known != value);
            kept.insert(0, value.clone());
        }
        kept.truncate(MOST);
    }
}

fn collect(items: &[Item], out: &mut Vec<(NodeRef, Vec<String>)>) {
    for item in items {
        match item {
            Item::Question(question) => match &question.value {
                Answer::Choice(value) => out.push((question.at.clone(), vec![value.clone()])),
                Answer::Choices(values) => out.push((question.at.clone(), values.clone())),
                _ => {}
            },
            Item::Group(group) => collect(&group.children, out),
            Item::Repeat(repeat) => repeat.instances.iter().for_each(|one| collect(&one.children, out)),
        }
    }
}

/// The choices of a question that were taken last and can still be taken, the latest first.
pub(super) fn of(recent: &Recent, session: &Session, at: &NodeRef) -> xuncha_forms::Choices {
    let values = recent.get(&key(session.form().id(), at.as_str())).map(Vec::as_slice).unwrap_or_default();
    let find = |value: &String| {
        session.choices(at, value, usize::MAX).items.into_iter().find(|choice| choice.value == *value)
    };
    let items: Vec<_> = values.iter().filter_map(find).collect();
    xuncha_forms::Choices { total: items.len(), items }
}
