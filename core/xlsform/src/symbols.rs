//! Words that are kept once and known by a number: a large form says each of its names many times.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// A word of [`Symbols`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(u32);

impl Symbol {
    /// Its place in the order of first mention, from 0.
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    pub(crate) fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn of_number(number: u32) -> Self {
        Self(number)
    }
}

/// Words in the order of their first mention, one after the other in one text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Symbols {
    text: String,
    ends: Vec<u32>,
    /// By hash, the number of a word and one; nought where there is none. Their count is a power of two.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Symbols {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word; empty for the number of another set.
    pub(crate) fn get(&self, symbol: Symbol) -> &str {
        let nth = symbol.index();
        let end = self.ends.get(nth).copied().unwrap_or(0);
        let start = nth.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        usize::try_from(start)
            .ok()
            .zip(usize::try_from(end).ok())
            .and_then(|(s, e)| self.text.get(s..e))
            .unwrap_or("")
    }

    pub(crate) fn find(&self, word: &str) -> Option<Symbol> {
        self.slots.get(self.slot(word)?).and_then(|found| found.checked_sub(1)).map(Symbol)
    }

    /// The word's number, a new one if it was not here yet.
    pub(crate) fn add(&mut self, word: &str) -> Symbol {
        if self.ends.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let at = self.slot(word).unwrap_or(0);
        if let Some(known) = self.slots.get(at).and_then(|found| found.checked_sub(1)) {
            return Symbol(known);
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        self.text.push_str(word);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = number + 1;
        }
        Symbol(number)
    }

    /// All words, in the order of their first mention.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX))
            .map(|number| (Symbol(number), self.get(Symbol(number))))
    }

    /// Where the word stands, or would; none while there are no slots.
    fn slot(&self, word: &str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = usize::try_from(self.hasher.hash_one(word) & 0xffff_ffff).unwrap_or(0) & mask;
        while let Some(number) = self.slots.get(at).and_then(|found| found.checked_sub(1)) {
            if self.get(Symbol(number)) == word {
                break;
            }
            at = (at + 1) & mask;
        }
        Some(at)
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for number in 0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX) {
            let at = self.slot(self.get(Symbol(number))).unwrap_or(0);
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_however_many_follow() {
        let mut symbols = Symbols::default();
        let word = |n: usize| if n == 7 { String::new() } else { format!("w{n}") };
        let all: Vec<Symbol> = (0..1000).map(|n| symbols.add(&word(n))).collect();
        for (n, symbol) in all.iter().enumerate() {
            assert_eq!(symbols.add(&word(n)), *symbol);
            assert_eq!(symbols.get(*symbol), word(n));
            assert_eq!(symbols.find(&word(n)), Some(*symbol));
        }
        assert_eq!((symbols.find("w7"), symbols.len()), (None, 1000));
        assert!(symbols.iter().map(|(symbol, _)| symbol).eq(all));
    }
}
