//! XML as it is written: small elements whole, large ones from their begin to their end.

use std::borrow::Cow;

use super::outputs;
use crate::references::{Style, each_piece};
use crate::tree::{Id, Tree};

/// An element.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    tag: Cow<'a, str>,
    attributes: Vec<(Cow<'a, str>, Value<'a>)>,
    inside: Inside<'a>,
}

/// What an attribute says.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    /// A text of a question, whose references become paths as it is written.
    Paths(Cow<'a, str>, Id),
}

/// What stands in an element.
#[derive(Debug, Clone)]
enum Inside<'a> {
    Nothing,
    Text(Cow<'a, str>),
    /// A text whose references become `<output>` as it is written.
    Rich(Cow<'a, str>, Option<Id>),
    Nodes(Vec<Node<'a>>),
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for Value<'a> {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> Node<'a> {
    pub(crate) fn new(tag: impl Into<Cow<'a, str>>) -> Self {
        Self { tag: tag.into(), attributes: Vec::new(), inside: Inside::Nothing }
    }

    pub(crate) fn with_text(tag: &'a str, text: impl Into<Cow<'a, str>>) -> Self {
        Self { inside: Inside::Text(text.into()), ..Self::new(tag) }
    }

    /// The same element with a text that shows values.
    pub(crate) fn rich(self, text: impl Into<Cow<'a, str>>, context: Option<Id>) -> Self {
        Self { inside: Inside::Rich(text.into(), context), ..self }
    }

    /// The same element with a text.
    pub(crate) fn text(self, text: impl Into<Cow<'a, str>>) -> Self {
        Self { inside: Inside::Text(text.into()), ..self }
    }

    /// Sets an attribute, replacing one of that name.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) {
        self.set_beside(self.attributes.len(), name, value);
    }

    /// Sets an attribute whose name may be that of one of the first so many, and of no other.
    pub(crate) fn set_beside(
        &mut self,
        fixed: usize,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Value<'a>>,
    ) {
        let (name, value) = (name.into(), value.into());
        match self.attributes.iter_mut().take(fixed).find(|(key, _)| *key == name) {
            Some((_, place)) => *place = value,
            None => self.attributes.push((name, value)),
        }
    }

    pub(crate) fn attributes(&self) -> usize {
        self.attributes.len()
    }

    pub(crate) fn push(&mut self, child: Self) {
        match &mut self.inside {
            Inside::Nodes(children) => children.push(child),
            other => *other = Inside::Nodes(vec![child]),
        }
    }
}

/// The document that is being written, up to a size.
pub(crate) struct Out<'a> {
    tree: &'a Tree,
    text: String,
    most: usize,
    full: bool,
}

/// An element whose end is yet to be written.
#[must_use]
pub(crate) struct Opened {
    tag: String,
    depth: usize,
    /// Where what stands in it begins.
    at: usize,
}

impl<'a> Out<'a> {
    /// A document of at most so many bytes.
    pub(crate) fn new(tree: &'a Tree, most: usize) -> Self {
        // All that may come, so that nothing is moved: what is not written is no memory yet.
        let mut text = String::with_capacity(most);
        text.push_str("<?xml version=\"1.0\"?>\n");
        Self { tree, text, most, full: false }
    }

    /// The document; none if it would be larger than it may be.
    pub(crate) fn finish(mut self) -> Option<String> {
        self.text.shrink_to_fit();
        (!self.full).then_some(self.text)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Would so many bytes more be too many?
    pub(crate) fn has_room(&mut self, bytes: usize) -> bool {
        self.full |= self.text.len().saturating_add(bytes) > self.most;
        !self.full
    }

    fn put(&mut self, text: &str) {
        if self.has_room(text.len()) {
            self.text.push_str(text);
        }
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.put("  ");
        }
    }

    /// Begins an element that stands on lines of its own; so many elements stand around it.
    pub(crate) fn open(&mut self, node: &Node<'_>, depth: usize) -> Opened {
        self.indent(depth);
        self.begin(node);
        self.put(">\n");
        Opened { tag: node.tag.clone().into_owned(), depth, at: self.text.len() }
    }

    /// Ends it.
    pub(crate) fn close(&mut self, opened: Opened) {
        if self.text.len() == opened.at {
            self.text.truncate(opened.at.saturating_sub(2));
            self.put("/>\n");
            return;
        }
        self.indent(opened.depth);
        self.end(&opened.tag);
        self.put("\n");
    }

    /// Writes a whole element on lines of its own.
    pub(crate) fn element(&mut self, node: &Node<'_>, depth: usize) {
        self.node(node, depth, true);
    }

    fn begin(&mut self, node: &Node<'_>) {
        self.put("<");
        self.put(&node.tag);
        for (name, value) in &node.attributes {
            self.put(" ");
            self.put(name);
            self.put("=\"");
            match value {
                Value::Text(text) => self.escape(text, true),
                Value::Paths(text, of) => {
                    each_piece(self.tree, text, Some(*of), Style::default(), |piece| {
                        self.escape(piece, true)
                    });
                }
            }
            self.put("\"");
        }
    }

    fn end(&mut self, tag: &str) {
        self.put("</");
        self.put(tag);
        self.put(">");
    }

    /// Elements with text in them are written without blanks of our own.
    fn node(&mut self, node: &Node<'_>, depth: usize, pretty: bool) {
        if pretty {
            self.indent(depth);
        }
        self.begin(node);
        match &node.inside {
            Inside::Text(text) if !text.is_empty() => {
                self.put(">");
                self.escape(text, false);
                self.end(&node.tag);
            }
            Inside::Rich(text, context) if !text.is_empty() => {
                self.put(">");
                self.rich(text, *context, depth, pretty);
                self.end(&node.tag);
            }
            Inside::Nodes(children) => {
                self.put(if pretty { ">\n" } else { ">" });
                for child in children {
                    self.node(child, depth + 1, pretty);
                }
                if pretty {
                    self.indent(depth);
                }
                self.end(&node.tag);
            }
            _ => self.put("/>"),
        }
        if pretty {
            self.put("\n");
        }
    }

    /// A text with its values: on lines of their own where nothing else stands there.
    fn rich(&mut self, text: &str, context: Option<Id>, depth: usize, pretty: bool) {
        let tree = self.tree;
        let pretty = pretty && !outputs::is_mixed(text);
        if pretty {
            self.put("\n");
        }
        outputs::each(tree, text, context, |plain, value| {
            self.escape(plain, false);
            let Some(value) = value else { return !self.full };
            let mut output = Node::new("output");
            if let Some(value) = value {
                output.set("value", value);
            }
            self.node(&output, depth + 1, pretty);
            !self.full && !tree.is_full()
        });
        if pretty {
            self.indent(depth);
        }
    }

    fn escape(&mut self, text: &str, attribute: bool) {
        let mut rest = text;
        let special = |c: char| matches!(c, '&' | '<' | '>') || attribute && c == '"';
        while let Some((at, sign)) = rest.char_indices().find(|(_, c)| special(*c)) {
            self.put(rest.get(..at).unwrap_or_default());
            self.put(match sign {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                _ => "&quot;",
            });
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        self.put(rest);
    }
}
