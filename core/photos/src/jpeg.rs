//! Walks the markers of a JPEG (ISO/IEC 10918-1, annex B) without decoding it.
//!
//! The decoder accepts a file with most of its bytes missing and fills the rest with grey, so whether a
//! photo is complete is judged here: segments that fit, at least one scan, and an end mark. What follows
//! the end mark (motion photos, multi-picture files) is no damage.

use crate::condition::Damage;
use crate::inspect::{MAX_SCANS, Size};

/// What the markers say.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Size of the stored picture, where a frame header was found.
    pub(crate) size: Option<Size>,
    /// The first thing found wrong.
    pub(crate) damage: Option<Damage>,
}

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

pub(crate) fn survey(bytes: &[u8]) -> Survey {
    let mut survey = Survey::default();
    if let Err(damage) = walk(bytes, &mut survey.size) {
        survey.damage = Some(damage);
    } else if survey.size.is_none() {
        survey.damage = Some(Damage::NoSize);
    }
    survey
}

fn walk(bytes: &[u8], size: &mut Option<Size>) -> Result<(), Damage> {
    let mut rest = bytes.strip_prefix(&[0xFF, SOI]).ok_or(Damage::BadStructure)?;
    let mut scans = 0;
    loop {
        let (marker, after) = next_marker(rest)?;
        match marker {
            EOI if scans > 0 => return Ok(()),
            // A marker without a body, which some writers leave between segments.
            0x01 | 0xD0..=0xD7 => rest = after,
            0xC0..=0xCF | 0xDB..=0xEF | 0xFE | SOS => {
                let (body, following) = segment(after)?;
                rest = following;
                if is_frame(marker) {
                    *size = Some(frame_size(body)?);
                } else if marker == SOS {
                    scans += 1;
                    if scans > MAX_SCANS {
                        return Err(Damage::TooManyScans);
                    }
                    rest = skip_scan(rest)?;
                }
            }
            _ => return Err(Damage::BadStructure),
        }
    }
}

/// The marker that stands here, and what follows it. Fill bytes (0xFF) before a marker are allowed.
fn next_marker(bytes: &[u8]) -> Result<(u8, &[u8]), Damage> {
    let after = bytes.strip_prefix(&[0xFF]).ok_or(match bytes {
        [] => Damage::EndsEarly,
        _ => Damage::BadStructure,
    })?;
    let fill = after.iter().take_while(|byte| **byte == 0xFF).count();
    after
        .get(fill..)
        .and_then(<[u8]>::split_first)
        .map(|(marker, rest)| (*marker, rest))
        .ok_or(Damage::EndsEarly)
}

fn segment(bytes: &[u8]) -> Result<(&[u8], &[u8]), Damage> {
    let (length, _) = bytes.split_first_chunk::<2>().ok_or(Damage::EndsEarly)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < 2 {
        return Err(Damage::BadStructure);
    }
    let (segment, rest) = bytes.split_at_checked(length).ok_or(Damage::EndsEarly)?;
    Ok((segment.get(2..).unwrap_or_default(), rest))
}

/// SOF0 to SOF15 without DHT, JPG and DAC, which share the range.
const fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn frame_size(body: &[u8]) -> Result<Size, Damage> {
    let &[_, h1, h0, w1, w0, ..] = body else { return Err(Damage::BadStructure) };
    Ok(Size { width: u16::from_be_bytes([w1, w0]).into(), height: u16::from_be_bytes([h1, h0]).into() })
}

/// Skips entropy-coded data: up to the next 0xFF that is neither stuffed nor a restart mark.
fn skip_scan(mut bytes: &[u8]) -> Result<&[u8], Damage> {
    loop {
        let at = bytes.iter().position(|byte| *byte == 0xFF).ok_or(Damage::EndsEarly)?;
        let here = bytes.get(at..).unwrap_or_default();
        match here.get(1) {
            None => return Err(Damage::EndsEarly),
            Some(0x00 | 0xD0..=0xD7) => bytes = here.get(2..).unwrap_or_default(),
            Some(_) => return Ok(here),
        }
    }
}
