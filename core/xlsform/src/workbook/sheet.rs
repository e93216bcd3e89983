//! One sheet: its heads, and its cells as one text.

use std::collections::HashMap;

use super::collapse_spaces;
use crate::Limits;
use crate::error::{Code, Column, Notice, Place};
use crate::names::is_xml_char;

/// After this many empty columns the heads are taken to end.
const EMPTY_COLUMNS: u32 = 20;
/// Bytes of a head, which every cell under it would carry along.
const HEAD: usize = 1000;

/// One sheet: its heads and its cells, as text.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sheet {
    /// The name as written.
    pub(crate) name: String,
    /// The row of the heads, as Excel counts.
    pub(crate) head: u32,
    /// Columns that have a head.
    pub(crate) columns: Vec<Column>,
    /// The texts of all cells, one after the other.
    text: String,
    /// Each cell's column, and where its text begins.
    cells: Vec<(u32, u32)>,
    /// Each row's number as Excel counts, and its first cell.
    rows: Vec<(u32, u32)>,
}

/// A row under the heads that is not empty.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    /// Its number as Excel counts.
    pub(crate) number: u32,
    sheet: &'a Sheet,
    from: usize,
    to: usize,
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Sheet {
    /// How many rows there are under the heads that are not empty.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row by its place among them, from 0.
    pub(crate) fn row(&self, nth: usize) -> Option<Row<'_>> {
        let (number, from) = *self.rows.get(nth)?;
        let to = self.rows.get(nth + 1).map_or(self.cells.len(), |(_, next)| index(*next));
        Some(Row { number, sheet: self, from: index(from), to })
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).filter_map(|nth| self.row(nth))
    }

    /// The same sheet without a column's head, and so without its cells.
    pub(crate) fn without(&self, column: u32) -> Self {
        let mut sheet = self.clone();
        sheet.columns.retain(|known| known.index != column);
        sheet
    }
}

impl<'a> Row<'a> {
    /// Column and text of each cell, empty ones left out.
    pub(crate) fn cells(self) -> impl Iterator<Item = (u32, &'a str)> {
        (self.from..self.to).filter_map(move |nth| {
            let (column, start) = *self.sheet.cells.get(nth)?;
            let end = self.sheet.cells.get(nth + 1).map_or(self.sheet.text.len(), |(_, next)| index(*next));
            Some((column, self.sheet.text.get(index(start)..end)?))
        })
    }
}

/// A sheet that is being written, cell by cell, in the order of rows and columns.
pub(crate) struct SheetWriter<'a> {
    sheet: Sheet,
    limits: &'a Limits,
    /// The row of the heads, from 0; none before the first cell, where that row has them.
    head: Option<u32>,
    /// The cells of that row, until the next one comes.
    heads: Vec<(u32, String)>,
    /// The last row with a cell under a head.
    last: u32,
    /// After so many empty rows the sheet ends.
    empty_rows: u32,
    ended: bool,
    notices: Vec<Notice>,
}

impl<'a> SheetWriter<'a> {
    /// A sheet whose heads stand in that row, or in that of the first cell. It ends after so many empty rows.
    pub(crate) fn new(name: &str, head: Option<u32>, empty_rows: u32, limits: &'a Limits) -> Self {
        Self {
            sheet: Sheet { name: name.to_owned(), ..Sheet::default() },
            limits,
            head,
            heads: Vec::new(),
            last: head.unwrap_or(0),
            empty_rows,
            ended: false,
            notices: Vec::new(),
        }
    }

    /// Adds a cell that is not empty; row and column from 0.
    pub(crate) fn put(&mut self, row: u32, column: u32, text: &str) {
        if let Some(bad) = text.chars().find(|c| !is_xml_char(*c)) {
            self.bad_character(row, column, bad);
        }
        let head = *self.head.get_or_insert(row);
        if row == head {
            self.last = row;
            // One head too many is told; more are not looked at.
            if self.heads.len() <= self.limits.columns {
                self.heads.push((column, text.to_owned()));
            }
            return;
        }
        if !self.heads.is_empty() {
            self.columns(head);
        }
        if self.ended || self.sheet.columns.binary_search_by_key(&column, |known| known.index).is_err() {
            return;
        }
        if self.sheet.rows.last().is_none_or(|(known, _)| *known != row + 1) {
            if row - self.last > self.empty_rows.saturating_add(1) {
                self.ended = true;
                return;
            }
            self.last = row;
            self.sheet.rows.push((row + 1, number(self.sheet.cells.len())));
        }
        self.sheet.cells.push((column, number(self.sheet.text.len())));
        self.sheet.text.push_str(text);
    }

