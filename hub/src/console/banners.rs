//! 锦旗: cards, newest first. A banner thanks; it never closes.

use askama::Template;
use axum::extract::State;

use super::frame::Frame;
use super::session::{Area, Signed};
use super::trouble::{Answer, html};
use super::visits::Link;
use crate::Hub;
use crate::ledger::banners::{self, Banner};
use crate::ledger::words;

#[derive(Template)]
#[template(path = "banners.html")]
struct BannersPage {
    frame: Frame,
    said: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    photo: String,
    text: String,
    facts: Vec<(&'static str, String)>,
    cases: Vec<Link>,
}

/// `GET /banners`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Campaigns)?;
    let sees = signed.sees();
    let found = hub.db().read(move |tx| banners::list(tx, &sees)).await?;
    html(&BannersPage {
        frame: Frame::of(&hub, &signed, "锦旗", "/banners").await?,
        said: format!("共{}面", found.len()),
        rows: found.into_iter().map(row).collect(),
    })
}

fn row(banner: Banner) -> Row {
    let facts = [
        ("赠送", banner.giver),
        ("接受", banner.receiver),
        ("人物", banner.persons.join("，")),
        ("摄影", banner.photographer),
        ("日期", banner.day),
    ];
    Row {
        id: banner.record,
        photo: banner.photo,
        text: words::within_quotes(&banner.inscription),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        cases: banner.cases.into_iter().map(|(id, text)| Link { id, text }).collect(),
    }
}
