//! A case goes round from the console: filed, dispatched, verified, closed; and what the page says when it can't.

use reqwest::StatusCode;

use crate::browser::{Browser, leads_to, links};
use crate::phone::hub;
use crate::scene::{self, dispatch_to, head, office_moves, picture};

#[tokio::test]
async fn the_desk_files_and_dispatches_and_the_page_says_what_is_missing() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let desk = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["reported"];
    let (page, moves) = (format!("/cases/{case}"), format!("/cases/{case}/moves"));
    assert!(desk.page("/desk").await.contains("学府路9号门前"));
    let parent = head(&hub, case).await.to_string();
    let filed = desk.form(&moves, &[("move", "accept"), ("parent", &parent), ("from", "desk")], None).await;
    assert_eq!(filed.status(), StatusCode::SEE_OTHER, "{}", filed.text().await.unwrap());
    let done = desk.page(leads_to(&filed)).await;
    assert!(done.contains("“立案”已生效") && done.contains("下一件"));
    assert!(done.contains("若现在派遣"), "the preview stands before the choice");
    let parent = head(&hub, case).await.to_string();
    let nobody =
        desk.form(&moves, &[("move", "dispatch"), ("parent", &parent), ("reason", "三号片")], None).await;
    assert_eq!(nobody.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let again = nobody.text().await.unwrap();
    assert!(
        again.contains("<title>出错：")
            && again.contains("href=\"#dispatch-handler\"")
            && again.contains("三号片")
    );
    let sent = [("move", "dispatch"), ("parent", parent.as_str()), ("handler", "ming"), ("reason", "三号片")];
    assert_eq!(desk.form(&moves, &sent, None).await.status(), StatusCode::SEE_OTHER);
    let running = desk.page(&page).await;
    assert!(
        running.contains("办理中") && running.contains("怎么算的") && running.contains("到期"),
        "{running}"
    );
    assert!(running.contains("结案还差"));
}

#[tokio::test]
async fn a_lost_race_keeps_what_was_written_and_stays_in_the_history() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let desk = Browser::signed_in(&hub, "li").await;
    let case = scene.cases["to_dispatch"];
    let parent = head(&hub, case).await.to_string();
    office_moves(&hub, "li", case, dispatch_to("clean", "环卫中心", "ming", "李明")).await;
    let sent =
        [("move", "dispatch"), ("parent", parent.as_str()), ("handler", "sun"), ("reason", "先派水务看看")];
    let late = desk.form(&format!("/cases/{case}/moves"), &sent, None).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let page = late.text().await.unwrap();
    assert!(page.contains("陈晓") && page.contains("先派水务看看"), "{page}");
    let history = desk.page(&format!("/cases/{case}")).await;
    assert!(history.contains("平台未采纳") && history.contains("先派水务看看"));
}

#[tokio::test]
async fn a_verifier_passes_with_a_photo_another_person_closes_and_the_handler_may_do_neither() {
    let hub = hub().await;
    let scene = scene::fill(&hub).await;
    let case = scene.cases["to_verify"];
    let (page, moves) = (format!("/cases/{case}"), format!("/cases/{case}/moves"));
    let handler = Browser::signed_in(&hub, "ming").await;
    let own = handler.page(&page).await;
    assert!(own.contains("不能由你核查") && !own.contains("id=\"do-verify\""), "{own}");
    let parent = head(&hub, case).await.to_string();
    let passed = [("move", "verify"), ("parent", parent.as_str()), ("result", "passed"), ("mode", "on_site")];
    let refused = handler.form(&moves, &passed, Some(&picture(9))).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let verifier = Browser::signed_in(&hub, "qian").await;
    let bare = verifier.form(&moves, &passed, None).await;
    assert_eq!(bare.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text().await.unwrap().contains("还差对照照片"));
    let done = verifier.form(&moves, &passed, Some(&picture(9))).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER, "{}", done.text().await.unwrap());
    let desk = Browser::signed_in(&hub, "li").await;
    let parent = head(&hub, case).await.to_string();
    let close = [("move", "close"), ("parent", parent.as_str()), ("note", "")];
    assert_eq!(desk.form(&moves, &close, None).await.status(), StatusCode::SEE_OTHER);
    let closed = desk.page(&page).await;
    assert!(closed.contains("已结案 解决"), "{closed}");
    for photo in regex::Regex::new(r#"src="(/photos/[^"]+)""#).unwrap().captures_iter(&closed) {
        assert_eq!(desk.get(&photo[1]).await.status(), StatusCode::OK, "{}", &photo[1]);
    }
    assert!(closed.matches("/thumb\"").count() >= 3, "before, after and check");
    let twice = desk.form(&moves, &close, None).await;
    assert!(twice.text().await.unwrap().contains("没有重复提交"));
}

