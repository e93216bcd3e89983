//! What a form may have a hundred thousand of, taken out of its document while it is read: the rows of
//! its secondary instances, and plain texts of its itext block.

use crate::itext::{Itext, Variant};
use crate::xml::{Aside, Content, Names, Rows, Sym, Tree, XmlId};
use foldhash::{HashMap, HashMapExt};

pub(super) struct Parts {
    pub(super) instances: HashMap<XmlId, Rows>,
    pub(super) texts: Itext,
    words: Words,
    model: Option<XmlId>,
    primary: Option<XmlId>,
    itext: Option<XmlId>,
    /// How many translations have begun.
    translations: usize,
}

struct Words {
    none: Sym,
    head: Sym,
    model: Sym,
    instance: Sym,
    itext: Sym,
    translation: Sym,
    text: Sym,
    id: Sym,
    form: Sym,
}

impl Parts {
    pub(super) fn new(names: &mut Names) -> Parts {
        let words = Words {
            none: names.intern(""),
            head: names.intern("head"),
            model: names.intern("model"),
            instance: names.intern("instance"),
            itext: names.intern("itext"),
            translation: names.intern("translation"),
            text: names.intern("text"),
            id: names.intern("id"),
            form: names.intern("form"),
        };
        Parts {
            instances: HashMap::new(),
            texts: Itext::default(),
            words,
            model: None,
            primary: None,
            itext: None,
            translations: 0,
        }
    }

    fn attribute<'t>(&self, tree: &'t Tree, id: XmlId, name: Sym) -> Option<&'t str> {
        tree.attributes(id)
            .find(|one| one.local == name && one.ns == self.words.none)
            .map(|attribute| attribute.value)
    }
}

impl Aside for Parts {
    fn content(&mut self, tree: &Tree, id: XmlId, depth: usize) -> Content {
        let (Some(name), parent) = (tree.local(id), tree.parent(id)) else { return Content::Stays };
        let words = &self.words;
        match depth {
            3 if name == words.model
                && self.model.is_none()
                && parent.and_then(|parent| tree.local(parent)) == Some(words.head) =>
            {
                self.model = Some(id);
            }
            4 if parent.is_some() && parent == self.model => {
                if name == words.instance {
                    if self.primary.is_some() {
                        return Content::Rows;
                    }
                    self.primary = Some(id);
                } else if name == words.itext && self.itext.is_none() {
                    self.itext = Some(id);
                }
            }
            5 if parent.is_some() && parent == self.itext && name == words.translation => {
                self.translations += 1;
            }
            6 if name == words.text && self.translations > 0 => {
                let around = parent.and_then(|parent| tree.parent(parent));
                if around.is_some() && around == self.itext {
                    return Content::Piece;
                }
            }
            _ => {}
        }
        Content::Stays
    }

    fn rows(&mut self, id: XmlId, rows: Rows) {
        self.instances.insert(id, rows);
    }

    /// Takes a text whose values are plain.
    fn piece(&mut self, tree: &Tree, id: XmlId) -> bool {
        let Some(key) = self.attribute(tree, id, self.words.id) else { return false };
        let form = |value: XmlId| Variant::of(self.attribute(tree, value, self.words.form).unwrap_or(""));
        let plain = |value: XmlId| form(value).is_some() && tree.elements(value).next().is_none();
        if !tree.elements(id).all(plain) {
            return false;
        }
        let values: Vec<_> = tree.elements(id).filter_map(|value| Some((form(value)?, value))).collect();
        let mut entry = self.texts.begin(self.translations - 1, key);
        for (form, value) in values {
            // `long` is how older forms say plain; the plain one wins.
            if form == Variant::Plain && entry.has(form) {
                continue;
            }
            entry.plain(form, tree.string(value).trim());
        }
        true
    }
}
