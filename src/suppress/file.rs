//! An index as a file: written once, opened as it is; refused when damaged, cut off, of another version or under
//! another key.
//!
//! Header, table of contents (JSON), sorted keys, tags, origins, a checksum for every mebibyte, a checksum of the
//! checksums. All numbers little-endian. Without a key the fingerprints can be tested against guesses, and numbers
//! stand there as they are: the file is as private as the lists it was made of.

use super::hash::keyed;
use super::index::{DomainEntry, EntryKind, EntryTag, Index, KINDS, ListFacts, ORIGIN, OriginFile};
use super::key_set::{KeySet, TagNumbers};
use crate::record::{Failure, IoContext, Keyed};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher13;
use std::fs::File;
use std::hash::Hasher;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::Path;

const MAGIC: &[u8; 16] = b"contactable-idx\n";
/// Grows with every change of layout, fingerprint or normal form.
const VERSION: u32 = 3;
const HEADER: usize = 48;
/// Bytes under one checksum.
const CHUNK: usize = 1 << 20;
/// Bytes of the checksums of a file of 16 TiB; more is damage.
const CONTENT_MOST: u64 = 1 << 44;

/// What failures say could not be done.
const READING: &str = "read the index";

#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    /// Fingerprint of a known text: the same key, the same fingerprint.
    check: u64,
    keyed: bool,
    /// By which tables addresses and numbers were read.
    made_by: String,
    lists: Vec<ListFacts>,
    tags: Vec<u32>,
    sets: [u64; KINDS],
    domains: Vec<(String, bool, u32, u32)>,
}

/// The key of an index's fingerprints: of the secret, or one that everybody knows.
pub fn index_key(secret: Option<&[u8]>) -> Keyed {
    let name = b"contactable index 1";
    let public = || Sha256::digest(name).into();
    let digest = secret.map_or_else(public, |secret| keyed(secret, name).unwrap_or_default());
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    Keyed::new(&key)
}

fn check_of(keyed: &Keyed) -> u64 {
    keyed.of(b'c', &[b"contactable"]).0 as u64
}

fn sum(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0x636f_6e74_6163_7461, u64::from(VERSION));
    hasher.write(bytes);
    hasher.finish()
}

/// Hands on bytes and keeps their checksums.
struct Summing<'w> {
    write: &'w mut dyn FnMut(&[u8]) -> Result<(), Failure>,
    chunk: Vec<u8>,
    sums: Vec<u8>,
}

impl Summing<'_> {
    fn put(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend_from_slice(now);
            bytes = later;
            if self.chunk.len() == CHUNK {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        if !self.chunk.is_empty() {
            self.sums.extend_from_slice(&sum(&self.chunk).to_le_bytes());
            (self.write)(&self.chunk)?;
            self.chunk.clear();
        }
        Ok(())
    }
}

