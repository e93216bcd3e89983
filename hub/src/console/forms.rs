//! 表单: what phones fill, and importing a workbook and its files with its errors by sheet, row and column.

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use xuncha_casework::format;

use super::frame::Frame;
use super::session::{Area, Signed};
use super::trouble::{Answer, html_as};
use crate::ledger::{entity_lists, forms, words};
use crate::office::form_files::MAX_FORM_BYTES;
use crate::office::forms::{ImportedForm, Written};
use crate::office::{GivenFile, unpack};
use crate::{Hub, HubError};

/// Largest import, bytes: a workbook and its files.
#[allow(clippy::cast_possible_truncation, reason = "far below both")]
pub(super) const IMPORT_BYTES: usize = MAX_FORM_BYTES as usize + (40 << 20);

#[derive(Template)]
#[template(path = "forms.html")]
struct FormsPage {
    frame: Frame,
    said: String,
    import: Import,
    may_import: bool,
    rows: Vec<Row>,
    lists: Vec<List>,
}

struct List {
    name: String,
    href: String,
    entities: String,
    conflicts: String,
}

/// What came of an import; empty where there was none.
#[derive(Default)]
struct Import {
    done: String,
    file: String,
    faults: Vec<String>,
    notes: Vec<String>,
}

struct Row {
    title: String,
    form: String,
    version: String,
    kind: String,
    quick: bool,
    records: i64,
    imported: String,
    files: String,
}

/// `GET /forms`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Forms)?;
    show(&hub, &signed, Import::default()).await
}

async fn show(hub: &Hub, signed: &Signed, import: Import) -> Answer {
    let (tenant, cache) = (signed.0.tenant.clone(), hub.rules().clone());
    let (rules, found, written) = hub
        .db()
        .read(move |tx| {
            Ok((cache.load(tx, &tenant)?, forms::list(tx, &tenant)?, entity_lists::all(tx, &tenant)?))
        })
        .await?;
    let mut frame = Frame::of(hub, signed, "表单", "/forms").await?;
    frame.wrong = !import.faults.is_empty();
    let status = if import.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = FormsPage {
        frame,
        said: format!("共{}张", found.len()),
        import,
        may_import: signed.may(Area::Import),
        lists: written
            .into_iter()
            .map(|l| List {
                href: super::entity_lists::address(&l.name),
                name: l.name,
                entities: format!("{}项", l.entities),
                conflicts: if l.conflicts == 0 {
                    String::new()
                } else {
                    format!("{}项有冲突，等人核对", l.conflicts)
                },
            })
            .collect(),
        rows: found
            .into_iter()
            .map(|f| Row {
                kind: words::form_kind(&f.kind).to_owned(),
                imported: format::table(f.imported_ms, &rules.calendar),
                files: f.files.join("、"),
                title: f.title,
                form: f.form,
                version: f.version,
                quick: f.quick,
                records: f.records,
            })
            .collect(),
    };
    html_as(status, &page)
}

/// `POST /forms`: the form, and the files beside it; either may be a .zip of them.
pub(super) async fn import(State(hub): State<Hub>, signed: Signed, mut parts: Multipart) -> Answer {
    signed.must(Area::Import)?;
    let (mut form, mut files) = (None, Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|e| torn(&e))? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|e| torn(&e))?.to_vec();
        let given = GivenFile { name, bytes };
        match field.as_str() {
            // What a browser sends for a field in which nothing was chosen.
            _ if given.name.is_empty() && given.bytes.is_empty() => {}
            "workbook" => form = Some(given),
            "files" => files.push(given),
            _ => {}
        }
    }
    let Some(form) = form else {
        let faults = vec!["没有选表单。选一个.xlsx、.xls、.csv、.md或.zip，再传一次。".to_owned()];
        return show(&hub, &signed, Import { faults, ..Import::default() }).await;
    };
    let file = if form.name.is_empty() { "文件".to_owned() } else { form.name.clone() };
    match take(&hub, &signed.0.person, form, files).await {
        Ok(form) => {
            let with = if form.files > 0 { format!("，带{}个文件", form.files) } else { String::new() };
            let done = format!("{} 第{}版已生效{with}。手机下次联网时取。", form.title, form.version);
            show(&hub, &signed, Import { done, file, notes: form.notes, ..Import::default() }).await
        }
        Err(HubError::Invalid { zh, .. }) => {
            let faults = zh.lines().map(str::to_owned).collect();
            show(&hub, &signed, Import { file, faults, ..Import::default() }).await
        }
        Err(e) => Err(e.into()),
    }
}

async fn take(hub: &Hub, by: &str, form: GivenFile, files: Vec<GivenFile>) -> Result<ImportedForm, HubError> {
    let (workbook, beside) = unpack(form, files)?;
    hub.import_form(by, Written::Workbook(&workbook.bytes), beside).await
}

fn torn(e: &MultipartError) -> HubError {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let megabytes = IMPORT_BYTES >> 20;
        return HubError::invalid(
            format!("文件合起来超过{megabytes} MB，没有导入，现有的表单照常使用。减少文件，再传一次。"),
            format!("The files are more than {megabytes} MB together; nothing was imported."),
        );
    }
    HubError::invalid("文件没有传完，没有导入。再传一次。", "the upload was cut short")
}
