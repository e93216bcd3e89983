//! Photos that a scenario takes: drawn, with EXIF, different for each seed.

use xuncha_photos::sample::{SamplePhoto, Scene};

/// A small photo of litter by a road; the same bytes for the same seed.
pub fn small(seed: u64) -> Vec<u8> {
    sized(seed, 320, 240)
}

/// A photo of this size in pixels.
pub fn sized(seed: u64, width: u32, height: u32) -> Vec<u8> {
    SamplePhoto::of(Scene::Litter, seed)
        .taken("2026-07-08T14:30:00", 480)
        .at(35.21, 113.24, 8.0)
        .sized(width, height)
        .jpeg()
        .unwrap_or_default()
}

/// A photo of a banner.
pub fn banner(seed: u64) -> Vec<u8> {
    SamplePhoto::of(Scene::Banner, seed)
        .taken("2026-07-31T10:00:00", 480)
        .at(35.21, 113.24, 8.0)
        .sized(960, 1280)
        .jpeg()
        .unwrap_or_default()
}

/// The same photo with a comment in it: another file, with another hash, at no cost.
pub fn marked(jpeg: &[u8], mark: u64) -> Vec<u8> {
    let comment = format!("{mark:020}");
    let length = u16::try_from(comment.len() + 2).unwrap_or(2).to_be_bytes();
    let (start, rest) = jpeg.split_at_checked(2).unwrap_or((jpeg, &[]));
    [start, &[0xFF, 0xFE], &length, comment.as_bytes(), rest].concat()
}
