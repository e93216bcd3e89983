//! 整改通知书, A4.

use askama::Template;
use axum::extract::{Path, State};
use xuncha_casework::format;

use super::evidence::Shots;
use super::people::drawing;
use super::session::Signed;
use super::sign_in::bureau;
use super::trouble::{Answer, Trouble, html};
use crate::Hub;
use crate::ledger::{cases, history, words};

#[derive(Template)]
#[template(path = "notice_paper.html")]
struct Notice {
    case_id: String,
    number: String,
    to: String,
    facts: Vec<(&'static str, String)>,
    before: Shots,
    demand: String,
    qr: String,
    bureau: String,
    date: String,
}

/// `GET /cases/{id}/notice`.
pub(super) async fn notice(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>) -> Answer {
    let (sees, cache) = (signed.sees(), hub.rules().clone());
    let (rules, found, shots) = hub
        .db()
        .read(move |tx| {
            let shots = history::shots(tx, &sees.tenant, "case", &id)?;
            Ok((cache.load(tx, &sees.tenant)?, cases::one(tx, &sees, &id)?, shots))
        })
        .await?;
    let found = found.ok_or(Trouble::Lost)?;
    let case = &found.case;
    let named = |s: &&history::Shot| case.photos.iter().any(|p| p.as_str() == s.id);
    let condition = super::case::condition_of(case, &rules);
    let demand = case.deadline.as_ref().map_or_else(
        || "尚未派遣，期限自派遣起算。".to_owned(),
        |d| {
            format!(
                "请于{}前完成整改，并反馈整改后照片和处理说明。通知和安排不算完成。",
                format::full(d.due_ms, &rules.calendar)
            )
        },
    );
    let facts = [
        ("问题", format!("{}：{}", words::category(case, &rules), case.description)),
        ("地点", found.place().to_owned()),
        ("发现时间", format::full(case.reported_at_ms, &rules.calendar)),
        ("立案条件", condition.map_or_else(String::new, |c| c.zh.clone())),
        ("整改要求", condition.map_or_else(|| "问题解决，现场恢复".to_owned(), |c| c.closing_zh.clone())),
        ("责任人", words::responsible(case)),
    ];
    html(&Notice {
        case_id: case.id.to_string(),
        number: found.number().to_owned(),
        to: case.responsible.as_ref().map_or_else(|| "（尚未派遣）".to_owned(), |r| r.unit_name.clone()),
        facts: facts.into_iter().filter(|(_, v)| !v.is_empty()).collect(),
        before: Shots::of(shots.iter().filter(named).take(2), "整改前", "没有现场照片", &rules.calendar),
        demand,
        qr: drawing(&format!("{}/cases/{}", hub.url().unwrap_or_default(), case.id))?,
        bureau: bureau(&hub).await?,
        date: format::full(hub.now_ms(), &rules.calendar),
    })
}
