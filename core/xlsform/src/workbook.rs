//! From .xlsx bytes to sheets of named cells.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::notice::{Notice, Place};

/// How much of a workbook is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes it may unpack to, by its own directory.
    pub unpacked: u64,
    /// Rows of a sheet.
    pub rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 50 << 20, unpacked: 500 << 20, rows: 200_000 }
    }
}

/// A column: its name without language, its language, and the header as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) language: Option<String>,
    pub(crate) written: String,
}

/// One row of a sheet; empty cells are not there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// As Excel numbers it.
    pub(crate) number: u32,
    cells: BTreeMap<usize, String>,
}

/// A sheet with a header row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) rows: Vec<Row>,
}

impl Sheet {
    /// The cell of this column without language, or in its default language.
    pub(crate) fn get<'a>(&self, row: &'a Row, name: &str) -> Option<&'a str> {
        let at = self.headers.iter().position(|h| h.name == name && h.language.is_none())?;
        row.cells.get(&at).map(String::as_str)
    }

    /// All cells of this column: (language, text).
    pub(crate) fn texts<'a>(&'a self, row: &'a Row, name: &str) -> Vec<(Option<&'a str>, &'a str)> {
        let of = |(at, h): (usize, &'a Header)| {
            let text = row.cells.get(&at)?;
            (h.name == name).then_some((h.language.as_deref(), text.as_str()))
        };
        self.headers.iter().enumerate().filter_map(of).collect()
    }

    /// The columns whose name begins so, with the rest of their names and their cells.
    pub(crate) fn prefixed<'a>(&'a self, row: &'a Row, prefix: &str) -> Vec<(&'a str, &'a str)> {
        let of =
            |(at, h): (usize, &'a Header)| Some((h.name.strip_prefix(prefix)?, row.cells.get(&at)?.as_str()));
        self.headers.iter().enumerate().filter_map(of).collect()
    }

    /// Where a cell of this column stands.
    pub(crate) fn place(&self, row: &Row, column: &str) -> Place<'_> {
        let written = self.headers.iter().find(|h| h.name == column).map_or("", |h| h.written.as_str());
        Place { sheet: &self.name, row: row.number, column: written }
    }

    /// The columns that are not in `known`: what else the author wrote.
    pub(crate) fn others(&self, known: &[&str]) -> Vec<&Header> {
        self.headers.iter().filter(|h| h.language.is_none() && !known.contains(&h.name.as_str())).collect()
    }
}

/// The sheets that make a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workbook {
    pub(crate) survey: Sheet,
    pub(crate) choices: Sheet,
    pub(crate) settings: Sheet,
}

/// Reads the sheets.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Notice> {
    let whole = Place::sheet("");
    if bytes.len() > limits.bytes {
        let mb = limits.bytes >> 20;
        return Err(Notice::error(
            whole,
            format!("文件超过{mb} MB，没有读。删去不用的工作表再试"),
            format!("The file is larger than {mb} MB and was not read. Remove sheets that are not needed"),
        ));
    }
    if unpacked_size(bytes) > limits.unpacked {
        return Err(Notice::error(
            whole,
            "文件解开后太大，没有读。请另存为新的.xlsx再试",
            "The file unpacks to too much and was not read. Save it anew as .xlsx",
        ));
    }
    let mut xlsx: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| not_xlsx())?;
    let names = xlsx.sheet_names();
    let mut book = Workbook::default();
    for name in names {
        let sheet = match name.trim().to_lowercase().as_str() {
            "survey" => &mut book.survey,
            "choices" => &mut book.choices,
            "settings" => &mut book.settings,
            _ => continue,
        };
        let range = xlsx.worksheet_range(&name).map_err(|_| not_xlsx())?;
        *sheet = read_sheet(&name, &range, limits)?;
    }
    if book.survey.headers.is_empty() {
        return Err(Notice::error(
            whole,
            "没有名为survey的工作表，或它是空的",
            "There is no sheet named survey, or it is empty",
        ));
    }
    Ok(book)
}

fn not_xlsx() -> Notice {
    Notice::error(
        Place::sheet(""),
        "这不是.xlsx文件，或文件已损坏。请在Excel中另存为.xlsx",
        "This is not an .xlsx file, or it is damaged. Save it as .xlsx in Excel",
    )
}

