//! The ledger: filters, search, sorting, pages, and what stands in the exported file.

use calamine::{Data, Reader, Xlsx};
use serde_json::json;
use xuncha_wire::push::OpKind;

use crate::browser::{Browser, leads_to};
use crate::phone::{fresh_entity, hub};
use crate::scene;

fn total(page: &str) -> usize {
    let regex = regex::Regex::new(r"共([\d,]+)[件次]").unwrap();
    regex.captures(page).unwrap()[1].replace(',', "").parse().unwrap()
}

async fn export(browser: &Browser, path: &str) -> Vec<Vec<Data>> {
    let answer = browser.get(path).await;
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains(".xlsx"));
    let bytes = answer.bytes().await.unwrap();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range("台账").unwrap();
    assert!(book.worksheet_formula("台账").unwrap().is_empty(), "no cell is a formula");
    sheet.rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test]
async fn filters_search_and_pages_agree_with_the_export() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let all = browser.page("/ledger?state=all").await;
    assert_eq!(total(&all), 59, "49 of the campaign and 10 of the street");
    assert_eq!(all.matches("data-row").count(), 50, "a page has 50 rows");
    assert!(all.contains("第1/2页"));
    assert_eq!(browser.page("/ledger?state=all&page=2").await.matches("data-row").count(), 9);
    for (filter, count) in [
        ("state=open", 58),
        ("state=closed", 1),
        ("state=rectified", 2),
        ("state=suspended", 1),
        ("state=overdue", 1),
        ("q=%E4%BA%BA%E6%B0%91%E8%B7%AF&state=all", 2),
        ("q=%E4%BA%BA%E6%B0%91%E8%B7%AF+%E5%8D%8A%E6%96%B9&state=all", 1),
        ("q=%25&state=all", 0),
        ("q=%E6%A0%B7%E4%BE%8B%E4%BC%81%E4%B8%9A%E9%A1%B9%E7%9B%AE001&state=all", 1),
        ("unit=clean&state=all", 7),
        ("district=west&state=all", 15),
        ("category=GB%2FT+47678.5-2026%7Cmatter%7C06010&state=all", 4),
    ] {
        let page = browser.page(&format!("/ledger?{filter}")).await;
        assert_eq!(total(&page), count, "{filter}");
        let cells = export(&browser, &format!("/ledger/export.xlsx?{filter}")).await;
        assert_eq!(cells.len() - 3, count, "{filter}");
        let printed = browser.page(&format!("/ledger/print?{filter}")).await;
        assert_eq!(printed.matches("<tr>").count() - 1, count, "{filter}");
    }
}

#[tokio::test]
async fn the_file_has_the_columns_of_the_offices_and_runs_nothing() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut wang = hub.phone("wang").await;
    wang.wall_ms = scene::NOW;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [
        wang.record(record),
        wang.op(
            OpKind::CaseReport,
            case,
            json!({"record": record, "nth": 1, "kind": "problem", "topic": "water",
                "description": "=HYPERLINK(\"http://elsewhere.example\",\"点我\")", "place": "+1+1", "district": "east"}),
        ),
    ];
    wang.push(&ops).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let cells = export(&browser, "/ledger/export.xlsx?state=all&sort=number").await;
    assert!(
        cells[0][0].to_string().starts_with("示例")
            || cells[0][0].to_string().contains("问题台账（截至2026年7月15日")
    );
    let heads: Vec<String> = cells[2].iter().map(ToString::to_string).collect();
    assert_eq!(heads.len(), 24);
    assert_eq!(
        (heads[0].as_str(), heads[6].as_str(), heads[23].as_str()),
        ("序号", "管理小类(代码)", "备注")
    );
    let evil = cells.iter().find(|row| row[8].to_string().starts_with('=')).unwrap();
    assert!(matches!(&evil[8], Data::String(text) if text.contains("HYPERLINK")), "text stays text");
    assert_eq!(evil[9], Data::String("+1+1".into()));
    let closed = cells.iter().find(|row| row[19] == Data::String("解决".into())).unwrap();
    assert_eq!(closed[6].to_string(), "道路不洁(06012)");
    assert_eq!(closed[13].to_string(), "环卫中心");
    assert_eq!(closed[18].to_string(), "已清运并冲洗");
    assert!(closed[21].to_string().contains("赵敏"), "{closed:?}");
    let page = browser.page("/ledger?state=all&q=HYPERLINK").await;
    assert_eq!(total(&page), 1);
}

