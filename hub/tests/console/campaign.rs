//! The campaign's figures, and that every number opens a list of that many rows.

use serde_json::json;
use xuncha_hub::store::V;
use xuncha_wire::EntityId;

use crate::browser::{Browser, links};
use crate::phone::{TestHub, hub};
use crate::scene::{self, dispatch_to, office_moves};

fn rows(page: &str) -> usize {
    page.matches("<tr data-item>").count()
}

fn plain(html: &str) -> String {
    regex::Regex::new("<[^>]+>").unwrap().replace_all(html, "").into_owned()
}

#[tokio::test]
async fn every_number_opens_a_list_of_that_many_rows() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let leader = Browser::signed_in(&hub, "lead").await;
    let page = leader.page(&format!("/campaigns/{}?as_of=2026-07-15", scene.campaign)).await;
    let text = plain(&page);
    for said in [
        "副县级以上领导走访企业43家，收集问题和建议29条",
        "各县（市、区）城管局走访企业133家，收集问题和建议17条",
        "供水、供气、供暖3家公用事业企业走访企业30家，收集涉及供暖问题和建议3条",
        "其中49条尚未落实责任人",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(text.contains("206/268"), "{text}");
    for (tab, at_least) in [("", 26), ("gaps", 7), ("figures", 24)] {
        let page = leader.page(&format!("/campaigns/{}?tab={tab}&as_of=2026-07-15", scene.campaign)).await;
        let numbers = links(&page, "data-count");
        assert!(numbers.len() >= at_least, "{tab}: {numbers:?}");
        for (address, number) in numbers {
            let count: usize = number.split('/').next().unwrap().replace(',', "").parse().unwrap();
            let list = leader.page(&address).await;
            assert_eq!(rows(&list), count, "{address}");
            assert!(list.contains(&format!("<span id=\"total\">{count}</span>")), "{address}");
        }
    }
    let refused = regex::Regex::new(r#"href="([^"]+)">看这<span data-count-of>(\d+)</span>"#).unwrap();
    let clauses: Vec<_> =
        refused.captures_iter(&page).map(|c| (c[1].replace("&#38;", "&"), c[2].to_owned())).collect();
    assert!(!clauses.is_empty());
    for (address, count) in clauses {
        assert_eq!(rows(&leader.page(&address).await), count.parse::<usize>().unwrap(), "{address}");
    }
}

#[tokio::test]
async fn an_earlier_day_counts_less() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let leader = Browser::signed_in(&hub, "lead").await;
    let earlier = plain(&leader.page(&format!("/campaigns/{}?as_of=2026-07-10", scene.campaign)).await);
    assert!(earlier.contains("截至7月10日") && !earlier.contains("走访企业43家"), "{earlier}");
    let before = plain(&leader.page(&format!("/campaigns/{}?as_of=2026-07-01", scene.campaign)).await);
    assert!(before.contains("还没有走访记录"), "{before}");
}

/// The count that opens this set.
fn counted(page: &str, set: &str) -> usize {
    let wanted = format!("set={set}&");
    let found =
        links(page, "data-count").into_iter().find(|(address, _)| format!("{address}&").contains(&wanted));
    let (_, words) = found.unwrap_or_else(|| panic!("no number opens {set}"));
    words.split('/').next().unwrap().parse().unwrap()
}

/// The campaign's cases that are a problem or a suggestion, oldest first.
async fn collected(hub: &TestHub, kind: &'static str) -> Vec<EntityId> {
    let found = hub.hub.db().read(move |tx| {
        let sql = "SELECT id FROM casefile WHERE campaign <> '' AND kind = $1 ORDER BY number, id";
        tx.all(sql, &[V::T(kind)], |r| r.text(0))
    });
    found.await.unwrap().into_iter().map(|id| id.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_day_that_is_past_says_who_was_responsible_then_and_what_had_closed_then() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let day = |nth: i64| scene::NOW + (nth - 15) * 24 * 3_600_000;
    let suggestions = collected(&hub, "suggestion").await;
    let cases = [collected(&hub, "problem").await, suggestions.clone()].concat();
    assert_eq!(cases.len(), 49);
    let mut to_ming = dispatch_to("clean", "环卫中心", "ming", "李明");
    to_ming["limit"] = json!({"clock": "working_days", "amount": 15});
    let (left, early) = cases.split_at(3);
    for (of_july, some) in [(15, early), (16, left)] {
        hub.clock.set(day(of_july));
        for case in some {
            office_moves(&hub, "li", *case, json!({"type": "accept"})).await;
            office_moves(&hub, "li", *case, to_ming.clone()).await;
        }
    }
    let told = suggestions[0];
    hub.clock.set(day(30));
    let done = json!({"type": "rectify", "outcome": {"type": "resolved"}, "note": "已协调到位"});
    office_moves(&hub, "ming", told, done).await;
    let passed = json!({"type": "verify", "result": "passed", "mode": "on_site", "note": "已回访"});
    office_moves(&hub, "qian", told, passed).await;
    office_moves(&hub, "li", told, json!({"type": "close"})).await;
    hub.clock.set(day(36));
    office_moves(&hub, "li", told, json!({"type": "reopen", "reason": "又堵了"})).await;

    let leader = Browser::signed_in(&hub, "lead").await;
    let page = async |day: &str| {
        let page = leader.page(&format!("/campaigns/{}?as_of={day}", scene.campaign)).await;
        let figures = ["without_person", "handled", "handled.resolved"].map(|set| counted(&page, set));
        (plain(&page), figures)
    };
    let (text, figures) = page("2026-07-15").await;
    assert!(text.contains("其中3条尚未落实责任人"), "{text}");
    assert_eq!(figures, [3, 0, 0]);
    let list = format!("/campaigns/{}/list?as_of=2026-07-15&set=without_person", scene.campaign);
    let list = leader.page(&list).await;
    assert_eq!(rows(&list), 3);
    for case in left {
        assert!(list.contains(&format!("/cases/{case}")), "{case}: {list}");
    }
    assert_eq!(page("2026-07-14").await.1, [49, 0, 0]);
    assert_eq!(page("2026-07-16").await.1, [0, 0, 0]);
    assert_eq!(page("2026-08-01").await.1, [0, 1, 1], "it was closed on that day");
    assert_eq!(page("2026-08-05").await.1, [1, 0, 0], "it was opened again");
}

#[tokio::test]
async fn the_register_is_filtered_and_shows_who_answers_for_each_site() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let leader = Browser::signed_in(&hub, "lead").await;
    let at = |more: &str| format!("/campaigns/{}?tab=register&as_of=2026-07-15{more}", scene.campaign);
    let page = leader.page(&at("")).await;
    assert_eq!(rows(&page), 50);
    assert!(page.contains("共268家，第1/6页"), "{page}");
    let first = page.split("<tr data-item>").nth(1).unwrap().to_owned();
    assert!(plain(&first).contains("未走访"), "not visited first: {first}");
    for (filter, count) in [
        ("&visited=no", 62),
        ("&visited=yes", 206),
        ("&district=east", 134),
        ("&person=zhao", 134),
        ("&person=none", 0),
        ("&person=zhao&district=east", 0),
    ] {
        let page = leader.page(&at(filter)).await;
        let said = if count == 0 { "没有符合这些条件".to_owned() } else { format!("共{count}家") };
        assert!(page.contains(&said), "{filter}: {page}");
    }
    assert_eq!(rows(&leader.page(&at("&visited=no&page=2")).await), 12);
}