impl Index {
    /// Writes the index; `keyed`: its fingerprints are under a secret; `made_by` tells by which tables addresses and
    /// numbers were read. Fails as `write` does, or where its own temporary file cannot be read.
    pub fn save(
        &self,
        (keyed, made_by): (bool, &str),
        write: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let contents = self.contents(keyed, made_by);
        let toc = serde_json::to_vec(&contents)
            .map_err(|e| Failure::run(format!("cannot write the index's contents: {e}")))?;
        let entries: u64 = contents.sets.iter().sum();
        let width = if self.tags.len() <= 256 { 1 } else { 2 };
        let content = toc.len() as u64 + entries * (8 + width + ORIGIN as u64);
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(MAGIC);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&(width as u32).to_le_bytes());
        header.extend_from_slice(&(toc.len() as u64).to_le_bytes());
        header.extend_from_slice(&content.to_le_bytes());
        header.extend_from_slice(&sum(&header).to_le_bytes());
        write(&header)?;
        let mut out = Summing { write, chunk: Vec::with_capacity(CHUNK), sums: Vec::new() };
        out.put(&toc)?;
        for set in &self.sets {
            for key in &set.keys {
                out.put(&key.to_le_bytes())?;
            }
        }
        for set in &self.sets {
            for at in 0..set.len() {
                out.put(&set.tags.get(at).to_le_bytes()[..width as usize])?;
            }
        }
        self.save_origins(entries, &mut out)?;
        out.flush()?;
        let sums = std::mem::take(&mut out.sums);
        (out.write)(&sums)?;
        (out.write)(&sum(&sums).to_le_bytes())
    }

    fn save_origins(&self, entries: u64, out: &mut Summing<'_>) -> Result<(), Failure> {
        let OriginFile { file, start } = &self.origins;
        let mut buffer = vec![0; CHUNK];
        let (mut at, mut left) = (*start, entries * ORIGIN as u64);
        while left > 0 {
            let piece = &mut buffer[..left.min(CHUNK as u64) as usize];
            file.read_exact_at(piece, at).reading("a temporary file")?;
            out.put(piece)?;
            at += piece.len() as u64;
            left -= piece.len() as u64;
        }
        Ok(())
    }

    fn contents(&self, keyed: bool, made_by: &str) -> Contents {
        let mut domains: Vec<_> = self.domains.iter().collect();
        domains.sort_unstable_by(|a, b| a.0.cmp(b.0));
        let domains = domains.into_iter().flat_map(|(name, entries)| {
            entries.iter().map(|d| (name.to_string(), d.below, d.tag.code(), d.line))
        });
        Contents {
            check: check_of(&self.keyed),
            keyed,
            made_by: made_by.to_owned(),
            lists: self.lists().to_vec(),
            tags: self.tags.iter().map(|t| t.code()).collect(),
            sets: EntryKind::ALL.map(|kind| self.sets[kind as usize].len() as u64),
            domains: domains.collect(),
        }
    }

    /// Whether the file begins as an index does.
    pub fn is_one(path: &Path) -> bool {
        let mut head = [0; 16];
        let regular = std::fs::metadata(path).is_ok_and(|meta| meta.is_file());
        regular && File::open(path).is_ok_and(|f| f.read_exact_at(&mut head, 0).is_ok()) && head == *MAGIC
    }

    /// Opens an index; `name` is what lists and failures call it, `made_by` tells by which tables the addresses and
    /// numbers are read that are asked about. Fails where the file cannot be read, is damaged or cut off, of another
    /// version, under another key, or its entries were read by other tables: what was no number then may be one now.
    pub fn open(path: &Path, name: &str, (secret, made_by): (Option<&[u8]>, &str)) -> Result<Self, Failure> {
        let file = File::open(path).doing(READING, name)?;
        let (width, toc_len, content) = header(&file, name)?;
        verify(&file, content, name)?;
        let mut toc = vec![0; toc_len as usize];
        file.read_exact_at(&mut toc, HEADER as u64).doing(READING, name)?;
        let contents: Contents = serde_json::from_slice(&toc).map_err(|_| damaged(name))?;
        let keyed = index_key(secret.filter(|_| contents.keyed));
        if contents.keyed && secret.is_none() || check_of(&keyed) != contents.check {
            return Err(Failure::usage("this index was written under a key, and not under this one")
                .at(name)
                .hint("give the key it was written with: --key-file FILE"));
        }
        if contents.made_by != made_by {
            return Err(Failure::run(
                "this index was made with other lists of top-level domains or other numbering plans",
            )
            .at(name)
            .hint("make it again with contactable suppress and the same --data-dir"));
        }
        let entries = contents.sets.iter().try_fold(0_u64, |all, n| all.checked_add(*n));
        let entries = entries.filter(|n| {
            let bytes = n.checked_mul(8 + width + ORIGIN as u64);
            bytes.and_then(|b| b.checked_add(toc_len)) == Some(content)
        });
        let entries = entries.ok_or_else(|| damaged(name))?;
        let tags: Vec<EntryTag> = contents.tags.iter().filter_map(|code| EntryTag::read(*code)).collect();
        if tags.len() != contents.tags.len() {
            return Err(damaged(name));
        }
        let mut places = (HEADER as u64 + toc_len, HEADER as u64 + toc_len + entries * 8);
        let mut sets: [KeySet; KINDS] = Default::default();
        for (set, len) in sets.iter_mut().zip(contents.sets) {
            *set = match read_set(&file, &mut places, (len as usize, width, tags.len())) {
                Err(e) if e.kind() == ErrorKind::InvalidData => return Err(damaged(name)),
                read => read.doing(READING, name)?,
            };
        }
        let domains = contents.domains.iter().map(|(name, below, tag, line)| {
            Some((
                name.as_str().into(),
                DomainEntry { below: *below, tag: EntryTag::read(*tag)?, line: *line },
            ))
        });
        let domains = domains.collect::<Option<Vec<_>>>().ok_or_else(|| damaged(name))?;
        let mut lists = contents.lists;
        lists.iter_mut().for_each(|list| list.name = format!("{name}/{}", list.name));
        if secret.is_none() && lists.iter().any(|l| l.keyed) {
            return Err(Failure::usage(
                "keyed digests stand in this index, and no key to match them was given",
            )
            .at(name)
            .hint("give the key they were made with: --key-file FILE"));
        }
        let named = |tag: &EntryTag| usize::from(tag.list) < lists.len();
        if !tags.iter().all(named) || !domains.iter().all(|(_, d): &(Box<str>, DomainEntry)| named(&d.tag)) {
            return Err(damaged(name));
        }
        Ok(Self::of(keyed, tags, sets, domains, OriginFile { file, start: places.1 }, lists, secret))
    }
}

