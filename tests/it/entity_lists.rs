//! Entity lists: what one form creates is what another form offers, on the same phone at once and on others after a sync.

use std::sync::Arc;

use xuncha_device::FillSession;
use xuncha_device::view::{Item, Question, Screen, SyncKind};
use xuncha_hub::HubError;
use xuncha_system_tests::office::CLERK;
use xuncha_system_tests::phone::{Phone, choice, text};

use crate::console::{Console, links};
use crate::town::Town;

/// Registers a tree.
const NEW: &str = "| survey | | | | |
| | type | name | label | save_to |
| | text | species | 树种 | species |
| entities | | | |
| | list_name | label | |
| | trees | concat('树 ', ${species}) | |
| settings | | |
| | form_id | version |
| | tree_new | 1 |
";
/// Looks after a tree: what the list says of it is calculated.
const LOOK: &str = "| survey | | | | | |
| | type | name | label | save_to | calculation |
| | select_one_from_file trees.csv | tree | 哪棵树 | | |
| | calculate | was | | | concat(instance('trees')/root/item[name=${tree}]/species, ' ', instance('trees')/root/item[name=${tree}]/health, ' ', instance('trees')/root/item[name=${tree}]/__version) |
| | note | seen | 原来：${was} | | |
| | text | health | 长势 | health | |
| entities | | | |
| | list_name | entity_id | |
| | trees | ${tree} | |
| settings | | |
| | form_id | version |
| | tree_look | 1 |
";

/// Says something else of a tree.
const GUARD: &str = "| survey | | | | |
| | type | name | label | save_to |
| | select_one_from_file trees.csv | tree | 哪棵树 | |
| | text | guard | 护栏 | guard |
| entities | | | |
| | list_name | entity_id | |
| | trees | ${tree} | |
| settings | | |
| | form_id | version |
| | tree_guard | 1 |
";
/// Only reads the list.
const COUNT: &str = "| survey | | | |
| | type | name | label |
| | select_one_from_file trees.csv | tree | 哪棵树 |
| settings | | |
| | form_id | version |
| | tree_count | 1 |
";

fn questions(screen: &Screen) -> Vec<&Question> {
    fn question(item: &Item) -> Option<&Question> {
        match item {
            Item::Question { question } => Some(question),
            _ => None,
        }
    }
    screen.items.iter().filter_map(question).collect()
}

/// The trees that a form offers, as it is opened now.
async fn offered(phone: &Phone) -> Vec<(String, String)> {
    let form = phone.begin("tree_look", None).await.unwrap();
    let screen = form.screen().unwrap();
    let trees =
        questions(&screen)[0].choices.iter().map(|one| (one.value.clone(), one.label.clone())).collect();
    phone.app.discard_draft(form.draft_id()).await.unwrap();
    trees
}

/// Opens the form for the first tree: what the list says of it (species, health, version).
async fn look(phone: &Phone) -> (Arc<FillSession>, String) {
    let trees = offered(phone).await;
    let form = phone.begin("tree_look", None).await.unwrap();
    let screen = form.answer("/data/tree", choice(&trees[0].0)).unwrap();
    let seen = questions(&screen)[1].label.clone();
    (form, seen.trim_start_matches("原来：").to_owned())
}

/// Looks after the first tree and says this of it.
async fn say(phone: &Phone, what: &str, answer: &str) -> String {
    let tree = offered(phone).await.remove(0).0;
    let form = phone.begin(if what == "guard" { "tree_guard" } else { "tree_look" }, None).await.unwrap();
    form.answer("/data/tree", choice(&tree)).unwrap();
    form.answer(&format!("/data/{what}"), text(answer)).unwrap();
    form.finalize().await.unwrap().record_id
}

async fn plant(phone: &Phone, species: &str) -> String {
    let form = phone.begin("tree_new", None).await.unwrap();
    form.answer("/data/species", text(species)).unwrap();
    form.finalize().await.unwrap().record_id
}

async fn synced(phone: &Phone) {
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
}

async fn grove() -> Town {
    let town = Town::open().await;
    let hub = &town.office.hub;
    let early = hub.import_form_workbook(CLERK, COUNT.as_bytes()).await;
    assert!(matches!(early, Err(HubError::Invalid { .. })), "no form makes the list yet: {early:?}");
    hub.import_form_workbook(CLERK, NEW.as_bytes()).await.unwrap();
    hub.import_form_workbook(CLERK, COUNT.as_bytes()).await.unwrap();
    hub.import_form_workbook(CLERK, LOOK.as_bytes()).await.unwrap();
    hub.import_form_workbook(CLERK, GUARD.as_bytes()).await.unwrap();
    town.office.hire("p-li", "李明", &["inspector"]).await.unwrap();
    town
}

