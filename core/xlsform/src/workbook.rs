//! From the bytes of a workbook to sheets of text cells, within limits.

mod guard;
mod sheet;
mod text;
mod xls;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::rc::Rc;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use crate::error::{Code, Notice, Place};
use crate::{Limits, SHEETS};
use guard::{Budget, Spent};
use sheet::Loose;
pub(crate) use sheet::{Row, Sheet, SheetWriter};
use xls::{Fault, Xls};

/// After this many empty rows a sheet in Excel is taken to end.
const EMPTY_ROWS: u32 = 60;

/// The sheets that XLSForm knows, by their name in lower case.
#[derive(Debug, Default)]
pub(crate) struct Workbook {
    /// All sheet names as written.
    pub(crate) names: Vec<String>,
    /// Bytes of the file, those of an .xlsx unpacked.
    pub(crate) size: usize,
    sheets: BTreeMap<String, Rc<Sheet>>,
}

impl Workbook {
    pub(crate) fn sheet(&self, name: &str) -> Option<Rc<Sheet>> {
        self.sheets.get(name).cloned()
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
        Self::collect(names, unpacked, |_, name| {
            budget.next_sheet(limits);
            excel_cells(&mut book, name, &mut budget, limits)?.sheet(name, EMPTY_ROWS, limits)
        })
    }

    fn old_excel(bytes: &[u8], limits: &Limits) -> Result<Self, Vec<Notice>> {
        let mut budget = Budget::new(bytes.len(), limits);
        let book = Xls::open(bytes).map_err(|fault| vec![of_fault(fault, "", limits)])?;
        let names = guard::sheets(book.names(), limits).map_err(|notice| vec![*notice])?;
        Self::collect(names, bytes.len(), |_, name| {
            budget.next_sheet(limits);
            let cells = book.cells(name, &mut budget).map_err(|fault| vec![of_fault(fault, name, limits)])?;
            cells.sheet(name, EMPTY_ROWS, limits)
        })
    }

    fn text(bytes: &[u8], limits: &Limits) -> Result<Self, Vec<Notice>> {
        let text = std::str::from_utf8(bytes).map_err(|_| vec![not_utf8()])?;
        let text = text::Text::new(text).ok_or_else(|| vec![unreadable()])?;
        let names = text.names(limits.entries + 1).ok_or_else(|| vec![unreadable()])?;
        let names = guard::sheets(names, limits).map_err(|notice| vec![*notice])?;
        Self::collect(names, bytes.len(), |nth, name| {
            let mut budget = Budget::new(bytes.len(), limits);
            let mut writer = SheetWriter::new(name, None, u32::MAX, limits);
            let mut spent = Ok(());
            text.cells(nth, |row, column, cell| {
                spent = spent.and_then(|()| budget.take(cell));
                if spent.is_ok() {
                    writer.put(row, column, cell);
                }
            });
            spent.map_err(|spent| vec![too_many(spent, name, limits)])?;
            writer.finish()
        })
    }

    /// The sheets of those names that XLSForm knows, each read by its place and its name.
    fn collect(
        names: Vec<String>,
        size: usize,
        mut read: impl FnMut(usize, &str) -> Result<Sheet, Vec<Notice>>,
    ) -> Result<Self, Vec<Notice>> {
        let mut sheets = BTreeMap::new();
        let mut notices = Vec::new();
        for (nth, name) in names.iter().enumerate() {
            let mut key = name.to_lowercase();
            if !SHEETS.contains(&key.as_str()) {
                if names.len() > 1 {
                    continue;
                }
                key = "survey".to_owned();
            }
            if sheets.contains_key(&key) {
                notices.push(Notice::error(
                    Code::DuplicateName,
                    Place::sheet(name),
                    "这张表出现了两次。合成一张。",
                    "the sheet stands there twice. Make it one.",
                ));
                continue;
            }
            match read(nth, name) {
                Ok(sheet) => {
                    sheets.insert(key, Rc::new(sheet));
                }
                Err(more) => notices.extend(more),
            }
        }
        if notices.is_empty() { Ok(Self { names, size, sheets }) } else { Err(notices) }
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
fn excel_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    budget: &mut Budget,
    limits: &Limits,
) -> Result<Loose, Vec<Notice>> {
    let mut cells = Loose::default();
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| vec![unreadable()])?;
    while let Some(cell) = reader.next_cell().map_err(|_| vec![unreadable()])? {
        let (row, column) = cell.get_position();
        let Some(text) = cell_text(cell.get_value()) else { continue };
        budget.take(&text).map_err(|spent| vec![too_many(spent, name, limits)])?;
        cells.put(row, column, &text);
    }
    Ok(cells)
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
