//! Translations: every text in every language, with `-` where one is missing.

use std::collections::HashMap;

use super::Form;
use super::xml::{Node, Out};
use crate::expression::references;
use crate::field::{Field, Fields};
use crate::symbols::{Symbol, Symbols};
use crate::tree::{Element, Id, part};

/// How a value of a text is meant; the first two are no media.
const SHAPES: [&str; 6] = ["long", "guidance", "image", "big-image", "audio", "video"];
const LONG: u8 = 0;
const GUIDANCE: u8 = 1;

/// What of an element has a text.
const PARTS: [&str; 6] =
    ["label", "label", "hint", "jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString"];
const LABEL: u8 = 0;
/// The label of an element with media, which is mentioned a second time for these.
const LABEL_AND_MEDIA: u8 = 1;
const HINT: u8 = 2;

/// A text, whatever its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// Of a choice: its list, and its place there.
    Choice(Symbol, u32),
    /// Of an element: what of it, by its place in [`PARTS`].
    Part(Id, u8),
}

/// One value of a text.
struct Value {
    /// Its text, by its place in [`Book::keys`].
    key: u32,
    shape: u8,
    /// Where it ends in the language's texts.
    end: u32,
}

/// One language: its values in the order of mention, and their texts one after the other.
#[derive(Default)]
struct Language {
    values: Vec<Value>,
    texts: String,
}

/// All texts of all languages, in the order of first mention.
#[derive(Default)]
struct Book {
    names: Symbols,
    languages: Vec<Language>,
    keys: Vec<Key>,
    /// The texts that are mentioned a second time.
    again: HashMap<Key, u32>,
}

impl Book {
    /// The place of a text, whose languages and shapes come one after the other.
    fn nth(&mut self, key: Key) -> u32 {
        let last = self.keys.len().checked_sub(1).filter(|_| self.keys.last() == Some(&key));
        let again = matches!(key, Key::Part(_, LABEL_AND_MEDIA));
        if let Some(known) = last.map(number).or_else(|| self.again.get(&key).copied().filter(|_| again)) {
            return known;
        }
        self.keys.push(key);
        let nth = number(self.keys.len() - 1);
        if again {
            self.again.insert(key, nth);
        }
        nth
    }