#[tokio::test]
async fn numbers_of_today_open_lists_of_that_many() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let figures =
        regex::Regex::new(r#"<a class="fig" href="([^"]+)"><span>([^<]+)</span><b>(\d+)</b>"#).unwrap();
    for person in ["li", "qian", "lead", "ming", "admin"] {
        let browser = Browser::signed_in(&hub, person).await;
        let today = browser.page("/today").await;
        let found: Vec<_> =
            figures.captures_iter(&today).map(|c| (c[1].replace("&#38;", "&"), c[3].to_owned())).collect();
        assert!(!found.is_empty(), "{person}: {today}");
        for (address, number) in found {
            let list = browser.page(&address).await;
            let (of_cases, of_ops) = (format!("共{number}件"), format!("平台代管{number}件"));
            let there = if address.starts_with("/phones") { of_ops } else { of_cases };
            assert!(list.contains(&there), "{person} {address}");
        }
    }
}

#[tokio::test]
async fn phones_show_both_sides_and_a_revoked_one_is_out() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut admin = Browser::signed_in(&hub, "admin").await;
    let page = admin.page("/phones").await;
    assert!(page.contains("2条、2张还在手机上"), "{page}");
    assert!(page.contains("全部已收"));
    let ask = regex::Regex::new(r#"href="(/phones/[^"]+[?]confirm=revoke)""#).unwrap();
    let asked = admin.page(&ask.captures(&page).unwrap()[1]).await;
    let action = regex::Regex::new(r#"action="(/phones/[^"]+/revoke)""#).unwrap();
    let address = action.captures(&asked).unwrap()[1].to_owned();
    assert_eq!(admin.post(&address, &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(admin.page("/phones").await.contains("已停用"));
    let phones = links(&page, "data-row");
    assert!(phones.len() > 4 && phones.iter().all(|(to, _)| to.starts_with("/phones/")), "{phones:?}");
}

#[tokio::test]
async fn a_code_is_shown_once_as_picture_and_text_and_enrols_a_phone() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut admin = Browser::signed_in(&hub, "admin").await;
    let page = admin.post("/people/zhao/code", &[]).await.text().await.unwrap();
    assert!(page.contains("<svg") && page.contains("张华"));
    let text = regex::Regex::new("XC1\\.[A-Za-z0-9_-]+").unwrap().find(&page).unwrap().as_str().to_owned();
    let code = xuncha_wire::enrol::EnrolCode::from_text(&text).unwrap();
    let mut phone = crate::phone::Phone::new(&hub.url, code);
    assert_eq!(phone.enrol().await.status(), StatusCode::OK);
    assert!(!admin.page("/people").await.contains(&text));
}

#[tokio::test]
async fn a_workbook_with_faults_changes_nothing_and_names_them() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let admin = Browser::signed_in(&hub, "admin").await;
    let bad = b"--B\r\nContent-Disposition: form-data; name=\"workbook\"; filename=\"f.xlsx\"\r\n\r\nno workbook\r\n--B--\r\n";
    let answer = reqwest_post(&hub.url, &admin.cookie, bad).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("f.xlsx 没有生效") && page.contains("enterprise_visit"), "{page}");
}

/// A form that all is well with, but for a photo of any size and a count that other apps read in their own way.
#[tokio::test]
async fn what_deserves_a_look_in_a_workbook_is_said_with_its_cell() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let admin = Browser::signed_in(&hub, "admin").await;
    let sheets: [(&str, &[&[&str]]); 2] = [
        (
            "survey",
            &[
                &["type", "name", "label", "parameters", "repeat_count"],
                &["integer", "n", "几处"],
                &["begin_repeat", "spot", "一处", "", "${n}"],
                &["image", "photo", "照片"],
                &["end_repeat"],
            ],
        ),
        ("settings", &[&["form_id", "form_title", "version"], &["look", "看一看", "1"]]),
    ];
    let body = workbook(&sheets);
    let answer = reqwest_post(&hub.url, &admin.cookie, &body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("看一看 第1版已生效") && page.contains("f.xlsx 有2处可以看看"), "{page}");
    assert!(page.contains("“survey”第4行D列（parameters）：没有写max-pixels"), "{page}");
    assert!(page.contains("“survey”第3行E列（repeat_count）：次数变小时"), "{page}");
}

/// A workbook as the browser sends it.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    let head = "--B\r\nContent-Disposition: form-data; name=\"workbook\"; filename=\"f.xlsx\"\r\n\r\n";
    [head.as_bytes(), &book.save_to_buffer().unwrap(), b"\r\n--B--\r\n"].concat()
}

