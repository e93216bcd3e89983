//! Files beside a form: lists that it reads (`jr://file-csv/…`, `jr://file/…`) and what it shows (`jr://images/…`).
//!
//! A form is imported with every file that it names. One that was not handed in again is the one that the form has by
//! that name already.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use xuncha_forms::{ExternalInstances, Form, FormError, Limits};
use xuncha_wire::BlobId;
use xuncha_wire::entity::{FormFile, MAX_FILE_BYTES};
use xuncha_xlsform::cell_naming;

use super::entity_lists::Lists;
use super::form_faults;
use crate::HubError;
use crate::store::{E, Tx, V};

/// Most bytes of all files of a form.
pub(crate) const MAX_FORM_BYTES: u64 = 128 << 20;
/// Most files of a form.
const MAX_FILES: usize = 1000;

/// A file as its author hands it in beside a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenFile {
    /// Its name without folders, as the form writes it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A form that compiles with its files.
pub(super) struct Complete {
    pub(super) form: Form,
    /// What it reads and shows.
    pub(super) files: Vec<FormFile>,
    /// The entity lists that it reads, as it calls them.
    pub(super) lists: Vec<String>,
    /// The bytes of those that were handed in.
    pub(super) fresh: Vec<(BlobId, Vec<u8>)>,
    /// Files that stay as they are, and files that nothing asks for; in Chinese.
    pub(super) notes: Vec<String>,
}

/// A form's files: those handed in, and those it has from before.
#[derive(Default)]
pub(super) struct Beside {
    given: BTreeMap<String, Vec<u8>>,
    /// By what the form calls them.
    before: BTreeMap<String, (BlobId, Vec<u8>)>,
    /// Entity lists, which stand before files of their name: those are as old as the import.
    pub(super) lists: Lists,
}

impl Beside {
    /// What was handed in, within bounds.
    ///
    /// # Errors
    /// [`HubError::Invalid`] for files too large or too many, an empty one, or two of one name.
    pub(super) fn of(given: Vec<GivenFile>) -> Result<Self, HubError> {
        let all: u64 = given.iter().map(|file| file.bytes.len() as u64).sum();
        if given.len() > MAX_FILES || all > MAX_FORM_BYTES {
            return Err(too_much());
        }
        let mut beside = Self::default();
        for GivenFile { name, bytes } in given {
            if bytes.len() as u64 > MAX_FILE_BYTES {
                let megabytes = MAX_FILE_BYTES >> 20;
                return Err(HubError::invalid(
                    format!(
                        "文件“{name}”超过{megabytes} MB，没有导入。现有的表单照常使用。把它改小，或拆成几个文件。"
                    ),
                    format!(
                        "The file '{name}' is larger than {megabytes} MB; nothing was imported. The present form stays in use. Make it smaller or split it."
                    ),
                ));
            }
            if bytes.is_empty() {
                return Err(HubError::invalid(
                    format!("文件“{name}”是空的，没有导入。现有的表单照常使用。换上有内容的文件再导入。"),
                    format!(
                        "The file '{name}' is empty; nothing was imported. The present form stays in use. Hand in the file with its content."
                    ),
                ));
            }
            if beside.given.insert(name.clone(), bytes).is_some() {
                return Err(HubError::invalid(
                    format!("有两个文件都叫“{name}”，没有导入。现有的表单照常使用。只留一个再导入。"),
                    format!(
                        "Two files are called '{name}'; nothing was imported. The present form stays in use. Keep one of them."
                    ),
                ));
            }
        }
        Ok(beside)
    }

    /// Adds the files of the form's present version.
    pub(super) fn with_before(&mut self, before: BTreeMap<String, (BlobId, Vec<u8>)>) {
        self.before = before;
    }

    fn get(&self, src: &str) -> Option<&[u8]> {
        let known = || self.before.get(src).map(|(_, bytes)| bytes);
        self.given.get(name_of(src)).or_else(known).map(Vec::as_slice)
    }
}

impl ExternalInstances for Beside {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        self.lists.file(src).or_else(|| self.get(src).map(Cow::Borrowed))
    }
}

