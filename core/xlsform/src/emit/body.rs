//! The body: groups, repeats and controls.

use super::Form;
use super::binds::actions;
use super::xml::{Node, Out, Value};
use crate::error::{Code, Notice, Place};
use crate::expression::references;
use crate::field::Field;
use crate::notices::Notices;
use crate::references::{Style, insert_paths};
use crate::survey::{file_extension, file_stem};
use crate::tree::{Element, Id, Kind};
use crate::types::{QuestionType, Tag};

/// Writes what stands in a section; `depth` elements stand around it.
pub(super) fn controls(form: &Form<'_>, id: Id, depth: usize, out: &mut Out<'_>, notices: &mut Notices) {
    for child in form.tree.children(id) {
        if out.is_full() {
            return;
        }
        match form.tree.kind(child) {
            Kind::Group | Kind::Survey => group(form, child, depth, out, notices),
            Kind::Repeat => repeat(form, child, depth, out, notices),
            Kind::Question(kind) => question(form, child, kind, depth, out, notices),
            Kind::External(_) | Kind::Entity | Kind::Attribute | Kind::EntityLabel => {}
        }
    }
}

fn group(form: &Form<'_>, id: Id, depth: usize, out: &mut Out<'_>, notices: &mut Notices) {
    let element = form.tree.at(id);
    if element.bodyless {
        return;
    }
    let path = form.tree.path(id);
    let mut node = Node::new("group");
    attributes(id, &element, &mut node);
    if let Some(appearance) = element.control.text("appearance") {
        node.set("appearance", appearance);
    }
    node.set("ref", path.as_str());
    let group = out.open(&node, depth);
    if element.label.is_some() {
        out.element(&label(id, &element, &path), depth + 1);
    }
    controls(form, id, depth + 1, out, notices);
    out.close(group);
}

fn repeat(form: &Form<'_>, id: Id, depth: usize, out: &mut Out<'_>, notices: &mut Notices) {
    let element = form.tree.at(id);
    let path = form.tree.path(id);
    let mut node = Node::new("group");
    node.set("ref", path.as_str());
    let group = out.open(&node, depth);
    out.element(&label(id, &element, &path), depth + 1);
    let mut inner = Node::new("repeat");
    inner.set("nodeset", path.as_str());
    attributes(id, &element, &mut inner);
    let inner = out.open(&inner, depth + 1);
    controls(form, id, depth + 2, out, notices);
    for below in form.renewed.get(&id).into_iter().flatten() {
        let (below, path, of) = (form.tree.at(*below), form.tree.path(*below), *below);
        actions(of, &below, &path, true).iter().for_each(|action| out.element(action, depth + 2));
    }
    out.close(inner);
    out.close(group);
}

/// The columns under `control`, with references resolved.
fn attributes<'a>(id: Id, element: &'a Element, node: &mut Node<'a>) {
    let fixed = node.attributes();
    for (key, value) in element.control.iter() {
        if let Some(text) = value.text() {
            node.set_beside(fixed, key, Value::Paths(text.into(), id));
        }
    }
}

fn question(
    form: &Form<'_>,
    id: Id,
    kind: QuestionType,
    depth: usize,
    out: &mut Out<'_>,
    notices: &mut Notices,
) {
    let element = form.tree.at(id);
    let calculated = element.bind.as_ref().is_some_and(|bind| bind.get("calculate").is_some());
    let silent =
        (calculated || !element.trigger.is_empty()) && element.label.is_none() && element.hint.is_none();
    if element.word == "calculate" || silent {
        if let Some(target) = form.triggered(&element.name).first() {
            notices.push(unseen_trigger(&form.tree.at(*target), &element));
        }
        return;
    }
    let Some(tag) = kind.tag.element() else { return };
    let path = form.tree.path(id);
    let mut node = Node::new(tag);
    node.set("ref", path.as_str());
    if !kind.media.is_empty() {
        node.set("mediatype", kind.media);
    }
    attributes(id, &element, &mut node);
    let external = element.word == "select one external";
    let query = element.itemset.as_deref().filter(|_| external).map(|list| query(form, id, &element, list));
    if let Some(query) = query {
        node.set("query", query);
    }
    let control = out.open(&node, depth);
    if element.label.is_some()
        || !element.media.is_empty()
        || element.hint.is_some()
        || element.guidance.is_some()
    {
        out.element(&label(id, &element, &path), depth + 1);
    }
    if element.hint.is_some() || element.guidance.is_some() {
        out.element(&hint(id, &element, &path), depth + 1);
    }
    if !external {
        items(form, id, &element, kind, depth + 1, out);
    }
    for (key, label) in element.tags.iter().flat_map(|list| form.tags.list(list)) {
        if out.is_full() {
            break;
        }
        let mut tag = Node::new("tag");
        tag.set("key", key);
        tag.push(Node::with_text("label", label));
        out.element(&tag, depth + 1);
    }
    triggered(form, id, &element, depth + 1, out);
    out.close(control);
}

