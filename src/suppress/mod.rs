//! Suppression lists that are not plain addresses: domains, and digests of addresses and numbers.
//!
//! Plain addresses and numbers of a suppression source go through the ledger like every other refusal; what is
//! here can only be asked "does this address stand on a list?". Knows no format and no rule.

mod forms;
mod hash;

pub use forms::{EmailForms, PhoneForms};
pub use hash::{Algorithm, Digested};

use crate::record::{Event, RowId};
use std::collections::HashMap;

/// An entry of a list: the row it stands in and the refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The row it stands in.
    pub row: RowId,
    /// The refusal it is.
    pub event: Event,
}

/// What a suppressed point turned out to be by its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape<'a> {
    /// `@acme.com`: this domain; `*.acme.com`: this domain and all below it.
    Domain {
        /// The domain without `@` or `*.`.
        name: &'a str,
        /// Whether all below it are meant too.
        below: bool,
    },
    /// Hexadecimal digits of the length of a known digest.
    Digest(Digested),
    /// An address, a number, or something else.
    Plain(&'a str),
}

/// Tells a domain or a digest by its shape.
pub fn shape(text: &str) -> Shape<'_> {
    let text = text.trim();
    if let Some(name) = text.strip_prefix("*.").or_else(|| text.strip_prefix("*@*.")) {
        return Shape::Domain { name, below: true };
    }
    if let Some(name) = text.strip_prefix("*@").or_else(|| text.strip_prefix('@')) {
        return Shape::Domain { name, below: false };
    }
    Digested::read(text).map_or(Shape::Plain(text), Shape::Digest)
}

/// All domain and digest entries of a run, ready to be asked.
#[derive(Debug, Default)]
pub struct Lists {
    domains: HashMap<Box<str>, (bool, u32)>,
    digests: Vec<(Digested, u32)>,
    algorithms: Vec<Algorithm>,
    listed: Vec<Listed>,
    key: Option<Vec<u8>>,
}

impl Lists {
    /// Empty lists; `key` is the secret of HMAC digests (`--key-file`).
    pub fn new(key: Option<&[u8]>) -> Self {
        Self { key: key.map(<[u8]>::to_vec), ..Self::default() }
    }

    /// Adds a domain; the first entry of a domain is kept, and the widest reach of all.
    pub fn add_domain(&mut self, name: &str, below: bool, listed: Listed) {
        let index = self.push(listed);
        let entry = self.domains.entry(name.to_ascii_lowercase().into()).or_insert((below, index));
        entry.0 |= below;
    }

    /// Adds a digest.
    pub fn add_digest(&mut self, digest: Digested, listed: Listed) {
        let index = self.push(listed);
        self.digests.push((digest, index));
    }

    fn push(&mut self, listed: Listed) -> u32 {
        self.listed.push(listed);
        u32::try_from(self.listed.len() - 1).unwrap_or(u32::MAX)
    }

    /// Sorts the lists; after this they can be asked.
    pub fn finish(&mut self) {
        self.digests.sort_unstable();
        let unsalted = Algorithm::ALL.into_iter().filter(|a| *a != Algorithm::HmacSha256);
        let present = |a: &Algorithm| self.digests.iter().any(|(d, _)| d.length() == a.length());
        self.algorithms = unsalted.filter(present).collect();
        if self.key.is_some() && present(&Algorithm::HmacSha256) {
            self.algorithms.push(Algorithm::HmacSha256);
        }
    }

    /// Whether there is nothing to ask.
    pub fn is_empty(&self) -> bool {
        self.domains.is_empty() && self.digests.is_empty()
    }

    /// Every entry the domain of an address falls under: the domain itself, then those above it.
    pub fn domain_hits(&self, domain: &str, mut hit: impl FnMut(&Listed)) {
        if self.domains.is_empty() {
            return;
        }
        let mut rest = Some(domain);
        while let Some(name) = rest {
            if let Some((below, index)) = self.domains.get(name)
                && (*below || name.len() == domain.len())
            {
                hit(&self.listed[*index as usize]);
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
    }

    /// Every entry whose digest is that of one of the address's normal forms.
    pub fn email_hits(&self, forms: &EmailForms<'_>, hit: impl FnMut(&Listed)) {
        if !self.algorithms.is_empty() {
            self.digest_hits(forms.all(), hit);
        }
    }

    /// Every entry whose digest is that of one of the number's normal forms.
    pub fn phone_hits(&self, forms: &PhoneForms<'_>, hit: impl FnMut(&Listed)) {
        if !self.algorithms.is_empty() {
            self.digest_hits(forms.all(), hit);
        }
    }

    fn digest_hits<'a>(&self, forms: impl Iterator<Item = &'a str>, mut hit: impl FnMut(&Listed)) {
        for form in forms {
            for algorithm in &self.algorithms {
                let Some(digest) = algorithm.digest(form.as_bytes(), self.key.as_deref()) else { continue };
                let start = self.digests.partition_point(|(d, _)| *d < digest);
                for (_, index) in self.digests[start..].iter().take_while(|(d, _)| *d == digest) {
                    hit(&self.listed[*index as usize]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
