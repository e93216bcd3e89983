//! How much a workbook may be.

/// How much a workbook may be. What passes a limit is refused with a notice that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all its parts, unpacked.
    pub unpacked: usize,
    /// How many times larger than packed a part above 1 MiB may unpack.
    pub ratio: usize,
    /// Files within the .xlsx, and sheets within other workbooks.
    pub entries: usize,
    /// Cells with something in them, in one sheet.
    pub cells: usize,
    /// Columns of one sheet.
    pub columns: usize,
    /// How many times larger than the unpacked file the text of its cells may be, above 4 MiB: cells share texts.
    pub expansion: usize,
    /// Groups and repeats within each other.
    pub depth: usize,
    /// Questions, groups and repeats, with all that loops make.
    pub elements: usize,
    /// Bytes of the XForm.
    pub xform: usize,
    /// How many times larger than the workbook, unpacked, the XForm may be, above 4 MiB.
    pub growth: usize,
    /// Errors that are told, after which no more are looked for; and warnings.
    pub errors: usize,
}

impl Default for Limits {
    /// 32 MiB, 256 MiB unpacked, 100 times, 1,000 files, 4 million cells, 1,024 columns, 8 times, 60 deep, 50,000
    /// elements, an XForm of 32 MiB and 12 times the workbook, 200 errors.
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            unpacked: 256 << 20,
            ratio: 100,
            entries: 1000,
            cells: 4_000_000,
            columns: 1024,
            expansion: 8,
            depth: 60,
            elements: 50_000,
            xform: 32 << 20,
            growth: 12,
            errors: 200,
        }
    }
}

impl Limits {
    /// Bytes of the XForm that a workbook of that size may become: small ones may say much with loops and long names.
    pub(crate) fn xform_of(&self, size: usize) -> usize {
        const SMALL: usize = 4 << 20;
        size.saturating_mul(self.growth).max(SMALL).min(self.xform)
    }
}