/// What only the forms engine finds is said in Chinese too, with the cell and what to do, and not in its own words.
#[tokio::test]
async fn a_formula_that_phones_can_not_read_is_named_by_its_cell_in_chinese() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let admin = Browser::signed_in(&hub, "admin").await;
    let head: &[&str] = &["type", "name", "label", "relevant", "constraint", "calculation"];
    let settings: &[&[&str]] = &[&["form_id", "form_title", "version"], &["odd", "错表", "1"]];
    type Rows<'a> = &'a [&'a [&'a str]];
    let faults: [(Rows<'_>, &str); 4] = [
        (&[&["integer", "b", "乙", "${a} = "]], "“survey”第4行D列（relevant）：公式“${a} =”读不懂"),
        (&[&["integer", "b", "乙", "", "(. > 1"]], "“survey”第4行E列（constraint）：公式“(. &gt; 1”读不懂"),
        (
            &[&["integer", "b", "乙", "nofunc(${a}) > 1"]],
            "“survey”第4行D列（relevant）：“nofunc()”手机上还不能用",
        ),
        (
            &[&["calculate", "b", "", "", "", "${c} + 1"], &["calculate", "c", "", "", "", "${b} + 1"]],
            "这几道题互相等对方的结果，算不出来：",
        ),
    ];
    for (rows, says) in faults {
        let known: [&[&str]; 3] = [head, &["integer", "z", "零"], &["integer", "a", "甲"]];
        let survey = [&known[..], rows].concat();
        let body = workbook(&[("survey", &survey), ("settings", settings)]);
        let answer = reqwest_post(&hub.url, &admin.cookie, &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{rows:?}");
        let page = answer.text().await.unwrap();
        let said = page.split("role=\"alert\"").nth(1).unwrap().split("</div>").next().unwrap();
        let said = said.replace("&#60;", "&lt;").replace("&#62;", "&gt;").replace("&#34;", "\"");
        assert!(said.contains(says), "{said}");
        for english in ["XPath", "error", "expected", "line ", "column ", "not supported", "circle"] {
            assert!(!said.contains(english), "{english}: {said}");
        }
        assert!(!page.contains("错表"), "nothing was imported");
    }
}

async fn reqwest_post(url: &str, cookie: &str, body: &[u8]) -> reqwest::Response {
    let request = crate::phone::client().post(format!("{url}/forms")).header("cookie", cookie);
    let request = request.header("sec-fetch-site", "same-origin");
    request
        .header("content-type", "multipart/form-data; boundary=B")
        .body(body.to_vec())
        .send()
        .await
        .unwrap()
}

fn upload(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head =
        format!("--B\r\nContent-Disposition: form-data; name=\"workbook\"; filename=\"{name}\"\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n--B--\r\n"].concat()
}

/// Authors write CSV and Markdown too; what is wrong there is named by the line of the file.
#[tokio::test]
async fn a_form_comes_as_csv_or_markdown_with_its_faults_by_line() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let admin = Browser::signed_in(&hub, "admin").await;
    assert!(admin.page("/forms").await.contains("accept=\".xlsx,.xls,.csv,.md,.zip\""));
    let csv = |formula: &str| {
        format!(
            "\u{feff}survey,,,,\r\n,type,name,label,relevant\r\n\r\n,integer,a,甲,\r\n,integer,b,乙,{formula}\r\n\
             settings,,,,\r\n,form_id,form_title,version,\r\n,from_csv,从CSV来,7,\r\n"
        )
    };
    let markdown = |kind: &str| {
        format!(
            "| survey |\n| | type | name | label |\n| | {kind} | a | 甲 |\n\n| settings |\n\
             | | form_id | form_title | version |\n| | from_md | 从Markdown来 | 8 |\n"
        )
    };
    let gbk = [b"survey,,,\r\n,type,name,label\r\n,integer,a,".as_slice(), &[0xBC, 0xD7], b"\r\n"].concat();
    for (name, bytes, says) in [
        ("f.csv", csv("${a} = ").into_bytes(), "“survey”第5行E列（relevant）：公式“${a} =”读不懂"),
        ("f.csv", csv("${nobody} = 1").into_bytes(), "“survey”第5行E列（relevant）："),
        ("f.md", markdown("intger").into_bytes(), "“survey”第3行B列（type）："),
        ("f.csv", gbk, "另存为“CSV UTF-8”"),
        ("f.md", b"just some words".to_vec(), "也不是CSV或Markdown的表"),
    ] {
        let answer = reqwest_post(&hub.url, &admin.cookie, &upload(name, &bytes)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(says), "{says}: {page}");
        assert!(!page.contains("从CSV来") && !page.contains("从Markdown来"), "nothing was imported");
    }
    for (name, text, title) in
        [("f.csv", csv("${a} = 1"), "从CSV来"), ("f.md", markdown("integer"), "从Markdown来")]
    {
        let answer = reqwest_post(&hub.url, &admin.cookie, &upload(name, text.as_bytes())).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        assert!(answer.text().await.unwrap().contains(&format!("{title} 第")), "{name}");
        assert!(admin.page("/forms").await.contains(title));
    }
}
