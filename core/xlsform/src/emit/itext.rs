//! Translations: every text in every language, with `-` where one is missing.

use std::collections::HashMap;

use super::Form;
use super::outputs::rich_text;
use super::xml::Node;
use crate::expression::references;
use crate::field::{Field, Fields};
use crate::tree::{Element, Id, Kind, Tree};

const MEDIA: [Shape; 4] = ["image", "big-image", "audio", "video"];

/// How a value of a text is meant.
type Shape = &'static str;

/// One text id in one language: values by shape, in order.
#[derive(Default)]
struct Text {
    values: Vec<(Shape, String, Option<Id>)>,
}

/// One language: its texts in the order of first mention, and where each id stands.
type Language = (String, Vec<(String, Text)>, HashMap<String, usize>);

/// All texts of all languages, in the order of first mention.
struct Book<'a> {
    tree: &'a Tree,
    languages: Vec<Language>,
    index: HashMap<String, usize>,
}

impl Book<'_> {
    fn put(&mut self, language: &str, id: &str, shape: Shape, text: &str, context: Option<Id>) {
        if !self.tree.spend(id.len()) {
            return;
        }
        let at = match self.index.get(language) {
            Some(at) => *at,
            None => {
                self.languages.push((language.to_owned(), Vec::new(), HashMap::new()));
                self.index.insert(language.to_owned(), self.languages.len() - 1);
                self.languages.len() - 1
            }
        };
        let Some((_, texts, index)) = self.languages.get_mut(at) else { return };
        let slot = *index.entry(id.to_owned()).or_insert_with(|| {
            texts.push((id.to_owned(), Text::default()));
            texts.len() - 1
        });
        let Some((_, entry)) = texts.get_mut(slot) else { return };
        match entry.values.iter_mut().find(|(s, _, _)| *s == shape) {
            Some(value) => *value = (shape, text.to_owned(), context),
            None => entry.values.push((shape, text.to_owned(), context)),
        }
    }

    /// One text without a language, or one a language.
    fn put_field(&mut self, field: &Field, default: &str, id: &str, shape: Shape, context: Option<Id>) {
        match field {
            Field::Text(text) => self.put(default, id, shape, text, context),
            Field::Map(map) => {
                for (language, text) in map.iter() {
                    self.put(language, id, shape, text.text().unwrap_or_default(), context);
                }
            }
        }
    }

    fn put_media(&mut self, media: &Fields, default: &str, id: &str) {
        for (kind, field) in media.iter() {
            let Some(shape) = MEDIA.into_iter().find(|s| *s == kind) else { continue };
            self.put_field(field, default, id, shape, None);
        }
    }

    /// Every text gets the same shapes in every language.
    fn fill_gaps(&mut self) {
        let mut shapes: Vec<(String, Vec<Shape>)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        for (_, texts, _) in &self.languages {
            for (id, text) in texts {
                let at = *index.entry(id.clone()).or_insert_with(|| {
                    shapes.push((id.clone(), Vec::new()));
                    shapes.len() - 1
                });
                if let Some((_, known)) = shapes.get_mut(at) {
                    for (shape, _, _) in &text.values {
                        if !known.contains(shape) {
                            known.push(*shape);
                        }
                    }
                }
            }
        }
        for (_, texts, index) in &mut self.languages {
            for (id, wanted) in &shapes {
                if index.contains_key(id) && wanted.len() == 1 {
                    continue;
                }
                if !self.tree.spend(id.len() + 20 * wanted.len()) {
                    return;
                }
                let slot = *index.entry(id.clone()).or_insert_with(|| {
                    texts.push((id.clone(), Text::default()));
                    texts.len() - 1
                });
                let Some((_, text)) = texts.get_mut(slot) else { continue };
                for shape in wanted {
                    if !text.values.iter().any(|(s, _, _)| s == shape) {
                        text.values.push((*shape, "-".to_owned(), None));
                    }
                }
            }
        }
    }
}

/// The `<itext>` element; none if the form has one language and needs no translations.
pub(super) fn translations(form: &Form<'_>) -> Option<Node> {
    let default = form.settings.default_language.as_str();
    let mut book = Book { tree: form.tree, languages: Vec::new(), index: HashMap::new() };
    for list in form.choices.lists.iter().filter(|list| form.translated.contains(list.name.as_str())) {
        for (at, choice) in list.choices.iter().enumerate() {
            let id = format!("{}-{at}", list.name);
            if let Some(label) = &choice.label {
                book.put_field(label, default, &id, "long", None);
            }
            book.put_media(&choice.media, default, &id);
        }
    }
    for id in form.tree.walk() {
        let element = form.tree.at(id);
        if !matches!(element.kind, Kind::External(_)) {
            texts(&mut book, default, id, element);
        }
    }
    for id in form.tree.walk() {
        let element = form.tree.at(id);
        book.put_media(&element.media, default, &format!("{}:label", element.path));
    }
    if book.languages.is_empty() {
        return None;
    }
    book.fill_gaps();
    let mut itext = Node::new("itext");
    for (language, texts, _) in &book.languages {
        let mut translation = Node::new("translation");
        translation.set("lang", language.as_str());
        if language == default {
            translation.set("default", "true()");
        }
        for (id, text) in texts {
            let mut node = Node::new("text");
            node.set("id", id.as_str());
            for (shape, value, context) in &text.values {
                if let Some(value) = value_node(form, shape, value, *context) {
                    node.push(value);
                }
            }
            translation.push_written(&node, 5);
        }
        itext.push(translation);
    }
    Some(itext)
}

/// The translated texts of one element.
fn texts(book: &mut Book<'_>, default: &str, id: Id, element: &Element) {
    if let Some(bind) = &element.bind {
        for (key, with_references) in
            [("jr:constraintMsg", true), ("jr:requiredMsg", true), ("jr:noAppErrorString", false)]
        {
            match bind.get(key) {
                Some(Field::Text(text)) if !with_references || references(text).is_empty() => {}
                Some(field) => {
                    book.put_field(field, default, &format!("{}:{key}", element.path), "long", Some(id))
                }
                None => {}
            }
        }
    }
    if let Some(label) = &element.label
        && element.label_needs_itext()
    {
        book.put_field(label, default, &format!("{}:label", element.path), "long", Some(id));
    }
    let hint_id = format!("{}:hint", element.path);
    if let Some(hint) = &element.hint
        && (matches!(hint, Field::Map(_)) || element.guidance.is_some())
    {
        book.put_field(hint, default, &hint_id, "long", Some(id));
    }
    if let Some(guidance) = &element.guidance {
        book.put_field(guidance, default, &hint_id, "guidance", Some(id));
    }
}

fn value_node(form: &Form<'_>, shape: Shape, text: &str, context: Option<Id>) -> Option<Node> {
    let mut node = Node::new("value");
    match shape {
        "long" => {}
        "guidance" => node.set("form", "guidance"),
        _ if text == "-" => return None,
        media => {
            node.set("form", media);
            let folder = if media.ends_with("image") { "images" } else { media };
            return Some(rich_text(form, node, &format!("jr://{folder}/{text}"), context));
        }
    }
    Some(rich_text(form, node, text, context))
}
