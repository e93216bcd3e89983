//! Lists of forms, sites, cases and records.

use xuncha_casework::places::{Position, direction, distance_m, distance_words};
use xuncha_casework::terms::Term;
use xuncha_casework::{State, Words};
use xuncha_wire::body::RecordBody;
use xuncha_wire::entity::{self, Datum, FormBody, PersonBody, SiteBody};

use super::{status, today};
use crate::casebook::{self, Ground, SeenCase, words};
use crate::core::{Core, photo_view};
use crate::error::AppError;
use crate::store::ops::OpState;
use crate::store::records::RecordLine;
use crate::store::{Reader, forms, ops, photos, records, replica};
use crate::view::{
    CaseFilter, CasePage, FormRow, HistoryRow, NearPoint, RecordFilter, RecordRow, RecordView, SiteFilter,
    SiteRow, SiteView,
};

type Result<T> = std::result::Result<T, AppError>;

fn limit(asked: u32) -> usize {
    if asked == 0 { 50 } else { usize::try_from(asked).unwrap_or(50) }
}

/// Do all words stand in one of the texts?
fn contains_all(search: &str, texts: &[&str]) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    search.to_lowercase().split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
}

pub(super) fn forms(reader: &Reader) -> Result<Vec<FormRow>> {
    let forms = forms::all(&reader.hub)?;
    let row = |form: FormBody| FormRow {
        form: form.form,
        version: form.version,
        title: form.title,
        kind: form.kind,
        quick: form.quick,
    };
    let mut rows: Vec<FormRow> = forms.into_iter().map(row).collect();
    rows.sort_by(|a, b| (!a.quick, &a.title).cmp(&(!b.quick, &b.title)));
    Ok(rows)
}

fn place(lat: f64, lon: f64, datum: Datum) -> Option<xuncha_casework::places::Wgs84> {
    let datum = match datum {
        Datum::Wgs84 => xuncha_casework::places::Datum::Wgs84,
        Datum::Gcj02 => xuncha_casework::places::Datum::Gcj02,
        Datum::Bd09 => xuncha_casework::places::Datum::Bd09,
    };
    Some(Position::new(datum, lat, lon).ok()?.wgs84())
}

fn site_row(
    ground: &Ground,
    people: &[PersonBody],
    seen: &[SeenCase],
    site: &SiteBody,
    near: Option<&NearPoint>,
) -> SiteRow {
    let here = near.and_then(|near| place(near.lat, near.lon, crate::fill::answers::wire_datum(near.datum)));
    let there = site.position.and_then(|position| place(position.lat, position.lon, position.datum));
    let apart = here.zip(there);
    let distance = apart.map(|(here, there)| distance_m(here, there));
    let id = site.id.to_string();
    let open = seen
        .iter()
        .filter(|one| !one.case.state.is_over() && one.case.site.as_ref().is_some_and(|s| s.as_str() == id));
    let person = site.person.as_ref().and_then(|id| people.iter().find(|person| person.id == *id));
    let kind_word = match site.kind.as_str() {
        "enterprise" => ("企业项目", "enterprise"),
        "shop" => ("店铺", "shop"),
        "road" => ("道路", "road"),
        "facility" => ("设施", "facility"),
        "restaurant" => ("餐饮", "restaurant"),
        _ => ("点位", "point"),
    };
    SiteRow {
        kind: site.kind.clone(),
        kind_word: ground.say(kind_word.0, kind_word.1),
        name: site.name.clone(),
        detail: site.address.clone(),
        distance_m: distance,
        distance_line: match apart {
            Some((here, there)) => {
                let (way, far) = (direction(here, there), distance_words(distance_m(here, there)));
                ground.words(Words::new(format!("{} {}", way.zh, far.zh), format!("{}, {}", way.en, far.en)))
            }
            None => String::new(),
        },
        responsible: match (person, &site.person) {
            (Some(person), _) => {
                let post = [site.unit.as_str(), site.post.as_str()];
                let unit = ground.units.get(post[0]).map_or(post[0], String::as_str);
                let at = [unit, post[1]].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
                let name = &person.name;
                if at.is_empty() {
                    ground.say(format!("责任人：{name}"), format!("Responsible: {name}"))
                } else {
                    ground.say(format!("责任人：{name}（{at}）"), format!("Responsible: {name} ({at})"))
                }
            }
            (None, Some(id)) => ground.say(format!("责任人：{id}"), format!("Responsible: {id}")),
            (None, None) => ground.say("(!) 尚未落实责任人", "(!) nobody answers for it yet"),
        },
        open_cases: u32::try_from(open.count()).unwrap_or(u32::MAX),
        id,
    }
}

