//! A read-only document made for lists of choices: sixteen bytes an element, every text once.
//!
//! White space between elements is left out; text beside elements is kept in its place. The attributes of an element
//! are rows of their own, right after its own.

use super::pool::Pool;
use super::{Sym, XmlId};
use std::borrow::Cow;

/// The name of text beside elements.
const TEXT: u32 = u32::MAX;
const NONE: u32 = u32::MAX;
/// Added to the name of an attribute; no document has so many names.
const ATTRIBUTE: u32 = 1 << 31;

#[derive(Debug, Clone, Copy)]
struct Row {
    name: u32,
    parent: u32,
    /// The first row after this one and all below it.
    end: u32,
    /// Of an attribute, and of an element without elements, its text.
    text: u32,
}

impl Row {
    fn is_attribute(&self) -> bool {
        self.name != TEXT && self.name & ATTRIBUTE != 0
    }
    fn is_element(&self) -> bool {
        self.name & ATTRIBUTE == 0
    }
}

/// The document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    texts: Pool,
}

impl Rows {
    fn row(&self, id: XmlId) -> Option<&Row> {
        self.rows.get(id as usize)
    }
    pub(crate) fn texts(&self) -> &Pool {
        &self.texts
    }
    /// The document element.
    pub(crate) fn root(&self) -> Option<XmlId> {
        (!self.rows.is_empty()).then_some(0)
    }
    /// The local name of an element or attribute; none for text.
    pub(crate) fn local(&self, id: XmlId) -> Option<Sym> {
        self.row(id).map(|row| row.name).filter(|name| *name != TEXT).map(|name| Sym(name & !ATTRIBUTE))
    }
    pub(crate) fn parent(&self, id: XmlId) -> Option<XmlId> {
        self.row(id).map(|row| row.parent).filter(|parent| *parent != NONE)
    }
    /// Child elements.
    pub(crate) fn elements(&self, id: XmlId) -> impl Iterator<Item = XmlId> + '_ {
        let end = self.row(id).map_or(0, |row| row.end);
        let mut next = id + 1;
        std::iter::from_fn(move || {
            while next < end {
                let at = next;
                let row = self.row(at)?;
                next = row.end;
                if row.is_element() {
                    return Some(at);
                }
            }
            None
        })
    }
    /// Child elements of one name.
    pub(crate) fn named(&self, id: XmlId, name: Sym) -> impl Iterator<Item = XmlId> + '_ {
        self.elements(id).filter(move |child| self.local(*child) == Some(name))
    }
    /// Attributes of one name.
    pub(crate) fn attribute(&self, id: XmlId, name: Sym) -> impl Iterator<Item = XmlId> + '_ {
        let own = move |at: &XmlId| self.row(*at).is_some_and(|row| row.is_attribute() && row.parent == id);
        (id + 1..).take_while(own).filter(move |at| self.local(*at) == Some(name))
    }
    /// The text of an element without elements, or of an attribute, as it is interned.
    pub(crate) fn leaf(&self, id: XmlId) -> Option<u32> {
        let row = self.row(id)?;
        // Attributes come first: where the last row is one, there is nothing else.
        let last = row.end.wrapping_sub(1);
        let bare = last == id || self.row(last).is_some_and(|last| last.is_attribute() && last.parent == id);
        bare.then_some(row.text)
    }
    /// All text below an element, in order.
    pub(crate) fn string(&self, id: XmlId) -> Cow<'_, str> {
        match (self.row(id), self.leaf(id)) {
            (_, Some(text)) => Cow::Borrowed(self.texts.text(text)),
            (Some(row), None) => {
                let below = self.rows.get(id as usize..row.end as usize).unwrap_or(&[]);
                let below = below.iter().filter(|row| !row.is_attribute());
                Cow::Owned(below.map(|row| self.texts.text(row.text)).collect())
            }
            _ => Cow::Borrowed(""),
        }
    }
}

/// Writes [`Rows`] in document order.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: Rows,
    open: Vec<XmlId>,
    /// Text since the last tag.
    pending: String,
    /// Open elements after the document element.
    beyond: usize,
}

