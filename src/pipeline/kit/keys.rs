//! Keys: the fingerprint a point is matched by, the digest ids are made of.

use crate::link::KeyKind;
use crate::output::hex;
use crate::record::{Fingerprint, Keyed, PointKind};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Name spaces of fingerprints that are no match keys.
const EXACT: u8 = 32;

/// Between the parts of a postal key: family name, street, area.
pub(crate) const PART: char = '\u{1f}';

/// The match key of a point: whose ledger it shares with every other holder.
pub(crate) fn key_of(keyed: &Keyed, kind: PointKind, key: &str) -> Fingerprint {
    match kind {
        PointKind::Email => KeyKind::Email.key(keyed, &[key.as_bytes()]),
        PointKind::Phone => KeyKind::Phone.key(keyed, &[key.as_bytes()]),
        PointKind::Handle => KeyKind::Handle.key(keyed, &[key.as_bytes()]),
        PointKind::Post => {
            let mut parts = key.as_bytes().splitn(3, |b| *b == PART as u8);
            let mut part = || parts.next().unwrap_or_default();
            KeyKind::NameStreet.key(keyed, &[part(), part(), part()])
        }
    }
}

/// Stands for the exact address within its key.
pub(crate) fn exact_of(keyed: &Keyed, exact: &str) -> u64 {
    keyed.of(EXACT, &[exact.as_bytes()]).0 as u64
}

/// Bytes of the digest that make an id: two of a billion contacts agree by chance once in 10^11 runs.
pub(crate) const BYTES: usize = 12;

pub(crate) fn digest(text: &[u8], key: Option<&[u8]>) -> [u8; 32] {
    match key.and_then(|key| <Hmac<Sha256> as Mac>::new_from_slice(key).ok()) {
        Some(mut mac) => {
            mac.update(text);
            mac.finalize().into_bytes().into()
        }
        None => Sha256::digest(text).into(),
    }
}

/// Tells keys apart without telling anything of them.
pub(crate) fn key_id(key: &[u8]) -> String {
    hex(&digest(b"contactable: which key", Some(key))[..8])
}

/// What stands for an erased person's point in a suppression file.
pub(crate) fn tombstone(point: &str, key: &[u8]) -> String {
    hex(&digest(point.as_bytes(), Some(key)))
}
