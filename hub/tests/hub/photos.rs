//! Photos: resumed at a byte offset, complete only after hashing, one writer, a full disk.

use reqwest::Response;
use serde_json::json;
use xuncha_wire::BlobId;
use xuncha_wire::push::Verdict;

use crate::phone::{Phone, TestHub, error, fresh_entity, hub, hub_with};

/// Bytes that no other test has.
fn bytes(length: usize) -> Vec<u8> {
    let seed: [u8; 8] = xuncha_hub::clock::random().unwrap();
    (0..length).map(|n| (n as u8).wrapping_mul(31) ^ seed[n % 8]).collect()
}

/// A record that names the photo is at the hub.
async fn named(phone: &mut Phone, photo: &[u8]) -> BlobId {
    let id = BlobId::of(photo);
    let mut op = phone.record(fresh_entity());
    let mut body: serde_json::Value = serde_json::from_str(op.body.get()).unwrap();
    body["photos"] = json!([{"id": id, "size": photo.len(), "mime": "image/jpeg", "role": "before",
        "capture": {"wall_ms": 1, "offset_min": 480}}]);
    op.body = serde_json::value::to_raw_value(&body).unwrap();
    op.blobs = vec![id.clone()];
    assert_eq!(phone.push_one(&op).await, Verdict::Applied);
    id
}

async fn patch(phone: &Phone, id: &BlobId, offset: usize, whole: usize, part: &[u8]) -> Response {
    let last = if offset + part.len() == whole { "?1" } else { "?0" };
    phone
        .http
        .patch(format!("{}/v1/blob/{id}", phone.url))
        .bearer_auth(&phone.token)
        .header("upload-offset", offset)
        .header("upload-length", whole)
        .header("upload-complete", last)
        .body(part.to_vec())
        .send()
        .await
        .unwrap()
}

fn at(response: &Response) -> (u64, String) {
    let text = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    (text("upload-offset").parse().unwrap(), text("upload-complete"))
}

async fn head(phone: &Phone, id: &BlobId) -> (u64, String) {
    let request = phone.http.head(format!("{}/v1/blob/{id}", phone.url)).bearer_auth(&phone.token);
    at(&request.send().await.unwrap())
}

async fn held(phone: &Phone) -> u64 {
    phone.pull(&xuncha_wire::Cursor::default(), 1).await.trailer.photos_held
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_cut() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = bytes(300_000);
    let id = named(&mut phone, &photo).await;
    assert_eq!(head(&phone, &id).await, (0, "?0".into()));
    let first = patch(&phone, &id, 0, photo.len(), &photo[..100_000]).await;
    assert_eq!((first.status().as_u16(), at(&first)), (204, (100_000, "?0".into())));
    let wrong = patch(&phone, &id, 90_000, photo.len(), &photo[90_000..]).await;
    assert_eq!(wrong.headers()["upload-offset"], "100000");
    assert_eq!(error(wrong).await, (409, "wrong_offset".into()));
    assert_eq!(held(&phone).await, 0);
    let rest = patch(&phone, &id, 100_000, photo.len(), &photo[100_000..]).await;
    assert_eq!((rest.status().as_u16(), at(&rest)), (204, (300_000, "?1".into())));
    assert_eq!(head(&phone, &id).await, (300_000, "?1".into()));
    assert_eq!(held(&phone).await, 1);
    let again = patch(&phone, &id, 300_000, photo.len(), &[]).await;
    assert_eq!(at(&again), (300_000, "?1".into()));
    assert_eq!(held(&phone).await, 1, "counted once");
    let back = phone.get(&format!("/v1/blob/{id}")).await;
    assert_eq!(back.bytes().await.unwrap(), photo);
}

#[tokio::test]
async fn what_arrived_before_a_cut_stays() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = bytes(400_000);
    let id = named(&mut phone, &photo).await;
    let half = photo[..250_000].to_vec();
    let (cut, wait) = tokio::sync::oneshot::channel::<()>();
    let body = futures_util::stream::unfold((Some(half), Some(wait)), |(half, wait)| async move {
        if let Some(half) = half {
            return Some((Ok(half), (None, wait)));
        }
        let _ = wait?.await;
        Some((Err(std::io::Error::other("the network is gone")), (None, None)))
    });
    let sending = phone
        .http
        .patch(format!("{}/v1/blob/{id}", hub.url))
        .bearer_auth(&phone.token)
        .header("upload-offset", 0)
        .header("upload-length", photo.len())
        .header("upload-complete", "?1")
        .body(reqwest::Body::wrap_stream(body));
    let sending = tokio::spawn(sending.send());
    while head(&phone, &id).await.0 == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    cut.send(()).unwrap();
    assert!(sending.await.unwrap().is_err());
    // The hub hears of the cut a moment later; until then it holds the photo for that upload.
    let mut before = 0;
    let mut offset = head(&phone, &id).await.0;
    while offset != before {
        before = offset;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        offset = head(&phone, &id).await.0;
    }
    assert!((1..=250_000).contains(&offset), "{offset}");
    let from = usize::try_from(offset).unwrap();
    let mut rest = patch(&phone, &id, from, photo.len(), &photo[from..]).await;
    while rest.status() == 423 {
        rest = patch(&phone, &id, from, photo.len(), &photo[from..]).await;
    }
    assert_eq!(at(&rest), (400_000, "?1".into()));
}