#[tokio::test]
async fn gaps_make_one_sheet_of_paper() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let leader = Browser::signed_in(&hub, "lead").await;
    let gaps = leader.page(&format!("/campaigns/{}?tab=gaps&as_of=2026-07-08", scene.campaign)).await;
    let numbers = links(&gaps, "data-count");
    let paper = leader.page(&format!("/campaigns/{}/gaps?as_of=2026-07-08", scene.campaign)).await;
    assert!(paper.contains("涉企走访集中月缺口表（截至7月8日）") && paper.contains("审核人"), "{paper}");
    let counted: usize = numbers.iter().map(|(_, n)| n.replace(',', "").parse::<usize>().unwrap()).sum();
    assert!(counted > 200);
    assert_eq!(rows(&paper), counted, "every gap's rows, none twice");
    assert_eq!(paper.matches("<thead>").count(), numbers.iter().filter(|(_, n)| n != "0").count());
    // Before anybody went, no district had been visited.
    let before = leader.page(&format!("/campaigns/{}?tab=gaps&as_of=2026-07-01", scene.campaign)).await;
    assert!(plain(&before).contains("没去过的片区2个区"), "{before}");
    let figures = leader.page(&format!("/campaigns/{}?tab=figures&as_of=2026-07-01", scene.campaign)).await;
    assert!(plain(&figures).contains("已解决或妥善处理—0/0条"), "an empty rate is none: {figures}");
}

#[tokio::test]
async fn the_first_answer_is_the_handling_units_own_and_counts_office_time() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let figures = format!("/campaigns/{}?tab=figures&as_of=2026-07-16", scene.campaign);
    let said = |page: &str, what: &str| assert!(plain(page).contains(what), "{what}: {}", plain(page));
    said(&browser.page(&figures).await, "—（0/29）");
    let list = format!("/campaigns/{}/list?set=collected.leaders&as_of=2026-07-16", scene.campaign);
    let (address, _) = links(&browser.page(&list).await, "data-row").remove(0);
    let case = address.trim_start_matches("/cases/").parse().unwrap();
    scene::office_moves(
        &hub,
        "li",
        case,
        json!({"type": "accept", "limit": {"clock": "working_days", "amount": 5}}),
    )
    .await;
    let mut dispatch = scene::dispatch_to("clean", "环卫中心", "ming", "李明");
    dispatch["limit"] = json!({"clock": "working_days", "amount": 5});
    scene::office_moves(&hub, "li", case, dispatch).await;
    said(&browser.page(&figures).await, "—（0/29）");
    hub.clock.set(scene::NOW + 24 * 3_600_000);
    scene::office_moves(&hub, "ming", case, json!({"type": "receive"})).await;
    // Yesterday's sign-in has run out.
    let browser = Browser::signed_in(&hub, "li").await;
    let page = browser.page(&figures).await;
    said(&page, "个工作日（1/29）");
    let record = "SELECT r.received_ms FROM casefile c JOIN record r ON r.tenant = c.tenant AND r.id = c.record WHERE c.id = $1";
    let id = case.to_string();
    let received = hub.hub.db().read(move |tx| tx.one(record, &[xuncha_hub::store::V::T(&id)], |r| r.int(0)));
    let received = received.await.unwrap().unwrap();
    let calendar =
        xuncha_casework::Calendar::parse(include_str!("../../../content/calendars/2026.json")).unwrap();
    let clock = xuncha_casework::Clock::WorkingDays;
    let waited = calendar.between(clock, received, scene::NOW + 24 * 3_600_000);
    let tenths = (waited * 10 + calendar.day_length_ms() / 2) / calendar.day_length_ms();
    said(&page, &format!("{}.{}个工作日（1/29）", tenths / 10, tenths % 10));
    for tab in ["", "figures"] {
        let page = browser.page(&format!("/campaigns/{}?tab={tab}&as_of=2026-07-16", scene.campaign)).await;
        said(&page, "到责任单位对其中任何一个问题第一次答复");
    }
}
