//! Bad photos are kept and flagged, each with its reason, and ask for no memory.

use super::{frame_at, street_photo, with_segment, with_size};
use crate::{Condition, Damage, Format, NotAPhoto, PhotoError, RenditionSpec, inspect, rendition, thumbnail};

const SPEC: RenditionSpec = RenditionSpec { max_edge: 200, quality: 80 };

fn damaged(reason: Damage) -> Condition {
    Condition::Damaged { reason }
}

#[test]
fn a_photo_of_no_bytes_is_empty() {
    let seen = inspect(b"");
    assert_eq!(seen.condition, Condition::Empty);
    assert_eq!(rendition(b"", &SPEC), Err(PhotoError::Empty));
    assert_eq!(thumbnail(b""), Err(PhotoError::Empty));
}

#[test]
fn a_text_file_is_not_a_photo() {
    for text in ["<html><body>502 Bad Gateway</body></html>", "走访记录：企业反映门前道路破损。"]
    {
        let seen = inspect(text.as_bytes());
        assert_eq!(seen.format, Format::Unknown);
        assert_eq!(seen.condition, Condition::NotAPhoto { reason: NotAPhoto::Text });
        assert_eq!(rendition(text.as_bytes(), &SPEC), Err(PhotoError::NotAPhoto(NotAPhoto::Text)));
    }
    let seen = inspect(b"PK\x03\x04\x00\x01binary");
    assert_eq!(seen.condition, Condition::NotAPhoto { reason: NotAPhoto::UnknownFormat });
}

#[test]
fn a_photo_cut_anywhere_is_damaged() {
    let whole = street_photo().jpeg().unwrap();
    assert_eq!(inspect(&whole).condition, Condition::Whole);
    for per_mille in [20, 100, 500, 900, 999] {
        let cut = &whole[..whole.len() * per_mille / 1000];
        let seen = inspect(cut);
        assert_eq!(seen.condition, damaged(Damage::EndsEarly), "cut at {per_mille} per mille");
    }
    let without_end = &whole[..whole.len() - 2];
    assert_eq!(inspect(without_end).condition, damaged(Damage::EndsEarly));
}

#[test]
fn half_a_photo_still_shows_its_half() {
    let whole = street_photo().jpeg().unwrap();
    let half = rendition(&whole[..whole.len() / 2], &SPEC).unwrap();
    assert_eq!((half.width, half.height), (200, 150));
    assert_eq!(inspect(&half.bytes).condition, Condition::Whole);
}

#[test]
fn a_header_of_60000_by_60000_is_flagged_before_anything_is_allocated() {
    let huge = with_size(&street_photo().jpeg().unwrap(), 60_000, 60_000);
    let claim = Damage::TooLarge { width: 60_000, height: 60_000 };
    assert_eq!(inspect(&huge).condition, damaged(claim));
    assert_eq!(rendition(&huge, &SPEC), Err(PhotoError::TooLarge { width: 60_000, height: 60_000 }));
    assert_eq!(thumbnail(&huge), Err(PhotoError::TooLarge { width: 60_000, height: 60_000 }));
}

#[test]
fn a_believable_size_beyond_what_is_decoded_is_whole_but_gets_no_rendition() {
    let large = with_size(&street_photo().jpeg().unwrap(), 12_000, 9_000);
    assert_eq!(inspect(&large).condition, Condition::Whole);
    assert_eq!(rendition(&large, &SPEC), Err(PhotoError::TooLarge { width: 12_000, height: 9_000 }));
}

#[test]
fn a_header_of_no_pixels_is_flagged() {
    let flat = with_size(&street_photo().jpeg().unwrap(), 0, 480);
    assert_eq!(inspect(&flat).condition, damaged(Damage::NoSize));
    assert_eq!(rendition(&flat, &SPEC), Err(PhotoError::Unreadable));
}

#[test]
fn a_png_bomb_is_flagged() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(30_000_u32.to_be_bytes());
    png.extend(30_000_u32.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    let claim = Damage::TooLarge { width: 30_000, height: 30_000 };
    assert_eq!(inspect(&png).condition, damaged(claim));
    assert_eq!(rendition(&png, &SPEC), Err(PhotoError::TooLarge { width: 30_000, height: 30_000 }));
}

#[test]
fn thousands_of_scans_are_flagged_and_not_decoded() {
    let whole = street_photo().jpeg().unwrap();
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x55];
    let bomb = [&whole[..whole.len() - 2], &scan.repeat(3_000)[..], &[0xFF, 0xD9]].concat();
    assert_eq!(inspect(&bomb).condition, damaged(Damage::TooManyScans));
    assert_eq!(rendition(&bomb, &SPEC), Err(PhotoError::Unreadable));
}

#[test]
fn a_broken_marker_is_flagged() {
    let whole = street_photo().jpeg().unwrap();
    let mut broken = whole.clone();
    let frame = frame_at(&whole);
    broken[frame] = 0x00;
    assert_eq!(inspect(&broken).condition, damaged(Damage::BadStructure));
    assert!(rendition(&broken, &SPEC).is_err());
}

#[test]
fn what_phones_append_is_no_damage() {
    let whole = street_photo().jpeg().unwrap();
    let second_picture = SECOND_PICTURE.iter().copied().chain(whole.clone()).collect::<Vec<_>>();
    for trailer in [&b"\0\0\0\x18ftypmp42 a motion photo"[..], b"PK\x03\x04", &second_picture] {
        let photo = [&whole[..], trailer].concat();
        assert_eq!(inspect(&photo).condition, Condition::Whole);
        let made = rendition(&photo, &SPEC).unwrap();
        assert!(made.bytes.len() < whole.len(), "what follows the picture must not pass on");
    }
    let with_index = with_segment(&whole, 0xE2, b"MPF\0MM\0\x2A\0\0\0\x08");
    assert_eq!(inspect(&with_index).condition, Condition::Whole);
    assert!(rendition(&with_index, &SPEC).is_ok());
}

/// Filler between a picture and the one behind it, as multi-picture files have.
const SECOND_PICTURE: [u8; 6] = [0; 6];

#[test]
fn a_self_pointing_exif_directory_ends() {
    let loop_tiff = b"Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    let bare = crate::sample::SamplePhoto { embed_thumbnail: false, ..street_photo() }.jpeg().unwrap();
    let photo = with_segment(&bare, 0xE1, loop_tiff);
    assert_eq!(inspect(&photo).condition, Condition::Whole);
    assert!(rendition(&photo, &SPEC).is_ok());
}

#[test]
fn every_flag_has_a_sentence_in_both_languages() {
    let flags = [
        Condition::Empty,
        Condition::NotAPhoto { reason: NotAPhoto::Text },
        damaged(Damage::EndsEarly),
        damaged(Damage::BadStructure),
        damaged(Damage::TooLarge { width: 60_000, height: 60_000 }),
    ];
    for flag in flags {
        let notice = flag.notice().unwrap();
        assert!(notice.zh.ends_with('。') && notice.en.ends_with('.'), "{flag:?}");
    }
    assert!(Condition::Whole.notice().is_none());
}
