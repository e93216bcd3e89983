//! 实体名单: what records created and updated for other forms to read, and where two authors did not know of each other.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use xuncha_casework::format;
use xuncha_wire::listed::Property;

use super::frame::{Frame, Pager, rows_a_page, rows_before};
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, form_urlencode, html};
use crate::Hub;
use crate::ledger::entity_lists::{self, DoneRow};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    page: String,
    rows: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    frame: Frame,
    said: String,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    label: String,
    version: i64,
    changed: String,
    conflict: &'static str,
}

/// Where a list stands.
pub(super) fn address(list: &str) -> String {
    format!("/lists/{}", form_urlencode(list))
}

fn address_of(list: &str, id: &str) -> String {
    format!("{}/{}", address(list), form_urlencode(id))
}

/// A conflict in words; empty where there is none.
fn conflict(word: &str) -> &'static str {
    match word {
        "hard" => "两人改了同一项",
        "soft" => "两人改了不同的项",
        _ => "",
    }
}

/// `GET /lists/{name}`.
pub(super) async fn page(
    State(hub): State<Hub>,
    signed: Signed,
    Path(list): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    signed.must(Area::Forms)?;
    let (tenant, cache, name) = (signed.0.tenant.clone(), hub.rules().clone(), list.clone());
    let (page, rows) = (ask.page.parse().unwrap_or(1), rows_a_page(&ask.rows));
    let (rules, found) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &tenant)?;
            let Some(total) = entity_lists::count(tx, &tenant, &name)? else { return Ok((rules, None)) };
            let skip = rows_before(total, (page, rows));
            Ok((rules, Some((total, entity_lists::page(tx, &tenant, &name, (skip, rows))?))))
        })
        .await?;
    let (total, found) = found.ok_or(Trouble::Lost)?;
    let pager = Pager::of(total, "项", (page, rows), address(&list), Vec::new());
    let row = |row: entity_lists::EntityRow| Row {
        href: address_of(&list, &row.id),
        label: row.label,
        version: row.version,
        changed: format::table(row.changed_ms, &rules.calendar),
        conflict: conflict(&row.conflict),
    };
    html(&ListPage {
        frame: Frame::of(&hub, &signed, &format!("实体名单 · {list}"), "/forms").await?,
        said: format!("共{}项", format::count(total)),
        rows: found.into_iter().map(row).collect(),
        pager,
    })
}

#[derive(Template)]
#[template(path = "listed.html")]
struct ListedPage {
    frame: Frame,
    list: String,
    back: String,
    conflict: &'static str,
    checked: String,
    may_check: bool,
    facts: Vec<Property>,
    versions: Vec<Version>,
}

struct Version {
    number: i64,
    when: String,
    person: String,
    record: String,
    said: Vec<Property>,
    saw: String,
    conflict: &'static str,
}

/// `GET /lists/{name}/{id}`.
pub(super) async fn one(
    State(hub): State<Hub>,
    signed: Signed,
    Path((list, id)): Path<(String, String)>,
) -> Answer {
    signed.must(Area::Forms)?;
    let (tenant, cache, name) = (signed.0.tenant.clone(), hub.rules().clone(), list.clone());
    let (rules, found) = hub
        .db()
        .read(move |tx| Ok((cache.load(tx, &tenant)?, entity_lists::one(tx, &tenant, &name, &id)?)))
        .await?;
    let found = found.ok_or(Trouble::Lost)?;
    let version = |row: entity_lists::VersionRow| Version {
        number: row.version,
        when: format::table(row.at_ms, &rules.calendar),
        person: row.person,
        record: row.record,
        saw: row.trunk.filter(|trunk| *trunk > 0).map_or_else(String::new, |n| format!("第{n}版")),
        conflict: conflict(&row.conflict),
        said: with_label(&row.said.label, row.said.properties),
    };
    html(&ListedPage {
        frame: Frame::of(&hub, &signed, &found.now.label, "/forms").await?,
        back: address(&list),
        conflict: conflict(&found.conflict),
        checked: format!("{}/checked", address_of(&list, &found.now.id)),
        may_check: signed.may(Area::Tend),
        list,
        facts: with_label(&found.now.label, found.now.properties),
        versions: found.versions.into_iter().map(version).collect(),
    })
}

fn with_label(label: &str, properties: Vec<Property>) -> Vec<Property> {
    let label = Property { name: "名称".to_owned(), value: label.to_owned() };
    std::iter::once(label).filter(|label| !label.value.is_empty()).chain(properties).collect()
}

/// `POST /lists/{name}/{id}/checked`: a person has looked at a conflict.
pub(super) async fn checked(
    State(hub): State<Hub>,
    signed: Signed,
    Path((list, id)): Path<(String, String)>,
) -> Answer {
    signed.must(Area::Tend)?;
    hub.check_entity(&signed.0.person, &list, &id).await?;
    Ok(Redirect::to(&address_of(&list, &id)).into_response())
}

/// What a record did to lists, for its page.
pub(super) struct Done {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) note: String,
}

impl Done {
    /// With the way to the entity for those who may read lists.
    pub(super) fn of(row: &DoneRow, signed: &Signed) -> Self {
        let name = if row.label.is_empty() { "没有名称" } else { &row.label };
        let note = match row.why.as_str() {
            "" => match row.conflict.as_str() {
                "" => format!("第{}版", row.version),
                word => format!("第{}版，冲突：{}", row.version, conflict(word)),
            },
            "not_a_uuid" => "没有做：编号不是UUID".to_owned(),
            "no_label" => "没有做：没有名称（label）".to_owned(),
            "already_there" => "没有做：名单上已经有了".to_owned(),
            "no_list" => "没有做：没有这个名单".to_owned(),
            _ => "没有做：名单上没有这一项".to_owned(),
        };
        Self {
            href: if row.label.is_empty() || !signed.may(Area::Forms) {
                String::new()
            } else {
                address_of(&row.list, &row.id)
            },
            text: format!("{} · {name}", row.list),
            note,
        }
    }
}
