//! Writes EXIF: a little-endian TIFF structure with the primary, EXIF and GPS directories.

mod carry;

use crate::exif::{Exif, Gps, North, TakenAt};
use crate::inspect::Size;
use crate::orientation::Orientation;

pub(crate) use carry::carry_over;

/// TIFF field types.
const BYTE: u16 = 1;
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const PIXEL_X: u16 = 0xA002;
const PIXEL_Y: u16 = 0xA003;
const THUMBNAIL_AT: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

const HEADER: &[u8; 8] = b"II\x2A\x00\x08\x00\x00\x00";

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    data: Vec<u8>,
}

/// One directory of fields, in ascending order of tags as TIFF asks.
#[derive(Default)]
struct Directory(Vec<Entry>);

impl Directory {
    fn put(&mut self, tag: u16, kind: u16, count: usize, data: Vec<u8>) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let at = self.0.partition_point(|entry| entry.tag < tag);
        self.0.insert(at, Entry { tag, kind, count, data });
    }

    fn ascii(&mut self, tag: u16, text: &str) {
        let data: Vec<u8> = text.bytes().filter(|byte| *byte != 0).chain([0]).collect();
        self.put(tag, ASCII, data.len(), data);
    }

    fn ascii_if(&mut self, tag: u16, text: Option<&str>) {
        if let Some(text) = text {
            self.ascii(tag, text);
        }
    }

    fn long(&mut self, tag: u16, value: u32) {
        self.put(tag, LONG, 1, value.to_le_bytes().to_vec());
    }

    fn rationals(&mut self, tag: u16, values: &[(u32, u32)]) {
        let data =
            values.iter().flat_map(|(n, d)| n.to_le_bytes().into_iter().chain(d.to_le_bytes())).collect();
        self.put(tag, RATIONAL, values.len(), data);
    }

    fn bytes(&mut self, tag: u16, kind: u16, data: &[u8]) {
        self.put(tag, kind, data.len(), data.to_vec());
    }

    fn byte_length(&self) -> u32 {
        let outside: usize = self.0.iter().map(|entry| outside(entry.data.len())).sum();
        u32::try_from(2 + 12 * self.0.len() + 4 + outside).unwrap_or(u32::MAX)
    }

    /// Appends the directory, which begins at offset `at`, and after it the values that do not fit.
    fn write(&self, out: &mut Vec<u8>, at: u32, next: u32) {
        let count = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        let mut value_at = at + 2 + 12 * u32::from(count) + 4;
        let mut values = Vec::new();
        out.extend(count.to_le_bytes());
        for entry in &self.0 {
            out.extend(entry.tag.to_le_bytes());
            out.extend(entry.kind.to_le_bytes());
            out.extend(entry.count.to_le_bytes());
            let room = outside(entry.data.len());
            if room == 0 {
                out.extend(entry.data.iter().copied().chain([0; 4]).take(4));
            } else {
                out.extend(value_at.to_le_bytes());
                value_at += u32::try_from(room).unwrap_or(u32::MAX);
                values.extend(entry.data.iter().copied().chain([0]).take(room));
            }
        }
        out.extend(next.to_le_bytes());
        out.extend(values);
    }
}

/// Room that a value takes outside its directory: none up to four bytes, else an even number.
const fn outside(length: usize) -> usize {
    if length <= 4 { 0 } else { length.next_multiple_of(2) }
}

/// Writes EXIF for a picture of this size, with an embedded thumbnail if one is given.
pub(crate) fn write(exif: &Exif, orientation: Orientation, size: Size, thumbnail: Option<&[u8]>) -> Vec<u8> {
    let mut primary = Directory::default();
    primary.ascii_if(0x010F, exif.make.as_deref());
    primary.ascii_if(0x0110, exif.model.as_deref());
    primary.put(ORIENTATION, SHORT, 1, u16::from(orientation.exif()).to_le_bytes().to_vec());
    primary.ascii_if(0x0131, exif.software.as_deref());
    let camera = camera_directory(exif, size);
    let position = position_directory(exif);

    let camera_at = 8 + primary.byte_length() + 12 + if position.0.is_empty() { 0 } else { 12 };
    let position_at = camera_at + camera.byte_length();
    let thumbnail_at = position_at + if position.0.is_empty() { 0 } else { position.byte_length() };
    primary.long(EXIF_DIRECTORY, camera_at);
    if !position.0.is_empty() {
        primary.long(GPS_DIRECTORY, position_at);
    }

    let mut out = HEADER.to_vec();
    primary.write(&mut out, 8, if thumbnail.is_some() { thumbnail_at } else { 0 });
    camera.write(&mut out, camera_at, 0);
    if !position.0.is_empty() {
        position.write(&mut out, position_at, 0);
    }
    if let Some(jpeg) = thumbnail {
        let mut small = Directory::default();
        small.put(0x0103, SHORT, 1, 6_u16.to_le_bytes().to_vec());
        small.long(THUMBNAIL_LENGTH, u32::try_from(jpeg.len()).unwrap_or(u32::MAX));
        small.long(THUMBNAIL_AT, thumbnail_at + small.byte_length() + 12);
        small.write(&mut out, thumbnail_at, 0);
        out.extend(jpeg);
    }
    out
}