    pub(crate) fn finish(mut self) -> Result<Sheet, Vec<Notice>> {
        let head = self.head.unwrap_or(0);
        self.columns(head);
        self.sheet.head = head + 1;
        let sheet = &mut self.sheet;
        sheet.text.shrink_to_fit();
        sheet.cells.shrink_to_fit();
        sheet.rows.shrink_to_fit();
        if self.notices.is_empty() { Ok(self.sheet) } else { Err(self.notices) }
    }

    fn tell(&mut self, notice: Notice) {
        if self.notices.len() < self.limits.errors {
            self.notices.push(notice);
        }
    }

    fn bad_character(&mut self, row: u32, column: u32, bad: char) {
        let column = Column { index: column, header: String::new() };
        let place = Place::at(&self.sheet.name, Some(row + 1), Some(column));
        self.tell(Notice::error(
            Code::BadCharacter,
            place,
            format!("有一个看不见的控制字符（U+{:04X}）。删掉它，或重新输入这一格。", u32::from(bad)),
            format!(
                "holds an invisible control character (U+{:04X}). Delete it, or type the cell again.",
                u32::from(bad)
            ),
        ));
    }

    /// The heads, up to a run of empty ones.
    fn columns(&mut self, row: u32) {
        let mut columns: Vec<Column> = Vec::new();
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut next = 0;
        for (index, text) in std::mem::take(&mut self.heads) {
            if index - next > EMPTY_COLUMNS {
                break;
            }
            next = index + 1;
            let header = collapse_spaces(&text);
            let place = |header: &str| {
                let column = Column { index, header: header.to_owned() };
                Place::at(&self.sheet.name, Some(row + 1), Some(column))
            };
            if header.len() > HEAD || columns.len() >= self.limits.columns {
                let (zh, en) = if header.len() > HEAD {
                    (
                        format!("列名超过{HEAD}字节。缩短它。"),
                        format!("the head has more than {HEAD} bytes. Shorten it."),
                    )
                } else {
                    let most = self.limits.columns;
                    (
                        format!("超过{most}列。删去用不到的列，或拆成几个表单。"),
                        format!(
                            "more than {most} columns. Delete those that are not used, or split the form."
                        ),
                    )
                };
                let notice = Notice::error(Code::TooLarge, place(""), zh, en);
                self.tell(notice);
                break;
            }
            let other =
                known.get(&header).map(|index| Column { index: *index, header: String::new() }.letters());
            if let Some(other) = other {
                let notice = Notice::error(
                    Code::DuplicateColumn,
                    place(&header),
                    format!("列名“{header}”和{other}列重复。删掉或改名其中一列。"),
                    format!("the head '{header}' is also at column {other}. Delete or rename one of them."),
                );
                self.tell(notice);
                continue;
            }
            known.insert(header.clone(), index);
            columns.push(Column { index, header });
        }
        if !columns.is_empty() {
            self.sheet.columns = columns;
        }
    }
}

/// Cells in the order of a file, which may be any.
#[derive(Debug, Default)]
pub(super) struct Loose {
    text: String,
    /// Row and column, and from where to where the text is.
    cells: Vec<(u32, u32, u32, u32)>,
}

impl Loose {
    pub(super) fn put(&mut self, row: u32, column: u32, text: &str) {
        let start = number(self.text.len());
        self.text.push_str(text);
        self.cells.push((row, column, start, number(self.text.len())));
    }

    /// Their sheet. Excel's heads stand in row 1, whether it is empty or not; of two cells at one place the later in the
    /// file counts.
    pub(super) fn sheet(
        mut self,
        name: &str,
        empty_rows: u32,
        limits: &Limits,
    ) -> Result<Sheet, Vec<Notice>> {
        if !self.cells.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)) {
            self.cells.reverse();
            self.cells.sort_by_key(|(row, column, _, _)| (*row, *column));
            self.cells.dedup_by_key(|(row, column, _, _)| (*row, *column));
        }
        let mut writer = SheetWriter::new(name, Some(0), empty_rows, limits);
        for (row, column, start, end) in self.cells {
            writer.put(row, column, self.text.get(index(start)..index(end)).unwrap_or_default());
        }
        writer.finish()
    }
}
