//! 手机与入库: what each phone said it made, what the hub holds, and what waits.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use xuncha_casework::{Calendar, format};

use super::frame::{Frame, MarkView};
use super::session::{Area, Signed};
use super::trouble::{Answer, html};
use crate::Hub;
use crate::ledger::phones::{self, PhoneRow, StuckRow};
use crate::ledger::words;

#[derive(Template)]
#[template(path = "phones.html")]
struct PhonesPage {
    frame: Frame,
    said: String,
    rows: Vec<Row>,
    stuck: Vec<Stuck>,
    may_revoke: bool,
}

struct Row {
    id: String,
    name: String,
    unit: String,
    made: String,
    held: String,
    photos_made: String,
    photos_held: String,
    mark: MarkView,
    oldest: String,
    gap: String,
    why: String,
    seen: String,
    said: String,
    app: String,
    revoked: bool,
    revoked_mark: MarkView,
    warn: String,
}

struct Stuck {
    mark: MarkView,
    who: String,
    when: String,
    what: &'static str,
    why: String,
    href: String,
}

fn number(n: i64) -> String {
    format::count(usize::try_from(n).unwrap_or(0))
}

/// `GET /phones`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Phones)?;
    let now = hub.now_ms();
    let (sees, cache) = (signed.sees(), hub.rules().clone());
    let (rules, phones, stuck) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            Ok((rules, phones::list(tx, &sees)?, phones::stuck(tx, &sees)?))
        })
        .await?;
    let in_use = phones.iter().filter(|p| !p.revoked).count();
    let sum = |f: fn(&PhoneRow) -> i64| number(phones.iter().map(f).sum());
    html(&PhonesPage {
        frame: Frame::of(&hub, &signed, "手机与入库", "/phones").await?,
        said: format!(
            "在用{in_use}部 · 手机产生{}条，平台已收{}条；照片{}张，已收{}张",
            sum(|p| p.made),
            sum(|p| p.held),
            sum(|p| p.photos_made),
            sum(|p| p.photos_held)
        ),
        rows: phones.iter().map(|p| row(p, now, &rules.calendar)).collect(),
        stuck: stuck.iter().map(|s| stuck_row(s, now, &rules.calendar)).collect(),
        may_revoke: signed.may(Area::Revoke),
    })
}

fn row(phone: &PhoneRow, now: i64, calendar: &Calendar) -> Row {
    const DAY_MS: i64 = 86_400_000;
    let left = (phone.made - phone.held).max(0);
    let photos_left = (phone.photos_made - phone.photos_held).max(0);
    let silent = phone.pushed_ms > 0 && now - phone.pushed_ms > DAY_MS;
    let mark = if phone.pushed_ms == 0 {
        MarkView::new("clock", "还没有报过数", "neutral")
    } else if phone.all_held() {
        MarkView::new("shield_check", "全部已收", "ok")
    } else {
        let tone = if silent { "danger" } else { "warn" };
        MarkView::new("arrow_up", format!("{left}条、{photos_left}张在手机上"), tone)
    };
    let oldest = if left > 0 && phone.newest_ms > 0 {
        format!("上一条{}收到，之后的未收", format::ago(phone.newest_ms, now, calendar))
    } else {
        String::new()
    };
    let gap = if phone.missing_n > 0 { format!("编号{}起缺", phone.missing_n) } else { String::new() };
    let mut why = words::waiting(&phone.waiting_why).to_owned();
    if phone.clock_ms.abs() > 5 * 60_000 {
        let minutes = phone.clock_ms / 60_000;
        let said = if minutes > 0 {
            format!("手机时间快{minutes}分")
        } else {
            format!("手机时间慢{}分", -minutes)
        };
        why = if why.is_empty() { said } else { format!("{why}；{said}") };
    }
    Row {
        id: phone.id.clone(),
        name: phone.name.clone(),
        unit: phone.unit.clone(),
        made: number(phone.made),
        held: number(phone.held),
        photos_made: number(phone.photos_made),
        photos_held: number(phone.photos_held),
        mark,
        oldest,
        gap,
        why: if why.is_empty() { "—".to_owned() } else { why },
        seen: if phone.seen_ms == 0 {
            "还没有联系过".to_owned()
        } else {
            format::ago(phone.seen_ms, now, calendar)
        },
        said: if silent {
            format!("最后一次报数{}，之后不知道", format::near(phone.pushed_ms, now, calendar))
        } else {
            String::new()
        },
        app: if phone.app.is_empty() { "—".to_owned() } else { phone.app.clone() },
        revoked: phone.revoked,
        revoked_mark: MarkView::new("pause", "已停用", "neutral"),
        warn: if left + photos_left > 0 {
            format!("停用后它的{left}条、{photos_left}张不能自己上传，可用交接包交来。里面的内容不会被删。")
        } else {
            "停用后这部手机不能再取资料和上传。平台已收的内容都在。".to_owned()
        },
    }
}

fn stuck_row(stuck: &StuckRow, now: i64, calendar: &Calendar) -> Stuck {
    let held = stuck.st == "quarantined";
    Stuck {
        mark: if held {
            MarkView::new("box", "平台代管", "warn")
        } else {
            MarkView::new("hand", "平台未采纳", "danger")
        },
        who: stuck.name.clone(),
        when: format::near(stuck.at_ms, now, calendar),
        what: match stuck.kind.as_str() {
            "record" => "交来的记录",
            "case_report" => "上报的问题",
            "case_move" => "办的一步",
            "case_note" => "补充的说明",
            _ => "交来的内容",
        },
        why: stuck.zh.clone(),
        href: if stuck.case.is_empty() { String::new() } else { format!("/cases/{}", stuck.case) },
    }
}

/// `POST /phones/{id}/revoke`.
pub(super) async fn revoke(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.must(Area::Revoke)?;
    hub.revoke_device(&signed.0.person, &id).await?;
    Ok(Redirect::to("/phones").into_response())
}
