//! Makes what travels and is shown: an upright JPEG of bounded size, and a thumbnail.
//!
//! The picture is encoded anew, so nothing hidden behind or inside the original passes on. Decoding is
//! bounded: the size is judged from the header first, and the decoder gets an allocation limit.

use std::io::Cursor;

use fast_image_resize as fir;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, Limits, RgbImage};

use crate::condition::{Damage, NotAPhoto};
use crate::exif;
use crate::format::Format;
use crate::inspect::{MAX_EDGE, Size, kind_of, survey, unbelievable};
use crate::orientation::Orientation;
use crate::tiff::carry_over;

/// Most pixels that are decoded. A larger original is kept and uploaded all the same; the hub shows it.
pub const MAX_DECODE_PIXELS: u64 = 64_000_000;
/// Most bytes that the decoder may allocate.
pub const MAX_DECODE_BYTES: u64 = 256 << 20;
/// Longest side of a thumbnail in pixels.
pub const THUMBNAIL_EDGE: u32 = 320;
/// Most bytes of a thumbnail.
pub const THUMBNAIL_MAX_BYTES: usize = 20 * 1024;

/// Largest colour profile that is carried over; a phone's is half a kilobyte.
const MAX_ICC_BYTES: usize = 64 << 10;

/// What rendition to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenditionSpec {
    /// Longest side in pixels, 1 to [`MAX_EDGE`]. A smaller photo is not enlarged.
    pub max_edge: u32,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
}

impl RenditionSpec {
    /// What phones upload first: 1920 pixels, quality 80.
    pub const STANDARD: Self = Self { max_edge: 1920, quality: 80 };
}

/// An upright JPEG made from a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The JPEG file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why no rendition can be made. The original is not touched by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// No bytes.
    #[error("照片是空文件，请重新拍照。The photo is an empty file: take it again.")]
    Empty,
    /// Not a picture file.
    #[error(
        "这个文件不是照片，已原样保存，请另选照片。This file is not a photo; it is kept: choose another."
    )]
    NotAPhoto(NotAPhoto),
    /// A picture file that this program does not decode.
    #[error(
        "暂不能显示此格式，原文件已保存。This format cannot be shown here; the original is kept ({0:?})."
    )]
    Undecoded(Format),
    /// The header claims more pixels than are decoded.
    #[error(
        "照片尺寸过大，原文件已保存。The photo is too large to show; the original is kept ({width}×{height})."
    )]
    TooLarge {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
    },
    /// So damaged that no picture comes out.
    #[error("照片已损坏，原文件已保存，能重拍请重拍。The photo is damaged; the original is kept: retake it.")]
    Unreadable,
    /// A rendition of no size or quality was asked for.
    #[error("照片参数有误，原文件未动。The rendition asked for is impossible; the original is untouched.")]
    BadSpec,
}

/// Makes the upright JPEG that travels: EXIF copied with orientation 1 and without the old thumbnail, the
/// colour profile kept. A damaged photo gives what can be decoded of it.
///
/// # Errors
/// [`PhotoError`] says why there is none; the photo itself is kept whatever it says.
pub fn rendition(bytes: &[u8], spec: &RenditionSpec) -> Result<Rendition, PhotoError> {
    if !(1..=MAX_EDGE).contains(&spec.max_edge) || !(1..=100).contains(&spec.quality) {
        return Err(PhotoError::BadSpec);
    }
    let format = Format::of(bytes);
    let found = exif::read(format, bytes);
    let Decoded { picture, icc } = decode(format, bytes)?;
    let picture = upright(shrink(picture, spec.max_edge)?, found.orientation);
    let size = Size { width: picture.width(), height: picture.height() };
    let copied = found.tiff.map(|tiff| carry_over(&tiff, &found.exif, size));
    encode(&picture, spec.quality, icc, copied)
}

/// Makes a JPEG of at most [`THUMBNAIL_MAX_BYTES`] for lists, without EXIF. Given a rendition's bytes
/// instead of the original's it is several times faster and comes out the same.
///
/// # Errors
/// As [`rendition`].
pub fn thumbnail(bytes: &[u8]) -> Result<Rendition, PhotoError> {
    let format = Format::of(bytes);
    let orientation = exif::read(format, bytes).orientation;
    let picture = upright(shrink(decode(format, bytes)?.picture, THUMBNAIL_EDGE)?, orientation);
    let mut smaller = picture.clone();
    let mut edge = THUMBNAIL_EDGE;
    loop {
        for quality in [75, 60, 45, 30] {
            let made = encode(&smaller, quality, None, None)?;
            if made.bytes.len() <= THUMBNAIL_MAX_BYTES {
                return Ok(made);
            }
        }
        edge = edge * 3 / 4;
        smaller = shrink(picture.clone(), edge.max(1))?;
    }
}

