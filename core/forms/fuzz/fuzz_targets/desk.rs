//! The surroundings that every target fills in.

use xuncha_forms::{Context, Moment};

/// A clock that stands, the same entropy each time, no property: a finding can be played again.
pub struct Desk;

impl Context for Desk {
    fn now(&self) -> Moment {
        Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 }
    }
    fn entropy(&mut self) -> [u8; 16] {
        [7; 16]
    }
    fn property(&self, _name: &str) -> Option<String> {
        None
    }
}
