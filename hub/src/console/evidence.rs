//! Photos as pages show them: thumbnail, caption, and what is not here yet.

use askama::Template;
use xuncha_casework::{Calendar, format};

use crate::ledger::history::Shot;

/// A row of photos.
#[derive(Template)]
#[template(path = "parts/shots.html")]
pub(super) struct Shots {
    pub(super) shots: Vec<ShotView>,
    pub(super) none: String,
}

pub(super) struct ShotView {
    pub(super) id: String,
    pub(super) here: bool,
    pub(super) missing: String,
    pub(super) alt: String,
    pub(super) caption: String,
    pub(super) damage: String,
}

impl Shots {
    /// These photos; `none` is said when there are none. `what` names them for those who don't see them.
    pub(super) fn of<'a>(
        shots: impl IntoIterator<Item = &'a Shot>,
        what: &str,
        none: &str,
        calendar: &Calendar,
    ) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        let shots = shots.into_iter().filter(|shot| seen.insert(shot.id.clone()));
        let shots = (1..).zip(shots).map(|(nth, shot)| view(nth, shot, what, calendar)).collect();
        Self { shots, none: none.to_owned() }
    }
}

fn view(nth: usize, shot: &Shot, what: &str, calendar: &Calendar) -> ShotView {
    let taken = shot.taken.as_ref().map(|t| format::table(t.capture.wall_ms, calendar));
    let time = taken.unwrap_or_else(|| "时间不明".to_owned());
    let fix = match shot.taken.as_ref().and_then(|t| t.capture.fix.as_ref()) {
        Some(fix) if fix.mocked => "手机报为模拟位置".to_owned(),
        Some(fix) => format!("定位约{:.0}米", fix.accuracy_m),
        None => "无定位".to_owned(),
    };
    ShotView {
        id: shot.id.clone(),
        here: shot.here,
        missing: "还在手机上，没有收到".to_owned(),
        alt: format!("{what}照片{nth}，{time}"),
        caption: format!("{time} {fix}"),
        damage: shot.damage.clone(),
    }
}
