//! Looks at the zip before it is unpacked: how large would it become?
//!
//! The sizes written in the archive may lie, so every entry is unpacked once into nothing, up to
//! the limit. What passes is safe to hand to the reader.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Limits;
use crate::error::{Code, Notice, Place};

/// How an archive begins, and so an .xlsx.
pub(super) const ZIP: &[u8] = b"PK";

/// Refuses files that are too large.
pub(super) fn size(bytes: &[u8], limits: &Limits) -> Result<(), Box<Notice>> {
    if bytes.len() > limits.bytes {
        return Err(too_large(
            format!("文件有{}字节，最多{}字节。", bytes.len(), limits.bytes),
            format!("the file has {} bytes; {} are allowed.", bytes.len(), limits.bytes),
        ));
    }
    Ok(())
}

/// Refuses a workbook of too many sheets.
pub(super) fn sheets(names: Vec<String>, limits: &Limits) -> Result<Vec<String>, Box<Notice>> {
    if names.len() > limits.entries {
        return Err(too_large(
            format!("超过{}张表。删去用不到的表。", limits.entries),
            format!("more than {} sheets. Delete those that are not used.", limits.entries),
        ));
    }
    Ok(names)
}

/// What the sheets of a workbook may still hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    /// Cells of the sheet.
    cells: usize,
    /// Bytes of text in all sheets.
    text: usize,
}

/// What is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spent {
    Cells,
    Text,
}

impl Budget {
    /// Text that many cells share stands once in the file, so it is counted against the file's size.
    pub(super) fn new(unpacked: usize, limits: &Limits) -> Self {
        Self { cells: limits.cells, text: unpacked.saturating_mul(limits.expansion).max(4 << 20) }
    }

    /// The same for the next sheet, which may have as many cells again.
    pub(super) fn next_sheet(&mut self, limits: &Limits) {
        self.cells = limits.cells;
    }

    /// Takes one cell of that text out of it.
    pub(super) fn take(&mut self, text: &str) -> Result<(), Spent> {
        self.cells = self.cells.checked_sub(1).ok_or(Spent::Cells)?;
        self.text = self.text.checked_sub(text.len()).ok_or(Spent::Text)?;
        Ok(())
    }
}

/// The size of all parts of an archive, unpacked. Refuses those that hold too many, or unpack to too much.
pub(super) fn unpacked(bytes: &[u8], limits: &Limits) -> Result<usize, Box<Notice>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Box::new(super::unreadable()))?;
    if archive.len() > limits.entries {
        return Err(too_large(
            format!("压缩包里有{}个文件，最多{}个。", archive.len(), limits.entries),
            format!("the archive holds {} files; {} are allowed.", archive.len(), limits.entries),
        ));
    }
    let mut left = limits.unpacked;
    let mut chunk = [0_u8; 16 * 1024];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| Box::new(super::unreadable()))?;
        let packed = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX).min(bytes.len());
        // Small entries may pack well: the ratio counts from 1 MiB on.
        let mut allowed = packed.saturating_mul(limits.ratio).max(1 << 20);
        loop {
            let read = entry.read(&mut chunk).map_err(|_| Box::new(super::unreadable()))?;
            if read == 0 {
                break;
            }
            if read > left || read > allowed {
                return Err(too_large(
                    "解压后大得不正常，没有打开。现行表单没有变。在Excel里另存一份再导入。".to_owned(),
                    "it unpacks to far more than a form needs, and was not opened. The form in force is unchanged. Save a fresh copy from Excel.".to_owned(),
                ));
            }
            left -= read;
            allowed -= read;
        }
    }
    Ok(limits.unpacked - left)
}

fn too_large(zh: String, en: String) -> Box<Notice> {
    Box::new(Notice::error(Code::TooLarge, Place::workbook(), zh, en))
}
