use super::*;

fn jpeg() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(640, 480, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

fn media(folder: &Path) -> Media {
    Media::open(folder.join("photos"), &folder.join("cache")).unwrap()
}

fn given(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("camera.jpg");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_original_is_kept_unchanged_under_its_hash_and_pictures_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let (media, bytes) = (media(folder.path()), jpeg());
    let path = given(folder.path(), &bytes);
    let photo = media.take_in(&path, 5).unwrap();
    assert_eq!(photo.id, xuncha_wire::BlobId::of(&bytes).to_string());
    assert_eq!((photo.width, photo.height, photo.damage.as_str()), (640, 480, ""));
    assert_eq!(std::fs::read(media.original(&photo.file)).unwrap(), bytes);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(media.thumb(&photo.id), "");
    assert!(media.derive(&photo));
    assert!(std::fs::metadata(media.thumb(&photo.id)).unwrap().len() <= 20 * 1024);
    // A new start knows the pictures again.
    let again = Media::open(folder.path().join("photos"), &folder.path().join("cache")).unwrap();
    assert_eq!(again.thumb(&photo.id), media.thumb(&photo.id));
    assert_eq!(again.files().len(), 1);
}

#[test]
fn damaged_photos_are_kept_and_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let media = media(folder.path());
    let mut bytes = jpeg();
    bytes.truncate(bytes.len() / 2);
    let cut = media.take_in(&given(folder.path(), &bytes), 5).unwrap();
    assert_eq!(cut.damage, "ends_early");
    assert_eq!(std::fs::read(media.original(&cut.file)).unwrap(), bytes);
    let text = media.take_in(&given(folder.path(), "这不是照片".as_bytes()), 5).unwrap();
    assert_eq!((text.damage.as_str(), text.mime.as_str()), ("text", "application/octet-stream"));
    assert!(!media.derive(&text));
    assert!(damage_sentence("text", "zh").contains("不是照片"));
}

#[test]
fn an_empty_or_missing_file_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let media = media(folder.path());
    let empty = media.take_in(&given(folder.path(), b""), 5);
    assert!(matches!(empty, Err(AppError::Invalid { zh, .. }) if zh.contains("再拍一次")));
    assert!(matches!(media.take_in(&folder.path().join("no"), 5), Err(AppError::Invalid { .. })));
    assert!(media.files().is_empty());
}
