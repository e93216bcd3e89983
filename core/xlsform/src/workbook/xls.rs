//! Workbooks of Excel 97 to 2003 (.xls): a compound file that holds one stream of records ([MS-XLS]).
//!
//! The records are read here, one after the other: calamine's own reader of this format lays a sheet out whole, from
//! its first cell to its last, follows chains of sectors without an end and indexes into what a file says, so that no
//! limit could speak before it. What is kept here is never more than the file holds.

mod container;
mod records;

use std::collections::HashMap;

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::guard::{Budget, Spent};
use super::sheet::Loose;
use container::Container;
use records::{Body, Record, Records};

pub(super) use container::SIGNATURE;

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not a workbook, or a broken one.
    Broken,
    /// It opens with a password.
    Protected,
    /// Written by Excel 95 or before.
    TooOld,
    /// More cells or text than a form may have.
    TooMany(Spent),
}

/// A workbook whose sheets are yet to be read.
pub(super) struct Xls {
    stream: Vec<u8>,
    /// The worksheets, and where in the stream they begin.
    sheets: Vec<(String, usize)>,
    strings: Strings,
    /// For each format of cells: is it one of dates or times?
    dates: Vec<bool>,
    from_1904: bool,
}

/// The strings that cells share, one after the other.
#[derive(Debug, Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// SST: how often strings are used, how many there are, the strings.
    fn read(body: &mut Body<'_>) -> Result<Self, Fault> {
        body.skip(4)?;
        let mut strings = Self::default();
        for _ in 0..body.u32()? {
            strings.text.push_str(&body.long_string()?);
            strings.ends.push(strings.text.len());
        }
        Ok(strings)
    }

    fn get(&self, nth: usize) -> Option<&str> {
        let end = *self.ends.get(nth)?;
        let start = nth.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }
}

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const VERSION_8: u16 = 0x0600;
const WORKSHEET: u16 = 0x0010;

impl Xls {
    /// Reads the workbook's own records: sheets, strings, formats.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Fault> {
        let file = Container::open(bytes).ok_or(Fault::Broken)?;
        if file.stream("EncryptedPackage").is_some() {
            return Err(Fault::Protected);
        }
        let Some(stream) = file.stream("Workbook") else {
            return Err(if file.stream("Book").is_some() { Fault::TooOld } else { Fault::Broken });
        };
        let mut book = Self {
            stream: Vec::new(),
            sheets: Vec::new(),
            strings: Strings::default(),
            dates: Vec::new(),
            from_1904: false,
        };
        let mut formats: HashMap<u16, bool> = HashMap::new();
        let mut of_cells: Vec<u16> = Vec::new();
        let mut records = Records::of(&stream);
        let mut first = records.next().ok_or(Fault::Broken)?;
        if first.kind != BEGIN || first.body.u16() != Ok(VERSION_8) {
            return Err(if first.kind == BEGIN { Fault::TooOld } else { Fault::Broken });
        }
        loop {
            let Record { kind, mut body } = records.next().ok_or(Fault::Broken)?;
            match kind {
                END => break,
                // FilePass: the records that follow are enciphered.
                0x002f => return Err(Fault::Protected),
                // Date1904
                0x0022 => book.from_1904 = body.u16()? == 1,
                // Format
                0x041e => {
                    let key = body.u16()?;
                    formats.insert(key, is_date_format(&body.long_string()?));
                }
                // XF: the font, then the format.
                0x00e0 => {
                    body.skip(2)?;
                    of_cells.push(body.u16()?);
                }
                // BoundSheet8; of its kinds only a worksheet has cells.
                0x0085 => {
                    let at = body.size()?;
                    body.skip(1)?;
                    let worksheet = body.u8()? == 0;
                    let name = body.short_string()?;
                    if worksheet {
                        book.sheets.push((name, at));
                    }
                }
                // SST
                0x00fc => book.strings = Strings::read(&mut body)?,
                _ => {}
            }
        }
        book.dates = of_cells
            .iter()
            .map(|key| formats.get(key).copied().unwrap_or_else(|| is_built_in_date(*key)))
            .collect();
        book.stream = stream;
        Ok(book)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The cells of the first sheet of that name.
    pub(super) fn cells(&self, name: &str, budget: &mut Budget) -> Result<Loose, Fault> {
        let (_, at) = self.sheets.iter().find(|(known, _)| known == name).ok_or(Fault::Broken)?;
        let mut sheet = Cells { book: self, budget, cells: Loose::default(), formula: None };
        let mut records = Records::of(self.stream.get(*at..).ok_or(Fault::Broken)?);
        let mut first = records.next().ok_or(Fault::Broken)?;
        first.body.skip(2)?;
        if first.kind != BEGIN || first.body.u16() != Ok(WORKSHEET) {
            return Err(Fault::Broken);
        }
        // Charts within the sheet have records of the same kinds.
        let mut depth = 0_usize;
        loop {
            let record = records.next().ok_or(Fault::Broken)?;
            match record.kind {
                BEGIN => depth += 1,
                END if depth == 0 => return Ok(sheet.cells),
                END => depth -= 1,
                _ if depth > 0 => {}
                kind => sheet.record(kind, record.body)?,
            }
        }
    }
}

