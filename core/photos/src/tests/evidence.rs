//! What a photo proves stays what it was: the bytes, the camera's own words.

use super::{street_photo, with_segment};
use crate::sample::{SamplePhoto, Scene};
use crate::{
    Exif, Format, Inspection, North, Orientation, RenditionSpec, Size, THUMBNAIL_MAX_BYTES, inspect,
    rendition, thumbnail,
};

const SPEC: RenditionSpec = RenditionSpec { max_edge: 320, quality: 80 };

#[test]
fn the_camera_is_read() {
    let photo = street_photo();
    let bytes = photo.jpeg().unwrap();
    let Inspection { format, size, exif, byte_count, .. } = inspect(&bytes);
    assert_eq!(format, Format::Jpeg);
    assert_eq!(size, Some(Size { width: 640, height: 480 }));
    assert_eq!(byte_count, bytes.len() as u64);
    let taken_at = exif.taken_at.unwrap();
    assert_eq!(taken_at.local, "2026-07-15T09:30:05");
    assert_eq!((taken_at.milliseconds, taken_at.offset_minutes), (Some(7), Some(480)));
    let gps = exif.gps.unwrap();
    assert!((gps.latitude - 34.797_301).abs() < 1e-9, "{}", gps.latitude);
    assert!((gps.longitude - 114.307_602).abs() < 1e-9, "{}", gps.longitude);
    assert_eq!((gps.accuracy_m, gps.datum.as_deref()), (Some(4.5), Some("WGS-84")));
    let heading = exif.heading.unwrap();
    assert_eq!((heading.degrees, heading.north), (7.0, Some(North::True)));
    assert_eq!(exif.make.as_deref(), Some("Xuncha"));
    assert_eq!(exif.software.as_deref(), Some(crate::sample::SOFTWARE));
}

#[test]
fn a_position_blanked_by_the_system_is_said_and_is_no_position() {
    let mut photo = street_photo();
    photo.exif.gps = None;
    photo.exif.gps_blanked = true;
    let exif = inspect(&photo.jpeg().unwrap()).exif;
    assert!(exif.gps.is_none() && exif.gps_blanked);
}

#[test]
fn a_rendition_keeps_the_cameras_words_and_drops_the_old_thumbnail() {
    let bytes = street_photo().held(Orientation::from(6)).jpeg().unwrap();
    let before = inspect(&bytes);
    let made = rendition(&bytes, &SPEC).unwrap();
    let after = inspect(&made.bytes);
    assert_eq!(before.orientation, Orientation::from(6));
    assert_eq!(after.orientation, Orientation::UPRIGHT);
    assert_eq!(after.exif, before.exif);
    assert_eq!(after.size, Some(Size { width: made.width, height: made.height }));
    assert_eq!((made.width, made.height), (320, 240));
    let starts = |file: &[u8]| file.windows(3).filter(|window| *window == [0xFF, 0xD8, 0xFF]).count();
    assert_eq!((starts(&bytes), starts(&made.bytes)), (2, 1));
}

#[test]
fn a_big_endian_file_with_a_maker_note_is_patched_in_place() {
    // IFD0: orientation 6, EXIF directory at 38; there a maker note whose bytes must stay.
    let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend(b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x26");
    tiff.extend([0; 4]);
    tiff.extend(b"\0\x01\x92\x7C\0\x07\0\0\0\x0A\0\0\0\x38\0\0\0\0maker note");
    let bare = SamplePhoto { embed_thumbnail: false, ..street_photo() }.jpeg().unwrap();
    let photo = with_segment(&bare, 0xE1, &[b"Exif\0\0", &tiff[..]].concat());
    assert_eq!(inspect(&photo).orientation, Orientation::from(6));
    let made = rendition(&photo, &SPEC).unwrap();
    assert_eq!(inspect(&made.bytes).orientation, Orientation::UPRIGHT);
    assert!(made.bytes.windows(10).any(|window| window == b"maker note"));
}

#[test]
fn a_colour_profile_is_kept() {
    let profile = b"a made-up Display P3 profile".repeat(8);
    let body = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    let photo = with_segment(&street_photo().jpeg().unwrap(), 0xE2, &body);
    let made = rendition(&photo, &SPEC).unwrap();
    assert!(made.bytes.windows(profile.len()).any(|window| window == profile));
}

#[test]
fn png_and_webp_become_jpeg() {
    let picture = image::DynamicImage::ImageRgb8(street_photo().picture().unwrap());
    for (format, kind) in [(image::ImageFormat::Png, Format::Png), (image::ImageFormat::WebP, Format::Webp)] {
        let mut file = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        let file = file.into_inner();
        let seen = inspect(&file);
        assert_eq!((seen.format, seen.condition.is_whole()), (kind, true));
        assert_eq!(seen.size, Some(Size { width: 640, height: 480 }));
        assert!(!inspect(&file[..file.len() - 9]).condition.is_whole());
        let made = rendition(&file, &SPEC).unwrap();
        assert_eq!((Format::of(&made.bytes), made.width, made.height), (Format::Jpeg, 320, 240));
    }
}

#[test]
fn the_thumbnail_fits_a_list_even_of_pure_noise() {
    let mut noise = image::RgbImage::new(900, 700);
    let mut state = 1_u32;
    for pixel in noise.pixels_mut() {
        for channel in &mut pixel.0 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *channel = (state >> 24) as u8;
        }
    }
    let mut file = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(noise).write_to(&mut file, image::ImageFormat::Png).unwrap();
    for bytes in [file.into_inner(), street_photo().jpeg().unwrap()] {
        let made = thumbnail(&bytes).unwrap();
        assert!(made.bytes.len() <= THUMBNAIL_MAX_BYTES, "{} bytes", made.bytes.len());
        assert_eq!(inspect(&made.bytes).exif, Exif::default());
    }
}

#[test]
fn a_small_photo_is_not_enlarged() {
    let made = rendition(&street_photo().sized(64, 48).jpeg().unwrap(), &SPEC).unwrap();
    assert_eq!((made.width, made.height), (64, 48));
}

#[test]
fn every_scene_is_a_whole_photo_and_the_same_order_gives_the_same_bytes() {
    for scene in Scene::ALL {
        let order = || SamplePhoto::of(scene, 3).sized(160, 120).jpeg().unwrap();
        assert!(inspect(&order()).condition.is_whole());
        assert_eq!(order(), order());
        assert_ne!(order(), SamplePhoto::of(scene, 4).sized(160, 120).jpeg().unwrap());
    }
}

#[test]
fn an_inspection_travels_as_json_with_a_readable_id() {
    fn assert_serde<T: serde::Serialize + serde::de::DeserializeOwned>(_: &T) {}
    let seen = inspect(&street_photo().jpeg().unwrap());
    assert_serde(&seen);
    let back: Inspection = serde_json::from_value(serde_json::to_value(&seen).unwrap()).unwrap();
    assert_eq!(back, seen);
}
