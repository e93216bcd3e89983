//! Forms come with the files that they read and show: lists, pictures.

use reqwest::StatusCode;
use serde_json::Value;
use xuncha_hub::office::GivenFile;
use xuncha_hub::office::forms::{ImportedForm, Written};
use xuncha_hub::{Hub, HubError};
use xuncha_wire::BlobId;
use xuncha_wire::entity::{FILE_PIECE, FormBody};

use crate::phone::{Phone, error, hub};

/// A check of shops: the shop from a file, filtered; its owner looked up in another; a picture beside a label.
const SHOPS: &str = "
| survey |                              |       |            |                |                                           |              |
|        | type                         | name  | label      | choice_filter  | calculation                               | media::image |
|        | text                         | zone  | 片区       |                |                                           | zones.png    |
|        | select_one_from_file shops.csv | shop | 店铺      | zone = ${zone} |                                           |              |
|        | calculate                    | owner |            |                | pulldata('owners', 'who', 'shop', ${shop}) |             |
| settings |                            |       |            |                |                                           |              |
|        | form_id                      | form_title | version |              |                                           |              |
|        | shop                         | 店铺检查   | 7       |              |                                           |              |
";
const LIST: &str = "name,label,zone\ns1,面馆,east\ns2,药店,west\n";
const OWNERS: &str = "shop,who\ns1,老王\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

fn file(name: &str, bytes: impl AsRef<[u8]>) -> GivenFile {
    GivenFile { name: name.into(), bytes: bytes.as_ref().to_vec() }
}

fn all() -> Vec<GivenFile> {
    vec![file("shops.csv", LIST), file("owners.csv", OWNERS), file("zones.png", PNG)]
}

async fn import(hub: &Hub, files: Vec<GivenFile>) -> Result<ImportedForm, HubError> {
    hub.import_form("admin", Written::Workbook(SHOPS.as_bytes()), files).await
}

async fn body_of(phone: &Phone) -> Option<(u64, FormBody)> {
    let replica = phone.pull_all().await;
    let found: Option<&(u64, Value)> = replica.rows.get(&("t".into(), "form".into(), "shop".into()));
    found.map(|(version, body)| (*version, serde_json::from_value(body.clone()).unwrap()))
}

/// The file as a phone fetches it.
async fn fetch(phone: &Phone, id: &BlobId) -> (Vec<u8>, usize) {
    let (mut bytes, mut pieces) = (Vec::new(), 0);
    loop {
        let answer = phone.get(&format!("/v1/file/{id}?at={}", bytes.len())).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let piece = zstd::decode_all(&*answer.bytes().await.unwrap()).unwrap();
        if piece.is_empty() {
            return (bytes, pieces);
        }
        assert!(piece.len() as u64 <= FILE_PIECE);
        bytes.extend(piece);
        pieces += 1;
    }
}

