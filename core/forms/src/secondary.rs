//! Secondary instances: read-only documents from the form itself, from XML, CSV and GeoJSON.

use crate::error::FormError;
use crate::xml::{self, Names, Rows, Sym, rows::Writer};
use std::borrow::Cow;

mod index;

pub(crate) use index::{Hits, Index, IndexKey, Orders, Wanted, prepare};

/// A secondary instance.
#[derive(Debug)]
pub(crate) struct Secondary {
    /// The file that it was read from; none where it stands in the form.
    pub(crate) file: Option<Box<str>>,
    pub(crate) tree: Rows,
}

/// Reads an external instance by its URI and what its bytes look like.
pub(crate) fn read(src: &str, bytes: &[u8], names: &mut Names, depth: usize) -> Result<Rows, FormError> {
    let wrong = |message: String| FormError::External { src: src.to_owned(), message };
    let text = xml::utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let name = src.to_ascii_lowercase();
    if name.contains("jr://file-csv/") || name.ends_with(".csv") {
        return csv(text, names).map_err(wrong);
    }
    if name.ends_with(".geojson") || text.trim_start().starts_with('{') {
        return crate::geojson::read(text, names).map_err(wrong);
    }
    xml::parse_rows(text, names, depth).map_err(|error| wrong(error.to_string()))
}

/// One CSV record from the front of `text` (RFC 4180, quotes doubled), and the rest.
pub(crate) fn record<'t>(
    text: &'t str,
    separator: char,
    cells: &mut Vec<Cow<'t, str>>,
) -> Result<&'t str, String> {
    cells.clear();
    let mut rest = text;
    loop {
        let (cell, end) = if rest.starts_with('"') {
            let (cell, end) = quoted(rest, separator)?;
            (Cow::Owned(cell), end)
        } else {
            let end = rest.find([separator, '\n']).unwrap_or(rest.len());
            let cell = rest.get(..end).unwrap_or("");
            let line = rest.get(end..).is_some_and(|after| after.starts_with('\n'));
            (Cow::Borrowed(if line { cell.strip_suffix('\r').unwrap_or(cell) } else { cell }), end)
        };
        cells.push(cell);
        let after = rest.get(end..).unwrap_or("");
        rest = after.get(1..).unwrap_or("");
        if !after.starts_with(separator) {
            return Ok(rest);
        }
    }
}

/// A cell that begins with a quote, and where it ends.
fn quoted(text: &str, separator: char) -> Result<(String, usize), String> {
    let mut cell = String::new();
    let mut open = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next_is = |wanted: char, next: Option<&(usize, char)>| next.is_some_and(|(_, c)| *c == wanted);
        match c {
            '"' if open && next_is('"', characters.peek()) => {
                cell.push('"');
                characters.next();
            }
            '"' if open => open = false,
            '"' if cell.is_empty() => open = true,
            '\r' if !open && next_is('\n', characters.peek()) => {}
            c if !open && (c == '\n' || c == separator) => return Ok((cell, at)),
            c => cell.push(c),
        }
    }
    if open { Err("a quoted cell does not end".to_owned()) } else { Ok((cell, text.len())) }
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

/// Cells that rows may lack whatever the size of the file.
const LACKING: usize = 10_000;

/// CSV as `root/item/column`, which is how forms ask for it.
fn csv(text: &str, names: &mut Names) -> Result<Rows, String> {
    let (root, item) = (names.intern("root"), names.intern("item"));
    let mut cells = Vec::new();
    // Lines that end as they did on old Macintoshes.
    let text = if text.contains('\n') { Cow::Borrowed(text) } else { Cow::Owned(text.replace('\r', "\n")) };
    let first = text.lines().next().unwrap_or("");
    let separator = [',', ';', '\t', '|'].into_iter().find(|sign| first.contains(*sign)).unwrap_or(',');
    let mut rest = record(&text, separator, &mut cells)?;
    let columns: Vec<Sym> = cells.iter().map(|name| names.intern(&element_name(name))).collect();
    if cells.iter().all(|name| name.trim().is_empty()) {
        return Err("there is no header line".to_owned());
    }
    let mut rows = Writer::default();
    rows.open(root);
    // Cells that short rows lack are empty ones.
    let mut lacking = 0;
    while !rest.is_empty() {
        rest = record(rest, separator, &mut cells)?;
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        lacking += columns.len().saturating_sub(cells.len());
        if lacking > LACKING + text.len() / 2 {
            let (wanted, found) = (columns.len(), cells.len());
            return Err(format!(
                "too many rows are shorter than the first: {found} cells under {wanted} columns"
            ));
        }
        rows.open(item);
        for (index, column) in columns.iter().enumerate() {
            rows.leaf(*column, cells.get(index).map_or("", |cell| cell));
        }
        rows.close();
    }
    Ok(rows.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tree: &Rows, names: &Names) -> Vec<String> {
        let root = tree.root().unwrap();
        let cell = |id| format!("{}={}", names.name(tree.local(id).unwrap()), tree.string(id));
        tree.elements(root).map(|row| tree.elements(row).map(cell).collect::<Vec<_>>().join(",")).collect()
    }

    #[test]
    fn a_csv_is_rows_of_named_cells() {
        let mut names = Names::default();
        let tree = csv("name,the label\r\na,\"x, \"\"y\"\"\nz\"\n\nb,\n", &mut names).unwrap();
        assert_eq!(shown(&tree, &names), ["name=a,the_label=x, \"y\"\nz", "name=b,the_label="]);
        for other in ["name;n\na;b,c\n", "name\tn\na\tb,c\n", "name|n\na|b,c\n", "name,n\ra,\"b,c\"\r"] {
            let tree = csv(other, &mut names).unwrap();
            assert_eq!(shown(&tree, &names), ["name=a,n=b,c"], "{other:?}");
        }
        assert!(csv("a,b\n\"open", &mut names).is_err() && csv("", &mut names).is_err());
    }
}
