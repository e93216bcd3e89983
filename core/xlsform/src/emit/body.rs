//! The body: groups, repeats and controls.

use super::Form;
use super::binds::actions;
use super::outputs::rich_text;
use super::xml::{Child, Node};
use crate::error::{Code, Notice, Place};
use crate::expression::references;
use crate::field::Field;
use crate::references::{Style, insert_paths};
use crate::survey::{file_extension, file_stem};
use crate::tree::{Element, Id, Kind};
use crate::types::{QuestionType, Tag};

/// Writes what stands in a section; `depth` elements stand around it.
pub(super) fn controls(form: &Form<'_>, id: Id, into: &mut Node, depth: usize) -> Result<(), Vec<Notice>> {
    for child in &form.tree.at(id).children {
        let element = form.tree.at(*child);
        let node = match &element.kind {
            Kind::Group | Kind::Survey if element.bodyless => None,
            Kind::Group | Kind::Survey => Some(group(form, *child, depth)?),
            Kind::Repeat => Some(repeat(form, *child, depth)?),
            Kind::Question(kind) => question(form, *child, *kind)?,
            Kind::External(_) | Kind::Entity | Kind::Attribute | Kind::EntityLabel => None,
        };
        if let Some(node) = node {
            into.push_written(&node, depth);
        }
    }
    Ok(())
}

fn group(form: &Form<'_>, id: Id, depth: usize) -> Result<Node, Vec<Notice>> {
    let element = form.tree.at(id);
    let mut node = Node::new("group");
    attributes(form, id, &mut node);
    if let Some(appearance) = element.control.text("appearance") {
        node.set("appearance", appearance);
    }
    node.set("ref", element.path.as_str());
    if element.label.is_some() {
        node.push(label(form, id));
    }
    controls(form, id, &mut node, depth + 1)?;
    Ok(node)
}

fn repeat(form: &Form<'_>, id: Id, depth: usize) -> Result<Node, Vec<Notice>> {
    let element = form.tree.at(id);
    let mut node = Node::new("group");
    node.set("ref", element.path.as_str());
    node.push(label(form, id));
    let mut inner = Node::new("repeat");
    inner.set("nodeset", element.path.as_str());
    attributes(form, id, &mut inner);
    controls(form, id, &mut inner, depth + 2)?;
    for below in form.renewed.get(&id).into_iter().flatten() {
        inner.children.extend(actions(form, *below, true).into_iter().map(Child::Node));
    }
    node.push(inner);
    Ok(node)
}

/// The columns under `control`, with references resolved.
fn attributes(form: &Form<'_>, id: Id, node: &mut Node) {
    for (key, value) in form.tree.at(id).control.iter() {
        if let Some(text) = value.text() {
            node.set(key, insert_paths(form.tree, text, Some(id), Style::default()));
        }
    }
}

fn question(form: &Form<'_>, id: Id, kind: QuestionType) -> Result<Option<Node>, Vec<Notice>> {
    let element = form.tree.at(id);
    let calculated = element.bind.as_ref().is_some_and(|bind| bind.get("calculate").is_some());
    let silent =
        (calculated || !element.trigger.is_empty()) && element.label.is_none() && element.hint.is_none();
    if element.word == "calculate" || silent {
        return match form.triggered.get(element.name.as_str()).and_then(|all| all.first()) {
            Some(target) => Err(vec![unseen_trigger(form.tree.at(*target), element)]),
            None => Ok(None),
        };
    }
    let Some(tag) = kind.tag.element() else { return Ok(None) };
    let mut node = Node::new(tag);
    if element.label.is_some()
        || !element.media.is_empty()
        || element.hint.is_some()
        || element.guidance.is_some()
    {
        node.push(label(form, id));
    }
    if element.hint.is_some() || element.guidance.is_some() {
        node.push(hint(form, id));
    }
    node.set("ref", element.path.as_str());
    if !kind.media.is_empty() {
        node.set("mediatype", kind.media);
    }
    attributes(form, id, &mut node);
    items(form, id, element, kind, &mut node);
    for (key, label) in &element.tags {
        let mut tag = Node::new("tag");
        tag.set("key", key.as_str());
        tag.push(Node::with_text("label", label));
        node.push(tag);
    }
    triggered(form, id, element, &mut node);
    Ok(Some(node))
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
fn label(form: &Form<'_>, id: Id) -> Node {
    let element = form.tree.at(id);
    if element.label_needs_itext() {
        let mut node = Node::new("label");
        node.set("ref", format!("jr:itext('{}:label')", element.path));
        return node;
    }
    let text = element.label.as_ref().and_then(Field::text).unwrap_or_default();
    rich_text(form, Node::new("label"), text, Some(id))
}

fn hint(form: &Form<'_>, id: Id) -> Node {
    let element = form.tree.at(id);
    if element.guidance.is_some() || matches!(element.hint, Some(Field::Map(_))) {
        let mut node = Node::new("hint");
        node.set("ref", format!("jr:itext('{}:hint')", element.path));
        return node;
    }
    let text = element.hint.as_ref().and_then(Field::text).unwrap_or_default();
    rich_text(form, Node::new("hint"), text, Some(id))
}

fn items(form: &Form<'_>, id: Id, element: &Element, kind: QuestionType, node: &mut Node) {
    let Some(list) = element.itemset.as_deref() else { return };
    if element.word == "select one external" {
        let mut query = format!("instance('{list}')/root/item");
        if let Some(filter) = &element.choice_filter {
            let style = Style { current: true, ..Style::default() };
            query = format!("{query}[{}]", insert_paths(form.tree, filter, Some(id), style));
        }
        node.set("query", query);
        return;
    }
    if element.searched {
        search_items(form, element, list, node);
        return;
    }
    let mut itemset = Itemset::new(form, id, element, list);
    if kind.tag != Tag::Range {
        itemset.filter(form, id, element);
        itemset.randomize(form, id, element);
    }
    node.push(itemset.node());
}

/// The choices of a question that searches a file stand in the body; Collect puts the found ones in their place.
fn search_items(form: &Form<'_>, element: &Element, list: &str, node: &mut Node) {
    let Some(list) = form.choices.list(list) else { return };
    let translated = form.translated.contains(list.name.as_str());
    for (at, choice) in list.choices.iter().enumerate() {
        if !form.tree.spend(choice.name.len() + 50) {
            return;
        }
        let mut shown = Node::new("label");
        if translated {
            shown.set("ref", format!("jr:itext('{}-{at}')", list.name));
        } else if element.label.is_some() {
            shown.text(choice.label.as_ref().and_then(Field::text).unwrap_or_default());
        }
        let mut item = Node::new("item");
        item.push(shown);
        item.push(Node::with_text("value", &choice.name));
        node.push(item);
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
        } else if !references(list).is_empty() {
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
        } else if form.translated.contains(list) {
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

    fn node(self) -> Node {
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
fn triggered(form: &Form<'_>, id: Id, element: &Element, node: &mut Node) {
    let Some(targets) = form.triggered.get(element.name.as_str()) else { return };
    for geopoint in [false, true] {
        for target in targets {
            let other = form.tree.at(*target);
            if (other.word == "background-geopoint") != geopoint {
                continue;
            }
            let mut action = Node::new(if geopoint { "odk:setgeopoint" } else { "setvalue" });
            action.set("ref", other.path.as_str());
            action.set("event", "xforms-value-changed");
            let value = other.bind.as_ref().and_then(|bind| bind.text("calculate"));
            if let Some(value) = value
                && !geopoint
            {
                action.set("value", insert_paths(form.tree, value, Some(id), Style::default()));
            }
            node.push(action);
        }
    }
}