#[tokio::test]
async fn the_ledger_of_visits_has_a_line_a_problem() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    assert_eq!(total(&browser.page("/visits").await), 206);
    assert_eq!(total(&browser.page("/visits?party=leaders").await), 43);
    assert_eq!(total(&browser.page("/visits?from=2026-07-08&to=2026-07-08&party=nobody").await), 0);
    let cells = export(&browser, "/visits/export.xlsx?party=leaders").await;
    assert_eq!(cells[2].len(), 17);
    assert_eq!(cells.len() - 3, 43, "29 visits with one problem, 14 without");
    assert_eq!(cells[3][3].to_string(), "副县级以上领导");
}

#[tokio::test]
async fn a_handling_unit_sees_its_own_cases_only() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let ming = Browser::signed_in(&hub, "ming").await;
    let page = ming.page("/ledger?state=all").await;
    // A verifier too, and verifiers see the district: the role decides, not the unit.
    assert_eq!(total(&page), 59);
    hub.hub.set_password("admin", "sun", "sun", scene::PASSWORD, false).await.unwrap();
    let sun = Browser::signed_in(&hub, "sun").await;
    assert_eq!(total(&sun.page("/ledger?state=all").await), 1, "the one that he reported");
    let other = sun.get(&format!("/cases/{}", scene.cases["running"])).await;
    assert_eq!(other.status(), 404);
    assert_eq!(total(&sun.page("/visits").await), 10);
}

#[tokio::test]
async fn a_page_is_fifty_or_a_hundred_rows_and_the_choice_stays_with_the_filters() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let shown = |page: &str| page.matches("data-row").count();
    let page = browser.page("/visits").await;
    assert_eq!((total(&page), shown(&page)), (206, 50));
    assert!(page.contains("href=\"/visits?rows=100\"") && page.contains("第1/5页"), "{page}");
    let page = browser.page("/visits?rows=100&page=3").await;
    assert_eq!(shown(&page), 6);
    assert!(page.contains("第3/3页") && page.contains("name=\"rows\" value=\"100\""));
    assert_eq!(shown(&browser.page("/visits?rows=5000").await), 50, "no other length is offered");
    let page = browser.page("/ledger?state=all&rows=100").await;
    assert_eq!(shown(&page), total(&page));
    assert!(page.contains("第1/1页") && page.contains("href=\"/ledger?state=all&#38;rows=50\""), "{page}");
    let few = browser.page("/ledger?q=%E4%BA%BA%E6%B0%91%E8%B7%AF").await;
    assert!(!few.contains("每页"), "a short list needs no choice");
}

