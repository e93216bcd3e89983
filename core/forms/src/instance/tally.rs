//! What a column of a repeat adds up to, kept as its nodes change: sums, counts, extremes and running
//! totals. Numbers are added as exact decimals, so that what was taken away leaves nothing behind and
//! the result does not depend on the order of the changes.

use super::prefix::{Amount, Prefix};
use crate::value::{time, xpath_number};
use std::collections::BTreeMap;

/// One in units of [`Part::sum`]: eighteen decimals.
const ONE: i128 = 1_000_000_000_000_000_000;
/// Digits before the point that a part may have: two million nodes of them still fit.
const WHOLE_DIGITS: usize = 13;
const DECIMALS: usize = 18;

/// What nodes add: how many there are, of which kinds, and the sum of their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) nodes: u32,
    pub(crate) filled: u32,
    /// Texts that are no number.
    pub(crate) strange: u32,
    /// Numbers that no exact decimal of this width holds, or that depend on the time zone.
    pub(crate) loose: u32,
    sum: i128,
}

impl Amount for Part {
    fn plus(self, other: Part) -> Part {
        Part {
            nodes: self.nodes.wrapping_add(other.nodes),
            filled: self.filled.wrapping_add(other.filled),
            strange: self.strange.wrapping_add(other.strange),
            loose: self.loose.wrapping_add(other.loose),
            sum: self.sum.wrapping_add(other.sum),
        }
    }
    fn minus(self, other: Part) -> Part {
        Part {
            nodes: self.nodes.wrapping_sub(other.nodes),
            filled: self.filled.wrapping_sub(other.filled),
            strange: self.strange.wrapping_sub(other.strange),
            loose: self.loose.wrapping_sub(other.loose),
            sum: self.sum.wrapping_sub(other.sum),
        }
    }
}

impl Part {
    /// What one node adds.
    pub(crate) fn of(text: &str) -> Part {
        let mut part = Part { nodes: 1, ..Part::default() };
        if text.is_empty() {
            return part;
        }
        part.filled = 1;
        match exact(text) {
            Some(number) => part.sum = number,
            None if xpath_number(text).is_some() || time::day_number(text, 0).is_some() => part.loose = 1,
            None => part.strange = 1,
        }
        part
    }

    /// The sum, unless it holds what is not exact; not a number where a text is none.
    pub(crate) fn total(self) -> Option<f64> {
        match (self.loose, self.strange) {
            (0, 0) => Some(number(self.sum)),
            (0, _) => Some(f64::NAN),
            _ => None,
        }
    }

    /// The exact number of one node.
    fn exactly(self) -> Option<i128> {
        (self.filled == 1 && self.strange == 0 && self.loose == 0).then_some(self.sum)
    }
}

/// A number's text, or a day, as an exact decimal.
fn exact(text: &str) -> Option<i128> {
    if let Some(date) = time::date_of(text) {
        return Some(i128::from(time::days(date)) * ONE);
    }
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(decimals) {
        return None;
    }
    if whole.len() + decimals.len() == 0 || whole.len() > WHOLE_DIGITS || decimals.len() > DECIMALS {
        return None;
    }
    let value = |part: &str| part.bytes().fold(0i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    let scale = 10i64.pow(u32::try_from(DECIMALS - decimals.len()).ok()?);
    let size = i128::from(value(whole)) * ONE + i128::from(value(decimals)) * i128::from(scale);
    Some(if digits.len() == text.len() { size } else { -size })
}

/// The double nearest to an exact decimal.
fn number(sum: i128) -> f64 {
    let (whole, rest) = (sum / ONE, sum % ONE);
    if rest == 0 {
        #[allow(clippy::cast_precision_loss, reason = "rounds to the nearest, as reading its text would")]
        return whole as f64;
    }
    let sign = if sum < 0 { "-" } else { "" };
    format!("{sign}{}.{:018}", whole.unsigned_abs(), rest.unsigned_abs()).parse().unwrap_or(f64::NAN)
}

/// Which aggregates a column is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Sum, count and count of the filled.
    Total,
    /// The same over the first instances; how many levels above its leaf an instance is.
    Running(u16),
    /// Least and greatest.
    Extremes,
}

