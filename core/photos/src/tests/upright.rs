//! However the phone was held, the rendition stands upright.

use crate::sample::{SamplePhoto, Scene};
use crate::{Orientation, RenditionSpec, inspect, rendition, thumbnail};

#[test]
fn all_eight_ways_of_holding_the_phone_come_out_the_same() {
    let photo = SamplePhoto::of(Scene::Signboard, 5).sized(240, 160);
    let wanted = photo.picture().unwrap();
    for turn in 1..=8_u32 {
        let bytes = photo.clone().held(Orientation::from(turn)).jpeg().unwrap();
        let seen = inspect(&bytes);
        assert_eq!(seen.orientation, Orientation::from(turn));
        let stored = seen.size.unwrap();
        assert_eq!(stored.width > stored.height, turn < 5, "turn {turn}");
        let upright = seen.upright_size().unwrap();
        assert_eq!((upright.width, upright.height), (240, 160));

        let original = bytes.clone();
        let made = rendition(&bytes, &RenditionSpec { max_edge: 240, quality: 95 }).unwrap();
        assert_eq!(bytes, original, "the original's bytes never change");
        assert_eq!((made.width, made.height), (240, 160));
        let picture = image::load_from_memory(&made.bytes).unwrap().into_rgb8();
        assert!(difference(&picture, &wanted) < 5.0, "turn {turn}: {}", difference(&picture, &wanted));

        let small = thumbnail(&bytes).unwrap();
        assert_eq!((small.width, small.height), (240, 160), "turn {turn}");
    }
}

#[test]
fn the_check_itself_sees_a_picture_lying_on_its_side() {
    let picture = SamplePhoto::of(Scene::Signboard, 5).sized(240, 160).picture().unwrap();
    for wrong in [image::imageops::flip_horizontal(&picture), image::imageops::rotate180(&picture)] {
        assert!(difference(&picture, &wrong) > 8.0, "{}", difference(&picture, &wrong));
    }
}

#[test]
fn an_orientation_that_does_not_exist_counts_as_upright() {
    for value in [0, 9, 99, u32::MAX] {
        assert_eq!(Orientation::from(value), Orientation::UPRIGHT);
    }
}

/// Mean difference of the channels, 0 to 255.
fn difference(one: &image::RgbImage, other: &image::RgbImage) -> f64 {
    let total: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    total as f64 / one.as_raw().len() as f64
}
