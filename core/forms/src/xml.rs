//! XML reading into a compact tree, with positions and limits. Document type declarations are refused,
//! so no entity can expand; depth and size are bounded before anything is built.

use crate::error::{FormError, Place};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::HashMap;

mod read;

/// An interned name or namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Sym(pub(crate) u32);

/// Interned names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    map: HashMap<Box<str>, Sym>,
    list: Vec<Box<str>>,
}

impl Names {
    pub(crate) fn intern(&mut self, name: &str) -> Sym {
        if let Some(sym) = self.map.get(name) {
            return *sym;
        }
        let sym = Sym(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(name.into());
        self.map.insert(name.into(), sym);
        sym
    }
    pub(crate) fn get(&self, name: &str) -> Option<Sym> {
        self.map.get(name).copied()
    }
    pub(crate) fn name(&self, sym: Sym) -> &str {
        self.list.get(sym.0 as usize).map_or("", |name| name)
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
        let local = names.get(local)?;
        let ns = names.get(ns)?;
        self.attributes(id).find(|attribute| attribute.local == local && attribute.ns == ns).map(|a| a.value)
    }
    /// A copy of one element and all below it, as a document of its own.
    pub(crate) fn extract(&self, id: XmlId) -> Tree {
        let mut out = Tree::default();
        let base = id;
        for (index, node) in self.nodes.iter().enumerate().skip(id as usize) {
            let index = u32::try_from(index).unwrap_or(NONE);
            if index != base && (node.parent == NONE || node.parent < base) {
                break;
            }
            let shift = |link: u32| if link == NONE { NONE } else { link.wrapping_sub(base) };
            let kind = match node.kind {
                Kind::Text(span) => Kind::Text(out.push_text(self.slice(span))),
                Kind::Element { prefix, local, ns, attributes } => {
                    let from = u32::try_from(out.attributes.len()).unwrap_or(NONE);
                    for attribute in
                        self.attributes.get(attributes.0 as usize..attributes.1 as usize).unwrap_or(&[])
                    {
                        let value = out.push_text(self.slice(attribute.value));
                        out.attributes.push(Attribute { value, ..*attribute });
                    }
                    let to = u32::try_from(out.attributes.len()).unwrap_or(NONE);
                    Kind::Element { prefix, local, ns, attributes: (from, to) }
                }
            };
            let (parent, next) =
                if index == base { (NONE, NONE) } else { (shift(node.parent), shift(node.next)) };
            out.nodes.push(Node { kind, parent, first: shift(node.first), next, at: node.at });
        }
        out.nodes.shrink_to_fit();
        out.text.shrink_to_fit();
        out
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

/// Reads a document. `names` grows by its names.
pub(crate) fn parse(source: &str, names: &mut Names, depth: usize) -> Result<Tree, FormError> {
    read::Builder::new(source, names, depth).run()
}

/// For building a tree that does not come from XML (csv, geojson).
impl Tree {
    /// Opens an element below `parent`; the last sibling must be closed before.
    pub(crate) fn add_element(
        &mut self,
        parent: Option<XmlId>,
        last: &mut [u32],
        local: Sym,
        empty: Sym,
    ) -> XmlId {
        let kind = Kind::Element { prefix: empty, local, ns: empty, attributes: (0, 0) };
        self.add(parent, last, kind)
    }
    pub(crate) fn add_text(&mut self, parent: XmlId, last: &mut [u32], text: &str) {
        let span = self.push_text(text);
        self.add(Some(parent), last, Kind::Text(span));
    }
    /// `last` holds, per open element, its last child; its length is the depth of the open elements.
    fn add(&mut self, parent: Option<XmlId>, last: &mut [u32], kind: Kind) -> XmlId {
        let id = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node { kind, parent: parent.unwrap_or(NONE), first: NONE, next: NONE, at: 0 });
        if let (Some(parent), Some(slot)) = (parent, last.last_mut()) {
            if *slot == NONE {
                if let Some(node) = self.nodes.get_mut(parent as usize) {
                    node.first = id;
                }
            } else if let Some(node) = self.nodes.get_mut(*slot as usize) {
                node.next = id;
            }
            *slot = id;
        }
        id
    }
}

/// Marks "no last child yet" in the stack handed to [`Tree::add_element`].
pub(crate) const NO_CHILD: u32 = NONE;

#[cfg(test)]
mod tests;
