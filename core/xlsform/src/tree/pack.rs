//! Elements and rows as bytes: of fifty thousand questions most have a name, a type and a label, and nothing else.

use std::rc::Rc;

use super::{Action, Element};
use crate::field::{Field, Fields};
use crate::symbols::{Symbol, Symbols};

/// What an element may have, one bit each.
pub(crate) mod part {
    pub(crate) const LABEL: u32 = 1;
    pub(crate) const HINT: u32 = 1 << 1;
    pub(crate) const GUIDANCE: u32 = 1 << 2;
    pub(crate) const MEDIA: u32 = 1 << 3;
    /// A bind that is not that of the type.
    pub(crate) const BIND: u32 = 1 << 4;
    pub(crate) const OWN_BIND: u32 = 1 << 5;
    pub(crate) const CONTROL: u32 = 1 << 6;
    pub(crate) const INSTANCE: u32 = 1 << 7;
    pub(crate) const DEFAULT: u32 = 1 << 8;
    pub(crate) const CHOICE_FILTER: u32 = 1 << 9;
    pub(crate) const PARAMETERS: u32 = 1 << 10;
    pub(crate) const ITEMSET: u32 = 1 << 11;
    pub(crate) const SEARCHED: u32 = 1 << 12;
    pub(crate) const TAGS: u32 = 1 << 13;
    pub(crate) const ACTIONS: u32 = 1 << 14;
    pub(crate) const TRIGGER: u32 = 1 << 15;
    pub(crate) const BODYLESS: u32 = 1 << 16;
}

/// Writes behind one another what [`Reader`] reads.
pub(super) struct Writer<'a> {
    pub(super) bytes: &'a mut Vec<u8>,
    pub(super) words: &'a mut Words,
}

/// The words that what is written has in common.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) words: Symbols,
    /// The keys of fields, to be had without a copy.
    numbers: Symbols,
    keys: Vec<Rc<str>>,
}

/// Reads what [`Writer`] wrote. Where bytes are missing it gives nought and nothing.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) words: &'a Words,
}

impl Writer<'_> {
    /// Seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
            number >>= 7;
        }
        self.bytes.push(u8::try_from(number).unwrap_or(0));
    }

    fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn word(&mut self, word: &str) {
        let symbol = self.words.words.add(word);
        self.number(symbol.number());
    }

    pub(super) fn fields(&mut self, fields: &Fields) {
        self.count(fields.0.len());
        for (key, field) in &fields.0 {
            let number = self.words.numbers.add(key);
            if number.index() == self.words.keys.len() {
                self.words.keys.push(Rc::clone(key));
            }
            self.number(number.number());
            self.field(field);
        }
    }

    /// A text's length and one, or nought before a map.
    fn field(&mut self, field: &Field) {
        match field {
            Field::Text(text) => {
                self.count(text.len() + 1);
                self.bytes.extend_from_slice(text.as_bytes());
            }
            Field::Map(map) => {
                self.number(0);
                self.fields(map);
            }
        }
    }

    /// All of an element but its kind, its name and where it stands. `own_bind` is the bind that comes with its type.
    pub(super) fn element(&mut self, element: &Element, own_bind: Option<&Fields>) {
        let e = element;
        let same_bind = e.bind.is_some() && e.bind.as_ref() == own_bind;
        let parts = [
            (part::LABEL, e.label.is_some()),
            (part::HINT, e.hint.is_some()),
            (part::GUIDANCE, e.guidance.is_some()),
            (part::MEDIA, !e.media.is_empty()),
            (part::BIND, e.bind.is_some() && !same_bind),
            (part::OWN_BIND, same_bind),
            (part::CONTROL, !e.control.is_empty()),
            (part::INSTANCE, !e.instance.is_empty()),
            (part::DEFAULT, e.default.is_some()),
            (part::CHOICE_FILTER, e.choice_filter.is_some()),
            (part::PARAMETERS, !e.parameters.is_empty()),
            (part::ITEMSET, e.itemset.is_some()),
            (part::SEARCHED, e.searched),
            (part::TAGS, e.tags.is_some()),
            (part::ACTIONS, !e.actions.is_empty()),
            (part::TRIGGER, !e.trigger.is_empty()),
            (part::BODYLESS, e.bodyless),
        ];
        self.number(parts.into_iter().filter(|(_, is)| *is).map(|(part, _)| part).sum());
        self.number(e.row);
        self.word(&e.word);
        for field in [&e.label, &e.hint, &e.guidance].into_iter().flatten() {
            self.field(field);
        }
        let bind = e.bind.as_ref().filter(|_| !same_bind);
        let maps = [Some(&e.media).filter(|map| !map.is_empty()), bind];
        let more = [&e.control, &e.instance].map(|map| Some(map).filter(|map| !map.is_empty()));
        for fields in maps.into_iter().chain(more).flatten() {
            self.fields(fields);
        }
        for text in [&e.default, &e.choice_filter].into_iter().flatten() {
            self.text(text);
        }
        self.pairs(&e.parameters);
        for list in [&e.itemset, &e.tags].into_iter().flatten() {
            self.word(list);
        }
        if !e.actions.is_empty() {
            self.count(e.actions.len());
            e.actions.iter().for_each(|action| self.action(action));
        }
        if !e.trigger.is_empty() {
            self.count(e.trigger.len());
            e.trigger.iter().for_each(|name| self.number(name.number()));
        }
    }

    fn pairs(&mut self, pairs: &[(String, String)]) {
        if pairs.is_empty() {
            return;
        }
        self.count(pairs.len());
        for (key, value) in pairs {
            self.word(key);
            self.text(value);
        }
    }

    fn action(&mut self, action: &Action) {
        let place = |known: &[&str], word: &str| known.iter().position(|known| *known == word).unwrap_or(0);
        self.count(place(ACTIONS, action.name));
        self.count(place(EVENTS, action.event));
        self.number(u32::from(action.value.is_some()));
        let quality = action.quality.as_deref().unwrap_or_default();
        self.text(quality);
    }
}

