//! From the bytes of a workbook to sheets of text cells, within limits.

mod guard;
mod text;
mod xls;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use crate::error::{Code, Column, Notice, Place};
use crate::names::is_xml_char;
use crate::{Limits, SHEETS};
use guard::{Budget, Spent};
use xls::{Fault, Xls};

/// After this many empty columns or rows the sheet is taken to end.
const EMPTY_COLUMNS: u32 = 20;
const EMPTY_ROWS: u32 = 60;

/// The sheets that XLSForm knows, by their name in lower case.
#[derive(Debug, Default)]
pub(crate) struct Workbook {
    /// All sheet names as written.
    pub(crate) names: Vec<String>,
    sheets: BTreeMap<String, Sheet>,
}

/// One sheet: its heads and its cells, as text.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// The name as written.
    pub(crate) name: String,
    /// The row of the heads, as Excel counts.
    pub(crate) head: u32,
    /// Columns that have a head.
    pub(crate) columns: Vec<Column>,
    /// Rows under the heads that are not empty.
    pub(crate) rows: Vec<Row>,
}

/// One row: its number as Excel counts, and (column number, text), empty cells left out.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) number: u32,
    pub(crate) cells: Vec<(u32, String)>,
}

impl Workbook {
    pub(crate) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.get(name)
    }

    /// Reads the sheets that XLSForm knows. A workbook of one sheet is a survey whatever its name.
    pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Vec<Notice>> {
        guard::size(bytes, limits).map_err(|notice| vec![*notice])?;
        if bytes.starts_with(guard::ZIP) {
            Self::excel(bytes, limits)
        } else if bytes.starts_with(&xls::SIGNATURE) {
            Self::old_excel(bytes, limits)
        } else {
            Self::text(bytes, limits)
        }
    }

    fn excel(bytes: &[u8], limits: &Limits) -> Result<Self, Vec<Notice>> {
        let unpacked = guard::unpacked(bytes, limits).map_err(|notice| vec![*notice])?;
        let mut budget = Budget::new(unpacked, limits);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| vec![unreadable()])?;
        let names = book.sheet_names();
        Self::collect(names, |name| {
            budget.next_sheet(limits);
            sheet(name, excel_lines(&mut book, name, &mut budget, limits)?, EMPTY_ROWS)
        })
    }

    fn old_excel(bytes: &[u8], limits: &Limits) -> Result<Self, Vec<Notice>> {
        let mut budget = Budget::new(bytes.len(), limits);
        let book = Xls::open(bytes).map_err(|fault| vec![of_fault(fault, "", limits)])?;
        Self::collect(book.names(), |name| {
            budget.next_sheet(limits);
            let lines = book.lines(name, &mut budget).map_err(|fault| vec![of_fault(fault, name, limits)])?;
            sheet(name, headed(lines), EMPTY_ROWS)
        })
    }

    fn text(bytes: &[u8], limits: &Limits) -> Result<Self, Vec<Notice>> {
        let text = std::str::from_utf8(bytes).map_err(|_| vec![not_utf8()])?;
        let text = text::sheets(text).ok_or_else(|| vec![unreadable()])?;
        let names = text.iter().map(|(name, _)| name.clone()).collect();
        let mut sheets = text.into_iter();
        Self::collect(names, |name| {
            let (_, lines) = sheets.by_ref().find(|(found, _)| found == name).unwrap_or_default();
            let count = lines.values().map(Vec::len).sum::<usize>();
            if count > limits.cells {
                Err(vec![too_many(Spent::Cells, name, limits)])
            } else {
                sheet(name, lines, u32::MAX)
            }
        })
    }

    fn collect(
        names: Vec<String>,
        mut read: impl FnMut(&str) -> Result<Sheet, Vec<Notice>>,
    ) -> Result<Self, Vec<Notice>> {
        let mut found = Self { names: names.clone(), ..Self::default() };
        let mut notices = Vec::new();
        for name in &names {
            let mut key = name.to_lowercase();
            if !SHEETS.contains(&key.as_str()) {
                if names.len() > 1 {
                    continue;
                }
                key = "survey".to_owned();
            }
            if found.sheets.contains_key(&key) {
                notices.push(Notice::error(
                    Code::DuplicateName,
                    Place::sheet(name),
                    "这张表出现了两次。合成一张。",
                    "the sheet stands there twice. Make it one.",
                ));
                continue;
            }
            match read(name) {
                Ok(sheet) => {
                    found.sheets.insert(key, sheet);
                }
                Err(more) => notices.extend(more),
            }
        }
        if notices.is_empty() { Ok(found) } else { Err(notices) }
    }
}

