//! Looks at the zip before it is unpacked: how large would it become?
//!
//! The sizes written in the archive may lie, so every entry is unpacked once into nothing, up to
//! the limit. What passes is safe to hand to the reader.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Limits;
use crate::error::{Code, Notice, Place};

/// How files of Excel 97 to 2003 begin. They are refused: their reader lays a sheet out whole, from its first
/// cell to its last, so that two cells in a file of some kilobytes take half a gigabyte.
const OLD_EXCEL: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// How an archive begins, and so an .xlsx.
pub(super) const ZIP: &[u8] = b"PK";

/// Refuses files that are too large, and those of old Excel.
pub(super) fn size(bytes: &[u8], limits: &Limits) -> Result<(), Box<Notice>> {
    if bytes.len() > limits.bytes {
        return Err(too_large(
            format!("文件有{}字节，最多{}字节。", bytes.len(), limits.bytes),
            format!("the file has {} bytes; {} are allowed.", bytes.len(), limits.bytes),
        ));
    }
    if bytes.starts_with(&OLD_EXCEL) {
        return Err(Box::new(Notice::error(
            Code::NotAWorkbook,
            Place::workbook(),
            "这是旧式Excel文件（.xls）。现行表单没有变。在Excel里另存为“Excel工作簿（.xlsx）”后再导入。",
            "this is an old Excel file (.xls). The form in force is unchanged. Save it from Excel as 'Excel Workbook (.xlsx)' and import it again.",
        )));
    }
    Ok(())
}

/// Refuses archives that hold too many entries, or unpack to too much.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Box<Notice>> {
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
    Ok(())
}

fn too_large(zh: String, en: String) -> Box<Notice> {
    Box::new(Notice::error(Code::TooLarge, Place::workbook(), zh, en))
}
