//! Carries a photo's EXIF over to its rendition.
//!
//! The source's own structure is copied, so that maker notes and fields unknown to us stay, and patched in
//! place: orientation 1, the new size, and the old thumbnail cut, which would show the picture sideways
//! and has made renditions of other programs unreadable. Where patching would lose a field that we read,
//! because a crafted or odd file overlaps its own parts, the EXIF is written anew from what was read.

use super::{EXIF_DIRECTORY, ORIENTATION, PIXEL_X, PIXEL_Y, SHORT, THUMBNAIL_AT, THUMBNAIL_LENGTH};
use crate::exif::{Exif, read_tiff};
use crate::inspect::Size;
use crate::orientation::Orientation;

/// What an APP1 segment holds beside its own length and the `Exif\0\0` mark.
const MAX_IN_JPEG: usize = 65_535 - 2 - 6;

pub(crate) fn carry_over(tiff: &[u8], exif: &Exif, size: Size) -> Vec<u8> {
    let patched = patch(tiff, size).filter(|patched| {
        patched.len() <= MAX_IN_JPEG
            && read_tiff(patched.clone())
                .is_some_and(|(copied, turn)| copied == *exif && turn == Orientation::UPRIGHT)
    });
    patched.unwrap_or_else(|| super::write(exif, Orientation::UPRIGHT, size, None))
}

fn patch(tiff: &[u8], size: Size) -> Option<Vec<u8>> {
    let mut copy = Tiff::open(tiff)?;
    let first = copy.u32(4)? as usize;
    let count = usize::from(copy.u16(first)?);
    for at in entries(first, count) {
        match copy.u16(at)? {
            ORIENTATION => copy.set_short(at, 1)?,
            EXIF_DIRECTORY => copy.set_size(at, size)?,
            _ => {}
        }
    }
    copy.cut_thumbnail(first + 2 + 12 * count)?;
    Some(copy.bytes)
}

fn entries(directory: usize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |index| directory + 2 + 12 * index)
}

/// A TIFF structure in either byte order, read and patched by offset.
struct Tiff {
    bytes: Vec<u8>,
    little: bool,
}

impl Tiff {
    fn open(tiff: &[u8]) -> Option<Self> {
        let little = match tiff.get(..4)? {
            b"II\x2A\0" => true,
            b"MM\0\x2A" => false,
            _ => return None,
        };
        Some(Self { bytes: tiff.to_vec(), little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let raw = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little { u16::from_le_bytes(raw) } else { u16::from_be_bytes(raw) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let raw = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little { u32::from_le_bytes(raw) } else { u32::from_be_bytes(raw) })
    }

    fn set<const N: usize>(&mut self, at: usize, little: [u8; N]) -> Option<()> {
        let place = self.bytes.get_mut(at..)?.first_chunk_mut::<N>()?;
        *place = little;
        if !self.little {
            place.reverse();
        }
        Some(())
    }

    fn set_short(&mut self, entry: usize, value: u16) -> Option<()> {
        self.set(entry + 2, SHORT.to_le_bytes())?;
        self.set(entry + 4, 1_u32.to_le_bytes())?;
        self.set(entry + 8, value.to_le_bytes())
    }

    fn set_size(&mut self, pointer: usize, size: Size) -> Option<()> {
        let directory = self.u32(pointer + 8)? as usize;
        let count = usize::from(self.u16(directory)?);
        for at in entries(directory, count) {
            let pixels = match self.u16(at)? {
                PIXEL_X => size.width,
                PIXEL_Y => size.height,
                _ => continue,
            };
            self.set_short(at, u16::try_from(pixels).ok()?)?;
        }
        Some(())
    }

    /// Unlinks the second directory, and drops or blanks the JPEG that it names.
    fn cut_thumbnail(&mut self, link: usize) -> Option<()> {
        let second = self.u32(link)? as usize;
        if second == 0 {
            return Some(());
        }
        self.set(link, 0_u32.to_le_bytes())?;
        let count = self.u16(second).map_or(0, usize::from);
        let (mut start, mut length) = (0, 0);
        for at in entries(second, count) {
            match self.u16(at) {
                Some(THUMBNAIL_AT) => start = self.u32(at + 8).unwrap_or(0) as usize,
                Some(THUMBNAIL_LENGTH) => length = self.u32(at + 8).unwrap_or(0) as usize,
                _ => {}
            }
        }
        let end = start.saturating_add(length).min(self.bytes.len());
        if start >= 8 && end == self.bytes.len() {
            self.bytes.truncate(start);
        } else if start >= 8
            && let Some(old) = self.bytes.get_mut(start..end)
        {
            old.fill(0);
        }
        Some(())
    }
}
