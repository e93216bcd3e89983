//! What kind of file the bytes are, by their first bytes and never by a name.

use serde::{Deserialize, Serialize};

/// The kind of a picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JPEG (ISO/IEC 10918-1).
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// HEIC and other HEVC pictures in HEIF (ISO/IEC 23008-12). Read here, decoded by the phone's system.
    Heic,
    /// Anything else.
    Unknown,
}

/// Brands of HEIF files that hold HEVC pictures, and the two general ones.
const HEIC_BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];

impl Format {
    /// Tells the kind by the magic bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Self::Jpeg
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Self::Png
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Self::Webp
        } else if bytes.get(4..8) == Some(b"ftyp")
            && bytes.get(8..12).is_some_and(|brand| HEIC_BRANDS.contains(&brand))
        {
            Self::Heic
        } else {
            Self::Unknown
        }
    }

    /// The media type (RFC 6838) under which the original is kept and served.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Unknown => "application/octet-stream",
        }
    }
}