fn unreadable() -> Notice {
    Notice::error(
        Code::NotAWorkbook,
        Place::workbook(),
        "这个文件不是能读的.xlsx或.xls，也不是CSV或Markdown的表。现行表单没有变。在Excel里另存为“Excel工作簿（.xlsx）”后再导入。",
        "this file is no .xlsx or .xls that can be read, nor the tables of a form as CSV or Markdown. The form in force is unchanged. Save it from Excel as 'Excel Workbook (.xlsx)' and import it again.",
    )
}

fn not_utf8() -> Notice {
    Notice::error(
        Code::NotAWorkbook,
        Place::workbook(),
        "这个文件不是.xlsx或.xls；若是CSV，它不是UTF-8编码。现行表单没有变。在Excel里另存为“CSV UTF-8”或“Excel工作簿（.xlsx）”后再导入。",
        "this file is no .xlsx or .xls; if it is CSV, it is not in UTF-8. The form in force is unchanged. Save it from Excel as 'CSV UTF-8' or 'Excel Workbook (.xlsx)' and import it again.",
    )
}

/// Why an .xls is not read.
fn of_fault(fault: Fault, sheet: &str, limits: &Limits) -> Notice {
    let (zh, en) = match fault {
        Fault::Broken => return unreadable(),
        Fault::TooMany(spent) => return too_many(spent, sheet, limits),
        Fault::Protected => (
            "工作簿有密码，打不开。现行表单没有变。在Excel里去掉密码，另存一份再导入。",
            "the workbook opens with a password. The form in force is unchanged. Take the password off in Excel, save it and import it again.",
        ),
        Fault::TooOld => (
            "这是Excel 95或更早的文件。现行表单没有变。在Excel里另存为“Excel工作簿（.xlsx）”后再导入。",
            "this is a file of Excel 95 or before. The form in force is unchanged. Save it from Excel as 'Excel Workbook (.xlsx)' and import it again.",
        ),
    };
    Notice::error(Code::NotAWorkbook, Place::workbook(), zh, en)
}

fn too_many(spent: Spent, name: &str, limits: &Limits) -> Notice {
    let (zh, en) = match spent {
        Spent::Cells => (
            format!("超过{}个单元格。拆成几个表单，或删去用不到的行。", limits.cells),
            format!("more than {} cells. Split the form, or delete rows that are not used.", limits.cells),
        ),
        Spent::Text => (
            format!("单元格里的文字超过文件大小的{}倍。删去重复的长文字。", limits.expansion),
            format!(
                "the text of its cells is more than {} times as large as the file. Delete long texts that are repeated.",
                limits.expansion
            ),
        ),
    };
    Notice::error(Code::TooLarge, Place::sheet(name), zh, en)
}

/// The cells of a sheet in Excel.
fn excel_lines(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    budget: &mut Budget,
    limits: &Limits,
) -> Result<text::Lines, Vec<Notice>> {
    let mut lines = text::Lines::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| vec![unreadable()])?;
    while let Some(cell) = reader.next_cell().map_err(|_| vec![unreadable()])? {
        let (row, column) = cell.get_position();
        let Some(text) = cell_text(cell.get_value()) else { continue };
        budget.take(&text).map_err(|spent| vec![too_many(spent, name, limits)])?;
        lines.entry(row).or_default().push((column, text));
    }
    Ok(headed(lines))
}

/// Excel's heads stand in row 1, whether it is empty or not. Cells may stand in any order in the file; of two at one
/// place the later counts.
fn headed(mut lines: text::Lines) -> text::Lines {
    lines.entry(0).or_default();
    for cells in lines.values_mut().filter(|cells| !cells.is_sorted_by(|(a, _), (b, _)| a < b)) {
        cells.reverse();
        cells.sort_by_key(|(column, _)| *column);
        cells.dedup_by_key(|(column, _)| *column);
    }
    lines
}

