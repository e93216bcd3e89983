//! Ledgers as a file and on paper, with the same cells.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use xuncha_casework::format;

use super::session::Signed;
use super::sign_in::bureau;
use super::trouble::{Answer, Trouble, html};
use crate::ledger::sheet;
use crate::{Hub, audit};

/// Which ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Book {
    Cases,
    Visits,
}

impl Book {
    fn title(self) -> &'static str {
        match self {
            Self::Cases => "问题台账",
            Self::Visits => "涉企走访台账",
        }
    }
}

#[derive(Template)]
#[template(path = "print.html")]
struct Paper {
    title: String,
    said: String,
    back: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    by: String,
    at: String,
}

async fn title(hub: &Hub, book: Book) -> Result<(String, String), Trouble> {
    let (cache, tenant) = (hub.rules().clone(), hub.tenant().to_string());
    let calendar = hub.db().read(move |tx| Ok(cache.load(tx, &tenant)?.calendar.clone())).await?;
    let at = format::full(hub.now_ms(), &calendar);
    Ok((format!("{}{}（截至{at}）", bureau(hub).await?, book.title()), at))
}

/// The file; who took it out stands in the audit.
pub(super) async fn workbook(
    hub: &Hub,
    signed: &Signed,
    book: Book,
    rows: Vec<Vec<String>>,
    said: String,
) -> Answer {
    let (title, _) = title(hub, book).await?;
    let count = rows.len();
    let bytes = tokio::task::spawn_blocking(move || match book {
        Book::Cases => sheet::write(&title, &said, &sheet::CASE_HEADS, &rows),
        Book::Visits => sheet::write(&title, &said, &sheet::VISIT_HEADS, &rows),
    })
    .await
    .map_err(|_| crate::store::E::Panicked)??;
    let (tenant, person, now) = (signed.0.tenant.clone(), signed.0.person.clone(), hub.now_ms());
    let detail = format!("{count} rows");
    hub.db()
        .write(move |tx| audit::write(tx, &tenant, now, &person, "export", book.title(), &detail))
        .await?;
    let name = match book {
        Book::Cases => "ledger.xlsx",
        Book::Visits => "visits.xlsx",
    };
    let mut answer = bytes.into_response();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = format!(
        "attachment; filename=\"{name}\"; filename*=UTF-8''{}.xlsx",
        super::trouble::form_urlencode(book.title())
    );
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(answer)
}

/// The print view, A4 landscape: fewer columns, some of two.
pub(super) async fn paper(
    hub: &Hub,
    signed: &Signed,
    book: Book,
    rows: &[Vec<String>],
    said: String,
    back: String,
) -> Answer {
    let (title, at) = title(hub, book).await?;
    let (heads, rows) = match book {
        Book::Cases => sheet::printed(&sheet::CASE_HEADS, &sheet::CASE_PRINTED, rows),
        Book::Visits => sheet::printed(&sheet::VISIT_HEADS, &sheet::VISIT_PRINTED, rows),
    };
    html(&Paper { title, said, back, heads, rows, by: signed.0.name.clone(), at })
}
