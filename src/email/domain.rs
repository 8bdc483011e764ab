//! What is known of a domain: found once per distinct domain and remembered in a bounded memo.
//!
//! The memo only saves work: a miss gives the same answer as a hit.

use crate::reason::Reason;

use super::tables::{
    ALLOWED, DEAD, DISPOSABLE, EXAMPLE, FREEMAIL, Flags, GENERIC_CC, LEGACY_DOTS, RELAY, SPECIAL, TLD,
    Tables, hash,
};
use super::typo::{self, Certainty};

/// What is known of a domain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DomainFacts {
    /// Which lists hold the domain or a parent of it.
    pub(super) flags: Flags,
    /// Why it can receive no mail at all.
    pub(super) fault: Option<Reason>,
    /// Whether a slip is suspected.
    pub(super) slip: Option<Certainty>,
    /// The country of its country-code top-level domain.
    pub(super) country: Option<[u8; 2]>,
    /// Number of the provider whose rules hold, 0 = none.
    pub(super) provider: u8,
    /// The mailbox stands in the domain (`tag@user.fastmail.com`).
    pub(super) subdomain: bool,
    /// Others register their names under it.
    pub(super) public_suffix: bool,
}

/// Finds out what is known of a domain: lower-case ASCII, labels well formed.
pub(super) fn facts_of_domain(domain: &str, tables: &Tables) -> DomainFacts {
    let own = tables.flags(domain);
    let mut facts = DomainFacts { provider: Tables::provider_number(own), ..DomainFacts::default() };
    let Some((_, tld)) = domain.rsplit_once('.') else {
        facts.fault = Some(Reason::EmailSingleLabel);
        facts.slip = typo::suggest(domain, tables, &mut String::new());
        return facts;
    };
    let of_tld = tables.flags(tld);
    facts.country = country(tld, of_tld, tables);
    if of_tld & (SPECIAL | TLD) == SPECIAL || tld == "arpa" {
        facts.fault = Some(Reason::EmailSpecialUseDomain);
        return facts;
    }
    if of_tld & TLD == 0 {
        facts.fault = Some(Reason::EmailUnknownTld);
        facts.slip = typo::suggest(domain, tables, &mut String::new());
        return facts;
    }
    facts.flags = own & (DISPOSABLE | RELAY | FREEMAIL | DEAD | EXAMPLE | LEGACY_DOTS | ALLOWED);
    if facts.flags & (FREEMAIL | RELAY | DEAD | EXAMPLE) == 0 {
        look_at_parents(domain, tables, &mut facts);
    }
    if facts.flags & ALLOWED != 0 {
        facts.flags &= !(DISPOSABLE | DEAD);
        facts.slip = None;
    }
    facts
}

/// Lists condemn or know a registered domain with all that lies under it.
fn look_at_parents(domain: &str, tables: &Tables, facts: &mut DomainFacts) {
    let registered = psl::domain_str(domain);
    facts.public_suffix = registered.is_none();
    let registered = registered.unwrap_or(domain);
    let first_parent = domain.split_once('.').map_or("", |(_, rest)| rest);
    let mut parent = first_parent;
    while parent.len() >= registered.len() {
        let flags = tables.flags(parent);
        facts.flags |= flags & (DISPOSABLE | RELAY | EXAMPLE | ALLOWED);
        let provider = Tables::provider_number(flags);
        if parent == first_parent && tables.provider(provider).is_some_and(|p| p.rule.subdomain) {
            facts.flags |= FREEMAIL;
            facts.provider = provider;
            facts.subdomain = true;
        }
        let Some((_, rest)) = parent.split_once('.') else { break };
        parent = rest;
    }
    if facts.flags & (FREEMAIL | RELAY | EXAMPLE | ALLOWED) == 0 {
        facts.slip = typo::suggest(domain, tables, &mut String::new());
        if facts.slip.is_some() {
            facts.flags &= !DISPOSABLE;
        }
    }
}