fn said(refused: Result<ImportedForm, HubError>) -> (String, String) {
    match refused {
        Err(HubError::Invalid { zh, en }) => (zh, en),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_form_comes_down_with_the_names_of_its_files_and_a_phone_fetches_them_piece_by_piece() {
    let hub = hub().await;
    let long: String = (0..100_000).map(|n| format!("s{n},这是第{n}家店铺的名字与门牌,east\n")).collect();
    let list = format!("{LIST}{long}");
    assert!(list.len() > 5_000_000);
    let files = vec![file("shops.csv", &list), file("owners.csv", OWNERS), file("zones.png", PNG)];
    let imported = import(&hub.hub, files).await.unwrap();
    assert_eq!((imported.files, imported.form.as_str()), (3, "shop"));
    let phone = hub.phone("wang").await;
    let (_, body) = body_of(&phone).await.unwrap();
    let named: Vec<_> = body.files.iter().map(|file| (file.src.as_str(), file.size)).collect();
    assert_eq!(
        named,
        [
            ("jr://file-csv/owners.csv", OWNERS.len() as u64),
            ("jr://file-csv/shops.csv", list.len() as u64),
            ("jr://images/zones.png", PNG.len() as u64),
        ]
    );
    for (given, named) in [OWNERS.as_bytes(), list.as_bytes(), PNG].into_iter().zip(&body.files) {
        let (bytes, pieces) = fetch(&phone, &named.id).await;
        assert!(bytes == given && BlobId::of(given) == named.id, "{}", named.src);
        assert_eq!(pieces as u64, (given.len() as u64).div_ceil(FILE_PIECE));
    }
    let unknown = phone.get(&format!("/v1/file/{}", BlobId::of(b"nothing"))).await;
    assert_eq!(error(unknown).await, (404, "not_found".into()));
    assert_eq!(error(phone.get("/v1/file/x?at=3").await).await.0, 404);
    let far = phone.get(&format!("/v1/file/{}?at={}", body.files[0].id, u64::MAX)).await;
    assert_eq!(error(far).await.0, 404);
    let mut stranger = hub.phone("zhao").await;
    stranger.token = "AAAA".into();
    let refused = stranger.get(&format!("/v1/file/{}", body.files[0].id)).await;
    assert_eq!(error(refused).await, (401, "token_unknown".into()));
}

#[tokio::test]
async fn every_missing_file_is_named_with_its_cell_in_one_answer_and_nothing_changes() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    let (zh, en) = said(import(&hub.hub, vec![file("Shops.csv", LIST)]).await);
    for line in [
        "“survey”第5行B列（type）：要用文件“shops.csv”，没有交来。",
        "“survey”第6行F列（calculation）：要用文件“owners.csv”，没有交来。",
        "“survey”第4行G列（media::image）：要用文件“zones.png”，没有交来。",
        "现有的表单照常使用。把缺的文件和表单一起选上，再导入。",
    ] {
        assert!(zh.contains(line), "{line}: {zh}");
    }
    assert!(en.contains("'shops.csv'") && en.contains("'owners.csv'") && en.contains("'zones.png'"), "{en}");
    assert_eq!(body_of(&phone).await, None);
    let kept = hub.hub.db().read(|tx| {
        tx.one("SELECT (SELECT COUNT(*) FROM file) + (SELECT COUNT(*) FROM form_file)", &[], |r| r.int(0))
    });
    assert_eq!(kept.await.unwrap(), Some(0));
    let xml = crate::phone::FORM.replace(
        "<bind ",
        "<instance id=\"x\" src=\"jr://file/x.xml\"/><bind nodeset=\"/data/note\" calculate=\"count(instance('x')/root/item)\"/><bind ",
    );
    let xml = xml.replacen("<bind nodeset=\"/data/note\" type=\"string\"/>", "", 1);
    let (zh, _) = said(hub.hub.import_form_xml("admin", &xml).await);
    assert!(zh.starts_with("表单要用文件“x.xml”，没有交来。"), "{zh}");
    let list = "<root><item><name>1</name></item></root>";
    let imported = hub.hub.import_form("admin", Written::XForm(&xml), vec![file("x.xml", list)]).await;
    assert_eq!(imported.unwrap().files, 1);
}

#[tokio::test]
async fn a_bad_file_is_named_and_nothing_changes() {
    let hub = hub().await;
    let gbk: &[u8] = &[
        b'n', b'a', b'm', b'e', b',', b'l', b'a', b'b', b'e', b'l', b'\n', 0xB5, 0xEA, b',', 0xC6, 0xCC,
        b'\n',
    ];
    let huge = vec![b'a'; (32 << 20) + 1];
    let cases: [(&[u8], &str); 6] = [
        (
            gbk,
            "“survey”第5行B列（type）：文件“shops.csv”不是UTF-8编码。在Excel里另存为“CSV UTF-8（逗号分隔）”。",
        ),
        (b"", "文件“shops.csv”是空的"),
        (b"\n\n", "文件“shops.csv”没有表头"),
        (b"code,label,zone\ns1,x,east\n", "选项要用文件“shops.csv”里的“name”列，可是没有这一列"),
        (b"name,label,zone\ns1,\"x,east\n", "文件“shops.csv”里有一个引号没有配对"),
        (&huge, "文件“shops.csv”超过32 MB"),
    ];
    for (list, says) in cases {
        let files = vec![file("shops.csv", list), file("owners.csv", OWNERS), file("zones.png", PNG)];
        let (zh, en) = said(import(&hub.hub, files).await);
        assert!(zh.contains(says), "{says}: {zh}");
        assert!(zh.contains("没有导入") && zh.contains("照常使用"), "{zh}");
        assert!(en.contains("imported"), "{en}");
    }
    let twice = [all(), vec![file("shops.csv", LIST)]].concat();
    assert!(said(import(&hub.hub, twice).await).0.contains("有两个文件都叫“shops.csv”"));
    let many = (0..1001).map(|n| file(&format!("{n}.png"), PNG)).collect();
    assert!(said(import(&hub.hub, many).await).0.contains("多于1000个"));
    assert_eq!(body_of(&hub.phone("wang").await).await, None);
    // A byte-order mark, rows that are too short or too long, and a list without rows are all fine.
    for list in [
        "\u{feff}name,label,zone\ns1,x,east\n",
        "name,label,zone\ns1,x\ns2,y,east,more\n",
        "name,label,zone\n",
    ] {
        let files = vec![file("shops.csv", list), file("owners.csv", OWNERS), file("zones.png", PNG)];
        import(&hub.hub, files).await.unwrap();
    }
}

#[tokio::test]
async fn the_same_version_again_brings_other_files_and_keeps_those_that_were_not_handed_in() {
    let hub = hub().await;
    import(&hub.hub, all()).await.unwrap();
    let phone = hub.phone("wang").await;
    let (first, before) = body_of(&phone).await.unwrap();
    let imported =
        import(&hub.hub, vec![file("shops.csv", "name,label\ns9,新店\n"), file("spare.csv", LIST)]).await;
    let imported = imported.unwrap();
    assert_eq!((imported.version.as_str(), imported.files), ("7", 3));
    for note in ["“owners.csv”这次没有交来，沿用现有的", "“zones.png”这次没有交来", "“spare.csv”没有题目用到"]
    {
        assert!(imported.notes.iter().any(|said| said.contains(note)), "{note}: {:?}", imported.notes);
    }
    let (second, after) = body_of(&phone).await.unwrap();
    assert!(second > first && before.version == after.version && before.xml == after.xml);
    let changed = |nth: usize| before.files[nth].id != after.files[nth].id;
    assert_eq!((changed(0), changed(1), changed(2)), (false, true, false));
    assert_eq!(fetch(&phone, &after.files[1].id).await.0, "name,label\ns9,新店\n".as_bytes());
    assert_eq!(fetch(&phone, &before.files[1].id).await.0, LIST.as_bytes(), "a draft may need it still");
}

#[tokio::test]
async fn sound_and_film_are_not_asked_for_and_the_author_is_told() {
    let hub = hub().await;
    let form = SHOPS.replace("media::image", "media::audio").replace("zones.png", "zones.mp3");
    let files = vec![file("shops.csv", LIST), file("owners.csv", OWNERS), file("zones.mp3", b"ID3")];
    let imported = hub.hub.import_form("admin", Written::Workbook(form.as_bytes()), files).await.unwrap();
    assert_eq!(imported.files, 2);
    assert!(
        imported.notes.contains(&"“zones.mp3”是声音或视频，手机上还不播放，没有收。".to_owned()),
        "{:?}",
        imported.notes
    );
    assert!(!imported.notes.iter().any(|note| note.contains("没有题目用到")), "{:?}", imported.notes);
}

#[tokio::test]
async fn the_lists_of_external_choices_travel_as_a_file() {
    let hub = hub().await;
    let form = "
| survey           |                            |        |       |               |
|                  | type                       | name   | label | choice_filter |
|                  | text                       | state  | 省    |               |
|                  | select_one_external county | county | 县    | state=${state} |
| external_choices |                            |        |       |               |
|                  | list_name                  | name   | label | state         |
|                  | county                     | c1     | 东县  | s1            |
| settings         |                            |        |       |               |
|                  | form_id                    | form_title | version |         |
|                  | counties                   | 县     | 1     |               |
";
    let imported =
        hub.hub.import_form("admin", Written::Workbook(form.as_bytes()), Vec::new()).await.unwrap();
    assert_eq!(imported.files, 1, "{:?}", imported.notes);
    let phone = hub.phone("wang").await;
    let replica = phone.pull_all().await;
    let body: FormBody =
        serde_json::from_value(replica.find("t", "form", "counties").unwrap().clone()).unwrap();
    let [lists] = body.files.as_slice() else { panic!("{:?}", body.files) };
    assert_eq!(lists.src, "jr://file-csv/itemsets.csv");
    let text = String::from_utf8(fetch(&phone, &lists.id).await.0).unwrap();
    assert_eq!(text, "\"list_name\",\"name\",\"label\",\"state\"\r\n\"county\",\"c1\",\"东县\",\"s1\"\r\n");
}

#[tokio::test]
async fn a_folder_beside_the_form_or_a_zip_holds_its_files() {
    let hub = hub().await;
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir_all(forms.join("shop-media")).unwrap();
    std::fs::write(forms.join("shop.md"), SHOPS).unwrap();
    for given in all() {
        std::fs::write(forms.join("shop-media").join(given.name), given.bytes).unwrap();
    }
    let said = hub.hub.import_content("admin", &forms.join("shop.md")).await.unwrap();
    assert_eq!(said, ["shop.md: 店铺检查 shop 7 +3"]);

    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in [("lists/shops.csv", LIST.as_bytes()), ("._shops.csv", b"mac"), ("zones.png", PNG)] {
        std::io::Write::write_all(
            {
                packed.start_file(name, options).unwrap();
                &mut packed
            },
            bytes,
        )
        .unwrap();
    }
    let packed = file("files.zip", packed.finish().unwrap().into_inner());
    let form = file("shop.md", SHOPS);
    let (form, files) =
        xuncha_hub::office::unpack(form, vec![packed.clone(), file("owners.csv", OWNERS)]).unwrap();
    assert_eq!(form.bytes, SHOPS.as_bytes());
    assert_eq!(files, [file("shops.csv", LIST), file("zones.png", PNG), file("owners.csv", OWNERS)]);
    let none = xuncha_hub::office::unpack(packed.clone(), Vec::new()).unwrap_err();
    assert!(none.to_string().contains("里有0个Excel表单"), "{none}");
    let cut = file("f.zip", &packed.bytes[..packed.bytes.len() / 2]);
    assert!(xuncha_hub::office::unpack(cut, Vec::new()).unwrap_err().to_string().contains("解不开"));
}

#[test]
fn names_in_a_zip_of_a_chinese_windows_are_read_as_they_were_meant() {
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    packed.start_file("lists/AAAA.csv", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut packed, LIST.as_bytes()).unwrap();
    let mut bytes = packed.finish().unwrap().into_inner();
    // 名单 in GBK, where the tools of the test would write UTF-8.
    while let Some(at) = bytes.windows(4).position(|four| four == b"AAAA") {
        bytes[at..at + 4].copy_from_slice(&[0xC3, 0xFB, 0xB5, 0xA5]);
    }
    let (_, files) = xuncha_hub::office::unpack(file("f.md", SHOPS), vec![file("F.ZIP", bytes)]).unwrap();
    assert_eq!(files, [file("名单.csv", LIST)]);
}
