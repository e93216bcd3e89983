//! One phone: what it said itself, what the hub counts of it, what is missing, and how it is put out of use.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use xuncha_casework::terms::Term;
use xuncha_casework::{Calendar, format};

use super::{DAY_MS, clock_said, kind, mark_of, number};
use crate::Hub;
use crate::console::frame::{Frame, MarkView, Pager, address, rows_a_page, rows_before};
use crate::console::session::{Area, Signed};
use crate::console::trouble::{Answer, Trouble, html};
use crate::ledger::phones::{self, Item, Phone};
use crate::ledger::words;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Ask {
    /// `ops` or `photos`, with a state behind a dot or without; empty: ops.
    show: String,
    /// `revoke`: the step that asks once more.
    confirm: String,
    page: String,
    rows: String,
}

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    frame: Frame,
    id: String,
    mark: MarkView,
    said: String,
    statement: Vec<(&'static str, String)>,
    silent: String,
    held: Vec<(&'static str, String)>,
    counts: Vec<Count>,
    missing: Vec<String>,
    confirm: bool,
    warn: String,
    may_revoke: bool,
    list: String,
    rows: Vec<Row>,
    pager: Pager,
}

/// Ops or photos in one state.
struct Count {
    what: &'static str,
    mark: MarkView,
    count: String,
    unit: &'static str,
    href: String,
    on: bool,
}

struct Row {
    nth: usize,
    what: String,
    href: String,
    mark: MarkView,
    when: String,
    why: String,
}

fn state_mark(state: &str) -> MarkView {
    match state {
        "applied" => MarkView::new("shield_check", "平台已收，已生效", "ok"),
        "refused" => Term::MarkRefused.into(),
        "quarantined" => Term::MarkQuarantined.into(),
        "complete" => Term::MarkHeld.into(),
        "damaged" => MarkView::new("alert", "已收，可能不完整", "warn"),
        "waiting" => MarkView::new("arrow_up", "还没有收全", "warn"),
        _ => MarkView::new("clock", "已收，还没有判定", "neutral"),
    }
}

/// `GET /phones/{id}`.
pub(in crate::console) async fn page(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    signed.must(Area::Phones)?;
    let now = hub.now_ms();
    let (sees, cache, asked) = (signed.sees(), hub.rules().clone(), id.clone());
    let (page, rows) = (ask.page.parse().unwrap_or(1), rows_a_page(&ask.rows));
    let show = if ask.show.is_empty() { "ops".to_owned() } else { ask.show.clone() };
    let (what, state) = show
        .split_once('.')
        .map_or((show.clone(), String::new()), |(what, state)| (what.to_owned(), state.to_owned()));
    let photos = what == "photos";
    let found = hub
        .db()
        .read(move |tx| {
            let Some(phone) = phones::one(tx, &sees, &asked)? else { return Ok(None) };
            let counts = if photos { &phone.photos } else { &phone.ops };
            let total = counts.iter().filter(|(known, _)| state.is_empty() || *known == state);
            let part = (rows_before(total.map(|(_, count)| *count).sum(), (page, rows)), rows);
            let of = (asked.as_str(), state.as_str());
            let listed =
                if photos { phones::photos(tx, &sees, of, part)? } else { phones::ops(tx, &sees, of, part)? };
            Ok(Some((cache.load(tx, &sees.tenant)?, phone, listed)))
        })
        .await?;
    let (rules, phone, listed) = found.ok_or(Trouble::Lost)?;
    let (calendar, row) = (&rules.calendar, &phone.row);
    let action = format!("/phones/{id}");
    let kept = [("show".to_owned(), ask.show.clone()), ("rows".to_owned(), ask.rows.clone())];
    let unit = if photos { "张" } else { "条" };
    let pager = Pager::of(listed.total, unit, (page, rows), action, kept.into()).of_any_length(listed.total);
    let may_revoke = signed.may(Area::Tend) && !row.revoked;
    html(&PhonePage {
        frame: Frame::of(&hub, &signed, &format!("{}的手机", row.name), "/phones").await?,
        mark: if row.revoked { Term::MarkRevoked.into() } else { mark_of(row, now) },
        said: [&row.unit, &row.model]
            .into_iter()
            .filter(|t| !t.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" · "),
        silent: if row.pushed_ms > 0 && now - row.pushed_ms > DAY_MS {
            format!("最后一次报数{}，之后不知道。", format::near(row.pushed_ms, now, calendar))
        } else {
            String::new()
        },
        statement: statement(&phone, now, calendar),
        held: held(&phone, now, calendar),
        counts: counts(&id, &phone, &show),
        missing: missing(&phone),
        confirm: may_revoke && ask.confirm == "revoke",
        warn: warn(&phone),
        may_revoke,
        list: if photos { "照片".to_owned() } else { "记录和案卷的每一步".to_owned() },
        rows: (pager.skip + 1..)
            .zip(&listed.rows)
            .map(|(nth, item)| item_row(nth, item, now, calendar))
            .collect(),
        pager,
        id,
    })
}

const NOT_REPORTED: &str = "手机没有报这一项";

/// What the phone said of itself, in its last push.
fn statement(phone: &Phone, now: i64, calendar: &Calendar) -> Vec<(&'static str, String)> {
    let row = &phone.row;
    if row.pushed_ms == 0 {
        return vec![("报数时间", "还没有报过数".to_owned())];
    }
    let or_not = |text: &str| if text.is_empty() { NOT_REPORTED.to_owned() } else { text.to_owned() };
    let clock = match row.clock_ms {
        ms if ms.abs() < 60_000 => "相差不到1分钟".to_owned(),
        ms => format!("手机{}", clock_said(ms)),
    };
    let waits = words::waiting(&row.waiting_why);
    vec![
        ("报数时间", format::near(row.pushed_ms, now, calendar)),
        ("产生", format!("{}条，照片{}张", number(row.made), number(row.photos_made))),
        ("还在手机上的照片", format!("{}张", number(phone.photos_waiting))),
        ("为什么还没交", if waits.is_empty() { "手机没有说有东西在等".to_owned() } else { waits.to_owned() }),
        ("时钟与平台", clock),
        ("剩余空间", NOT_REPORTED.to_owned()),
        ("版本", or_not(&row.app)),
    ]
}

/// What the hub knows by itself.
fn held(phone: &Phone, now: i64, calendar: &Calendar) -> Vec<(&'static str, String)> {
    let row = &phone.row;
    let mut held = vec![
        ("平台已收", format!("{}条，照片{}张", number(row.held), number(row.photos_held))),
        (
            "已备份",
            match phone.safe_n {
                0 => "还没有".to_owned(),
                n => format!("到编号{n}"),
            },
        ),
        ("登记", format::near(phone.enrolled_ms, now, calendar)),
        (
            "最近联系",
            match row.seen_ms {
                0 => "还没有联系过".to_owned(),
                ms => format::ago(ms, now, calendar),
            },
        ),
    ];
    if phone.revoked_ms > 0 {
        held.push(("停用", format::near(phone.revoked_ms, now, calendar)));
    }
    held
}

fn counts(id: &str, phone: &Phone, show: &str) -> Vec<Count> {
    let count = |what, word: &str, unit, (state, count): &(&str, usize)| {
        let word = format!("{word}.{state}");
        Count {
            what,
            mark: state_mark(state),
            count: format::count(*count),
            unit,
            on: word == show,
            href: address(&format!("/phones/{id}"), &[("show".to_owned(), word)]),
        }
    };
    let ops = phone.ops.iter().map(|of| count("记录和步骤", "ops", "条", of));
    ops.chain(phone.photos.iter().map(|of| count("照片", "photos", "张", of))).collect()
}

/// The gaps in the phone's own numbering.
fn missing(phone: &Phone) -> Vec<String> {
    let row = &phone.row;
    let gap = |(from, to): &(i64, i64)| {
        let which = if from == to { format!("编号{from}") } else { format!("编号{from}至{to}") };
        if *from > row.top_n {
            format!("{which}还没有交来")
        } else {
            format!("{which}缺，后面的已收")
        }
    };
    let mut said: Vec<String> = phone.missing.iter().map(gap).collect();
    if row.held > row.made {
        said.push(format!("手机少报{}条？平台收到的比手机说的多", row.held - row.made));
    }
    said
}

fn warn(phone: &Phone) -> String {
    let row = &phone.row;
    let left = (row.made - row.held).max(0);
    let photos = (row.photos_made - row.photos_held).max(0);
    if left + photos > 0 {
        format!("停用后它的{left}条、{photos}张仍可用交接包交来，手机里的内容不会被删。")
    } else {
        "停用后这部手机不能再取资料和上传。平台已收的内容都在。".to_owned()
    }
}

fn item_row(nth: usize, item: &Item, now: i64, calendar: &Calendar) -> Row {
    let photo = item.kind.is_empty();
    let href = match (item.state.as_str(), item.kind.as_str()) {
        ("complete" | "damaged", _) => format!("/photos/{}", item.about),
        ("applied", "record") => format!("/records/{}", item.about),
        ("applied" | "refused", "case_report" | "case_move" | "case_note") => {
            format!("/cases/{}", item.about)
        }
        _ => String::new(),
    };
    Row {
        nth,
        what: match photo {
            true => format!("照片 {}", item.about.chars().take(8).collect::<String>()),
            false => format!("编号{} {}", item.n, kind(&item.kind)),
        },
        href,
        mark: state_mark(&item.state),
        when: format::near(item.at_ms, now, calendar),
        why: item.zh.clone(),
    }
}
