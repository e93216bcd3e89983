//! Writes files of Excel 97: a stream of records in a compound file, as plain as the formats allow.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what broke by breaking")]

/// A record.
pub(crate) fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), body].concat()
}

pub(crate) fn begin(kind: u16) -> Vec<u8> {
    record(0x0809, &[0x0600_u16.to_le_bytes(), kind.to_le_bytes()].concat())
}

pub(crate) fn end() -> Vec<u8> {
    record(0x000a, &[])
}

/// A string with its length in two bytes, in letters of two bytes.
pub(crate) fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = u16::try_from(units.len()).unwrap().to_le_bytes().to_vec();
    out.push(1);
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    out
}

/// A cell: row, column, format 0, and what its kind wants.
pub(crate) fn cell(kind: u16, row: u16, column: u16, body: &[u8]) -> Vec<u8> {
    record(kind, &[&row.to_le_bytes(), &column.to_le_bytes(), &[0, 0], body].concat())
}

/// A workbook's stream: records of its own (after the first), then sheets of records.
pub(crate) fn stream(globals: &[u8], sheets: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let name_record = |name: &str, at: usize| {
        let mut body = u32::try_from(at).unwrap().to_le_bytes().to_vec();
        body.extend([0, 0, u8::try_from(name.len()).unwrap(), 0]);
        body.extend(name.bytes());
        record(0x0085, &body)
    };
    let names: usize = sheets.iter().map(|(name, _)| name_record(name, 0).len()).sum();
    let mut out = begin(0x0005);
    let mut at = out.len() + globals.len() + names + end().len();
    out.extend(globals);
    for (name, records) in sheets {
        out.extend(name_record(name, at));
        at += begin(0x0010).len() + records.len() + end().len();
    }
    out.extend(end());
    for (_, records) in sheets {
        out.extend([begin(0x0010), records.clone(), end()].concat());
    }
    out
}

const SECTOR: usize = 512;
const LAST: u32 = 0xffff_fffe;
const TABLE: u32 = 0xffff_fffd;
const FREE: u32 = 0xffff_ffff;

/// A compound file with one stream.
pub(crate) fn container(name: &str, stream: &[u8]) -> Vec<u8> {
    // A stream below 4,096 bytes would stand elsewhere.
    let size = stream.len().max(4096);
    let sectors = size.div_ceil(SECTOR);
    let mut tables = 1;
    while tables * SECTOR / 4 < tables + 1 + sectors {
        tables += 1;
    }
    assert!(tables <= 109, "one header is enough");
    let mut next = vec![TABLE; tables];
    next.push(LAST);
    let first = next.len();
    next.extend((first + 1..first + sectors).map(|n| u32::try_from(n).unwrap()));
    next.push(LAST);
    next.resize(tables * SECTOR / 4, FREE);

    let mut out = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    out.resize(SECTOR, 0);
    let put = |out: &mut Vec<u8>, at: usize, bytes: &[u8]| {
        out.splice(at..at + bytes.len(), bytes.iter().copied());
    };
    put(&mut out, 24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(&mut out, 44, &u32::try_from(tables).unwrap().to_le_bytes());
    put(&mut out, 48, &u32::try_from(tables).unwrap().to_le_bytes());
    put(&mut out, 56, &4096_u32.to_le_bytes());
    for at in [60, 68] {
        put(&mut out, at, &LAST.to_le_bytes());
    }
    for nth in 0..109 {
        let sector = if nth < tables { u32::try_from(nth).unwrap() } else { FREE };
        put(&mut out, 76 + nth * 4, &sector.to_le_bytes());
    }
    out.extend(next.iter().flat_map(|n| n.to_le_bytes()));
    out.extend(entry("Root Entry", 5, 1, LAST, 0));
    out.extend(entry(name, 2, FREE, u32::try_from(first).unwrap(), size));
    out.resize(SECTOR * (2 + tables), 0);
    out.extend(stream);
    out.resize(SECTOR * (2 + tables + sectors), 0);
    out
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: usize) -> Vec<u8> {
    let mut out: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    out.resize(64, 0);
    out.extend(u16::try_from(name.len() * 2 + 2).unwrap().to_le_bytes());
    out.extend([kind, 1]);
    for number in [FREE, FREE, child] {
        out.extend(number.to_le_bytes());
    }
    out.resize(116, 0);
    out.extend(start.to_le_bytes());
    out.extend(u32::try_from(size).unwrap().to_le_bytes());
    out.resize(128, 0);
    out
}
