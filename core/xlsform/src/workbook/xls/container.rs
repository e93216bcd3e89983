//! Compound files ([MS-CFB]): streams in chains of sectors, found by name in a directory.
//!
//! No chain is followed further than the file has sectors, so a stream is never larger than the file.

/// How a compound file begins.
pub(in crate::workbook) const SIGNATURE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The last sector number that is one; higher ones mark ends and gaps.
const LAST: u32 = 0xffff_fffa;
/// Streams below this size stand in the small sectors.
const SMALL: usize = 64;
const ENTRY: usize = 128;

/// An opened file.
pub(super) struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector after each sector.
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// The stream that holds the small sectors.
    small: Vec<u8>,
    small_below: usize,
    directory: Vec<u8>,
}

/// An entry of the directory.
struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).filter_map(|four| Some(u32::from_le_bytes(*four.first_chunk()?)))
}

impl<'a> Container<'a> {
    /// None for what is no such file, or whose tables are broken.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(&SIGNATURE) {
            return None;
        }
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            small_below: usize::try_from(u32_at(bytes, 56)?).ok()?,
            directory: Vec::new(),
        };
        let most = bytes.len() / sector;
        let mut parts: Vec<u32> = numbers(bytes.get(76..512)?).filter(|part| *part <= LAST).collect();
        let (mut more, mut followed) = (u32_at(bytes, 68)?, 0);
        while more <= LAST {
            followed += 1;
            if followed > most {
                return None;
            }
            let here: Vec<u32> = numbers(file.sector(more)?).collect();
            let (next, here) = here.split_last()?;
            parts.extend(here.iter().filter(|part| **part <= LAST));
            more = *next;
        }
        if parts.len() > most {
            return None;
        }
        for part in parts {
            let next: Vec<u32> = numbers(file.sector(part)?).collect();
            file.table.extend(next);
        }
        file.directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        let root = file.entry(0)?;
        let small = u32_at(bytes, 60)?;
        if small <= LAST {
            file.small_table = numbers(&file.chain(small, usize::MAX)?).collect();
            file.small = file.chain(root.start, root.size)?;
        }
        Some(file)
    }

    /// The bytes of a sector; the last one of a file may be cut short.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let from = (usize::try_from(number).ok()?.checked_add(1)?).checked_mul(self.sector)?;
        let rest = self.bytes.get(from..).filter(|rest| !rest.is_empty())?;
        rest.get(..self.sector).or(Some(rest))
    }

    /// A chain of sectors, up to `size` bytes.
    fn chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        collect(start, size, &self.table, self.bytes.len() / self.sector, |number| self.sector(number))
    }

    fn small_chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        collect(start, size, &self.small_table, self.small.len() / SMALL, |number| {
            let from = usize::try_from(number).ok()?.checked_mul(SMALL)?;
            let rest = self.small.get(from..)?;
            rest.get(..SMALL).or(Some(rest))
        })
    }

    fn entry(&self, number: u32) -> Option<Entry> {
        let at = usize::try_from(number).ok()?.checked_mul(ENTRY)?;
        let bytes = self.directory.get(at..)?.get(..ENTRY)?;
        let letters = usize::from(u16_at(bytes, 64)?).min(64) / 2;
        let units: Vec<u16> =
            (0..letters.saturating_sub(1)).filter_map(|nth| u16_at(bytes, nth * 2)).collect();
        Some(Entry {
            name: String::from_utf16_lossy(&units),
            kind: bytes.get(66).copied()?,
            left: u32_at(bytes, 68)?,
            right: u32_at(bytes, 72)?,
            child: u32_at(bytes, 76)?,
            start: u32_at(bytes, 116)?,
            size: usize::try_from(u32_at(bytes, 120)?).ok()?,
        })
    }

    /// A stream that stands right under the root; others are of documents within the document.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        const STREAM: u8 = 2;
        let mut left = self.directory.len() / ENTRY;
        let mut open = vec![self.entry(0)?.child];
        while let Some(number) = open.pop() {
            let Some(entry) = self.entry(number).filter(|_| number <= LAST) else { continue };
            left = left.checked_sub(1)?;
            if entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name) {
                return if entry.size < self.small_below {
                    self.small_chain(entry.start, entry.size)
                } else {
                    self.chain(entry.start, entry.size)
                };
            }
            open.extend([entry.left, entry.right]);
        }
        None
    }
}

/// Follows a chain. None if it leaves the file or is longer than it.
fn collect<'b>(
    start: u32,
    size: usize,
    table: &[u32],
    most: usize,
    sector: impl Fn(u32) -> Option<&'b [u8]>,
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut number, mut followed) = (start, 0);
    while number <= LAST && out.len() < size {
        followed += 1;
        if followed > most.saturating_add(1) {
            return None;
        }
        out.extend_from_slice(sector(number)?);
        number = *table.get(usize::try_from(number).ok()?)?;
    }
    out.truncate(size);
    Some(out)
}