#[tokio::test]
async fn other_bytes_are_dropped_and_a_plain_put_is_taken() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = bytes(50_000);
    let id = named(&mut phone, &photo).await;
    let other = patch(&phone, &id, 0, 50_000, &bytes(50_000)).await;
    assert_eq!(error(other).await, (422, "wrong_hash".into()));
    assert_eq!(head(&phone, &id).await, (0, "?0".into()));
    let put = phone.http.put(format!("{}/v1/blob/{id}", hub.url)).bearer_auth(&phone.token);
    let put = put.body(photo.clone()).send().await.unwrap();
    assert_eq!(at(&put), (50_000, "?1".into()));
    let have = phone.post("/v1/blobs/have", &json!({"ids": [id, BlobId::of(b"never")]})).await;
    assert_eq!(have.json::<serde_json::Value>().await.unwrap(), json!({"have": [true, false]}));
}

#[tokio::test]
async fn a_photo_that_no_own_op_names_looks_as_if_it_were_not_there() {
    let hub = hub().await;
    let mut wang = hub.phone("wang").await;
    let zhao = hub.phone("zhao").await;
    let photo = bytes(1000);
    let id = named(&mut wang, &photo).await;
    assert_eq!(patch(&wang, &id, 0, 1000, &photo).await.status(), 204);
    assert_eq!(error(patch(&zhao, &id, 0, 1000, &photo).await).await, (404, "not_found".into()));
    assert_eq!(zhao.get(&format!("/v1/blob/{id}")).await.status(), 404);
    let have = zhao.post("/v1/blobs/have", &json!({"ids": [id]})).await;
    assert_eq!(have.json::<serde_json::Value>().await.unwrap(), json!({"have": [false]}), "no probing");
    assert_eq!(wang.get("/v1/blob/../../etc/passwd").await.status(), 404);
}

#[tokio::test]
async fn two_at_once_one_waits_and_too_large_is_refused() {
    let hub = hub_with(|config| config.limits.photo_bytes = 100_000).await;
    let mut phone = hub.phone("wang").await;
    let photo = bytes(90_000);
    let id = named(&mut phone, &photo).await;
    let (begin, wait) = tokio::sync::oneshot::channel::<()>();
    let start = photo[..10].to_vec();
    let body = futures_util::stream::unfold((0, Some(wait), start), |(step, wait, start)| async move {
        match step {
            0 => Some((Ok::<_, std::io::Error>(start.clone()), (1, wait, start))),
            _ => {
                let _ = wait?.await;
                None
            }
        }
    });
    let slow = phone
        .http
        .patch(format!("{}/v1/blob/{id}", hub.url))
        .bearer_auth(&phone.token)
        .header("upload-offset", 0)
        .header("upload-length", 90_000)
        .body(reqwest::Body::wrap_stream(body));
    let slow = tokio::spawn(slow.send());
    while head(&phone, &id).await.0 == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(error(patch(&phone, &id, 10, 90_000, &photo[10..]).await).await, (423, "busy".into()));
    begin.send(()).unwrap();
    assert_eq!(at(&slow.await.unwrap().unwrap()), (10, "?0".into()));
    assert_eq!(at(&patch(&phone, &id, 10, 90_000, &photo[10..]).await), (90_000, "?1".into()));
    let large = bytes(100_001);
    let id = named(&mut phone, &large).await;
    assert_eq!(error(patch(&phone, &id, 0, large.len(), &large).await).await, (413, "too_large".into()));
}

