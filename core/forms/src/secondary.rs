//! Secondary instances: read-only documents from the form itself, from XML and from CSV, with an index
//! by column that is built when it is first asked.

use crate::error::FormError;
use crate::xml::{self, NO_CHILD, Names, Sym, Tree, XmlId};
use std::sync::OnceLock;

/// A secondary instance.
#[derive(Debug)]
pub(crate) struct Secondary {
    pub(crate) tree: Tree,
}

/// Which column of which rows an index is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKey {
    pub(crate) instance: u16,
    /// Element names from the root down to the rows.
    pub(crate) path: Vec<Sym>,
    pub(crate) column: Sym,
}

/// Rows sorted by the text of one column.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) key: IndexKey,
    rows: OnceLock<Option<Vec<(XmlId, XmlId)>>>,
}

impl Index {
    pub(crate) fn new(key: IndexKey) -> Self {
        Index { key, rows: OnceLock::new() }
    }

    /// The rows whose column is `value`, in document order; none when the rows cannot be indexed
    /// (a row with the column twice, or with markup in it).
    pub(crate) fn rows<'a>(
        &'a self,
        instances: &'a [Secondary],
        value: &str,
    ) -> Option<impl Iterator<Item = XmlId> + Clone + 'a + use<'a>> {
        let tree = &instances.get(self.key.instance as usize)?.tree;
        let sorted = self.rows.get_or_init(|| self.build(tree)).as_ref()?;
        let from = sorted.partition_point(|(_, cell)| *tree.string(*cell) < *value);
        let tail = sorted.get(from..).unwrap_or(&[]);
        let count = tail.partition_point(|(_, cell)| *tree.string(*cell) == *value);
        Some(tail.get(..count).unwrap_or(&[]).iter().map(|(row, _)| *row))
    }

    fn build(&self, tree: &Tree) -> Option<Vec<(XmlId, XmlId)>> {
        let mut rows: Vec<XmlId> = tree.root().into_iter().collect();
        for (depth, name) in self.key.path.iter().enumerate() {
            let named = |id: &XmlId| tree.local(*id) == Some(*name);
            rows = if depth == 0 {
                rows.into_iter().filter(named).collect()
            } else {
                rows.into_iter().flat_map(|row| tree.elements(row)).filter(named).collect()
            };
        }
        let mut sorted = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = tree.elements(row).filter(|cell| tree.local(*cell) == Some(self.key.column));
            if let Some(cell) = cells.next() {
                sorted.push((row, cell));
            }
            if cells.next().is_some() {
                return None;
            }
        }
        sorted.sort_by(|a, b| tree.string(a.1).cmp(&tree.string(b.1)));
        Some(sorted)
    }
}

/// Reads an external instance by its URI and what its bytes look like.
pub(crate) fn read(src: &str, bytes: &[u8], names: &mut Names, depth: usize) -> Result<Tree, FormError> {
    let wrong = |message: String| FormError::External { src: src.to_owned(), message };
    let text = xml::utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let name = src.to_ascii_lowercase();
    if name.contains("jr://file-csv/") || name.ends_with(".csv") {
        return csv(text, names).map_err(wrong);
    }
    if name.ends_with(".geojson") || text.trim_start().starts_with('{') {
        return crate::geojson::read(text, names).map_err(wrong);
    }
    xml::parse(text, names, depth).map_err(|error| wrong(error.to_string()))
}

/// One CSV record from the front of `text` (RFC 4180, quotes doubled), and the rest.
pub(crate) fn record<'t>(text: &'t str, separator: char, cells: &mut Vec<String>) -> Result<&'t str, String> {
    cells.clear();
    let mut cell = String::new();
    let mut quoted = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let end = |next: usize| text.get(next..).unwrap_or("");
        match c {
            '"' if quoted && characters.peek().is_some_and(|(_, next)| *next == '"') => {
                cell.push('"');
                characters.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            '\r' if !quoted && characters.peek().is_some_and(|(_, next)| *next == '\n') => {}
            '\n' if !quoted => {
                cells.push(cell);
                return Ok(end(at + 1));
            }
            c if c == separator && !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    if quoted {
        return Err("a quoted cell does not end".to_owned());
    }
    cells.push(cell);
    Ok("")
}

/// A column's name as an element's: what XML does not take becomes `_`.
fn element_name(column: &str) -> String {
    let mut name: String = column
        .trim()
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':') { c } else { '_' })
        .collect();
    if name.starts_with(|c: char| c.is_numeric() || matches!(c, '-' | '.')) {
        name.insert(0, '_');
    }
    name
}

/// CSV as `root/item/column`, which is how forms ask for it.
fn csv(text: &str, names: &mut Names) -> Result<Tree, String> {
    let empty = names.intern("");
    let (root, item) = (names.intern("root"), names.intern("item"));
    let mut cells = Vec::new();
    let first = text.lines().next().unwrap_or("");
    let separator = if first.contains(';') && !first.contains(',') { ';' } else { ',' };
    let mut rest = record(text, separator, &mut cells)?;
    let columns: Vec<Sym> = cells.iter().map(|name| names.intern(&element_name(name))).collect();
    if cells.iter().all(|name| name.trim().is_empty()) {
        return Err("there is no header line".to_owned());
    }
    let mut tree = Tree::default();
    let mut last = Vec::new();
    let root = tree.add_element(None, &mut last, root, empty);
    last.push(NO_CHILD);
    while !rest.is_empty() {
        rest = record(rest, separator, &mut cells)?;
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let row = tree.add_element(Some(root), &mut last, item, empty);
        last.push(NO_CHILD);
        for (index, column) in columns.iter().enumerate() {
            let cell = tree.add_element(Some(row), &mut last, *column, empty);
            if let Some(text) = cells.get(index).filter(|text| !text.is_empty()) {
                last.push(NO_CHILD);
                tree.add_text(cell, &mut last, text);
                last.pop();
            }
        }
        last.pop();
    }
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tree: &Tree, names: &Names) -> Vec<String> {
        let root = tree.root().unwrap();
        let cell = |id| format!("{}={}", names.name(tree.local(id).unwrap()), tree.string(id));
        tree.elements(root).map(|row| tree.elements(row).map(cell).collect::<Vec<_>>().join(",")).collect()
    }

    #[test]
    fn a_csv_is_rows_of_named_cells() {
        let mut names = Names::default();
        let tree = csv("name,the label\r\na,\"x, \"\"y\"\"\nz\"\n\nb,\n", &mut names).unwrap();
        assert_eq!(shown(&tree, &names), ["name=a,the_label=x, \"y\"\nz", "name=b,the_label="]);
        assert!(csv("a,b\n\"open", &mut names).is_err() && csv("", &mut names).is_err());
    }

    #[test]
    fn an_index_finds_rows_in_their_order() {
        let mut names = Names::default();
        let tree = csv("k,v\nb,1\na,2\nb,3\n", &mut names).unwrap();
        let sym = |name| names.get(name).unwrap();
        let key = IndexKey { instance: 0, path: vec![sym("root"), sym("item")], column: sym("k") };
        let instances = [Secondary { tree }];
        let index = Index::new(key);
        let found: Vec<_> = index
            .rows(&instances, "b")
            .unwrap()
            .map(|row| instances[0].tree.string(row).into_owned())
            .collect();
        assert_eq!(found, ["b1", "b3"]);
        assert_eq!(index.rows(&instances, "c").unwrap().count(), 0);
    }
}
