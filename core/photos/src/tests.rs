//! A phone takes photos, good and bad, and the core looks at them.

mod bad_photos;
mod evidence;
mod properties;
mod upright;

use crate::sample::{SamplePhoto, Scene};

/// A phone's photo of litter with everything a camera writes.
fn street_photo() -> SamplePhoto {
    SamplePhoto::of(Scene::Litter, 7).sized(640, 480).taken("2026-07-15T09:30:05", 480).at(
        34.797_301,
        114.307_602,
        4.5,
    )
}

/// Adds a segment right after a JPEG's start mark.
fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, 0xD8, 0xFF, marker], &length[..], body, &jpeg[2..]].concat()
}

/// Rewrites the size in the first frame header.
fn with_size(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut changed = jpeg.to_vec();
    let frame = frame_at(jpeg);
    changed[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    changed[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    changed
}

/// Where the frame header of the picture itself stands, behind the EXIF with its own small JPEG.
fn frame_at(jpeg: &[u8]) -> usize {
    let mut at = 2;
    while !matches!(jpeg[at + 1], 0xC0 | 0xC2) {
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    at
}
