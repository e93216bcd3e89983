//! A form and its files in one .zip, or its files in one.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::GivenFile;
use super::form_files::MAX_FORM_BYTES;
use crate::HubError;

/// Most entries of a .zip.
const ENTRIES: usize = 2000;

/// The form's workbook and its files, whichever of them came as a .zip. Folders in it do not count, and neither does what
/// begins with a dot, as macOS writes.
///
/// # Errors
/// [`HubError::Invalid`] for a .zip that can't be read or is too large, or without exactly one workbook.
pub fn unpack(form: GivenFile, files: Vec<GivenFile>) -> Result<(GivenFile, Vec<GivenFile>), HubError> {
    let mut beside = Vec::new();
    for file in files {
        if is_zip(&file) { beside.extend(entries(&file)?) } else { beside.push(file) }
    }
    if !is_zip(&form) {
        return Ok((form, beside));
    }
    let (workbooks, others): (Vec<_>, Vec<_>) = entries(&form)?.into_iter().partition(is_workbook);
    beside.splice(0..0, others);
    match <[GivenFile; 1]>::try_from(workbooks) {
        Ok([workbook]) => Ok((workbook, beside)),
        Err(found) => Err(HubError::invalid(
            format!(
                "“{}”里有{}个Excel表单，没有导入。现有的表单照常使用。里面只放一个表单和它的文件。",
                form.name,
                found.len()
            ),
            format!(
                "There are {} workbooks in '{}'; nothing was imported. The present form stays in use. Put one form and its files into it.",
                found.len(),
                form.name
            ),
        )),
    }
}

fn is_zip(file: &GivenFile) -> bool {
    has_ending(&file.name, &["zip"])
}

fn is_workbook(file: &GivenFile) -> bool {
    has_ending(&file.name, &["xlsx", "xls"])
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, own)| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

fn entries(packed: &GivenFile) -> Result<Vec<GivenFile>, HubError> {
    let unreadable = || {
        HubError::invalid(
            format!("“{}”解不开，没有导入。现有的表单照常使用。重新打包再导入。", packed.name),
            format!(
                "'{}' can't be unpacked; nothing was imported. The present form stays in use. Pack it again.",
                packed.name
            ),
        )
    };
    let too_large = || {
        let megabytes = MAX_FORM_BYTES >> 20;
        HubError::invalid(
            format!(
                "“{}”解开后超过{megabytes} MB，或多于{ENTRIES}个文件，没有导入。现有的表单照常使用。减少文件再导入。",
                packed.name
            ),
            format!(
                "'{}' unpacks to more than {megabytes} MB or {ENTRIES} files; nothing was imported. The present form stays in use. Pack less.",
                packed.name
            ),
        )
    };
    let mut archive = ZipArchive::new(Cursor::new(packed.bytes.as_slice())).map_err(|_| unreadable())?;
    if archive.len() > ENTRIES {
        return Err(too_large());
    }
    let (mut files, mut left) = (Vec::new(), MAX_FORM_BYTES);
    for nth in 0..archive.len() {
        let entry = archive.by_index(nth).map_err(|_| unreadable())?;
        let path = named(entry.name_raw()).replace('\\', "/");
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        if entry.is_dir() || name.is_empty() || name.starts_with('.') {
            continue;
        }
        let mut bytes = Vec::new();
        // What an entry says of its own size is not believed.
        entry.take(left + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        files.push(GivenFile { name, bytes });
    }
    Ok(files)
}

/// A name as it was meant: Windows in Chinese writes GBK, everyone else UTF-8.
fn named(raw: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0,
    }
}
