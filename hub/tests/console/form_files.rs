//! A form is imported on the console together with the files that it reads and shows.

use reqwest::StatusCode;

use crate::browser::Browser;
use crate::phone::hub;
use crate::scene;

const FORM: &str = "| survey |
| | type | name | label | media::image |
| | select_one_from_file shops.csv | shop | 店铺 | door.png |
| settings |
| | form_id | form_title | version |
| | shop | 店铺名单 | 3 |
";
const LIST: &[u8] = "name,label\ns1,面馆\n".as_bytes();
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Fields of files, as the browser sends them.
async fn send(url: &str, cookie: &str, files: &[(&str, &str, &[u8])]) -> (StatusCode, String) {
    let mut body = Vec::new();
    for (field, name, bytes) in files {
        let head = format!(
            "--B\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--B--\r\n");
    let request = crate::phone::client().post(format!("{url}/forms")).header("cookie", cookie);
    let request = request.header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "multipart/form-data; boundary=B").body(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_form_and_its_files_are_chosen_together_and_a_list_is_replaced_alone() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let admin = Browser::signed_in(&hub, "admin").await;
    let page = admin.page("/forms").await;
    assert!(page.contains("name=\"files\" multiple"), "{page}");
    let form = ("workbook", "shop.md", FORM.as_bytes());
    let nothing = ("files", "", b"".as_slice());
    let (status, page) = send(&hub.url, &admin.cookie, &[form, nothing]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = page.split("role=\"alert\"").nth(1).unwrap().split("</div>").next().unwrap();
    for line in [
        "“survey”第3行B列（type）：要用文件“shops.csv”，没有交来。",
        "第3行E列（media::image）：要用文件“door.png”",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(said.contains("有2处要改"), "{said}");
    assert!(!page.contains("店铺名单"), "nothing was imported");

    let files = [("files", "door.png", PNG), ("files", "shops.csv", LIST)];
    let (status, page) = send(&hub.url, &admin.cookie, &[form, files[0], files[1]]).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("店铺名单 第3版已生效，带2个文件。"), "{page}");
    assert!(page.contains("文件：shops.csv、door.png"), "{page}");
    let next = ("files", "shops.csv", "name,label\ns2,药店\n".as_bytes());
    let (status, page) = send(&hub.url, &admin.cookie, &[form, next]).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("文件“door.png”这次没有交来，沿用现有的。"), "{page}");
    let bad = ("files", "shops.csv", b"label\nx\n".as_slice());
    let (status, page) = send(&hub.url, &admin.cookie, &[form, bad]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("选项要用文件“shops.csv”里的“name”列"), "{page}");
    let (_, page) = send(&hub.url, &admin.cookie, &[next]).await;
    assert!(page.contains("没有选表单"), "{page}");
}

#[tokio::test]
async fn files_beyond_the_limit_are_refused_by_name_of_the_limit() {
    let hub = hub().await;
    let admin = {
        scene::fill(&hub).await;
        Browser::signed_in(&hub, "admin").await
    };
    let half = vec![b'x'; 88 << 20];
    let files = [
        ("workbook", "shop.md", FORM.as_bytes()),
        ("files", "a.bin", half.as_slice()),
        ("files", "b.bin", &half),
    ];
    let (status, page) = send(&hub.url, &admin.cookie, &files).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{page}");
    assert!(page.contains("文件合起来超过168 MB，没有导入"), "{page}");
}
