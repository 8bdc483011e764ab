//! The lists and rules as lookup tables: one hash table from word to flags, the provider rules, the typos.
//!
//! Built once per run, read by all workers. Knows nothing of addresses.

use crate::data::domains::{self, Provider, Slips, WordList};
use crate::email::near::Near;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// The lists that hold one word, a bit each: a domain, a top-level domain, a local part or a whole cell.
pub(super) type Flags = u32;

pub(super) const DISPOSABLE: Flags = 1;
pub(super) const RELAY: Flags = 1 << 1;
pub(super) const FREEMAIL: Flags = 1 << 2;
pub(super) const DEAD: Flags = 1 << 3;
pub(super) const TLD: Flags = 1 << 4;
pub(super) const SPECIAL: Flags = 1 << 5;
pub(super) const EXAMPLE: Flags = 1 << 6;
pub(super) const LEGACY_DOTS: Flags = 1 << 7;
pub(super) const ROLE: Flags = 1 << 8;
pub(super) const BLANK_CELL: Flags = 1 << 9;
pub(super) const BLANK_LOCAL: Flags = 1 << 10;
pub(super) const GENERIC_CC: Flags = 1 << 11;
pub(super) const ALLOWED: Flags = 1 << 12;
/// The number of the provider, from 1, in the top byte.
const PROVIDER_SHIFT: u32 = 24;

/// A list a run was decided with, for manifest and report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVersion {
    /// Name of the list.
    pub name: String,
    /// Its date, `YYYY-MM-DD`.
    pub date: String,
    /// Number of entries.
    pub entries: usize,
}

/// The lists and provider rules that `check` looks up.
#[derive(Debug, Clone)]
pub struct EmailTables {
    words: HashMap<Box<str>, Flags, FixedState>,
    /// Apart and small: looked up for every address.
    locals: HashMap<Box<str>, Flags, FixedState>,
    pub(super) providers: Vec<ProviderRules>,
    pub(super) slips: Slips,
    pub(super) near: Near,
    idn_countries: Vec<(&'static str, [u8; 2])>,
    versions: Vec<ListVersion>,
    stamp: u64,
}

/// A provider's rules in the form the check uses.
#[derive(Debug, Clone)]
pub(super) struct ProviderRules {
    pub(super) rule: Provider,
    /// Of every byte: `FITS`, and `IGNORED` where it does not count.
    pub(super) class: [u8; 256],
    /// What begins a tag; 0 = nothing.
    pub(super) tag: u8,
}

/// The byte may stand in a provider's local part.
pub(super) const FITS: u8 = 1;
/// The provider ignores the byte.
pub(super) const IGNORED: u8 = 2;

impl EmailTables {
    /// The lists and rules built into the program.
    pub fn builtin() -> Self {
        Self::with(|_| None)
    }

    /// Likewise, with other lists in the place of those for whose name `replaced` gives a text in the form of the
    /// built-in ones.
    pub fn with<'t>(replaced: impl Fn(&str) -> Option<&'t str>) -> Self {
        let mut words = HashMap::with_capacity_and_hasher(16_000, FixedState::default());
        let mut locals = HashMap::with_capacity_and_hasher(500, FixedState::default());
        let mut versions = Vec::new();
        for (list, flag) in [
            (domains::DISPOSABLE, DISPOSABLE),
            (domains::FREEMAIL, FREEMAIL),
            (domains::RELAY, RELAY),
            (domains::DEAD_DOMAINS, DEAD),
            (domains::TLDS, TLD),
            (domains::SPECIAL_USE, SPECIAL),
            (domains::EXAMPLE_DOMAINS, EXAMPLE),
            (domains::LEGACY_DOTS, LEGACY_DOTS),
            (domains::ROLES, ROLE),
            (domains::PLACEHOLDERS, BLANK_CELL),
            (domains::PLACEHOLDER_LOCALS, BLANK_LOCAL),
            (domains::GENERIC_CCTLDS, GENERIC_CC),
        ] {
            let list = replaced(list.name).map_or(list, |text| WordList::new(list.name, text));
            let mut entries = 0;
            let table = if flag & (ROLE | BLANK_LOCAL) == 0 { &mut words } else { &mut locals };
            for word in list.words() {
                *table.entry(Box::from(word)).or_default() |= flag;
                entries += 1;
            }
            versions.push(ListVersion { name: list.name.into(), date: list.date().into(), entries });
        }
        let providers: Vec<ProviderRules> =
            domains::providers().into_iter().map(ProviderRules::new).collect();
        for (i, provider) in (1..).zip(&providers) {
            for domain in &provider.rule.domains {
                *words.entry(Box::from(domain.as_str())).or_default() |= FREEMAIL | i << PROVIDER_SHIFT;
            }
        }
        let slips = domains::slips();
        let idn_countries = domains::CCTLD_IDN
            .words()
            .filter_map(|line| {
                let (tld, country) = line.split_once(' ')?;
                Some((tld, country.to_ascii_uppercase().as_bytes().try_into().ok()?))
            })
            .collect();
        let (near, stamp) = (Near::new(&slips.target), next_stamp());
        Self { words, locals, providers, near, slips, idn_countries, versions, stamp }
    }

