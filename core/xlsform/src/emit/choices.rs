//! Secondary instances: the lists that selects draw from.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use crate::types::Kind;
use crate::workbook::Row;
use crate::xml::Element;

/// Names of the lists that questions use.
pub(super) fn used<'a>(source: &'a Source<'_>) -> BTreeSet<&'a str> {
    let list = |kind: &'a Kind| match kind {
        Kind::Question(question) => question.list.as_deref(),
        _ => None,
    };
    source.tree.all().filter_map(|(_, node)| list(&node.kind)).collect()
}

/// The used lists in the order of the choices sheet, each with its rows.
pub(super) fn lists<'a>(source: &'a Source<'_>) -> Vec<(&'a str, Vec<&'a Row>)> {
    let sheet = &source.book.choices;
    let used = used(source);
    let mut order: Vec<(&str, Vec<&Row>)> = Vec::new();
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &sheet.rows {
        let Some(list) = sheet.get(row, "list_name").filter(|list| used.contains(list)) else { continue };
        let index = *at.entry(list).or_insert_with(|| {
            order.push((list, Vec::new()));
            order.len() - 1
        });
        if let Some((_, rows)) = order.get_mut(index) {
            rows.push(row);
        }
    }
    order
}

/// Does any choice of the list have a text in a language, or media? Then its labels stand in itext.
pub(super) fn is_translated(source: &Source<'_>, rows: &[&Row]) -> bool {
    let sheet = &source.book.choices;
    let media = ["image", "audio", "video", "big-image"];
    rows.iter().any(|row| {
        sheet.texts(row, "label").iter().any(|(language, _)| language.is_some())
            || media.iter().any(|kind| !sheet.texts(row, kind).is_empty())
    })
}

/// One `<instance>` a list.
pub(super) fn instances(source: &Source<'_>) -> Vec<Element> {
    let sheet = &source.book.choices;
    let known = ["list_name", "name", "label", "image", "audio", "video", "big-image", "media"];
    let extra = sheet.others(&known);
    let one = |(list, rows): (&str, Vec<&Row>)| {
        let translated = is_translated(source, &rows);
        let mut root = Element::new("root");
        for (nth, row) in rows.iter().enumerate() {
            let mut item = Element::new("item");
            if translated {
                item.push(Element::new("itextId").text(format!("{list}-{nth}")));
            }
            item.push(Element::new("name").text(sheet.get(row, "name").unwrap_or_default()));
            if let Some(label) = sheet.get(row, "label").filter(|_| !translated) {
                item.push(Element::new("label").text(label));
            }
            for header in &extra {
                if let Some(value) = sheet.get(row, &header.name).filter(|_| !header.written.is_empty()) {
                    item.push(Element::new(header.written.trim()).text(value));
                }
            }
            root.push(item);
        }
        Element::new("instance").with("id", list).child(root)
    };
    lists(source).into_iter().map(one).collect()
}
