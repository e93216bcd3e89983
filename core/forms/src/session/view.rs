//! What a screen draws.

use super::*;
use crate::answer::{
    Choice, Choices, FormView, Group, Item, Label, Mapped, Question, QuestionKind, Repeat, RepeatInstance,
};
use crate::choices::Candidate;
use crate::form::{ChoiceSource, Control, Def, Element, NO_BIND, RepeatDef, Text};
use crate::value::typed;
use foldhash::{HashMap, HashSet};

impl Session {
    /// The whole form: what is relevant now.
    pub fn view(&self) -> FormView {
        self.state.work.renew_to_look();
        FormView {
            title: self.form.title.clone(),
            language: self.language().map(str::to_owned),
            style: self.form.style.clone(),
            children: self.items(&self.form.body, self.state.root),
        }
    }

    /// One question, group or repeat, or the group, question or instance that a reference names; an
    /// instance of a repeat comes as a group. None when it is not there or not relevant.
    pub fn page(&self, at: &NodeRef) -> Option<Item> {
        self.state.work.renew_to_look();
        let (parent, def, position) = self.state.find_slot(&self.form, at.as_str())?;
        let slot = self.form.def(def)?.slot;
        let repeats = self.form.def(def)?.repeats;
        let node = self.state.slot(parent, slot).get(position.unwrap_or(1).checked_sub(1)?).copied();
        let found = element_of(&self.form, &self.form.body, def)?;
        if let (Element::Repeat(repeat), true) = (found, repeats) {
            if position.is_none() {
                return self.welcome(def, parent).then(|| Item::Repeat(self.repeat(repeat, parent)));
            }
            let node = node.filter(|node| self.state.relevant(*node))?;
            return Some(Item::Group(Group {
                at: Some(self.reference(node)),
                label: self.eval().label(&repeat.label, node),
                appearance: repeat.appearance.clone(),
                children: self.items(&repeat.children, node),
            }));
        }
        let node = node.filter(|node| self.state.relevant(*node))?;
        self.items(std::slice::from_ref(found), node).pop()
    }

    fn reference(&self, id: NodeId) -> NodeRef {
        NodeRef(self.state.path_of(&self.form, id))
    }

