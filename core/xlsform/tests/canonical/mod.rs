//! XForms held against each other as XML does: everything counts but the order of attributes, the blanks that
//! pyxform puts around mixed text, blanks between elements, and the order in which a text's values stand in the
//! translations (pyxform takes it from a set).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what broke by breaking"
)]

use std::fmt::Write as _;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

#[derive(Default)]
struct Element {
    head: String,
    /// Texts and elements in order.
    children: Vec<Child>,
}

enum Child {
    Element(Element),
    Text(String),
}

/// One line an element or text.
pub(crate) fn canonical(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Element { head: head(&start), children: Vec::new() }),
            Event::Empty(start) => {
                let element = Element { head: head(&start), children: Vec::new() };
                open.last_mut().unwrap().children.push(Child::Element(element));
            }
            Event::End(_) => {
                let element = open.pop().unwrap();
                open.last_mut().unwrap().children.push(Child::Element(element));
            }
            Event::Text(text) => push_text(open.last_mut().unwrap(), &text),
            Event::GeneralRef(entity) => {
                push_text(open.last_mut().unwrap(), &unescape(&format!("&{};", &*entity)).unwrap());
            }
            Event::CData(text) => panic!("neither writes CDATA: {text:?}"),
            Event::Eof => break,
            _ => {}
        }
    }
    let mut lines = Vec::new();
    assert_eq!(open.len(), 1);
    for child in open.pop().unwrap().children.into_iter().filter(|c| matches!(c, Child::Element(_))) {
        write(child, 0, &mut lines);
    }
    lines
}

fn push_text(element: &mut Element, text: &str) {
    match element.children.last_mut() {
        Some(Child::Text(before)) => before.push_str(text),
        _ => element.children.push(Child::Text(text.to_owned())),
    }
}

fn write(child: Child, depth: usize, lines: &mut Vec<String>) {
    let blank = "  ".repeat(depth);
    let element = match child {
        Child::Text(text) => return lines.push(format!("{blank}{text:?}")),
        Child::Element(element) => element,
    };
    lines.push(format!("{blank}<{}>", element.head));
    let mut children = element.children;
    let elements = children.iter().filter(|c| matches!(c, Child::Element(_))).count();
    let written =
        children.iter().any(|c| matches!(c, Child::Text(text) if !text.trim_matches(BLANKS).is_empty()));
    if elements > 0 && !written {
        children.retain(|c| matches!(c, Child::Element(_)));
    } else if elements > 0 {
        if let Some(Child::Text(first)) = children.first_mut() {
            *first = first.trim_start_matches(BLANKS).to_owned();
        }
        if let Some(Child::Text(last)) = children.last_mut() {
            *last = last.trim_end_matches(BLANKS).to_owned();
        }
        children.retain(|c| !matches!(c, Child::Text(text) if text.is_empty()));
    }
    let mut parts: Vec<Vec<String>> = Vec::new();
    for child in children {
        let mut part = Vec::new();
        write(child, depth + 1, &mut part);
        parts.push(part);
    }
    if element.head.starts_with("text id=") {
        parts.sort();
    }
    lines.extend(parts.into_iter().flatten());
}

const BLANKS: [char; 4] = [' ', '\n', '\r', '\t'];

fn head(start: &BytesStart<'_>) -> String {
    let mut attributes: Vec<String> = start
        .attributes()
        .map(|attribute| {
            let attribute = attribute.unwrap();
            let value = unescape(&attribute.value).unwrap().into_owned();
            format!("{}={value:?}", attribute.key.as_ref())
        })
        .collect();
    attributes.sort();
    let mut head = start.name().as_ref().to_owned();
    for attribute in attributes {
        write!(head, " {attribute}").unwrap();
    }
    head
}

/// The first difference, with the lines before it; none if there is none.
pub(crate) fn difference(ours: &str, theirs: &str) -> Option<String> {
    let (ours, theirs) = (canonical(ours), canonical(theirs));
    let nth = (0..ours.len().max(theirs.len())).find(|nth| ours.get(*nth) != theirs.get(*nth))?;
    let before = ours[nth.saturating_sub(3).min(ours.len())..nth.min(ours.len())].join("\n");
    Some(format!("after\n{before}\nours   {:?}\npyxform {:?}", ours.get(nth), theirs.get(nth)))
}

#[test]
fn what_counts_is_told_from_what_does_not() {
    let same = |a, b| difference(a, b).is_none();
    assert!(same("<a x='1' y='2'/>", "<a y=\"2\" x=\"1\"></a>"));
    assert!(same("<a>\n  <b/>\n</a>", "<a><b/></a>"));
    assert!(same("<a>t <b/>.</a>", "<a> t <b/>. </a>"));
    assert!(same("<a>1 &lt; 2</a>", "<a>1 &#60; 2</a>"));
    assert!(!same("<a>t<b/></a>", "<a>t <b/></a>"));
    assert!(!same("<a> t</a>", "<a>t</a>"));
    assert!(!same("<a x=' 1'/>", "<a x='1'/>"));
    assert!(!same("<a><b/><c/></a>", "<a><c/><b/></a>"));
    assert!(!same("<a><b/></a>", "<a><b/><b/></a>"));
}