fn read_sheet(name: &str, range: &calamine::Range<Data>, limits: &Limits) -> Result<Sheet, Notice> {
    if range.height() > limits.rows {
        return Err(Notice::error(
            Place::sheet(name),
            format!("超过{}行", limits.rows),
            format!("More than {} rows", limits.rows),
        ));
    }
    let first = range.start().map_or(0, |(row, _)| row);
    let mut rows = range.rows().zip(first + 1..);
    let Some((head, _)) = rows.next() else { return Ok(Sheet::default()) };
    let mut headers: Vec<Header> = Vec::new();
    for cell in head {
        let written = text(cell).unwrap_or_default();
        let header = header(&written);
        let twice = headers.iter().any(|h| h.name == header.name && h.language == header.language);
        if twice && !header.name.is_empty() {
            return Err(Notice::error(
                Place { sheet: name, row: first + 1, column: &written },
                "这一列写了两次，留一列",
                "This column is there twice; keep one",
            ));
        }
        headers.push(header);
    }
    let read = |(cells, number): (&[Data], u32)| {
        let named =
            cells.iter().enumerate().filter(|(at, _)| headers.get(*at).is_some_and(|h| !h.name.is_empty()));
        let cells: BTreeMap<usize, String> = named.filter_map(|(at, cell)| Some((at, text(cell)?))).collect();
        (!cells.is_empty()).then_some(Row { number, cells })
    };
    let rows = rows.filter_map(read).collect();
    Ok(Sheet { name: name.to_owned(), headers, rows })
}

/// A cell as pyxform reads it: white space trimmed and runs of it made one space; whole numbers without `.0`.
fn text(cell: &Data) -> Option<String> {
    let raw = match cell {
        Data::Empty | Data::Error(_) => return None,
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        other => other.to_string(),
    };
    // pyxform takes typographic quotes for what Excel made of plain ones.
    let clean = raw
        .replace('\u{a0}', " ")
        .replace(['\u{2018}', '\u{2019}'], "'")
        .replace(['\u{201c}', '\u{201d}'], "\"");
    let clean = clean.trim_matches([' ', '\t', '\n', '\r']);
    (!clean.is_empty()).then(|| squeeze(clean))
}

/// Runs of blanks become one blank; line breaks stay.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        let is_blank = c == ' ' || c == '\t';
        if !(is_blank && blank) {
            out.push(if is_blank { ' ' } else { c });
        }
        blank = is_blank;
    }
    out
}

/// A header: `label::中文 (zh)`, `bind::xc:maps`, `media::image::English (en)`, `required message`.
fn header(written: &str) -> Header {
    let mut parts = written.split("::").map(str::trim);
    let first = parts.next().unwrap_or_default();
    let mut name = first.to_lowercase().replace(' ', "_");
    name = alias(&name).to_owned();
    let mut rest: Vec<&str> = parts.collect();
    if matches!(name.as_str(), "bind" | "instance" | "body" | "attribute" | "control") && !rest.is_empty() {
        name = format!("{name}::{}", rest.remove(0));
    }
    if name == "media" && !rest.is_empty() {
        rest.remove(0).to_lowercase().clone_into(&mut name);
    }
    Header { name, language: rest.first().map(|l| (*l).to_owned()), written: written.to_owned() }
}

fn alias(name: &str) -> &str {
    match name {
        "relevance" => "relevant",
        "caption" => "label",
        "command" => "type",
        "tag" | "value" => "name",
        "calculate" => "calculation",
        "read_only" => "readonly",
        "constraint_msg" => "constraint_message",
        "required_msg" => "required_message",
        "guidance" => "guidance_hint",
        "list" => "list_name",
        "id_string" => "form_id",
        "title" => "form_title",
        other => other,
    }
}

/// What a zip's central directory says its files unpack to. A directory that lies is stopped by the reader,
/// which checks each file's length.
fn unpacked_size(bytes: &[u8]) -> u64 {
    let entry = |w: &[u8]| -> Option<u64> {
        let size: [u8; 4] = w.get(24..28)?.try_into().ok()?;
        w.starts_with(&[0x50, 0x4b, 0x01, 0x02]).then(|| u64::from(u32::from_le_bytes(size)))
    };
    bytes.windows(28).filter_map(entry).fold(0, u64::saturating_add)
}
