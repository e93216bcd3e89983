//! Texts kept once each, in one buffer.

use std::hash::{BuildHasher, RandomState};

/// Interned texts. The empty one is always there, as 0.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    text: String,
    /// Where each text ends; it begins where the one before does.
    ends: Vec<u32>,
    /// Open addressing by hash; `NONE` is free. A power of two, at most two thirds full.
    slots: Vec<u32>,
    /// Of its own, so that no document can be made whose texts collide.
    key: [u64; 2],
}

const NONE: u32 = u32::MAX;

impl Default for Pool {
    fn default() -> Self {
        let mut pool = Pool {
            text: String::new(),
            ends: Vec::new(),
            slots: vec![NONE; 16],
            key: [RandomState::new().hash_one(0u8), RandomState::new().hash_one(1u8)],
        };
        pool.intern("");
        pool
    }
}

impl Pool {
    fn hash(&self, text: &str) -> usize {
        #[allow(clippy::cast_possible_truncation, reason = "only the low bits are used")]
        let hash = hash(self.key, text.as_bytes()) as usize;
        hash
    }
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
    pub(crate) fn text(&self, id: u32) -> &str {
        self.text.get(self.place(id)).unwrap_or("")
    }
    fn bytes(&self, id: u32) -> &[u8] {
        self.text.as_bytes().get(self.place(id)).unwrap_or(&[])
    }
    fn place(&self, id: u32) -> std::ops::Range<usize> {
        let at = id as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        start..self.ends.get(at).map_or(start, |end| *end as usize)
    }
    pub(crate) fn get(&self, text: &str) -> Option<u32> {
        self.find(text).ok()
    }
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        match self.find(text) {
            Ok(id) => id,
            Err(slot) => {
                let id = u32::try_from(self.ends.len()).unwrap_or(NONE);
                self.text.push_str(text);
                self.ends.push(u32::try_from(self.text.len()).unwrap_or(NONE));
                if let Some(free) = self.slots.get_mut(slot) {
                    *free = id;
                }
                if self.ends.len() * 3 > self.slots.len() * 2 {
                    self.grow();
                }
                id
            }
        }
    }
    /// The id of a text, or the free slot that it would take.
    fn find(&self, text: &str) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = self.hash(text) & mask;
        loop {
            match self.slots.get(slot) {
                Some(&id) if id != NONE => {
                    if self.bytes(id) == text.as_bytes() {
                        return Ok(id);
                    }
                }
                _ => return Err(slot),
            }
            slot = (slot + 1) & mask;
        }
    }
    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let mut slots = vec![NONE; size];
        for id in 0..u32::try_from(self.ends.len()).unwrap_or(NONE) {
            let mut slot = self.hash(self.text(id)) & (size - 1);
            while slots.get(slot).is_some_and(|taken| *taken != NONE) {
                slot = (slot + 1) & (size - 1);
            }
            if let Some(free) = slots.get_mut(slot) {
                *free = id;
            }
        }
        self.slots = slots;
    }
    /// Gives back what it reserved to grow.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// A keyed hash of short texts: eight bytes at a time, each folded by a wide multiplication, which takes a
/// fraction of what SipHash does. Collisions cannot be made without the key, and the key never leaves.
fn hash(key: [u64; 2], bytes: &[u8]) -> u64 {
    let [mut state, factor] = key;
    let fold = |state: u64, word: u64| {
        let wide = u128::from(state ^ word) * u128::from(factor | 1);
        #[allow(clippy::cast_possible_truncation, reason = "the halves are folded")]
        let folded = wide as u64 ^ (wide >> 64) as u64;
        folded
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = fold(state, u64::from_le_bytes(*word));
    }
    let last = rest.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    state = fold(state, last);
    fold(state.rotate_left(29), bytes.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_has_one_id_and_comes_back(texts in prop::collection::vec("[a-c巡]{0,4}", 0..200)) {
            let mut pool = Pool::default();
            let ids: Vec<u32> = texts.iter().map(|text| pool.intern(text)).collect();
            for (text, id) in texts.iter().zip(&ids) {
                prop_assert_eq!(pool.text(*id), text);
                prop_assert_eq!(pool.get(text), Some(*id));
                prop_assert_eq!(pool.intern(text), *id);
            }
            prop_assert_eq!(pool.get("absent"), None);
            prop_assert_eq!(pool.get(""), Some(0));
        }
    }
}
