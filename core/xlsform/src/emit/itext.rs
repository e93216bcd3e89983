//! Texts in several languages.

use std::collections::BTreeMap;

use super::{Source, choices};
use crate::notice::Notice;
use crate::references::{Piece, Start, pieces, report, resolve};
use crate::survey::NodeId;
use crate::types::Kind;
use crate::workbook::{Row, Sheet};
use crate::xml::Element;

/// Columns whose texts stand in itext, with what is put behind the node's path.
const TEXTS: &[(&str, &str)] = &[
    ("constraint_message", "jr:constraintMsg"),
    ("required_message", "jr:requiredMsg"),
    ("label", "label"),
    ("hint", "hint"),
];

/// Media columns, with the form of the value.
const MEDIA: &[&str] = &["image", "big-image", "audio", "video"];

/// One value of a text: which form (none is the plain text), and what it says.
type Value = (Option<&'static str>, String);

/// What one text says in each language, and where it stands.
type Texts = BTreeMap<String, Vec<(Value, Option<NodeId>)>>;

/// Does this column's text stand in itext? Plain texts without language stand where they are used, unless the row
/// has media or a guidance hint, which only itext can hold.
pub(super) fn stands_in_itext(sheet: &Sheet, row: &Row, column: &str) -> bool {
    let texts = sheet.texts(row, column);
    let has_language = texts.iter().any(|(language, _)| language.is_some());
    let message = column.ends_with("_message");
    let with_media = column == "label" && MEDIA.iter().any(|kind| !sheet.texts(row, kind).is_empty());
    let with_guidance = column == "hint" && !sheet.texts(row, "guidance_hint").is_empty();
    let with_output = message && texts.iter().any(|(_, text)| text.contains("${"));
    has_language || with_media || with_guidance || with_output
}

/// The whole `<itext>`, or none for a form in one language without media.
pub(super) fn itext(source: &Source<'_>, notices: &mut Vec<Notice>) -> Option<Element> {
    // Text id → language → values, in the order of first mention.
    let mut order: Vec<String> = Vec::new();
    let mut texts: BTreeMap<String, Texts> = BTreeMap::new();
    let default = source.languages.first().cloned().unwrap_or_else(|| "default".into());
    let mut put = |id: String, language: Option<&str>, value: Value, context: Option<NodeId>| {
        if !texts.contains_key(&id) {
            order.push(id.clone());
        }
        let language = language.unwrap_or(&default).to_owned();
        texts.entry(id).or_default().entry(language).or_default().push((value, context));
    };
    let sheet = &source.book.choices;
    for (list, rows) in choices::lists(source) {
        if !choices::is_translated(source, &rows) {
            continue;
        }
        for (nth, row) in rows.iter().enumerate() {
            for (language, text) in sheet.texts(row, "label") {
                put(format!("{list}-{nth}"), language, (None, text.to_owned()), None);
            }
            for kind in MEDIA {
                for (language, file) in sheet.texts(row, kind) {
                    put(format!("{list}-{nth}"), language, (Some(kind), media(kind, file)), None);
                }
            }
        }
    }
    let sheet = source.survey();
    let columns = in_sheet_order(sheet);
    for (node_id, node) in source.tree.all() {
        let path = source.tree.path(node_id);
        for (column, suffix) in &columns {
            let drawn = *column != "hint" || matches!(node.kind, Kind::Question(_));
            if !drawn || !stands_in_itext(sheet, &node.row, column) {
                continue;
            }
            let id = format!("{path}:{suffix}");
            for (language, text) in sheet.texts(&node.row, column) {
                put(id.clone(), language, (None, text.to_owned()), Some(node_id));
            }
            if *column == "hint" {
                for (language, text) in sheet.texts(&node.row, "guidance_hint") {
                    put(id.clone(), language, (Some("guidance"), text.to_owned()), Some(node_id));
                }
            }
            if *column == "label" {
                for kind in MEDIA {
                    for (language, file) in sheet.texts(&node.row, kind) {
                        put(id.clone(), language, (Some(kind), media(kind, file)), Some(node_id));
                    }
                }
            }
        }
    }
    if order.is_empty() {
        return None;
    }
    let languages =
        if source.languages.is_empty() { vec![default.clone()] } else { source.languages.clone() };
    let mut itext = Element::new("itext");
    for language in &languages {
        let mut translation = Element::new("translation").with("lang", language);
        if *language == default {
            translation.set("default", "true()");
        }
        for id in &order {
            let Some(by_language) = texts.get(id) else { continue };
            let mut text = Element::new("text").with("id", id);
            // What one language has and this one lacks is shown as a dash.
            let lacking = vec![((None, "-".to_owned()), None)];
            for ((form, value), context) in by_language.get(language).unwrap_or(&lacking) {
                let mut element = Element::new("value");
                if let Some(form) = form {
                    element.set("form", *form);
                }
                with_outputs(source, &mut element, value, *context, notices);
                text.push(element);
            }
            translation.push(text);
        }
        itext.push(translation);
    }
    Some(itext)
}

/// Messages stand in the order of their columns, then label and hint.
fn in_sheet_order(sheet: &Sheet) -> Vec<(&'static str, &'static str)> {
    let at = |column: &str| sheet.headers.iter().position(|h| h.name == column).unwrap_or(usize::MAX);
    let mut columns = TEXTS.to_vec();
    columns.sort_by_key(|(column, _)| {
        (!column.ends_with("_message"), if column.ends_with("_message") { at(column) } else { 0 })
    });
    columns
}

fn media(kind: &str, file: &str) -> String {
    let folder = if kind == "audio" {
        "audio"
    } else if kind == "video" {
        "video"
    } else {
        "images"
    };
    if file == "-" { file.to_owned() } else { format!("jr://{folder}/{file}") }
}

/// A text with its references as `<output>`.
pub(super) fn with_outputs(
    source: &Source<'_>,
    element: &mut Element,
    text: &str,
    context: Option<NodeId>,
    notices: &mut Vec<Notice>,
) {
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => element.push_text(text),
            Piece::Reference(name) => match resolve(source.tree, name, context, Start::Here) {
                Ok(path) => element.push(Element::new("output").with("value", path)),
                Err(why) => {
                    let sheet = source.survey();
                    let row = context.and_then(|id| source.tree.node(id)).map(|node| &node.row);
                    if let Some(row) = row {
                        report(vec![why], sheet.place(row, "label"), notices);
                    }
                }
            },
        }
    }
}
