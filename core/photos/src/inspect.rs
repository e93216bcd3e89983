//! Says what a photo is, reading only headers and metadata.

use serde::{Deserialize, Serialize};

use crate::condition::{Condition, Damage, NotAPhoto};
use crate::container;
use crate::exif::{self, Exif};
use crate::format::Format;
use crate::jpeg::{self, Survey};
use crate::orientation::Orientation;

/// Longest side, in pixels, that is believed.
pub const MAX_EDGE: u32 = 16_384;
/// Most pixels that are believed: above every phone camera.
pub const MAX_PIXELS: u64 = 120_000_000;
/// Most scans of a progressive JPEG that are believed; cameras write about ten.
pub const MAX_SCANS: u32 = 100;

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// How many pixels.
    #[must_use]
    pub const fn pixels(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// Width and height changed over.
    #[must_use]
    pub const fn swapped(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

/// What can be said of a photo without decoding it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// How many bytes were received.
    pub byte_count: u64,
    /// Kind of file, by its first bytes.
    pub format: Format,
    /// Size of the stored picture as its header says, before turning it upright.
    pub size: Option<Size>,
    /// How to turn the stored picture upright.
    pub orientation: Orientation,
    /// What the camera wrote beside the picture.
    pub exif: Exif,
    /// Whether the photo is whole.
    pub condition: Condition,
}

impl Inspection {
    /// Size of the picture as people see it.
    #[must_use]
    pub fn upright_size(&self) -> Option<Size> {
        self.size.map(|size| if self.orientation.swaps_sides() { size.swapped() } else { size })
    }
}

/// Looks at a photo. Never refuses: what is wrong stands in [`Inspection::condition`].
///
/// Costs a walk over the bytes; allocates nothing that a header could ask for.
#[must_use]
pub fn inspect(bytes: &[u8]) -> Inspection {
    let format = Format::of(bytes);
    let Survey { size, damage } = survey(format, bytes);
    let found = exif::read(format, bytes);
    let condition = if bytes.is_empty() {
        Condition::Empty
    } else if format == Format::Unknown {
        Condition::NotAPhoto { reason: kind_of(bytes) }
    } else if let Some(reason) = size.and_then(unbelievable).or(damage) {
        Condition::Damaged { reason }
    } else {
        Condition::Whole
    };
    Inspection {
        byte_count: bytes.len() as u64,
        format,
        size,
        orientation: found.orientation,
        exif: found.exif,
        condition,
    }
}

pub(crate) fn survey(format: Format, bytes: &[u8]) -> Survey {
    match format {
        Format::Jpeg => jpeg::survey(bytes),
        Format::Png => container::survey_png(bytes),
        Format::Webp => container::survey_webp(bytes),
        Format::Heic => container::survey_heic(bytes),
        Format::Unknown => Survey::default(),
    }
}

/// Why a claimed size is not believed.
pub(crate) fn unbelievable(size: Size) -> Option<Damage> {
    let Size { width, height } = size;
    if width == 0 || height == 0 {
        Some(Damage::NoSize)
    } else if width > MAX_EDGE || height > MAX_EDGE || size.pixels() > MAX_PIXELS {
        Some(Damage::TooLarge { width, height })
    } else {
        None
    }
}

pub(crate) fn kind_of(bytes: &[u8]) -> NotAPhoto {
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character cut by our window is still text.
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    let controls = head.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n'));
    if text && !controls { NotAPhoto::Text } else { NotAPhoto::UnknownFormat }
}
