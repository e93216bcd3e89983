//! 手机与入库: what each phone said it made, what the hub holds, and what waits.

mod one;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use xuncha_casework::terms::Term;
use xuncha_casework::{Calendar, format};
use xuncha_wire::OpId;
use xuncha_wire::push::Verdict;

use super::frame::{Frame, MarkView, address};
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, html};
use crate::ledger::phones::{self, PhoneRow, StuckRow};
use crate::ledger::words;
use crate::{Hub, HubError};
pub(super) use one::page as one;

#[derive(Template)]
#[template(path = "phones.html")]
struct PhonesPage {
    frame: Frame,
    said: String,
    done: String,
    rows: Vec<Row>,
    waiting: Vec<Stuck>,
    refused: Vec<Stuck>,
    may_tend: bool,
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
}

struct Stuck {
    op: String,
    mark: MarkView,
    who: String,
    when: String,
    what: &'static str,
    why: String,
    href: String,
    /// The button that takes it as it is.
    take: String,
    /// The district it can be given to instead: code and button.
    give: (String, String),
}

/// What the address says has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

fn number(n: i64) -> String {
    format::count(usize::try_from(n).unwrap_or(0))
}

/// `GET /phones`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed, Query(done): Query<Done>) -> Answer {
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
    let (waiting, refused): (Vec<_>, Vec<_>) = stuck.iter().partition(|s| s.st == "quarantined");
    html(&PhonesPage {
        frame: Frame::of(&hub, &signed, Term::WordPhones.zh(), "/phones").await?,
        done: match done.done.as_str() {
            "taken" => "已采纳，记录已入台账。",
            "asked" => "已问本人，他的手机下次联网时看到。这条仍在平台代管。",
            "declined" => "已决定不采纳。内容在平台和本人手机上都保留着，本人会看到理由。",
            "refused" => "平台照规则没有采纳，见下面的理由。内容都保留着。",
            "revoked" => "已停用。平台已收的内容都在。",
            _ => "",
        }
        .to_owned(),
        said: format!(
            "在用{in_use}部 · 手机产生{}条，平台已收{}条；照片{}张，已收{}张",
            sum(|p| p.made),
            sum(|p| p.held),
            sum(|p| p.photos_made),
            sum(|p| p.photos_held)
        ),
        rows: phones.iter().map(|p| row(p, now, &rules.calendar)).collect(),
        waiting: waiting.into_iter().map(|s| stuck_row(s, now, &rules.calendar)).collect(),
        refused: refused.into_iter().map(|s| stuck_row(s, now, &rules.calendar)).collect(),
        may_tend: signed.may(Area::Tend),
    })
}

const DAY_MS: i64 = 86_400_000;

/// Is everything here, and if not, for how long not?
fn mark_of(phone: &PhoneRow, now: i64) -> MarkView {
    if phone.pushed_ms == 0 {
        MarkView::new("clock", "还没有报过数", "neutral")
    } else if phone.all_held() {
        MarkView::new("shield_check", "全部已收", "ok")
    } else {
        let since = phone.unsafe_since_ms();
        let long = since > 0 && now - since > DAY_MS;
        let word = if since > 0 { format!("最长{}", span(now - since)) } else { "刚报的数".to_owned() };
        MarkView::new(if long { "alert" } else { "arrow_up" }, word, if long { "danger" } else { "warn" })
    }
}

/// `快12分钟`, `慢3小时`.
fn clock_said(ms: i64) -> String {
    format!("{}{}", if ms > 0 { "快" } else { "慢" }, span(ms.abs()))
}

fn row(phone: &PhoneRow, now: i64, calendar: &Calendar) -> Row {
    let left = (phone.made - phone.held).max(0);
    let photos_left = (phone.photos_made - phone.photos_held).max(0);
    let silent = phone.pushed_ms > 0 && now - phone.pushed_ms > DAY_MS;
    let oldest = if phone.all_held() || phone.pushed_ms == 0 {
        String::new()
    } else {
        format!("{left}条、{photos_left}张还在手机上")
    };
    let gap = if phone.held > phone.made {
        format!("手机少报{}条？", phone.held - phone.made)
    } else if phone.missing_n > 0 && phone.missing_n < phone.top_n {
        format!("编号{}缺，后面的已收", phone.missing_n)
    } else if phone.missing_n > 0 {
        format!("编号{}起未收", phone.missing_n)
    } else {
        String::new()
    };
    let mut why = words::waiting(&phone.waiting_why).to_owned();
    if phone.clock_ms.abs() > 5 * 60_000 {
        let said = format!("手机时间{}", clock_said(phone.clock_ms));
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
        mark: mark_of(phone, now),
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
        revoked_mark: Term::MarkRevoked.into(),
    }
}

