//! Facts about a domain: found once per distinct domain and remembered in a bounded memo.
//!
//! The memo only saves work: a miss gives the same answer as a hit.

use crate::data::suffixes::registered_domain;
use crate::email::tables::{
    ALLOWED, DEAD, DISPOSABLE, EXAMPLE, EmailTables, FREEMAIL, Flags, GENERIC_CC, LEGACY_DOTS, RELAY,
    SPECIAL, TLD,
};
use crate::email::typo::{self, Certainty};
use crate::reason::Reason;
use std::hash::BuildHasher as _;

/// Facts about a domain, in eight bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DomainFacts {
    /// Which lists hold the domain or a parent of it; the provider; `SUBDOMAIN`, `PUBLIC_SUFFIX`.
    pub(super) flags: Flags,
    /// Why it can receive no mail at all.
    pub(super) fault: Option<Reason>,
    pub(super) slip: Option<Certainty>,
    /// The country of its country-code top-level domain; zeros for none.
    country: [u8; 2],
}

/// The mailbox stands in the domain (`tag@user.fastmail.com`).
pub(super) const SUBDOMAIN: Flags = 1 << 22;
/// Others register their names under it.
pub(super) const PUBLIC_SUFFIX: Flags = 1 << 23;

impl DomainFacts {
    #[inline]
    pub(super) const fn any(self, flags: Flags) -> bool {
        self.flags & flags != 0
    }

    #[inline]
    pub(super) fn country(self) -> Option<[u8; 2]> {
        (self.country != [0; 2]).then_some(self.country)
    }

    /// Number of the provider whose rules hold, 0 = none.
    #[inline]
    pub(super) const fn provider(self) -> u8 {
        EmailTables::provider_number(self.flags)
    }

    fn set_provider(&mut self, flags: Flags) {
        self.flags = self.flags & !EmailTables::PROVIDER | flags & EmailTables::PROVIDER;
    }
}

/// The facts about a domain: lower-case ASCII, labels well formed.
pub(super) fn facts_of_domain(domain: &str, tables: &EmailTables) -> DomainFacts {
    let own = tables.flags(domain);
    let mut facts = DomainFacts::default();
    facts.set_provider(own);
    let Some(dot) = domain.bytes().rposition(|b| b == b'.') else {
        facts.fault = Some(Reason::EmailSingleLabel);
        facts.slip = typo::suggest(domain, tables, &mut String::new());
        return facts;
    };
    let tld = &domain[dot + 1..];
    let of_tld = tables.flags(tld);
    facts.country = country(tld, of_tld, tables).unwrap_or_default();
    if of_tld & (SPECIAL | TLD) == SPECIAL || tld == "arpa" {
        facts.fault = Some(Reason::EmailSpecialUseDomain);
        return facts;
    }
    if of_tld & TLD == 0 {
        facts.fault = Some(Reason::EmailUnknownTld);
        facts.slip = typo::suggest(domain, tables, &mut String::new());
        return facts;
    }
    facts.flags |= own & (DISPOSABLE | RELAY | FREEMAIL | DEAD | EXAMPLE | LEGACY_DOTS | ALLOWED);
    if !facts.any(FREEMAIL | RELAY | DEAD | EXAMPLE) {
        look_at_parents(domain, tables, &mut facts);
    }
    if facts.any(ALLOWED) {
        facts.flags &= !(DISPOSABLE | DEAD);
        facts.slip = None;
    }
    facts
}

/// Adds what the lists say of the domain's parents: a list entry holds for all that lies under it.
fn look_at_parents(domain: &str, tables: &EmailTables, facts: &mut DomainFacts) {
    let registered = registered_domain(domain).map(str::len);
    if registered.is_none() {
        facts.flags |= PUBLIC_SUFFIX;
    }
    let registered = registered.unwrap_or(domain.len());
    let mut parent = domain;
    while parent.len() > registered {
        let Some(dot) = parent.bytes().position(|b| b == b'.') else { break };
        let first = parent.len() == domain.len();
        parent = &parent[dot + 1..];
        let flags = tables.flags(parent);
        facts.flags |= flags & (DISPOSABLE | RELAY | EXAMPLE | ALLOWED);
        let rules = tables.provider(EmailTables::provider_number(flags));
        if first && rules.is_some_and(|p| p.rule.subdomain) {
            facts.flags |= FREEMAIL | SUBDOMAIN;
            facts.set_provider(flags);
        }
    }
    if !facts.any(FREEMAIL | RELAY | EXAMPLE | ALLOWED) {
        facts.slip = typo::suggest_real(domain, tables, &mut String::new());
        if facts.slip.is_some() {
            facts.flags &= !DISPOSABLE;
        }
    }
}

