//! Size and completeness of PNG, WebP and HEIC files, without decoding them.

use crate::condition::Damage;
use crate::inspect::Size;
use crate::jpeg::Survey;

/// PNG (ISO/IEC 15948): IHDR first, every chunk complete, IEND last.
pub(crate) fn survey_png(bytes: &[u8]) -> Survey {
    let mut survey = Survey::default();
    let mut rest = bytes.get(8..).unwrap_or_default();
    survey.damage = loop {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { break Some(Damage::EndsEarly) };
        let Some((kind, after)) = after.split_first_chunk::<4>() else { break Some(Damage::EndsEarly) };
        let length = u32::from_be_bytes(*length) as usize;
        if survey.size.is_none() {
            survey.size = match kind {
                b"IHDR" => read_png_size(after),
                _ => break Some(Damage::BadStructure),
            };
            if survey.size.is_none() {
                break Some(Damage::EndsEarly);
            }
        }
        let Some(following) = length.checked_add(4).and_then(|skip| after.get(skip..)) else {
            break Some(Damage::EndsEarly);
        };
        if kind == b"IEND" {
            break None;
        }
        rest = following;
    };
    survey
}

fn read_png_size(body: &[u8]) -> Option<Size> {
    let (width, rest) = body.split_first_chunk::<4>()?;
    let (height, _) = rest.split_first_chunk::<4>()?;
    Some(Size { width: u32::from_be_bytes(*width), height: u32::from_be_bytes(*height) })
}

/// WebP: the RIFF length against the file's, the size from the first chunk (RFC 9649).
pub(crate) fn survey_webp(bytes: &[u8]) -> Survey {
    let size = webp_size(bytes);
    let declared =
        bytes.get(4..).and_then(<[u8]>::first_chunk).map(|length| u32::from_le_bytes(*length) as usize);
    let complete = declared.and_then(|length| length.checked_add(8)).is_some_and(|end| end <= bytes.len());
    let damage = if !complete {
        Some(Damage::EndsEarly)
    } else if size.is_none() {
        Some(Damage::NoSize)
    } else {
        None
    };
    Survey { size, damage }
}

fn webp_size(bytes: &[u8]) -> Option<Size> {
    let body = bytes.get(20..)?;
    match bytes.get(12..16)? {
        b"VP8X" => {
            let &[_, _, _, _, w0, w1, w2, h0, h1, h2, ..] = body else { return None };
            Some(Size {
                width: u32::from_le_bytes([w0, w1, w2, 0]) + 1,
                height: u32::from_le_bytes([h0, h1, h2, 0]) + 1,
            })
        }
        b"VP8L" => {
            let &[0x2F, b0, b1, b2, b3, ..] = body else { return None };
            let bits = u32::from_le_bytes([b0, b1, b2, b3]);
            Some(Size { width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1 })
        }
        b"VP8 " => {
            let &[_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1, ..] = body else { return None };
            Some(Size {
                width: u32::from(u16::from_le_bytes([w0, w1]) & 0x3FFF),
                height: u32::from(u16::from_le_bytes([h0, h1]) & 0x3FFF),
            })
        }
        _ => None,
    }
}

/// HEIC: every top-level box complete; the size is the largest spatial extent (`ispe`) in the file's head,
/// since a picture made of tiles names the tiles' sizes too.
pub(crate) fn survey_heic(bytes: &[u8]) -> Survey {
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or_default();
    let size = head
        .windows(16)
        .filter_map(|window| {
            let &[b'i', b's', b'p', b'e', _, _, _, _, w3, w2, w1, w0, h3, h2, h1, h0] = window else {
                return None;
            };
            Some(Size {
                width: u32::from_be_bytes([w3, w2, w1, w0]),
                height: u32::from_be_bytes([h3, h2, h1, h0]),
            })
        })
        .max_by_key(|size| size.pixels());
    let damage = boxes_complete(bytes).err().or(size.is_none().then_some(Damage::NoSize));
    Survey { size, damage }
}

fn boxes_complete(mut rest: &[u8]) -> Result<(), Damage> {
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(Damage::EndsEarly)?;
        let length = match u32::from_be_bytes(*length) {
            0 => return Ok(()),
            1 => after
                .get(4..)
                .and_then(<[u8]>::first_chunk)
                .and_then(|length| usize::try_from(u64::from_be_bytes(*length)).ok())
                .ok_or(Damage::EndsEarly)?,
            length => length as usize,
        };
        if length < 8 {
            return Err(Damage::BadStructure);
        }
        rest = rest.get(length..).ok_or(Damage::EndsEarly)?;
    }
    Ok(())
}
