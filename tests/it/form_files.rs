//! Forms that read lists and show pictures: they come with their files, work without network, and follow the office when it
//! changes a list.

use std::fmt::Write;
use std::sync::Arc;

use xuncha_device::view::{Item, Question, Screen, SyncKind};
use xuncha_device::{AppError, FillSession};
use xuncha_hub::office::GivenFile;
use xuncha_hub::office::forms::Written;
use xuncha_system_tests::office::CLERK;
use xuncha_system_tests::phone::{Phone, choice, text};
use xuncha_system_tests::proxy::{Proxy, Weather};

use crate::sentences::has_three_parts;
use crate::town::Town;

/// A check of shops: those of a zone, out of a file; the owner looked up in the same; what was found last time.
fn workbook(version: &str) -> String {
    format!(
        "
| survey |                                |       |            |                |                                             |                    |
|        | type                           | name  | label      | choice_filter  | calculation                                 | default            |
|        | text                           | zone  | 片区       |                |                                             | ${{last-saved#zone}} |
|        | select_one_from_file shops.csv | shop  | 店铺       | zone = ${{zone}} |                                             |                    |
|        | calculate                      | owner |            |                | pulldata('shops', 'owner', 'name', ${{shop}}) |                    |
|        | note                           | said  | 店主：${{owner}} |          |                                             |                    |
| settings |                              |       |            |                |                                             |                    |
|        | form_id                        | form_title | version |              |                                             |                    |
|        | shop                           | 店铺检查 | {version} |                |                                             |                    |
"
    )
}

const LIST: &str = "name,label,zone,owner\ns1,面馆,东,老王\ns2,药店,东,老李\ns3,书店,西,老赵\n";
/// The noodle shop has closed, the pharmacy has changed hands, a bakery has opened.
const NEXT: &str = "name,label,zone,owner\ns2,药店,东,小陈\ns4,面包房,东,老周\ns3,书店,西,老赵\n";

async fn import(town: &Town, version: &str, list: &str) {
    let files = vec![GivenFile { name: "shops.csv".into(), bytes: list.as_bytes().to_vec() }];
    let workbook = workbook(version);
    town.office.hub.import_form(CLERK, Written::Workbook(workbook.as_bytes()), files).await.unwrap();
}

fn question(screen: &Screen, at: &str) -> Question {
    let found = screen.items.iter().find_map(|item| match item {
        Item::Question { question } if question.at == at => Some(question.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{at} is not on the page"))
}

/// The shops to choose from, as the person reads them.
fn shops(screen: &Screen) -> Vec<String> {
    question(screen, "/data/shop").choices.into_iter().map(|choice| choice.label).collect()
}

async fn offered(phone: &Phone) -> Option<String> {
    let forms = phone.app.forms().await.unwrap();
    forms.into_iter().find(|form| form.form == "shop").map(|form| form.version)
}

async fn begun(phone: &Phone) -> Arc<FillSession> {
    phone.begin("shop", None).await.unwrap()
}

#[tokio::test]
async fn a_form_with_a_list_is_filled_without_network_and_follows_the_office() {
    let town = Town::open().await;
    import(&town, "1", LIST).await;
    let phone = town.phone("p-wang", None).await;
    // From here on the phone has no network.
    let form = begun(&phone).await;
    let screen = form.answer("/data/zone", text("东")).unwrap();
    assert_eq!(shops(&screen), ["面馆", "药店"]);
    let screen = form.answer("/data/shop", choice("s1")).unwrap();
    assert_eq!(question(&screen, "/data/said").label, "店主：老王");
    form.clone().finalize().await.unwrap();
    // Another is left as a draft, and the phone is put away.
    let draft = begun(&phone).await;
    assert_eq!(
        question(&draft.screen().unwrap(), "/data/zone").value.unwrap().raw,
        "东",
        "the last record is where the next begins"
    );
    let screen = draft.answer("/data/shop", choice("s1")).unwrap();
    assert_eq!(question(&screen, "/data/said").label, "店主：老王");
    let (id, other) = (draft.draft_id(), begun(&phone).await);
    other.answer("/data/shop", choice("s2")).unwrap();
    let other_id = other.draft_id();
    draft.close().await.unwrap();
    other.close().await.unwrap();
    let phone = phone.reopen().await.unwrap();
    assert_eq!(shops(&begun(&phone).await.screen().unwrap()), ["面馆", "药店"], "also after a restart");

    // Back at the office: the record is handed in, and the list has changed, the form has not.
    import(&town, "1", NEXT).await;
    let synced = phone.sync().await.unwrap();
    assert_eq!((synced.kind, synced.pushed), (SyncKind::Done, 1), "{}", synced.sentence);
    let held = town.texts("SELECT CAST(substr(body, 3) AS TEXT) FROM entity WHERE kind = 'record'").await;
    assert!(
        held.len() == 1 && held[0].contains("<shop>s1</shop>") && held[0].contains("<owner>老王</owner>"),
        "{held:?}"
    );

    assert_eq!(shops(&begun(&phone).await.screen().unwrap()), ["药店", "面包房"]);
    // A draft that chose what is still there goes on with the new list, and what is looked up follows it.
    let other = phone.app.resume_fill(other_id).await.unwrap();
    let screen = other.screen().unwrap();
    assert_eq!(question(&screen, "/data/shop").value.unwrap().raw, "s2");
    assert_eq!(question(&screen, "/data/said").label, "店主：小陈");
    // One that chose what has closed keeps all the rest, and what was chosen comes back with the list that has it.
    let draft = phone.app.resume_fill(id.clone()).await.unwrap();
    let screen = draft.screen().unwrap();
    assert_eq!(question(&screen, "/data/zone").value.unwrap().raw, "东");
    assert_eq!(question(&screen, "/data/shop").value, None);
    assert!(screen.misfit_line.contains("有1处原来的内容现在放不下（店铺：s1）"), "{}", screen.misfit_line);
    has_three_parts(&screen.misfit_line);
    draft.close().await.unwrap();
    import(&town, "1", LIST).await;
    phone.sync().await.unwrap();
    let draft = phone.app.resume_fill(id).await.unwrap();
    let screen = draft.screen().unwrap();
    assert_eq!(
        (question(&screen, "/data/shop").value.unwrap().raw.as_str(), screen.misfit_line.as_str()),
        ("s1", "")
    );
    draft.finalize().await.unwrap();
    other.finalize().await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(town.count("SELECT COUNT(*) FROM record WHERE form = 'shop'").await, 3);
}

/// A list of some megabytes that hardly gets smaller when it is packed.
fn long_list(seed: u64) -> String {
    let mut list = LIST.to_owned();
    for nth in 0..30_000_u64 {
        let name = xuncha_wire::BlobId::of(&(seed * 1_000_000 + nth).to_be_bytes());
        writeln!(list, "{seed}-{nth},{},南,{}", name.digits(), name.digits()).unwrap();
    }
    list
}

#[tokio::test]
async fn a_form_is_offered_once_all_its_files_are_there_and_until_then_as_it_was() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.phone("p-wang", Some(proxy.address)).await;
    import(&town, "1", &long_list(1)).await;
    proxy.set(Weather::CutAfter(400_000));
    let cut = phone.sync().await.unwrap();
    assert_eq!(cut.kind, SyncKind::Partly, "{}", cut.sentence);
    assert!(cut.sentence.contains("1张表单的文件没有取完"), "{}", cut.sentence);
    has_three_parts(&cut.sentence);
    assert_eq!(offered(&phone).await, None, "a form that could not be opened is not offered");
    assert!(matches!(phone.begin("shop", None).await, Err(AppError::NotFound { .. })));
    // Each sync goes on where the one before was cut, also when the phone was put away in between.
    let phone = phone.reopen().await.unwrap();
    let mut down = cut.bytes_down;
    for _ in 0..8 {
        down += phone.sync().await.unwrap().bytes_down;
        if offered(&phone).await.is_some() {
            break;
        }
    }
    assert_eq!(offered(&phone).await.as_deref(), Some("1"));
    assert!(down < 2 * long_list(1).len() as u64, "{down}: nothing is fetched twice");

    import(&town, "2", &long_list(2)).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Partly);
    proxy.set(Weather::Down);
    assert_eq!(offered(&phone).await.as_deref(), Some("1"));
    let form = begun(&phone).await;
    assert_eq!(shops(&form.answer("/data/zone", text("东")).unwrap()), ["面馆", "药店"]);
    let found = form.choices("/data/shop", "", 0).unwrap();
    assert_eq!(found.total, 2);
    form.answer("/data/zone", text("南")).unwrap();
    let found = form.choices("/data/shop", "1-29999", 0).unwrap();
    assert_eq!((found.total, found.choices[0].value.as_str()), (1, "1-29999"));
    form.clone().finalize().await.unwrap();
    proxy.set(Weather::Fair);
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(offered(&phone).await.as_deref(), Some("2"));
    let kept = std::fs::read_dir(phone.folder().join("files/form-files")).unwrap().count();
    assert_eq!(kept, 1, "what no form needs any more is gone");
}

#[tokio::test]
async fn a_file_that_storage_damaged_is_fetched_anew_and_the_draft_goes_on() {
    let town = Town::open().await;
    import(&town, "1", LIST).await;
    let phone = town.phone("p-wang", None).await;
    let draft = begun(&phone).await;
    draft.answer("/data/zone", text("西")).unwrap();
    let id = draft.draft_id();
    draft.close().await.unwrap();
    let file =
        std::fs::read_dir(phone.folder().join("files/form-files")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, LIST.replace("西", "北")).unwrap();
    let phone = phone.reopen().await.unwrap();
    let Err(error) = phone.app.resume_fill(id.clone()).await else { panic!("opened with a damaged list") };
    assert!(error.sentence("zh").contains("联网同步一次会重新取"), "{error:?}");
    has_three_parts(&error.sentence("zh"));
    phone.sync().await.unwrap();
    let draft = phone.app.resume_fill(id).await.unwrap();
    let screen = draft.screen().unwrap();
    assert_eq!(
        (question(&screen, "/data/zone").value.unwrap().raw.as_str(), shops(&screen)),
        ("西", vec!["书店".into()])
    );
}

#[tokio::test]
async fn pictures_beside_labels_and_choices_are_on_the_phone() {
    let town = Town::open().await;
    let form = "
| survey  |                  |      |        |              |                  |
|         | type             | name | label  | media::image | media::big-image |
|         | select_one kinds | kind | 哪一种 | map.png      | map-big.png      |
| choices |                  |      |        |              |                  |
|         | list_name        | name | label  | media::image |                  |
|         | kinds            | a    | 甲     | a.png        |                  |
|         | kinds            | b    | 乙     |              |                  |
| settings |                 |      |        |              |                  |
|         | form_id          | form_title | version |       |                  |
|         | pictured         | 看图   | 1      |              |                  |
";
    let pictures = ["map.png", "map-big.png", "a.png"]
        .map(|name| GivenFile { name: name.into(), bytes: name.as_bytes().to_vec() });
    town.office.hub.import_form(CLERK, Written::Workbook(form.as_bytes()), pictures.to_vec()).await.unwrap();
    let phone = town.phone("p-wang", None).await;
    let screen = phone.begin("pictured", None).await.unwrap().screen().unwrap();
    let asked = question(&screen, "/data/kind");
    let shown = |path: &str| std::fs::read_to_string(path).unwrap();
    assert_eq!((shown(&asked.image), shown(&asked.big_image)), ("map.png".into(), "map-big.png".into()));
    assert_eq!((shown(&asked.choices[0].image), asked.choices[1].image.as_str()), ("a.png".into(), ""));
    assert!(asked.image.ends_with(".png"));
}

#[tokio::test]
async fn a_list_of_external_choices_is_chosen_from_without_network() {
    let town = Town::open().await;
    let form = "
| survey           |                            |        |       |               |
|                  | type                       | name   | label | choice_filter |
|                  | text                       | state  | 省    |               |
|                  | select_one_external county | county | 县    | state=${state} |
| external_choices |                            |        |       |               |
|                  | list_name                  | name   | label | state         |
|                  | county                     | c1     | 东县  | s1            |
|                  | county                     | c2     | 西县  | s2            |
|                  | state                      | s1     | 一省  |               |
| settings         |                            |        |       |               |
|                  | form_id                    | form_title | version |         |
|                  | counties                   | 县     | 1     |               |
";
    town.office.hub.import_form_workbook(CLERK, form.as_bytes()).await.unwrap();
    let phone = town.phone("p-wang", None).await;
    let form = phone.begin("counties", None).await.unwrap();
    let screen = form.answer("/data/state", text("s2")).unwrap();
    let offered: Vec<_> =
        question(&screen, "/data/county").choices.into_iter().map(|one| one.label).collect();
    assert_eq!(offered, ["西县"]);
    form.answer("/data/county", choice("c2")).unwrap();
    form.clone().finalize().await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
}