/// The same, with a list without rows in the place of each that is missing, so that all of them are found.
struct StandIn<'a> {
    beside: &'a Beside,
    missing: BTreeSet<String>,
}

impl ExternalInstances for StandIn<'_> {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        let empty: &[u8] = match () {
            () if src.ends_with(".csv") => b"name\n",
            () if src.ends_with(".geojson") => br#"{"type":"FeatureCollection","features":[]}"#,
            () => b"<root/>",
        };
        self.beside.bytes(src).or_else(|| self.missing.contains(src).then_some(Cow::Borrowed(empty)))
    }
}

/// A form, and which of the files that it names are not there.
///
/// # Errors
/// [`HubError::Invalid`] with what the compiler says.
pub(super) fn lacking(
    xml: &str,
    workbook: &[u8],
    beside: &Beside,
) -> Result<(Form, BTreeSet<String>), HubError> {
    let mut stand_in = StandIn { beside, missing: BTreeSet::new() };
    let form = loop {
        match Form::compile(xml.as_bytes(), &stand_in, &Limits::default()) {
            Ok(form) => break form,
            Err(FormError::MissingExternal { src, .. }) if stand_in.missing.insert(src.clone()) => {}
            Err(fault) => return Err(form_faults::refused(&fault, workbook)),
        }
    };
    let mut missing = stand_in.missing;
    missing.extend(shown(&form).filter(|src| beside.get(src).is_none()).map(str::to_owned));
    Ok((form, missing))
}

/// The pictures of a form that are files of its own, and not on the web.
fn shown(form: &Form) -> impl Iterator<Item = &str> {
    form.media().into_iter().filter(|src| !src.starts_with("http") && !is_played(src))
}

/// Is it sound or film? Phones play neither yet, so they do not fetch it.
fn is_played(src: &str) -> bool {
    src.starts_with("jr://audio/") || src.starts_with("jr://video/")
}

/// Compiles a form with its files.
///
/// # Errors
/// [`HubError::Invalid`] with what the compiler says, or naming every file that is missing.
pub(super) fn complete(xml: &str, workbook: &[u8], beside: Beside) -> Result<Complete, HubError> {
    let (form, missing) = lacking(xml, workbook, &beside)?;
    if !missing.is_empty() {
        return Err(all_missing(&missing, workbook));
    }
    let asked: BTreeSet<String> = shown(&form).chain(form.files()).map(str::to_owned).collect();
    let (mut files, mut lists) = (Vec::new(), Vec::new());
    let (mut taken, mut notes) = (BTreeSet::new(), Vec::new());
    for src in asked {
        if let Some(list) = beside.lists.name_of(&src) {
            if beside.given.contains_key(name_of(&src)) {
                taken.insert(name_of(&src).to_owned());
                notes.push(format!(
                    "“{list}”是实体名单，手机读平台上的名单，交来的“{}”没有收。",
                    name_of(&src)
                ));
            }
            lists.push(src);
        } else if let Some(bytes) = beside.given.get(name_of(&src)) {
            taken.insert(name_of(&src).to_owned());
            files.push(FormFile { id: BlobId::of(bytes), size: bytes.len() as u64, src });
        } else if let Some((id, bytes)) = beside.before.get(&src) {
            notes.push(format!("文件“{}”这次没有交来，沿用现有的。", name_of(&src)));
            files.push(FormFile { id: id.clone(), size: bytes.len() as u64, src });
        }
    }
    if files.iter().map(|file| file.size).sum::<u64>() > MAX_FORM_BYTES {
        return Err(too_much());
    }
    for src in form.media().into_iter().filter(|src| is_played(src)) {
        taken.insert(name_of(src).to_owned());
        notes.push(format!("“{}”是声音或视频，手机上还不播放，没有收。", name_of(src)));
    }
    let unasked = beside.given.keys().filter(|name| !taken.contains(*name));
    notes.extend(unasked.map(|name| format!("文件“{name}”没有题目用到，没有收。核对文件名的大小写。")));
    let named: BTreeSet<&BlobId> = files.iter().map(|file| &file.id).collect();
    let given = beside.given.into_values().map(|bytes| (BlobId::of(&bytes), bytes));
    let fresh = given.filter(|(id, _)| named.contains(id)).collect();
    Ok(Complete { form, files, lists, fresh, notes })
}

