//! XML reading into a compact tree, with positions and limits. Document type declarations are refused,
//! so no entity can expand; depth and size are bounded before anything is built.

use crate::error::{FormError, Place};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

mod pool;
mod read;
pub(crate) mod rows;

pub(crate) use pool::Pool;
pub(crate) use rows::Rows;

/// An interned name or namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Sym(pub(crate) u32);

/// Interned names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(Pool);

impl Names {
    pub(crate) fn intern(&mut self, name: &str) -> Sym {
        Sym(self.0.intern(name))
    }
    pub(crate) fn get(&self, name: &str) -> Option<Sym> {
        self.0.get(name).map(Sym)
    }
    pub(crate) fn name(&self, sym: Sym) -> &str {
        self.0.text(sym.0)
    }
}

/// Index of a node in a [`Tree`].
pub(crate) type XmlId = u32;
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Element { prefix: Sym, local: Sym, ns: Sym, attributes: (u32, u32) },
    Text(Span),
}

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    parent: u32,
    first: u32,
    next: u32,
    /// Byte offset in the source, for places.
    at: u32,
}

#[derive(Debug, Clone, Copy)]
struct Attribute {
    prefix: Sym,
    local: Sym,
    ns: Sym,
    value: Span,
}

/// A read-only document: nodes in document order, one buffer for all text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    text: String,
}

/// An attribute as read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributeView<'a> {
    pub(crate) prefix: Sym,
    pub(crate) local: Sym,
    pub(crate) ns: Sym,
    pub(crate) value: &'a str,
}

impl Tree {
    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
    /// The document element.
    pub(crate) fn root(&self) -> Option<XmlId> {
        (!self.nodes.is_empty()).then_some(0)
    }
    fn node(&self, id: XmlId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }
    /// Prefix, local name and namespace of an element; none for text.
    pub(crate) fn name(&self, id: XmlId) -> Option<(Sym, Sym, Sym)> {
        match self.node(id)?.kind {
            Kind::Element { prefix, local, ns, .. } => Some((prefix, local, ns)),
            Kind::Text(_) => None,
        }
    }
    pub(crate) fn local(&self, id: XmlId) -> Option<Sym> {
        self.name(id).map(|(_, local, _)| local)
    }
    /// The text of a text node.
    pub(crate) fn text_of(&self, id: XmlId) -> Option<&str> {
        match self.node(id)?.kind {
            Kind::Text(span) => Some(self.slice(span)),
            Kind::Element { .. } => None,
        }
    }
    pub(crate) fn parent(&self, id: XmlId) -> Option<XmlId> {
        self.node(id).map(|node| node.parent).filter(|parent| *parent != NONE)
    }
    /// Byte offset in the source.
    pub(crate) fn at(&self, id: XmlId) -> u32 {
        self.node(id).map_or(0, |node| node.at)
    }
    /// All children, text included.
    pub(crate) fn children(&self, id: XmlId) -> Children<'_> {
        Children { tree: self, next: self.node(id).map_or(NONE, |node| node.first) }
    }
    /// Child elements.
    pub(crate) fn elements(&self, id: XmlId) -> impl Iterator<Item = XmlId> + '_ {
        self.children(id).filter(|child| self.local(*child).is_some())
    }
    /// All text below a node, in order, as written.
    pub(crate) fn string(&self, id: XmlId) -> Cow<'_, str> {
        if let Some(text) = self.text_of(id) {
            return Cow::Borrowed(text);
        }
        let mut children = self.children(id);
        let Some(first) = children.next() else { return Cow::Borrowed("") };
        if children.next().is_none()
            && let Some(text) = self.text_of(first)
        {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        // Descendants follow their element directly: the tree is in document order.
        for (index, node) in self.nodes.iter().enumerate().skip(id as usize + 1) {
            if node.parent < id {
                break;
            }
            debug_assert!(index > id as usize);
            if node.parent == NONE {
                break;
            }
            if let Kind::Text(span) = node.kind {
                out.push_str(self.slice(span));
            }
        }
        Cow::Owned(out)
    }
    pub(crate) fn attributes(&self, id: XmlId) -> impl Iterator<Item = AttributeView<'_>> + '_ {
        let range = match self.node(id).map(|node| node.kind) {
            Some(Kind::Element { attributes, .. }) => attributes.0 as usize..attributes.1 as usize,
            _ => 0..0,
        };
        self.attributes.get(range).unwrap_or(&[]).iter().map(|attribute| AttributeView {
            prefix: attribute.prefix,
            local: attribute.local,
            ns: attribute.ns,
            value: self.slice(attribute.value),
        })
    }
    /// The value of an attribute without a namespace.
    pub(crate) fn attribute(&self, id: XmlId, names: &Names, local: &str) -> Option<&str> {
        self.attribute_ns(id, names, "", local)
    }
    pub(crate) fn attribute_ns(&self, id: XmlId, names: &Names, ns: &str, local: &str) -> Option<&str> {
        let is = |one: &AttributeView<'_>| names.name(one.local) == local && names.name(one.ns) == ns;
        self.attributes(id).find(is).map(|one| one.value)
    }
    fn push_text(&mut self, text: &str) -> Span {
        let start = u32::try_from(self.text.len()).unwrap_or(NONE);
        self.text.push_str(text);
        Span { start, end: u32::try_from(self.text.len()).unwrap_or(NONE) }
    }
}

