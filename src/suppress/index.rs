//! The index of suppression entries: sorted keys of every kind of entry, and domains by name.
//!
//! Addresses, texts and digests are 64-bit keyed fingerprints; numbers are exact. At most ten bytes of memory an
//! entry: where an entry stands in its list lies in a file, and is read for entries that are hit. Built from
//! any number of threads through partitions that may go to disk; knows no format and no rule.

use super::key_set::{KeySet, TagNumbers, spread};
use super::{Algorithm, Digested, EmailForms, Form, Listed, PhoneForms, SuppressionEntry, bare_digits};
use crate::record::{Channels, Day, EventKind, Failure, IoContext, Keyed, PointKind, words};
use crate::spill::{Budget, Spill};
use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

words! {
    /// What an entry of a list is. Index files hold their sets in this order: a new kind goes to the end.
    pub enum EntryKind {
        /// Canonical address, or the folded text of what is no address.
        Email = "addresses",
        /// Number in E.164; exact.
        Phone = "numbers",
        /// Digits that make no number of a known country, as folded text.
        Text = "texts that are no number",
        /// Digits of a number whose country nobody told ([`bare_digits`]); exact.
        Bare = "numbers without a country",
        /// MD5 digest.
        Md5 = "MD5 digests",
        /// SHA-1 digest.
        Sha1 = "SHA-1 digests",
        /// SHA-256 digest, or HMAC-SHA-256.
        Sha256 = "SHA-256 digests",
        /// SHA-512 digest.
        Sha512 = "SHA-512 digests",
        /// A family at a house, or a house without a name, as folded text.
        House = "households",
    }
}

pub(super) const KINDS: usize = EntryKind::ALL.len();

impl EntryKind {
    const fn of_algorithm(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Md5,
            Algorithm::Sha1 => Self::Sha1,
            Algorithm::Sha256 | Algorithm::HmacSha256 => Self::Sha256,
            Algorithm::Sha512 => Self::Sha512,
        }
    }
}

/// Which list an entry stands on, and what it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryTag {
    /// Number of the list.
    pub list: u16,
    /// What happened.
    pub kind: EventKind,
    /// The channels it binds.
    pub channels: Channels,
}

impl EntryTag {
    /// As a number, in the order of lists, then of strength.
    pub(super) const fn code(self) -> u32 {
        (self.list as u32) << 16 | (self.kind as u32) << 8 | self.channels.bytes()[0] as u32
    }

    pub(super) fn read(code: u32) -> Option<Self> {
        let kind = EventKind::from_number((code >> 8) as u8)?;
        let channels = Channels::from_bytes([code as u8]).intersect(Channels::ALL);
        Some(Self { list: (code >> 16) as u16, kind, channels })
    }
}

/// What an index is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// An address, and its domain as A-labels.
    Email(EmailForms<'a>, &'a str),
    /// A handle, of which lists have digests only.
    Handle(EmailForms<'a>),
    /// A number, in E.164 or as the folded text of what is none.
    Phone(PhoneForms<'a>),
    /// A household, or a house without a name, as its match key.
    House(&'a str),
    /// A text as it stands in its cell, of which lists have digests only.
    AsTyped(&'a [u8]),
}

/// How an entry was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    /// By the point itself.
    Point(EntryKind),
    /// By the digits of a number of no country.
    Bare,
    /// By the address's domain.
    Domain,
    /// By the digest of one of its forms.
    Digest(Algorithm, Form),
}

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// How it was found.
    pub by: MatchedBy,
    /// List, event and channels.
    pub tag: EntryTag,
    place: EntryPlace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryPlace {
    /// Its number among the keys of all kinds.
    Key(u64),
    /// Of a domain: where it stands in its list, or its number in memory.
    Domain(u32),
}

/// A list in the index.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListFacts {
    /// Its name.
    pub name: String,
    /// The day it is of, as far as known.
    #[serde(serialize_with = "write_day", deserialize_with = "read_day")]
    pub dated: Option<Day>,
    /// Its entries.
    pub entries: u64,
    /// Whether digests among them need a key.
    pub keyed: bool,
    /// The register it is.
    pub registry: Option<String>,
}

fn write_day<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

fn read_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|day| day.parse().ok()))
}