    fn items(&self, elements: &[Element], from: NodeId) -> Vec<Item> {
        let mut out = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::Question(index) => {
                    let control = self.form.controls.get(*index as usize);
                    let node = control.and_then(|control| self.below(control.def, from));
                    if let (Some(control), Some(node)) =
                        (control, node.filter(|node| self.state.relevant(*node)))
                    {
                        out.push(Item::Question(self.question(control, node)));
                    }
                }
                Element::Group(group) => {
                    let node = group.def.map_or(Some(from), |def| self.below(def, from));
                    let Some(node) = node.filter(|node| self.state.relevant(*node)) else { continue };
                    out.push(Item::Group(Group {
                        at: group.def.map(|_| self.reference(node)),
                        label: self.eval().label(&group.label, node),
                        appearance: group.appearance.clone(),
                        children: self.items(&group.children, node),
                    }));
                }
                Element::Repeat(repeat) => {
                    let parent = self.repeat_parent(repeat.def, from);
                    if let Some(parent) = parent.filter(|parent| self.welcome(repeat.def, *parent)) {
                        out.push(Item::Repeat(self.repeat(repeat, parent)));
                    }
                }
            }
        }
        out
    }

    fn repeat(&self, repeat: &RepeatDef, parent: NodeId) -> Repeat {
        let def = self.form.def(repeat.def);
        let free = def.is_some_and(|def| !def.fixed && !def.counted);
        let name = def.map(|def| self.form.name(def)).unwrap_or_default();
        let instance = |node: NodeId| RepeatInstance {
            at: self.reference(node),
            label: self.eval().label(&repeat.label, node),
            children: self.items(&repeat.children, node),
        };
        let instances: Vec<RepeatInstance> =
            self.instances(repeat.def, parent).into_iter().map(instance).collect();
        Repeat {
            at: NodeRef(format!("{}/{name}", self.state.path_of(&self.form, parent))),
            label: self.eval().label(&repeat.label, parent),
            appearance: repeat.appearance.clone(),
            can_add: free && instances.len() < self.form.limits.repeat_instances,
            can_remove: free,
            instances,
        }
    }

    fn question(&self, control: &Control, node: NodeId) -> Question {
        let eval = self.eval();
        let def = self.form.def(control.def);
        let bind = def.map_or(&NO_BIND, Def::bind);
        let value_type = def.map(|def| def.kind).unwrap_or_default();
        let text = self.state.value(node);
        let readonly = self.readonly(node);
        // What is read only and holds a text is shown with it.
        let kind = kind_of_question(control, value_type, readonly && text.is_empty());
        let hint = match &control.hint {
            Text::None => None,
            text => Some(eval.label(text, node)).filter(|hint| *hint != Label::default()),
        };
        let required = self.required(node);
        let required_message =
            if required { eval.words(&bind.required_message, node) } else { String::new() };
        Question {
            at: self.reference(node),
            kind,
            label: eval.label(&control.label, node),
            hint,
            guidance: eval.guidance(&control.hint, node),
            appearance: control.look().appearance.clone(),
            attributes: control.look().attributes.clone(),
            value: answer_of(kind, value_type, text),
            display: self.display(control, node, text),
            required,
            required_message,
            readonly,
            problem: self.problem(node),
            has_choices: !matches!(control.choices, ChoiceSource::None),
            range: control.look().range,
        }
    }

    fn display(&self, control: &Control, node: NodeId, text: &str) -> String {
        if text.is_empty() || matches!(control.choices, ChoiceSource::None) {
            return text.to_owned();
        }
        let eval = self.eval();
        let candidates = eval.candidates(control, node);
        let label = |value: &str, found: Option<&Candidate<'_>>| {
            found.map_or_else(|| value.to_owned(), |choice| eval.candidate_label(control, choice, node).text)
        };
        if control.kind == ControlKind::SelectOne {
            return label(text, candidates.iter().find(|choice| choice.value() == text));
        }
        // The first of one value counts.
        let known: HashMap<&str, &Candidate<'_>> =
            candidates.iter().rev().map(|choice| (choice.value(), choice)).collect();
        let labels = text.split_ascii_whitespace().map(|value| label(value, known.get(value).copied()));
        labels.collect::<Vec<_>>().join("、")
    }

    /// The choices of a question whose label or value holds each word of `search`, in any order (all choices, for
    /// an empty one), at most `limit` of them.
    pub fn choices(&self, at: &NodeRef, search: &str, limit: usize) -> Choices {
        self.state.work.renew_to_look();
        let node = self.state.find(&self.form, at.as_str());
        let def = node.and_then(|id| self.state.node(id)).and_then(|node| self.form.def(node.def));
        let control =
            def.and_then(|def| def.control).and_then(|index| self.form.controls.get(index as usize));
        let (Some(node), Some(control)) = (node, control) else { return Choices::default() };
        let eval = self.eval();
        let search = search.to_lowercase();
        let words: Vec<&str> = search.split_whitespace().collect();
        let taken: HashSet<&str> = match control.kind {
            ControlKind::SelectOne => std::iter::once(self.state.value(node)).collect(),
            _ => self.state.value(node).split_ascii_whitespace().collect(),
        };
        let mut out = Choices::default();
        for choice in eval.candidates(control, node) {
            let wanted = out.items.len() < limit;
            // Labels are made only where they are needed: a list may have 100,000 rows.
            if !wanted && words.is_empty() {
                out.total += 1;
                continue;
            }
            let label = eval.candidate_label(control, &choice, node);
            let fits = words.is_empty() || {
                let (label, value) = (label.text.to_lowercase(), choice.value().to_lowercase());
                words.iter().all(|word| label.contains(word) || value.contains(word))
            };
            if fits {
                out.total += 1;
                if wanted {
                    let selected = taken.contains(choice.value());
                    out.items.push(Choice { value: choice.value().to_owned(), label, selected });
                }
            }
        }
        out
    }

    /// All nodes whose bind carries the attribute `name` of the namespace `ns`, in document order.
    pub fn mapped(&self, ns: &str, name: &str) -> Vec<Mapped> {
        let mut all = Vec::new();
        self.state.subtree(self.state.root, &mut all);
        let mut out = Vec::new();
        for id in all {
            let Some(node) = self.state.node(id) else { continue };
            let Some(def) = self.form.def(node.def) else { continue };
            let Some((_, _, attribute)) =
                def.bind().foreign.iter().find(|(found, local, _)| found == ns && local == name)
            else {
                continue;
            };
            let group =
                def.repeats || def.children.iter().any(|id| self.form.def(*id).is_some_and(|d| !d.attribute));
            out.push(Mapped {
                at: self.reference(id),
                attribute: attribute.clone(),
                value: (!group).then(|| node.value.to_string()),
                relevant: node.relevant,
                repeat: self.repeat_instance(id).map(|id| self.reference(id)),
            });
        }
        out
    }

    fn repeat_instance(&self, id: NodeId) -> Option<NodeId> {
        let mut next = Some(id);
        while let Some(id) = next {
            if self.state.node(id).and_then(|node| self.form.def(node.def)).is_some_and(|def| def.repeats) {
                return Some(id);
            }
            next = self.state.parent(id);
        }
        None
    }
}