struct Decoded {
    picture: RgbImage,
    icc: Option<Vec<u8>>,
}

fn decode(format: Format, bytes: &[u8]) -> Result<Decoded, PhotoError> {
    let reader = Cursor::new(bytes);
    match format {
        Format::Unknown if bytes.is_empty() => return Err(PhotoError::Empty),
        Format::Unknown => return Err(PhotoError::NotAPhoto(kind_of(bytes))),
        Format::Heic => return Err(PhotoError::Undecoded(format)),
        Format::Jpeg | Format::Png | Format::Webp => {}
    }
    // Judged from our own reading of the header, before a decoder sees the file.
    let survey = survey(format, bytes);
    if survey.damage == Some(Damage::TooManyScans) {
        return Err(PhotoError::Unreadable);
    }
    believe(survey.size.ok_or(PhotoError::Unreadable)?)?;
    match format {
        Format::Png => pixels(PngDecoder::with_limits(reader, limits()).map_err(unreadable)?),
        Format::Webp => pixels(WebPDecoder::new(reader).map_err(unreadable)?),
        _ => pixels(JpegDecoder::new(reader).map_err(unreadable)?),
    }
}

fn believe(size: Size) -> Result<(), PhotoError> {
    let Size { width, height } = size;
    match unbelievable(size) {
        Some(Damage::TooLarge { .. }) => Err(PhotoError::TooLarge { width, height }),
        Some(_) => Err(PhotoError::Unreadable),
        None if size.pixels() > MAX_DECODE_PIXELS => Err(PhotoError::TooLarge { width, height }),
        None => Ok(()),
    }
}

fn pixels(mut decoder: impl ImageDecoder) -> Result<Decoded, PhotoError> {
    // A file may hold two frame headers; the decoder's own reading is judged too.
    let (width, height) = decoder.dimensions();
    believe(Size { width, height })?;
    decoder.set_limits(limits()).map_err(unreadable)?;
    if decoder.total_bytes() > MAX_DECODE_BYTES {
        return Err(PhotoError::TooLarge { width, height });
    }
    let icc = decoder.icc_profile().ok().flatten().filter(|icc| icc.len() <= MAX_ICC_BYTES);
    let picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?.into_rgb8();
    Ok(Decoded { picture, icc })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    limits
}

fn unreadable(_: image::ImageError) -> PhotoError {
    PhotoError::Unreadable
}

fn shrink(picture: RgbImage, max_edge: u32) -> Result<RgbImage, PhotoError> {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= max_edge {
        return Ok(picture);
    }
    let scaled = |side: u32| {
        let exact = (u64::from(side) * u64::from(max_edge) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(exact).unwrap_or(max_edge).max(1)
    };
    let (new_width, new_height) = (scaled(width), scaled(height));
    let source = fir::images::Image::from_vec_u8(width, height, picture.into_raw(), fir::PixelType::U8x3)
        .map_err(|_| PhotoError::Unreadable)?;
    let mut target = fir::images::Image::new(new_width, new_height, fir::PixelType::U8x3);
    fir::Resizer::new().resize(&source, &mut target, None).map_err(|_| PhotoError::Unreadable)?;
    RgbImage::from_raw(new_width, new_height, target.into_vec()).ok_or(PhotoError::Unreadable)
}

fn upright(picture: RgbImage, orientation: Orientation) -> RgbImage {
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation.turn());
    picture.into_rgb8()
}

fn encode(
    picture: &RgbImage,
    quality: u8,
    icc: Option<Vec<u8>>,
    exif: Option<Vec<u8>>,
) -> Result<Rendition, PhotoError> {
    let (width, height) = picture.dimensions();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).map_err(|_| PhotoError::Unreadable)?;
    }
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).map_err(|_| PhotoError::Unreadable)?;
    }
    encoder
        .write_image(picture.as_raw(), width, height, image::ExtendedColorType::Rgb8)
        .map_err(unreadable)?;
    Ok(Rendition { bytes, width, height })
}
