//! Draws synthetic photos with the EXIF of a phone camera, for the demo and for tests.
//!
//! The same order always gives the same bytes. Each scene is recognisable at a glance, and a file says in
//! its `Software` field that it is synthetic, so that none can pass as evidence.

mod scene;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, RgbImage};

use crate::exif::{Exif, Gps, Heading, North, TakenAt};
use crate::inspect::{MAX_EDGE, Size};
use crate::orientation::Orientation;
use crate::rendition::PhotoError;
use crate::tiff;

pub use scene::Scene;

/// What the `Software` field of every sample says.
pub const SOFTWARE: &str = "Xuncha synthetic sample";

/// An order for one synthetic photo.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplePhoto {
    /// What is drawn.
    pub scene: Scene,
    /// Varies colours and places within the scene.
    pub seed: u64,
    /// Upright width in pixels, 16 to [`MAX_EDGE`].
    pub width: u32,
    /// Upright height in pixels, 16 to [`MAX_EDGE`].
    pub height: u32,
    /// How the camera was held: the pixels are stored turned the other way.
    pub orientation: Orientation,
    /// What the camera writes.
    pub exif: Exif,
    /// Whether the camera embeds a small sideways thumbnail, as phones do.
    pub embed_thumbnail: bool,
}

impl SamplePhoto {
    /// A 1600×1200 upright photo of a scene, with the make and model of a phone that does not exist.
    #[must_use]
    pub fn of(scene: Scene, seed: u64) -> Self {
        let exif = Exif {
            make: Some("Xuncha".to_owned()),
            model: Some("Sample One".to_owned()),
            software: Some(SOFTWARE.to_owned()),
            ..Exif::default()
        };
        Self {
            scene,
            seed,
            width: 1600,
            height: 1200,
            orientation: Orientation::UPRIGHT,
            exif,
            embed_thumbnail: true,
        }
    }

    /// Taken at this local time (ISO 8601 without offset, to the second) at this offset from UTC.
    #[must_use]
    pub fn taken(mut self, local: &str, offset_minutes: i16) -> Self {
        self.exif.taken_at = Some(TakenAt {
            local: local.to_owned(),
            milliseconds: Some(u16::try_from(self.seed % 1000).unwrap_or(0)),
            offset_minutes: Some(offset_minutes),
        });
        self
    }

    /// Taken here: WGS-84 degrees, accuracy in metres.
    #[must_use]
    pub fn at(mut self, latitude: f64, longitude: f64, accuracy_m: f64) -> Self {
        self.exif.gps = Some(Gps {
            latitude,
            longitude,
            altitude_m: None,
            accuracy_m: Some(accuracy_m),
            datum: Some("WGS-84".to_owned()),
            fix_time: None,
        });
        let degrees = (self.seed % 360) as f64;
        self.exif.heading = Some(Heading { degrees, north: Some(North::True) });
        self
    }

    /// Of this upright size in pixels.
    #[must_use]
    pub fn sized(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Held this way.
    #[must_use]
    pub fn held(mut self, orientation: Orientation) -> Self {
        self.orientation = orientation;
        self
    }

    /// The photo as people see it, before it is stored.
    ///
    /// # Errors
    /// [`PhotoError::BadSpec`] if a side is not 16 to [`MAX_EDGE`].
    pub fn picture(&self) -> Result<RgbImage, PhotoError> {
        let sides = 16..=MAX_EDGE;
        if !sides.contains(&self.width) || !sides.contains(&self.height) {
            return Err(PhotoError::BadSpec);
        }
        Ok(scene::draw(self.scene, self.seed, self.width, self.height))
    }

    /// The file as a camera would store it.
    ///
    /// # Errors
    /// [`PhotoError::BadSpec`] if a side is not 16 to [`MAX_EDGE`].
    pub fn jpeg(&self) -> Result<Vec<u8>, PhotoError> {
        let mut stored = DynamicImage::ImageRgb8(self.picture()?);
        stored.apply_orientation(undo(self.orientation));
        let stored = stored.into_rgb8();
        let thumbnail = match self.embed_thumbnail {
            true => Some(encode(&image::imageops::thumbnail(&stored, 96, 72), 60, None)?),
            false => None,
        };
        let size = Size { width: stored.width(), height: stored.height() };
        let exif = tiff::write(&self.exif, self.orientation, size, thumbnail.as_deref());
        encode(&stored, 88, Some(exif))
    }
}

/// The turn that takes an upright picture back to how this orientation stores it.
fn undo(orientation: Orientation) -> image::metadata::Orientation {
    use image::metadata::Orientation as Turn;
    match orientation.turn() {
        Turn::Rotate90 => Turn::Rotate270,
        Turn::Rotate270 => Turn::Rotate90,
        other => other,
    }
}

fn encode(picture: &RgbImage, quality: u8, exif: Option<Vec<u8>>) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).map_err(|_| PhotoError::BadSpec)?;
    }
    encoder
        .write_image(picture.as_raw(), picture.width(), picture.height(), image::ExtendedColorType::Rgb8)
        .map_err(|_| PhotoError::BadSpec)?;
    Ok(bytes)
}
