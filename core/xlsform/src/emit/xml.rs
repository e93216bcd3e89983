//! A small tree of XML and its text.

/// An element.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) tag: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Child>,
}

/// What stands in an element.
#[derive(Debug, Clone)]
pub(crate) enum Child {
    Node(Node),
    Text(String),
    /// Elements that are written already, each on lines of its own.
    Written(String),
}

impl Node {
    pub(crate) fn new(tag: &str) -> Self {
        Self { tag: tag.to_owned(), ..Self::default() }
    }

    pub(crate) fn with_text(tag: &str, text: &str) -> Self {
        let mut node = Self::new(tag);
        node.text(text);
        node
    }

    /// Sets an attribute, replacing one of that name.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.attributes.iter_mut().find(|(key, _)| key == name) {
            Some((_, place)) => *place = value.into(),
            None => self.attributes.push((name.to_owned(), value.into())),
        }
    }

    pub(crate) fn push(&mut self, child: Node) {
        self.children.push(Child::Node(child));
    }

    /// Adds an element that nothing will change, as its text: a large form has many, and their text is smaller. `depth`
    /// counts the elements around it.
    pub(crate) fn push_written(&mut self, child: &Node, depth: usize) {
        if !matches!(self.children.last(), Some(Child::Written(_))) {
            self.children.push(Child::Written(String::new()));
        }
        if let Some(Child::Written(out)) = self.children.last_mut() {
            node(child, depth, true, out);
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.children.push(Child::Text(text.to_owned()));
        }
    }
}

/// The document. Elements with text in them are written without blanks of our own.
pub(crate) fn write(root: &Node) -> String {
    let mut out = String::from("<?xml version=\"1.0\"?>\n");
    node(root, 0, true, &mut out);
    out
}

fn node(element: &Node, depth: usize, pretty: bool, out: &mut String) {
    if pretty {
        out.extend(std::iter::repeat_n("  ", depth));
    }
    out.push('<');
    out.push_str(&element.tag);
    for (name, value) in &element.attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, true, out);
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
    } else {
        out.push('>');
        let mixed = element.children.iter().any(|child| matches!(child, Child::Text(_)));
        let inner = pretty && !mixed;
        if inner {
            out.push('\n');
        }
        for child in &element.children {
            match child {
                Child::Node(child) => node(child, depth + 1, inner, out),
                Child::Text(text) => escape(text, false, out),
                Child::Written(text) => out.push_str(text),
            }
        }
        if inner {
            out.extend(std::iter::repeat_n("  ", depth));
        }
        out.push_str("</");
        out.push_str(&element.tag);
        out.push('>');
    }
    if pretty {
        out.push('\n');
    }
}

fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}