/// Children of a node.
#[derive(Debug)]
pub(crate) struct Children<'a> {
    tree: &'a Tree,
    next: u32,
}

impl Iterator for Children<'_> {
    type Item = XmlId;
    fn next(&mut self) -> Option<XmlId> {
        if self.next == NONE {
            return None;
        }
        let id = self.next;
        self.next = self.tree.node(id).map_or(NONE, |node| node.next);
        Some(id)
    }
}

/// Line and column of a byte offset.
pub(crate) fn place(source: &str, at: usize, what: impl Into<String>) -> Place {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let before = source.get(..at).unwrap_or("");
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    Place {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        what: what.into(),
    }
}

/// Bytes as text: UTF-8, with or without a byte order mark.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, FormError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| FormError::Encoding { at: error.valid_up_to() })
}

/// What becomes of an element's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// It stays in the tree.
    Stays,
    /// It becomes [`Rows`].
    Rows,
    /// It is looked at when it is whole, and need not stay.
    Piece,
}

/// Takes parts of a document aside while it is read, so that a large one needs no large tree.
pub(crate) trait Aside {
    /// Asked of every element as it opens; `depth` is 1 for the document element.
    fn content(&mut self, tree: &Tree, id: XmlId, depth: usize) -> Content;
    fn rows(&mut self, id: XmlId, rows: Rows);
    /// Whether the element was taken, and leaves the tree.
    fn piece(&mut self, tree: &Tree, id: XmlId) -> bool;
}

/// Keeps everything in the tree.
struct Nothing;

impl Aside for Nothing {
    fn content(&mut self, _tree: &Tree, _id: XmlId, _depth: usize) -> Content {
        Content::Stays
    }
    fn rows(&mut self, _id: XmlId, _rows: Rows) {}
    fn piece(&mut self, _tree: &Tree, _id: XmlId) -> bool {
        false
    }
}

/// Reads a document. `names` grows by its names.
pub(crate) fn parse(source: &str, names: &mut Names, depth: usize) -> Result<Tree, FormError> {
    parse_aside(source, names, depth, &mut Nothing)
}

/// Reads a document, parts of it aside.
pub(crate) fn parse_aside(
    source: &str,
    names: &mut Names,
    depth: usize,
    aside: &mut impl Aside,
) -> Result<Tree, FormError> {
    Ok(read::Builder::new(source, names, depth, aside).run()?.0)
}

/// Reads a document as [`Rows`].
pub(crate) fn parse_rows(source: &str, names: &mut Names, depth: usize) -> Result<Rows, FormError> {
    Ok(read::Builder::new(source, names, depth, &mut Nothing).into_rows().run()?.1)
}

#[cfg(test)]
mod tests;