/// A column as it stands, below one anchor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    total: Part,
    front: Prefix<Part>,
    numbers: BTreeMap<i128, u32>,
}

impl Tally {
    /// Replaces what a leaf adds. `entry` is the number of its instance.
    pub(crate) fn change(&mut self, keeping: Keeping, entry: usize, from: Part, to: Part) {
        self.total = self.total.minus(from).plus(to);
        match keeping {
            Keeping::Total => {}
            Keeping::Running(_) => self.front.change(entry, from, to),
            Keeping::Extremes => {
                if let Some(old) = from.exactly()
                    && let Some(count) = self.numbers.get_mut(&old)
                {
                    *count -= 1;
                    if *count == 0 {
                        self.numbers.remove(&old);
                    }
                }
                if let Some(new) = to.exactly() {
                    *self.numbers.entry(new).or_default() += 1;
                }
            }
        }
    }
    pub(crate) fn total(&self) -> Part {
        self.total
    }
    #[cfg(test)]
    pub(crate) fn numbers(&self) -> &BTreeMap<i128, u32> {
        &self.numbers
    }
    /// Of the instances numbered below `bound`.
    pub(crate) fn below(&self, bound: usize) -> Part {
        self.front.first(bound)
    }
    /// Least and greatest number, not a number when there is none; nothing when some are not exact.
    pub(crate) fn extremes(&self) -> Option<(f64, f64)> {
        let end = |found: Option<(&i128, &u32)>| found.map_or(f64::NAN, |(sum, _)| number(*sum));
        (self.total.loose == 0)
            .then(|| (end(self.numbers.first_key_value()), end(self.numbers.last_key_value())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_add_up_exactly() {
        let add =
            |texts: &[&str]| texts.iter().fold(Part::default(), |sum, text| sum.plus(Part::of(text))).total();
        assert_eq!(add(&["0.1", "0.2"]), Some(0.3));
        assert_eq!(add(&["1", "", " 2.50 ", "-.5"]), Some(3.0));
        assert_eq!(add(&["2026-03-05"]), Some(20_517.0));
        assert!(add(&["1", "x"]).is_some_and(f64::is_nan));
        assert_eq!(add(&["99999999999999", "1"]), None);
        assert_eq!(add(&["2026-03-05T10:00:00.000+08:00"]), None);
        assert_eq!(add(&[]), Some(0.0));
    }

    proptest! {
        #[test]
        fn a_decimal_is_the_number_of_its_text(text in "-?[0-9]{0,13}(\\.[0-9]{0,18})?") {
            match (exact(&text), xpath_number(&text)) {
                (Some(sum), Some(expected)) => prop_assert_eq!(number(sum), expected),
                (sum, expected) => prop_assert_eq!((sum, expected), (None, None)),
            }
        }

        #[test]
        fn what_is_taken_away_leaves_nothing(texts in prop::collection::vec("-?[0-9]{1,6}\\.[0-9]{0,9}|x||2026-03-0[1-9]", 1..30)) {
            let mut tally = Tally::default();
            for text in &texts {
                tally.change(Keeping::Extremes, 0, Part::default(), Part::of(text));
            }
            let (first, rest) = texts.split_first().unwrap();
            for text in rest {
                tally.change(Keeping::Extremes, 0, Part::of(text), Part::default());
            }
            prop_assert_eq!(tally.total(), Part::of(first));
            let left = Part::of(first).exactly().map(number);
            let (least, greatest) = tally.extremes().unwrap();
            prop_assert_eq!(left.unwrap_or(0.0), if least.is_nan() { 0.0 } else { least });
            prop_assert_eq!(least.to_bits(), greatest.to_bits());
        }
    }
}
