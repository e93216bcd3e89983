//! The itext block, texts with outputs, and references to texts.

use super::*;
use crate::form::Piece;
use crate::itext::{Part, Variant};

impl Build<'_> {
    pub(super) fn itext(&mut self, model: XmlId) -> Result<(), FormError> {
        let Some(block) = self.child(model, "itext") else { return Ok(()) };
        let translations: Vec<XmlId> = self.tree.elements(block).collect();
        let mut outputs = 0;
        for translation in translations {
            let language = self.texts.languages.len();
            if self.local(translation) != "translation" {
                let local = self.local(translation).to_owned();
                self.ignored(translation, &local, "itext");
                continue;
            }
            let name = self.attribute(translation, "lang").unwrap_or("default");
            if self.attribute(translation, "default").is_some_and(|value| value != "false()") {
                self.texts.default = language;
            }
            self.texts.languages.push(name.to_owned());
            // Plain texts were taken aside while the form was read; these have outputs or ask for a word.
            let texts: Vec<XmlId> = self.tree.elements(translation).collect();
            for text in texts {
                let Some(key) = self.attribute(text, "id") else {
                    return self.invalid(text, "a text without id");
                };
                self.values(text, language, key, &mut outputs)?;
            }
        }
        self.texts.finish();
        Ok(())
    }

    fn values(
        &mut self,
        text: XmlId,
        language: usize,
        key: &str,
        outputs: &mut u32,
    ) -> Result<(), FormError> {
        let values: Vec<XmlId> = self.tree.elements(text).collect();
        let mut found = Vec::with_capacity(values.len());
        for value in values {
            let name = self.attribute(value, "form").unwrap_or("");
            let Some(form) = Variant::of(name) else {
                self.warn(value, "itext", format!("the form '{name}' of a text is not known"));
                continue;
            };
            found.push((form, self.words(value, outputs)?));
        }
        let mut entry = self.texts.begin(language, key);
        for (form, words) in found {
            // `long` is how older forms say plain; the plain one wins.
            if form == Variant::Plain && entry.has(form) {
                continue;
            }
            match words {
                Ok(words) => entry.plain(form, &words),
                Err(parts) => entry.mixed(form, parts),
            }
        }
        Ok(())
    }

    /// The words of a value, or their parts where it has outputs.
    fn words(&mut self, id: XmlId, outputs: &mut u32) -> Result<Result<String, Vec<Part>>, FormError> {
        if self.tree.elements(id).next().is_none() {
            return Ok(Ok(self.tree.string(id).trim().to_owned()));
        }
        let mut parts = Vec::new();
        for (words, output) in self.mixed(id) {
            match output {
                None => parts.push(Part::Words(words.into())),
                Some(at) => {
                    let ast = self.parse(at, &"output", &words)?;
                    self.check(at, &ast)?;
                    parts.push(Part::Output(Ast::clone(&ast), *outputs));
                    *outputs += 1;
                }
            }
        }
        Ok(Err(parts))
    }

    /// An output of an itext is compiled where it is shown; that it can be is seen at load.
    fn check(&mut self, at: XmlId, ast: &Ast) -> Result<(), FormError> {
        let quiet = self.warnings.len();
        let result = self.compile(at, &"output", ROOT, ast).map(|_| ());
        // Relative paths have no meaning at the root; that is no fault of the form.
        self.warnings.truncate(quiet);
        result
    }

    /// Text and outputs of an element, in order: words, or an output's expression with its place.
    fn mixed(&self, id: XmlId) -> Vec<(String, Option<XmlId>)> {
        let mut out: Vec<(String, Option<XmlId>)> = Vec::new();
        // Where the last of the texts that follow each other begins.
        let mut last = 0;
        let mut text = |out: &mut Vec<(String, Option<XmlId>)>, text: &str| match out.last_mut() {
            None => out.push((text.trim_start().to_owned(), None)),
            Some((before, None)) => {
                last = before.len();
                before.push_str(text);
            }
            Some(_) => {
                last = 0;
                out.push((text.to_owned(), None));
            }
        };
        for child in self.tree.children(id) {
            if let Some(words) = self.tree.text_of(child) {
                text(&mut out, words);
            } else if self.local(child) == "output" {
                let value = self.attribute(child, "value").or_else(|| self.attribute(child, "ref"));
                out.push((value.unwrap_or("''").to_owned(), Some(child)));
            } else {
                for (words, output) in self.mixed(child) {
                    match output {
                        None => text(&mut out, &words),
                        Some(_) => out.push((words, output)),
                    }
                }
            }
        }
        if let Some((words, None)) = out.last_mut() {
            words.truncate(words.trim_end().len().max(last));
        }
        out
    }

    /// A `label` or `hint`: its `ref` when that leads to a text, its content otherwise.
    pub(super) fn text(&mut self, id: XmlId, own: DefId) -> Result<Text, FormError> {
        if let Some(reference) = self.attribute(id, "ref") {
            match self.text_reference(id, own, reference)? {
                Text::None => {}
                found => return Ok(found),
            }
        }
        let mut pieces = Vec::new();
        for (words, output) in self.mixed(id) {
            match output {
                None => pieces.push(Piece::Words(words.into())),
                Some(at) => pieces.push(Piece::Output(self.expression(at, &"output", own, &words)?.expr)),
            }
        }
        Ok(if pieces.is_empty() { Text::None } else { Text::Inline(pieces.into()) })
    }

    /// What an attribute that holds a message says: `jr:itext('id')` or plain text.
    pub(super) fn message(&mut self, id: XmlId, own: DefId, text: &str) -> Result<Text, FormError> {
        if text.trim_start().starts_with("jr:itext(") {
            return self.text_reference(id, own, text);
        }
        Ok(Text::Inline([crate::form::Piece::Words(text.into())].into()))
    }

    /// `jr:itext('id')` or another expression as a text.
    pub(super) fn text_reference(
        &mut self,
        id: XmlId,
        own: DefId,
        expression: &str,
    ) -> Result<Text, FormError> {
        let literal = expression.strip_prefix("jr:itext('").and_then(|rest| rest.strip_suffix("')"));
        if let Some(key) = literal.filter(|key| !key.contains('\'')) {
            return Ok(self.text_named(id, key));
        }
        let ast = self.parse(id, &"ref", expression)?;
        if let Ast::Call { name, arguments } = &*ast
            && name.local == "itext"
            && let [Ast::Literal(key)] = arguments.as_slice()
        {
            return Ok(self.text_named(id, key));
        }
        Ok(Text::Computed(self.compile(id, &"ref", own, &ast)?.expr))
    }

    fn text_named(&mut self, id: XmlId, key: &str) -> Text {
        match self.texts.id(key) {
            Some(text) => Text::Itext(text),
            None => {
                self.warn(id, "jr:itext", format!("there is no text '{key}'"));
                Text::None
            }
        }
    }
}
