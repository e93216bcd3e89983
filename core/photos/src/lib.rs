//! Photos as evidence: bytes in, bytes out.
//!
//! The received bytes are never changed; their name is their hash (`BlobId` of `xuncha-wire`). What can be
//! read from them is said by [`inspect`], which refuses nothing, because an inspector cannot go back for
//! another shot; what travels and is shown is made by [`rendition`] and [`thumbnail`].
//!
//! This crate knows no clock, file, socket, thread or random source.

mod condition;
mod container;
mod exif;
mod format;
mod inspect;
mod jpeg;
mod orientation;
mod rendition;
#[cfg(any(test, feature = "sample"))]
pub mod sample;
#[cfg(test)]
mod tests;
mod tiff;

pub use condition::{Condition, Damage, NotAPhoto, Notice};
pub use exif::{Exif, Gps, Heading, North, TakenAt};
pub use format::Format;
pub use inspect::{Inspection, MAX_EDGE, MAX_PIXELS, MAX_SCANS, Size, inspect};
pub use orientation::Orientation;
pub use rendition::{
    MAX_DECODE_BYTES, MAX_DECODE_PIXELS, PhotoError, Rendition, RenditionSpec, THUMBNAIL_EDGE,
    THUMBNAIL_MAX_BYTES, rendition, thumbnail,
};
