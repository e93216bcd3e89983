//! 人员与发码: who has a phone, and one-time codes as QR and text.

use askama::Template;
use axum::extract::{Path, Query, State};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;
use xuncha_casework::format;

use super::frame::Frame;
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, html};
use crate::identity::scoped;
use crate::ledger::people;
use crate::ledger::words::role_words;
use crate::{Hub, HubError};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    q: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    said: String,
    q: String,
    rows: Vec<Row>,
    empty: String,
    may_issue: bool,
}

struct Row {
    id: String,
    name: String,
    unit: String,
    post: String,
    roles: String,
    phone: String,
    code: String,
    active: bool,
}

/// `GET /people`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    signed.must(Area::People)?;
    let now = hub.now_ms();
    let (tenant, cache, q) = (signed.0.tenant.clone(), hub.rules().clone(), ask.q.clone());
    let (rules, found) =
        hub.db().read(move |tx| Ok((cache.load(tx, &tenant)?, people::list(tx, &tenant, &q, now)?))).await?;
    let without = found.iter().filter(|p| p.phones == 0).count();
    let rows = found.iter().map(|p| Row {
        id: p.id.clone(),
        name: p.name.clone(),
        unit: p.unit_name.clone(),
        post: p.post.clone(),
        roles: role_words(&scoped::words(&p.roles)),
        phone: match (p.active, p.phones) {
            (false, _) => "已停用".to_owned(),
            (true, 0) => "未登记".to_owned(),
            (true, n) => format!("{n}部"),
        },
        code: if p.code_until_ms == 0 {
            "—".to_owned()
        } else {
            format!("未用，{}前有效", format::near(p.code_until_ms, now, &rules.calendar))
        },
        active: p.active,
    });
    html(&PeoplePage {
        frame: Frame::of(&hub, &signed, "人员与发码", "/people").await?,
        said: format!("共{}人，{without}人没有登记手机", found.len()),
        q: ask.q.clone(),
        rows: rows.collect(),
        empty: if ask.q.is_empty() {
            "还没有人员。用命令行或平台接口导入人员后会出现在这里。".to_owned()
        } else {
            format!("没有姓名或单位含“{}”的人。", ask.q)
        },
        may_issue: true,
    })
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    name: String,
    who: String,
    qr: String,
    text: String,
    holds: String,
}

/// `POST /people/{id}/code`: the code is in this one answer, and nowhere else.
pub(super) async fn code(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.must(Area::People)?;
    let issued = hub.issue_code(&signed.0.person, &id).await.map_err(|e| match e {
        HubError::NotFound { what: "address", .. } => Trouble::Hub(HubError::invalid(
            "平台还不知道手机怎么连到它，没有发码。请在启动时写明平台地址。",
            "the hub does not know its own address yet",
        )),
        other => other.into(),
    })?;
    let (tenant, cache) = (signed.0.tenant.clone(), hub.rules().clone());
    let (rules, person) = hub
        .db()
        .read(move |tx| {
            let all = people::list(tx, &tenant, "", 0)?;
            Ok((cache.load(tx, &tenant)?, all.into_iter().find(|p| p.id == id)))
        })
        .await?;
    let person = person.ok_or(Trouble::Lost)?;
    let text = issued.to_text().map_err(HubError::from)?;
    let title = format!("发码：{}", person.name);
    html(&CodePage {
        frame: Frame::of(&hub, &signed, &title, "/people").await?,
        who: format!("{} {} {}", person.unit_name, person.post, role_words(&scoped::words(&person.roles))),
        name: person.name,
        qr: drawing(&text)?,
        text,
        holds: format!("{}前有效", format::near(issued.expires_ms, hub.now_ms(), &rules.calendar)),
    })
}

/// A QR code as SVG within the page: a picture of its own would need an address that holds what it says.
pub(super) fn drawing(text: &str) -> Result<String, Trouble> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|e| {
        HubError::invalid("二维码画不出来，这一页没有做成。内容都在，再试一次。", e.to_string())
    })?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(image.split_once("?>").map_or(image.clone(), |(_, svg)| svg.to_owned()))
}
