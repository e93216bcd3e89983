//! The tree as an XForm.

mod binds;
mod body;
mod instance;
mod itext;
mod outputs;
mod secondary;
pub(crate) mod xml;

use std::collections::{HashMap, HashSet};

use crate::choices::Choices;
use crate::error::Notice;
use crate::settings::Settings;
use crate::tree::{Id, Tree};
use xml::Node;

/// All that is needed to write the form.
pub(crate) struct Form<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) tree: &'a Tree,
    pub(crate) choices: &'a Choices,
    /// What each question sets off when it changes, by its name.
    triggered: HashMap<&'a str, Vec<Id>>,
    /// What is set in each new instance of a repeat.
    renewed: HashMap<Id, Vec<Id>>,
    /// Lists whose labels stand in the translations.
    translated: HashSet<&'a str>,
}

impl<'a> Form<'a> {
    pub(crate) fn new(settings: &'a Settings, tree: &'a Tree, choices: &'a Choices) -> Self {
        let translated = choices.lists.iter().filter(|list| list.needs_itext());
        let mut form = Self {
            settings,
            tree,
            choices,
            triggered: HashMap::new(),
            renewed: HashMap::new(),
            translated: translated.map(|list| list.name.as_str()).collect(),
        };
        for id in tree.walk() {
            let element = tree.at(id);
            for name in &element.trigger {
                form.triggered.entry(name.as_str()).or_default().push(id);
            }
            if element.actions.iter().any(|action| action.event == "odk-new-repeat")
                && let Some(repeat) = tree.repeat_above(id)
            {
                form.renewed.entry(repeat).or_default().push(id);
            }
        }
        form
    }
}

const NAMESPACES: &[(&str, &str)] = &[
    ("xmlns", "http://www.w3.org/2002/xforms"),
    ("xmlns:h", "http://www.w3.org/1999/xhtml"),
    ("xmlns:ev", "http://www.w3.org/2001/xml-events"),
    ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
    ("xmlns:jr", "http://openrosa.org/javarosa"),
    ("xmlns:orx", "http://openrosa.org/xforms"),
    ("xmlns:odk", "http://www.opendatakit.org/xforms"),
];

/// Writes the form.
pub(crate) fn form(form: &Form<'_>) -> Result<String, Vec<Notice>> {
    let mut html = Node::new("h:html");
    for (name, uri) in NAMESPACES {
        html.set(name, *uri);
    }
    namespaces(form.settings.text("namespaces").unwrap_or_default(), &mut html);
    if form.tree.entities_version.is_some() {
        html.set("xmlns:entities", "http://www.opendatakit.org/xforms/entities");
    }
    let mut head = Node::new("h:head");
    head.push(Node::with_text("h:title", form.settings.title()));
    head.push(model(form)?);
    html.push(head);
    let mut body = Node::new("h:body");
    if let Some(style) = form.settings.text("style") {
        body.set("class", style);
    }
    body::controls(form, Tree::ROOT, &mut body, 2)?;
    html.push(body);
    Ok(xml::write(&html))
}

/// The namespaces of the form's own, `prefix="address"`; of two of one prefix the later counts.
fn namespaces(text: &str, html: &mut Node) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (prefix, uri) in text.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        let name = format!("xmlns:{prefix}");
        if prefix.is_empty() || uri.contains('=') || NAMESPACES.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let at = *places.entry(prefix).or_insert(html.attributes.len());
        let attribute = (name, uri.replace(['"', '\''], ""));
        match html.attributes.get_mut(at) {
            Some(place) => *place = attribute,
            None => html.attributes.push(attribute),
        }
    }
}

fn model(form: &Form<'_>) -> Result<Node, Vec<Notice>> {
    let mut model = Node::new("model");
    model.set("odk:xforms-version", "1.0.0");
    if let Some(version) = form.tree.entities_version {
        model.set("entities:entities-version", version);
    }
    if let Some(submission) = submission(form.settings) {
        model.push(submission);
    }
    if let Some(itext) = itext::translations(form) {
        model.push(itext);
    }
    let mut primary = Node::new("instance");
    primary.push(instance::primary(form));
    model.push(primary);
    for secondary in secondary::instances(form)? {
        model.push(secondary);
    }
    binds::binds(form, &mut model);
    Ok(model)
}

/// Where and how filled forms are sent, if the settings say so.
fn submission(settings: &Settings) -> Option<Node> {
    let mut node = Node::new("submission");
    if let Some(url) = settings.text("submission_url") {
        node.set("action", url);
        node.set("method", "post");
    }
    for (setting, attribute) in [
        ("public_key", "base64RsaPublicKey"),
        ("auto_send", "orx:auto-send"),
        ("auto_delete", "orx:auto-delete"),
    ] {
        if let Some(value) = settings.text(setting) {
            node.set(attribute, value);
        }
    }
    if settings.flag("client_editable", false) {
        node.set("odk:client-editable", "true");
    }
    (!node.attributes.is_empty()).then_some(node)
}