/// The country of a country-code top-level domain; `None` for the generic ones.
fn country(tld: &str, flags: Flags, tables: &EmailTables) -> Option<[u8; 2]> {
    match tld.as_bytes() {
        b"uk" => Some(*b"GB"),
        // Kept to the government and forces of the United States (RFC 1480, RFC 1591). `.edu` has alumni everywhere.
        b"gov" | b"mil" => Some(*b"US"),
        [a, b] if flags & (TLD | GENERIC_CC) == TLD => Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()]),
        [b'x', b'n', b'-', b'-', ..] => tables.idn_country(tld),
        _ => None,
    }
}

/// Places of a hash; one cache line.
const WAYS: usize = 4;
const SETS: usize = 4_096;

#[derive(Debug, Clone, Copy, Default)]
struct CacheEntry {
    /// Keyed fingerprint of the domain, never 0.
    print: u64,
    facts: DomainFacts,
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct CacheSet([CacheEntry; WAYS]);

/// The facts of the 65,536 domains seen last or most (1 MiB), known by 64 bits under a random key: of a million two
/// meet in one run of 10^13, and nobody can bring that about.
#[derive(Debug, Clone, Default)]
pub(super) struct DomainMemo {
    sets: Vec<CacheSet>,
    key: foldhash::fast::RandomState,
    stamp: u64,
}

impl DomainMemo {
    #[inline]
    pub(super) fn facts(&mut self, domain: &str, tables: &EmailTables) -> DomainFacts {
        if self.stamp != tables.stamp() {
            self.forget(tables.stamp());
        }
        let print = self.key.hash_one(domain.as_bytes()) | 1;
        let CacheSet(ways) = &mut self.sets[(print >> 32) as usize % SETS];
        if ways[0].print == print {
            return ways[0].facts;
        }
        match ways.iter().position(|entry| entry.print == print) {
            Some(at) => {
                // What is asked for often moves to the front, and stays.
                ways.swap(at, at - 1);
                ways[at - 1].facts
            }
            None => {
                let facts = facts_of_domain(domain, tables);
                ways[WAYS - 1] = CacheEntry { print, facts };
                ways[WAYS - 2..].rotate_right(1);
                facts
            }
        }
    }

    /// Other tables were given: nothing remembered holds any more.
    #[cold]
    fn forget(&mut self, stamp: u64) {
        self.stamp = stamp;
        self.sets.clear();
        self.sets.resize(SETS, CacheSet::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_some_domains() {
        let tables = EmailTables::builtin();
        let facts = |domain| facts_of_domain(domain, &tables);
        assert_eq!(facts("acme.de").country(), Some(*b"DE"));
        assert_eq!(facts("acme.co.uk").country(), Some(*b"GB"));
        assert_eq!(facts("acme.io").country(), None);
        assert_eq!(facts("elm.gov").country(), Some(*b"US"));
        assert_eq!(facts("elm.gov.uk").country(), Some(*b"GB"));
        assert_eq!(facts("elm.edu").country(), None);
        assert_eq!(facts("acme.eu").country(), None);
        assert_eq!(facts("acme.xn--p1ai").country(), Some(*b"RU"));
        assert!(facts("co.uk").any(PUBLIC_SUFFIX) && !facts("acme.co.uk").any(PUBLIC_SUFFIX));
        assert_eq!(facts("x.y.mailinator.com").flags & DISPOSABLE, DISPOSABLE);
        assert!(facts("jane.fastmail.com").any(SUBDOMAIN) && !facts("fastmail.com").any(SUBDOMAIN));
        assert_eq!(facts("a.jane.fastmail.com").provider(), 0);
        assert_eq!(facts("server").fault, Some(Reason::EmailSingleLabel));
        assert_eq!(facts("server.local").fault, Some(Reason::EmailSpecialUseDomain));
        assert_eq!(facts("server.zz").fault, Some(Reason::EmailUnknownTld));
        // A word of another list is no top-level domain by accident.
        assert_eq!(facts("acme.mail").fault, Some(Reason::EmailSpecialUseDomain));
        assert_eq!(facts("acme.sales").fault, Some(Reason::EmailUnknownTld));
    }

    #[test]
    fn the_memo_follows_the_tables() {
        let mut tables = EmailTables::builtin();
        let mut memo = DomainMemo::default();
        assert_eq!(memo.facts("alpha-mail.org", &tables).flags & DISPOSABLE, 0);
        tables.add_disposable("own", "alpha-mail.org").expect("a domain");
        assert_eq!(memo.facts("alpha-mail.org", &tables).flags & DISPOSABLE, DISPOSABLE);
        tables.allow("own", "alpha-mail.org").expect("a domain");
        assert_eq!(memo.facts("alpha-mail.org", &tables).flags & DISPOSABLE, 0);
    }
}
