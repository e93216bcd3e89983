//! The records of the stream, each with what continues it.

use super::Fault;

/// A record: its kind and its bytes.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) body: Body<'a>,
}

/// Records in the stream's order. Ends where a record does not fit.
pub(super) struct Records<'a> {
    rest: &'a [u8],
}

/// The bytes of a record, those of the records that continue it after its own.
pub(super) struct Body<'a> {
    rest: &'a [u8],
    /// Later parts, last first.
    more: Vec<&'a [u8]>,
}

const CONTINUE: u16 = 0x003c;

impl<'a> Records<'a> {
    pub(super) fn of(stream: &'a [u8]) -> Self {
        Self { rest: stream }
    }

    /// Kind and bytes of the next record, and what follows it.
    fn peek(&self) -> Option<(u16, &'a [u8], &'a [u8])> {
        let (kind, rest) = self.rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (bytes, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        Some((u16::from_le_bytes(*kind), bytes, rest))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, bytes, rest) = self.peek()?;
        self.rest = rest;
        let mut more = Vec::new();
        while let Some((CONTINUE, bytes, rest)) = self.peek() {
            more.push(bytes);
            self.rest = rest;
        }
        more.reverse();
        Some(Record { kind, body: Body { rest: bytes, more } })
    }
}

impl Body<'_> {
    /// Bytes left in this part.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Goes on to the next part where this one is used up.
    fn turn(&mut self) -> Result<(), Fault> {
        while self.rest.is_empty() {
            self.rest = self.more.pop().ok_or(Fault::Broken)?;
        }
        Ok(())
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut out = [0; N];
        for byte in &mut out {
            self.turn()?;
            let (first, rest) = self.rest.split_first().ok_or(Fault::Broken)?;
            (*byte, self.rest) = (*first, rest);
        }
        Ok(out)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Fault> {
        self.bytes().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Fault> {
        self.bytes().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Fault> {
        self.bytes().map(u32::from_le_bytes)
    }

    /// A number of four bytes that counts, or says where something stands.
    pub(super) fn size(&mut self) -> Result<usize, Fault> {
        usize::try_from(self.u32()?).map_err(|_| Fault::Broken)
    }

    pub(super) fn f64(&mut self) -> Result<f64, Fault> {
        self.bytes().map(f64::from_le_bytes)
    }

    pub(super) fn skip(&mut self, mut count: usize) -> Result<(), Fault> {
        while count > 0 {
            self.turn()?;
            let here = count.min(self.rest.len());
            self.rest = self.rest.get(here..).unwrap_or_default();
            count -= here;
        }
        Ok(())
    }

    /// A string whose length is one byte.
    pub(super) fn short_string(&mut self) -> Result<String, Fault> {
        let count = usize::from(self.u8()?);
        let flags = self.u8()?;
        self.letters(count, flags)
    }

    /// A string whose length is two bytes; formatting within it and readings beside it are passed over.
    pub(super) fn long_string(&mut self) -> Result<String, Fault> {
        const READINGS: u8 = 4;
        const FORMATTED: u8 = 8;
        let count = usize::from(self.u16()?);
        // Some writers leave the flags out of an empty string.
        if count == 0 && self.rest.is_empty() && self.more.is_empty() {
            return Ok(String::new());
        }
        let flags = self.u8()?;
        let runs = if flags & FORMATTED == 0 { 0 } else { usize::from(self.u16()?) };
        let readings = if flags & READINGS == 0 { 0 } else { self.size()? };
        let text = self.letters(count, flags)?;
        self.skip(readings.saturating_add(runs * 4))?;
        Ok(text)
    }

    /// Letters of one or two bytes. Where they go on in the next record, that one says anew which.
    fn letters(&mut self, mut count: usize, mut flags: u8) -> Result<String, Fault> {
        let mut units: Vec<u16> = Vec::new();
        while count > 0 {
            if self.rest.is_empty() {
                self.turn()?;
                flags = self.u8()?;
            }
            let size = if flags & 1 == 0 { 1 } else { 2 };
            let here = (self.rest.len() / size).min(count);
            let (bytes, rest) = self.rest.split_at(here * size);
            if here == 0 && !rest.is_empty() {
                return Err(Fault::Broken);
            }
            if size == 1 {
                units.extend(bytes.iter().map(|byte| u16::from(*byte)));
            } else {
                let pairs = bytes.chunks_exact(2).filter_map(|two| two.first_chunk().copied());
                units.extend(pairs.map(u16::from_le_bytes));
            }
            self.rest = rest;
            count -= here;
        }
        Ok(String::from_utf16_lossy(&units))
    }
}