impl Writer {
    /// Whether there is a document element; a second one is left out.
    pub(crate) fn begun(&self) -> bool {
        !self.out.rows.is_empty()
    }
    pub(crate) fn open(&mut self, name: Sym) {
        if self.beyond > 0 || (self.open.is_empty() && self.begun()) {
            self.beyond += 1;
            return;
        }
        self.flush();
        let id = self.push(name.0, 0);
        self.open.push(id);
    }
    /// An attribute of the element that was opened last.
    pub(crate) fn attribute(&mut self, name: Sym, text: &str) {
        if self.beyond == 0 && !self.open.is_empty() {
            let text = self.out.texts.intern(text);
            self.push(name.0 | ATTRIBUTE, text);
        }
    }
    pub(crate) fn text(&mut self, text: &str) {
        if self.beyond == 0 && !self.open.is_empty() {
            self.pending.push_str(text);
        }
    }
    pub(crate) fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(id) = self.open.pop() else { return };
        let next = u32::try_from(self.out.rows.len()).unwrap_or(NONE);
        if let Some(row) = self.out.rows.get_mut(id as usize) {
            row.end = next;
        }
        if self.out.leaf(id).is_some() {
            let text = self.out.texts.intern(&self.pending);
            self.pending.clear();
            if let Some(row) = self.out.rows.get_mut(id as usize) {
                row.text = text;
            }
            return;
        }
        self.open.push(id);
        self.flush();
        self.open.pop();
        let end = u32::try_from(self.out.rows.len()).unwrap_or(NONE);
        if let Some(row) = self.out.rows.get_mut(id as usize) {
            row.end = end;
        }
    }
    /// An element with a text and nothing else.
    pub(crate) fn leaf(&mut self, name: Sym, text: &str) {
        self.flush();
        let text = self.out.texts.intern(text);
        self.push(name.0, text);
    }
    pub(crate) fn finish(mut self) -> Rows {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.rows.shrink_to_fit();
        self.out.texts.shrink();
        self.out
    }

    fn push(&mut self, name: u32, text: u32) -> XmlId {
        let id = u32::try_from(self.out.rows.len()).unwrap_or(NONE);
        let parent = self.open.last().copied().unwrap_or(NONE);
        self.out.rows.push(Row { name, parent, end: id.saturating_add(1), text });
        id
    }

    /// Text beside elements becomes a row of its own.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        if !self.pending.trim_ascii().is_empty() {
            let text = self.out.texts.intern(&self.pending);
            self.push(TEXT, text);
        }
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_texts_are_where_they_were() {
        let (a, b) = (Sym(1), Sym(2));
        let mut writer = Writer::default();
        writer.open(a);
        writer.text("\n ");
        writer.open(b);
        writer.text(" x ");
        writer.close();
        writer.text("y");
        writer.leaf(b, "z");
        writer.open(b);
        writer.close();
        writer.close();
        let rows = writer.finish();
        let cells: Vec<_> = rows.named(0, b).map(|id| rows.string(id).into_owned()).collect();
        assert_eq!(cells, [" x ", "z", ""]);
        assert_eq!(rows.string(0), " x yz");
        assert_eq!((rows.local(2), rows.parent(3), rows.leaf(0)), (None, Some(0), None));
    }

    #[test]
    fn attributes_stand_beside_what_is_in_an_element() {
        let (a, b, id) = (Sym(1), Sym(2), Sym(3));
        let mut writer = Writer::default();
        writer.open(a);
        writer.attribute(id, "of a");
        for text in ["x", ""] {
            writer.open(b);
            writer.attribute(id, "of b");
            writer.attribute(a, "more");
            writer.text(text);
            writer.close();
        }
        writer.close();
        let rows = writer.finish();
        let found =
            |of, name| rows.attribute(of, name).map(|at| rows.string(at).into_owned()).collect::<Vec<_>>();
        let cells: Vec<_> = rows.named(0, b).collect();
        assert_eq!((found(0, id), found(0, a)), (vec!["of a".to_owned()], vec![]));
        assert_eq!(
            (found(cells[0], id), found(cells[1], a)),
            (vec!["of b".to_owned()], vec!["more".to_owned()])
        );
        assert_eq!((rows.string(0).as_ref(), rows.string(cells[0]).as_ref()), ("x", "x"));
        assert!(rows.leaf(cells[1]).is_some() && rows.leaf(0).is_none());
        assert_eq!((rows.elements(0).count(), rows.named(0, id).count()), (2, 0));
        assert_eq!((rows.local(1), rows.parent(1)), (Some(id), Some(0)));
    }
}
