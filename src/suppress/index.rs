//! A suppression list made ready to be asked: every entry in sorted memory, by what it is.
//!
//! Addresses, texts and digests are 64-bit keyed fingerprints; numbers are exact. At most ten bytes of memory an
//! entry: where an entry stands in its list lies in a file, and is read for entries that are hit. Built from
//! any number of threads through partitions that may go to disk; knows no format and no rule.

use super::set::{Set, Tags, spread};
use super::{Algorithm, Digested, EmailForms, Form, PhoneForms, bare_digits};
use crate::record::{Channels, Day, EventKind, Failure, IoContext, Keyed};
use crate::spill::{Budget, Spill};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// What an entry of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Canonical address, or the folded text of what is no address.
    Email,
    /// Number in E.164; exact.
    Phone,
    /// Digits that make no number of a known country, as folded text.
    Text,
    /// Digits of a number whose country nobody told ([`bare_digits`]); exact.
    Bare,
    /// MD5 digest.
    Md5,
    /// SHA-1 digest.
    Sha1,
    /// SHA-256 digest, or HMAC-SHA-256.
    Sha256,
    /// SHA-512 digest.
    Sha512,
    /// A family at a house, or a house without a name, as folded text.
    House,
}

/// Number of kinds.
pub(super) const KINDS: usize = Kind::ALL.len();

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Phone,
        Self::Text,
        Self::Bare,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::House,
    ];

    /// The words of summaries, for several entries.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Email => "addresses",
            Self::Phone => "numbers",
            Self::Text => "texts that are no number",
            Self::Bare => "numbers without a country",
            Self::Md5 => "MD5 digests",
            Self::Sha1 => "SHA-1 digests",
            Self::Sha256 => "SHA-256 digests",
            Self::Sha512 => "SHA-512 digests",
            Self::House => "households",
        }
    }

    fn of_digest(digest: Digested) -> Self {
        match digest.length() {
            16 => Self::Md5,
            20 => Self::Sha1,
            64 => Self::Sha512,
            _ => Self::Sha256,
        }
    }

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
pub struct Tag {
    /// Number of the list.
    pub list: u16,
    /// What happened.
    pub kind: EventKind,
    /// The channels it binds.
    pub channels: Channels,
}

impl Tag {
    /// As a number, in the order of lists, then of strength.
    pub(super) const fn code(self) -> u32 {
        (self.list as u32) << 16 | (self.kind as u32) << 8 | self.channels.0 as u32
    }

    pub(super) fn read(code: u32) -> Option<Self> {
        let kind = *EventKind::ALL.get((code >> 8 & 0xFF) as usize)?;
        Some(Self { list: (code >> 16) as u16, kind, channels: Channels(code as u8 & Channels::ALL.0) })
    }
}

/// How an entry was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// By the point itself.
    Point(Kind),
    /// By the digits of a number of no country.
    Bare,
    /// By the address's domain.
    Domain,
    /// By the digest of one of its forms.
    Digest(Algorithm, Form),
}

/// An entry that speaks of the point that was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// How it was found.
    pub entry: Entry,
    /// List, event and channels.
    pub tag: Tag,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Origin(u64),
    Line(u32),
}

/// A list in the index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListFacts {
    /// Its name.
    pub name: String,
    /// The day it is of, as far as known.
    pub dated: Option<Day>,
    /// Its entries.
    pub entries: u64,
    /// Whether digests among them need a key.
    pub keyed: bool,
    /// The register it is.
    pub registry: Option<String>,
}

/// Bits of a key that choose its partition.
const PARTITION_BITS: u32 = 6;
/// Partitions of each kind.
const PARTITIONS: usize = 1 << PARTITION_BITS;
/// Bytes of an entry on its way: key, tag, line, exact form.
const RECORD: usize = 20;
/// Bytes of an entry's origin: line, exact form.
pub(super) const ORIGIN: usize = 8;