fn camera_directory(exif: &Exif, size: Size) -> Directory {
    let mut camera = Directory::default();
    camera.bytes(0x9000, UNDEFINED, b"0232");
    camera.long(PIXEL_X, size.width);
    camera.long(PIXEL_Y, size.height);
    if let Some(TakenAt { local, milliseconds, offset_minutes }) = &exif.taken_at {
        camera.ascii(0x9003, &local.replace('-', ":").replace('T', " "));
        camera.ascii(0x9004, &local.replace('-', ":").replace('T', " "));
        camera.ascii_if(0x9291, milliseconds.map(|ms| format!("{ms:03}")).as_deref());
        let offset = offset_minutes.map(|offset| {
            let sign = if offset < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", offset.unsigned_abs() / 60, offset.unsigned_abs() % 60)
        });
        camera.ascii_if(0x9011, offset.as_deref());
    }
    camera
}

fn position_directory(exif: &Exif) -> Directory {
    let mut position = Directory::default();
    if let Some(gps) = &exif.gps {
        put_fix(&mut position, gps);
    } else if exif.gps_blanked {
        position.ascii(0x01, "N");
        position.rationals(0x02, &[(0, 1); 3]);
        position.ascii(0x03, "E");
        position.rationals(0x04, &[(0, 1); 3]);
    }
    if let Some(heading) = exif.heading {
        let north = heading.north.map(|north| if north == North::True { "T" } else { "M" });
        position.ascii_if(0x10, north);
        position.rationals(0x11, &[thousandths(heading.degrees)]);
    }
    if !position.0.is_empty() {
        position.bytes(0x00, BYTE, &[2, 3, 0, 0]);
    }
    position
}

fn put_fix(position: &mut Directory, gps: &Gps) {
    position.ascii(0x01, if gps.latitude < 0.0 { "S" } else { "N" });
    position.rationals(0x02, &sexagesimal(gps.latitude));
    position.ascii(0x03, if gps.longitude < 0.0 { "W" } else { "E" });
    position.rationals(0x04, &sexagesimal(gps.longitude));
    if let Some(metres) = gps.altitude_m {
        position.bytes(0x05, BYTE, &[u8::from(metres < 0.0)]);
        position.rationals(0x06, &[thousandths(metres.abs())]);
    }
    position.ascii_if(0x12, gps.datum.as_deref());
    if let Some(metres) = gps.accuracy_m {
        position.rationals(0x1F, &[thousandths(metres)]);
    }
    if let Some((date, clock)) = gps.fix_time.as_deref().and_then(|time| time.split_once('T')) {
        let parts: Vec<(u32, u32)> =
            clock.trim_end_matches('Z').split(':').filter_map(|part| Some((part.parse().ok()?, 1))).collect();
        position.rationals(0x07, &parts);
        position.ascii(0x1D, &date.replace('-', ":"));
    }
}

/// Degrees, minutes and seconds, the seconds to a millionth (0.03 mm on the ground).
fn sexagesimal(degrees: f64) -> [(u32, u32); 3] {
    const SCALE: u64 = 1_000_000;
    let micro = (degrees.abs() * 3600.0 * SCALE as f64).round() as u64;
    let part = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    [
        (part(micro / (3600 * SCALE)), 1),
        (part(micro / (60 * SCALE) % 60), 1),
        (part(micro % (60 * SCALE)), 1_000_000),
    ]
}

fn thousandths(value: f64) -> (u32, u32) {
    ((value * 1000.0).round() as u32, 1000)
}
