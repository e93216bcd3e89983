//! What the camera wrote beside the picture (EXIF 3.0, CIPA DC-008).
//!
//! All of it is the camera's claim: the time is the phone's clock, the position may be blanked by the
//! system. It is kept as read and decides nothing.

use std::io::Cursor;

use ::exif::{Field, In, Rational, Reader, Tag, Value};
use serde::{Deserialize, Serialize};

use crate::format::Format;
use crate::orientation::Orientation;

/// EXIF of a photo: every part is there only if the file has it in a form that makes sense.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Exif {
    /// When the shutter went, by the camera's clock.
    pub taken_at: Option<TakenAt>,
    /// Where the camera says it was.
    pub gps: Option<Gps>,
    /// The file has position fields, all of them zero: the system blanked them when it handed the file over.
    pub gps_blanked: bool,
    /// Where the camera pointed.
    pub heading: Option<Heading>,
    /// Maker of the camera.
    pub make: Option<String>,
    /// Model of the camera.
    pub model: Option<String>,
    /// Program that wrote the file.
    pub software: Option<String>,
}

/// The camera's clock when the photo was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenAt {
    /// Local time as ISO 8601 without offset, to the second: `2026-07-15T09:30:00`.
    pub local: String,
    /// Milliseconds within the second.
    pub milliseconds: Option<u16>,
    /// Offset of the local time from UTC in minutes, where the camera wrote one.
    pub offset_minutes: Option<i16>,
}

/// A position as the camera wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gps {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Metres, below the reference level negative.
    pub altitude_m: Option<f64>,
    /// Horizontal positioning error in metres.
    pub accuracy_m: Option<f64>,
    /// Geodetic datum as written, such as `WGS-84`. Without one, nothing may be assumed.
    pub datum: Option<String>,
    /// Time of the fix in UTC, ISO 8601: `2026-07-15T01:30:00Z`.
    pub fix_time: Option<String>,
}

/// Where the camera pointed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// Degrees clockwise from north, 0 up to 360.
    pub degrees: f64,
    /// Which north.
    pub north: Option<North>,
}

/// Which north a heading counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum North {
    /// Geographic north.
    True,
    /// Magnetic north.
    Magnetic,
}

/// Most bytes of EXIF that are read: a JPEG holds 64 KiB, other files may claim more.
const MAX_EXIF_BYTES: usize = 1 << 20;
/// Most characters of a text field that are kept.
const MAX_TEXT: usize = 200;

pub(crate) struct Found {
    pub(crate) exif: Exif,
    pub(crate) orientation: Orientation,
    /// The TIFF structure as it stands in the file.
    pub(crate) tiff: Option<Vec<u8>>,
}

/// Reads a file's EXIF as far as it can be read.
pub(crate) fn read(format: Format, bytes: &[u8]) -> Found {
    let mut reader = Reader::new();
    // Files written by common tools have small faults that the strict reader refuses.
    reader.continue_on_error(true);
    let raw = match format {
        Format::Unknown => None,
        _ => reader
            .read_from_container(&mut Cursor::new(bytes))
            .or_else(|error| error.distill_partial_result(|_| {}))
            .ok()
            .filter(|raw| raw.buf().len() <= MAX_EXIF_BYTES),
    };
    let Some(raw) = raw else {
        return Found { exif: Exif::default(), orientation: Orientation::UPRIGHT, tiff: None };
    };
    Found { exif: read_fields(&raw), orientation: read_orientation(&raw), tiff: Some(raw.buf().to_vec()) }
}

/// Reads a bare TIFF structure, as [`read`] does.
pub(crate) fn read_tiff(tiff: Vec<u8>) -> Option<(Exif, Orientation)> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let raw = reader.read_raw(tiff).or_else(|error| error.distill_partial_result(|_| {})).ok()?;
    Some((read_fields(&raw), read_orientation(&raw)))
}

fn read_orientation(raw: &::exif::Exif) -> Orientation {
    field(raw, Tag::Orientation).and_then(|field| field.value.get_uint(0)).unwrap_or(1).into()
}

fn read_fields(raw: &::exif::Exif) -> Exif {
    let gps = read_gps(raw);
    Exif {
        taken_at: read_taken_at(raw),
        gps_blanked: gps.is_none() && is_blanked(raw),
        gps,
        heading: read_heading(raw),
        make: text(raw, Tag::Make),
        model: text(raw, Tag::Model),
        software: text(raw, Tag::Software),
    }
}

fn read_taken_at(raw: &::exif::Exif) -> Option<TakenAt> {
    let (time, subsec, offset) = match text(raw, Tag::DateTimeOriginal) {
        Some(time) => (time, Tag::SubSecTimeOriginal, Tag::OffsetTimeOriginal),
        None => (text(raw, Tag::DateTime)?, Tag::SubSecTime, Tag::OffsetTime),
    };
    let (date, clock) = time.split_once(' ')?;
    let date = iso_date(date)?;
    let [hour, minute, second] = numbers::<3>(clock, &[2, 2, 2])?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(TakenAt {
        local: format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        milliseconds: text(raw, subsec).and_then(|digits| milliseconds(&digits)),
        offset_minutes: text(raw, offset).and_then(|offset| offset_minutes(&offset)),
    })
}

