//! The itext block: texts by id and language, in their forms (`short`, `image`, `guidance`, …).

use crate::xml::Pool;
use crate::xpath::Ast;

/// All texts of a form: a list of choices has one for each, so they share their memory.
#[derive(Debug, Default)]
pub(crate) struct Itext {
    pub(crate) languages: Vec<String>,
    pub(crate) default: usize,
    ids: Pool,
    /// By language: texts in order, and where their values begin and end.
    entries: Vec<Vec<(u32, u32, u32)>>,
    values: Vec<(Variant, Kept)>,
    /// The words of all plain values.
    words: String,
    mixed: Vec<Box<[Part]>>,
}

#[derive(Debug)]
enum Kept {
    Plain(u32, u32),
    Mixed(u32),
}

/// The `form` of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    Plain,
    Short,
    Guidance,
    Image,
    BigImage,
    Audio,
    Video,
}

/// Words with or without outputs. Outputs stay syntax: what their paths mean depends on the question
/// that shows the text, so they are compiled for it when first shown.
#[derive(Debug)]
pub(crate) enum Words<'a> {
    Plain(&'a str),
    Mixed(&'a [Part]),
}

#[derive(Debug)]
pub(crate) enum Part {
    Words(Box<str>),
    /// The number is the output's own, for the cache of compiled outputs.
    Output(Ast, u32),
}

impl Variant {
    pub(crate) fn of(name: &str) -> Option<Variant> {
        Some(match name {
            "" | "long" => Variant::Plain,
            "short" => Variant::Short,
            "guidance" => Variant::Guidance,
            "image" => Variant::Image,
            "big-image" => Variant::BigImage,
            "audio" => Variant::Audio,
            "video" => Variant::Video,
            _ => return None,
        })
    }
}

impl Itext {
    /// The id of a text by its name.
    pub(crate) fn id(&self, name: &str) -> Option<u32> {
        self.ids.get(name)
    }

    /// Adds a text in a language; one of the same name that was there goes ([`Itext::finish`]).
    pub(crate) fn begin(&mut self, language: usize, name: &str) -> Entry<'_> {
        let text = self.ids.intern(name);
        let start = count(self.values.len());
        Entry { texts: self, language, text, start }
    }

    /// The values of a text in a language; in the default language when that one lacks it.
    pub(crate) fn get(&self, language: usize, id: u32) -> impl Iterator<Item = (Variant, Words<'_>)> {
        let of = |language: usize| {
            let texts = self.entries.get(language).map_or(&[] as &[_], Vec::as_slice);
            // Mostly a language has all texts, each in its place.
            let entry = texts.get(id as usize).filter(|entry| entry.0 == id).or_else(|| {
                let at = texts.binary_search_by_key(&id, |entry| entry.0).ok()?;
                texts.get(at)
            });
            let (_, from, to) = entry.copied().unwrap_or_default();
            self.values.get(from as usize..to as usize).unwrap_or(&[])
        };
        let own = of(language);
        let values = if own.is_empty() { of(self.default) } else { own };
        values.iter().map(|(form, kept)| {
            let words = match kept {
                Kept::Plain(from, to) => {
                    Words::Plain(self.words.get(*from as usize..*to as usize).unwrap_or(""))
                }
                Kept::Mixed(at) => Words::Mixed(self.mixed.get(*at as usize).map_or(&[], |parts| parts)),
            };
            (*form, words)
        })
    }

    /// The files that are shown or played beside words, in any language, as they are written.
    pub(crate) fn media(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(|(form, kept)| match (form, kept) {
            (Variant::Image | Variant::BigImage | Variant::Audio | Variant::Video, Kept::Plain(from, to)) => {
                self.words.get(*from as usize..*to as usize)
            }
            _ => None,
        })
    }

    /// To be called when all texts are there: brings them into order, and gives back what it reserved to grow.
    pub(crate) fn finish(&mut self) {
        self.ids.shrink();
        for texts in &mut self.entries {
            // Of two of a name the later one holds.
            texts.reverse();
            texts.sort_by_key(|entry| entry.0);
            texts.dedup_by_key(|entry| entry.0);
            texts.shrink_to_fit();
        }
        self.values.shrink_to_fit();
        self.words.shrink_to_fit();
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A text in the making; dropping it closes it.
pub(crate) struct Entry<'a> {
    texts: &'a mut Itext,
    language: usize,
    text: u32,
    start: u32,
}

impl Entry<'_> {
    /// Whether it has a value of that form already.
    pub(crate) fn has(&self, form: Variant) -> bool {
        let own = self.texts.values.get(self.start as usize..).unwrap_or(&[]);
        own.iter().any(|(known, _)| *known == form)
    }
    pub(crate) fn plain(&mut self, form: Variant, words: &str) {
        let from = count(self.texts.words.len());
        self.texts.words.push_str(words);
        let to = count(self.texts.words.len());
        self.texts.values.push((form, Kept::Plain(from, to)));
    }
    pub(crate) fn mixed(&mut self, form: Variant, parts: Vec<Part>) {
        let at = count(self.texts.mixed.len());
        self.texts.mixed.push(parts.into());
        self.texts.values.push((form, Kept::Mixed(at)));
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let texts = &mut self.texts;
        while texts.entries.len() <= self.language {
            texts.entries.push(Vec::new());
        }
        if let Some(entries) = texts.entries.get_mut(self.language) {
            entries.push((self.text, self.start, count(texts.values.len())));
        }
    }
}