    /// The domain by which a provider's mailboxes are known, where this one is another of its domains.
    pub fn main_domain(&self, domain: &str) -> Option<&str> {
        let own = |d: &String| d.eq_ignore_ascii_case(domain);
        let rules =
            self.providers.iter().map(|rules| &rules.rule).find(|rule| rule.domains.iter().any(own))?;
        Some(rules.canonical.as_str()).filter(|main| !main.is_empty() && !main.eq_ignore_ascii_case(domain))
    }

    /// Whether the text is a domain that a company may have of its own: labels under a top-level domain that exists,
    /// and no provider's where many people have their mailboxes.
    pub fn is_own_domain(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let label =
            |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b >= 0x80);
        let Some((_, tld)) = text.rsplit_once('.') else { return false };
        text.split('.').all(label) && self.flags(tld) & TLD != 0 && self.flags(&text) & FREEMAIL == 0
    }

    /// Whether a lower-case domain, or one it lies under, is where persons have their mailboxes: a free provider's, an
    /// alias service's or one of throw-away addresses.
    pub fn is_personal(&self, domain: &str) -> bool {
        let mut under = Some(domain).filter(|domain| domain.contains('.'));
        while let Some(part) = under {
            if self.flags(part) & (FREEMAIL | RELAY | DISPOSABLE) != 0 {
                return true;
            }
            under = part.split_once('.').map(|(_, rest)| rest).filter(|rest| rest.contains('.'));
        }
        false
    }

    pub(super) fn add(&mut self, name: &str, words: &[String], flag: Flags) {
        for word in words {
            *self.words.entry(Box::from(word.as_str())).or_default() |= flag;
        }
        self.stamp = next_stamp();
        self.versions.push(ListVersion { name: name.into(), date: String::new(), entries: words.len() });
    }

    /// The lists in force, built-in ones first.
    pub fn versions(&self) -> &[ListVersion] {
        &self.versions
    }

    /// Changes whenever an entry does, so that a memo notices; never shown.
    pub(super) fn stamp(&self) -> u64 {
        self.stamp
    }

    /// The lists that hold a lower-case local part.
    pub(super) fn local_flags(&self, local: &str) -> Flags {
        self.locals.get(local).copied().unwrap_or(0)
    }

    /// The lists that hold a lower-case domain, top-level domain or cell.
    pub(super) fn flags(&self, word: &str) -> Flags {
        self.words.get(word).copied().unwrap_or(0)
    }

    pub(super) fn provider(&self, number: u8) -> Option<&ProviderRules> {
        self.providers.get(usize::from(number).checked_sub(1)?)
    }

    /// Where flags hold the number of the provider.
    pub(super) const PROVIDER: Flags = 0xFF << PROVIDER_SHIFT;

    /// The number of the provider in the flags of a domain, 0 = none.
    pub(super) const fn provider_number(flags: Flags) -> u8 {
        (flags >> PROVIDER_SHIFT) as u8
    }

    pub(super) fn idn_country(&self, tld: &str) -> Option<[u8; 2]> {
        self.idn_countries.iter().find(|(name, _)| *name == tld).map(|(_, country)| *country)
    }
}

/// From 1, so that an empty memo is of no tables.
fn next_stamp() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl ProviderRules {
    fn new(rule: Provider) -> Self {
        let mut class = [0; 256];
        let alphabet = rule.alphabet();
        for (byte, class) in class.iter_mut().enumerate().take(128) {
            *class = if alphabet & 1 << byte == 0 { 0 } else { FITS };
        }
        for byte in rule.ignore.bytes() {
            class[usize::from(byte)] |= IGNORED;
        }
        Self { class, tag: rule.tag.bytes().next().unwrap_or(0), rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_with_its_flags_and_no_other() {
        let tables = EmailTables::builtin();
        assert_ne!(EmailTables::provider_number(tables.flags("googlemail.com")), 0);
        assert_eq!((tables.flags("info"), tables.local_flags("info")), (TLD, ROLE));
        assert_eq!(tables.flags("nobody-has-this.example"), 0);
        for word in domains::DISPOSABLE.words() {
            assert_ne!(tables.flags(word) & DISPOSABLE, 0, "{word}");
        }
    }

    #[test]
    fn personal_mailboxes_are_told_from_those_of_a_company() {
        let tables = EmailTables::builtin();
        for domain in ["gmail.com", "orange.fr", "ann.fastmail.com", "duck.com", "mailinator.com"] {
            assert!(tables.is_personal(domain), "{domain}");
        }
        for domain in ["acme.com", "gmail.acme.com", "com", "co.uk", ""] {
            assert!(!tables.is_personal(domain), "{domain}");
        }
    }

    #[test]
    fn lists_tell_their_dates() {
        let tables = EmailTables::builtin();
        let disposable = tables.versions().iter().find(|v| v.name == "disposable");
        assert!(disposable.is_some_and(|v| v.date.starts_with("20") && v.entries > 8_000));
    }
}
