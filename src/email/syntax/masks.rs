//! Ordinary addresses 16 bytes at a time: one bit a byte for every kind of character, and the grammar as a few
//! operations on 64 bits.
//!
//! Takes addresses of 16 to 64 bytes of letters, digits and `.-_+@`, nearly all that lists hold; leaves the others to
//! the byte-by-byte reading, which a test proves to say the same.

use wide::u8x16;

/// An ordinary address: where its @ stands and whether it holds capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::email) struct Plain {
    pub(in crate::email) at: usize,
    pub(in crate::email) upper: bool,
}

const LANE: usize = 16;

/// Which bytes of the address are what; bit i speaks of byte i.
#[derive(Default)]
struct Kinds {
    word: u64,
    upper: u64,
    dot: u64,
    hyphen: u64,
    at: u64,
    /// `_` and `+`, which stand in local parts only.
    local_only: u64,
}

impl Kinds {
    /// Of 16 to 64 bytes.
    #[inline(always)]
    fn of(bytes: &[u8]) -> Option<Self> {
        let mut kinds = Self::default();
        let (lanes, _) = bytes.as_chunks::<LANE>();
        for (number, lane) in lanes.iter().enumerate() {
            kinds.add(*lane, number * LANE);
        }
        // The last bytes once more, as one overlapping lane.
        kinds.add(*bytes.last_chunk::<LANE>()?, bytes.len() - LANE);
        Some(kinds)
    }

    #[inline(always)]
    fn add(&mut self, lane: [u8; LANE], at: usize) {
        let bytes = u8x16::new(lane);
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        let within = |values: u8x16, most: u8| values.min(u8x16::splat(most)).simd_eq(values);
        let bits = |mask: u8x16| u64::from(mask.to_bitmask()) << at;
        let letter = within((bytes | u8x16::splat(0x20)) - u8x16::splat(b'a'), 25);
        let digit = within(bytes - u8x16::splat(b'0'), 9);
        self.word |= bits(letter | digit);
        self.upper |= bits(within(bytes - u8x16::splat(b'A'), 25));
        self.dot |= bits(is(b'.'));
        self.hyphen |= bits(is(b'-'));
        self.at |= bits(is(b'@'));
        self.local_only |= bits(is(b'_') | is(b'+'));
    }
}

/// `None`: read it byte by byte.
#[inline(always)]
pub(super) fn common(bytes: &[u8]) -> Option<Plain> {
    if bytes.len() > u64::BITS as usize {
        return None;
    }
    let Kinds { word, upper, dot, hyphen, at, local_only } = Kinds::of(bytes)?;
    let all = u64::MAX >> (u64::BITS as usize - bytes.len());
    if word | dot | hyphen | at | local_only != all || !at.is_power_of_two() {
        return None;
    }
    let host = !(at | (at - 1)) & all;
    // A dot has something other than a dot and the @ sign on both sides; likewise the ends of the address.
    let edge = dot | at;
    let dots = dot & (edge << 1 | edge >> 1 | 1 | (all ^ all >> 1));
    // In the host a hyphen stands between letters or digits: two hyphens may be an A-label.
    let beside = (edge | hyphen) << 1 | (edge | hyphen) >> 1;
    let hyphens = hyphen & host & (beside | (all ^ all >> 1));
    let sound = dots | hyphens | local_only & host == 0 && at & 1 == 0 && at != all ^ all >> 1;
    (sound && dot & host != 0).then_some(Plain { at: at.trailing_zeros() as usize, upper: upper != 0 })
}
