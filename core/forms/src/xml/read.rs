//! The walk over quick-xml's events that fills a [`Tree`].

use super::*;
use quick_xml::escape::resolve_xml_entity;

use rows::Writer;

pub(super) struct Builder<'a, 'n, A> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    names: &'n mut Names,
    tree: Tree,
    /// Open elements with their last child so far.
    open: Vec<(u32, u32)>,
    /// Namespace bindings in force: prefix, namespace, depth at which it was bound.
    bound: Vec<(Sym, Sym, usize)>,
    /// The attributes of the element that opens, before its namespaces are known; kept for its memory.
    raw: Vec<(Sym, Sym, Span)>,
    /// Text since the last tag, not yet a node.
    pending: Option<(Span, u32)>,
    depth: usize,
    empty: Sym,
    aside: &'n mut A,
    /// The content that becomes rows, whose it is, and how many elements are open around it.
    rows: Option<(Writer, u32, usize)>,
    /// The piece that is being read.
    piece: Option<Piece>,
}

const CONTROL: &str = "a control character, which XML does not have";

/// What no document may hold, not even by reference: it could not be written again.
/// No byte of a longer UTF-8 sequence is one.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Prefix and local part of a name. Names are short: a search made for long texts takes longer to begin.
fn parts(name: &str) -> (&str, &str) {
    let colon = name.bytes().position(|byte| byte == b':');
    let prefix = colon.and_then(|at| name.get(..at)).unwrap_or("");
    (prefix, colon.and_then(|at| name.get(at + 1..)).unwrap_or(name))
}