/// A sheet of its cells: the first line holds the heads. It ends after so many empty rows.
fn sheet(name: &str, mut lines: text::Lines, empty_rows: u32) -> Result<Sheet, Vec<Notice>> {
    let mut notices = Vec::new();
    for (row, (column, text)) in
        lines.iter().flat_map(|(row, cells)| cells.iter().map(move |cell| (*row, cell)))
    {
        let Some(bad) = text.chars().find(|c| !is_xml_char(*c)) else { continue };
        let column = Column { index: *column, header: String::new() };
        notices.push(Notice::error(
            Code::BadCharacter,
            Place::at(name, Some(row + 1), Some(column)),
            format!("有一个看不见的控制字符（U+{:04X}）。删掉它，或重新输入这一格。", u32::from(bad)),
            format!(
                "holds an invisible control character (U+{:04X}). Delete it, or type the cell again.",
                u32::from(bad)
            ),
        ));
    }
    let (head, heads) = lines.pop_first().unwrap_or_default();
    let columns = columns(name, head + 1, heads, &mut notices);
    let headed: HashSet<u32> = columns.iter().map(|column| column.index).collect();
    let mut rows = Vec::new();
    let mut last = head;
    for (row, mut cells) in lines {
        cells.retain(|(column, _)| headed.contains(column));
        if cells.is_empty() {
            continue;
        }
        if row - last > empty_rows.saturating_add(1) {
            break;
        }
        last = row;
        rows.push(Row { number: row + 1, cells });
    }
    if notices.is_empty() {
        Ok(Sheet { name: name.to_owned(), head: head + 1, columns, rows })
    } else {
        Err(notices)
    }
}

/// The heads, up to a run of empty ones.
fn columns(sheet: &str, row: u32, heads: Vec<(u32, String)>, notices: &mut Vec<Notice>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut next = 0;
    for (index, text) in heads {
        if index - next > EMPTY_COLUMNS {
            break;
        }
        next = index + 1;
        let header = collapse_spaces(&text);
        let other = known.get(&header).map(|index| Column { index: *index, header: header.clone() });
        if let Some(other) = other {
            notices.push(Notice::error(
                Code::DuplicateColumn,
                Place::at(sheet, Some(row), Some(Column { index, header: header.clone() })),
                format!("列名“{header}”和{}列重复。删掉或改名其中一列。", other.letters()),
                format!(
                    "the head '{header}' is also at column {}. Delete or rename one of them.",
                    other.letters()
                ),
            ));
            continue;
        }
        known.insert(header.clone(), index);
        columns.push(Column { index, header });
    }
    columns
}

/// Runs of spaces become one.
pub(crate) fn collapse_spaces(text: &str) -> String {
    if !text.contains("  ") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// A cell as text; none if empty.
fn cell_text(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(time) => date_text(time),
        DataRef::DateTimeIso(text) => text.replacen('T', " ", 1),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    };
    cleaned(&text)
}

/// A text without blanks around it; none if nothing is left. A no-break space counts as a space.
fn cleaned(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.replace('\u{a0}', " "))
}

/// A number as Python writes it: whole numbers without a point, very large and small ones with an exponent.
fn float_text(number: f64) -> String {
    let size = number.abs();
    if number.fract() == 0.0 && size < 1e300 {
        return format!("{number:.0}");
    }
    if size >= 1e16 || (size > 0.0 && size < 1e-4) {
        let text = format!("{number:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) => match exponent.strip_prefix('-') {
                Some(small) => format!("{digits}e-{small:0>2}"),
                None => format!("{digits}e+{exponent:0>2}"),
            },
            None => text,
        };
    }
    number.to_string()
}

/// A date and time as Python writes it: a part of a second has six places.
fn date_text(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let part = if milli > 0 { format!(".{milli:03}000") } else { String::new() };
    if time.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}:{second:02}{part}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{part}")
}
