//! Kill -9 at random points of fill, photo, finalize, push, pull and upload, through a process of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use xuncha_device::view::SiteFilter;
use xuncha_hub::office::NewPerson;
use xuncha_hub::photos::{Size, file};
use xuncha_system_tests::office::CLERK;
use xuncha_system_tests::phone::{Phone, SCENE_START_MS};
use xuncha_system_tests::photo;
use xuncha_system_tests::proxy::Proxy;
use xuncha_wire::EntityId;
use xuncha_wire::entity::SiteBody;

use crate::town::Town;

/// Kills of a normal run; `XUNCHA_KILLS` asks for more.
const KILLS: u64 = 200;
/// Where a kill may fall; each must be hit by some.
const PHASES: [&str; 6] = ["fill", "photo", "finalize", "push", "pull", "upload"];
/// Sites whose rows a pull brings.
const SITES: u64 = 250;

/// The phone's process, with what it said so far.
struct FieldPhone {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    reader: JoinHandle<()>,
}

impl FieldPhone {
    fn start(home: &Path, seed: u64, rounds: u64) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_field-phone"))
            .arg(home)
            .arg(seed.to_string())
            .arg(rounds.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let (out, heard) = (BufReader::new(child.stdout.take().unwrap()), said.clone());
        let reader = std::thread::spawn(move || {
            out.lines().map_while(Result::ok).for_each(|line| heard.lock().unwrap().push(line));
        });
        Self { child, said, reader }
    }

    /// What it is at: its own word, and within a sync the last thing it asked the hub.
    fn phase(&self, proxy: &Proxy) -> String {
        let own = self
            .said
            .lock()
            .unwrap()
            .iter()
            .rev()
            .find_map(|line| Some(line.strip_prefix("phase ")?.to_owned()));
        match own.as_deref() {
            None => "open".into(),
            Some("sync") => match proxy.asked() {
                asked if asked.contains("/v1/push") => "push".into(),
                asked if asked.contains("/v1/pull") => "pull".into(),
                asked if asked.contains("/v1/blob") => "upload".into(),
                _ => "login".into(),
            },
            Some(phase) => phase.to_owned(),
        }
    }