/// Nobody answers what nobody sees, so it sets nothing off.
fn unseen_trigger(target: &Element, trigger: &Element) -> Notice {
    let place = Place::at("survey", Some(target.row), None);
    Notice::error(
        Code::BadTrigger,
        place,
        format!("“{}”不显示给人，不能作“{}”的触发题。换成看得见的题目。", trigger.name, target.name),
        format!(
            "'{}' is not shown to anyone, so it cannot trigger '{}'. Take a question that is shown.",
            trigger.name, target.name
        ),
    )
}

/// Text of a label or hint, or its place in the translations.
fn label<'a>(id: Id, element: &'a Element, path: &str) -> Node<'a> {
    let mut node = Node::new("label");
    if element.label_needs_itext() {
        node.set("ref", format!("jr:itext('{path}:label')"));
        return node;
    }
    let text = element.label.as_ref().and_then(Field::text).unwrap_or_default();
    node.rich(text, Some(id))
}

fn hint<'a>(id: Id, element: &'a Element, path: &str) -> Node<'a> {
    let mut node = Node::new("hint");
    if element.guidance.is_some() || matches!(element.hint, Some(Field::Map(_))) {
        node.set("ref", format!("jr:itext('{path}:hint')"));
        return node;
    }
    let text = element.hint.as_ref().and_then(Field::text).unwrap_or_default();
    node.rich(text, Some(id))
}

/// What finds the choices of the sheet external_choices.
fn query(form: &Form<'_>, id: Id, element: &Element, list: &str) -> String {
    let query = format!("instance('{list}')/root/item");
    let Some(filter) = &element.choice_filter else { return query };
    let style = Style { current: true, ..Style::default() };
    format!("{query}[{}]", insert_paths(form.tree, filter, Some(id), style))
}

fn items(form: &Form<'_>, id: Id, element: &Element, kind: QuestionType, depth: usize, out: &mut Out<'_>) {
    let Some(list) = element.itemset.as_deref() else { return };
    if element.searched {
        search_items(form, element, list, depth, out);
        return;
    }
    let mut itemset = Itemset::new(form, id, element, list);
    if kind.tag != Tag::Range {
        itemset.filter(form, id, element);
        itemset.randomize(form, id, element);
    }
    out.element(&itemset.node(), depth);
}

/// The choices of a question that searches a file stand in the body; Collect puts the found ones in their place.
fn search_items(form: &Form<'_>, element: &Element, list: &str, depth: usize, out: &mut Out<'_>) {
    let Some(list) = form.choices.list(list) else { return };
    let translated = list.needs_itext();
    for (at, choice) in list.choices().enumerate() {
        if out.is_full() {
            return;
        }
        let mut shown = Node::new("label");
        if translated {
            shown.set("ref", format!("jr:itext('{}-{at}')", list.name()));
        } else if element.label.is_some() {
            shown = shown.text(choice.label.as_ref().and_then(Field::text).unwrap_or_default());
        }
        let mut item = Node::new("item");
        item.push(shown);
        item.push(Node::with_text("value", choice.name.as_str()));
        out.element(&item, depth);
    }
}

/// Where choices come from: the nodes, and in them the value and the label.
struct Itemset {
    nodeset: String,
    value: String,
    label: String,
    filter: Option<String>,
    from_repeat: bool,
}

