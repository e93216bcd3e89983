//! Which way up the stored pixels are (EXIF tag 0x0112).

use serde::{Deserialize, Serialize};

/// EXIF orientation, 1 to 8. Anything else in a file counts as 1 (upright).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u32", into = "u32")]
pub struct Orientation(u8);

impl Orientation {
    /// The stored pixels are upright.
    pub const UPRIGHT: Self = Self(1);

    /// The value that EXIF stores, 1 to 8.
    #[must_use]
    pub const fn exif(self) -> u8 {
        self.0
    }

    /// Whether showing the photo upright swaps its width and height.
    #[must_use]
    pub const fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    pub(crate) fn turn(self) -> image::metadata::Orientation {
        image::metadata::Orientation::from_exif(self.0).unwrap_or(image::metadata::Orientation::NoTransforms)
    }
}

impl From<u32> for Orientation {
    fn from(value: u32) -> Self {
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).map_or(Self::UPRIGHT, Self)
    }
}

impl From<Orientation> for u32 {
    fn from(orientation: Orientation) -> Self {
        orientation.0.into()
    }
}