    fn put(&mut self, language: &str, key: Key, shape: u8, text: &str) {
        let at = self.names.add(language).index();
        if self.languages.len() <= at {
            self.languages.push(Language::default());
        }
        let nth = self.nth(key);
        let Some(language) = self.languages.get_mut(at) else { return };
        language.texts.push_str(text);
        language.values.push(Value { key: nth, shape, end: number(language.texts.len()) });
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Every value of every text: language, text, shape, value.
fn each(form: &Form<'_>, mut put: impl FnMut(&str, Key, u8, &str)) {
    let default = form.settings.default_language.as_str();
    // One text without a language, or one a language.
    let mut field = |field: &Field, key: Key, shape: u8| match field {
        Field::Text(text) => put(default, key, shape, text),
        Field::Map(map) => {
            for (language, text) in map.iter() {
                put(language, key, shape, text.text().unwrap_or_default());
            }
        }
    };
    for list in form.choices.lists().filter(|list| list.needs_itext()) {
        for (at, choice) in (0..).zip(list.choices()) {
            let key = Key::Choice(list.symbol, at);
            if let Some(label) = &choice.label {
                field(label, key, LONG);
            }
            media(&choice.media, key, &mut field);
        }
    }
    const TEXTS: u32 = part::LABEL | part::HINT | part::GUIDANCE | part::MEDIA | part::BIND;
    for id in form.tree.walk().filter(|id| form.tree.has(*id, TEXTS)) {
        texts(id, &form.tree.at(id), &mut field);
    }
    for id in form.tree.walk().filter(|id| form.tree.has(*id, part::MEDIA)) {
        media(&form.tree.at(id).media, Key::Part(id, LABEL_AND_MEDIA), &mut field);
    }
}

fn media(media: &Fields, key: Key, put: &mut impl FnMut(&Field, Key, u8)) {
    for (kind, field) in media.iter() {
        if let Some((shape, _)) = (0..).zip(SHAPES).skip(2).find(|(_, known)| *known == kind) {
            put(field, key, shape);
        }
    }
}

/// The translated texts of one element.
fn texts(id: Id, element: &Element, put: &mut impl FnMut(&Field, Key, u8)) {
    if let Some(bind) = &element.bind {
        for (part, key) in (0..).zip(PARTS).skip(3) {
            let with_references = key != "jr:noAppErrorString";
            match bind.get(key) {
                Some(Field::Text(text)) if !with_references || references(text).next().is_none() => {}
                Some(field) => put(field, Key::Part(id, part), LONG),
                None => {}
            }
        }
    }
    if let Some(label) = &element.label
        && element.label_needs_itext()
    {
        put(label, Key::Part(id, if element.media.is_empty() { LABEL } else { LABEL_AND_MEDIA }), LONG);
    }
    if let Some(hint) = &element.hint
        && (matches!(hint, Field::Map(_)) || element.guidance.is_some())
    {
        put(hint, Key::Part(id, HINT), LONG);
    }
    if let Some(guidance) = &element.guidance {
        put(guidance, Key::Part(id, HINT), GUIDANCE);
    }
}

/// Writes the `<itext>` element, if the form has more than one language or needs translations.
pub(super) fn translations(form: &Form<'_>, out: &mut Out<'_>) {
    if !fits(form, out) {
        return;
    }
    let mut book = Book::default();
    each(form, |language, key, shape, text| book.put(language, key, shape, text));
    if book.languages.is_empty() {
        return;
    }
    let wanted = wanted(&book);
    let itext = out.open(&Node::new("itext"), 3);
    for ((_, name), language) in book.names.iter().zip(&book.languages) {
        let mut translation = Node::new("translation");
        translation.set("lang", name);
        if name == form.settings.default_language {
            translation.set("default", "true()");
        }
        let translation = out.open(&translation, 4);
        write(form, &book, language, &wanted, out);
        out.close(translation);
    }
    out.close(itext);
}

fn name_of(part: u8) -> &'static str {
    PARTS.get(usize::from(part)).copied().unwrap_or_default()
}

/// Every language says every text, if only that it has none: is there room for that, before it is gathered?
fn fits(form: &Form<'_>, out: &mut Out<'_>) -> bool {
    /// What stands around a text in the form beside its name, and around one of media alone where these are missing.
    const TEXT: usize = 60;
    const MEDIA: usize = 20;
    let (mut languages, mut last, mut bytes) = (Symbols::default(), None, 0);
    each(form, |language, key, shape, _| {
        languages.add(language);
        if last != Some(key) {
            bytes += match (key, shape) {
                (Key::Part(id, part), LONG | GUIDANCE) => {
                    form.tree.path(id).len() + name_of(part).len() + TEXT
                }
                (Key::Choice(..), LONG) => TEXT,
                (Key::Choice(..), _) => MEDIA,
                (Key::Part(..), _) => 0,
            };
        }
        last = Some(key);
    });
    out.has_room(languages.len().saturating_mul(bytes))
}

/// The shapes that each text has in some language, in order, four bits each; the texts in the order of mention.
fn wanted(book: &Book) -> Vec<(u32, u32)> {
    let mut places: Vec<u32> = vec![u32::MAX; book.keys.len()];
    let mut wanted: Vec<(u32, u32)> = Vec::new();
    for language in &book.languages {
        for text in in_order(book, language) {
            let Some(place) = places.get_mut(index(text.key)) else { continue };
            if *place == u32::MAX {
                *place = number(wanted.len());
                wanted.push((text.key, 0));
            }
            if let Some((_, shapes)) = wanted.get_mut(index(*place)) {
                for (shape, _) in &text.values {
                    if !has(*shapes, *shape) {
                        *shapes = *shapes << 4 | u32::from(shape + 1);
                    }
                }
            }
        }
    }
    wanted
}

fn has(shapes: u32, shape: u8) -> bool {
    (0..8).any(|nth| shapes >> (4 * nth) & 0xf == u32::from(shape + 1))
}

/// The shapes, the first first.
fn shapes_of(shapes: u32) -> impl Iterator<Item = u8> {
    (0..8).rev().filter_map(move |nth| u8::try_from(shapes >> (4 * nth) & 0xf).ok()?.checked_sub(1))
}

/// One text in one language: its values, by shape.
struct Text<'a> {
    key: u32,
    values: Vec<(u8, &'a str)>,
}

/// The texts of a language, in the order of first mention.
fn in_order<'a>(book: &Book, language: &'a Language) -> impl Iterator<Item = Text<'a>> {
    let mut first = vec![u32::MAX; book.keys.len()];
    let mut order: Vec<(u32, u32)> = Vec::with_capacity(language.values.len());
    for (nth, value) in (0..).zip(&language.values) {
        let Some(place) = first.get_mut(index(value.key)) else { continue };
        *place = (*place).min(nth);
        order.push((*place, nth));
    }
    order.sort_unstable();
    let value = |nth: u32| {
        let value = language.values.get(index(nth))?;
        let before = nth.checked_sub(1).and_then(|before| language.values.get(index(before)));
        let start = before.map_or(0, |before| before.end);
        Some((value, language.texts.get(index(start)..index(value.end))?))
    };
    let mut order = order.into_iter().peekable();
    std::iter::from_fn(move || {
        let (place, nth) = order.next()?;
        let (one, text) = value(nth)?;
        let mut values = vec![(one.shape, text)];
        while let Some((_, nth)) = order.next_if(|(other, _)| *other == place) {
            let (more, text) = value(nth)?;
            match values.iter_mut().find(|(shape, _)| *shape == more.shape) {
                Some(known) => known.1 = text,
                None => values.push((more.shape, text)),
            }
        }
        Some(Text { key: one.key, values })
    })
}

