//! The acceptance scene, played by real phones against a real hub: its figures come out of synced records, its
//! sentences are those of the page, and every number opens a list of that many rows.

use tempfile::TempDir;
use xuncha_system_tests::demo::{self, Options, Stage, moment};
use xuncha_system_tests::photo;

use crate::console::{Console, links};

#[test]
fn the_moments_of_the_scene_are_those_of_the_calendar() {
    assert_eq!(moment("2026-07-08", 14, 30), xuncha_system_tests::phone::SCENE_START_MS);
    assert_eq!(moment("2026-08-01", 0, 0) - moment("2026-07-31", 0, 0), 86_400_000);
}

/// What the page says of 15 July, clause by clause, and of 1 August.
const INTERIM: [&str; 4] = [
    "副县级以上领导走访企业43家，收集问题和建议29条",
    "各县（市、区）城管局走访企业133家，收集问题和建议17条",
    "供水、供气、供暖3家公用事业企业走访企业30家，收集涉及供暖问题和建议3条",
    "并将整改任务落实到相关责任人",
];
const RESULT: &str = "共收集企业反馈问题57个，已解决或妥善处理57个";

/// Pictures as they lie in a folder: with EXIF and without, one cut off, one that is none, one without a byte.
fn own_pictures(place: &TempDir) -> std::path::PathBuf {
    let folder = place.path().join("pictures");
    std::fs::create_dir_all(folder.join("below")).unwrap();
    let whole = photo::sized(6, 640, 480);
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(320, 240).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    put("a.jpg", &whole);
    put("b.png", &png.into_inner());
    put("c-cut.jpg", &whole[..whole.len() / 2]);
    put("d.txt", "备忘".repeat(50).as_bytes());
    put("e-empty.jpg", &[]);
    folder
}

#[derive(Default)]
struct Notes(Vec<String>);

impl Stage for Notes {
    fn step(&mut self, nth: usize, of: usize, what: &str) {
        self.0.push(format!("[{nth}/{of}] {what}"));
    }

    fn progress(&mut self, done: usize, of: usize) {
        assert!(done <= of, "{done} of {of}: {:?}", self.0.last());
    }

    fn say(&mut self, line: &str) {
        self.0.push(line.to_owned());
    }
}

/// Every number of a campaign's page on a day opens a list of that many rows; answers how many there were.
async fn numbers_open_their_lists(console: &Console, campaign: &str, day: &str) -> (String, usize) {
    let page = console.page(&format!("/campaigns/{campaign}?as_of={day}")).await;
    let numbers = links(&page, "data-count");
    for (address, words) in &numbers {
        let count: usize = words.split('/').next().unwrap().replace(',', "").parse().unwrap();
        let list = console.page(address).await;
        assert_eq!(list.matches("<tr data-item>").count(), count, "{day}: {address}");
    }
    (page, numbers.len())
}

/// The count behind the link to this set.
fn counted(page: &str, set: &str) -> usize {
    let wanted = format!("set={set}&");
    let found =
        links(page, "data-count").into_iter().find(|(address, _)| format!("{address}&").contains(&wanted));
    let (_, words) = found.unwrap_or_else(|| panic!("no number opens {set}"));
    words.split('/').next().unwrap().replace(',', "").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_says_what_the_page_said_and_every_number_opens_its_list() {
    let place = TempDir::new().unwrap();
    let options = Options {
        folder: place.path().join("demo"),
        photos: Some(own_pictures(&place)),
        port: 0,
        program: env!("CARGO_BIN_EXE_demo").into(),
    };
    let mut notes = Notes::default();
    let played = demo::play(&options, &mut notes).await.unwrap();
    for clause in INTERIM {
        assert!(played.interim.contains(clause), "{clause}: {}", played.interim);
    }
    assert!(played.result.contains(RESULT), "{}", played.result);
    assert!(notes.0.len() < 30, "no wall of text: {:#?}", notes.0);
    assert!(notes.0.iter().any(|line| line.contains("用你的4张照片，其中2张")), "{:#?}", notes.0);
    assert!(
        notes.0.iter().any(|line| line.contains("草稿还在")),
        "a phone was killed and resumed: {:#?}",
        notes.0
    );
    assert!(notes.0.iter().any(|line| line.contains("从断处接着传")), "a network was cut: {:#?}", notes.0);
    assert!(
        notes.0.iter().any(|line| line.contains("后到的留着：")),
        "two phones moved one case: {:#?}",
        notes.0
    );

    let scene = xuncha_system_tests::scene::Scene::read(&xuncha_system_tests::scene::content()).unwrap();
    let campaign = scene.campaign.id.to_string();
    let (login, password) = &played.dispatcher;
    let console = Console::sign_in(played.office.address, login, password).await;
    let (july, numbers) = numbers_open_their_lists(&console, &campaign, "2026-07-15").await;
    assert!(numbers > 20, "{numbers} numbers");
    let of = |party: &str| {
        (counted(&july, &format!("visited.{party}")), counted(&july, &format!("collected.{party}")))
    };
    assert_eq!((of("leaders"), of("districts"), of("utilities")), ((43, 29), (133, 17), (30, 3)));
    assert_eq!(counted(&july, "visited"), 206);
    assert_eq!(counted(&july, "without_person"), 0, "the 49 were dispatched in the evening");
    let (before, _) = numbers_open_their_lists(&console, &campaign, "2026-07-14").await;
    let waited = (counted(&before, "without_person"), counted(&before, "collected"));
    assert!(waited.0 > 20 && waited.0 == waited.1, "nobody answered for them the day before: {waited:?}");

    let (august, _) = numbers_open_their_lists(&console, &campaign, "2026-08-01").await;
    assert_eq!((counted(&august, "collected"), counted(&august, "handled")), (57, 57));
    assert_eq!(counted(&august, "without_person"), 0);
    let split = ["resolved", "phased_plan", "policy_explained"]
        .map(|outcome| counted(&august, &format!("handled.{outcome}")));
    assert_eq!(split.iter().sum::<usize>(), 57, "{split:?}");
    assert!(split.iter().all(|part| *part > 0), "{split:?}");
    for part in split {
        assert!(played.result.contains(&format!("{part}个")), "{part}: {}", played.result);
    }
    assert_eq!(counted(&august, "visited"), 268);
    let hub = &played.office.hub;
    let open = hub.db().read(|tx| {
        tx.one("SELECT COUNT(*) FROM casefile WHERE closed_ms = 0 AND campaign <> ''", &[], |r| r.int(0))
    });
    assert_eq!(open.await.unwrap(), Some(0), "every case went through the loop");
    let (made, held) = (
        hub.db()
            .read(|tx| tx.one("SELECT CAST(SUM(made) AS BIGINT) FROM device", &[], |r| r.int(0)))
            .await
            .unwrap(),
        hub.db()
            .read(|tx| tx.one("SELECT CAST(SUM(held) AS BIGINT) FROM device", &[], |r| r.int(0)))
            .await
            .unwrap(),
    );
    assert_eq!(made, held, "the hub holds all that the phones made");
    hub.stop();
}
