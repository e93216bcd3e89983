//! A small XML tree to write.

use quick_xml::escape::{escape, partial_escape};

/// An element.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// With this attribute; a second value for the same name replaces the first in its place.
    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.attributes.iter_mut().find(|(n, _)| *n == name) {
            Some(there) => there.1 = value,
            None => self.attributes.push((name, value)),
        }
    }

    pub(crate) fn child(mut self, child: Element) -> Self {
        self.push(child);
        self
    }

    pub(crate) fn push(&mut self, child: Element) {
        self.children.push(Child::Element(child));
    }

    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.push_text(text);
        self
    }

    pub(crate) fn push_text(&mut self, text: impl Into<String>) {
        self.children.push(Child::Text(text.into()));
    }

    /// As a document, elements indented unless they hold text.
    pub(crate) fn to_document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\"?>\n");
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        out.push_str(&"  ".repeat(depth));
        self.write_inline(out, depth);
        out.push('\n');
    }

    fn write_inline(&self, out: &mut String, depth: usize) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            out.push_str(&escape(value.as_str()).replace('\n', "&#10;"));
            out.push('"');
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        let mixed = self.children.iter().any(|c| matches!(c, Child::Text(_)));
        if !mixed {
            out.push('\n');
        }
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(&partial_escape(text.as_str())),
                Child::Element(element) if mixed => element.write_inline(out, depth),
                Child::Element(element) => element.write(out, depth + 1),
            }
        }
        if !mixed {
            out.push_str(&"  ".repeat(depth));
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}