fn damaged(name: &str) -> Failure {
    Failure::run("this index is damaged or cut off").at(name).hint("make it again with contactable suppress")
}

/// Width of a tag, length of the contents, length of all that checksums cover.
fn header(file: &File, name: &str) -> Result<(u64, u64, u64), Failure> {
    let mut head = [0; HEADER];
    file.read_exact_at(&mut head, 0).map_err(|_| damaged(name))?;
    let long = |at: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&head[at..at + 8]);
        u64::from_le_bytes(bytes)
    };
    let (version, width) = (long(16) as u32, long(16) >> 32);
    if head[..16] != *MAGIC || long(40) != sum(&head[..40]) {
        return Err(damaged(name));
    }
    if version != VERSION {
        return Err(Failure::run(format!("this index has version {version}, this program reads {VERSION}"))
            .at(name)
            .hint("make it again with contactable suppress"));
    }
    let (toc, content) = (long(24), long(32));
    let good = matches!(width, 1 | 2) && toc <= content && content <= CONTENT_MOST;
    if good { Ok((width, toc, content)) } else { Err(damaged(name)) }
}

/// Reads everything once and compares the checksums.
fn verify(file: &File, content: u64, name: &str) -> Result<(), Failure> {
    let chunks = content.div_ceil(CHUNK as u64);
    let whole = HEADER as u64 + content + (chunks + 1) * 8;
    if file.metadata().doing(READING, name)?.len() != whole {
        return Err(damaged(name));
    }
    let mut sums = vec![0; chunks as usize * 8];
    file.read_exact_at(&mut sums, HEADER as u64 + content).doing(READING, name)?;
    let mut last = [0; 8];
    file.read_exact_at(&mut last, whole - 8).doing(READING, name)?;
    let good = |room: &mut Vec<u8>, at: u64| -> Result<bool, std::io::Error> {
        let start = at * CHUNK as u64;
        room.resize((content - start).min(CHUNK as u64) as usize, 0);
        file.read_exact_at(room, HEADER as u64 + start)?;
        Ok(sums[at as usize * 8..at as usize * 8 + 8] == sum(room).to_le_bytes())
    };
    let all = sum(&sums).to_le_bytes() == last;
    let chunks = (0..chunks).into_par_iter().map_init(Vec::new, good).try_reduce(|| true, |a, b| Ok(a && b));
    if all && chunks.doing(READING, name)? { Ok(()) } else { Err(damaged(name)) }
}