/// Bits of a key that choose its partition.
const PARTITION_BITS: u32 = 6;
const PARTITIONS: usize = 1 << PARTITION_BITS;
/// Bytes of an entry on its way: key, tag, line, exact form.
const RECORD: usize = 20;
/// Bytes of an entry's origin: line, exact form.
pub(super) const ORIGIN: usize = 8;

/// Entries of one stretch of a list.
#[derive(Debug)]
pub struct EntryBatch {
    keyed: Keyed,
    partitions: Vec<Vec<u8>>,
    tags: Vec<u32>,
    domains: Vec<(Box<str>, DomainEntry)>,
    entries: u64,
}

impl EntryBatch {
    /// No entry yet; `keyed` must be that of the builder.
    pub fn new(keyed: &Keyed) -> Self {
        Self {
            keyed: *keyed,
            partitions: vec![Vec::new(); PARTITIONS * EntryKind::ALL.len()],
            tags: Vec::new(),
            domains: Vec::new(),
            entries: 0,
        }
    }

    /// Adds an entry that stands on `line` of its list.
    pub fn add(&mut self, entry: SuppressionEntry<'_>, tag: EntryTag, line: u32) {
        match (EntryKey::of(&self.keyed, entry), entry) {
            (Some(key), _) => self.push(key, tag, line),
            (None, SuppressionEntry::Domain { name, below }) => {
                self.domains.push((super::ascii_domain(name).into(), DomainEntry { below, tag, line }));
            }
            (None, _) => return,
        }
        self.entries += 1;
    }

    fn push(&mut self, EntryKey { kind, key, exact }: EntryKey, tag: EntryTag, line: u32) {
        let partition = kind as usize * PARTITIONS + (key >> (64 - PARTITION_BITS)) as usize;
        let code = tag.code();
        if self.tags.last() != Some(&code) && !self.tags.contains(&code) {
            self.tags.push(code);
        }
        let record = &mut self.partitions[partition];
        record.extend_from_slice(&key.to_le_bytes());
        record.extend_from_slice(&code.to_le_bytes());
        record.extend_from_slice(&line.to_le_bytes());
        record.extend_from_slice(&exact.to_le_bytes());
    }

    /// Adds another key of an entry that is counted already.
    pub fn add_again(&mut self, entry: SuppressionEntry<'_>, tag: EntryTag, line: u32) {
        let entries = self.entries;
        self.add(entry, tag, line);
        self.entries = entries;
    }

    /// Number of entries.
    pub fn entries(&self) -> u64 {
        self.entries
    }
}

/// What an entry is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryKey {
    kind: EntryKind,
    key: u64,
    /// Of an address: stands for the exact one among those of the same canonical form.
    exact: u32,
}

impl EntryKey {
    /// The key of an entry; `None` for a domain, which is found by its name.
    pub fn of(keyed: &Keyed, entry: SuppressionEntry<'_>) -> Option<Self> {
        let (kind, key, exact) = match entry {
            SuppressionEntry::Email { canonical, exact } => {
                let (key, own) = text(keyed, canonical);
                let exact = if exact == canonical { own } else { text(keyed, exact).1 };
                (EntryKind::Email, key, exact)
            }
            SuppressionEntry::Phone(number) => match e164(number) {
                Some(digits) => (EntryKind::Phone, spread(digits), 0),
                None => (EntryKind::Text, text(keyed, number).0, 0),
            },
            SuppressionEntry::Bare(digits) => (EntryKind::Bare, spread(digits), 0),
            SuppressionEntry::House(house) => (EntryKind::House, text(keyed, house).0, 0),
            SuppressionEntry::Digest(digest) => {
                (EntryKind::of_algorithm(digest.algorithm()), head(keyed, digest), 0)
            }
            SuppressionEntry::Domain { .. } => return None,
        };
        Some(Self { kind, key, exact })
    }
}

