//! Who may open what: every route of the console, as every role.

use reqwest::StatusCode;

use crate::browser::Browser;
use crate::phone::hub;
use crate::scene::{self, PASSWORD};

/// Signs in as, and the pages beyond everybody's that open.
const ROLES: [(&str, &[&str]); 8] = [
    ("li", &["/desk", "/verify", "/campaigns", "/campaign", "/gaps", "/set", "/banners", "/phones"]),
    ("qian", &["/verify"]),
    ("ming", &["/verify"]),
    ("sun", &[]),
    ("wang", &[]),
    ("lead", &["/campaigns", "/campaign", "/gaps", "/set", "/banners"]),
    ("kan", &["/campaigns", "/campaign", "/gaps", "/set", "/banners", "/phones", "/forms"]),
    ("admin", &["/campaigns", "/campaign", "/gaps", "/set", "/banners", "/phones", "/people", "/forms"]),
];
const EVERYBODY: [&str; 7] = [
    "/today",
    "/ledger",
    "/ledger/export.xlsx",
    "/ledger/print",
    "/visits",
    "/visits/export.xlsx",
    "/visits/print",
];
const SOME: [&str; 10] = [
    "/desk",
    "/verify",
    "/campaigns",
    "/campaign",
    "/gaps",
    "/set",
    "/banners",
    "/phones",
    "/people",
    "/forms",
];

#[tokio::test]
async fn every_role_opens_its_own_pages_and_no_other() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    for login in ["sun", "wang"] {
        hub.hub.set_password("admin", login, login, PASSWORD, false).await.unwrap();
    }
    let address = |page: &str| match page {
        "/campaign" => format!("/campaigns/{}", scene.campaign),
        "/gaps" => format!("/campaigns/{}/gaps", scene.campaign),
        "/set" => format!("/campaigns/{}/list?set=visited", scene.campaign),
        page => page.to_owned(),
    };
    for (login, opens) in ROLES {
        let browser = Browser::signed_in(&hub, login).await;
        for page in EVERYBODY {
            assert_eq!(browser.get(page).await.status(), StatusCode::OK, "{login} {page}");
        }
        for page in SOME {
            let expected = if opens.contains(&page) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(browser.get(&address(page)).await.status(), expected, "{login} {page}");
        }
        let today = browser.page("/today").await;
        for page in
            SOME.iter().filter(|page| !page.contains("/campaign") && !["/set", "/gaps"].contains(page))
        {
            let linked = today.contains(&format!("<li><a href=\"{page}\""));
            assert_eq!(linked, opens.contains(page), "{login}: the menu and {page}");
        }
    }
}

#[tokio::test]
async fn a_change_is_made_by_its_role_only() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    hub.hub.set_password("admin", "wang", "wang", PASSWORD, false).await.unwrap();
    let admin = Browser::signed_in(&hub, "admin").await;
    let phones = admin.page("/phones").await;
    let find = |pattern: &str| regex::Regex::new(pattern).unwrap().captures(&phones).unwrap()[1].to_owned();
    // The list leads to the page that asks once more; the step itself is a form there.
    let phone = find(r#"href="(/phones/[^"/?]+)[?]confirm=revoke""#);
    let (revoke, op) = (format!("{phone}/revoke"), find(r#"action="(/phones/ops/[^"]+)""#));
    for login in ["li", "qian", "ming", "lead", "kan", "wang"] {
        let mut browser = Browser::signed_in(&hub, login).await;
        for path in [revoke.as_str(), "/people/wang/code"] {
            assert_eq!(browser.post(path, &[]).await.status(), StatusCode::NOT_FOUND, "{login} {path}");
        }
        let refused = browser.post(&op, &[("what", "take")]).await;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{login}");
        let import = browser.form("/forms", &[("x", "y")], None).await;
        assert_eq!(import.status(), StatusCode::NOT_FOUND, "{login}");
    }
    // The steps of a case are judged by role too: only the desk files, and the form is not there for others.
    let moves = format!("/cases/{}/moves", scene.cases["reported"]);
    let parent = scene::head(&hub, scene.cases["reported"]).await.to_string();
    for login in ["qian", "kan", "lead", "admin"] {
        let browser = Browser::signed_in(&hub, login).await;
        let page = browser.page(&format!("/cases/{}", scene.cases["reported"])).await;
        assert!(!page.contains("id=\"do-accept\""), "{login}");
        let tried = browser.form(&moves, &[("move", "accept"), ("parent", &parent)], None).await;
        assert_eq!(tried.status(), StatusCode::CONFLICT, "{login}");
    }
}

/// A reader whom the office placed nowhere sees what lies in no district, not what lies in all of them.
#[tokio::test]
async fn a_viewer_of_no_unit_sees_no_district_in_the_ledger() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let viewer = |districts: &[&str]| xuncha_hub::office::NewPerson {
        id: "ye".into(),
        name: "叶青".into(),
        roles: vec!["viewer".into()],
        districts: districts.iter().map(|d| (*d).to_owned()).collect(),
        login: "ye".into(),
        ..Default::default()
    };
    hub.hub.put_people("admin", vec![viewer(&[])]).await.unwrap();
    hub.hub.set_password("admin", "ye", "ye", PASSWORD, false).await.unwrap();
    let browser = Browser::signed_in(&hub, "ye").await;
    let all = "/ledger?state=all&time=all";
    assert!(!browser.page(all).await.contains("人民路56号"));
    assert!(!browser.page("/visits").await.contains("样例企业项目"));
    for (districts, sees) in [(&["west"], false), (&["east"], true), (&["*"], true)] {
        hub.hub.put_people("admin", vec![viewer(districts)]).await.unwrap();
        let page = browser.page(&format!("{all}&q=56")).await;
        assert_eq!(page.contains("人民路56号"), sees, "{districts:?}");
    }
}