/// The file's own name in what the form calls it.
pub(crate) fn name_of(src: &str) -> &str {
    src.rsplit('/').next().unwrap_or(src)
}

/// Every missing file in one answer: a line each, with the cell that names it.
fn all_missing(missing: &BTreeSet<String>, workbook: &[u8]) -> HubError {
    let mut lines: (Vec<String>, Vec<String>) = Default::default();
    for src in missing {
        let name = name_of(src);
        let zh = format!("要用文件“{name}”，没有交来。");
        let en = format!("the file '{name}' is needed and was not handed in.");
        match cell_naming(workbook, &xuncha_xlsform::Limits::default(), name) {
            Some(cell) => {
                lines.0.push(cell.sentence_zh(&zh));
                lines.1.push(cell.sentence_en(&en));
            }
            None => {
                lines.0.push(format!("表单{zh}"));
                lines.1.push(format!("By the form {en}"));
            }
        }
    }
    let zh = "没有导入，现有的表单照常使用。把缺的文件和表单一起选上，再导入。";
    let en = "Nothing was imported; the present form stays in use. Choose what is missing together with the form and import again.";
    HubError::invalid(format!("{}{zh}", lines.0.join("\n")), format!("{} {en}", lines.1.join("\n")))
}

fn too_much() -> HubError {
    let megabytes = MAX_FORM_BYTES >> 20;
    HubError::invalid(
        format!(
            "表单的文件合起来超过{megabytes} MB，或多于{MAX_FILES}个，没有导入。现有的表单照常使用。减少文件再导入。"
        ),
        format!(
            "The form's files are more than {megabytes} MB together, or more than {MAX_FILES}; nothing was imported. The present form stays in use. Hand in less."
        ),
    )
}

/// The files of a form's present version, by what the form calls them.
pub(super) fn present(
    tx: &mut dyn Tx,
    tenant: &str,
    form: &str,
) -> Result<BTreeMap<String, (BlobId, Vec<u8>)>, E> {
    let rows = tx.all(
        "SELECT n.src, n.file, f.body FROM form v
         JOIN form_file n ON n.tenant = v.tenant AND n.form = v.form AND n.version = v.version
         JOIN file f ON f.tenant = n.tenant AND f.id = n.file
         WHERE v.tenant = $1 AND v.form = $2 AND v.current = 1 ORDER BY n.src",
        &[V::T(tenant), V::T(form)],
        |r| Ok((r.text(0)?, r.text(1)?, r.blob(2)?)),
    )?;
    let damaged = || E::Damaged("a form's file".into());
    let whole = |(src, id, body): (String, String, Vec<u8>)| {
        let bytes = xuncha_wire::envelope::open(&body).map_err(|_| damaged())?.to_vec();
        Ok((src, (id.parse().map_err(|_| damaged())?, bytes)))
    };
    rows.into_iter().map(whole).collect()
}

/// Writes the files of a version of a form in the place of those it had.
pub(super) fn put(
    tx: &mut dyn Tx,
    tenant: &str,
    (form, version): (&str, &str),
    files: &[FormFile],
    fresh: &[(BlobId, Vec<u8>)],
) -> Result<(), E> {
    for (id, bytes) in fresh {
        tx.exec(
            "INSERT INTO file (tenant, id, size, body) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, id) DO NOTHING",
            &[
                V::T(tenant),
                V::T(id.as_str()),
                V::I(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
                V::B(&xuncha_wire::envelope::wrap(bytes)),
            ],
        )?;
    }
    tx.exec(
        "DELETE FROM form_file WHERE tenant = $1 AND form = $2 AND version = $3",
        &[V::T(tenant), V::T(form), V::T(version)],
    )?;
    for file in files {
        tx.exec(
            "INSERT INTO form_file (tenant, form, version, src, file) VALUES ($1, $2, $3, $4, $5)",
            &[V::T(tenant), V::T(form), V::T(version), V::T(&file.src), V::T(file.id.as_str())],
        )?;
    }
    Ok(())
}