/// Entries of one stretch of a list.
#[derive(Debug)]
pub struct Batch {
    keyed: Keyed,
    partitions: Vec<Vec<u8>>,
    tags: Vec<u32>,
    domains: Vec<(Box<str>, bool, Tag, u32)>,
    entries: u64,
}

impl Batch {
    /// No entry yet; `keyed` must be that of the builder.
    pub fn new(keyed: &Keyed) -> Self {
        Self {
            keyed: *keyed,
            partitions: vec![Vec::new(); PARTITIONS * Kind::ALL.len()],
            tags: Vec::new(),
            domains: Vec::new(),
            entries: 0,
        }
    }

    /// Adds an address by its canonical and its exact form.
    pub fn email(&mut self, canonical: &str, exact: &str, tag: Tag, line: u32) {
        let (key, own) = text(&self.keyed, canonical);
        let exact = if exact == canonical { own } else { text(&self.keyed, exact).1 };
        self.push(Kind::Email, key, exact, tag, line);
    }

    /// Adds a number in E.164, or the text of digits that make none.
    pub fn phone(&mut self, number: &str, tag: Tag, line: u32) {
        match e164(number) {
            Some(digits) => self.push(Kind::Phone, spread(digits), 0, tag, line),
            None => self.push(Kind::Text, text(&self.keyed, number).0, 0, tag, line),
        }
    }

    /// Adds digits of no country.
    pub fn bare(&mut self, digits: u64, tag: Tag, line: u32) {
        self.push(Kind::Bare, spread(digits), 0, tag, line);
    }

    /// Adds a household or a house, as its match key.
    pub fn house(&mut self, house: &str, tag: Tag, line: u32) {
        self.push(Kind::House, text(&self.keyed, house).0, 0, tag, line);
    }

    /// Adds a digest.
    pub fn digest(&mut self, digest: Digested, tag: Tag, line: u32) {
        let key = head(&self.keyed, digest);
        self.push(Kind::of_digest(digest), key, 0, tag, line);
    }

    /// Adds a domain, in Unicode or as A-labels; `below`: and all below it.
    pub fn domain(&mut self, name: &str, below: bool, tag: Tag, line: u32) {
        let name = super::ascii_domain(name);
        self.domains.push((name.into(), below, tag, line));
        self.entries += 1;
    }

    fn push(&mut self, kind: Kind, key: u64, exact: u32, tag: Tag, line: u32) {
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
        self.entries += 1;
    }