/// Writes the texts of a language: those that it has, then those that others have.
fn write(form: &Form<'_>, book: &Book, language: &Language, wanted: &[(u32, u32)], out: &mut Out<'_>) {
    let mut shapes: Vec<u32> = vec![0; book.keys.len()];
    for (key, all) in wanted {
        if let Some(place) = shapes.get_mut(index(*key)) {
            *place = *all;
        }
    }
    for text in in_order(book, language) {
        let all = shapes.get_mut(index(text.key)).map(std::mem::take).unwrap_or_default();
        let missing = shapes_of(all).filter(|shape| text.values.iter().all(|(known, _)| known != shape));
        let values = text.values.iter().copied().chain(missing.map(|shape| (shape, "-")));
        write_text(form, book, text.key, values, out);
    }
    for (key, all) in wanted {
        if out.is_full() {
            return;
        }
        if shapes.get(index(*key)).is_some_and(|left| *left != 0) {
            write_text(form, book, *key, shapes_of(*all).map(|shape| (shape, "-")), out);
        }
    }
}

fn write_text<'a>(
    form: &Form<'_>,
    book: &Book,
    key: u32,
    values: impl Iterator<Item = (u8, &'a str)>,
    out: &mut Out<'_>,
) {
    let Some(key) = book.keys.get(index(key)) else { return };
    let (id, context) = match key {
        Key::Choice(list, at) => (format!("{}-{at}", form.choices.name(*list)), None),
        Key::Part(id, part) => (format!("{}:{}", form.tree.path(*id), name_of(*part)), Some(*id)),
    };
    let mut node = Node::new("text");
    node.set("id", id);
    for (shape, value) in values {
        let mut of = Node::new("value");
        if shape == LONG {
            node.push(of.rich(value, context));
            continue;
        }
        let name = SHAPES.get(usize::from(shape)).copied().unwrap_or_default();
        if shape == GUIDANCE {
            of.set("form", name);
            node.push(of.rich(value, context));
        } else if value != "-" {
            of.set("form", name);
            let folder = if name.ends_with("image") { "images" } else { name };
            node.push(of.rich(format!("jr://{folder}/{value}"), None));
        }
    }
    out.element(&node, 5);
}