/// The body element of a definition.
fn element_of<'a>(form: &'a Form, elements: &'a [Element], def: crate::form::DefId) -> Option<&'a Element> {
    for element in elements {
        let (own, children): (_, &[Element]) = match element {
            Element::Question(index) => (form.controls.get(*index as usize).map(|control| control.def), &[]),
            Element::Group(group) => (group.def, &group.children),
            Element::Repeat(repeat) => (Some(repeat.def), &repeat.children),
        };
        if own == Some(def) {
            return Some(element);
        }
        if let Some(found) = element_of(form, children, def) {
            return Some(found);
        }
    }
    None
}

fn kind_of_question(control: &Control, kind: ValueType, note: bool) -> QuestionKind {
    match control.kind {
        ControlKind::SelectOne => QuestionKind::SelectOne,
        ControlKind::SelectMany => QuestionKind::SelectMany,
        ControlKind::Rank => QuestionKind::Rank,
        ControlKind::Range => QuestionKind::Range,
        ControlKind::Trigger => QuestionKind::Trigger,
        ControlKind::Upload => match control.look().media.split('/').next() {
            Some("image") => QuestionKind::Image,
            Some("audio") => QuestionKind::Audio,
            Some("video") => QuestionKind::Video,
            _ => QuestionKind::File,
        },
        ControlKind::Input => match kind {
            ValueType::Text if note => QuestionKind::Note,
            ValueType::Text => QuestionKind::Text,
            ValueType::Int => QuestionKind::Integer,
            ValueType::Decimal => QuestionKind::Decimal,
            ValueType::Boolean => QuestionKind::Boolean,
            ValueType::Date => QuestionKind::Date,
            ValueType::Time => QuestionKind::Time,
            ValueType::DateTime => QuestionKind::DateTime,
            ValueType::GeoPoint => QuestionKind::GeoPoint,
            ValueType::GeoTrace => QuestionKind::GeoTrace,
            ValueType::GeoShape => QuestionKind::GeoShape,
            ValueType::Binary => QuestionKind::File,
            ValueType::Barcode => QuestionKind::Barcode,
        },
    }
}

fn answer_of(kind: QuestionKind, value_type: ValueType, text: &str) -> Answer {
    match kind {
        _ if text.is_empty() => Answer::Empty,
        QuestionKind::SelectOne => Answer::Choice(text.to_owned()),
        QuestionKind::SelectMany | QuestionKind::Rank => {
            Answer::Choices(text.split_ascii_whitespace().map(str::to_owned).collect())
        }
        QuestionKind::Trigger if text == "OK" => Answer::Acknowledged,
        QuestionKind::Image | QuestionKind::Audio | QuestionKind::Video | QuestionKind::File => {
            Answer::File(text.to_owned())
        }
        _ => typed(value_type, text),
    }
}