    /// Number of entries.
    pub fn entries(&self) -> u64 {
        self.entries
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

/// The digits of a number in E.164.
fn e164(number: &str) -> Option<u64> {
    let digits = number.strip_prefix('+')?;
    let good = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    good.then(|| digits.parse().ok()).flatten()
}

/// Collects entries from any number of threads; they are ready to be asked when it is finished.
#[derive(Debug)]
pub struct Builder {
    keyed: Keyed,
    spill: Spill,
    noted: Mutex<Noted>,
}

/// What is known of the entries beside their keys.
#[derive(Debug, Default)]
struct Noted {
    tags: BTreeSet<u32>,
    domains: BTreeMap<(Box<str>, bool), BTreeMap<Tag, u32>>,
}

impl Builder {
    /// An empty list; what does not fit the budget goes to a nameless file in `dir`.
    pub fn new(keyed: &Keyed, dir: &Path, budget: &Budget) -> Self {
        let spill = Spill::new(dir, PARTITIONS * Kind::ALL.len(), budget);
        Self { keyed: *keyed, spill, noted: Mutex::default() }
    }

    /// Takes the entries of a batch, which is empty afterwards.
    ///
    /// # Errors
    /// They cannot be written to disk.
    pub fn take(&self, batch: &mut Batch) -> Result<(), Failure> {
        self.spill.append_all(&mut batch.partitions)?;
        // Sets and minima only: a poisoned lock guards nothing broken.
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.tags.extend(batch.tags.drain(..));
        for (name, below, tag, line) in batch.domains.drain(..) {
            noted.tags.insert(tag.code());
            let first = noted.domains.entry((name, below)).or_default().entry(tag).or_insert(line);
            *first = line.min(*first);
        }
        batch.entries = 0;
        Ok(())
    }

    /// Sorts everything. `key` is the secret of HMAC digests; `lists` are the lists that tags name.
    ///
    /// # Errors
    /// Temporary files cannot be read or written; the entries are of more than 65,536 kinds; there are more than
    /// 4,294,967,295 of one.
    pub fn finish(self, lists: Vec<ListFacts>, key: Option<&[u8]>, dir: &Path) -> Result<Index, Failure> {
        let Noted { tags, domains } = self.noted.into_inner().unwrap_or_else(PoisonError::into_inner);
        let codes: Vec<u32> = tags.into_iter().collect();
        if codes.len() > 1 << 16 {
            return Err(Failure::run("the lists hold more than 65,536 kinds of entries")
                .hint("check them one after the other"));
        }
        let wrote = |e: &std::io::Error| Failure::io("write a temporary file", dir.display().to_string(), e);
        let file = tempfile::tempfile_in(dir).map_err(|e| wrote(&e))?;
        let mut origins = BufWriter::with_capacity(1 << 18, file);
        let partitions = self.spill.into_partitions();
        let mut sets: [Set; KINDS] = Default::default();
        for kind in Kind::ALL {
            let of_kind = kind as usize * PARTITIONS..(kind as usize + 1) * PARTITIONS;
            let total = of_kind.clone().map(|p| partitions.len(p)).sum::<usize>() / RECORD;
            let mut keys: Vec<u64> = Vec::with_capacity(total);
            let mut tags = Tags::new(codes.len(), total);
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
                    origins.write_all(&r.line.to_le_bytes()).map_err(|e| wrote(&e))?;
                    origins.write_all(&r.exact.to_le_bytes()).map_err(|e| wrote(&e))?;
                }
            }
            if u32::try_from(keys.len()).is_err() {
                return Err(Failure::run("more than 4,294,967,295 entries of one kind"));
            }
            sets[kind as usize] = Set::new(keys, tags);
        }
        let origins = origins.into_inner().map_err(|e| wrote(e.error()))?;
        let domains = domains.into_iter().flat_map(|((name, below), tags)| {
            tags.into_iter().map(move |(tag, line)| (name.clone(), Domain { below, tag, line }))
        });
        let tags = codes.into_iter().filter_map(Tag::read).collect();
        Ok(Index::of(self.keyed, tags, sets, domains.collect(), (origins, 0), lists, key))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    key: u64,
    tag: u32,
    exact: u32,
    line: u32,
}

fn record(bytes: &[u8; RECORD]) -> Record {
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    Record {
        key: u64::from(word(0)) | u64::from(word(4)) << 32,
        tag: word(8),
        line: word(12),
        exact: word(16),
    }
}

/// An entry that is a domain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Domain {
    pub(super) below: bool,
    pub(super) tag: Tag,
    pub(super) line: u32,
}

/// Lists that can be asked, by any number of threads.
#[derive(Debug)]
pub struct Index {
    pub(super) keyed: Keyed,
    pub(super) tags: Vec<Tag>,
    pub(super) sets: [Set; KINDS],
    pub(super) domains: HashMap<Box<str>, Vec<Domain>>,
    /// Where origins lie, set after set, and where the first one begins.
    pub(super) origins: (File, u64),
    /// Origins before those of each set.
    starts: [u64; KINDS],
    lists: Vec<ListFacts>,
    algorithms: Vec<Algorithm>,
    key: Option<Vec<u8>>,
    /// The channels that entries about addresses and domains bind, those about numbers, and those about houses.
    binds: [Channels; 3],
}