/// The cells of a column, by its head, down the page.
fn column(page: &str, head: &str) -> Vec<String> {
    let cell =
        regex::Regex::new(&format!(r#"<td[^>]*data-l="{}"[^>]*>(.*?)</td>"#, regex::escape(head))).unwrap();
    let tags = regex::Regex::new("<[^>]+>").unwrap();
    cell.captures_iter(page).map(|c| tags.replace_all(&c[1], "").into_owned()).collect()
}

#[tokio::test]
async fn further_columns_stay_in_the_address_and_say_what_the_file_says() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    assert!(column(&browser.page("/ledger").await, "问题描述").is_empty());
    let asked =
        "/ledger?state=all&sort=number&rows=100&cols=remarks&cols=description&cols=outcome&cols=nothing";
    let page = browser.page(asked).await;
    let cells = export(&browser, &asked.replace("/ledger?", "/ledger/export.xlsx?")).await;
    for (head, at) in [("问题描述", 8), ("办理结果", 19), ("备注", 23)] {
        let shown = column(&page, head);
        assert_eq!(shown.len(), 59, "{head}");
        for (shown, row) in shown.iter().zip(&cells[3..]) {
            let filed = row[at].to_string();
            assert_eq!(*shown, if filed.is_empty() { "—".to_owned() } else { filed }, "{head}");
        }
    }
    assert!(column(&page, "办理结果").iter().any(|text| text == "解决"));
    let heads = regex::Regex::new(r"(问题描述|办理结果|备注)( ▲|</a>|</th>)").unwrap();
    let heads: Vec<_> = heads.captures_iter(&page).map(|c| c[1].to_owned()).collect();
    assert_eq!(heads, ["问题描述", "办理结果", "备注"], "in the order of the file");
    for kept in
        ["name=\"cols\" value=\"remarks\" checked", "cols=remarks&#38;cols=description&#38;cols=outcome"]
    {
        assert!(page.contains(kept), "{kept}: {page}");
    }
}

#[tokio::test]
async fn every_head_that_sorts_sorts_both_ways() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let all =
        "/ledger?state=all&rows=100&cols=reported&cols=reporter&cols=district&cols=feedback&cols=closed";
    let page = browser.page(all).await;
    let words = regex::Regex::new(r#"sort=(-?)([a-z]+)""#).unwrap();
    let words: Vec<_> = words.captures_iter(&page).map(|c| c[2].to_owned()).collect();
    assert_eq!(words.len(), 13, "{words:?}");
    for (word, head) in [
        ("number", "编号"),
        ("reported", "上报时间"),
        ("reporter", "上报人"),
        ("dispatched", "派遣"),
        ("feedback", "反馈时间"),
        ("closed", "结案时间"),
    ] {
        let word = if word == "feedback" { "rectified" } else { word };
        let set = |page: &str| column(page, head).into_iter().filter(|text| text != "—").collect::<Vec<_>>();
        let page = browser.page(&format!("{all}&sort={word}")).await;
        assert!(
            page.contains("aria-sort=\"ascending\"") && page.contains(&format!("sort=-{word}\"")),
            "{word}"
        );
        let up = set(&page);
        let mut sorted = up.clone();
        sorted.sort();
        assert_eq!(up, sorted, "{word}");
        let shown = column(&page, head);
        assert!(shown[..up.len()] == up[..], "{word}: what has none stands last");
        let page = browser.page(&format!("{all}&sort=-{word}")).await;
        assert!(page.contains("aria-sort=\"descending\""), "{word}");
        let mut down = set(&page);
        down.reverse();
        assert_eq!(down, sorted, "-{word}");
    }
    let page = browser.page(&format!("{all}&sort=state")).await;
    let states = column(&page, "状态");
    assert!(states.last().unwrap().contains("已结案"), "{states:?}");
}

#[tokio::test]
async fn marked_rows_alone_are_exported_and_printed() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let page = browser.page("/ledger?unit=clean").await;
    let ids = regex::Regex::new(r#"name="mark" value="([^"]+)" form="marked""#).unwrap();
    let ids: Vec<_> = ids.captures_iter(&page).map(|c| c[1].to_owned()).collect();
    assert_eq!(ids.len(), total(&page));
    assert!(ids.len() > 3);
    let marked = format!("unit=clean&marked=1&mark={}&mark={}", ids[0], ids[2]);
    let cells = export(&browser, &format!("/ledger/export.xlsx?{marked}")).await;
    assert_eq!(cells.len() - 3, 2);
    assert!(cells[1][0].to_string().contains("只有勾选的2件"), "{:?}", cells[1]);
    let printed = browser.page(&format!("/ledger/print?{marked}")).await;
    assert_eq!(printed.matches("<tr>").count() - 1, 2);
    // What the reader may not see, or the filter leaves out, comes in by no mark.
    let other = format!("unit=water&marked=1&mark={}", ids[0]);
    assert_eq!(export(&browser, &format!("/ledger/export.xlsx?{other}")).await.len() - 3, 0);
    for way in ["export.xlsx", "print"] {
        let answer = browser.get(&format!("/ledger/{way}?unit=clean&cols=reporter&marked=1")).await;
        assert_eq!(
            leads_to(&answer),
            "/ledger?unit=clean&cols=reporter&marked=none",
            "never all of them instead"
        );
    }
    assert!(browser.page("/ledger?marked=none").await.contains("还没有勾选案卷"));
}

fn unescaped(text: &str) -> String {
    text.replace("&#38;", "&")
}

/// The address behind a key.
fn behind(page: &str, key: &str) -> Option<String> {
    let link = regex::Regex::new(&format!(r#"data-key="{key}" href="([^"]+)""#)).unwrap();
    link.captures(page).map(|c| unescaped(&c[1]))
}

#[tokio::test]
async fn a_case_leads_on_and_back_in_the_list_that_it_was_opened_from() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let browser = Browser::signed_in(&hub, "li").await;
    let list = browser.page("/ledger?unit=clean&state=all&sort=-number").await;
    let rows = regex::Regex::new(r#"<a data-row href="([^"]+)">"#).unwrap();
    let rows: Vec<_> = rows.captures_iter(&list).map(|c| unescaped(&c[1])).collect();
    assert_eq!(rows.len(), 7);
    let first = browser.page(&rows[0]).await;
    assert!(first.contains("第1/7件") && behind(&first, "BracketLeft").is_none(), "{first}");
    let back = behind(&first, "Escape").unwrap();
    assert_eq!(back, "/ledger?unit=clean&state=all&sort=-number");
    let mut at = first;
    for (nth, row) in (2..).zip(&rows[1..]) {
        let next = behind(&at, "BracketRight").unwrap();
        assert_eq!(next, *row, "the same address as in the list");
        at = browser.page(&next).await;
        assert!(at.contains(&format!("第{nth}/7件")), "{at}");
    }
    assert!(behind(&at, "BracketRight").is_none());
    assert_eq!(behind(&at, "BracketLeft").unwrap(), rows[5]);
    // A step that takes the case out of the list leaves its place: the next one has moved up into it.
    let open = browser.page("/ledger?state=verified").await;
    let all = regex::Regex::new(r#"<a data-row href="([^"]+)">"#).unwrap();
    let row = unescaped(&all.captures(&open).unwrap()[1]);
    assert!(row.contains(&scene.cases["to_close"].to_string()));
    scene::office_moves(&hub, "li", scene.cases["to_close"], json!({"type": "close"})).await;
    let page = browser.page(&row).await;
    assert!(page.contains("已不在这个列表里") && behind(&page, "BracketRight").is_none(), "{page}");
    let verifier = Browser::signed_in(&hub, "qian").await;
    let page = verifier.page(&format!("/cases/{}?from=verify", scene.cases["to_verify_far"])).await;
    assert!(page.contains("第1/2件"), "what has hints stands first: {page}");
    let next = behind(&page, "BracketRight").unwrap();
    assert_eq!(next, format!("/cases/{}?from=verify", scene.cases["to_verify"]));
    let plain = browser.page(&format!("/cases/{}", scene.cases["running"])).await;
    assert!(behind(&plain, "Escape").is_none() && !plain.contains("上一件 <kbd>"), "opened from no list");
    for odd in
        ["ledger.0.", "ledger.x.state=open", "ledger.99999999999999999999.", "ledger.7", "ledger.7.%%%"]
    {
        let page = browser.get(&format!("/cases/{}?from={odd}", scene.cases["running"])).await;
        assert!(page.status() == 200 || page.status() == 400, "{odd} {}", page.status());
    }
    let far = browser.page(&format!("/cases/{}?from=ledger.5000.state%3Dall", scene.cases["running"])).await;
    assert!(far.contains("已不在这个列表里"), "{far}");
}
