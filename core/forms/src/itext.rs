//! The itext block: texts by id and language, in their forms (`short`, `image`, `guidance`, …).

use crate::xpath::Ast;
use std::collections::HashMap;

/// All texts of a form.
#[derive(Debug, Default)]
pub(crate) struct Itext {
    pub(crate) languages: Vec<String>,
    pub(crate) default: usize,
    pub(crate) ids: HashMap<Box<str>, u32>,
    /// By language, then by text.
    pub(crate) entries: Vec<Vec<Vec<Value>>>,
}

/// One `<value>` of a text.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) form: Variant,
    pub(crate) words: Words,
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
pub(crate) enum Words {
    Plain(Box<str>),
    Mixed(Box<[Part]>),
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
    /// The values of a text in a language; in the default language when that one lacks it.
    pub(crate) fn get(&self, language: usize, id: u32) -> &[Value] {
        let of = |language: usize| {
            self.entries
                .get(language)
                .and_then(|texts| texts.get(id as usize))
                .map_or(&[] as &[Value], Vec::as_slice)
        };
        let own = of(language);
        if own.is_empty() { of(self.default) } else { own }
    }
}
