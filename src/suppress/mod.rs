//! Suppression lists: what their entries name, the normal forms and digests they are found by, and the index that
//! finds them, in memory or from a file.
//!
//! `clean` takes plain addresses and numbers through the ledger like every other refusal; its lists hold what can only
//! be looked up: domains, digests, and numbers as they are dialled within a country that nobody told. The lists of
//! `check` hold everything. Knows no format and no rule.

mod file;
mod forms;
mod hash;
mod index;
mod key_set;

pub use file::index_key;
pub use forms::{EmailForms, Form, PhoneForms};
pub use hash::{Algorithm, Digested};
pub use index::{
    Asked, BatchedLookups, EntryBatch, EntryKey, EntryKind, EntryTag, Hit, Index, IndexBuilder, ListBuilder,
    ListFacts, ListIndex, ListedEntries, MatchedBy,
};

use crate::record::{Channel, Channels, Event, RowId};

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

/// What an entry of a suppression list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionEntry<'a> {
    /// An address.
    Email {
        /// Without provider aliases; of a handle its key.
        canonical: &'a str,
        /// Repaired and lower-cased.
        exact: &'a str,
    },
    /// A number in E.164, or the text of digits that make none.
    Phone(&'a str),
    /// A number whose country nobody told, as [`bare_digits`].
    Bare(u64),
    /// The digest of an address or number.
    Digest(Digested),
    /// A domain, in Unicode or as A-labels.
    Domain {
        /// The domain without `@` or `*.`.
        name: &'a str,
        /// Whether all below it are meant too.
        below: bool,
    },
    /// A household, or a house without a name, as its match key.
    House(&'a str),
}

/// Kind and point of a domain or digest as suppression files write them, `None` for anything else; `keyed`: its row
/// says that only a key can match the digest.
pub fn kind_and_point(text: &str, keyed: bool) -> Option<(&'static str, &str)> {
    let stone = text.strip_prefix(KEYED).or(keyed.then_some(text));
    match (shape(text), stone) {
        (Some(SuppressionEntry::Domain { .. }), _) => Some(("domain", text)),
        (Some(SuppressionEntry::Digest(_)), Some(stone)) => Some((Algorithm::HmacSha256.word(), stone)),
        (Some(SuppressionEntry::Digest(digest)), None) => Some((digest.algorithm().word(), text)),
        _ => None,
    }
}

/// A domain or a digest, told by its shape: `@acme.com` is this domain, `*.acme.com` and `.acme.com` are this domain and
/// all below it; hexadecimal digits of the length of a known digest are one. A spreadsheet's apostrophe, the root's dot
/// and the name of the algorithm before a digest (`sha256:…`) are no part of it. `None`: an address, a number, or
/// something else.
pub fn shape(text: &str) -> Option<SuppressionEntry<'_>> {
    let text = text.trim();
    let text = text.strip_prefix('\'').unwrap_or(text);
    let dotted = || text.strip_prefix('.').filter(|name| name.contains('.') && !name.starts_with('.'));
    let below =
        ["*.", "*@*.", "@*.", "%.", "%@%."].iter().find_map(|mark| text.strip_prefix(mark)).or_else(dotted);
    let itself = ["*@", "%@", "(*)@", "@"].iter().find_map(|mark| text.strip_prefix(mark));
    match below.or(itself).map(|name| name.trim_end_matches('.')) {
        Some(name) if !name.is_empty() && !name.contains(['@', '*', '%']) => {
            Some(SuppressionEntry::Domain { name, below: below.is_some() })
        }
        _ => Digested::read(text).map(SuppressionEntry::Digest),
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
    let mut all = text.bytes().filter(u8::is_ascii_digit);
    let filler = all.next().is_some_and(|first| all.all(|digit| digit == first));
    ((7..=15).contains(&count) && !filler).then_some(number)
}

/// A domain in Unicode or as A-labels, as A-labels in lower case.
fn ascii_domain(name: &str) -> String {
    idna::domain_to_ascii_cow(name.as_bytes(), idna::AsciiDenyList::EMPTY)
        .map_or_else(|_| name.to_ascii_lowercase(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests;