/// The cells of one sheet while it is read.
struct Cells<'a> {
    book: &'a Xls,
    budget: &'a mut Budget,
    cells: Loose,
    /// Where the formula stands whose text is to come in the next record.
    formula: Option<(u16, u16)>,
}

impl Cells<'_> {
    fn record(&mut self, kind: u16, mut body: Body<'_>) -> Result<(), Fault> {
        // String: the text of the formula before it.
        if kind == 0x0207 {
            return match self.formula.take() {
                Some((row, column)) => self.put(row, column, &body.long_string()?),
                None => Ok(()),
            };
        }
        if !matches!(kind, 0x0006 | 0x00bd | 0x00d6 | 0x00fd | 0x0203..=0x0205 | 0x027e) {
            return Ok(());
        }
        let (row, column) = (body.u16()?, body.u16()?);
        // MulRk: formats and numbers, and at the end the last column.
        if kind == 0x00bd {
            let mut next = column;
            while body.left() >= 6 {
                let format = body.u16()?;
                self.number(row, next, format, unpacked(body.u32()?))?;
                next = next.saturating_add(1);
            }
            return Ok(());
        }
        let format = body.u16()?;
        match kind {
            // LabelSst
            0x00fd => {
                let text = self.book.strings.get(body.size()?).ok_or(Fault::Broken)?;
                self.put(row, column, text)
            }
            // Number
            0x0203 => self.number(row, column, format, body.f64()?),
            // RK
            0x027e => self.number(row, column, format, unpacked(body.u32()?)),
            // BoolErr
            0x0205 => match body.bytes::<2>()? {
                [value, 0] => self.put(row, column, truth(value)),
                [value, _] => self.put(row, column, error_text(value)),
            },
            // Formula, with the value that it had when the file was saved
            0x0006 => match body.bytes::<8>()? {
                [0, .., 0xff, 0xff] => {
                    self.formula = Some((row, column));
                    Ok(())
                }
                [1, _, value, .., 0xff, 0xff] => self.put(row, column, truth(value)),
                [2, _, value, .., 0xff, 0xff] => self.put(row, column, error_text(value)),
                [.., 0xff, 0xff] => Ok(()),
                value => self.number(row, column, format, f64::from_le_bytes(value)),
            },
            // Label, RString
            _ => self.put(row, column, &body.long_string()?),
        }
    }

    fn number(&mut self, row: u16, column: u16, format: u16, number: f64) -> Result<(), Fault> {
        /// The first day that Excel cannot count to, 1 January 10000.
        const BEYOND: f64 = 2_958_466.0;
        let dated = self.book.dates.get(usize::from(format)).copied().unwrap_or_default();
        let text = if dated && (0.0..BEYOND).contains(&number) {
            // These files show whole seconds.
            let seconds = (number * 86_400.0).round() / 86_400.0;
            super::date_text(&ExcelDateTime::new(seconds, ExcelDateTimeType::DateTime, self.book.from_1904))
        } else {
            super::float_text(number)
        };
        self.put(row, column, &text)
    }

    fn put(&mut self, row: u16, column: u16, text: &str) -> Result<(), Fault> {
        let Some(text) = super::cleaned(text) else { return Ok(()) };
        self.budget.take(&text).map_err(Fault::TooMany)?;
        self.cells.put(u32::from(row), u32::from(column), &text);
        Ok(())
    }
}

/// RkNumber: two flags, then a whole number of 30 bits or the upper part of a float.
fn unpacked(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 { number } else { number / 100.0 }
}

fn truth(value: u8) -> &'static str {
    if value == 0 { "FALSE" } else { "TRUE" }
}

fn error_text(value: u8) -> &'static str {
    match value {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

/// The formats that need no record of their own; the later ranges are those of East Asian and Thai Excel.
fn is_built_in_date(key: u16) -> bool {
    matches!(key, 14..=22 | 27..=36 | 45..=47 | 50..=58 | 71..=81)
}

/// Does the format show more of a date or time than of a number? Words in quotes and what stands in brackets do not
/// count.
fn is_date_format(format: &str) -> bool {
    let (mut parts, mut digits) = (0_usize, 0_usize);
    let mut signs = format.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => while signs.next().is_some_and(|c| c != '"') {},
            '[' => while signs.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => _ = signs.next(),
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => parts += 1,
            '0' | '#' | '?' => digits += 1,
            _ => {}
        }
    }
    parts > digits
}

#[cfg(test)]
mod tests;
