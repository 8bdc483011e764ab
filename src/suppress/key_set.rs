//! A set of 64-bit keys in sorted memory: nine bytes an entry, found in one or two cache misses.
//!
//! Keys are spread evenly (fingerprints, or numbers mixed by a bijection), so that their first bits lead to a
//! handful of neighbours. Knows numbers only.

/// Keys that share an entry of the directory, on average.
const NEIGHBOURS: usize = 16;

/// Keys that are looked for together.
const TOGETHER: usize = 64;

/// Neighbours that are all looked at.
const FEW: usize = 64;

/// Sorted keys, each with the number of its tag.
#[derive(Debug, Default)]
pub(super) struct KeySet {
    pub(super) keys: Vec<u64>,
    pub(super) tags: TagNumbers,
    /// Where the keys of each leading bit pattern begin; one entry more than there are patterns.
    directory: Vec<u32>,
    shift: u32,
}

/// Numbers of tags, as narrow as their table allows: of up to 256 tags in one byte, of up to 65,536 in two.
#[derive(Debug, Default)]
pub(super) struct TagNumbers {
    pub(super) wide: bool,
    pub(super) bytes: Vec<u8>,
}

impl TagNumbers {
    /// No entry yet, room for `entries`, numbers below `tags`.
    pub(super) fn new(tags: usize, entries: usize) -> Self {
        let wide = tags > 256;
        Self { wide, bytes: Vec::with_capacity(entries * (1 + usize::from(wide))) }
    }

    pub(super) fn push(&mut self, tag: u16) {
        self.bytes.extend_from_slice(&tag.to_le_bytes()[..1 + usize::from(self.wide)]);
    }

    pub(super) fn get(&self, at: usize) -> u16 {
        if self.wide {
            u16::from_le_bytes([self.bytes[2 * at], self.bytes[2 * at + 1]])
        } else {
            u16::from(self.bytes[at])
        }
    }
}