pub(super) fn sites(core: &Core, reader: &Reader, filter: &SiteFilter) -> Result<Vec<SiteRow>> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let people = replica::all::<PersonBody>(&reader.hub, entity::KIND_PERSON)?;
    let seen = casebook::all(reader, &ground)?;
    let all = replica::all::<SiteBody>(&reader.hub, entity::KIND_SITE)?;
    let fits = |site: &&SiteBody| {
        filter.kind.as_ref().is_none_or(|kind| *kind == site.kind)
            && contains_all(&filter.text, &[&site.name, &site.address])
    };
    let found = all.iter().filter(fits);
    let mut rows: Vec<SiteRow> =
        found.map(|site| site_row(&ground, &people, &seen, site, filter.near.as_ref())).collect();
    let far = |row: &SiteRow| row.distance_m.unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| far(a).total_cmp(&far(b)).then_with(|| a.name.cmp(&b.name)));
    rows.truncate(limit(filter.limit));
    Ok(rows)
}

pub(super) fn site(core: &Core, reader: &Reader, id: &str) -> Result<SiteView> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let site: Option<SiteBody> = replica::get(&reader.hub, entity::KIND_SITE, id)?;
    let site = site.ok_or_else(|| AppError::NotFound { what: "site".into(), id: id.to_owned() })?;
    let people = replica::all::<PersonBody>(&reader.hub, entity::KIND_PERSON)?;
    let seen: Vec<SeenCase> = casebook::all(reader, &ground)?
        .into_iter()
        .filter(|seen| seen.case.site.as_ref().is_some_and(|site| site.as_str() == id))
        .collect();
    let open = today::rows(core, &ground, &seen, |seen| !seen.case.state.is_over());
    let history = site_history(reader, &ground, id)?;
    let (now_open, all) = (open.len(), seen.len());
    Ok(SiteView {
        row: site_row(&ground, &people, &seen, &site, None),
        contact: site.contact.clone(),
        counts_line: ground
            .say(format!("未结 {now_open} · 累计 {all}"), format!("open {now_open} · all {all}")),
        open,
        empty_sentence: if history.is_empty() {
            ground.say(
                "还没有记录。第一次来，请拍一张门头照。",
                "No records yet. On a first visit, photograph the front.",
            )
        } else {
            String::new()
        },
        history,
        visits: today::visits(reader, &ground, Some(id))?,
    })
}

/// Records of a site: own ones first by their making, then what came down.
fn site_history(reader: &Reader, ground: &Ground, site: &str) -> Result<Vec<HistoryRow>> {
    let mut rows: Vec<HistoryRow> = Vec::new();
    for record in records::list(&reader.mine, site, "", 0, 100)? {
        let state = ops::get(&reader.mine, &record.op)?.map(|op| op.state);
        rows.push(HistoryRow {
            when: ground.near(record.finalized_ms),
            who: ground.actor.name.clone(),
            what: record.title,
            detail: String::new(),
            mark: if state == Some(OpState::Pending) {
                ground.say("(↑)在本机", "(↑) on this phone")
            } else {
                String::new()
            },
            photos: record.photos,
            id: record.id,
        });
    }
    // Others' records, where the hub sends them; own ones stand above already.
    for (id, record) in replica::all_named::<RecordBody>(&reader.hub, entity::KIND_RECORD)? {
        if record.site.is_none_or(|at| at.to_string() != site) || records::get(&reader.mine, &id)?.is_some() {
            continue;
        }
        rows.push(HistoryRow {
            id,
            when: ground.near(record.finalized_ms),
            who: String::new(),
            what: record.name,
            detail: String::new(),
            mark: String::new(),
            photos: u32::try_from(record.photos.len()).unwrap_or(u32::MAX),
        });
    }
    Ok(rows)
}

