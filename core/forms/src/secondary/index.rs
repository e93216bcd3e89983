//! Columns of secondary instances, ordered as the form's expressions ask and shared by all that ask: rows by
//! equality, by range and by how their text begins. A form makes them ready when it is compiled, so that no
//! question waits for them; what only the run shows is ordered then.

use super::Secondary;
use crate::value::{time, xpath_number};
use crate::xml::{Rows, Sym, XmlId};
use foldhash::{HashMap, HashMapExt};
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
    instance: u16,
    /// None where the column cannot say: a row has it twice or with markup in it.
    column: Option<Column>,
}

#[derive(Debug)]
struct Column {
    /// Rows by the text of their cell, as interned, and in document order within one text.
    rows: Vec<XmlId>,
    /// Interned texts in their order, and where their rows begin.
    starts: Vec<(u32, u32)>,
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

/// Makes columns ready for what is known to be asked, all of the same rows in one walk.
pub(crate) fn prepare(wanted: Vec<(IndexKey, Orders)>, instances: &[Secondary]) -> Vec<Index> {
    let mut groups: HashMap<(u16, &[Sym]), HashMap<Sym, Cells>> = HashMap::new();
    for (key, _) in &wanted {
        groups.entry((key.instance, &key.path)).or_default().entry(key.column).or_default();
    }
    let tree = |instance: u16| instances.get(instance as usize).map(|one| &one.tree);
    for ((instance, path), columns) in &mut groups {
        let Some(tree) = tree(*instance) else { continue };
        for row in rows(tree, path) {
            for cell in tree.elements(row) {
                let column = tree.local(cell).and_then(|name| columns.get_mut(&name));
                column.into_iter().for_each(|column| column.take(tree.leaf(cell), row));
            }
        }
    }
    let mut made = Vec::with_capacity(wanted.len());
    for (key, orders) in &wanted {
        let cells =
            groups.get_mut(&(key.instance, &*key.path)).and_then(|columns| columns.remove(&key.column));
        let tree = tree(key.instance);
        let cells = cells.filter(|cells| !cells.unusable);
        let column = tree.zip(cells).and_then(|(tree, cells)| Column::new(tree, cells.found));
        if let (Some(tree), Some(column)) = (tree, &column) {
            if orders.text {
                column.by_text.get_or_init(|| column.sorted(tree));
            }
            if orders.number {
                column.by_number.get_or_init(|| column.numbers(tree));
            }
        }
        made.push(column);
    }
    let keys = wanted.into_iter().map(|(key, _)| key);
    keys.zip(made).map(|(key, column)| Index { instance: key.instance, column }).collect()
}

/// The rows at the end of a path.
fn rows(tree: &Rows, path: &[Sym]) -> Vec<XmlId> {
    let Some((first, below)) = path.split_first() else { return Vec::new() };
    let root = tree.root().into_iter().filter(|root| tree.local(*root) == Some(*first));
    below.iter().fold(root.collect(), |rows: Vec<XmlId>, name| {
        rows.into_iter().flat_map(|row| tree.named(row, *name)).collect()
    })
}

/// The cells of a column, as they are found.
#[derive(Debug, Default)]
struct Cells {
    found: Vec<(u32, XmlId)>,
    /// A row has it twice, or with markup in it.
    unusable: bool,
}

impl Cells {
    fn take(&mut self, text: Option<u32>, row: XmlId) {
        match text {
            Some(text) if self.found.last().is_none_or(|(_, last)| *last != row) => {
                self.found.push((text, row))
            }
            _ => self.unusable = true,
        }
    }
}

impl Index {
    /// The rows whose cell is as wanted; none when the column cannot say: a row has it twice or with
    /// markup in it, or its numbers depend on the time zone.
    pub(crate) fn hits<'a>(&'a self, instances: &'a [Secondary], wanted: Wanted<'_>) -> Option<Hits<'a>> {
        let tree = &instances.get(self.instance as usize)?.tree;
        let column = self.column.as_ref()?;
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
}

impl Column {
    /// From texts and rows in document order.
    fn new(tree: &Rows, mut cells: Vec<(u32, XmlId)>) -> Option<Column> {
        let texts = tree.texts().len();
        if texts / 4 > cells.len() {
            cells.sort_by_key(|(text, _)| *text);
        } else {
            // A counting sort: texts are numbered.
            let mut next = vec![0u32; texts + 1];
            for (text, _) in &cells {
                *next.get_mut(*text as usize + 1)? += 1;
            }
            let mut total = 0;
            for start in &mut next {
                total += *start;
                *start = total;
            }
            let mut sorted = vec![(0, 0); cells.len()];
            for cell in cells {
                let at = next.get_mut(cell.0 as usize)?;
                *sorted.get_mut(*at as usize)? = cell;
                *at += 1;
            }
            cells = sorted;
        }
        let mut starts: Vec<(u32, u32)> = Vec::new();
        for (at, (text, _)) in (0u32..).zip(&cells) {
            if starts.last().is_none_or(|(last, _)| last != text) {
                starts.push((*text, at));
            }
        }
        starts.shrink_to_fit();
        let rows = cells.into_iter().map(|(_, row)| row).collect();
        Some(Column { rows, starts, by_text: OnceLock::new(), by_number: OnceLock::new() })
    }

    /// The rows of the text at a place of `starts`.
    fn at(&self, place: usize) -> &[XmlId] {
        let start = |place: usize| self.starts.get(place).map(|(_, start)| *start as usize);
        let end = start(place + 1).unwrap_or(self.rows.len());
        start(place).and_then(|start| self.rows.get(start..end)).unwrap_or(&[])
    }

    fn of(&self, text: u32) -> &[XmlId] {
        self.starts.binary_search_by_key(&text, |(text, _)| *text).map_or(&[], |place| self.at(place))
    }

    fn equal(&self, tree: &Rows, text: &str) -> &[XmlId] {
        tree.texts().get(text).map_or(&[], |id| self.of(id))
    }

    fn texts(&self) -> impl Iterator<Item = (u32, &[XmlId])> {
        self.starts.iter().enumerate().map(|(place, (text, _))| (*text, self.at(place)))
    }

    fn sorted(&self, tree: &Rows) -> Vec<(u32, XmlId)> {
        let mut texts: Vec<(u32, &[XmlId])> = self.texts().collect();
        texts.sort_unstable_by(|a, b| tree.texts().text(a.0).cmp(tree.texts().text(b.0)));
        texts.into_iter().flat_map(|(text, rows)| rows.iter().map(move |row| (text, *row))).collect()
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
            let instances = [Secondary { file: None, tree: writer.finish() }];
            let key = IndexKey { instance: 0, path: vec![root, item], column };
            let index = prepare(vec![(key, Orders::default())], &instances).remove(0);
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
