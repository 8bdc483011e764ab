//! Suppression lists that are not plain points: domains, digests of addresses and numbers, national numbers.
//!
//! Plain addresses and numbers of a suppression source go through the ledger like every other refusal; what is
//! here can only be asked "does this address stand on a list?": domains, digests, and numbers as they are
//! dialled within a country that the list does not name. Knows no format and no rule.

mod file;
mod forms;
mod hash;
mod index;
mod questions;
mod set;

pub use file::index_key;
pub use forms::{EmailForms, Form, PhoneForms};
pub use hash::{Algorithm, Digested};
pub use index::{Batch, Builder, Entry, Hit, Index, Kind, ListFacts, Tag};
pub use questions::Questions;

use crate::record::{Channel, Channels, Event, RowId};
use std::collections::HashMap;

/// Before a digest that only a key can match, where no column says so.
pub const KEYED: &str = "hmac-sha256:";

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

/// Tells a domain or a digest by its shape (`.acme.com` is all below it, and itself). A spreadsheet's apostrophe, the root's dot and the name of the
/// algorithm before a digest (`sha256:…`) are no part of it.
pub fn shape(text: &str) -> Shape<'_> {
    let text = text.trim();
    let text = text.strip_prefix('\'').unwrap_or(text);
    let dotted = || text.strip_prefix('.').filter(|name| name.contains('.') && !name.starts_with('.'));
    let below =
        ["*.", "*@*.", "@*.", "%.", "%@%."].iter().find_map(|mark| text.strip_prefix(mark)).or_else(dotted);
    let itself = ["*@", "%@", "(*)@", "@"].iter().find_map(|mark| text.strip_prefix(mark));
    match below.or(itself).map(|name| name.trim_end_matches('.')) {
        Some(name) if !name.is_empty() && !name.contains(['@', '*', '%']) => {
            Shape::Domain { name, below: below.is_some() }
        }
        _ => Digested::read(text).map_or(Shape::Plain(text), Shape::Digest),
    }
}

/// The entries of a cell: one, or several between commas, semicolons, bars or white space.
pub fn entries(cell: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
    cell.split(apart).filter(|entry| !entry.is_empty())
}

/// The channels on which a digest binds a number: whoever lists digests for e-mail alone may not know that this
/// one is of a number.
pub fn digest_binds_number(channels: Channels) -> Channels {
    if channels == Channels::only(Channel::Email) { channels.union(Channels::PHONE) } else { channels }
}

/// The digits by which a number is known whose country nobody told: without the zeros that stand before a
/// national number or a country code. `None` for what is too short to be a number.
pub fn bare_digits(text: &str) -> Option<u64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|b| *b == b'0');
    let (count, number) = digits.fold((0, 0u64), |(count, number), b| {
        (count + 1, number.wrapping_mul(10).wrapping_add(u64::from(b - b'0')))
    });
    (7..=15).contains(&count).then_some(number)
}

/// A domain in Unicode or as A-labels, as A-labels in lower case.
fn ascii_domain(name: &str) -> String {
    idna::domain_to_ascii_cow(name.as_bytes(), idna::AsciiDenyList::EMPTY)
        .map_or_else(|_| name.to_ascii_lowercase(), std::borrow::Cow::into_owned)
}

/// All such entries of a run, ready to be asked.
#[derive(Debug, Default)]
pub struct Lists {
    /// By domain: whether all below it are meant too, and the entry.
    domains: HashMap<Box<str>, Vec<(bool, u32)>>,
    /// Numbers of no country, as [`bare_digits`].
    numbers: Vec<(u64, u32)>,
    /// Houses whose residents are not named.
    houses: HashMap<Box<str>, Vec<u32>>,
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

    /// Adds a domain, in Unicode or as A-labels.
    pub fn add_domain(&mut self, name: &str, below: bool, listed: Listed) {
        let index = self.push(listed);
        let name = ascii_domain(name);
        self.domains.entry(name.into()).or_default().push((below, index));
    }

