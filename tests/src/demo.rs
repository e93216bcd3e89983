//! The acceptance scene, played with real phones and a real hub. What it says at the end comes out of synced records.

pub mod album;
pub mod field;
pub mod folder;
pub mod loops;
pub mod mishaps;
pub mod report;

use std::path::PathBuf;
use std::time::Instant;

use crate::office::{Office, OfficeError};
use crate::scene::{Scene, SceneError, content};
use album::Album;
use field::Field;
use folder::Folder;

/// What may be chosen.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where hub and phones live; emptied at the start.
    pub folder: PathBuf,
    /// One's own pictures for the phones to take; drawn ones if none.
    pub photos: Option<PathBuf>,
    /// The hub's port; 0: any free one.
    pub port: u16,
    /// The demo's own program, which is started again as the phone that is killed.
    pub program: PathBuf,
}

/// Why the demo stopped.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The hub's side.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The hub itself.
    #[error(transparent)]
    Hub(#[from] xuncha_hub::HubError),
    /// The hub's store.
    #[error("the hub's store: {0:?}")]
    Store(#[from] xuncha_hub::store::E),
    /// The scene's data.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// A phone.
    #[error(transparent)]
    Phone(#[from] xuncha_device::AppError),
    /// A file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The folder of one's own pictures can't be used.
    #[error("{folder}：{why}。换一个有照片的文件夹，或不加--photos / name a folder with photos, or leave --photos out", folder = folder.display())]
    Photos {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        why: String,
    },
    /// The folder can't be played in.
    #[error("{folder}：{why}。等它结束，或用--folder换一个 / wait, or name another by --folder", folder = folder.display())]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        why: String,
    },
    /// The port is taken, or may not be used.
    #[error(
        "端口{port}用不了：{source}。换一个，或不加--port / port {port} can't be used: name another, or leave --port out"
    )]
    Port {
        /// Which port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The scene did not go as it must.
    #[error("{0}")]
    Astray(String),
}

/// Says what is going on.
pub trait Stage {
    /// A step begins: its number, how many there are, what it is.
    fn step(&mut self, nth: usize, of: usize, what: &str);
    /// How far the step is.
    fn progress(&mut self, done: usize, of: usize);
    /// A fact worth a line.
    fn say(&mut self, line: &str);
}

/// What is left standing at the end.
pub struct Played {
    /// The hub, still serving.
    pub office: Office,
    /// The sentence of 15 July.
    pub interim: String,
    /// The sentence of 1 August.
    pub result: String,
    /// Login and password of the dispatcher, made for this run.
    pub dispatcher: (String, String),
    /// Where it all lies; another demo may take it once this is dropped.
    pub folder: Folder,
}

/// Midnight of the scene's day `2026-07-08` in the sample city, and a time of it, as ms since 1970 UTC.
pub fn moment(day: &str, hour: i64, minute: i64) -> i64 {
    // Days since 8 July 2026, which is 20642 days after 1970-01-01.
    let mut parts = day.split('-').skip(1).filter_map(|part| part.parse::<i64>().ok());
    let (month, date) = (parts.next().unwrap_or(7), parts.next().unwrap_or(8));
    let days = 20_642 + (month - 7) * 31 + (date - 8);
    days * 86_400_000 + hour * 3_600_000 + minute * 60_000 - 8 * 3_600_000
}

const STEPS: usize = 8;

/// Plays the scene.
///
/// # Errors
/// [`DemoError`]; what was made stays in the folder.
#[allow(clippy::disallowed_methods, reason = "the demo says how long it took")]
pub async fn play(options: &Options, stage: &mut dyn Stage) -> Result<Played, DemoError> {
    let started = Instant::now();
    let album = options.photos.as_deref().map(Album::read).transpose()?.unwrap_or_default();
    stage.step(1, STEPS, "平台开张：导入表单、目录、日历、人员、268个企业项目");
    let folder = Folder::take(&options.folder)?;
    let scene = Scene::read(&content())?;
    let opened = Office::open(&folder.join("hub"), options.port, moment("2026-07-08", 7, 30)).await;
    let office = opened.map_err(|error| match error {
        OfficeError::Io(source) if options.port != 0 => DemoError::Port { port: options.port, source },
        other => other.into(),
    })?;
    office.furnish(&content()).await?;
    office.people_the_scene(&scene).await?;
    let dispatcher = report::dispatcher_password(&office).await?;

    stage.step(2, STEPS, "发码登记手机，各取一次资料");
    if !album.is_empty() {
        stage.say(&album.line());
    }
    let mut field = Field::enrol(&office, &scene, options, album, stage).await?;

    stage.step(3, STEPS, "7月8日—15日：离线走访，傍晚入库");
    mishaps::killed_in_a_form(&mut field, &scene, options, stage).await?;
    let days = scene.visits.iter().map(|v| v.day.as_str()).collect::<std::collections::BTreeSet<_>>();
    let (early, late): (Vec<&str>, Vec<&str>) = days.into_iter().partition(|day| *day <= "2026-07-15");
    for day in &early {
        field.visit_day(&office, &scene, day, stage).await?;
    }
    mishaps::cut_in_an_upload(&mut field, &office, stage).await?;

    stage.step(4, STEPS, "7月15日晚：立案、派遣，整改任务落实到人");
    loops::dispatch_all(&mut field, &office, &scene, moment("2026-07-15", 19, 0), stage).await?;
    let interim = report::sentence(&office, &scene, "2026-07-15", report::Which::Interim).await?;
    stage.say(&interim);

    stage.step(5, STEPS, "7月16日—24日：走访余下的项目");
    for day in &late {
        field.visit_day(&office, &scene, day, stage).await?;
    }
    loops::dispatch_all(&mut field, &office, &scene, moment("2026-07-25", 9, 0), stage).await?;

    stage.step(6, STEPS, "两部手机同办一件：先到的生效，后到的留着");
    mishaps::two_phones_one_case(&mut field, &office, options, stage).await?;

    stage.step(7, STEPS, "整改、核查、结案");
    loops::rectify_all(&mut field, &office, "2026-07-28", stage).await?;
    loops::verify_all(&mut field, &office, "2026-07-30", stage).await?;
    loops::close_all(&mut field, &office, "2026-07-31", stage).await?;

    stage.step(8, STEPS, "锦旗，报告");
    field.banner(&office, &scene).await?;
    office.clock.set(moment("2026-08-01", 18, 0));
    let result = report::sentence(&office, &scene, "2026-08-01", report::Which::Result).await?;
    stage.say(&result);
    let (made, held) = field.made_and_held().await?;
    stage.say(&format!("手机共做{made}条，平台已收{held}条"));
    field.close().await?;
    stage.say(&format!("用时{}秒", started.elapsed().as_secs()));
    Ok(Played { office, interim, result, dispatcher, folder })
}
