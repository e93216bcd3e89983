//! The dispatch desk: two panes, suggestion with its facts, one step after the other, lost races, writing that is kept.

use reqwest::StatusCode;

use crate::browser::{Browser, leads_to};
use crate::phone::hub;
use crate::scene::{self, PASSWORD, dispatch_to, head, office_moves};

fn hidden(page: &str, name: &str) -> String {
    let field = regex::Regex::new(&format!(r#"name="{name}" value="([^"]*)""#)).unwrap();
    field.captures(page).unwrap_or_else(|| panic!("no field {name}"))[1].to_owned()
}

#[tokio::test]
async fn a_report_is_filed_and_dispatched_as_suggested_and_the_desk_goes_on() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let li = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["reported"].to_string();
    let desk = li.page(&format!("/desk?case={case}")).await;
    assert!(desk.contains("建议：环卫中心 · 保洁岗 · 李明"), "{desk}");
    assert!(desk.contains("同类案卷最近派遣的3件都派给环卫中心 李明"));
    assert!(desk.contains("若现在派遣") && desk.contains("怎么算的"));
    assert!(desk.contains("附近30米内有3件未结") && desk.contains("立案 <kbd>A</kbd>"));
    assert!(!desk.contains("data-key=\"KeyD\""), "what can't be done yet is not there");
    let moves = format!("/cases/{case}/moves");
    let (parent, next) = (hidden(&desk, "parent"), hidden(&desk, "next"));
    assert_ne!(next, case);
    let sent = [("move", "accept"), ("parent", &parent), ("at", "desk"), ("tab", ""), ("next", &next)];
    let filed = li.form(&moves, &sent, None).await;
    assert!(leads_to(&filed).contains(&format!("case={case}")), "filing stays on the case");
    let desk = li.page(leads_to(&filed)).await;
    assert!(desk.contains("“立案”已生效") && desk.contains("派遣给环卫中心 <kbd>D</kbd>"));
    let confirm = li.page(&format!("/desk?case={case}&panel=dispatch")).await;
    let line = regex::Regex::new("派遣给环卫中心 李明，[^<]+到期。").unwrap();
    assert!(line.is_match(&confirm) && confirm.contains("确认 <kbd>Enter</kbd>"), "{confirm}");
    let (parent, next) = (hidden(&confirm, "parent"), hidden(&confirm, "next"));
    let sent = [
        ("move", "dispatch"),
        ("parent", &parent),
        ("at", "desk"),
        ("handler", "ming"),
        ("suggested", "ming"),
        ("reason", "按建议"),
        ("next", &next),
    ];
    let dispatched = li.form(&moves, &sent, None).await;
    assert_eq!(dispatched.status(), StatusCode::SEE_OTHER, "{}", dispatched.text().await.unwrap());
    assert!(leads_to(&dispatched).contains(&format!("case={next}")), "on to the next row");
    let desk = li.page(leads_to(&dispatched)).await;
    assert!(desk.contains("“派遣”已生效") && !desk.contains(&format!("/desk?case={case}\"")));
    let worked = regex::Regex::new("今日已办[0-9]+件，从上报到立案平均").unwrap();
    assert!(worked.is_match(&desk), "{desk}");
}

#[tokio::test]
async fn another_unit_than_the_suggested_needs_a_reason() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let li = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["reported"];
    office_moves(&hub, "li", case, serde_json::json!({"type": "accept"})).await;
    let parent = head(&hub, case).await.to_string();
    let mut sent = vec![
        ("move", "dispatch"),
        ("parent", parent.as_str()),
        ("at", "desk"),
        ("handler", "sun"),
        ("suggested", "ming"),
        ("reason", ""),
    ];
    let asked = li.form(&format!("/cases/{case}/moves"), &sent, None).await;
    assert_eq!(asked.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = asked.text().await.unwrap();
    assert!(
        page.contains("<title>出错：")
            && page.contains("有1处要改")
            && page.contains("href=\"#dispatch-reason\"")
    );
    assert!(page.contains("value=\"sun\" selected"), "what was chosen stays");
    sent.pop();
    sent.push(("reason", "供水管沟上方，水务先处理"));
    assert_eq!(li.form(&format!("/cases/{case}/moves"), &sent, None).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_rejection_names_its_reason_and_may_name_the_case_it_repeats() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let li = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["reported"];
    let compare = li.page(&format!("/desk?case={case}&panel=compare")).await;
    let link = regex::Regex::new(r#"href="([^"]+)">同一处，不予立案"#).unwrap();
    let link = link.captures(&compare).unwrap()[1].replace("&#38;", "&");
    let panel = li.page(&link).await;
    assert!(panel.contains("value=\"repeated\" checked") && panel.contains("是同一处</textarea>"), "{panel}");
    let parent = hidden(&panel, "parent");
    let sent = [
        ("move", "reject"),
        ("parent", &parent),
        ("at", "desk"),
        ("why", "repeated"),
        ("reason", "与前一件同一处"),
    ];
    assert_eq!(li.form(&format!("/cases/{case}/moves"), &sent, None).await.status(), StatusCode::SEE_OTHER);
    let history = li.page(&format!("/cases/{case}")).await;
    assert!(history.contains("同一处已有案卷：与前一件同一处"), "{history}");
}

#[tokio::test]
async fn a_lost_race_says_who_was_first_when_and_with_what() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let li = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["to_dispatch"];
    let parent = head(&hub, case).await.to_string();
    office_moves(&hub, "li", case, dispatch_to("clean", "环卫中心", "ming", "李明")).await;
    let sent = [
        ("move", "dispatch"),
        ("parent", parent.as_str()),
        ("at", "desk"),
        ("handler", "sun"),
        ("reason", "先派水务看看"),
    ];
    let late = li.form(&format!("/cases/{case}/moves"), &sent, None).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let page = late.text().await.unwrap();
    assert!(page.contains("陈晓14:30已派遣给环卫中心，你的派遣没有生效。你写的意见保留在下面。"), "{page}");
    assert!(page.contains("先派水务看看") && page.contains("看现在的案卷") && page.contains("下一件"));
}

#[tokio::test]
async fn a_session_that_ran_out_while_writing_loses_nothing() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let mut li = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["to_dispatch"];
    let parent = head(&hub, case).await.to_string();
    hub.clock.set(scene::NOW + 31 * 60_000);
    let sent = [
        ("move", "dispatch"),
        ("parent", parent.as_str()),
        ("at", "desk"),
        ("handler", "sun"),
        ("reason", "\"管沟\"<水务>"),
    ];
    let out = li.form(&format!("/cases/{case}/moves"), &sent, None).await;
    assert_eq!(out.status(), StatusCode::UNAUTHORIZED);
    let page = out.text().await.unwrap();
    assert!(page.contains("登录时间到了") && page.contains("name=\"kept\""), "{page}");
    let kept = hidden(&page, "kept");
    let kept = ["&#34;", "&quot;"].iter().fold(kept, |t, e| t.replace(e, "\""));
    let kept = kept.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&");
    let wrong =
        li.post("/sign-in", &[("login", "li"), ("password", "no no no no no"), ("kept", &kept)]).await;
    assert!(
        wrong.text().await.unwrap().contains("name=\"kept\""),
        "a slip of the finger does not lose it either"
    );
    let back = li.post("/sign-in", &[("login", "li"), ("password", PASSWORD), ("kept", &kept)]).await;
    assert_eq!(back.status(), StatusCode::OK);
    let page = back.text().await.unwrap();
    assert!(page.contains("你写的内容都在，请再提交一次") && page.contains("管沟"), "{page}");
    assert!(page.contains("value=\"sun\" selected"));
    assert!(!li.page(&format!("/cases/{case}")).await.contains("管沟"), "nothing was submitted meanwhile");
    // Someone to whom the case is not shown gets no page of it.
    let other = li.post("/sign-in", &[("login", "lead"), ("password", PASSWORD), ("kept", &kept)]).await;
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_empty_desk_says_when_the_last_was_done() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let li = Browser::signed_in(&hub, "li").await;
    let empty = li.page("/desk?tab=asked").await;
    assert!(empty.contains("都办完了。最近一件今天13:30。"), "{empty}");
}

/// Headlines of the desk's list from the top, with their marks.
fn waiting(page: &str) -> Vec<String> {
    let rows = regex::Regex::new(r"(?s)<li[^>]*><a data-row[^>]*>(.*?)</a></li>").unwrap();
    let tags = regex::Regex::new("<[^>]+>").unwrap();
    rows.captures_iter(page).map(|c| tags.replace_all(&c[1], " ").into_owned()).collect()
}

#[tokio::test]
async fn the_desks_own_deadline_is_shown_and_sorts_and_the_urgent_stand_on_top() {
    let long = |config: &mut xuncha_hub::HubConfig| config.desk.accept_min = 400;
    let hub = crate::phone::hub_with(long).await;
    let scene = scene::fill(&hub).await;
    let li = Browser::signed_in(&hub, "li").await;
    let before = [waiting(&li.page("/desk").await), waiting(&li.page("/desk?page=2").await)].concat();
    assert_eq!(before.len(), 52, "{before:?}");
    let at = |rows: &[String], place: &str| rows.iter().position(|row| row.contains(place)).unwrap();
    // Reported and filed at 9:00; now it is 14:30 and the office was closed for two hours.
    let (reported, filed) = (at(&before, "学府路9号门前"), at(&before, "建设路与学院路口"));
    assert!(before[reported].contains("立案还有3工作时10分"), "{before:?}");
    assert!(before[filed].contains("派遣超期3工作时15分"), "{before:?}");
    assert!(filed < reported, "what is due first stands first: {before:?}");
    assert!(before.iter().all(|row| !row.contains("急要件")), "{before:?}");
    let case = scene.cases["reported"];
    let page = li.page(&format!("/desk?case={case}")).await;
    assert!(
        page.contains("立案应在今天17:40前") && page.contains("本市定的立案时限是400分钟，只算办公时间"),
        "{page}"
    );
    let urgent = serde_json::json!({"type": "accept", "category": {"standard": "GB/T 47678.5-2026", "kind": "matter",
        "code": "06013"}, "condition": "danger"});
    office_moves(&hub, "li", case, urgent).await;
    let after = waiting(&li.page("/desk").await);
    assert!(after[0].contains("学府路9号门前") && after[0].contains("急要件"), "{after:?}");
    assert!(after[0].contains("派遣还有15分钟"), "{after:?}");
    let page = li.page(&format!("/desk?case={case}")).await;
    assert!(page.contains("派遣应在今天14:45前") && page.contains("昼夜连续计算"), "{page}");
}
