//! Sums over the front of a list whose entries change (a Fenwick tree): every step is logarithmic.

/// What can be summed up, and taken away again without a trace.
pub(crate) trait Amount: Copy + Default {
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

/// Entry `n` holds the sum of as many entries up to `n` as the lowest bit of `n + 1` says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prefix<T> {
    sums: Vec<T>,
}

impl<T: Amount> Prefix<T> {
    fn push(&mut self, amount: T) {
        let index = self.sums.len() + 1;
        let floor = index & (index - 1);
        let mut total = amount;
        let mut at = index - 1;
        while at > floor {
            total = total.plus(self.sums.get(at - 1).copied().unwrap_or_default());
            at &= at - 1;
        }
        self.sums.push(total);
    }

    /// Replaces what an entry adds; entries up to it come into being.
    pub(crate) fn change(&mut self, entry: usize, from: T, to: T) {
        while self.sums.len() <= entry {
            self.push(T::default());
        }
        let mut at = entry + 1;
        while let Some(sum) = self.sums.get_mut(at - 1) {
            *sum = sum.minus(from).plus(to);
            at += at & at.wrapping_neg();
        }
    }

    /// The sum of the first `count` entries.
    pub(crate) fn first(&self, count: usize) -> T {
        let mut at = count.min(self.sums.len());
        let mut total = T::default();
        while at > 0 {
            total = total.plus(self.sums.get(at - 1).copied().unwrap_or_default());
            at &= at - 1;
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Amount for i64 {
        fn plus(self, other: i64) -> i64 {
            self + other
        }
        fn minus(self, other: i64) -> i64 {
            self - other
        }
    }

    proptest! {
        #[test]
        fn a_front_sums_up_to_what_its_entries_do(changes in prop::collection::vec((0usize..40, -9i64..9), 0..60)) {
            let mut plain = vec![0i64; 40];
            let mut prefix = Prefix::default();
            for (entry, amount) in changes {
                prefix.change(entry, plain[entry], amount);
                plain[entry] = amount;
                for count in 0..=40 {
                    prop_assert_eq!(prefix.first(count), plain.iter().take(count).sum::<i64>());
                }
            }
        }
    }
}
