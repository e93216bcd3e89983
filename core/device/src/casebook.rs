//! Cases as this phone sees them: the replica, with own work that the replica does not show yet laid over it by
//! the hub's own judge. Nothing is rolled back, so nothing can be corrupted by it.

pub(crate) mod moves;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use xuncha_casework::case::{Policy, Report, ReportKind};
use xuncha_casework::catalogue::CategoryKey;
use xuncha_casework::{Actor, Calendar, Case, Catalogue, Move, Role, Rules, SignedMove, format, judge};
use xuncha_wire::body::{CaseReport, MoveBody};
use xuncha_wire::entity::{self, CaseBody, HistoryLine, PersonBody};
use xuncha_wire::push::OpKind;

use crate::Env;
use crate::error::{AppError, internal};
use crate::store::ops::{self, KeptOp, OpState};
use crate::store::{Reader, Result as StoreResult, cursor, meta, replica};
use crate::sync::{Enrolled, HubTime, enrol};

type Result<T> = std::result::Result<T, AppError>;

/// Set in hub.db's meta: ops up to this number, if they were decided, are in what was pulled.
pub(crate) const SEEN_N: &str = "seen_n";

/// Counts until the city's calendar has come down. Its id says so in every explanation.
const NO_CALENDAR: &str = r#"{"id":"none-imported","version":1,"zone":"Asia/Shanghai","offset_minutes":480,
    "office_hours":[["08:00","12:00"],["14:00","18:00"]],"weekdays":[1,2,3,4,5]}"#;

/// A case as this phone sees it.
pub(crate) struct SeenCase {
    pub(crate) case: Case,
    pub(crate) history: Vec<HistoryLine>,
    /// Own ops that the history does not have yet, and whether they fit.
    pub(crate) own: Vec<KeptOp>,
}

/// What views of cases need beside the cases.
pub(crate) struct Ground {
    pub(crate) rules: Arc<Rules>,
    pub(crate) who: Option<Enrolled>,
    pub(crate) actor: Actor,
    pub(crate) now_ms: i64,
    pub(crate) english: bool,
    pub(crate) units: BTreeMap<String, String>,
}

impl Ground {
    pub(crate) fn load(reader: &Reader, env: &Env, language: &str) -> Result<Self> {
        let who = enrol::identity(&reader.mine)?.0;
        let rules = rules(&reader.hub)?.ok_or_else(|| internal(&"the built-in calendar"))?;
        let time: Option<HubTime> = meta::read(&reader.hub, meta::HUB_TIME)?;
        let actor = actor(&reader.hub, who.as_ref())?;
        let units = replica::all::<entity::UnitBody>(&reader.hub, entity::KIND_UNIT)?;
        Ok(Self {
            rules,
            who,
            actor,
            now_ms: time.map_or_else(|| env.now_ms(), |time| time.now(env)),
            english: language.starts_with("en"),
            units: units.into_iter().map(|unit| (unit.id, unit.name)).collect(),
        })
    }

    pub(crate) fn say(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        if self.english { en.into() } else { zh.into() }
    }

    /// The same where making the words costs something: only those of the person's language are made.
    pub(crate) fn made(&self, zh: impl FnOnce() -> String, en: impl FnOnce() -> String) -> String {
        if self.english { en() } else { zh() }
    }

    /// A moment as lists write it: `今天17:30`, `today 17:30`.
    pub(crate) fn near(&self, ms: i64) -> String {
        near(ms, self.now_ms, &self.rules.calendar, self.english)
    }

    pub(crate) fn words(&self, words: xuncha_casework::Words) -> String {
        if self.english { words.en } else { words.zh }
    }
}

/// A moment as lists write it, in the person's language.
pub(crate) fn near(ms: i64, now_ms: i64, calendar: &Calendar, english: bool) -> String {
    let write = if english { format::english::near } else { format::near };
    write(ms, now_ms, calendar)
}

/// The city's rules as they came down; none only if the built-in calendar does not read, which a test excludes.
pub(crate) fn rules(hub: &Connection) -> Result<Option<Arc<Rules>>> {
    let texts = |kind| -> StoreResult<Vec<String>> {
        let bodies = replica::all::<Box<serde_json::value::RawValue>>(hub, kind)?;
        Ok(bodies.into_iter().map(|body| body.get().to_owned()).collect())
    };
    // What this build can't read is left out, as an older one would never have had it.
    let catalogues = texts(entity::KIND_CATALOGUE)?;
    let catalogues = catalogues.iter().filter_map(|text| Catalogue::parse(text).ok()).collect();
    let calendars = texts(entity::KIND_CALENDAR)?;
    let newest =
        calendars.iter().filter_map(|text| Calendar::parse(text).ok()).max_by_key(|c| c.version().version);
    let Some(calendar) = newest.or_else(|| Calendar::parse(NO_CALENDAR).ok()) else { return Ok(None) };
    Ok(Some(Arc::new(Rules { catalogues, calendar, policy: Policy::default() })))
}

/// The first district whose feed this phone reads; empty if none.
pub(crate) fn own_district(hub: &Connection) -> Result<String> {
    let cursor = cursor::load(hub)?;
    Ok(cursor.0.keys().find_map(|scope| scope.as_str().strip_prefix("d/")).unwrap_or_default().to_owned())
}