    /// Adds a number whose country is not told.
    pub fn add_number(&mut self, bare: u64, listed: Listed) {
        let index = self.push(listed);
        self.numbers.push((bare, index));
    }

    /// Adds a house, in whatever form it is asked for.
    pub fn add_house(&mut self, house: &str, listed: Listed) {
        let index = self.push(listed);
        self.houses.entry(house.into()).or_default().push(index);
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
        self.numbers.sort_unstable();
        let unsalted = Algorithm::ALL.into_iter().filter(|a| *a != Algorithm::HmacSha256);
        let present = |a: &Algorithm| self.digests.iter().any(|(d, _)| d.length() == a.length());
        self.algorithms = unsalted.filter(present).collect();
        if self.key.is_some() && present(&Algorithm::HmacSha256) {
            self.algorithms.push(Algorithm::HmacSha256);
        }
    }

    /// Whether there is nothing to ask.
    pub fn is_empty(&self) -> bool {
        self.domains.is_empty()
            && self.digests.is_empty()
            && self.numbers.is_empty()
            && self.houses.is_empty()
    }

    /// Every entry the domain of an address falls under: the domain itself, then those above it.
    pub fn domain_hits(&self, domain: &str, mut hit: impl FnMut(&Listed)) {
        if self.domains.is_empty() {
            return;
        }
        let mut rest = Some(domain);
        while let Some(name) = rest {
            for (below, index) in self.domains.get(name).into_iter().flatten() {
                if *below || name.len() == domain.len() {
                    hit(&self.listed[*index as usize]);
                }
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
    }

    /// Every entry whose digest is that of one of the address's normal forms.
    pub fn email_hits(&self, forms: &EmailForms<'_>, mut hit: impl FnMut(&Listed)) {
        if !self.algorithms.is_empty() {
            forms.each(|_, form| self.digest_hits(form, &mut hit));
        }
    }

    /// Every entry that is the number as dialled at home, or without its plus.
    pub fn number_hits(&self, forms: &PhoneForms<'_>, mut hit: impl FnMut(&Listed)) {
        if self.numbers.is_empty() {
            return;
        }
        let [whole, national] = [forms.e164, forms.national].map(bare_digits);
        for bare in whole.into_iter().chain(national.filter(|n| Some(*n) != whole)) {
            let start = self.numbers.partition_point(|(n, _)| *n < bare);
            for (_, index) in self.numbers[start..].iter().take_while(|(n, _)| *n == bare) {
                hit(&self.listed[*index as usize]);
            }
        }
    }

    /// Every entry that is the house.
    pub fn house_hits(&self, house: &str, mut hit: impl FnMut(&Listed)) {
        if self.houses.is_empty() {
            return;
        }
        for index in self.houses.get(house).into_iter().flatten() {
            hit(&self.listed[*index as usize]);
        }
    }

    /// Every entry that is the text's digest under the key.
    pub fn keyed_hits(&self, text: &str, mut hit: impl FnMut(&Listed)) {
        if self.algorithms.contains(&Algorithm::HmacSha256) {
            self.digest_hits(text.as_bytes(), &mut hit);
        }
    }

    /// Every entry whose digest is that of one of the number's normal forms.
    pub fn phone_hits(&self, forms: &PhoneForms<'_>, mut hit: impl FnMut(&Listed)) {
        if !self.algorithms.is_empty() {
            forms.each(|_, form| self.digest_hits(form, &mut hit));
        }
    }

    fn digest_hits(&self, form: &[u8], hit: &mut impl FnMut(&Listed)) {
        for algorithm in &self.algorithms {
            let Some(digest) = algorithm.digest(form, self.key.as_deref()) else { continue };
            let start = self.digests.partition_point(|(d, _)| *d < digest);
            for (_, index) in self.digests[start..].iter().take_while(|(d, _)| *d == digest) {
                hit(&self.listed[*index as usize]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
