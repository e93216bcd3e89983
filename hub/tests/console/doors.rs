//! Signing in, sessions, what other sites may not do, and the headers on every answer.

use reqwest::StatusCode;

use crate::browser::{Browser, leads_to};
use crate::phone::{MORNING, hub};
use crate::scene::{self, PASSWORD};

const PAGES: [&str; 14] = [
    "/today",
    "/desk",
    "/verify",
    "/ledger",
    "/ledger/print",
    "/visits",
    "/visits/print",
    "/campaigns",
    "/banners",
    "/phones",
    "/people",
    "/forms",
    "/ledger/export.xlsx",
    "/visits/export.xlsx",
];

#[tokio::test]
async fn the_printed_password_must_be_changed_before_anything_else() {
    let hub = hub().await;
    let mut browser = Browser::at(&hub);
    let answer = browser.sign_in("admin", &hub.password).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let set_cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(set_cookie.contains("HttpOnly") && set_cookie.contains("SameSite=Lax"), "{set_cookie}");
    assert!(!set_cookie.contains("Secure"), "plain HTTP on loopback");
    assert_eq!(leads_to(&browser.get("/ledger").await), "/password");
    let weak = [("old", hub.password.as_str()), ("new", "short"), ("again", "short")];
    assert_eq!(browser.post("/password", &weak).await.status(), StatusCode::BAD_REQUEST);
    let good = [("old", hub.password.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
    let changed = browser.post("/password", &good).await;
    assert_eq!((changed.status(), leads_to(&changed)), (StatusCode::SEE_OTHER, "/today"));
    assert!(browser.page("/today").await.contains("今日"));
    let mut old = Browser::at(&hub);
    assert_eq!(old.sign_in("admin", &hub.password).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in_and_nobody_is_let_in_by_default() {
    let hub = hub().await;
    let mut browser = Browser::at(&hub);
    for page in PAGES {
        let answer = browser.get(page).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{page}");
        assert!(leads_to(&answer).starts_with("/sign-in?to="), "{page}");
    }
    for (login, password) in [("admin", "admin"), ("admin", ""), ("", ""), ("nobody", "x")] {
        assert_eq!(browser.sign_in(login, password).await.status(), StatusCode::UNAUTHORIZED);
    }
    assert!(browser.cookie.is_empty());
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_waits() {
    let hub = hub().await;
    hub.hub.set_password("admin", "li", "li", PASSWORD, false).await.unwrap();
    let mut browser = Browser::at(&hub);
    for n in 1..=6 {
        let answer = browser.sign_in("li", "wrong wrong wrong").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{n}");
        let said = answer.text().await.unwrap();
        assert!(said.contains("用户名或密码不对"), "{said}");
    }
    let waits = browser.sign_in("li", PASSWORD).await;
    assert_eq!(waits.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(waits.text().await.unwrap().contains("等2秒再试"));
    hub.clock.set(MORNING + 2001);
    assert_eq!(browser.sign_in("li", PASSWORD).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_idle_at_sign_out_and_with_the_person() {
    let hub = hub().await;
    hub.hub.set_password("admin", "li", "li", PASSWORD, false).await.unwrap();
    let mut browser = Browser::signed_in(&hub, "li").await;
    hub.clock.set(MORNING + 29 * 60_000);
    browser.page("/today").await;
    hub.clock.set(MORNING + 58 * 60_000);
    browser.page("/today").await;
    hub.clock.set(MORNING + 89 * 60_000);
    assert_eq!(browser.get("/today").await.status(), StatusCode::SEE_OTHER, "31 minutes idle");
    browser = Browser::signed_in(&hub, "li").await;
    hub.hub.suspend_person("admin", "li", true).await.unwrap();
    assert_eq!(browser.get("/today").await.status(), StatusCode::SEE_OTHER, "suspended");
    hub.hub.suspend_person("admin", "li", false).await.unwrap();
    browser = Browser::signed_in(&hub, "li").await;
    let cookie = browser.cookie.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.status(), StatusCode::SEE_OTHER);
    browser.cookie = cookie;
    assert_eq!(browser.get("/today").await.status(), StatusCode::SEE_OTHER, "signed out");
}

#[tokio::test]
async fn another_site_can_change_nothing() {
    let hub = hub().await;
    hub.hub.set_password("admin", "li", "li", PASSWORD, false).await.unwrap();
    let mut browser = Browser::signed_in(&hub, "li").await;
    let own = hub.url.clone();
    let other = "https://elsewhere.example".to_owned();
    for header in [
        None,
        Some(("sec-fetch-site", "cross-site")),
        Some(("sec-fetch-site", "same-site")),
        Some(("sec-fetch-site", "none")),
        Some(("origin", other.as_str())),
        Some(("origin", "null")),
    ] {
        let answer = browser.post_from("/sign-out", &[], header).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{header:?}");
        browser.page("/today").await;
    }
    let answer = browser.post_from("/sign-out", &[], Some(("origin", own.as_str()))).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let mut browser = Browser::signed_in(&hub, "admin").await;
    let case = format!("/cases/{}", scene.cases["to_verify"]);
    let mut pages: Vec<&str> = PAGES.to_vec();
    pages.extend(["/sign-in", "/", "/nothing-here", "/assets/console.css", "/photos/x", case.as_str()]);
    for page in pages {
        let answer = browser.get(page).await;
        let headers = answer.headers();
        let csp = headers["content-security-policy"].to_str().unwrap();
        for rule in ["default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(csp.contains(rule), "{page}: {csp}");
        }
        assert!(!csp.contains("unsafe"), "{page}: {csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{page}");
        }
        assert!(
            headers.contains_key("permissions-policy") && headers.contains_key("cache-control"),
            "{page}"
        );
        if !page.starts_with("/assets") {
            assert_eq!(headers["cache-control"], "no-store", "{page}");
        }
    }
    let refused = browser.post_from("/sign-out", &[], None).await;
    assert!(refused.headers().contains_key("content-security-policy"));
}

#[tokio::test]
async fn a_role_opens_its_own_pages_and_others_look_as_if_they_were_not_there() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let handler = Browser::signed_in(&hub, "ming").await;
    for page in ["/desk", "/people", "/phones", "/forms", "/campaigns", "/banners"] {
        assert_eq!(handler.get(page).await.status(), StatusCode::NOT_FOUND, "{page}");
    }
    let leader = Browser::signed_in(&hub, "lead").await;
    assert_eq!(leader.get("/desk").await.status(), StatusCode::NOT_FOUND);
    assert!(leader.page(&format!("/campaigns/{}", scene.campaign)).await.contains("涉企走访集中月"));
    assert_eq!(
        leader.get("/cases/0198f7e0-0000-7000-8000-000000000000").await.status(),
        StatusCode::NOT_FOUND
    );
    let mut viewer = Browser::signed_in(&hub, "kan").await;
    assert_eq!(viewer.post("/people/wang/code", &[]).await.status(), StatusCode::NOT_FOUND);
}
