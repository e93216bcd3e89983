//! Forms: imported from a workbook or as XML with the files beside them, compiled before anything is stored.

use xuncha_wire::entity::{FormBody, KIND_FORM, beyond_phones};
use xuncha_xlsform::Notice;

use super::entity_lists::{self, Lists};
use super::form_files::{self, Beside, Complete};
use super::{Deed, GivenFile, entities};
use crate::store::V;
use crate::{Hub, HubError};

/// The namespace of what the product understands in a form; `content/README.md`.
const XC: &str = "urn:xuncha:form:1";
/// The file of the lists of `select_one_external`.
const ITEMSETS: &str = "itemsets.csv";
/// The form kind that “拍照上报” opens.
const QUICK: &str = "street";

/// A form as its author wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written<'a> {
    /// An XForm.
    XForm(&'a str),
    /// An XLSForm workbook: .xlsx, .xls, or pyxform's CSV or Markdown of it; which one, its bytes say.
    Workbook(&'a [u8]),
}

/// What an import took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedForm {
    /// The form's id.
    pub form: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// How many files it reads and shows.
    pub files: usize,
    /// What deserves a look in its workbook, and what other apps would read in another way, in Chinese, with sheet, row
    /// and column; and what became of files.
    pub notes: Vec<String>,
}

/// What a form asks for that phones do not do yet, as its author calls it.
fn in_words(feature: &str) -> &'static str {
    match feature {
        "base64RsaPublicKey" => "加密提交",
        "odk:recordaudio" => "后台录音",
        _ => "别的功能",
    }
}

impl Hub {
    /// Imports a form with the files beside it. Phones get this version with these files; older ones stay known for
    /// records that are on their way. The same version again replaces the form and its files.
    ///
    /// # Errors
    /// [`HubError::Invalid`] naming sheet, row and column of each fault, or every file that is missing; nothing is
    /// changed then.
    pub async fn import_form(
        &self,
        by: &str,
        written: Written<'_>,
        mut files: Vec<GivenFile>,
    ) -> Result<ImportedForm, HubError> {
        match written {
            Written::XForm(xml) => self.put_form(by, xml.to_owned(), Vec::new(), files).await,
            Written::Workbook(workbook) => {
                let converted = xuncha_xlsform::convert(workbook, &xuncha_xlsform::Limits::default());
                let converted = converted.map_err(|faults| {
                    let zh: Vec<_> = faults.iter().map(Notice::sentence_zh).collect();
                    let en: Vec<_> = faults.iter().map(Notice::sentence_en).collect();
                    HubError::invalid(zh.join("\n"), en.join("\n"))
                })?;
                // The lists of the sheet external_choices travel as the file that the form reads them from.
                if let Some(lists) = converted.itemsets {
                    files.retain(|file| file.name != ITEMSETS);
                    files.push(GivenFile { name: ITEMSETS.to_owned(), bytes: lists.into_bytes() });
                }
                let mut imported = self.put_form(by, converted.xml, workbook.to_vec(), files).await?;
                let notices = converted.warnings.iter().chain(&converted.portability);
                imported.notes.splice(0..0, notices.map(Notice::sentence_zh));
                Ok(imported)
            }
        }
    }

    /// Imports an XForm that reads and shows no files.
    ///
    /// # Errors
    /// As [`Self::import_form`].
    pub async fn import_form_xml(&self, by: &str, xml: &str) -> Result<ImportedForm, HubError> {
        self.import_form(by, Written::XForm(xml), Vec::new()).await
    }

    /// Imports a workbook whose form reads and shows no files.
    ///
    /// # Errors
    /// As [`Self::import_form`].
    pub async fn import_form_workbook(&self, by: &str, workbook: &[u8]) -> Result<ImportedForm, HubError> {
        self.import_form(by, Written::Workbook(workbook), Vec::new()).await
    }

    async fn put_form(
        &self,
        by: &str,
        xml: String,
        workbook: Vec<u8>,
        given: Vec<GivenFile>,
    ) -> Result<ImportedForm, HubError> {
        let mut beside = Beside::of(given)?;
        let tenant = self.tenant().to_string();
        beside.lists = self.db().read(move |tx| Lists::known(tx, &tenant)).await?;
        let (compiled, mut missing) = form_files::lacking(&xml, &workbook, &beside)?;
        beside.lists.add(&compiled.entity_lists());
        missing.retain(|src| beside.lists.name_of(src).is_none());
        if !missing.is_empty() {
            let (tenant, form) = (self.tenant().to_string(), compiled.id().to_owned());
            beside.with_before(self.db().read(move |tx| form_files::present(tx, &tenant, &form)).await?);
        }
        let Complete { form: compiled, files, lists, fresh, notes } =
            form_files::complete(&xml, &workbook, beside)?;
        if compiled.id().is_empty() {
            return Err(HubError::invalid("表单没有 id，没有导入。", "not imported: the form has no id"));
        }
        if let Some(feature) = beyond_phones(&compiled.needs()) {
            return Err(HubError::invalid(
                format!(
                    "表单要用{}（{feature}），手机上还做不到，没有导入。现有的表单照常使用。请去掉这一项再导入。",
                    in_words(feature)
                ),
                format!(
                    "The form needs {feature}, which phones do not do yet, and was not imported. The present one stays in use. Take that out and import it again."
                ),
            ));
        }
        let kind = compiled.root_attribute(XC, "kind").unwrap_or_default().to_owned();
        let body = FormBody {
            form: compiled.id().to_owned(),
            version: compiled.version().to_owned(),
            title: compiled.title().to_owned(),
            quick: kind == QUICK,
            kind,
            xml,
            files,
            lists,
        };
        let imported = ImportedForm {
            form: body.form.clone(),
            version: body.version.clone(),
            title: body.title.clone(),
            files: body.files.len(),
            notes,
        };
        let written = compiled.entity_lists();
        let about = format!("{} {}", body.form, body.version);
        Deed::of(self, by)?
            .run(self, "import_form", &about, move |tx, deed, changes| {
                let tenant = &deed.tenant;
                tx.exec(
                    "UPDATE form SET current = 0 WHERE tenant = $1 AND form = $2",
                    &[V::T(tenant), V::T(&body.form)],
                )?;
                tx.exec(
                    "INSERT INTO form (tenant, form, version, title, kind, quick, current, xml, workbook, imported_ms,
                         imported_by)
                     VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10)
                     ON CONFLICT (tenant, form, version) DO UPDATE SET title = excluded.title, kind = excluded.kind,
                         quick = excluded.quick, current = 1, xml = excluded.xml, workbook = excluded.workbook,
                         imported_ms = excluded.imported_ms, imported_by = excluded.imported_by",
                    &[
                        V::T(tenant),
                        V::T(&body.form),
                        V::T(&body.version),
                        V::T(&body.title),
                        V::T(&body.kind),
                        V::I(i64::from(body.quick)),
                        V::T(&body.xml),
                        V::B(&workbook),
                        V::I(deed.now_ms),
                        V::T(&deed.by),
                    ],
                )?;
                form_files::put(tx, tenant, (&body.form, &body.version), &body.files, &fresh)?;
                let ver = entities::put(tx, tenant, KIND_FORM, &body.form, &body)?;
                changes.show("t", KIND_FORM, &body.form, ver);
                entity_lists::keep(tx, deed, &written, changes)
            })
            .await?;
        Ok(imported)
    }
}
