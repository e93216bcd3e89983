//! The fields of one form, with what was typed into them and what is wrong with it.

use std::collections::BTreeMap;

use super::Field;
use crate::console::frame::Choice;

pub(super) struct Sheet<'a> {
    pub(super) word: &'a str,
    pub(super) typed: &'a BTreeMap<String, String>,
    pub(super) faults: &'a [(String, String)],
}

impl Sheet<'_> {
    fn value(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn field(
        &self,
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        required: bool,
    ) -> Field {
        let wrong = self.faults.iter().find(|(field, _)| field == name);
        Field {
            kind,
            id: format!("{}-{name}", self.word),
            name,
            label,
            value: self.value(name),
            help: String::new(),
            required,
            options: Vec::new(),
            wrong: wrong.map_or_else(String::new, |(_, text)| text.clone()),
            only: "",
        }
    }

    pub(super) fn area(&self, name: &'static str, label: &'static str, required: bool) -> Field {
        self.field("area", name, label, required)
    }

    pub(super) fn choose(
        &self,
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        required: bool,
        all: &[(&str, &str)],
    ) -> Field {
        let chosen = self.value(name);
        let options = all.iter().map(|(value, label)| Choice::of(*value, *label, &chosen)).collect();
        Field { options, ..self.field(kind, name, label, required) }
    }

    pub(super) fn photos(&self, label: &'static str, help: &str) -> Field {
        Field { help: help.to_owned(), ..self.field("file", "photos", label, false) }
    }
}

pub(super) fn only(choice: &'static str, field: Field) -> Field {
    Field { only: choice, ..field }
}
