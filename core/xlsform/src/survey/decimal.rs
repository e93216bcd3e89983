//! Decimal numbers of ranges: exact, so that 0.3 is three steps of 0.1.

/// A number with a fixed count of decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal(i128);

/// Decimals that are kept; more are refused.
const PLACES: i32 = 12;
const ONE: i128 = 1_000_000_000_000;

impl Decimal {
    /// Reads `1`, `-0.25`, `1e3`. None for what is no number, or has more than 12 decimals or 24 digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits.strip_prefix('+').unwrap_or(digits)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() == 0 || whole.len() + fraction.len() > 24 {
            return None;
        }
        let mut value = 0_i128;
        for digit in whole.chars().chain(fraction.chars()) {
            value = value.checked_mul(10)?.checked_add(i128::from(digit.to_digit(10)?))?;
        }
        let mut shift = PLACES + exponent.clamp(-100, 100) - i32::try_from(fraction.len()).ok()?;
        while shift > 0 {
            value = value.checked_mul(10)?;
            shift -= 1;
        }
        while shift < 0 {
            if value % 10 != 0 {
                return None;
            }
            value /= 10;
            shift += 1;
        }
        // Far from the ends of the type, so that differences cannot overflow.
        (value < i128::MAX / 4).then_some(Self(if negative { -value } else { value }))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub(super) fn magnitude(self) -> Self {
        Self(self.0.saturating_abs())
    }

    pub(super) fn less(self, other: Self) -> bool {
        self.0 < other.0
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(super) fn is_whole(self) -> bool {
        self.0 % ONE == 0
    }

    pub(super) fn is_multiple(self, of: Self) -> bool {
        self.0.checked_rem(of.0) == Some(0)
    }
}
