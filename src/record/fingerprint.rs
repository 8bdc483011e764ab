//! Keyed fingerprints of match keys: what the spill holds instead of addresses.

use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// 128 bits that stand for a match key; keyed per run, so that nothing can be guessed back and no two keys
/// can be made to collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint(pub u128);

/// Room for the text of most keys.
const ROOM: usize = 128;

/// Maker of fingerprints under one key.
#[derive(Debug, Clone, Copy)]
pub struct Keyed {
    hasher: SipHasher13,
}

impl Keyed {
    /// A maker under this key.
    pub fn new(key: &[u8; 16]) -> Self {
        Self { hasher: SipHasher13::new_with_key(key) }
    }

    /// The fingerprint of `parts` under `domain` (a one-byte name space: e-mail, phone, …). Parts are
    /// length-prefixed, so that `ab`+`cd` and `a`+`bcd` differ.
    pub fn of(&self, domain: u8, parts: &[&[u8]]) -> Fingerprint {
        let (mut hasher, mut room) = (self.hasher, [0; ROOM]);
        if let [part] = parts
            && let Some(room) = room.get_mut(..5 + part.len())
        {
            // The same bytes in one write.
            room[0] = domain;
            room[1..5].copy_from_slice(&(part.len() as u32).to_le_bytes());
            room[5..].copy_from_slice(part);
            hasher.write(room);
            return Fingerprint(hasher.finish128().as_u128());
        }
        hasher.write_u8(domain);
        for part in parts {
            hasher.write_u32(u32::try_from(part.len()).unwrap_or(u32::MAX));
            hasher.write(part);
        }
        Fingerprint(hasher.finish128().as_u128())
    }
}

#[cfg(test)]
mod tests {
    use super::Keyed;
    use siphasher::sip128::{Hasher128, SipHasher13};
    use std::hash::Hasher;

    #[test]
    fn long_and_short_texts_are_hashed_alike() {
        let keyed = Keyed::new(&[7; 16]);
        for len in [0, 1, 3, 4, 11, 64, 122, 123, 124, 500] {
            let text = vec![b'x'; len];
            let mut hasher = SipHasher13::new_with_key(&[7; 16]);
            hasher.write_u8(b'e');
            hasher.write_u32(len as u32);
            hasher.write(&text);
            assert_eq!(keyed.of(b'e', &[&text]).0, hasher.finish128().as_u128(), "{len}");
        }
    }
}
