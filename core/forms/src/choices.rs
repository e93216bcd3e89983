//! Choices and texts as they stand now: lists from instances, labels in the language in force.

use crate::answer::Label;
use crate::form::{ChoiceSource, Control, DefId, ItemLabel, Piece, Text};
use crate::instance::NodeId;
use crate::itext::{Part, Variant, Words};
use crate::xpath::eval::{Eval, Here, Item};
use crate::xpath::expr::compile::Compiler;
use std::borrow::Cow;
use std::sync::Arc;

/// A choice before its label is made.
pub(crate) enum Candidate<'a> {
    Inline(&'a str, &'a Text),
    Item(Cow<'a, str>, Item),
}

impl Candidate<'_> {
    pub(crate) fn value(&self) -> &str {
        match self {
            Candidate::Inline(value, _) => value,
            Candidate::Item(value, _) => value,
        }
    }
}

impl<'a> Eval<'a> {
    pub(crate) fn candidates(&self, control: &'a Control, node: NodeId) -> Vec<Candidate<'a>> {
        match &control.choices {
            ChoiceSource::None => Vec::new(),
            ChoiceSource::Inline(list) => {
                list.iter().map(|choice| Candidate::Inline(&choice.value, &choice.label)).collect()
            }
            ChoiceSource::Itemset(itemset) => {
                let here = Here::at(node);
                let items = self.set(&itemset.nodes, &here);
                let size = items.len();
                let at = |(index, item): (usize, Item)| {
                    let inner = Here { item, current: node, position: index + 1, size };
                    Candidate::Item(self.text(&itemset.value, &inner), item)
                };
                items.into_iter().enumerate().map(at).filter(|choice| !choice.value().is_empty()).collect()
            }
        }
    }

    pub(crate) fn candidate_label(
        &self,
        control: &'a Control,
        choice: &Candidate<'a>,
        node: NodeId,
    ) -> Label {
        let mut label = match (choice, &control.choices) {
            (Candidate::Inline(_, text), _) => self.label(text, node),
            (Candidate::Item(_, item), ChoiceSource::Itemset(itemset)) => {
                let inner = Here { item: *item, current: node, position: 1, size: 1 };
                match &itemset.label {
                    ItemLabel::None => Label::default(),
                    ItemLabel::Plain(expr) => {
                        Label { text: self.text(expr, &inner).into_owned(), ..Label::default() }
                    }
                    ItemLabel::Itext(expr) => self.label_by_name(&self.text(expr, &inner), node),
                }
            }
            _ => Label::default(),
        };
        if label.text.is_empty() && label.media().image.is_none() {
            label.text = choice.value().to_owned();
        }
        label
    }

    /// The label of a value among the choices of a question; the value itself when it has none.
    pub(crate) fn choice_label(&self, def: DefId, value: &str, near: NodeId) -> String {
        let control = self.form.def(def).and_then(|def| def.control);
        let Some(control) = control.and_then(|index| self.form.controls.get(index as usize)) else {
            return String::new();
        };
        let node = self.nearest(def, near).unwrap_or(near);
        let candidates = self.candidates(control, node);
        let found = candidates.iter().find(|choice| choice.value() == value);
        found.map(|choice| self.candidate_label(control, choice, node).text).unwrap_or_default()
    }

    /// The node of a definition that shares most ancestors with another node.
    pub(crate) fn nearest(&self, def: DefId, near: NodeId) -> Option<NodeId> {
        let mut lineage = Vec::new();
        let mut next = Some(near);
        while let Some(id) = next {
            lineage.push(id);
            next = self.state.parent(id);
        }
        let mut path = Vec::new();
        let mut next = Some(def);
        while let Some((id, def)) = next.and_then(|id| self.form.def(id).map(|def| (id, def))) {
            let shared =
                lineage.iter().find(|node| self.state.node(**node).is_some_and(|node| node.def == id));
            if let Some(start) = shared {
                path.reverse();
                let mut found = None;
                self.state.walk(*start, &path, &mut |node| {
                    found.get_or_insert(node);
                });
                return found;
            }
            path.push(def.slot);
            next = def.parent;
        }
        None
    }

    /// A text for a node, in the language in force.
    pub(crate) fn label(&self, text: &'a Text, node: NodeId) -> Label {
        match text {
            Text::None => Label::default(),
            Text::Itext(id) => self.label_of(*id, node),
            Text::Inline(_) | Text::Computed(_) => Label { text: self.words(text, node), ..Label::default() },
        }
    }

    /// Only the words of a text.
    pub(crate) fn words(&self, text: &'a Text, node: NodeId) -> String {
        let here = Here::at(node);
        match text {
            Text::None => String::new(),
            Text::Itext(id) => self.label_of(*id, node).text,
            Text::Computed(expr) => self.text(expr, &here).into_owned(),
            Text::Inline(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Words(words) => Cow::Borrowed(&**words),
                    Piece::Output(expr) => self.text(expr, &here),
                })
                .collect(),
        }
    }

    fn label_by_name(&self, name: &str, node: NodeId) -> Label {
        self.form.texts.id(name).map(|id| self.label_of(id, node)).unwrap_or_default()
    }

    /// `jr:itext()` of a computed name.
    pub(crate) fn itext_by_name(&self, name: &str, node: NodeId) -> String {
        self.label_by_name(name, node).text
    }

    /// The guidance form of a text, which hints may have.
    pub(crate) fn guidance(&self, text: &Text, node: NodeId) -> Option<String> {
        let Text::Itext(id) = text else { return None };
        let mut values = self.form.texts.get(self.state.language, *id);
        values.find(|(form, _)| *form == Variant::Guidance).map(|(_, words)| self.spoken(words, node))
    }

    fn label_of(&self, id: u32, node: NodeId) -> Label {
        let mut label = Label::default();
        for (form, words) in self.form.texts.get(self.state.language, id) {
            if form == Variant::Guidance {
                continue;
            }
            let words = self.spoken(words, node);
            if let Variant::Plain = form {
                label.text = words;
                continue;
            }
            let media = label.media.get_or_insert_default();
            match form {
                Variant::Short => media.short = Some(words),
                Variant::Image => media.image = Some(words),
                Variant::BigImage => media.big_image = Some(words),
                Variant::Audio => media.audio = Some(words),
                Variant::Video => media.video = Some(words),
                Variant::Plain | Variant::Guidance => {}
            }
        }
        label
    }

    fn spoken(&self, words: Words<'_>, node: NodeId) -> String {
        match words {
            Words::Plain(words) => words.to_string(),
            Words::Mixed(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Words(words) => words.to_string(),
                    Part::Output(ast, number) => self.output(ast, *number, node),
                })
                .collect(),
        }
    }

    /// An output of an itext, compiled for the question that shows it.
    fn output(&self, ast: &crate::xpath::Ast, number: u32, node: NodeId) -> String {
        let Some(def) = self.state.node(node).map(|node| node.def) else { return String::new() };
        let known = self.state.outputs.borrow().get(&(number, def)).map(Arc::clone);
        let expr = known.or_else(|| {
            let compiled = Compiler::new(self.form.scope(), def, None).compile(ast).ok()?;
            let compiled = Arc::new(compiled);
            self.state.outputs.borrow_mut().insert((number, def), Arc::clone(&compiled));
            Some(compiled)
        });
        let eval: Eval<'_> = *self;
        expr.map(|expr| eval.text(&expr, &Here::at(node)).into_owned()).unwrap_or_default()
    }
}