/// The names of actions, their events, and the value that one of them sets.
const ACTIONS: &[&str] = &["setvalue", "odk:setgeopoint", "odk:recordaudio"];
const EVENTS: &[&str] = &["odk-instance-first-load", "odk-new-repeat", "odk-instance-load"];
const VALUE: &str = "uuid()";

impl<'a> Reader<'a> {
    pub(super) fn number(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            number |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        number
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(0).min(self.bytes.len())
    }

    fn text_of(&mut self, length: usize) -> String {
        let (text, rest) = self.bytes.split_at_checked(length).unwrap_or_default();
        self.bytes = rest;
        std::str::from_utf8(text).unwrap_or_default().to_owned()
    }

    fn text(&mut self) -> String {
        let length = self.count();
        self.text_of(length)
    }

    pub(super) fn word(&mut self) -> &'a str {
        let number = self.number();
        self.words.words.get(Symbol::of_number(number))
    }

    pub(super) fn fields(&mut self) -> Fields {
        let count = self.count();
        let mut fields = Fields(Vec::with_capacity(count));
        for _ in 0..count {
            let number = usize::try_from(self.number()).unwrap_or(usize::MAX);
            let Some(key) = self.words.keys.get(number) else { break };
            fields.0.push((Rc::clone(key), self.field()));
        }
        fields
    }

    fn field(&mut self) -> Field {
        match self.number().checked_sub(1) {
            Some(length) => Field::Text(self.text_of(usize::try_from(length).unwrap_or(0))),
            None => Field::Map(self.fields()),
        }
    }

    fn pairs(&mut self) -> Vec<(String, String)> {
        let count = self.count();
        (0..count).map(|_| (self.word().to_owned(), self.text())).collect()
    }

    /// Fills in what [`Writer::element`] wrote.
    pub(super) fn element(mut self, e: &mut Element, own_bind: Option<Fields>) {
        let there = self.number();
        let is = |part: u32| there & part != 0;
        e.row = self.number();
        self.word().clone_into(&mut e.word);
        e.label = is(part::LABEL).then(|| self.field());
        e.hint = is(part::HINT).then(|| self.field());
        e.guidance = is(part::GUIDANCE).then(|| self.field());
        let mut fields = |there: bool| there.then(|| self.fields());
        e.media = fields(is(part::MEDIA)).unwrap_or_default();
        e.bind = fields(is(part::BIND)).or_else(|| own_bind.filter(|_| is(part::OWN_BIND)));
        e.control = fields(is(part::CONTROL)).unwrap_or_default();
        e.instance = fields(is(part::INSTANCE)).unwrap_or_default();
        e.default = is(part::DEFAULT).then(|| self.text());
        e.choice_filter = is(part::CHOICE_FILTER).then(|| self.text());
        e.parameters = if is(part::PARAMETERS) { self.pairs() } else { Vec::new() };
        e.itemset = is(part::ITEMSET).then(|| self.word().to_owned());
        e.searched = is(part::SEARCHED);
        e.tags = is(part::TAGS).then(|| self.word().to_owned());
        if is(part::ACTIONS) {
            let count = self.count();
            e.actions = (0..count).map(|_| self.action()).collect();
        }
        if is(part::TRIGGER) {
            let count = self.count();
            e.trigger = (0..count).map(|_| Symbol::of_number(self.number())).collect();
        }
        e.bodyless = is(part::BODYLESS);
    }

    fn action(&mut self) -> Action {
        let (name, event) = (self.count_of(), self.count_of());
        let value = (self.number() == 1).then_some(VALUE);
        let quality = Some(self.text()).filter(|quality| !quality.is_empty());
        let of = |known: &[&'static str], nth: usize| known.get(nth).copied().unwrap_or_default();
        Action { name: of(ACTIONS, name), event: of(EVENTS, event), value, quality }
    }

    fn count_of(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(0)
    }
}
