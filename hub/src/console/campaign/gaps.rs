//! 缺口: what the campaign still lacks. Each number opens its list, and all of them make one sheet of paper.

use askama::Template;
use axum::extract::{Path, Query, State};
use xuncha_casework::format;

use super::set::{self, SetRow};
use super::{Ask, Head, Links, Opened, open};
use crate::Hub;
use crate::console::frame::Frame;
use crate::console::session::Signed;
use crate::console::sign_in::bureau;
use crate::console::trouble::{Answer, html};

/// Gaps of the register and of those who should walk it.
const SITES: [&str; 5] = ["gap.nobody", "gap.idle", "gap.unvisited", "gap.soonest", "gap.areas"];
/// Gaps of what was collected.
const CASES: [&str; 2] = ["without_person", "not_in_ledger"];

/// A number that opens its list.
pub(super) struct Gap {
    pub(super) zh: String,
    pub(super) count: String,
    pub(super) unit: &'static str,
    pub(super) definition: String,
    pub(super) href: String,
}

/// Gaps of one kind, under its name.
pub(super) type Group = (&'static str, Vec<Gap>);

pub(super) fn groups(opened: &Opened) -> Vec<Group> {
    vec![("企业和人", of(opened, &SITES)), ("问题和建议", of(opened, &CASES))]
}

/// These gaps; one that does not arise (nothing is due any more) is left out.
fn of(opened: &Opened, names: &[&str]) -> Vec<Gap> {
    let links = Links::of(opened);
    let gaps = names.iter().filter_map(|name| {
        let wanted = set::wanted(opened, name)?;
        Some(Gap {
            count: format::count(wanted.count()),
            unit: wanted.unit(),
            href: links.set(name),
            zh: wanted.zh,
            definition: wanted.definition,
        })
    });
    gaps.collect()
}

#[derive(Template)]
#[template(path = "campaign_gaps.html")]
pub(super) struct GapsPage {
    frame: Frame,
    head: Head,
    print: String,
    groups: Vec<Group>,
}

pub(super) fn page(frame: Frame, head: Head, opened: &Opened) -> GapsPage {
    GapsPage {
        print: format!("/campaigns/{}/gaps?as_of={}", opened.campaign.id, opened.as_of),
        groups: groups(opened),
        frame,
        head,
    }
}

#[derive(Template)]
#[template(path = "gaps_paper.html")]
struct Paper {
    title: String,
    said: String,
    back: String,
    parts: Vec<Part>,
    by: String,
    at: String,
}

struct Part {
    zh: String,
    count: String,
    unit: &'static str,
    definition: String,
    heads: Vec<&'static str>,
    rows: Vec<SetRow>,
}

/// `GET /campaigns/{id}/gaps`: 缺口表, A4.
pub(in crate::console) async fn paper(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    let opened = open(&hub, &signed, id, &ask.as_of).await?;
    let mut parts = Vec::new();
    for name in SITES.iter().chain(&CASES) {
        let Some(wanted) = set::wanted(&opened, name) else { continue };
        let (heads, rows) = set::table(&hub, &signed, &opened, &wanted).await?;
        parts.push(Part {
            count: format::count(wanted.count()),
            unit: wanted.unit(),
            zh: wanted.zh,
            definition: wanted.definition,
            heads,
            rows: set::numbered(rows),
        });
    }
    let at = format::full(hub.now_ms(), &opened.rules.calendar);
    html(&Paper {
        title: format!(
            "{}{}缺口表（截至{}）",
            bureau(&hub).await?,
            opened.campaign.title,
            opened.as_of.month_day()
        ),
        said: Head::of(&opened, "gaps").said,
        back: Links::of(&opened).tab("gaps"),
        parts,
        by: signed.0.name.clone(),
        at,
    })
}
