//! Which rows of a sheet belong together by a name, such as the choices of a list: each row knows the next.

use crate::symbols::{Symbol, Symbols};

/// Rows by the name of what they belong to.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    names: Symbols,
    /// The first and the last row of each, by their place and one.
    ends: Vec<(u32, u32)>,
    /// For each row the next of its name, by its place and one; nought for the last.
    next: Vec<u32>,
}

impl Chains {
    /// For a sheet of so many rows.
    pub(crate) fn new(rows: usize) -> Self {
        Self { next: vec![0; rows], ..Self::default() }
    }

    /// Adds a row, by its place, after the others of that name.
    pub(crate) fn add(&mut self, name: &str, row: usize) -> Symbol {
        let symbol = self.names.add(name);
        if self.ends.len() <= symbol.index() {
            self.ends.push((0, 0));
        }
        let place = u32::try_from(row + 1).unwrap_or(u32::MAX);
        if let Some((first, last)) = self.ends.get_mut(symbol.index()) {
            let before =
                usize::try_from(std::mem::replace(last, place)).ok().and_then(|last| last.checked_sub(1));
            match before.and_then(|before| self.next.get_mut(before)) {
                Some(next) => *next = place,
                None => *first = place,
            }
        }
        symbol
    }

    /// The places of the rows of a name, in order.
    pub(crate) fn rows(&self, name: Symbol) -> impl Iterator<Item = usize> {
        let mut at = self.ends.get(name.index()).map_or(0, |(first, _)| *first);
        std::iter::from_fn(move || {
            let row = usize::try_from(at.checked_sub(1)?).ok()?;
            at = self.next.get(row).copied().unwrap_or(0);
            Some(row)
        })
    }

    /// The names, in the order of the sheet.
    pub(crate) fn names(&self) -> &Symbols {
        &self.names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_sheet_under_the_name_of_each() {
        let mut chains = Chains::new(5);
        for (row, name) in ["a", "b", "a", "c", "a"].into_iter().enumerate() {
            chains.add(name, row);
        }
        let rows = |name| chains.names().find(name).map(|name| chains.rows(name).collect::<Vec<_>>());
        assert_eq!(
            [rows("a"), rows("b"), rows("c"), rows("d")],
            [Some(vec![0, 2, 4]), Some(vec![1]), Some(vec![3]), None]
        );
    }
}