#[tokio::test]
async fn what_is_registered_offline_is_offered_at_once_and_on_other_phones_after_a_sync() {
    let town = grove().await;
    let (wang, li) = (town.phone("p-wang", None).await, town.phone("p-li", None).await);
    assert!(offered(&wang).await.is_empty(), "an empty list is a list");

    plant(&wang, "国槐").await;
    let tree = offered(&wang).await;
    assert_eq!(tree.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>(), ["树 国槐"]);
    say(&wang, "health", "好").await;
    assert_eq!(look(&wang).await.1, "国槐 好 2");
    let wang = wang.reopen().await.unwrap();
    assert_eq!(look(&wang).await.1, "国槐 好 2", "after the phone was put away");
    assert!(offered(&li).await.is_empty());

    synced(&wang).await;
    assert_eq!(offered(&wang).await, tree, "once, and under the same id");
    assert_eq!(look(&wang).await.1, "国槐 好 2");
    synced(&li).await;
    assert_eq!(offered(&li).await, tree);
    assert_eq!(look(&li).await.1, "国槐 好 2");
    assert_eq!(
        town.count("SELECT COUNT(*) FROM listed WHERE conflict <> ''").await,
        0,
        "its own changes in a row"
    );

    // What is done on the other phone comes back, with what was done here meanwhile laid over it.
    say(&li, "guard", "有").await;
    synced(&li).await;
    synced(&wang).await;
    assert_eq!(look(&wang).await.1, "国槐 好 3");
    say(&wang, "health", "弱").await;
    assert_eq!(look(&wang).await.1, "国槐 弱 4");
    synced(&wang).await;
    synced(&wang).await;
    assert_eq!(look(&wang).await.1, "国槐 弱 4");
    assert_eq!(town.count("SELECT COUNT(*) FROM listed WHERE conflict <> ''").await, 0);
    assert_eq!(town.count("SELECT COUNT(*) FROM listed_version").await, 4);
}

#[tokio::test]
async fn two_who_did_not_know_of_each_other_lose_nothing_and_a_person_is_told() {
    let town = grove().await;
    let (wang, li) = (town.phone("p-wang", None).await, town.phone("p-li", None).await);
    plant(&wang, "国槐").await;
    synced(&wang).await;
    synced(&li).await;

    say(&wang, "guard", "有").await;
    let soft = say(&li, "health", "好").await;
    let hard = say(&li, "guard", "没有").await;
    synced(&wang).await;
    synced(&li).await;
    synced(&wang).await;
    assert_eq!(look(&wang).await.1, "国槐 好 4");
    assert_eq!(look(&li).await.1, "国槐 好 4");
    let of_record =
        "SELECT record || ' ' || conflict FROM listed_version WHERE conflict <> '' ORDER BY version";
    assert_eq!(town.texts(of_record).await, [format!("{soft} soft"), format!("{hard} hard")]);

    let hub = &town.office.hub;
    hub.set_password("admin", "admin", "admin", "correct-horse-11", false).await.unwrap();
    let console = Console::sign_in(town.office.address, "admin", "correct-horse-11").await;
    let forms = console.page("/forms").await;
    assert!(forms.contains("1项有冲突"));
    let (list, _) = links(&forms, "/lists/trees").remove(0);
    let page = console.page(&list).await;
    assert!(page.contains("冲突：两人改了同一项"));
    let (entity, label) = links(&page, "/lists/trees/").remove(0);
    assert_eq!(label, "树 国槐");
    let page = console.page(&entity).await;
    for kept in ["有", "没有", "好", "王新", "李明", "第4版", "填的时候看到的是第1版"] {
        assert!(page.contains(kept), "{kept}");
    }
    assert!(console.page(&format!("/records/{hard}")).await.contains("第4版，冲突：两人改了同一项"));

    let (list, id) = entity.strip_prefix("/lists/").and_then(|rest| rest.split_once('/')).unwrap();
    hub.check_entity(CLERK, list, id).await.unwrap();
    let page = console.page(&entity).await;
    assert!(!page.contains("已核对</button>") && page.contains("没有"), "seen to; what was said stays");
}

#[tokio::test]
async fn what_can_not_be_done_stands_with_its_record() {
    let town = grove().await;
    let phone = town.phone("p-wang", None).await;
    let form = phone.begin("tree_look", None).await.unwrap();
    form.answer("/data/health", text("好")).unwrap();
    let record = form.finalize().await.unwrap().record_id;
    synced(&phone).await;
    synced(&phone).await;
    assert!(offered(&phone).await.is_empty());
    assert_eq!(
        town.texts("SELECT record || ' ' || why FROM listed_fault").await,
        [format!("{record} not_a_uuid")]
    );
    let hub = &town.office.hub;
    hub.set_password("admin", "admin", "admin", "correct-horse-11", false).await.unwrap();
    let console = Console::sign_in(town.office.address, "admin", "correct-horse-11").await;
    assert!(console.page(&format!("/records/{record}")).await.contains("没有做：编号不是UUID"));
}

#[tokio::test]
async fn a_record_that_waits_for_a_person_is_offered_on_its_own_phone_until_then() {
    let town = grove().await;
    let phone = town.phone("p-wang", None).await;
    let hub = &town.office.hub;
    phone.clock.advance(2 * 86_400_000);
    let record = plant(&phone, "银杏").await;
    for _ in 0..4 {
        phone.sync().await.unwrap();
        assert_eq!(offered(&phone).await.len(), 1);
    }
    assert_eq!(town.count("SELECT COUNT(*) FROM listed").await, 0);
    let op = town.texts("SELECT op FROM op WHERE kind = 'record'").await.remove(0);
    hub.release_op(CLERK, op.parse().unwrap()).await.unwrap();
    for _ in 0..4 {
        synced(&phone).await;
        assert_eq!(look(&phone).await.1, "银杏  1");
    }
    assert_eq!(town.texts("SELECT record FROM listed_version").await, [record]);
}