/// `2026:07:15` as `2026-07-15`, if it is a date at all.
fn iso_date(text: &str) -> Option<String> {
    let [year, month, day] = numbers::<3>(text, &[4, 2, 2])?;
    let real = year > 0 && (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Numbers with colons between them, each of so many digits.
fn numbers<const N: usize>(text: &str, digits: &[usize; N]) -> Option<[u16; N]> {
    let mut found = [0; N];
    let mut parts = text.split(':');
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != *digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// The digits after the decimal point: `5` is 500 ms.
fn milliseconds(digits: &str) -> Option<u16> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.chars().chain("00".chars()).take(3).collect::<String>().parse().ok()
}

fn offset_minutes(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let [hours, minutes] = numbers::<2>(rest, &[2, 2])?;
    if hours > 14 || minutes > 59 {
        return None;
    }
    i16::try_from(hours * 60 + minutes).ok().map(|offset| sign * offset)
}

fn read_gps(raw: &::exif::Exif) -> Option<Gps> {
    let latitude = degrees(raw, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S", 90.0)?;
    let longitude = degrees(raw, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W", 180.0)?;
    if is_blanked(raw) {
        return None;
    }
    let below = field(raw, Tag::GPSAltitudeRef).and_then(|field| field.value.get_uint(0));
    let sign = if matches!(below, Some(1 | 3)) { -1.0 } else { 1.0 };
    Some(Gps {
        latitude,
        longitude,
        altitude_m: number(raw, Tag::GPSAltitude).map(|metres| sign * metres),
        accuracy_m: number(raw, Tag::GPSHPositioningError),
        datum: text(raw, Tag::GPSMapDatum),
        fix_time: read_fix_time(raw),
    })
}

fn degrees(raw: &::exif::Exif, tag: Tag, reference: Tag, negative: &str, limit: f64) -> Option<f64> {
    let [degrees, minutes, seconds] = *rationals(raw, tag)? else { return None };
    let size = value(degrees)? + value(minutes)? / 60.0 + value(seconds)? / 3600.0;
    let sign = if text(raw, reference)?.eq_ignore_ascii_case(negative) { -1.0 } else { 1.0 };
    (size <= limit).then_some(sign * size)
}

fn read_fix_time(raw: &::exif::Exif) -> Option<String> {
    let date = iso_date(&text(raw, Tag::GPSDateStamp)?)?;
    let [hour, minute, second] = *rationals(raw, Tag::GPSTimeStamp)? else { return None };
    let (hour, minute, second) = (value(hour)?, value(minute)?, value(second)?);
    if hour >= 24.0 || minute >= 60.0 || second >= 61.0 {
        return None;
    }
    Some(format!("{date}T{:02}:{:02}:{:02}Z", hour.floor(), minute.floor(), second.floor()))
}

fn read_heading(raw: &::exif::Exif) -> Option<Heading> {
    let degrees = number(raw, Tag::GPSImgDirection).filter(|degrees| *degrees <= 360.0)? % 360.0;
    let north = match text(raw, Tag::GPSImgDirectionRef).as_deref() {
        Some("T") => Some(North::True),
        Some("M") => Some(North::Magnetic),
        _ => None,
    };
    Some(Heading { degrees, north })
}

/// Position fields that are there and all zero, the way Android blanks them. Nobody inspects at 0° N 0° E.
fn is_blanked(raw: &::exif::Exif) -> bool {
    let zero = |tag| rationals(raw, tag).map(|parts| parts.iter().all(|part| part.num == 0));
    zero(Tag::GPSLatitude) == Some(true) && zero(Tag::GPSLongitude) == Some(true)
}

// Values are read one field at a time: reading all would let a small file with thousands of fields that
// share one large value fill the memory.
fn field(raw: &::exif::Exif, tag: Tag) -> Option<&Field> {
    raw.get_field(tag, In::PRIMARY)
}

fn text(raw: &::exif::Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &field(raw, tag)?.value else { return None };
    let text = String::from_utf8_lossy(parts.first()?);
    let text: String =
        text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).chars().take(MAX_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

fn rationals(raw: &::exif::Exif, tag: Tag) -> Option<&[Rational]> {
    match &field(raw, tag)?.value {
        Value::Rational(parts) => Some(parts),
        _ => None,
    }
}

fn number(raw: &::exif::Exif, tag: Tag) -> Option<f64> {
    value(*rationals(raw, tag)?.first()?)
}

fn value(rational: Rational) -> Option<f64> {
    (rational.denom != 0).then(|| f64::from(rational.num) / f64::from(rational.denom))
}