/// Two fingerprints of a text: one to find it by, one to tell it from others of the same canonical form.
fn text(keyed: &Keyed, text: &str) -> (u64, u32) {
    let print = keyed.of(b'e', &[text.as_bytes()]).0;
    (print as u64, (print >> 64) as u32)
}

fn head(keyed: &Keyed, digest: Digested) -> u64 {
    keyed.of(b'd', &[&digest.head().to_le_bytes(), &[digest.length()]]).0 as u64
}

fn e164(number: &str) -> Option<u64> {
    let digits = number.strip_prefix('+')?;
    let good = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    good.then(|| digits.parse().ok()).flatten()
}

/// Collects entries from any number of threads; they are ready to be asked when it is finished.
#[derive(Debug)]
pub struct IndexBuilder {
    keyed: Keyed,
    spill: Spill,
    noted: Mutex<TagsAndDomains>,
}

/// What is known of the entries beside their keys.
#[derive(Debug, Default)]
struct TagsAndDomains {
    tags: BTreeSet<u32>,
    domains: BTreeMap<(Box<str>, bool), BTreeMap<EntryTag, u32>>,
}

impl IndexBuilder {
    /// An empty list; what does not fit the budget goes to a nameless file in `dir`.
    pub fn new(keyed: &Keyed, dir: &Path, budget: &Budget) -> Self {
        let spill = Spill::new(dir, PARTITIONS * EntryKind::ALL.len(), budget);
        Self { keyed: *keyed, spill, noted: Mutex::default() }
    }

    /// Takes the entries of a batch, which is empty afterwards; fails where they cannot be written to disk.
    pub fn take(&self, batch: &mut EntryBatch) -> Result<(), Failure> {
        self.spill.append_all(&mut batch.partitions)?;
        // Sets and minima only: a poisoned lock guards nothing broken.
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.tags.extend(batch.tags.drain(..));
        for (name, DomainEntry { below, tag, line }) in batch.domains.drain(..) {
            noted.tags.insert(tag.code());
            let first = noted.domains.entry((name, below)).or_default().entry(tag).or_insert(line);
            *first = line.min(*first);
        }
        batch.entries = 0;
        Ok(())
    }