#[tokio::test]
async fn a_picture_comes_in_sizes_and_a_broken_one_stays_evidence() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(800, 600, |x, y| image::Rgb([x as u8, y as u8, 7]));
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let id = named(&mut phone, &jpeg).await;
    assert_eq!(patch(&phone, &id, 0, jpeg.len(), &jpeg).await.status(), 204);
    let thumb = phone.get(&format!("/v1/blob/{id}?size=thumb")).await;
    assert_eq!(thumb.headers()["content-type"], "image/jpeg");
    let thumb = image::load_from_memory(&thumb.bytes().await.unwrap()).unwrap();
    assert_eq!(thumb.width(), 320);
    let text = b"this is no photo".to_vec();
    let id = named(&mut phone, &text).await;
    assert_eq!(patch(&phone, &id, 0, text.len(), &text).await.status(), 204);
    assert_eq!(phone.get(&format!("/v1/blob/{id}?size=view")).await.status(), 404);
    assert_eq!(phone.get(&format!("/v1/blob/{id}")).await.bytes().await.unwrap(), text);
}

/// The photos' folder on a disk of one megabyte; none where nobody may mount.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn under(hub: &TestHub) -> Option<Self> {
        let folder = hub.folder.path().join("photos");
        let status = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(&folder)
            .stderr(std::process::Stdio::null())
            .status();
        status.is_ok_and(|s| s.success()).then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_the_hub_goes_on() {
    let hub = hub().await;
    let Some(disk) = SmallDisk::under(&hub) else {
        // Nobody may mount here: a folder in which every write says that the disk is full does as well.
        full_device(&hub).await;
        return;
    };
    let mut phone = hub.phone("wang").await;
    let photo = bytes(2_000_000);
    let id = named(&mut phone, &photo).await;
    assert_eq!(error(patch(&phone, &id, 0, photo.len(), &photo).await).await, (507, "storage_full".into()));
    goes_on(&mut phone).await;
    drop(disk);
    assert_eq!(at(&patch(&phone, &id, 0, photo.len(), &photo).await), (2_000_000, "?1".into()));
}

async fn full_device(hub: &TestHub) {
    let mut phone = hub.phone("wang").await;
    let photo = bytes(2_000_000);
    let id = named(&mut phone, &photo).await;
    let part = hub.folder.path().join("photos/city/part");
    std::fs::create_dir_all(&part).unwrap();
    std::os::unix::fs::symlink("/dev/full", part.join(id.digits())).unwrap();
    assert_eq!(error(patch(&phone, &id, 0, photo.len(), &photo).await).await, (507, "storage_full".into()));
    goes_on(&mut phone).await;
}

async fn goes_on(phone: &mut Phone) {
    let op = phone.record(fresh_entity());
    assert_eq!(phone.push_one(&op).await, Verdict::Applied);
}

#[tokio::test]
async fn a_photo_whose_file_is_gone_is_not_had_and_can_be_sent_again() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = bytes(5_000);
    let id = named(&mut phone, &photo).await;
    patch(&phone, &id, 0, photo.len(), &photo).await;
    let have = async || {
        let answer = phone.post("/v1/blobs/have", &json!({"ids": [id]})).await;
        answer.json::<serde_json::Value>().await.unwrap()["have"][0].clone()
    };
    assert_eq!(have().await, true);
    // A database that was restored, and its folder of photos was not.
    std::fs::remove_file(hub.hub.blobs().path("city", &id)).unwrap();
    assert_eq!(have().await, false);
    let again = patch(&phone, &id, 0, photo.len(), &photo).await;
    assert_eq!(at(&again), (5_000, "?1".into()));
    assert_eq!(have().await, true);
    assert_eq!(held(&phone).await, 1, "counted once");
}

#[tokio::test]
async fn a_later_op_does_not_change_what_is_known_of_a_whole_photo() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = bytes(5_000);
    let id = named(&mut phone, &photo).await;
    patch(&phone, &id, 0, photo.len(), &photo).await;
    let mut other = phone.record(fresh_entity());
    let mut body: serde_json::Value = serde_json::from_str(other.body.get()).unwrap();
    body["photos"] = json!([{"id": id, "size": 1, "mime": "text/html", "damage": "text",
        "capture": {"wall_ms": 1, "offset_min": 480}}]);
    other.body = serde_json::value::to_raw_value(&body).unwrap();
    assert_eq!(phone.push_one(&other).await, Verdict::Applied);
    let row = hub
        .hub
        .db()
        .read(|tx| {
            tx.one("SELECT size, mime, damage FROM photo WHERE tenant = 'city'", &[], |r| {
                Ok((r.int(0)?, r.text(1)?, r.text(2)?))
            })
        })
        .await
        .unwrap();
    assert_eq!(row, Some((5_000, "image/jpeg".into(), String::new())));
}
