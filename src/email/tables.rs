//! The lists and rules as lookup tables: one hash table from word to flags, the provider rules, the slips.
//!
//! Built once per run, read by all workers. Knows nothing of addresses.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::data::domains::{self, List, Provider, Slips};
use crate::record::Failure;

use super::domain::{PUBLIC_SUFFIX, facts_of_domain};
use super::typo::Near;

/// What the lists say about one word: a domain, a top-level domain, a local part or a whole cell.
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

/// Everything `check` looks up.
#[derive(Debug, Clone)]
pub struct Tables {
    words: Words,
    /// Apart and small: looked up for every address.
    locals: Words,
    pub(super) providers: Vec<Rules>,
    pub(super) slips: Slips,
    pub(super) near: Near,
    idn_countries: Vec<(&'static str, [u8; 2])>,
    versions: Vec<ListVersion>,
    stamp: u64,
}

/// A provider's rules in the form the check uses.
#[derive(Debug, Clone)]
pub(super) struct Rules {
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

impl Tables {
    /// The lists and rules built into the program.
    pub fn builtin() -> Self {
        Self::with(|_| None)
    }

    /// Likewise, with other lists in the place of those for whose name `replaced` gives a text in the form of the
    /// built-in ones.
    pub fn with<'t>(replaced: impl Fn(&str) -> Option<&'t str>) -> Self {
        let mut words = Words::with_room_for(16_000);
        let mut locals = Words::with_room_for(500);
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
            let list = replaced(list.name).map_or(list, |text| List::new(list.name, text));
            let mut entries = 0;
            let table = if flag & (ROLE | BLANK_LOCAL) == 0 { &mut words } else { &mut locals };
            for word in list.words() {
                table.add(word, flag);
                entries += 1;
            }
            versions.push(ListVersion { name: list.name.into(), date: list.date().into(), entries });
        }
        let providers: Vec<Rules> = domains::providers().into_iter().map(Rules::new).collect();
        for (i, provider) in (1..).zip(&providers) {
            for domain in &provider.rule.domains {
                words.add(domain, FREEMAIL | i << PROVIDER_SHIFT);
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
        Self {
            words,
            locals,
            providers,
            near: Near::new(&slips.target),
            slips,
            idn_countries,
            versions,
            stamp: next_stamp(),
        }
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

    /// Adds disposable domains: one a line, `#` comments. Relays, free-mail domains and allowed ones stay what
    /// they are; returns how many entries were taken.
    ///
    /// # Errors
    /// A line that is no domain, or that is a public suffix and would condemn strangers.
    pub fn add_disposable(&mut self, name: &str, text: &str) -> Result<usize, Failure> {
        let domains = self.read_domains(name, text)?;
        let mut taken = 0;
        for domain in &domains {
            if self.flags(domain) & (RELAY | FREEMAIL | ALLOWED) == 0 {
                self.words.add(domain, DISPOSABLE);
                taken += 1;
            }
        }
        self.stamp = next_stamp();
        self.versions.push(ListVersion { name: name.into(), date: String::new(), entries: taken });
        Ok(taken)
    }

    /// Adds domains that are above suspicion (one a line, `#` comments): never disposable, closed or a slip,
    /// whatever the lists say. Returns their number.
    ///
    /// # Errors
    /// A line that is no domain, or a public suffix.
    pub fn allow(&mut self, name: &str, text: &str) -> Result<usize, Failure> {
        let domains = self.read_domains(name, text)?;
        for domain in &domains {
            self.words.add(domain, ALLOWED);
        }
        self.stamp = next_stamp();
        self.versions.push(ListVersion { name: name.into(), date: String::new(), entries: domains.len() });
        Ok(domains.len())
    }

    /// The lists in force, built-in ones first.
    pub fn versions(&self) -> &[ListVersion] {
        &self.versions
    }

    /// Changes whenever an entry does, so that a memo notices; never shown.
    pub(super) fn stamp(&self) -> u64 {
        self.stamp
    }

    /// What the lists say about a lower-case local part.
    pub(super) fn local_flags(&self, local: &str) -> Flags {
        self.locals.get(local)
    }

    /// What the lists say about a lower-case domain, top-level domain or cell.
    pub(super) fn flags(&self, word: &str) -> Flags {
        self.words.get(word)
    }

    /// The provider a domain's flags name.
    pub(super) fn provider(&self, number: u8) -> Option<&Rules> {
        self.providers.get(usize::from(number).checked_sub(1)?)
    }

    /// Where flags hold the number of the provider.
    pub(super) const PROVIDER: Flags = 0xFF << PROVIDER_SHIFT;

    /// The number of the provider in the flags of a domain, 0 = none.
    pub(super) const fn provider_number(flags: Flags) -> u8 {
        (flags >> PROVIDER_SHIFT) as u8
    }

    /// The country of an A-label country-code top-level domain.
    pub(super) fn idn_country(&self, tld: &str) -> Option<[u8; 2]> {
        self.idn_countries.iter().find(|(name, _)| *name == tld).map(|(_, country)| *country)
    }

    fn read_domains(&self, name: &str, text: &str) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let word = line.split('#').next().unwrap_or_default().trim().trim_start_matches('@');
            if word.is_empty() {
                continue;
            }
            let bad = |why: &str| {
                Failure::usage(why)
                    .at(format!("{name}:{number}"))
                    .hint("one domain a line, like example.com; # begins a comment")
            };
            let domain = idna::domain_to_ascii_strict(word).map_err(|_| bad("not a domain"))?;
            let facts = facts_of_domain(&domain, self);
            if !domain.contains('.') || facts.fault.is_some() {
                return Err(bad("not a domain"));
            }
            if facts.any(PUBLIC_SUFFIX) {
                return Err(bad("a public suffix stands for many strangers' domains"));
            }
            found.push(domain);
        }
        Ok(found)
    }
}

/// From 1, so that an empty memo is of no tables.
fn next_stamp() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Rules {
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

/// A hash table with open addressing from word to flags; words lie one after the other in one string. Hashes
/// lie apart from the rest, so that looking for what is not there stays in the cache.
#[derive(Debug, Clone)]
struct Words {
    text: String,
    /// 0 = free.
    hashes: Vec<u32>,
    slots: Vec<Slot>,
    used: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    start: u32,
    len: u32,
    flags: Flags,
}

impl Words {
    fn with_room_for(count: usize) -> Self {
        let size = (count * 2).next_power_of_two();
        let text = String::with_capacity(count * 16);
        Self { text, hashes: vec![0; size], slots: vec![Slot::default(); size], used: 0 }
    }

    fn add(&mut self, word: &str, flags: Flags) {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(word.as_bytes()) as u32 | 1;
        match self.find(word, hash) {
            Ok(at) => self.slots[at].flags |= flags,
            Err(at) => {
                self.hashes[at] = hash;
                self.slots[at] = Slot { start: self.text.len() as u32, len: word.len() as u32, flags };
                self.text.push_str(word);
                self.used += 1;
            }
        }
    }

    fn get(&self, word: &str) -> Flags {
        self.find(word, hash(word.as_bytes()) as u32 | 1).map_or(0, |at| self.slots[at].flags)
    }

    /// The slot of the word, or the free one where it belongs.
    fn find(&self, word: &str, hash: u32) -> Result<usize, usize> {
        let mut at = self.home(hash);
        loop {
            if self.hashes[at] == 0 {
                return Err(at);
            }
            if self.hashes[at] == hash {
                let slot = &self.slots[at];
                let text = slot.start as usize..(slot.start + slot.len) as usize;
                if self.text.as_bytes()[text] == *word.as_bytes() {
                    return Ok(at);
                }
            }
            at = (at + 1) & (self.hashes.len() - 1);
        }
    }

    fn home(&self, hash: u32) -> usize {
        (hash >> 1) as usize & (self.hashes.len() - 1)
    }

    fn grow(&mut self) {
        let hashes = std::mem::take(&mut self.hashes);
        let slots = std::mem::take(&mut self.slots);
        self.hashes = vec![0; hashes.len() * 2];
        self.slots = vec![Slot::default(); hashes.len() * 2];
        for (hash, slot) in hashes.into_iter().zip(slots).filter(|(hash, _)| *hash != 0) {
            let mut at = self.home(hash);
            while self.hashes[at] != 0 {
                at = (at + 1) & (self.hashes.len() - 1);
            }
            self.hashes[at] = hash;
            self.slots[at] = slot;
        }
    }
}

/// A fast hash for short words with a fixed seed; results never depend on it.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut h = (bytes.len() as u64).wrapping_mul(K);
    let mut mix = |word: u64| {
        h = (h ^ word).wrapping_mul(K);
        h ^= h >> 29;
    };
    let (words, _) = bytes.as_chunks::<8>();
    for word in words {
        mix(u64::from_le_bytes(*word));
    }
    // The last bytes once more, as one overlapping word where there are enough.
    match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(last), ..) => mix(u64::from_le_bytes(*last)),
        (None, Some(first), Some(last)) => {
            mix(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)));
        }
        _ => mix(bytes.iter().fold(0, |word, b| word << 8 | u64::from(*b))),
    }
    h ^ h >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_with_its_flags_and_no_other() {
        let tables = Tables::builtin();
        assert_eq!(tables.flags("mailinator.com") & DISPOSABLE, DISPOSABLE);
        assert_eq!(tables.flags("gmail.com") & FREEMAIL, FREEMAIL);
        assert_ne!(Tables::provider_number(tables.flags("googlemail.com")), 0);
        assert_eq!(tables.flags("duck.com") & (RELAY | DISPOSABLE), RELAY);
        assert_eq!((tables.flags("info"), tables.local_flags("info")), (TLD, ROLE));
        assert_eq!(tables.flags("nobody-has-this.example"), 0);
        for word in domains::DISPOSABLE.words() {
            assert_ne!(tables.flags(word) & DISPOSABLE, 0, "{word}");
        }
    }

    #[test]
    fn the_table_grows() {
        let mut words = Words::with_room_for(2);
        for i in 0..1000 {
            words.add(&format!("w{i}.com"), i + 1);
        }
        for i in 0..1000 {
            assert_eq!(words.get(&format!("w{i}.com")), i + 1);
        }
        assert_eq!(words.get("w1000.com"), 0);
    }

    #[test]
    fn own_lists_add_and_allow_beats_deny() {
        let mut tables = Tables::builtin();
        assert_eq!(tables.allow("allow.txt", "# ours\nbeta-mail.org\n"), Ok(1));
        let taken =
            tables.add_disposable("wide.txt", "Alpha-Mail.org # seen\n@beta-mail.org\n\ngmail.com\nduck.com");
        assert_eq!(taken, Ok(1));
        assert_ne!(tables.flags("alpha-mail.org") & DISPOSABLE, 0);
        assert_eq!(tables.flags("beta-mail.org") & DISPOSABLE, 0);
        assert_eq!(tables.flags("gmail.com") & DISPOSABLE, 0);
        for bad in ["co.uk", "not a domain", "nodot", "x.nosuchtld"] {
            let failure = tables.add_disposable("wide.txt", bad).expect_err(bad);
            assert_eq!(failure.place.as_deref(), Some("wide.txt:1"));
        }
    }

    #[test]
    fn lists_tell_their_dates() {
        let tables = Tables::builtin();
        let disposable = tables.versions().iter().find(|v| v.name == "disposable");
        assert!(disposable.is_some_and(|v| v.date.starts_with("20") && v.entries > 8_000));
    }
}