/// Reads the keys and tags of a set, of so many entries and tags of that width and number. Keys out of order and
/// numbers of no tag are found only in a file made to deceive: invalid data.
fn read_set(
    file: &File,
    (keys_at, tags_at): &mut (u64, u64),
    (len, width, count): (usize, u64, usize),
) -> std::io::Result<KeySet> {
    const KEYS: usize = CHUNK / 8;
    let mut keys = vec![0_u64; len];
    keys.par_chunks_mut(KEYS).enumerate().try_for_each_init(Vec::new, |bytes, (at, keys)| {
        bytes.resize(keys.len() * 8, 0);
        file.read_exact_at(bytes, *keys_at + (at * CHUNK) as u64)?;
        for (key, bytes) in keys.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *key = u64::from_le_bytes(*bytes);
        }
        std::io::Result::Ok(())
    })?;
    *keys_at += len as u64 * 8;
    let mut bytes = vec![0; len * width as usize];
    file.read_exact_at(&mut bytes, *tags_at)?;
    *tags_at += bytes.len() as u64;
    let tags = TagNumbers { wide: width == 2, bytes };
    let sound = keys.is_sorted() && (0..len).all(|at| usize::from(tags.get(at)) < count);
    if sound { Ok(KeySet::new(keys, tags)) } else { Err(ErrorKind::InvalidData.into()) }
}

#[cfg(test)]
mod tests {
    use super::super::SuppressionEntry;
    use super::super::index::{EntryBatch, EntryTag, Index, IndexBuilder, ListFacts};
    use super::index_key;
    use crate::record::{Channels, EventKind};
    use crate::spill::Budget;
    use std::path::Path;

    #[test]
    fn sets_stand_in_the_file_in_their_order() {
        let words = "addresses, numbers, texts that are no number, numbers without a country, MD5 digests, \
            SHA-1 digests, SHA-256 digests, SHA-512 digests, households";
        assert_eq!(super::EntryKind::ALL.map(super::EntryKind::word).join(", "), words);
    }

    /// Writes an index of two addresses on two lists, as `change` left it, and opens it again.
    fn reopened(dir: &Path, change: impl Fn(&mut Index)) -> Result<Index, crate::record::Failure> {
        let keyed = index_key(None);
        let builder = IndexBuilder::new(&keyed, dir, &Budget::new(1 << 20));
        let mut batch = EntryBatch::new(&keyed);
        for (list, address) in [(0, "ann@fernhill.co.uk"), (1, "bob@fernhill.co.uk")] {
            let tag = EntryTag { list, kind: EventKind::ConsentWithdrawn, channels: Channels::ALL };
            batch.add(SuppressionEntry::Email { canonical: address, exact: address }, tag, 2);
        }
        builder.take(&mut batch).unwrap();
        let list = |name: &str| ListFacts { name: name.to_owned(), ..ListFacts::default() };
        let mut index = builder.finish(vec![list("a.csv"), list("b.csv")], None, dir).unwrap();
        change(&mut index);
        let mut bytes = Vec::new();
        let mut write = |piece: &[u8]| {
            bytes.extend_from_slice(piece);
            Ok(())
        };
        index.save((false, "tables"), &mut write).unwrap();
        let path = dir.join("made.idx");
        std::fs::write(&path, bytes).unwrap();
        Index::open(&path, "made.idx", (None, "tables"))
    }

    /// Its checksums are right, and it is refused all the same: an entry whose tag is missing refuses nobody.
    #[test]
    fn an_index_made_to_deceive_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(reopened(dir.path(), |_| {}).unwrap().tags.len(), 2);
        for left in [0, 1] {
            let failure = reopened(dir.path(), |index| index.tags.truncate(left)).unwrap_err();
            assert!(failure.to_string().contains("damaged"), "{failure}");
        }
    }
}