impl KeySet {
    /// Of sorted keys and as many tags.
    pub(super) fn new(keys: Vec<u64>, tags: TagNumbers) -> Self {
        let bits = (keys.len() / NEIGHBOURS).max(1).next_power_of_two().trailing_zeros().min(31);
        let shift = 64 - bits;
        let mut directory = Vec::with_capacity((1 << bits) + 1);
        let mut at = 0;
        for pattern in 0..1_u64 << bits {
            while keys.get(at).is_some_and(|key| first_bits(*key, shift) < pattern) {
                at += 1;
            }
            directory.push(at as u32);
        }
        directory.push(keys.len() as u32);
        Self { keys, tags, directory, shift }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Hands on the place and the tag of every entry of that key.
    pub(super) fn find(&self, key: u64, mut found: impl FnMut(usize, u16)) {
        if self.keys.is_empty() {
            return;
        }
        let pattern = first_bits(key, self.shift) as usize;
        let (from, to) = (self.directory[pattern] as usize, self.directory[pattern + 1] as usize);
        let near = &self.keys[from..to];
        let first = near.partition_point(|k| *k < key);
        for (at, _) in near.iter().enumerate().skip(first).take_while(|(_, k)| **k == key) {
            found(from + at, self.tags.get(from + at));
        }
    }

    /// Hands on the number of each of `keys` that is in the set. Nothing waits for a key before the next is fetched.
    pub(super) fn find_each(&self, keys: &[u64], mut found: impl FnMut(usize)) {
        if self.keys.is_empty() {
            return;
        }
        let mut cells = [(0, 0); TOGETHER];
        for (together, first) in keys.chunks(TOGETHER).zip((0..).step_by(TOGETHER)) {
            for (cell, key) in cells.iter_mut().zip(together) {
                let pattern = first_bits(*key, self.shift) as usize;
                *cell = (self.directory[pattern] as usize, self.directory[pattern + 1] as usize);
            }
            let ends = cells.iter().take(together.len()).map(|(from, to)| (*from, to.saturating_sub(1)));
            let fetched = ends.fold(0, |all, (from, last)| {
                let key = |at: usize| self.keys.get(at).copied().unwrap_or(0);
                all ^ key(from) ^ key(last)
            });
            std::hint::black_box(fetched);
            for (((from, to), key), at) in cells.iter().zip(together).zip(first..) {
                let near = &self.keys[*from..*to];
                // Nothing is gained by stopping early among so few; one person's many aliases may crowd a cell.
                let there = match near.len() {
                    0..=FEW => near.iter().fold(false, |any, k| any | (k == key)),
                    _ => near.binary_search(key).is_ok(),
                };
                if there {
                    found(at);
                }
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.keys.capacity() * 8 + self.tags.bytes.capacity() + self.directory.capacity() * 4
    }
}

/// The bits of a key that its directory goes by; all patterns are 0 where the shift is 64.
fn first_bits(key: u64, shift: u32) -> u64 {
    key.checked_shr(shift).unwrap_or(0)
}

/// Spreads numbers over all 64 bits, no two to one (the finalizer of SplitMix64, Steele et al. 2014).
pub(super) const fn spread(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::{KeySet, TagNumbers, spread};
    use std::collections::BTreeSet;

    fn set(mut keys: Vec<u64>, tags: usize) -> KeySet {
        keys.sort_unstable();
        let mut numbers = TagNumbers::new(tags, keys.len());
        (0..keys.len()).for_each(|at| numbers.push((at % tags) as u16));
        KeySet::new(keys, numbers)
    }

    fn places(set: &KeySet, key: u64) -> Vec<(usize, u16)> {
        let mut all = Vec::new();
        set.find(key, |at, tag| all.push((at, tag)));
        all
    }

    #[test]
    fn every_key_is_found_and_no_other() {
        for count in [0, 1, 2, 15, 16, 17, 1_000, 40_000] {
            for tags in [1, 300] {
                let keys: Vec<u64> = (0..count).map(|n| spread(n * 7)).collect();
                let set = set(keys.clone(), tags);
                for key in &keys {
                    let found = places(&set, *key);
                    assert_eq!(found.len(), 1, "{count}");
                    assert_eq!(usize::from(found[0].1), found[0].0 % tags);
                }
                for other in (0..count).map(|n| spread(n * 7 + 1)).chain([0, u64::MAX]) {
                    assert!(places(&set, other).len() <= usize::from(keys.contains(&other)));
                }
                let asked: Vec<u64> =
                    keys.iter().flat_map(|k| [*k, k.wrapping_add(1), !*k]).chain([0, u64::MAX]).collect();
                let mut found = Vec::new();
                set.find_each(&asked, |at| found.push(at));
                let expected = (0..asked.len()).filter(|at| !places(&set, asked[*at]).is_empty());
                assert_eq!(found, expected.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn equal_keys_and_the_ends_are_found() {
        let set = set(vec![0, 0, 5, 5, 5, u64::MAX, u64::MAX], 7);
        assert_eq!(places(&set, 0).len(), 2);
        assert_eq!(places(&set, 5).len(), 3);
        assert_eq!(places(&set, u64::MAX), [(5, 5), (6, 6)]);
    }

    #[test]
    fn a_crowded_cell_is_searched_like_any_other() {
        let crowded = [vec![7; 5_000], vec![9, 1 << 60, u64::MAX]].concat();
        let (set, mut found) = (set(crowded, 7), Vec::new());
        set.find_each(&[6, 7, 8, 9, 1 << 60, 1 << 61, u64::MAX], |at| found.push(at));
        assert_eq!(found, [1, 3, 4, 6]);
    }

    #[test]
    fn an_entry_takes_less_than_ten_bytes() {
        let set = set((0..100_000).map(spread).collect(), 200);
        let bytes = set.bytes() as f64 / set.len() as f64;
        assert!(bytes < 9.6, "{bytes}");
    }

    #[test]
    fn numbers_are_spread_and_stay_apart() {
        let spreads: BTreeSet<u64> = (12_012_000_000..12_012_100_000_u64).map(spread).collect();
        assert_eq!(spreads.len(), 100_000);
    }
}
