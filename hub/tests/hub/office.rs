//! What an office does: imports, people, the audit.

use xuncha_hub::{HubError, audit};

use crate::phone::hub;

fn content() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../content")
}

#[tokio::test]
async fn the_content_that_ships_is_imported_and_comes_down() {
    let hub = hub().await;
    let said = hub.hub.import_content("admin", &content()).await.unwrap();
    assert!(said.len() >= 6, "{said:?}");
    let phone = hub.phone("wang").await;
    let replica = phone.pull_all().await;
    let kind = |kind: &str| replica.rows.keys().filter(|(scope, k, _)| scope == "t" && k == kind).count();
    assert!(kind("form") >= 5 && kind("catalogue") == 1 && kind("calendar") == 1, "{said:?}");
    let quick = replica.rows.iter().filter(|((_, k, _), (_, body))| k == "form" && body["quick"] == true);
    assert_eq!(quick.count(), 1, "one form is for a photo in passing");
    let all = hub.phone("p-lead1").await.pull_all().await;
    let sites = all.rows.keys().filter(|(scope, kind, _)| scope.starts_with("d/") && kind == "site");
    assert_eq!(sites.count(), 284, "a leader sees every district");
    let counted = || async {
        let sql =
            "SELECT COUNT(*), COUNT(DISTINCT site) FROM assignment WHERE tenant = 'city' AND person <> ''";
        let db = hub.hub.db();
        db.read(move |tx| tx.one(sql, &[], |r| Ok((r.int(0)?, r.int(1)?)))).await.unwrap()
    };
    assert_eq!(counted().await, Some((268, 268)), "every project is somebody's");
    hub.hub.import_content("admin", &content()).await.unwrap();
    assert_eq!(counted().await, Some((268, 268)), "importing again doubles nothing");
}

#[tokio::test]
async fn a_faulty_file_is_named_and_changes_nothing() {
    let hub = hub().await;
    let bad = hub.hub.import_form_xml("admin", "<html>").await;
    assert!(matches!(bad, Err(HubError::Invalid { .. })), "{bad:?}");
    let bad = hub.hub.import_form_workbook("admin", b"PK not a workbook").await;
    assert!(matches!(bad, Err(HubError::Invalid { .. })), "{bad:?}");
    let bad = hub.hub.import_catalogue("admin", "{}").await;
    assert!(matches!(bad, Err(HubError::Invalid { .. })), "{bad:?}");
    let forms = hub
        .hub
        .db()
        .read(|tx| tx.one("SELECT COUNT(*) FROM form WHERE tenant = 'city'", &[], |r| r.int(0)))
        .await
        .unwrap();
    assert_eq!(forms, Some(1));
}

#[tokio::test]
async fn an_audit_line_can_not_be_changed_unseen() {
    let hub = hub().await;
    let broken = |hub: &xuncha_hub::Hub| {
        let db = hub.db().clone();
        async move { db.read(|tx| audit::broken_at(tx, "city")).await.unwrap() }
    };
    assert_eq!(broken(&hub.hub).await, None);
    hub.hub
        .db()
        .write(|tx| tx.exec("UPDATE audit SET person = 'nobody' WHERE tenant = 'city' AND seq = 2", &[]))
        .await
        .unwrap();
    assert_eq!(broken(&hub.hub).await, Some(2));
}

#[tokio::test]
async fn a_short_password_is_refused() {
    let hub = hub().await;
    let short = hub.hub.set_password("admin", "wang", "wang", "12345678", false).await;
    assert!(matches!(short, Err(HubError::Invalid { .. })));
    hub.hub.set_password("admin", "wang", "wang", "a much longer one", false).await.unwrap();
    assert!(hub.hub.set_password("admin", "nobody", "x", "a much longer one", false).await.is_err());
}
