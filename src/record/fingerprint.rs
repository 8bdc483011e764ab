//! Keyed fingerprints of match keys: what the spill holds instead of addresses.

use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// 128 bits that stand for a match key; keyed per run, so that nothing can be guessed back and no two keys
/// can be made to collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint(pub u128);

/// Makes fingerprints under one key.
#[derive(Debug, Clone, Copy)]
pub struct Keyed {
    hasher: SipHasher13,
}

impl Keyed {
    /// Fingerprints under this key.
    pub fn new(key: &[u8; 16]) -> Self {
        Self { hasher: SipHasher13::new_with_key(key) }
    }

    /// The fingerprint of `parts` under `domain` (a one-byte name space: e-mail, phone, …). Parts are
    /// length-prefixed, so that `ab`+`cd` and `a`+`bcd` differ.
    pub fn of(&self, domain: u8, parts: &[&[u8]]) -> Fingerprint {
        let mut hasher = self.hasher;
        hasher.write_u8(domain);
        for part in parts {
            hasher.write_u32(u32::try_from(part.len()).unwrap_or(u32::MAX));
            hasher.write(part);
        }
        Fingerprint(hasher.finish128().as_u128())
    }
}