    /// Sorts everything. `key` is the secret of HMAC digests; `lists` are the lists that tags name. Fails where
    /// temporary files cannot be read or written, the entries are of more than 65,536 kinds, or there are more than
    /// 4,294,967,295 of one.
    pub fn finish(self, lists: Vec<ListFacts>, key: Option<&[u8]>, dir: &Path) -> Result<Index, Failure> {
        let TagsAndDomains { tags, domains } =
            self.noted.into_inner().unwrap_or_else(PoisonError::into_inner);
        let codes: Vec<u32> = tags.into_iter().collect();
        if codes.len() > 1 << 16 {
            return Err(Failure::run("the lists hold more than 65,536 kinds of entries")
                .hint("check them one after the other"));
        }
        let (writing, place) = ("write a temporary file", dir.display());
        let file = tempfile::tempfile_in(dir).doing(writing, &place)?;
        let mut origins = BufWriter::with_capacity(1 << 18, file);
        let partitions = self.spill.into_partitions();
        let mut sets: [KeySet; KINDS] = Default::default();
        for kind in EntryKind::ALL {
            let of_kind = kind as usize * PARTITIONS..(kind as usize + 1) * PARTITIONS;
            let total = of_kind.clone().map(|p| partitions.len(p)).sum::<usize>() / RECORD;
            let mut keys: Vec<u64> = Vec::with_capacity(total);
            let mut tags = TagNumbers::new(codes.len(), total);
            for partition in of_kind {
                let mut records = Vec::with_capacity(partitions.len(partition) / RECORD);
                partitions.each_chunk(partition, |chunk| {
                    records.extend(chunk.as_chunks::<RECORD>().0.iter().map(record));
                    Ok(())
                })?;
                partitions.free(partition);
                records.par_sort_unstable();
                records.dedup_by_key(|r| (r.key, r.tag, r.exact));
                for r in records {
                    keys.push(r.key);
                    tags.push(codes.binary_search(&r.tag).unwrap_or(0) as u16);
                    origins.write_all(&r.line.to_le_bytes()).doing(writing, &place)?;
                    origins.write_all(&r.exact.to_le_bytes()).doing(writing, &place)?;
                }
            }
            if u32::try_from(keys.len()).is_err() {
                return Err(Failure::run("more than 4,294,967,295 entries of one kind"));
            }
            sets[kind as usize] = KeySet::new(keys, tags);
        }
        let origins = origins.into_inner().doing(writing, &place)?;
        let domains = domains.into_iter().flat_map(|((name, below), tags)| {
            tags.into_iter().map(move |(tag, line)| (name.clone(), DomainEntry { below, tag, line }))
        });
        let tags = codes.into_iter().filter_map(EntryTag::read).collect();
        let origins = OriginFile { file: origins, start: 0 };
        Ok(Index::of(self.keyed, tags, sets, domains.collect(), origins, lists, key))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SpilledEntry {
    key: u64,
    tag: u32,
    exact: u32,
    line: u32,
}

fn record(bytes: &[u8; RECORD]) -> SpilledEntry {
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let key = u64::from(word(0)) | u64::from(word(4)) << 32;
    SpilledEntry { key, tag: word(8), line: word(12), exact: word(16) }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct DomainEntry {
    pub(super) below: bool,
    pub(super) tag: EntryTag,
    /// Where it stands in its list; its number in a list in memory.
    pub(super) line: u32,
}

/// Where entries stand in their lists: a file of lines and exact forms, set after set.
#[derive(Debug)]
pub struct OriginFile {
    pub(super) file: File,
    /// Where the first one begins.
    pub(super) start: u64,
}

/// The refusals that entries in memory are.
#[derive(Debug)]
pub struct ListedEntries {
    listed: Vec<Listed>,
    /// Their numbers, key after key, set after set.
    order: Vec<u32>,
}

/// The lists of a run in memory: every entry keeps the refusal it is.
pub type ListIndex = Index<ListedEntries>;

/// Lists that can be asked, by any number of threads; `O` tells what is known of an entry that is found.
#[derive(Debug)]
pub struct Index<O = OriginFile> {
    pub(super) keyed: Keyed,
    pub(super) tags: Vec<EntryTag>,
    pub(super) sets: [KeySet; KINDS],
    pub(super) domains: HashMap<Box<str>, Vec<DomainEntry>>,
    pub(super) origins: O,
    /// Origins before those of each set.
    starts: [u64; KINDS],
    lists: Vec<ListFacts>,
    algorithms: Vec<Algorithm>,
    key: Option<Vec<u8>>,
    /// The channels that entries about addresses and domains bind, those about numbers, and those about houses.
    binds: [Channels; 3],
}

impl<O> Index<O> {
    pub(super) fn of(
        keyed: Keyed,
        tags: Vec<EntryTag>,
        sets: [KeySet; KINDS],
        domains: Vec<(Box<str>, DomainEntry)>,
        origins: O,
        lists: Vec<ListFacts>,
        key: Option<&[u8]>,
    ) -> Self {
        let mut starts = [0; KINDS];
        for at in 1..KINDS {
            starts[at] = starts[at - 1] + sets[at - 1].len() as u64;
        }
        let asked = |a: &Algorithm| {
            let matched = *a != Algorithm::HmacSha256 || key.is_some();
            matched && sets[EntryKind::of_algorithm(*a) as usize].len() > 0
        };
        let algorithms: Vec<Algorithm> = Algorithm::ALL.into_iter().filter(asked).collect();
        let all = tags.iter().fold(Channels::NONE, |all, tag| all.union(tag.channels));
        let bound = |kinds: &[EntryKind], more: bool| {
            let any = more || kinds.iter().any(|kind| sets[*kind as usize].len() > 0);
            if any { all } else { Channels::NONE }
        };
        let digests = [EntryKind::Md5, EntryKind::Sha1, EntryKind::Sha256, EntryKind::Sha512];
        let with = |kind: &[EntryKind]| [kind, &digests].concat();
        // A digest that was listed for e-mail may be one of a number.
        let numbers = if algorithms.is_empty() { Channels::NONE } else { Channels::PHONE };
        let binds = [
            bound(&with(&[EntryKind::Email]), !domains.is_empty()),
            bound(&with(&[EntryKind::Phone, EntryKind::Text, EntryKind::Bare]), false).union(numbers),
            bound(&[EntryKind::House], false),
        ];
        let mut by_name: HashMap<Box<str>, Vec<DomainEntry>> = HashMap::new();
        for (name, domain) in domains {
            by_name.entry(name).or_default().push(domain);
        }
        let key = key.map(<[u8]>::to_vec);
        Self { keyed, tags, sets, domains: by_name, origins, starts, lists, algorithms, key, binds }
    }

    /// The lists, by number.
    pub fn lists(&self) -> &[ListFacts] {
        &self.lists
    }

    /// Entries by kind; domains are not among them.
    pub fn entries(&self) -> [(EntryKind, usize); KINDS] {
        EntryKind::ALL.map(|kind| (kind, self.sets[kind as usize].len()))
    }

    /// Entries that are domains.
    pub fn domain_entries(&self) -> usize {
        self.domains.len()
    }

    /// Whether it holds no entry.
    pub fn is_empty(&self) -> bool {
        self.domains.is_empty() && self.sets.iter().all(|set| set.len() == 0)
    }

    /// Algorithms of the digests that can be asked.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Bytes of memory that entries take, domains left out.
    pub fn bytes(&self) -> usize {
        self.sets.iter().map(KeySet::bytes).sum()
    }

    /// Whether an entry about such points may bind one of the channels: domains are about addresses, houses about post.
    pub fn may_bind(&self, kind: PointKind, channels: Channels) -> bool {
        self.binds.get(kind as usize).is_some_and(|bound| !bound.intersect(channels).is_empty())
    }

    /// Hands on every entry that speaks of what is asked about.
    pub fn find(&self, asked: &Asked<'_>, mut hit: impl FnMut(Hit)) {
        self.keys(asked, &mut |kind, key, by| self.ask(kind, key, by, &mut hit));
        self.domains_of(asked, &mut hit);
    }

    /// Every key under which an entry may speak of what is asked about, domains left out.
    fn keys(&self, asked: &Asked<'_>, key: &mut impl FnMut(EntryKind, u64, MatchedBy)) {
        let digests = !self.algorithms.is_empty();
        match asked {
            Asked::Email(forms, _) | Asked::Handle(forms) => {
                if matches!(asked, Asked::Email(..)) && self.has(EntryKind::Email) {
                    let print = text(&self.keyed, forms.canonical).0;
                    key(EntryKind::Email, print, MatchedBy::Point(EntryKind::Email));
                }
                if digests {
                    forms.each(|form, text| self.digest_keys(form, text, key));
                }
            }
            Asked::Phone(forms) => {
                if self.has(EntryKind::Phone) || self.has(EntryKind::Text) {
                    let number = EntryKey::of(&self.keyed, SuppressionEntry::Phone(forms.e164));
                    number.into_iter().for_each(|n| key(n.kind, n.key, MatchedBy::Point(n.kind)));
                }
                if self.has(EntryKind::Bare) {
                    let [whole, national] = [forms.e164, forms.national].map(bare_digits);
                    for bare in whole.into_iter().chain(national.filter(|n| Some(*n) != whole)) {
                        key(EntryKind::Bare, spread(bare), MatchedBy::Bare);
                    }
                }
                if digests {
                    forms.each(|form, text| self.digest_keys(form, text, key));
                }
            }
            Asked::House(house) => {
                key(EntryKind::House, text(&self.keyed, house).0, MatchedBy::Point(EntryKind::House));
            }
            Asked::AsTyped(cell) => self.digest_keys(Form::AsTyped, cell, key),
        }
    }

    fn digest_keys(&self, form: Form, text: &[u8], key: &mut impl FnMut(EntryKind, u64, MatchedBy)) {
        for algorithm in &self.algorithms {
            if let Some(digest) = algorithm.digest(text, self.key.as_deref()) {
                let kind = EntryKind::of_algorithm(*algorithm);
                key(kind, head(&self.keyed, digest), MatchedBy::Digest(*algorithm, form));
            }
        }
    }

    /// Every entry that is the domain of the address, or one above it.
    fn domains_of(&self, asked: &Asked<'_>, hit: &mut impl FnMut(Hit)) {
        let Asked::Email(forms, domain) = asked else { return };
        if self.domains.is_empty() {
            return;
        }
        self.domain(domain, hit);
        // A provider's other domain is the same mailbox.
        if let Some((_, main)) = forms.canonical.rsplit_once('@').filter(|(_, main)| main != domain) {
            self.domain(main, hit);
        }
    }

    fn domain(&self, domain: &str, hit: &mut impl FnMut(Hit)) {
        let mut rest = Some(domain);
        while let Some(name) = rest {
            for entry in self.domains.get(name).into_iter().flatten() {
                if entry.below || name.len() == domain.len() {
                    hit(Hit { by: MatchedBy::Domain, tag: entry.tag, place: EntryPlace::Domain(entry.line) });
                }
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
    }

    fn has(&self, kind: EntryKind) -> bool {
        self.sets[kind as usize].len() > 0
    }

    fn ask(&self, kind: EntryKind, key: u64, by: MatchedBy, hit: &mut impl FnMut(Hit)) {
        self.sets[kind as usize].find(key, |at, tag| {
            let place = EntryPlace::Key(self.starts[kind as usize] + at as u64);
            hit(Hit { by, tag: self.tags[usize::from(tag)], place });
        });
    }
}

/// Lookups of many rows that wait to be made together, so that what waits for memory waits together. They find the rows
/// that have an entry; the entries themselves are looked up row by row.
#[derive(Debug, Default)]
pub struct BatchedLookups {
    /// By kind: keys that are looked up, and their rows.
    keys: [(Vec<u64>, Vec<u32>); KINDS],
    /// Rows of which an entry was found already.
    found: Vec<u32>,
}

impl Index {
    /// The line an entry stands on in its list, and whether it is the very address that was asked about, not only one
    /// of the same canonical form; fails where the file of origins cannot be read.
    pub fn origin(&self, hit: &Hit, exact: &str) -> Result<(u32, bool), Failure> {
        let at = match hit.place {
            EntryPlace::Domain(line) => return Ok((line, true)),
            EntryPlace::Key(at) => at,
        };
        let mut bytes = [0; ORIGIN];
        let OriginFile { file, start } = &self.origins;
        file.read_exact_at(&mut bytes, start + at * ORIGIN as u64)
            .doing("read where an entry stands", "the suppression index")?;
        let [a, b, c, d, e, f, g, h] = bytes;
        let own = u32::from_le_bytes([e, f, g, h]);
        let same = hit.by != MatchedBy::Point(EntryKind::Email) || own == text(&self.keyed, exact).1;
        Ok((u32::from_le_bytes([a, b, c, d]), same))
    }

    /// Adds the lookup of what is asked about that row.
    pub fn look_up(&self, lookups: &mut BatchedLookups, row: u32, asked: &Asked<'_>) {
        self.keys(asked, &mut |kind, key, _| {
            let (keys, rows) = &mut lookups.keys[kind as usize];
            keys.push(key);
            rows.push(row);
        });
        self.domains_of(asked, &mut |_| lookups.found.push(row));
    }

    /// Makes all lookups, of which none is left, and hands on every row of which an entry is found: in no order, some
    /// more than once.
    pub fn look_up_all(&self, lookups: &mut BatchedLookups, mut found: impl FnMut(u32)) {
        lookups.found.drain(..).for_each(&mut found);
        for (set, (keys, rows)) in self.sets.iter().zip(&mut lookups.keys) {
            set.find_each(keys, |at| found(rows[at]));
            keys.clear();
            rows.clear();
        }
    }
}

impl Listed {
    /// The tag of its entry in the only list.
    fn tag(&self) -> EntryTag {
        EntryTag { list: 0, kind: self.event.kind, channels: self.event.channels }
    }
}

/// Collects the entries of a list in memory.
#[derive(Debug)]
pub struct ListBuilder {
    keyed: Keyed,
    /// By kind: keys, and the numbers of their entries.
    keys: [Vec<(u64, u32)>; KINDS],
    domains: Vec<(Box<str>, DomainEntry)>,
    listed: Vec<Listed>,
}

impl ListBuilder {
    /// No entry yet; fingerprints are made with `keyed`.
    pub fn new(keyed: &Keyed) -> Self {
        Self { keyed: *keyed, keys: Default::default(), domains: Vec::new(), listed: Vec::new() }
    }

    /// Adds an entry with the refusal it is.
    pub fn add(&mut self, entry: SuppressionEntry<'_>, listed: Listed) {
        let line = u32::try_from(self.listed.len()).unwrap_or(u32::MAX);
        self.listed.push(listed);
        if let SuppressionEntry::Domain { name, below } = entry {
            let domain = DomainEntry { below, tag: listed.tag(), line };
            self.domains.push((super::ascii_domain(name).into(), domain));
        } else if let Some(EntryKey { kind, key, .. }) = EntryKey::of(&self.keyed, entry) {
            self.keys[kind as usize].push((key, line));
        }
    }

    /// Sorts everything; `key` is the secret of HMAC digests.
    pub fn finish(self, key: Option<&[u8]>) -> ListIndex {
        let Self { keyed, keys, domains, listed } = self;
        let codes: BTreeSet<u32> = listed.iter().map(|l| l.tag().code()).collect();
        let codes: Vec<u32> = codes.into_iter().collect();
        let mut order = Vec::with_capacity(listed.len());
        let sets = keys.map(|mut keys| {
            keys.sort_unstable();
            let mut tags = TagNumbers::new(codes.len(), keys.len());
            for (_, number) in &keys {
                let code = listed[*number as usize].tag().code();
                tags.push(codes.binary_search(&code).unwrap_or(0) as u16);
                order.push(*number);
            }
            KeySet::new(keys.into_iter().map(|(key, _)| key).collect(), tags)
        });
        let tags = codes.into_iter().filter_map(EntryTag::read).collect();
        Index::of(keyed, tags, sets, domains, ListedEntries { listed, order }, Vec::new(), key)
    }
}

impl ListIndex {
    /// The entry that was found: its row, and the refusal it is.
    pub fn listed(&self, hit: &Hit) -> Listed {
        let ListedEntries { listed, order } = &self.origins;
        let number = match hit.place {
            EntryPlace::Key(at) => order[at as usize],
            EntryPlace::Domain(number) => number,
        };
        listed[number as usize]
    }
}
