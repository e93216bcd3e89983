//! Workbooks as plain text: pyxform's CSV, where a line's first cell begins a sheet, and Markdown tables.
//!
//! Rows are numbered by the lines of the file and columns by its cells, so that a notice names what an editor or
//! Excel shows.

use std::collections::BTreeMap;

/// A sheet's cells by row and column, both from 0.
pub(super) type Lines = BTreeMap<u32, Vec<(u32, String)>>;

/// Sheets in the file's order. None where the text is no workbook.
pub(super) fn sheets(text: &str) -> Option<Vec<(String, Lines)>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let rows = if first.starts_with('|') { markdown(text) } else { csv(text)? };
    let mut sheets: Vec<(String, Lines)> = Vec::new();
    for (number, cells) in rows {
        let mut cells = (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()).peekable();
        if let Some((_, name)) = cells.next_if(|(column, _)| *column == 0) {
            sheets.push((name, Lines::new()));
        }
        if let (Some((_, lines)), Some(_)) = (sheets.last_mut(), cells.peek()) {
            lines.insert(number, cells.collect());
        }
    }
    // A page of prose has commas too, but no line of cells.
    sheets.iter().any(|(_, lines)| !lines.is_empty()).then_some(sheets)
}

type Rows = Vec<(u32, Vec<String>)>;

/// RFC 4180 as Python's `csv` reads it: a quote within a cell that did not begin with one is a sign like others.
fn csv(text: &str) -> Option<Rows> {
    let mut rows = Vec::new();
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (0, 0, false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => cells.push(trimmed(&std::mem::take(&mut cell))),
            '\n' if !quoted => {
                cells.push(trimmed(&std::mem::take(&mut cell)));
                rows.push((begun, std::mem::take(&mut cells)));
                line += 1;
                begun = line;
            }
            _ => {
                line += u32::from(sign == '\n');
                cell.push(sign);
            }
        }
    }
    cells.push(trimmed(&cell));
    rows.push((begun, cells));
    (!quoted).then_some(rows)
}

fn trimmed(cell: &str) -> String {
    cell.trim().to_owned()
}

/// Lines between pipes; `\|` is a pipe. Lines that begin with `#`, and what follows a `#` after the last pipe, are
/// remarks.
fn markdown(text: &str) -> Rows {
    let mut rows = Vec::new();
    for (number, line) in (0..).zip(text.lines()) {
        let Some(inner) = line.trim_start().strip_prefix('|') else { continue };
        let Some((inner, _)) = inner.rsplit_once('|') else { continue };
        if !inner.is_empty() && inner.chars().all(|c| matches!(c, '|' | '-')) {
            continue;
        }
        rows.push((number, split(inner)));
    }
    rows
}

fn split(inner: &str) -> Vec<String> {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    for sign in inner.chars() {
        match sign {
            '|' if cell.ends_with('\\') => {
                cell.pop();
                cell.push('|');
            }
            '|' => cells.push(trimmed(&std::mem::take(&mut cell))),
            _ => cell.push(sign),
        }
    }
    cells.push(trimmed(&cell));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let sheet = |(name, lines): &(String, Lines)| format!("{name}{lines:?}");
        sheets(text).map_or("none".to_owned(), |found| found.iter().map(sheet).collect())
    }

    #[test]
    fn csv_is_sheets_of_quoted_cells_with_the_lines_of_the_file() {
        let text = "\u{feff}survey,,\r\n,type,label\r\n\r\n,text,\"a \"\"b\"\",\nc\"\n,integer,\nsettings\n,form_id\n";
        let wanted = "survey{1: [(1, \"type\"), (2, \"label\")], 3: [(1, \"text\"), (2, \"a \\\"b\\\",\\nc\")], \
                      5: [(1, \"integer\")]}settings{7: [(1, \"form_id\")]}";
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn markdown_is_tables_with_remarks_and_escaped_pipes() {
        let text =
            "# A form\n| survey |\n| | type | label |\n|--|--|--|\n  | | text | a \\| b | # why\nprose\n";
        assert_eq!(
            shown(text),
            "survey{2: [(1, \"type\"), (2, \"label\")], 4: [(1, \"text\"), (2, \"a | b\")]}"
        );
    }

    #[test]
    fn what_is_no_table_is_none() {
        for text in ["", "\n\n", "{\"a\": 1}", "survey", "# remark", "| survey", "a,\"b"] {
            assert_eq!(shown(text), "none", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[a-b,|\"\\\\\n\r# 巡-]{0,80}") {
            let _ = sheets(&text);
        }
        #[test]
        fn cells_come_back_from_csv(rows in prop::collection::vec(prop::collection::vec("[a-b,\"\n|巡]{0,5}", 1..4), 1..5)) {
            let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let line = |cells: &Vec<String>| format!(",{}\n", cells.iter().map(quoted).collect::<Vec<_>>().join(","));
            let text = "survey\n".to_owned() + &rows.iter().map(line).collect::<String>();
            let wanted: Vec<Vec<String>> = rows.iter()
                .map(|cells| cells.iter().map(|cell| cell.trim().to_owned()).filter(|c| !c.is_empty()).collect())
                .filter(|cells: &Vec<String>| !cells.is_empty())
                .collect();
            let found: Vec<Vec<String>> = sheets(&text).into_iter().flatten()
                .flat_map(|(_, lines)| lines.into_values())
                .map(|cells| cells.into_iter().map(|(_, cell)| cell).collect())
                .collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