impl Itemset {
    fn new(form: &Form<'_>, id: Id, element: &Element, list: &str) -> Self {
        let mut itemset = Self {
            nodeset: format!("instance('{list}')/root/item"),
            value: "name".to_owned(),
            label: "label".to_owned(),
            filter: None,
            from_repeat: false,
        };
        if let Some(extension) = file_extension(list) {
            itemset.nodeset = format!("instance('{}')/root/item", file_stem(list));
            if extension == "geojson" {
                itemset.value = "id".to_owned();
                itemset.label = "title".to_owned();
            }
            if let Some(value) = element.parameter("value") {
                itemset.value = value.to_owned();
            }
            if let Some(label) = element.parameter("label") {
                itemset.label = label.to_owned();
            }
        } else if references(list).next().is_some() {
            let style = Style { to_parent: true, ..Style::default() };
            let path = insert_paths(form.tree, list, Some(id), style);
            if matches!(element.word.as_str(), "geopoint" | "geotrace" | "geoshape") {
                itemset.nodeset = path.trim().to_owned();
                itemset.value = "geometry".to_owned();
                itemset.label = "geometry".to_owned();
                itemset.filter = Some("./geometry != ''".to_owned());
                itemset.from_repeat = true;
            } else if let Some((nodes, leaf)) = path.trim().rsplit_once('/') {
                itemset.nodeset = nodes.to_owned();
                itemset.value = leaf.to_owned();
                itemset.label = leaf.to_owned();
                itemset.filter = Some(format!("./{leaf} != ''"));
                itemset.from_repeat = true;
            }
        } else if form.choices.list(list).is_some_and(|list| list.needs_itext()) {
            itemset.label = "jr:itext(itextId)".to_owned();
        }
        itemset
    }

    fn filter(&mut self, form: &Form<'_>, id: Id, element: &Element) {
        if let Some(filter) = &element.choice_filter {
            let style = Style { current: true, to_parent: self.from_repeat };
            let mut text = insert_paths(form.tree, filter, Some(id), style);
            if self.from_repeat {
                text = text.replace(&format!("current()/{}", self.nodeset), ".").replace(&self.nodeset, ".");
            }
            self.filter = Some(text);
        }
        if let Some(filter) = &self.filter {
            self.nodeset = format!("{}[{filter}]", self.nodeset);
        }
    }

    fn randomize(&mut self, form: &Form<'_>, id: Id, element: &Element) {
        if element.parameter("randomize") != Some("true") {
            return;
        }
        self.nodeset = match element.parameter("seed") {
            Some(seed) => {
                let seed = insert_paths(form.tree, seed, Some(id), Style::default());
                format!("randomize({}, {})", self.nodeset, seed.trim())
            }
            None => format!("randomize({})", self.nodeset),
        };
    }

    fn node(self) -> Node<'static> {
        let mut node = Node::new("itemset");
        node.set("nodeset", self.nodeset);
        let mut value = Node::new("value");
        value.set("ref", self.value);
        let mut label = Node::new("label");
        label.set("ref", self.label);
        node.push(value);
        node.push(label);
        node
    }
}

/// What other questions do when this one changes.
fn triggered(form: &Form<'_>, id: Id, element: &Element, depth: usize, out: &mut Out<'_>) {
    for geopoint in [false, true] {
        // A cell may name a question again and again.
        let mut last: Option<(Id, Element)> = None;
        for target in form.triggered(&element.name) {
            if out.is_full() {
                return;
            }
            let known = last.take().filter(|(id, _)| id == target);
            let (_, other) = last.insert(known.unwrap_or_else(|| (*target, form.tree.at(*target))));
            if (other.word == "background-geopoint") != geopoint {
                continue;
            }
            let mut action = Node::new(if geopoint { "odk:setgeopoint" } else { "setvalue" });
            action.set("ref", form.tree.path(*target));
            action.set("event", "xforms-value-changed");
            let value = other.bind.as_ref().and_then(|bind| bind.text("calculate"));
            if let Some(value) = value
                && !geopoint
            {
                action.set("value", Value::Paths(value.into(), id));
            }
            out.element(&action, depth);
        }
    }
}
