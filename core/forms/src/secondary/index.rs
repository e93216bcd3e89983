//! Columns of secondary instances, ordered as the form's expressions ask and shared by all that ask: rows by
//! equality, by range and by how their text begins. A form makes them ready when it is compiled, so that no
//! question waits for them; what only the run shows is ordered then.

use super::Secondary;
use crate::value::{time, xpath_number};
use crate::xml::{Rows, Sym, XmlId};
use std::sync::OnceLock;

/// Which column of which rows an index is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKey {
    pub(crate) instance: u16,
    /// Element names from the root down to the rows.
    pub(crate) path: Vec<Sym>,
    pub(crate) column: Sym,
}

/// The orders of a column, besides that by equality, that expressions are known to ask for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Orders {
    pub(crate) text: bool,
    pub(crate) number: bool,
}

/// What a cell must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Wanted<'a> {
    /// This text.
    Text(&'a str),
    /// A text that begins so.
    Start(&'a str),
    /// A number in a range; the flags say whether the bound is in.
    Below(f64, bool),
    Above(f64, bool),
    Number(f64),
}

impl Wanted<'_> {
    /// Whether a number is wanted.
    pub(crate) fn takes(self, number: f64) -> bool {
        match self {
            Wanted::Below(bound, inclusive) => number < bound || (inclusive && number == bound),
            Wanted::Above(bound, inclusive) => number > bound || (inclusive && number == bound),
            Wanted::Number(wanted) => number == wanted,
            Wanted::Text(_) | Wanted::Start(_) => false,
        }
    }
}

/// A column of rows.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) key: IndexKey,
    column: OnceLock<Option<Column>>,
}

#[derive(Debug)]
struct Column {
    /// Rows by the text of their cell, as interned, and in document order within one text.
    rows: Vec<XmlId>,
    /// By interned text: where its rows begin. One more than there are texts.
    starts: Vec<u32>,
    by_text: OnceLock<Vec<(u32, XmlId)>>,
    /// None when a number depends on the time zone.
    by_number: OnceLock<Option<Vec<(f64, XmlId)>>>,
}

/// Rows that fit; in document order or not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hits<'a> {
    Ordered(&'a [XmlId]),
    ByText(&'a [(u32, XmlId)]),
    ByNumber(&'a [(f64, XmlId)]),
}

impl Hits<'_> {
    pub(crate) fn len(self) -> usize {
        match self {
            Hits::Ordered(rows) => rows.len(),
            Hits::ByText(rows) => rows.len(),
            Hits::ByNumber(rows) => rows.len(),
        }
    }
    /// The rows in document order.
    pub(crate) fn rows(self) -> Vec<XmlId> {
        let mut rows: Vec<XmlId> = match self {
            Hits::Ordered(rows) => return rows.to_vec(),
            Hits::ByText(rows) => rows.iter().map(|(_, row)| *row).collect(),
            Hits::ByNumber(rows) => rows.iter().map(|(_, row)| *row).collect(),
        };
        rows.sort_unstable();
        rows
    }
}

impl Index {
    pub(crate) fn new(key: IndexKey) -> Self {
        Index { key, column: OnceLock::new() }
    }

    /// Makes the column ready for what is known to be asked.
    pub(crate) fn prepare(&self, instances: &[Secondary], orders: Orders) {
        let Some(tree) = instances.get(self.key.instance as usize).map(|one| &one.tree) else { return };
        let Some(column) = self.column.get_or_init(|| self.build(tree)) else { return };
        if orders.text {
            column.by_text.get_or_init(|| column.sorted(tree));
        }
        if orders.number {
            column.by_number.get_or_init(|| column.numbers(tree));
        }
    }

    /// The rows whose cell is as wanted; none when the column cannot say: a row has it twice or with
    /// markup in it, or its numbers depend on the time zone.
    pub(crate) fn hits<'a>(&'a self, instances: &'a [Secondary], wanted: Wanted<'_>) -> Option<Hits<'a>> {
        let tree = &instances.get(self.key.instance as usize)?.tree;
        let column = self.column.get_or_init(|| self.build(tree)).as_ref()?;
        match wanted {
            Wanted::Text(text) => Some(Hits::Ordered(column.equal(tree, text))),
            Wanted::Start(start) => {
                let sorted = column.by_text.get_or_init(|| column.sorted(tree));
                let text = |id: u32| tree.texts().text(id);
                let from = sorted.partition_point(|(id, _)| text(*id) < start);
                let tail = sorted.get(from..).unwrap_or(&[]);
                let count = tail.partition_point(|(id, _)| text(*id).starts_with(start));
                Some(Hits::ByText(tail.get(..count).unwrap_or(&[])))
            }
            number => {
                let sorted = column.by_number.get_or_init(|| column.numbers(tree)).as_ref()?;
                let (from, to) = match number {
                    Wanted::Below(..) => (0, sorted.partition_point(|(one, _)| number.takes(*one))),
                    Wanted::Above(..) => {
                        (sorted.partition_point(|(one, _)| !number.takes(*one)), sorted.len())
                    }
                    Wanted::Number(wanted) => (
                        sorted.partition_point(|(one, _)| *one < wanted),
                        sorted.partition_point(|(one, _)| *one <= wanted),
                    ),
                    _ => (0, 0),
                };
                Some(Hits::ByNumber(sorted.get(from..to).unwrap_or(&[])))
            }
        }
    }

    fn build(&self, tree: &Rows) -> Option<Column> {
        let (first, below) = self.key.path.split_first()?;
        let mut rows: Vec<XmlId> =
            tree.root().into_iter().filter(|root| tree.local(*root) == Some(*first)).collect();
        for name in below {
            rows = rows.into_iter().flat_map(|row| tree.named(row, *name)).collect();
        }
        let mut cells = Vec::with_capacity(rows.len());
        for row in rows {
            let mut found = tree.named(row, self.key.column);
            if let Some(cell) = found.next() {
                cells.push((tree.leaf(cell)?, row));
            }
            if found.next().is_some() {
                return None;
            }
        }
        // A counting sort: texts are numbered.
        let mut starts = vec![0u32; tree.texts().len() + 1];
        for (text, _) in &cells {
            *starts.get_mut(*text as usize + 1)? += 1;
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut sorted = vec![0; cells.len()];
        for (text, row) in cells {
            let at = next.get_mut(text as usize)?;
            *sorted.get_mut(*at as usize)? = row;
            *at += 1;
        }
        Some(Column { rows: sorted, starts, by_text: OnceLock::new(), by_number: OnceLock::new() })
    }
}

