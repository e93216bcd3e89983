//! Photos as pages show them: thumbnail, caption, and what is not here yet.

use askama::Template;
use xuncha_casework::terms::Term;
use xuncha_casework::{Calendar, format};

use crate::ledger::history::Shot;
use crate::ledger::words;

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

/// `在李明手机上，13:58拍，照片等Wi-Fi`.
fn missing(shot: &Shot, calendar: &Calendar) -> String {
    let (name, why) = &shot.by;
    let mut said = vec![format!("在{}手机上", if name.is_empty() { "上报人" } else { name })];
    said.extend(
        shot.taken.as_ref().map(|t| format!("{}拍", format::clock_time(t.capture.wall_ms, calendar))),
    );
    said.extend(Some(words::waiting(why)).filter(|why| !why.is_empty()).map(str::to_owned));
    said.join("，")
}

/// What can be said of these photos as evidence, each on its own line, and nothing beyond it.
pub(super) fn statements(shots: &[Shot], calendar: &Calendar) -> Vec<String> {
    let mut said = Vec::new();
    if shots.is_empty() {
        return said;
    }
    let here = shots.iter().filter(|s| s.here).count();
    if here > 0 {
        said.push(format!("未改动：平台收到的{here}张，原始照片和手机登记的指纹（SHA-256）一致"));
    }
    if here < shots.len() {
        said.push(format!("还没收到：{}张在手机上，内容还不能核对", shots.len() - here));
    }
    let damaged = shots.iter().filter(|s| !s.damage.is_empty()).count();
    if damaged > 0 {
        said.push(format!("可能不完整：{damaged}张，已原样保留"));
    }
    let taken: Vec<_> = shots.iter().filter_map(|s| Some((s, s.taken.as_ref()?))).collect();
    let imported = taken.iter().filter(|(_, t)| t.capture.imported).count();
    let camera: Vec<_> = taken.iter().filter(|(_, t)| !t.capture.imported).collect();
    let first = camera.iter().map(|(_, t)| t.capture.wall_ms).min();
    let heard = camera.iter().map(|(s, _)| s.received_ms).max().filter(|ms| *ms > 0);
    if let (Some(first), Some(heard)) = (first, heard) {
        let (window, first, heard) =
            (Term::WordTimeWindow.zh(), format::table(first, calendar), format::table(heard, calendar));
        said.push(format!("{window}：手机记的拍摄时间最早{first}，平台{heard}已收到登记，不会更晚"));
    }
    let fixes: Vec<_> = camera.iter().filter_map(|(_, t)| t.capture.fix.as_ref()).collect();
    if !fixes.is_empty() {
        let worst = fixes.iter().map(|f| f.accuracy_m).fold(0.0, f64::max);
        said.push(format!("位置：{}张有定位，误差约{worst:.0}米以内，由手机所报", fixes.len()));
    }
    let mocked = fixes.iter().filter(|f| f.mocked).count();
    if mocked > 0 {
        said.push(format!("模拟位置：{mocked}张，手机自己说位置是模拟的"));
    }
    if camera.len() > fixes.len() {
        said.push(format!("无定位：{}张", camera.len() - fixes.len()));
    }
    if imported > 0 {
        said.push(format!("导入：{imported}张从文件选来，何时何地拍的不知道"));
    }
    said
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
        missing: missing(shot, calendar),
        alt: format!("{what}照片{nth}，{time}"),
        caption: format!("{time} {fix}"),
        damage: shot.damage.clone(),
    }
}