pub(super) fn cases(core: &Core, reader: &Reader, filter: &CaseFilter) -> Result<CasePage> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let state = match &filter.state {
        Some(word) => Some(
            casebook::from_word::<State>(word)
                .ok_or_else(|| AppError::NotFound { what: "state".into(), id: word.clone() })?,
        ),
        None => None,
    };
    let fits = |seen: &SeenCase| {
        let case = &seen.case;
        let mine = || {
            case.reporter == ground.actor.person
                || case.responsible.as_ref().is_some_and(|who| who.person == ground.actor.person)
        };
        let overdue = || {
            !case.state.is_over()
                && case.deadline.as_ref().is_some_and(|deadline| deadline.is_overdue(ground.now_ms))
        };
        (!filter.mine || mine())
            && (!filter.open || !case.state.is_over())
            && (!filter.overdue || overdue())
            && state.is_none_or(|state| state == case.state)
            && filter
                .site
                .as_ref()
                .is_none_or(|id| case.site.as_ref().is_some_and(|site| site.as_str() == id))
            && contains_all(
                &filter.text,
                &[
                    &words::headline(&ground, case),
                    case.number.as_deref().unwrap_or_default(),
                    &case.description,
                    case.topic.as_deref().unwrap_or_default(),
                ],
            )
    };
    let seen = casebook::all(reader, &ground)?;
    let mut picked: Vec<&SeenCase> = seen.iter().filter(|seen| fits(seen)).collect();
    picked.sort_by_key(|seen| today::deadline_key(seen));
    let offset = usize::try_from(filter.offset).unwrap_or(usize::MAX);
    let total = picked.len();
    let rows = picked
        .into_iter()
        .skip(offset)
        .take(limit(filter.limit))
        .map(|seen| words::row(core, &ground, seen))
        .collect();
    let data_time_ms = status::data_time(reader)?;
    let asked = *filter != CaseFilter { offset: filter.offset, limit: filter.limit, ..CaseFilter::default() };
    Ok(CasePage {
        rows,
        total: u32::try_from(total).unwrap_or(u32::MAX),
        data_time_line: status::data_time_line(&ground, data_time_ms),
        data_time_ms,
        empty_sentence: match (total, asked) {
            (0, true) => ground
                .say("没有符合条件的案卷。清除筛选看全部。", "No case fits. Clear the filter to see all."),
            (0, false) => ground.say("还没有案卷。", "No cases yet."),
            _ => String::new(),
        },
    })
}

fn record_row(reader: &Reader, ground: &Ground, line: RecordLine) -> Result<RecordRow> {
    let op = ops::get(&reader.mine, &line.op)?;
    let mark = match op.as_ref().map(|op| op.state) {
        Some(OpState::Pending) | None => Term::MarkOnPhone.mark(),
        Some(OpState::Applied) => Term::MarkHeld.mark(),
        Some(OpState::Refused | OpState::Left) => Term::MarkRefused.mark(),
        Some(OpState::Quarantined) => Term::MarkQuarantined.mark(),
    };
    let name = match &op {
        Some(op) => serde_json::from_str::<RecordBody>(op.text()).map(|body| body.name).unwrap_or_default(),
        None => String::new(),
    };
    Ok(RecordRow {
        id: line.id,
        form: line.form,
        title: line.title,
        name,
        finalized_ms: line.finalized_ms,
        state_icon: casebook::word(&mark.icon),
        state_word: ground.words(mark.words),
        photos: line.photos,
        cases: u32::try_from(line.cases.len()).unwrap_or(u32::MAX),
    })
}

pub(super) fn records(core: &Core, reader: &Reader, filter: &RecordFilter) -> Result<Vec<RecordRow>> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let (site, form) = (filter.site.as_deref().unwrap_or(""), filter.form.as_deref().unwrap_or(""));
    let most = u32::try_from(limit(filter.limit)).unwrap_or(50);
    let lines = records::list(&reader.mine, site, form, filter.offset, most)?;
    lines.into_iter().map(|line| record_row(reader, &ground, line)).collect()
}

pub(super) fn record(core: &Core, reader: &Reader, id: &str) -> Result<RecordView> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let line = records::get(&reader.mine, id)?;
    let line = line.ok_or_else(|| AppError::NotFound { what: "record".into(), id: id.to_owned() })?;
    let mut pictures = Vec::new();
    for used in photos::used_by(&reader.mine, id)? {
        let photo = photos::need(&reader.mine, used.id.as_str())?;
        let taken = ground.near(used.capture.wall_ms);
        pictures.push(photo_view(core, &photo, taken));
    }
    let mut cases = Vec::new();
    for case in &line.cases {
        if let Ok(seen) = casebook::one(reader, &ground, case) {
            cases.push(words::row(core, &ground, &seen));
        }
    }
    Ok(RecordView { row: record_row(reader, &ground, line)?, photos: pictures, cases })
}
