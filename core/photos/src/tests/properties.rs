//! Whatever the bytes are, nothing panics and nothing asks for memory beyond the limits.

use proptest::collection::vec;
use proptest::prelude::*;

use super::street_photo;
use crate::inspect::Size;
use crate::{
    Exif, Gps, Heading, North, Orientation, RenditionSpec, TakenAt, inspect, rendition, thumbnail, tiff,
};

const SPEC: RenditionSpec = RenditionSpec { max_edge: 64, quality: 70 };

fn look(bytes: &[u8]) {
    let before = bytes.to_vec();
    assert_eq!(inspect(bytes).byte_count, bytes.len() as u64);
    if let Ok(made) = rendition(bytes, &SPEC) {
        assert!(made.width.max(made.height) <= SPEC.max_edge);
        assert!(inspect(&made.bytes).condition.is_whole());
    }
    let _ = thumbnail(bytes);
    assert_eq!(bytes, before);
}

fn small_photo() -> Vec<u8> {
    street_photo().sized(48, 32).jpeg().unwrap()
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[A-Za-z0-9][A-Za-z0-9 ._-]{0,40}[A-Za-z0-9]")
}

prop_compose! {
    fn taken_at()(
        date in (1_u16..10_000, 1_u8..13, 1_u8..32),
        clock in (0_u8..24, 0_u8..60, 0_u8..60),
        milliseconds in proptest::option::of(0_u16..1000),
        offset_minutes in proptest::option::of(-14 * 60..=14 * 60_i16),
    ) -> TakenAt {
        let ((year, month, day), (hour, minute, second)) = (date, clock);
        TakenAt {
            local: format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
            milliseconds,
            offset_minutes,
        }
    }
}

prop_compose! {
    fn gps()(
        latitude in 0.001..90.0_f64, longitude in 0.001..180.0_f64, south: bool, west: bool,
        altitude in proptest::option::of(-400..9000_i32), accuracy in proptest::option::of(0..5000_u32),
        datum in text(),
    ) -> Gps {
        Gps {
            latitude: if south { -latitude } else { latitude },
            longitude: if west { -longitude } else { longitude },
            altitude_m: altitude.map(f64::from),
            accuracy_m: accuracy.map(f64::from),
            datum,
            fix_time: Some("2026-07-15T01:30:00Z".to_owned()),
        }
    }
}

prop_compose! {
    fn exif()(
        taken_at in proptest::option::of(taken_at()), gps in proptest::option::of(gps()),
        heading in proptest::option::of((0..360_u16, any::<bool>())),
        make in text(), model in text(), software in text(),
    ) -> Exif {
        let heading = heading.map(|(degrees, from_true)| Heading {
            degrees: degrees.into(),
            north: Some(if from_true { North::True } else { North::Magnetic }),
        });
        Exif { taken_at, gps_blanked: false, gps, heading, make, model, software }
    }
}

/// Positions are written to a millionth of a second of arc; the rest comes back exactly.
fn assert_same(read: &Exif, written: &Exif) {
    let (mut read, mut written) = (read.clone(), written.clone());
    if let (Some(a), Some(b)) = (&mut read.gps, &mut written.gps) {
        assert!((a.latitude - b.latitude).abs() < 1e-9 && (a.longitude - b.longitude).abs() < 1e-9);
        (a.latitude, a.longitude, b.latitude, b.longitude) = (0.0, 0.0, 0.0, 0.0);
    }
    assert_eq!(read, written);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_bytes_are_looked_at(bytes in vec(any::<u8>(), 0..600)) {
        look(&bytes);
    }

    #[test]
    fn arbitrary_bytes_behind_each_magic_are_looked_at(
        magic in prop::sample::select(vec![
            &b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\xFF\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic",
            b"\xFF\xD8\xFF\xE1\x40\x00Exif\0\0II\x2A\0\x08\0\0\0", b"\xFF\xD8\xFF\xE1\x40\x00Exif\0\0MM\0\x2A",
        ]),
        bytes in vec(any::<u8>(), 0..600),
    ) {
        look(&[magic, &bytes].concat());
    }

    #[test]
    fn a_mutated_photo_is_looked_at(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(),
        keep_length: bool,
    ) {
        let mut bytes = small_photo();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !keep_length {
            bytes.truncate(cut.index(bytes.len()));
        }
        look(&bytes);
    }

    #[test]
    fn mutated_exif_is_carried_or_written_anew(
        exif in exif(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
    ) {
        let size = Size { width: 640, height: 480 };
        let mut bytes = tiff::write(&exif, Orientation::from(6), size, Some(b"a thumbnail"));
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let Some((found, _)) = crate::exif::read_tiff(bytes.clone()) else { return Ok(()) };
        let carried = tiff::carry_over(&bytes, &found, size);
        let (after, orientation) = crate::exif::read_tiff(carried).unwrap();
        assert_eq!(orientation, Orientation::UPRIGHT);
        assert_eq!(after.make, found.make);
        assert_eq!(after.taken_at, found.taken_at);
    }

    #[test]
    fn what_is_written_is_read(exif in exif(), turn in 1_u32..9) {
        let size = Size { width: 4032, height: 3024 };
        let bytes = tiff::write(&exif, Orientation::from(turn), size, None);
        let (read, orientation) = crate::exif::read_tiff(bytes.clone()).unwrap();
        assert_eq!(orientation, Orientation::from(turn));
        assert_same(&read, &exif);
        let carried = tiff::carry_over(&bytes, &read, size);
        let (after, orientation) = crate::exif::read_tiff(carried).unwrap();
        assert_eq!((after, orientation), (read, Orientation::UPRIGHT));
    }
}