impl Index {
    pub(super) fn of(
        keyed: Keyed,
        tags: Vec<Tag>,
        sets: [Set; KINDS],
        domains: Vec<(Box<str>, Domain)>,
        origins: (File, u64),
        lists: Vec<ListFacts>,
        key: Option<&[u8]>,
    ) -> Self {
        let mut starts = [0; KINDS];
        for at in 1..KINDS {
            starts[at] = starts[at - 1] + sets[at - 1].len() as u64;
        }
        let mut algorithms: Vec<Algorithm> = Algorithm::ALL.into_iter().collect();
        algorithms.retain(|a| {
            let asked = *a != Algorithm::HmacSha256 || key.is_some();
            asked && sets[Kind::of_algorithm(*a) as usize].len() > 0
        });
        let all = tags.iter().fold(Channels::NONE, |all, tag| all.union(tag.channels));
        let bound = |kinds: &[Kind], more: bool| {
            let any = more || kinds.iter().any(|kind| sets[*kind as usize].len() > 0);
            if any { all } else { Channels::NONE }
        };
        let digests = [Kind::Md5, Kind::Sha1, Kind::Sha256, Kind::Sha512];
        let with = |kind: &[Kind]| [kind, &digests].concat();
        // A digest that was listed for e-mail may be one of a number.
        let numbers = if algorithms.is_empty() { Channels::NONE } else { Channels::PHONE };
        let binds = [
            bound(&with(&[Kind::Email]), !domains.is_empty()),
            bound(&with(&[Kind::Phone, Kind::Text, Kind::Bare]), false).union(numbers),
            bound(&[Kind::House], false),
        ];
        let mut by_name: HashMap<Box<str>, Vec<Domain>> = HashMap::new();
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
    pub fn entries(&self) -> [(Kind, usize); KINDS] {
        Kind::ALL.map(|kind| (kind, self.sets[kind as usize].len()))
    }

    /// Entries that are domains.
    pub fn domain_entries(&self) -> usize {
        self.domains.len()
    }

    /// Algorithms of the digests that can be asked.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Bytes of memory that entries take, domains left out.
    pub fn bytes(&self) -> usize {
        self.sets.iter().map(Set::bytes).sum()
    }

    /// Whether an entry about addresses or domains may bind one of the channels.
    pub const fn emails_bind(&self, channels: Channels) -> bool {
        !self.binds[0].intersect(channels).is_empty()
    }

    /// Whether an entry about numbers may bind one of the channels.
    pub const fn phones_bind(&self, channels: Channels) -> bool {
        !self.binds[1].intersect(channels).is_empty()
    }

    /// Whether an entry about a house may bind one of the channels.
    pub const fn houses_bind(&self, channels: Channels) -> bool {
        !self.binds[2].intersect(channels).is_empty()
    }

    /// Every entry that speaks of a household or house, given as its match key.
    pub fn house(&self, house: &str, mut hit: impl FnMut(Hit)) {
        let key = text(&self.keyed, house).0;
        self.ask(Kind::House, key, Entry::Point(Kind::House), &mut hit);
    }

    /// Every entry that speaks of the address; `domain` is its domain as A-labels.
    pub fn email(&self, forms: &EmailForms<'_>, domain: &str, mut hit: impl FnMut(Hit)) {
        self.email_keys(forms, |kind, key, entry| self.ask(kind, key, entry, &mut hit));
        self.domains_of(forms, domain, &mut hit);
    }

    /// Every entry that speaks of the number, given in E.164 or as the folded text of what is none.
    pub fn phone(&self, forms: &PhoneForms<'_>, mut hit: impl FnMut(Hit)) {
        self.phone_keys(forms, |kind, key, entry| self.ask(kind, key, entry, &mut hit));
    }

    /// Every digest of a text as it stands in its cell.
    pub fn as_typed(&self, text: &[u8], mut hit: impl FnMut(Hit)) {
        self.digest_keys(Form::AsTyped, text, &mut |kind, key, entry| self.ask(kind, key, entry, &mut hit));
    }

    /// Every key under which an entry may speak of the address, domains left out.
    pub(super) fn email_keys(&self, forms: &EmailForms<'_>, mut key: impl FnMut(Kind, u64, Entry)) {
        if self.has(Kind::Email) {
            key(Kind::Email, text(&self.keyed, forms.canonical).0, Entry::Point(Kind::Email));
        }
        if !self.algorithms.is_empty() {
            forms.each(|form, text| self.digest_keys(form, text, &mut key));
        }
    }

    /// Every key under which an entry may speak of the number.
    pub(super) fn phone_keys(&self, forms: &PhoneForms<'_>, mut key: impl FnMut(Kind, u64, Entry)) {
        match e164(forms.e164) {
            Some(digits) => key(Kind::Phone, spread(digits), Entry::Point(Kind::Phone)),
            None => key(Kind::Text, text(&self.keyed, forms.e164).0, Entry::Point(Kind::Text)),
        }
        if self.has(Kind::Bare) {
            let [whole, national] = [forms.e164, forms.national].map(bare_digits);
            for bare in whole.into_iter().chain(national.filter(|n| Some(*n) != whole)) {
                key(Kind::Bare, spread(bare), Entry::Bare);
            }
        }
        if !self.algorithms.is_empty() {
            forms.each(|form, text| self.digest_keys(form, text, &mut key));
        }
    }

    /// The key of every digest of a text.
    pub(super) fn digest_keys(&self, form: Form, text: &[u8], key: &mut impl FnMut(Kind, u64, Entry)) {
        for algorithm in &self.algorithms {
            if let Some(digest) = algorithm.digest(text, self.key.as_deref()) {
                let kind = Kind::of_algorithm(*algorithm);
                key(kind, head(&self.keyed, digest), Entry::Digest(*algorithm, form));
            }
        }
    }

    /// Every entry that is the domain of the address, or one above it.
    pub(super) fn domains_of(&self, forms: &EmailForms<'_>, domain: &str, hit: &mut impl FnMut(Hit)) {
        if self.domains.is_empty() {
            return;
        }
        self.domain(domain, hit);
        // A provider's other domain is the same mailbox.
        if let Some((_, main)) = forms.canonical.rsplit_once('@').filter(|(_, main)| *main != domain) {
            self.domain(main, hit);
        }
    }

    fn domain(&self, domain: &str, hit: &mut impl FnMut(Hit)) {
        let mut rest = Some(domain);
        while let Some(name) = rest {
            for entry in self.domains.get(name).into_iter().flatten() {
                if entry.below || name.len() == domain.len() {
                    hit(Hit { entry: Entry::Domain, tag: entry.tag, place: Place::Line(entry.line) });
                }
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
    }

    fn has(&self, kind: Kind) -> bool {
        self.sets[kind as usize].len() > 0
    }

    fn ask(&self, kind: Kind, key: u64, entry: Entry, hit: &mut impl FnMut(Hit)) {
        self.sets[kind as usize].find(key, |at, tag| {
            let place = Place::Origin(self.starts[kind as usize] + at as u64);
            hit(Hit { entry, tag: self.tags[usize::from(tag)], place });
        });
    }

    /// The line an entry stands on in its list, and whether it is the very address that was asked about, not
    /// only one of the same canonical form.
    ///
    /// # Errors
    /// The file of origins cannot be read.
    pub fn origin(&self, hit: &Hit, exact: &str) -> Result<(u32, bool), Failure> {
        let at = match hit.place {
            Place::Line(line) => return Ok((line, true)),
            Place::Origin(at) => at,
        };
        let mut bytes = [0; ORIGIN];
        let (file, start) = &self.origins;
        file.read_exact_at(&mut bytes, start + at * ORIGIN as u64)
            .doing("read where an entry stands", "the suppression index")?;
        let [a, b, c, d, e, f, g, h] = bytes;
        let own = u32::from_le_bytes([e, f, g, h]);
        let same = hit.entry != Entry::Point(Kind::Email) || own == text(&self.keyed, exact).1;
        Ok((u32::from_le_bytes([a, b, c, d]), same))
    }
}
