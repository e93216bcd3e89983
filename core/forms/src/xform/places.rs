//! Where in the document something stands, for its errors and warnings.

use super::*;
use std::fmt::Display;

impl Build<'_> {
    pub(super) fn place(&self, id: XmlId, what: &dyn Display) -> Place {
        let at = self.tree.at(id) as usize;
        let lines = self.lines.get_or_init(|| memchr::memchr_iter(b'\n', self.source.as_bytes()).collect());
        let before = lines.partition_point(|end| *end < at);
        let start = before.checked_sub(1).and_then(|line| lines.get(line)).map_or(0, |end| end + 1);
        // Thousands of places of one long line are mostly asked for in their order.
        let (line, known, count) = self.last_place.get();
        let (from, count) =
            if line == before && (start..=at).contains(&known) { (known, count) } else { (start, 0) };
        let count = count + self.source.get(from..at).map_or(0, |text| text.chars().count());
        self.last_place.set((before, at, count));
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        Place { line: number(before), column: number(count), what: what.to_string() }
    }

    pub(super) fn invalid<T>(&self, id: XmlId, message: impl Into<String>) -> Result<T, FormError> {
        Err(FormError::Invalid { message: message.into(), place: self.place(id, &self.local(id)) })
    }

    pub(super) fn unsupported<T>(&self, id: XmlId, feature: impl Into<String>) -> Result<T, FormError> {
        Err(FormError::Unsupported { feature: feature.into(), place: self.place(id, &"") })
    }

    pub(super) fn warn(&mut self, id: XmlId, what: impl Display, message: impl Into<String>) {
        if self.warnings.len() >= self.limits.warnings {
            self.unsaid += 1;
            return;
        }
        let place = self.place(id, &what);
        self.warnings.push(Warning { message: message.into(), place });
    }
}