    /// All it said, once it has ended.
    fn ended(self) -> (Vec<String>, bool) {
        let Self { mut child, said, reader } = self;
        reader.join().unwrap();
        let whole = child.wait().unwrap().success();
        (std::mem::take(&mut *said.lock().unwrap()), whole)
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// When to kill. A phase lasts from half a millisecond to seconds, on this machine or that one, so that how far into
/// it a kill may fall is learned: less far after a miss, further after a hit.
struct Aim {
    dice: Dice,
    depth_us: BTreeMap<&'static str, u64>,
}

impl Aim {
    const DEEPEST_US: u64 = 12_000;

    fn new(seed: u64) -> Self {
        Self { dice: Dice(seed), depth_us: PHASES.map(|phase| (phase, Self::DEEPEST_US)).into() }
    }

    /// Returns at any moment, or somewhere within the phase that is aimed at.
    fn wait(&mut self, target: Option<&str>, phase: impl Fn() -> String) {
        let Some(target) = target else {
            return std::thread::sleep(Duration::from_millis(20 + self.dice.roll(500)));
        };
        let begun = Instant::now();
        while phase() != target && begun.elapsed() < Duration::from_secs(8) {
            std::thread::sleep(Duration::from_micros(20));
        }
        let depth = self.depth_us.get(target).copied().unwrap_or(Self::DEEPEST_US);
        // Shorter than this, going to sleep is what takes the time.
        match self.dice.roll(depth) {
            0..50 => {}
            depth => std::thread::sleep(Duration::from_micros(depth)),
        }
    }

    fn learn(&mut self, target: &'static str, hit: bool) {
        if let Some(depth) = self.depth_us.get_mut(target) {
            *depth = if hit { (*depth * 5 / 4).min(Self::DEEPEST_US) } else { (*depth / 2).max(50) };
        }
    }
}

fn sites(district: &str, version: u64) -> Vec<SiteBody> {
    let first = if district == "xicheng" { SITES } else { 0 };
    let site = |nth: u64| {
        let mut random = [5; 10];
        random[..8].copy_from_slice(&nth.to_be_bytes());
        let id = EntityId::from_parts(1_782_840_000_000, random);
        let name = format!("门店{nth}，第{version}版");
        serde_json::json!({"id": id, "kind": "shop", "name": name, "district": district, "address": "人民路"})
    };
    (first..first + SITES).map(|nth| serde_json::from_value(site(nth)).unwrap()).collect()
}

/// The office changes many rows, and now and then what the phone's person may read.
async fn office_works(town: &Town, kill: u64) {
    let hub = &town.office.hub;
    hub.put_sites(CLERK, sites("dongcheng", kill)).await.unwrap();
    hub.put_sites(CLERK, sites("xicheng", kill)).await.unwrap();
    let both = kill.is_multiple_of(2);
    let districts = if both { vec!["dongcheng".into(), "xicheng".into()] } else { vec!["dongcheng".into()] };
    let person = NewPerson {
        id: "p-wang".into(),
        name: "王新".into(),
        unit: "u-test".into(),
        post: "巡查岗".into(),
        roles: vec!["inspector".into()],
        districts,
        login: String::new(),
    };
    hub.put_people(CLERK, vec![person]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_kills_in_every_phase_lose_nothing_and_double_nothing() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let (kills, seed) = (number("XUNCHA_KILLS", KILLS), number("XUNCHA_SEED", 20_260_708));
    println!("XUNCHA_SEED={seed} XUNCHA_KILLS={kills}");
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let home = town.folder.path().join("field");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join("large.jpg"), photo::sized(1, 1280, 960)).unwrap();
    std::fs::write(home.join("code"), town.office.code("p-wang", Some(proxy.address)).await.unwrap())
        .unwrap();
    // The first run enrols in peace: a code is spent once, whoever dies.
    let (mut told, whole) = tokio::task::block_in_place(|| FieldPhone::start(&home, seed, 1).ended());
    assert!(whole, "{told:?}");

    let (mut aim, mut fell) = (Aim::new(seed), BTreeMap::<String, u64>::new());
    let enough = kills / 50;
    for kill in 0..kills * 2 {
        let hits = |phase: &str| fell.get(phase).copied().unwrap_or(0);
        let hardly = PHASES.into_iter().find(|phase| hits(phase) < enough);
        // Half the kills fall anywhere, the others somewhere within a phase; what was hardly hit gets more.
        let target = match hardly {
            hardly if kill >= kills => hardly,
            _ => (kill % 2 == 0).then(|| PHASES[usize::try_from(kill / 2).unwrap() % PHASES.len()]),
        };
        if kill >= kills && target.is_none() {
            break;
        }
        if target == Some("pull") || kill % 10 == 1 {
            office_works(&town, kill).await;
        }
        proxy.take_asked();
        let (phase, said) = tokio::task::block_in_place(|| {
            let mut phone = FieldPhone::start(&home, seed + 1 + kill, u64::MAX);
            aim.wait(target, || phone.phase(&proxy));
            phone.child.kill().unwrap();
            let phase = phone.phase(&proxy);
            (phase, phone.ended().0)
        });
        if let Some(target) = target {
            aim.learn(target, phase == target);
        }
        told.extend(said);
        *fell.entry(phase).or_default() += 1;
    }
    println!("the kills fell: {fell:?}");
    for phase in PHASES {
        assert!(fell.get(phase).copied().unwrap_or(0) >= enough, "{phase} was hardly hit: {fell:?}");
    }
    // What is left of drafts and queues is finished and brought in.
    office_works(&town, 1_000_000).await;
    let (last, whole) = tokio::task::block_in_place(|| FieldPhone::start(&home, seed + 1_000_000, 2).ended());
    assert!(whole, "the last run: {:?}", last.last());
    told.extend(last);
    everything_arrived_once(&town, &told, kills).await;
    the_replica_is_whole(&town, &home).await;
}

async fn everything_arrived_once(town: &Town, told: &[String], kills: u64) {
    let finalized = of(told, "finalized ");
    assert!(finalized.len() > 20, "only {} records in {kills} kills: the test says little", finalized.len());
    let held = town.texts("SELECT id FROM record ORDER BY id").await;
    let distinct: BTreeSet<String> = held.iter().cloned().collect();
    assert_eq!(held.len(), distinct.len(), "a record arrived twice");
    let lost: Vec<&String> = finalized.difference(&distinct).collect();
    assert!(lost.is_empty(), "finalized and lost: {lost:?}");
    let records = i64::try_from(distinct.len()).unwrap();
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, records, "one case a record");

    // Each record names one photo, each photo is named by one record, and its bytes are at the hub.
    let named = "SELECT photo FROM photo_use WHERE kind = 'record' ORDER BY photo";
    let photos = town.texts(named).await;
    let names: BTreeSet<&String> = photos.iter().collect();
    assert_eq!(
        (photos.len(), names.len()),
        (distinct.len(), distinct.len()),
        "one photo a record, each once"
    );
    let lacking = town.count("SELECT COUNT(*) FROM photo WHERE complete_ms = 0").await;
    assert_eq!(lacking, 0, "photos that records name and the hub does not hold");
    let hub = &town.office.hub;
    for name in &names {
        let id = name.parse().unwrap();
        let kept = file(hub, hub.tenant().as_str(), &id, Size::Original).await.unwrap().unwrap();
        assert_eq!(xuncha_wire::BlobId::of(&std::fs::read(kept).unwrap()), id, "byte for byte");
    }
    let (made, at_hub) =
        (town.count("SELECT made FROM device").await, town.count("SELECT held FROM device").await);
    assert_eq!(made, at_hub, "made {made}, held {at_hub}");
    println!("{records} records, {} told before a kill, {kills} kills", finalized.len());
}

/// The phone holds the newest version of every row that it may read, and no other.
async fn the_replica_is_whole(town: &Town, home: &Path) {
    let phone = Phone::open(home, 9_999_999, SCENE_START_MS).await.unwrap();
    let seen = phone.app.sites(SiteFilter { limit: 10_000, ..SiteFilter::default() }).await.unwrap();
    let (mut names, mut wanted): (Vec<String>, Vec<String>) =
        (seen.into_iter().map(|site| site.name).collect(), town.texts("SELECT name FROM site").await);
    names.sort();
    wanted.sort();
    assert_eq!(names.len(), wanted.len());
    assert!(names == wanted, "a site is of an older version");
    phone.app.close().await.unwrap();
}

fn of(told: &[String], what: &str) -> BTreeSet<String> {
    told.iter().filter_map(|line| Some(line.strip_prefix(what)?.trim().to_owned())).collect()
}