impl Column {
    fn of(&self, text: u32) -> &[XmlId] {
        let bound = |at: u32| self.starts.get(at as usize).copied().unwrap_or(0) as usize;
        self.rows.get(bound(text)..bound(text + 1)).unwrap_or(&[])
    }

    fn equal(&self, tree: &Rows, text: &str) -> &[XmlId] {
        tree.texts().get(text).map_or(&[], |id| self.of(id))
    }

    fn texts(&self) -> impl Iterator<Item = (u32, &[XmlId])> {
        let last = u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        (0..last).map(|text| (text, self.of(text))).filter(|(_, rows)| !rows.is_empty())
    }

    fn sorted(&self, tree: &Rows) -> Vec<(u32, XmlId)> {
        let mut texts: Vec<u32> = self.texts().map(|(text, _)| text).collect();
        texts.sort_unstable_by(|a, b| tree.texts().text(*a).cmp(tree.texts().text(*b)));
        texts.into_iter().flat_map(|text| self.of(text).iter().map(move |row| (text, *row))).collect()
    }

    fn numbers(&self, tree: &Rows) -> Option<Vec<(f64, XmlId)>> {
        let mut out = Vec::with_capacity(self.rows.len());
        for (text, rows) in self.texts() {
            let text = tree.texts().text(text);
            let number = match xpath_number(text) {
                Some(number) => number,
                None => match (time::day_number(text, 0), time::day_number(text, 60)) {
                    (Some(here), Some(there)) if here == there => here,
                    (None, None) => continue,
                    _ => return None,
                },
            };
            out.extend(rows.iter().map(|row| (number, *row)));
        }
        out.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Names, rows::Writer};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_index_finds_what_a_look_at_every_row_finds(
            cells in prop::collection::vec(prop::option::of("-?[0-9]{1,2}|a[ab]{0,2}|2026-03-0[1-3]|"), 0..30),
            text in "a[ab]?|1|",
            bound in -20f64..60.0,
            inclusive: bool,
        ) {
            let mut names = Names::default();
            let [root, item, column] = ["root", "item", "c"].map(|name| names.intern(name));
            let mut writer = Writer::default();
            writer.open(root);
            for cell in &cells {
                writer.open(item);
                if let Some(cell) = cell {
                    writer.leaf(column, cell);
                }
                writer.close();
            }
            writer.close();
            let instances = [Secondary { tree: writer.finish() }];
            let index = Index::new(IndexKey { instance: 0, path: vec![root, item], column });
            let tree = &instances[0].tree;
            let number = |text: &str| xpath_number(text).or_else(|| time::day_number(text, 0));
            for wanted in [
                Wanted::Text(&text),
                Wanted::Start(&text),
                Wanted::Below(bound.floor(), inclusive),
                Wanted::Above(bound.floor(), inclusive),
                Wanted::Number(bound.floor()),
            ] {
                let fits = |row: &XmlId| tree.named(*row, column).any(|cell| match wanted {
                    Wanted::Text(text) => tree.string(cell) == text,
                    Wanted::Start(start) => tree.string(cell).starts_with(start),
                    wanted => number(&tree.string(cell)).is_some_and(|number| wanted.takes(number)),
                });
                let all: Vec<XmlId> = tree.root().into_iter().flat_map(|root| tree.elements(root)).collect();
                let expected: Vec<XmlId> = all.into_iter().filter(fits).collect();
                let hits = index.hits(&instances, wanted).unwrap();
                prop_assert_eq!(hits.len(), expected.len());
                prop_assert_eq!(hits.rows(), expected, "{:?}", wanted);
            }
        }
    }
}
