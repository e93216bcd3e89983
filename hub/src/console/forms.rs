//! 表单: what phones fill, and importing a workbook with its errors by sheet, row and column.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use xuncha_casework::format;

use super::frame::Frame;
use super::session::{Area, Signed};
use super::trouble::{Answer, html_as};
use crate::ledger::{forms, words};
use crate::{Hub, HubError};

#[derive(Template)]
#[template(path = "forms.html")]
struct FormsPage {
    frame: Frame,
    said: String,
    import: Import,
    may_import: bool,
    rows: Vec<Row>,
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
}

/// `GET /forms`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Forms)?;
    show(&hub, &signed, Import::default()).await
}

async fn show(hub: &Hub, signed: &Signed, import: Import) -> Answer {
    let (tenant, cache) = (signed.0.tenant.clone(), hub.rules().clone());
    let (rules, found) =
        hub.db().read(move |tx| Ok((cache.load(tx, &tenant)?, forms::list(tx, &tenant)?))).await?;
    let mut frame = Frame::of(hub, signed, "表单", "/forms").await?;
    frame.wrong = !import.faults.is_empty();
    let status = if import.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = FormsPage {
        frame,
        said: format!("共{}张", found.len()),
        import,
        may_import: signed.may(Area::Import),
        rows: found
            .into_iter()
            .map(|f| Row {
                kind: words::form_kind(&f.kind).to_owned(),
                imported: format::table(f.imported_ms, &rules.calendar),
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

/// `POST /forms`.
pub(super) async fn import(State(hub): State<Hub>, signed: Signed, mut parts: Multipart) -> Answer {
    signed.must(Area::Import)?;
    let torn = |_| HubError::invalid("文件没有传完，没有导入。再传一次。", "the upload was cut short");
    while let Some(part) = parts.next_field().await.map_err(torn)? {
        if part.name() != Some("workbook") {
            continue;
        }
        let file = part.file_name().unwrap_or("文件").to_owned();
        let bytes = part.bytes().await.map_err(torn)?;
        return match hub.import_form_workbook(&signed.0.person, &bytes).await {
            Ok(form) => {
                let done = format!("{} 第{}版已生效。手机下次联网时取。", form.title, form.version);
                show(&hub, &signed, Import { done, file, notes: form.notes, ..Import::default() }).await
            }
            Err(HubError::Invalid { zh, .. }) => {
                let faults = zh.lines().map(str::to_owned).collect();
                show(&hub, &signed, Import { file, faults, ..Import::default() }).await
            }
            Err(e) => Err(e.into()),
        };
    }
    let faults = vec!["没有选文件。选一个.xlsx、.xls、.csv或.md，再传一次。".to_owned()];
    show(&hub, &signed, Import { faults, ..Import::default() }).await
}
