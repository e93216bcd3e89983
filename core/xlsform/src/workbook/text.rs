//! Workbooks as plain text: pyxform's CSV, where a line's first cell begins a sheet, and Markdown tables.
//!
//! Rows are numbered by the lines of the file and columns by its cells, so that a notice names what an editor or
//! Excel shows.

/// A workbook as text.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    text: &'a str,
    markdown: bool,
}

/// The cells of a line that are not empty, without blanks around them.
#[derive(Default)]
struct Line {
    text: String,
    /// The column of each, and from where to where it is.
    cells: Vec<(u32, usize, usize)>,
    /// The cell that is being read: its column, and where it begins.
    column: u32,
    begun: usize,
}

impl Line {
    fn is_at_start(&self) -> bool {
        self.begun == self.text.len()
    }

    fn end_cell(&mut self) {
        let cell = self.text.get(self.begun..).unwrap_or_default();
        let (start, length) = (self.text.len() - cell.trim_start().len(), cell.trim().len());
        if length > 0 {
            self.cells.push((self.column, start, start + length));
        }
        self.column += 1;
        self.begun = self.text.len();
    }

    fn clear(&mut self) {
        *self = Self {
            text: std::mem::take(&mut self.text),
            cells: std::mem::take(&mut self.cells),
            ..Self::default()
        };
        self.text.clear();
        self.cells.clear();
    }

    /// Column and text of each.
    fn cells(&self) -> impl Iterator<Item = (u32, &str)> {
        self.cells
            .iter()
            .map(|(column, start, end)| (*column, self.text.get(*start..*end).unwrap_or_default()))
    }
}

impl<'a> Text<'a> {
    /// None for a text without a line.
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first =
            text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        Some(Self { text, markdown: first.starts_with('|') })
    }

    /// The names of its sheets in their order, up to so many. None where the text is no workbook.
    pub(super) fn names(self, most: usize) -> Option<Vec<String>> {
        let (mut names, mut filled) = (Vec::new(), false);
        let whole = self.lines(|_, line| {
            let mut cells = line.cells().peekable();
            if let Some((_, name)) = cells.next_if(|(column, _)| *column == 0)
                && names.len() < most
            {
                names.push(name.to_owned());
            }
            filled |= !names.is_empty() && cells.peek().is_some();
        });
        // A page of prose has commas too, but no line of cells.
        (whole && filled).then_some(names)
    }

    /// Row, column and text of each cell of one sheet, rows and columns from 0 as they stand in the file.
    pub(super) fn cells(self, nth: usize, mut each: impl FnMut(u32, u32, &str)) {
        let mut begun = 0;
        self.lines(|row, line| {
            let mut cells = line.cells().peekable();
            begun += usize::from(cells.next_if(|(column, _)| *column == 0).is_some());
            if begun == nth + 1 {
                cells.for_each(|(column, cell)| each(row, column, cell));
            }
        });
    }

    /// The number and the cells of each line. False where the text ends within a cell.
    fn lines(self, each: impl FnMut(u32, &Line)) -> bool {
        if self.markdown {
            markdown(self.text, each);
            return true;
        }
        csv(self.text, each)
    }
}

/// RFC 4180 as Python's `csv` reads it: a quote within a cell that did not begin with one is a sign like others.
fn csv(text: &str, mut each: impl FnMut(u32, &Line)) -> bool {
    let mut cells = Line::default();
    let (mut line, mut begun, mut quoted) = (0, 0, false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => cells.text.push('"'),
            '"' if quoted => quoted = false,
            '"' if cells.is_at_start() => quoted = true,
            ',' if !quoted => cells.end_cell(),
            '\n' if !quoted => {
                cells.end_cell();
                each(begun, &cells);
                cells.clear();
                line += 1;
                begun = line;
            }
            _ => {
                line += u32::from(sign == '\n');
                cells.text.push(sign);
            }
        }
    }
    cells.end_cell();
    each(begun, &cells);
    !quoted
}

/// Lines between pipes; `\|` is a pipe. Lines that begin with `#`, and what follows a `#` after the last pipe, are
/// remarks.
fn markdown(text: &str, mut each: impl FnMut(u32, &Line)) {
    let mut cells = Line::default();
    for (number, line) in (0..).zip(text.lines()) {
        let Some(inner) = line.trim_start().strip_prefix('|') else { continue };
        let Some((inner, _)) = inner.rsplit_once('|') else { continue };
        if !inner.is_empty() && inner.chars().all(|c| matches!(c, '|' | '-')) {
            continue;
        }
        cells.clear();
        for sign in inner.chars() {
            match sign {
                '|' if !cells.is_at_start() && cells.text.ends_with('\\') => {
                    cells.text.pop();
                    cells.text.push('|');
                }
                '|' => cells.end_cell(),
                _ => cells.text.push(sign),
            }
        }
        cells.end_cell();
        each(number, &cells);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Cells = Vec<(u32, u32, String)>;

    fn sheets(text: &str) -> Option<Vec<(String, Cells)>> {
        let text = Text::new(text)?;
        let of = |nth| {
            let mut all = Cells::new();
            text.cells(nth, |row, column, cell| all.push((row, column, cell.to_owned())));
            all
        };
        Some(text.names(100)?.into_iter().enumerate().map(|(nth, name)| (name, of(nth))).collect())
    }

    fn shown(text: &str) -> String {
        let cell = |(row, column, text): &(u32, u32, String)| format!(" {row}/{column}={text:?}");
        let sheet =
            |(name, cells): &(String, Cells)| name.clone() + &cells.iter().map(cell).collect::<String>();
        sheets(text).map_or("none".to_owned(), |found| found.iter().map(sheet).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn csv_is_sheets_of_quoted_cells_with_the_lines_of_the_file() {
        let text = "\u{feff}survey,,\r\n,type,label\r\n\r\n,text,\"a \"\"b\"\",\nc\"\n,integer,\nsettings\n,form_id\n";
        let wanted = "survey 1/1=\"type\" 1/2=\"label\" 3/1=\"text\" 3/2=\"a \\\"b\\\",\\nc\" 5/1=\"integer\"; \
                      settings 7/1=\"form_id\"";
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn markdown_is_tables_with_remarks_and_escaped_pipes() {
        let text =
            "# A form\n| survey |\n| | type | label |\n|--|--|--|\n  | | text | a \\| b | # why\nprose\n";
        assert_eq!(shown(text), "survey 2/1=\"type\" 2/2=\"label\" 4/1=\"text\" 4/2=\"a | b\"");
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
            let mut lines: std::collections::BTreeMap<u32, Vec<String>> = std::collections::BTreeMap::new();
            for (row, _, cell) in sheets(&text).into_iter().flatten().flat_map(|(_, cells)| cells) {
                lines.entry(row).or_default().push(cell);
            }
            let found: Vec<Vec<String>> = lines.into_values().collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
