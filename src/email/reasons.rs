//! A small set of reasons that can be copied, for the hot path.

use crate::reason::Reason;

/// A set of reasons, one bit each; iterates in the order of the reason table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reasons([u64; 4]);

const _: () = assert!(Reason::ALL.len() <= 256, "a reason is one byte");

impl Reasons {
    /// No reason.
    pub const NONE: Self = Self([0; 4]);

    /// Adds a reason.
    pub const fn add(&mut self, reason: Reason) {
        self.0[reason as usize >> 6] |= 1 << (reason as usize & 63);
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }

    /// Whether the reason is in the set.
    pub const fn has(self, reason: Reason) -> bool {
        self.0[reason as usize >> 6] & 1 << (reason as usize & 63) != 0
    }

    /// Whether there is no reason.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// The reasons, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        (0..4).flat_map(move |word| {
            let mut bits = self.0[word];
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as usize;
                bits &= bits.wrapping_sub(1);
                Reason::ALL.get(word << 6 | bit).copied().filter(|_| bit < 64)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_bit() {
        let mut all = Reasons::NONE;
        for reason in Reason::ALL {
            let mut one = Reasons::NONE;
            one.add(*reason);
            assert_eq!(one.iter().collect::<Vec<_>>(), [*reason]);
            assert!(!all.has(*reason) && one.has(*reason));
            all.add(*reason);
        }
        assert_eq!(all.iter().collect::<Vec<_>>(), Reason::ALL);
        assert!(Reasons::default().is_empty());
    }
}