/// Whether it is a name without a prefix (Namespaces in XML, NCName); of what is not ASCII all is taken.
fn is_name(name: &str) -> bool {
    let starts = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
    let goes_on = |byte: u8| starts(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    name.bytes().next().is_some_and(starts) && name.bytes().all(goes_on)
}

/// Where the first control character is. Blocks are looked at whole: that is what a compiler makes fast.
fn control(source: &str) -> Option<usize> {
    let block = source
        .as_bytes()
        .chunks(4096)
        .position(|block| block.iter().fold(false, |any, byte| any | is_control(*byte)))?;
    source.bytes().enumerate().skip(block * 4096).find(|(_, byte)| is_control(*byte)).map(|(at, _)| at)
}

/// An element that may leave the tree again, and the tree before it.
struct Piece {
    id: u32,
    nodes: usize,
    attributes: usize,
    text: usize,
    /// Its parent's last child before it.
    before: u32,
}

impl<'a, 'n, A: Aside> Builder<'a, 'n, A> {
    pub(super) fn new(source: &'a str, names: &'n mut Names, depth: usize, aside: &'n mut A) -> Self {
        let reader = Reader::from_str(source);
        let empty = names.intern("");
        let xml = names.intern("xml");
        let xml_ns = names.intern("http://www.w3.org/XML/1998/namespace");
        Builder {
            source,
            reader,
            names,
            tree: Tree::default(),
            open: Vec::new(),
            bound: vec![(xml, xml_ns, 0)],
            raw: Vec::new(),
            pending: None,
            depth,
            empty,
            aside,
            rows: None,
            piece: None,
        }
    }

    /// The whole document becomes rows.
    pub(super) fn into_rows(mut self) -> Self {
        self.rows = Some((Writer::default(), NONE, 0));
        self
    }

    fn error(&self, at: u64, message: impl Into<String>) -> FormError {
        let at = usize::try_from(at).unwrap_or(0);
        FormError::Xml { place: place(self.source, at, ""), message: message.into() }
    }

    pub(super) fn run(mut self) -> Result<(Tree, Rows), FormError> {
        if let Some(at) = control(self.source) {
            return Err(self.error(at as u64, CONTROL));
        }
        loop {
            let at = self.reader.buffer_position();
            let event = self.reader.read_event();
            match event {
                Ok(Event::Start(start)) => self.start(&start, at, false)?,
                Ok(Event::Empty(start)) => self.start(&start, at, true)?,
                Ok(Event::End(_)) => self.end(),
                Ok(Event::Text(text)) => self.text(&text.xml10_content(), at)?,
                Ok(Event::CData(text)) => self.text(&text.xml10_content(), at)?,
                Ok(Event::GeneralRef(reference)) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(c)) if u8::try_from(c).is_ok_and(is_control) => {
                            return Err(self.error(at, CONTROL));
                        }
                        Ok(Some(character)) => character.to_string(),
                        Ok(None) => match resolve_xml_entity(&reference.xml10_content()) {
                            Some(text) => text.to_owned(),
                            None => return Err(self.error(at, "an entity that XML does not define")),
                        },
                        Err(_) => return Err(self.error(at, "a character reference that is none")),
                    };
                    self.text(&resolved, at)?;
                }
                Ok(Event::DocType(_)) => {
                    let at = usize::try_from(at).unwrap_or(0);
                    return Err(FormError::Doctype { place: place(self.source, at, "") });
                }
                Ok(Event::Decl(declaration)) => {
                    if let Some(Ok(encoding)) = declaration.encoding()
                        && !encoding.eq_ignore_ascii_case("utf-8")
                        && !encoding.eq_ignore_ascii_case("us-ascii")
                    {
                        return Err(FormError::Encoding { at: usize::try_from(at).unwrap_or(0) });
                    }
                }
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::Eof) => break,
                Err(error) => return Err(self.error(self.reader.error_position(), error.to_string())),
            }
        }
        let end = self.source.len() as u64;
        if !self.open.is_empty() {
            return Err(self.error(end, "the document ends inside an element"));
        }
        if !self.begun() {
            return Err(self.error(end, "there is no element"));
        }
        self.tree.text.shrink_to_fit();
        Ok((self.tree, self.rows.map(|(rows, ..)| rows.finish()).unwrap_or_default()))
    }

    /// Whether there was a document element.
    fn begun(&self) -> bool {
        !self.tree.nodes.is_empty() || self.rows.as_ref().is_some_and(|(rows, ..)| rows.begun())
    }

    fn flush(&mut self) {
        if let Some((span, at)) = self.pending.take() {
            self.push(Kind::Text(span), at);
        }
    }

    fn push(&mut self, kind: Kind, at: u32) -> u32 {
        let id = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        let parent = self.open.last().map_or(NONE, |(parent, _)| *parent);
        self.tree.nodes.push(Node { kind, parent, first: NONE, next: NONE, at });
        if let Some((parent, last)) = self.open.last_mut() {
            let link = if *last == NONE { *parent } else { *last };
            if let Some(node) = self.tree.nodes.get_mut(link as usize) {
                if *last == NONE {
                    node.first = id;
                } else {
                    node.next = id;
                }
            }
            *last = id;
        }
        id
    }

    fn resolve(&self, prefix: Sym) -> Option<Sym> {
        let found = self.bound.iter().rev().find(|(bound, _, _)| *bound == prefix).map(|(_, ns, _)| *ns);
        if prefix == self.empty { Some(found.unwrap_or(self.empty)) } else { found }
    }

    fn start(&mut self, start: &BytesStart<'_>, at: u64, empty: bool) -> Result<(), FormError> {
        let before = self.mark();
        self.flush();
        if self.open.is_empty() && self.begun() {
            return Err(self.error(at, "a second document element"));
        }
        if self.open.len() >= self.depth {
            return Err(FormError::Limit { what: "the nesting of elements", allowed: self.depth });
        }
        let level = self.open.len() + 1;
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.error(at, error.to_string()))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| self.error(at, error.to_string()))?;
            // Only a reference can have brought one in.
            if matches!(value, Cow::Owned(_)) && value.bytes().any(is_control) {
                return Err(self.error(at, CONTROL));
            }
            let key = attribute.key.as_ref();
            let (prefix, local) = parts(key);
            if !is_name(local) {
                return Err(self.error(at, format!("'{key}' is no name of an attribute")));
            }
            if key == "xmlns" || prefix == "xmlns" {
                let bound = self.names.intern(if key == "xmlns" { "" } else { local });
                let ns = self.names.intern(&value);
                self.bound.push((bound, ns, level));
            } else {
                let prefix = if prefix.is_empty() { self.empty } else { self.names.intern(prefix) };
                let local = self.names.intern(local);
                let span = self.tree.push_text(&value);
                raw.push((prefix, local, span));
            }
        }
        let from = u32::try_from(self.tree.attributes.len()).unwrap_or(NONE);
        for (prefix, local, value) in raw.iter().copied() {
            let ns = if prefix == self.empty { Some(self.empty) } else { self.resolve(prefix) };
            let Some(ns) = ns else { return Err(self.undeclared(prefix, at)) };
            self.tree.attributes.push(Attribute { prefix, local, ns, value });
        }
        self.raw = raw;
        let to = u32::try_from(self.tree.attributes.len()).unwrap_or(NONE);
        let name = start.name();
        let name = name.as_ref();
        let (prefix, local) = parts(name);
        if !is_name(local) {
            return Err(self.error(at, format!("'{name}' is no name of an element")));
        }
        let prefix = if prefix.is_empty() { self.empty } else { self.names.intern(prefix) };
        let local = self.names.intern(local);
        let Some(ns) = self.resolve(prefix) else { return Err(self.undeclared(prefix, at)) };
        if let Some((rows, ..)) = &mut self.rows {
            rows.open(local);
            for (_, local, span) in self.raw.iter() {
                rows.attribute(*local, self.tree.slice(*span));
            }
            self.tree.attributes.truncate(from as usize);
            self.tree.text.truncate(before.text);
            if empty {
                rows.close();
                self.unbind(level);
            } else {
                self.open.push((NONE, NONE));
            }
            return Ok(());
        }
        let kind = Kind::Element { prefix, local, ns, attributes: (from, to) };
        let id = self.push(kind, u32::try_from(at).unwrap_or(NONE));
        match self.aside.content(&self.tree, id, level) {
            Content::Rows if !empty => self.rows = Some((Writer::default(), id, level)),
            Content::Piece if self.piece.is_none() => self.piece = Some(Piece { id, ..before }),
            _ => {}
        }
        if empty {
            self.unbind(level);
            self.leave(id);
        } else {
            self.open.push((id, NONE));
        }
        Ok(())
    }

    /// The tree as it is, to come back to.
    fn mark(&self) -> Piece {
        Piece {
            id: NONE,
            nodes: self.tree.nodes.len(),
            attributes: self.tree.attributes.len(),
            text: self.pending.map_or(self.tree.text.len(), |(span, _)| span.start as usize),
            before: self.open.last().map_or(NONE, |(_, last)| *last),
        }
    }

    /// A piece that was taken leaves the tree when it closes, with the white space before it.
    fn leave(&mut self, id: u32) {
        let Some(piece) = self.piece.take_if(|piece| piece.id == id) else { return };
        if !self.aside.piece(&self.tree, id) {
            return;
        }
        self.tree.nodes.truncate(piece.nodes);
        self.tree.attributes.truncate(piece.attributes);
        self.tree.text.truncate(piece.text);
        if let Some((parent, last)) = self.open.last_mut() {
            *last = piece.before;
            let link = if piece.before == NONE { *parent } else { piece.before };
            if let Some(node) = self.tree.nodes.get_mut(link as usize) {
                if piece.before == NONE {
                    node.first = NONE;
                } else {
                    node.next = NONE;
                }
            }
        }
    }

    fn undeclared(&self, prefix: Sym, at: u64) -> FormError {
        self.error(at, format!("the prefix '{}' is not declared", self.names.name(prefix)))
    }

    fn unbind(&mut self, level: usize) {
        while self.bound.last().is_some_and(|(_, _, bound)| *bound >= level) {
            self.bound.pop();
        }
    }

    fn end(&mut self) {
        let level = self.open.len();
        match &mut self.rows {
            Some((rows, _, around)) if level > *around => rows.close(),
            Some(_) => {
                if let Some((rows, id, _)) = self.rows.take() {
                    self.aside.rows(id, rows.finish());
                }
            }
            None => self.flush(),
        }
        let closed = self.open.pop();
        self.unbind(level);
        if let Some((id, _)) = closed {
            self.leave(id);
        }
    }

    fn text(&mut self, text: &str, at: u64) -> Result<(), FormError> {
        if self.open.is_empty() {
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(self.error(at, "text outside the document element"))
            };
        }
        if let Some((rows, ..)) = &mut self.rows {
            rows.text(text);
            return Ok(());
        }
        let span = self.tree.push_text(text);
        match &mut self.pending {
            // Text, references and CDATA in a row are one text.
            Some((pending, _)) if pending.end == span.start => pending.end = span.end,
            _ => self.pending = Some((span, u32::try_from(at).unwrap_or(NONE))),
        }
        Ok(())
    }
}