fn stuck_row(stuck: &StuckRow, now: i64, calendar: &Calendar) -> Stuck {
    let held = stuck.st == "quarantined";
    let moved = held && stuck.why == "scope_lost";
    let (present, present_name) = &stuck.present;
    let places = matches!(stuck.kind.as_str(), "record" | "case_report");
    let elsewhere = moved && places && !present.is_empty() && *present_name != stuck.district;
    Stuck {
        op: stuck.op.clone(),
        mark: if held { Term::MarkQuarantined.into() } else { Term::MarkRefused.into() },
        take: if moved && !stuck.district.is_empty() {
            format!("归原区（{}）", stuck.district)
        } else {
            "采纳".to_owned()
        },
        give: if elsewhere { (present.clone(), format!("交{present_name}")) } else { Default::default() },
        who: stuck.name.clone(),
        when: format::near(stuck.at_ms, now, calendar),
        what: kind(&stuck.kind),
        why: if held { waits(stuck) } else { stuck.zh.clone() },
        href: if stuck.case.is_empty() { String::new() } else { format!("/cases/{}", stuck.case) },
    }
}

/// What an op is, in words.
fn kind(word: &str) -> &'static str {
    match word {
        "record" => "交来的记录",
        "case_report" => "上报的问题",
        "case_move" => "办的一步",
        "case_note" => "补充的说明",
        _ => "交来的内容",
    }
}

/// Why an op waits, as the administrator reads it; the author has a sentence of their own.
fn waits(stuck: &StuckRow) -> String {
    match stuck.why.as_str() {
        "scope_lost" if stuck.district.is_empty() => format!("{}现在不管这件案卷", stuck.name),
        "scope_lost" => format!("{}调出{}后交来", stuck.name, stuck.district),
        "suspended" => format!("{}的账号停用后交来", stuck.name),
        "clock" => format!("{}的手机时间和平台差一天以上", stuck.name),
        "unknown_form" => format!("{}用的表，平台没有这个版本", stuck.name),
        "unknown_kind" => format!("{}交来的这类内容平台还不认识，升级后再处理", stuck.name),
        _ => stuck.zh.clone(),
    }
}

/// `1天2小时`, `40分钟`.
fn span(ms: i64) -> String {
    let minutes = (ms / 60_000).max(0);
    let (days, hours) = (minutes / 1440, minutes % 1440 / 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}分钟"),
        (0, hours) => format!("{hours}小时"),
        (days, 0) => format!("{days}天"),
        (days, hours) => format!("{days}天{hours}小时"),
    }
}

/// What is decided about an op that waits.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Decided {
    what: String,
    district: String,
    text: String,
}

/// `POST /phones/ops/{op}`.
pub(super) async fn decide(
    State(hub): State<Hub>,
    signed: Signed,
    Path(op): Path<String>,
    Form(decided): Form<Decided>,
) -> Answer {
    signed.must(Area::Tend)?;
    let op: OpId = op.parse().map_err(|_| Trouble::Lost)?;
    let (by, text) = (signed.0.person.as_str(), decided.text.trim());
    let lacking = |zh: &str| Trouble::Hub(HubError::invalid(zh, "a sentence is missing"));
    let done = match decided.what.as_str() {
        "take" => verdict_word(&hub.release_op(by, op).await?),
        "give" => verdict_word(&hub.release_op_to(by, op, decided.district.trim()).await?),
        "ask" if text.is_empty() => {
            return Err(lacking("没有写要问什么，没有发出。这条还在平台代管。回上一页写一句。"));
        }
        "ask" => {
            hub.ask_author(by, op, text).await?;
            "asked"
        }
        "refuse" if text.is_empty() => {
            return Err(lacking("没有写理由，没有办。这条还在平台代管。回上一页写一句。"));
        }
        "refuse" => {
            hub.refuse_op(by, op, text).await?;
            "declined"
        }
        _ => return Err(Trouble::Lost),
    };
    Ok(Redirect::to(&address("/phones", &[("done".into(), done.into())])).into_response())
}

fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Applied | Verdict::Duplicate => "taken",
        _ => "refused",
    }
}

/// `POST /phones/{id}/revoke`.
pub(super) async fn revoke(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.must(Area::Tend)?;
    hub.revoke_device(&signed.0.person, &id).await?;
    Ok(Redirect::to("/phones?done=revoked").into_response())
}
