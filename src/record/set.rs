//! Sets of the values of an enum, one bit each.

use super::Element;
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

/// A set of values of `E` in as few bytes as hold them: value `n` is bit `n % 8` of byte `n / 8`. Iterates in the order
/// of the enum; ordered as the number that the bytes are, lowest first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Set<E, const BYTES: usize = 1>([u8; BYTES], PhantomData<E>);

impl<E, const BYTES: usize> Set<E, BYTES> {
    /// The empty set.
    pub const NONE: Self = Self::from_bytes([0; BYTES]);

    /// The set that these bytes are.
    pub const fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes, PhantomData)
    }

    /// The set as bytes; files hold them.
    pub const fn bytes(self) -> [u8; BYTES] {
        self.0
    }

    /// The set of the values with these numbers (`Value as u8`), for constants.
    pub const fn numbered(numbers: &[u8]) -> Self {
        let mut set = [0; BYTES];
        let mut at = 0;
        while at < numbers.len() {
            set[numbers[at] as usize >> 3] |= 1 << (numbers[at] & 7);
            at += 1;
        }
        Self::from_bytes(set)
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == [0; BYTES]
    }

    /// How many values are in the set.
    pub fn count(self) -> u32 {
        self.0.iter().map(|byte| byte.count_ones()).sum()
    }

    /// What is in one of the sets.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        self.bytewise(other, |own, other| own | other)
    }

    /// What is in both sets.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        self.bytewise(other, |own, other| own & other)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        self.bytewise(other, |own, other| own & !other)
    }

    fn bytewise(self, other: Self, of: impl Fn(u8, u8) -> u8) -> Self {
        Self::from_bytes(std::array::from_fn(|at| of(self.0[at], other.0[at])))
    }
}

impl<E: Element, const BYTES: usize> Set<E, BYTES> {
    /// The set of one value.
    pub fn only(value: E) -> Self {
        let mut set = Self::NONE;
        set.add(value);
        set
    }

    /// Adds a value.
    pub fn add(&mut self, value: E) {
        let (byte, bit) = Self::place(value);
        self.0[byte] |= bit;
    }

    /// Adds a value, or takes it out.
    pub fn set(&mut self, value: E, included: bool) {
        let (byte, bit) = Self::place(value);
        self.0[byte] = if included { self.0[byte] | bit } else { self.0[byte] & !bit };
    }

    /// Whether one of these values is in the set.
    pub fn any(self, values: &[E]) -> bool {
        values.iter().any(|value| self.has(*value))
    }

    /// Whether the value is in the set.
    pub fn has(self, value: E) -> bool {
        let (byte, bit) = Self::place(value);
        self.0[byte] & bit != 0
    }

    /// The values, in the order of their enum.
    pub fn iter(self) -> impl Iterator<Item = E> {
        (0..BYTES.div_ceil(8)).flat_map(move |word| {
            let mut bits = self.word(word);
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as usize;
                bits &= bits.wrapping_sub(1);
                if bit < 64 { E::at(word << 6 | bit) } else { None }
            })
        })
    }

    /// The byte of a value, and its bit there.
    fn place(value: E) -> (usize, u8) {
        const { assert!(E::COUNT <= 8 * BYTES, "a set of this enum takes more bytes") };
        (value.number() >> 3, 1 << (value.number() & 7))
    }

    /// Eight bytes of the set as one number.
    fn word(self, word: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(&self.0[word << 3..]).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(bytes)
    }
}

impl<E, const BYTES: usize> Default for Set<E, BYTES> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<E: Element, const BYTES: usize> FromIterator<E> for Set<E, BYTES> {
    fn from_iter<I: IntoIterator<Item = E>>(values: I) -> Self {
        let mut set = Self::NONE;
        values.into_iter().for_each(|value| set.add(value));
        set
    }
}

impl<E: Eq, const BYTES: usize> Ord for Set<E, BYTES> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

impl<E: Eq, const BYTES: usize> PartialOrd for Set<E, BYTES> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E: Element + Debug, const BYTES: usize> Debug for Set<E, BYTES> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Set;
    use crate::record::{Channel, Channels, Field};

    type Fields = Set<Field, 16>;

    #[test]
    fn every_value_has_its_own_bit() {
        let mut all = Fields::NONE;
        for (at, field) in Field::ALL.into_iter().enumerate() {
            let one = Fields::only(field);
            assert_eq!(one.iter().collect::<Vec<_>>(), [field]);
            assert_eq!(one.bytes()[at / 8], 1 << (at % 8));
            assert!(!all.has(field) && one.has(field));
            all.add(field);
        }
        assert_eq!(all.iter().collect::<Vec<_>>(), Field::ALL);
        assert_eq!(all.count() as usize, Field::ALL.len());
    }

    #[test]
    fn sets_are_joined_and_parted() {
        let phone: Channels =
            Channel::ALL.into_iter().filter(|c| !matches!(c, Channel::Email | Channel::Post)).collect();
        assert_eq!(phone, Channels::PHONE);
        assert_eq!(Channels::ALL, Channel::ALL.into_iter().collect());
        let post = Channels::ALL.without(phone).intersect(Channels::only(Channel::Post));
        assert_eq!(post.iter().collect::<Vec<_>>(), [Channel::Post]);
        assert!(post.any(&[Channel::Email, Channel::Post]) && !post.is_empty());
        let mut none = post;
        none.set(Channel::Post, false);
        assert_eq!(none, Channels::NONE);
    }

    #[test]
    fn sets_are_ordered_as_numbers() {
        let set = |number: u16| Set::<Field, 2>::from_bytes(number.to_le_bytes());
        assert!(set(0x0100) > set(0x00ff) && set(1) > set(0));
    }
}