fn actor(hub: &Connection, who: Option<&Enrolled>) -> Result<Actor> {
    let person = who.map(|who| who.person.to_string()).unwrap_or_default();
    let known: Option<PersonBody> = replica::get(hub, entity::KIND_PERSON, &person)?;
    Ok(Actor {
        name: known
            .as_ref()
            .map(|p| p.name.clone())
            .or_else(|| who.map(|w| w.name.clone()))
            .unwrap_or_default(),
        // Until the person's row has come down, what every phone is for.
        roles: match &known {
            Some(person) => person.roles.iter().filter_map(|word| from_word(word)).collect(),
            None => vec![Role::Inspector],
        },
        unit: known.as_ref().filter(|p| !p.unit.is_empty()).map(|p| p.unit.as_str().into()),
        person: person.into(),
    })
}

/// A word of casework's as its type.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// A type of casework's as its word.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `standard|component-or-matter|code`.
pub(crate) fn category(text: &str) -> Option<CategoryKey> {
    let (standard, rest) = text.split_once('|')?;
    let (kind, code) = rest.split_once('|')?;
    serde_json::from_value(serde_json::json!({"standard": standard, "kind": kind, "code": code})).ok()
}

/// All cases this phone knows.
pub(crate) fn all(reader: &Reader, ground: &Ground) -> Result<Vec<SeenCase>> {
    let mut own: BTreeMap<String, Vec<KeptOp>> = BTreeMap::new();
    for op in overlay_ops(reader)? {
        own.entry(op.entity.to_string()).or_default().push(op);
    }
    let mut seen = Vec::new();
    for body in replica::all::<CaseBody>(&reader.hub, entity::KIND_CASE)? {
        let Ok(case) = serde_json::from_str::<Case>(body.case.get()) else { continue };
        let ops = own.remove(case.id.as_str()).unwrap_or_default();
        seen.extend(lay_over(Some(case), body.history, ops, ground));
    }
    for ops in own.into_values() {
        seen.extend(lay_over(None, Vec::new(), ops, ground));
    }
    Ok(seen)
}

/// One case.
pub(crate) fn one(reader: &Reader, ground: &Ground, id: &str) -> Result<SeenCase> {
    let ops = overlay_ops(reader)?.into_iter().filter(|op| op.entity.to_string() == id).collect();
    let body: Option<CaseBody> = replica::get(&reader.hub, entity::KIND_CASE, id)?;
    let (case, history) = match body {
        Some(body) => (serde_json::from_str(body.case.get()).ok(), body.history),
        None => (None, Vec::new()),
    };
    let seen = lay_over(case, history, ops, ground);
    seen.ok_or_else(|| AppError::NotFound { what: "case".into(), id: id.to_owned() })
}

fn overlay_ops(reader: &Reader) -> Result<Vec<KeptOp>> {
    let seen = meta::get(&reader.hub, SEEN_N)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(ops::unseen_of_cases(&reader.mine, seen)?)
}

/// Own ops over the replica, in the order of their making.
fn lay_over(
    mut case: Option<Case>,
    history: Vec<HistoryLine>,
    mut own: Vec<KeptOp>,
    ground: &Ground,
) -> Option<SeenCase> {
    own.retain(|op| !history.iter().any(|line| line.op == op.op));
    for op in &own {
        if let Some(mv) = signed(op, ground)
            && let Ok(moved) = judge(case.as_ref(), &mv, &ground.rules)
        {
            case = Some(moved);
        }
    }
    case.map(|case| SeenCase { case, history, own })
}

/// An op as the judge takes it; none for a note, and for one that storage damaged: they move nothing.
fn signed(op: &KeptOp, ground: &Ground) -> Option<SignedMove> {
    let mv = match op.kind {
        OpKind::CaseMove => {
            let body = serde_json::from_str::<MoveBody>(op.text()).ok();
            body.and_then(|body| serde_json::from_str(body.mv.get()).ok())
        }
        OpKind::CaseReport => {
            let body = serde_json::from_str::<CaseReport>(op.text()).ok();
            body.and_then(|body| report(&body)).map(|report| Move::Report(Box::new(report)))
        }
        _ => None,
    };
    mv.map(|mv| SignedMove {
        id: op.op.to_string().into(),
        case: op.entity.to_string().into(),
        parent: op.parent.map(|id| id.to_string().into()),
        actor: ground.actor.clone(),
        at_device_ms: op.at_ms,
        at_hub_ms: None,
        mv,
    })
}

/// A report as casework reads it; none if a word in it is none of casework's.
fn report(body: &CaseReport) -> Option<Report> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let position = match &body.position {
        Some(position) => Some(serde_json::from_value(serde_json::to_value(position).ok()?).ok()?),
        None => None,
    };
    Some(Report {
        kind: from_word::<ReportKind>(&body.kind)?,
        category: match &body.category {
            Some(text) => Some(category(text)?),
            None => None,
        },
        condition: body.condition.clone().map(Into::into),
        topic: some(&body.topic),
        description: body.description.clone(),
        place: some(&body.place),
        position,
        road_class: match &body.road_class {
            Some(word) => Some(from_word(word)?),
            None => None,
        },
        site: body.site.map(|id| id.to_string().into()),
        campaign: body.campaign.map(|id| id.to_string().into()),
        source: Some(body.record.to_string().into()),
        photos: body.photos.iter().map(|photo| photo.id.as_str().parse().ok()).collect::<Option<Vec<_>>>()?,
    })
}

/// Does an op of it wait to reach the hub?
pub(crate) fn waits(own: &[KeptOp]) -> bool {
    own.iter().any(|op| op.state == OpState::Pending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_calendar_reads() {
        assert!(Calendar::parse(NO_CALENDAR).is_ok());
    }

    #[test]
    fn a_category_is_read_as_the_hub_reads_it() {
        let key = category("GB/T 47678.5-2026|matter|06010").unwrap();
        assert_eq!((key.standard.as_str(), key.code.as_str()), ("GB/T 47678.5-2026", "06010"));
        assert!(category("06010").is_none());
    }
}