/// The country of a country-code top-level domain; `None` for the generic ones.
fn country(tld: &str, flags: Flags, tables: &Tables) -> Option<[u8; 2]> {
    match tld.as_bytes() {
        b"uk" => Some(*b"GB"),
        // Kept to the government and forces of the United States (RFC 1480, RFC 1591). `.edu` has alumni everywhere.
        b"gov" | b"mil" => Some(*b"US"),
        [a, b] if flags & (TLD | GENERIC_CC) == TLD => Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()]),
        [b'x', b'n', b'-', b'-', ..] => tables.idn_country(tld),
        _ => None,
    }
}

const ENTRIES: usize = 16_384;
const TEXT: usize = 44;

#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Entry {
    facts: DomainFacts,
    len: u8,
    text: [u8; TEXT],
}

/// The facts of the domains seen last, one place per hash; one cache line an entry, 1 MiB in all.
#[derive(Debug, Clone, Default)]
pub(super) struct Memo {
    entries: Vec<Entry>,
    stamp: u64,
}

impl Memo {
    /// The facts of a lower-case ASCII domain.
    #[inline]
    pub(super) fn facts(&mut self, domain: &str, tables: &Tables) -> DomainFacts {
        let bytes = domain.as_bytes();
        if bytes.len() > TEXT {
            return facts_of_domain(domain, tables);
        }
        if self.stamp != tables.stamp() {
            self.forget(tables.stamp());
        }
        let entry = &mut self.entries[hash(bytes) as usize % ENTRIES];
        if usize::from(entry.len) != bytes.len() || entry.text[..bytes.len()] != *bytes {
            entry.facts = facts_of_domain(domain, tables);
            entry.len = bytes.len() as u8;
            entry.text[..bytes.len()].copy_from_slice(bytes);
        }
        entry.facts
    }

    /// Other tables were given: nothing remembered holds any more.
    #[cold]
    fn forget(&mut self, stamp: u64) {
        self.stamp = stamp;
        self.entries.clear();
        self.entries.resize(ENTRIES, Entry { facts: DomainFacts::default(), len: 0, text: [0; TEXT] });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_some_domains() {
        let tables = Tables::builtin();
        let facts = |domain| facts_of_domain(domain, &tables);
        assert_eq!(facts("acme.de").country, Some(*b"DE"));
        assert_eq!(facts("acme.co.uk").country, Some(*b"GB"));
        assert_eq!(facts("acme.io").country, None);
        assert_eq!(facts("elm.gov").country, Some(*b"US"));
        assert_eq!(facts("elm.gov.uk").country, Some(*b"GB"));
        assert_eq!(facts("elm.edu").country, None);
        assert_eq!(facts("acme.eu").country, None);
        assert_eq!(facts("acme.xn--p1ai").country, Some(*b"RU"));
        assert!(facts("co.uk").public_suffix && !facts("acme.co.uk").public_suffix);
        assert_eq!(facts("x.y.mailinator.com").flags & DISPOSABLE, DISPOSABLE);
        assert!(facts("jane.fastmail.com").subdomain && !facts("fastmail.com").subdomain);
        assert_eq!(facts("a.jane.fastmail.com").provider, 0);
        assert_eq!(facts("server").fault, Some(Reason::EmailSingleLabel));
        assert_eq!(facts("server.local").fault, Some(Reason::EmailSpecialUseDomain));
        assert_eq!(facts("server.zz").fault, Some(Reason::EmailUnknownTld));
    }

    #[test]
    fn a_list_word_is_no_top_level_domain_by_accident() {
        let facts = facts_of_domain("acme.mail", &Tables::builtin());
        assert_eq!(facts.fault, Some(Reason::EmailSpecialUseDomain));
        assert_eq!(facts_of_domain("acme.sales", &Tables::builtin()).fault, Some(Reason::EmailUnknownTld));
    }

    #[test]
    fn the_memo_follows_the_tables() {
        let mut tables = Tables::builtin();
        let mut memo = Memo::default();
        assert_eq!(memo.facts("alpha-mail.org", &tables).flags & DISPOSABLE, 0);
        tables.add_disposable("own", "alpha-mail.org").expect("a domain");
        assert_eq!(memo.facts("alpha-mail.org", &tables).flags & DISPOSABLE, DISPOSABLE);
        tables.allow("own", "alpha-mail.org").expect("a domain");
        assert_eq!(memo.facts("alpha-mail.org", &tables).flags & DISPOSABLE, 0);
    }
}
