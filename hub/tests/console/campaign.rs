//! The campaign's figures, and that every number opens a list of that many rows.

use crate::browser::{Browser, links};
use crate::phone::hub;
use crate::scene;

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
    let numbers = links(&page, "data-count");
    assert!(numbers.len() > 25, "{numbers:?}");
    for (address, number) in numbers {
        let count: usize = number.split('/').next().unwrap().replace(',', "").parse().unwrap();
        let list = leader.page(&address).await;
        assert_eq!(rows(&list), count, "{address}");
        assert!(list.contains(&format!("<span id=\"total\">{count}</span>")), "{address}");
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
