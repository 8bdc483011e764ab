//! Digests of addresses: which algorithms lists use, and how a digest is recognised by its length.

use crate::record::words;
use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

words! {
    /// How a digest was made.
    pub enum Algorithm {
        /// RFC 1321; 32 hexadecimal digits.
        Md5 = "md5",
        /// FIPS 180-4; 40 hexadecimal digits.
        Sha1 = "sha1",
        /// FIPS 180-4; 64 hexadecimal digits.
        Sha256 = "sha256",
        /// FIPS 180-4; 128 hexadecimal digits.
        Sha512 = "sha512",
        /// RFC 2104 over SHA-256, keyed; 64 hexadecimal digits.
        HmacSha256 = "hmac-sha256",
    }
}

impl Algorithm {
    /// Length of a digest in bytes.
    pub const fn length(self) -> u8 {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 | Self::HmacSha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// The digest of these bytes; `None` for a keyed algorithm without a key.
    pub fn whole_digest(self, bytes: &[u8], key: Option<&[u8]>) -> Option<Vec<u8>> {
        self.digest_with(bytes, key, <[u8]>::to_vec)
    }

    /// What is kept of that digest to match by; allocates nothing.
    pub fn digest(self, bytes: &[u8], key: Option<&[u8]>) -> Option<Digested> {
        self.digest_with(bytes, key, Digested::of)
    }

    fn digest_with<T>(self, bytes: &[u8], key: Option<&[u8]>, with: impl FnOnce(&[u8]) -> T) -> Option<T> {
        Some(match self {
            Self::Md5 => with(&Md5::digest(bytes)),
            Self::Sha1 => with(&Sha1::digest(bytes)),
            Self::Sha256 => with(&Sha256::digest(bytes)),
            Self::Sha512 => with(&Sha512::digest(bytes)),
            Self::HmacSha256 => with(&keyed(key?, bytes)?),
        })
    }
}

pub(super) fn keyed(key: &[u8], bytes: &[u8]) -> Option<[u8; 32]> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
    mac.update(bytes);
    Some(mac.finalize().into_bytes().into())
}

/// The first 64 bits of a digest, and how long the digest was: enough to decide (two of a hundred million
/// entries agree by chance with a probability below one in a thousand), a quarter of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digested {
    head: u64,
    length: u8,
}

/// Bytes that may stand before the digits of a digest.
const PREFIX: usize = 16;

impl Digested {
    fn of(digest: &[u8]) -> Self {
        let mut head = [0; 8];
        head.copy_from_slice(&digest[..8]);
        Self { head: u64::from_be_bytes(head), length: u8::try_from(digest.len()).unwrap_or(u8::MAX) }
    }

    /// Reads hexadecimal digits, upper or lower case, at the end of a text: whatever few characters stand before them are a
    /// database's or a person's way to write a digest (`0x`, `\\x`, `X'`, `sha256:`, `{SHA}`). `None` unless they have the
    /// length of a known digest.
    pub fn read(text: &str) -> Option<Self> {
        let around = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '}' | ']' | '>' | ')' | ';');
        let text = text.trim_end_matches(around);
        let hex = text.rsplit(|c: char| !c.is_ascii_hexdigit()).next()?;
        let before = &text[..text.len() - hex.len()];
        let known = Algorithm::ALL.iter().any(|a| usize::from(a.length()) * 2 == hex.len());
        if !known || before.len() > PREFIX || before.contains('@') {
            return None;
        }
        let length = u8::try_from(hex.len() / 2).ok()?;
        u64::from_str_radix(&hex[..16], 16).ok().map(|head| Self { head, length })
    }

    /// Its first 64 bits.
    pub const fn head(self) -> u64 {
        self.head
    }

    /// The unkeyed algorithm of its length.
    pub const fn algorithm(self) -> Algorithm {
        match self.length {
            16 => Algorithm::Md5,
            20 => Algorithm::Sha1,
            64 => Algorithm::Sha512,
            _ => Algorithm::Sha256,
        }
    }

    /// Length of the digest in bytes.
    pub const fn length(self) -> u8 {
        self.length
    }
}
