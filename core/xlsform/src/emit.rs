//! The tree as an XForm.

mod binds;
mod body;
mod instance;
mod itext;
mod outputs;
mod secondary;
pub(crate) mod xml;

use std::collections::HashMap;

use crate::choices::Choices;
use crate::notices::Notices;
use crate::osm::Tags;
use crate::settings::Settings;
use crate::symbols::Symbol;
use crate::tree::{Id, Tree, part};
use xml::{Node, Out};

/// All that is needed to write the form.
pub(crate) struct Form<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) tree: &'a Tree,
    pub(crate) choices: &'a Choices,
    pub(crate) tags: &'a Tags,
    /// What each question sets off when it changes, by its name.
    triggered: HashMap<Symbol, Vec<Id>>,
    /// What is set in each new instance of a repeat.
    renewed: HashMap<Id, Vec<Id>>,
}

impl<'a> Form<'a> {
    pub(crate) fn new(settings: &'a Settings, tree: &'a Tree, choices: &'a Choices, tags: &'a Tags) -> Self {
        let (triggered, renewed) = (HashMap::new(), HashMap::new());
        let mut form = Self { settings, tree, choices, tags, triggered, renewed };
        for id in tree.walk().filter(|id| tree.has(*id, part::TRIGGER | part::ACTIONS)) {
            let element = tree.at(id);
            for name in &element.trigger {
                form.triggered.entry(*name).or_default().push(id);
            }
            if element.actions.iter().any(|action| action.event == "odk-new-repeat")
                && let Some(repeat) = tree.repeat_above(id)
            {
                form.renewed.entry(repeat).or_default().push(id);
            }
        }
        form
    }

    /// What a question of that name sets off when it changes.
    fn triggered(&self, name: &str) -> &[Id] {
        let found = self.tree.words().find(name).and_then(|name| self.triggered.get(&name));
        found.map(Vec::as_slice).unwrap_or_default()
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

/// Writes the form, of at most so many bytes; none if it would have more. What is found to be wrong goes into the
/// notices.
pub(crate) fn form(form: &Form<'_>, most: usize, notices: &mut Notices) -> Option<String> {
    let mut out = Out::new(form.tree, most);
    let mut html = Node::new("h:html");
    for (name, uri) in NAMESPACES {
        html.set(*name, *uri);
    }
    namespaces(form.settings.text("namespaces").unwrap_or_default(), &mut html);
    if form.tree.entities_version.is_some() {
        html.set("xmlns:entities", "http://www.opendatakit.org/xforms/entities");
    }
    let html = out.open(&html, 0);
    let head = out.open(&Node::new("h:head"), 1);
    out.element(&Node::with_text("h:title", form.settings.title()), 2);
    model(form, &mut out, notices);
    out.close(head);
    let mut body = Node::new("h:body");
    if let Some(style) = form.settings.text("style") {
        body.set("class", style);
    }
    let body = out.open(&body, 1);
    body::controls(form, Tree::ROOT, 2, &mut out, notices);
    out.close(body);
    out.close(html);
    out.finish()
}

/// The namespaces of the form's own, `prefix="address"`; of two of one prefix the later counts.
fn namespaces(text: &str, html: &mut Node<'_>) {
    let (mut order, mut addresses) = (Vec::new(), HashMap::new());
    for (prefix, uri) in text.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        let name = format!("xmlns:{prefix}");
        if prefix.is_empty() || uri.contains('=') || NAMESPACES.iter().any(|(known, _)| *known == name) {
            continue;
        }
        if addresses.insert(prefix, uri).is_none() {
            order.push(prefix);
        }
    }
    let fixed = html.attributes();
    for prefix in order {
        let uri = addresses.get(prefix).map(|uri| uri.replace(['"', '\''], "")).unwrap_or_default();
        html.set_beside(fixed, format!("xmlns:{prefix}"), uri);
    }
}

fn model(form: &Form<'_>, out: &mut Out<'_>, notices: &mut Notices) {
    let mut model = Node::new("model");
    model.set("odk:xforms-version", "1.0.0");
    if let Some(version) = form.tree.entities_version {
        model.set("entities:entities-version", version);
    }
    let model = out.open(&model, 2);
    if let Some(submission) = submission(form.settings) {
        out.element(&submission, 3);
    }
    itext::translations(form, out);
    let primary = out.open(&Node::new("instance"), 3);
    instance::primary(form, out);
    out.close(primary);
    secondary::instances(form, out, notices);
    binds::binds(form, out);
    out.close(model);
}

/// Where and how filled forms are sent, if the settings say so.
fn submission(settings: &Settings) -> Option<Node<'_>> {
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
    (node.attributes() > 0).then_some(node)
}
