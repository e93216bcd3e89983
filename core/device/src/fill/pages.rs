//! How a form falls into pages: one page a group, a page scrolls.

use xuncha_forms::{FormView, Group, Item, NodeRef};

/// One page.
pub(super) struct Page {
    /// The group or repeat that it is; loose questions have none.
    pub(super) at: Option<NodeRef>,
    pub(super) label: String,
    pub(super) items: Vec<Item>,
}

/// The pages of the form as it stands; always at least one.
pub(super) fn pages(view: FormView) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let mut loose: Vec<Item> = Vec::new();
    split(view.children, &mut loose, &mut pages);
    flush(&mut loose, &mut pages);
    if pages.is_empty() {
        pages.push(Page { at: None, label: String::new(), items: Vec::new() });
    }
    pages
}

fn split(children: Vec<Item>, loose: &mut Vec<Item>, pages: &mut Vec<Page>) {
    for item in children {
        match item {
            // A group without a label and without a wish for one screen only bundles.
            Item::Group(group) if group.label.text.is_empty() && !group.appearance.contains("field-list") => {
                split(group.children, loose, pages);
            }
            Item::Group(Group { at, label, children, .. }) => {
                flush(loose, pages);
                if has_something(&children) {
                    pages.push(Page { at, label: label.text, items: children });
                }
            }
            Item::Repeat(repeat) => {
                flush(loose, pages);
                pages.push(Page {
                    at: Some(repeat.at.clone()),
                    label: repeat.label.text.clone(),
                    items: vec![Item::Repeat(repeat)],
                });
            }
            question @ Item::Question(_) => loose.push(question),
        }
    }
}

fn flush(loose: &mut Vec<Item>, pages: &mut Vec<Page>) {
    if !loose.is_empty() {
        pages.push(Page { at: None, label: String::new(), items: std::mem::take(loose) });
    }
}

fn has_something(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Question(_) | Item::Repeat(_) => true,
        Item::Group(group) => has_something(&group.children),
    })
}

/// Does `at` name this node or something within it?
pub(super) fn within(at: &str, outer: &NodeRef) -> bool {
    at.strip_prefix(outer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where `at` stands: on the page itself, or within which instance of a repeat of it (the outermost).
pub(super) enum Found {
    OnPage,
    In(NodeRef),
}

/// Looks for a reference among items.
pub(super) fn find(items: &[Item], at: &str) -> Option<Found> {
    items.iter().find_map(|item| match item {
        Item::Question(question) => (question.at.as_str() == at).then_some(Found::OnPage),
        Item::Group(group) => find(&group.children, at),
        Item::Repeat(repeat) if repeat.at.as_str() == at => Some(Found::OnPage),
        Item::Repeat(repeat) => {
            repeat.instances.iter().find(|one| within(at, &one.at)).map(|one| Found::In(one.at.clone()))
        }
    })
}

/// The label of a question, wherever it stands.
pub(super) fn label_of(items: &[Item], at: &str) -> Option<String> {
    items.iter().find_map(|item| match item {
        Item::Question(question) => (question.at.as_str() == at).then(|| question.label.text.clone()),
        Item::Group(group) => label_of(&group.children, at),
        Item::Repeat(repeat) => repeat.instances.iter().find_map(|one| label_of(&one.children, at)),
    })
}

/// The kind of a question, wherever it stands.
pub(super) fn kind_of(items: &[Item], at: &str) -> Option<xuncha_forms::QuestionKind> {
    items.iter().find_map(|item| match item {
        Item::Question(question) => (question.at.as_str() == at).then_some(question.kind),
        Item::Group(group) => kind_of(&group.children, at),
        Item::Repeat(repeat) => repeat.instances.iter().find_map(|one| kind_of(&one.children, at)),
    })
}
