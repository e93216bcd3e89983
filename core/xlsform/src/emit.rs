//! From the checked tree to the XForm, in the shape that pyxform 4.5.0 writes.

mod bind;
mod body;
mod choices;
mod instance;
mod itext;

use crate::notice::Notice;
use crate::survey::Tree;
use crate::workbook::{Row, Sheet, Workbook};
use crate::xml::Element;

/// Everything the parts of the writer look at.
pub(crate) struct Source<'a> {
    pub(crate) book: &'a Workbook,
    pub(crate) tree: &'a Tree,
    /// All languages, the default one first.
    pub(crate) languages: Vec<String>,
}

/// The form's head, as the settings sheet says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) default_language: String,
}

impl Source<'_> {
    pub(crate) fn survey(&self) -> &Sheet {
        &self.book.survey
    }
}

/// A cell of the settings sheet's one row.
pub(crate) fn setting<'a>(book: &'a Workbook, name: &str) -> Option<&'a str> {
    book.settings.rows.first().and_then(|row| book.settings.get(row, name))
}

/// The whole form.
pub(crate) fn form(source: &Source<'_>, head: &Head, notices: &mut Vec<Notice>) -> String {
    let mut html = Element::new("h:html");
    for (prefix, uri) in [
        ("xmlns", "http://www.w3.org/2002/xforms"),
        ("xmlns:h", "http://www.w3.org/1999/xhtml"),
        ("xmlns:ev", "http://www.w3.org/2001/xml-events"),
        ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
        ("xmlns:jr", "http://openrosa.org/javarosa"),
        ("xmlns:orx", "http://openrosa.org/xforms"),
        ("xmlns:odk", "http://www.opendatakit.org/xforms"),
    ] {
        html.set(prefix, uri);
    }
    for (prefix, uri) in namespaces(source.book) {
        html.set(format!("xmlns:{prefix}"), uri);
    }
    let mut model = Element::new("model").with("odk:xforms-version", "1.0.0");
    if let Some(itext) = itext::itext(source, notices) {
        model.push(itext);
    }
    model.push(Element::new("instance").child(instance::primary(source, head, notices)));
    for list in choices::instances(source) {
        model.push(list);
    }
    for element in bind::binds(source, notices) {
        model.push(element);
    }
    let mut body = Element::new("h:body");
    if let Some(style) = setting(source.book, "style") {
        body.set("class", style);
    }
    for element in body::children(source, 0, notices) {
        body.push(element);
    }
    let title = Element::new("h:title").text(&head.title);
    html.child(Element::new("h:head").child(title).child(model)).child(body).to_document()
}

/// `xc="urn:…" esri="…"` of the settings sheet.
fn namespaces(book: &Workbook) -> Vec<(String, String)> {
    let Some(text) = setting(book, "namespaces") else { return vec![] };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((prefix, after)) = rest.split_once("=\"") {
        let Some((uri, tail)) = after.split_once('"') else { break };
        out.push((prefix.trim().to_owned(), uri.to_owned()));
        rest = tail;
    }
    out
}

/// `yes` and `true` as the XPath that they mean; other text is an expression.
pub(crate) fn truth(cell: &str) -> &str {
    match cell.to_lowercase().as_str() {
        "yes" | "true" | "true()" => "true()",
        "no" | "false" | "false()" => "false()",
        _ => cell,
    }
}

/// Is this default an expression rather than a value?
pub(crate) fn is_dynamic(default: &str) -> bool {
    default.contains("${") || default.contains('(') && default.contains(')')
}

/// `key=value key2=value2` of a parameters cell.
pub(crate) fn parameters(sheet: &Sheet, row: &Row) -> Vec<(String, String)> {
    let cell = sheet.get(row, "parameters").unwrap_or_default();
    let pairs = cell.split([' ', ';', ',']).filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned())).collect()
}
