//! One word for one thing, and no codes: on screen, on paper, in the export and in the sources.

use std::path::Path;

use calamine::{Reader, Xlsx};
use serde_json::Value;

use crate::browser::Browser;
use crate::phone::hub;
use crate::scene;

fn table() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/design/terms.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Words that nobody says, each with the one to say instead, if there is one.
fn banned(table: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let never = table["never"].as_array().unwrap().iter().map(|word| (text(word), String::new()));
    let instead = table["instead"].as_array().unwrap().iter().map(|i| (text(&i["not"]), text(&i["say"])));
    never.chain(instead).collect()
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_source_and_no_template_says_a_stray_or_forbidden_word() {
    let (table, root) = (table(), Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut sources = Vec::new();
    for folder in ["src", "templates", "assets"] {
        files(&root.join(folder), &mut sources);
    }
    assert!(sources.len() > 80);
    let mut strays = Vec::new();
    for file in sources {
        let text = std::fs::read_to_string(&file).unwrap();
        for (word, instead) in banned(&table) {
            if text.contains(&word) {
                strays.push(format!("{} says {word}, the table says {instead}", file.display()));
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}

fn plain(html: &str) -> String {
    let styles = regex::Regex::new("(?s)<(script|style).*?</(script|style)>")
        .unwrap()
        .replace_all(html, " ")
        .into_owned();
    regex::Regex::new("<[^>]+>").unwrap().replace_all(&styles, " ").into_owned()
}

#[tokio::test]
async fn no_code_of_a_district_party_or_role_stands_on_a_page_on_paper_or_in_the_export() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let codes = regex::Regex::new(
        r"\b(east|west|leaders|districts|utilities|departments|dispatcher|inspector|handler|verifier|viewer|satisfied|street_patrol\|matter|rectified|reported)\b",
    )
    .unwrap();
    let mut pages: Vec<String> = [
        "/today",
        "/ledger?state=all",
        "/ledger/print?state=all",
        "/visits",
        "/visits/print",
        "/desk",
        "/verify",
        "/campaigns",
        "/banners",
        "/phones",
        "/ledger?district=west",
        "/visits?party=leaders",
    ]
    .map(String::from)
    .into();
    pages.push(format!("/campaigns/{}?as_of=2026-07-15", scene.campaign));
    pages.push(format!("/campaigns/{}/list?set=gap.unvisited", scene.campaign));
    pages.extend(scene.cases.values().map(|case| format!("/cases/{case}")));
    pages.extend(scene.cases.values().map(|case| format!("/cases/{case}/notice")));
    let browser = Browser::signed_in(&hub, "li").await;
    for page in pages {
        let text = plain(&browser.page(&page).await);
        assert!(!codes.is_match(&text), "{page} shows {:?}", codes.find(&text));
        assert!(!text.contains("  ]") && text.len() > 20, "{page}");
    }
    let admin = Browser::signed_in(&hub, "admin").await;
    for page in ["/people", "/phones", "/today"] {
        let text = plain(&admin.page(page).await);
        assert!(!codes.is_match(&text), "{page} shows {:?}", codes.find(&text));
    }
    for export in ["/ledger/export.xlsx?state=all", "/visits/export.xlsx"] {
        let bytes = browser.get(export).await.bytes().await.unwrap().to_vec();
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        for row in book.worksheet_range("台账").unwrap().rows() {
            for cell in row {
                let text = cell.to_string();
                assert!(!codes.is_match(&text), "{export}: {text}");
            }
        }
    }
    let ledger = browser.page("/ledger?state=all").await;
    assert!(ledger.contains(">东城区</option>"), "districts have names in the filter");
}
