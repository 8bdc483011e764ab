//! A file of the run directory while it is written: bytes in, size and SHA-256 out.
//!
//! A file that grows large gets a thread of its own that hashes, writes and, every so often, syncs it, so that
//! neither the digest nor the disk holds up whoever makes the lines. Bytes are written in the order they came.

use crate::output::atomic_file::written;
use crate::record::{Failure, IoContext};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Write;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// A finished file: name, size in bytes, SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// File name within the run directory.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// A file of the run directory that is being written.
#[derive(Debug)]
pub struct OutFile {
    buffer: Vec<u8>,
    writer: Writer,
}

/// Bytes that are collected before they are handed on.
const BUFFER: usize = 1 << 18;
/// Pieces that may wait for a file's thread; whoever brings one more waits.
const WAITING: usize = 2;
/// Bytes after which a file is synced while it grows, so that the disk works while others compute.
const SYNC_EVERY: u64 = 32 << 20;

#[derive(Debug)]
enum Writer {
    /// Nothing was handed on yet.
    Here(Body),
    /// A thread takes the pieces; without a sender nothing more comes, and it writes what waits, and syncs.
    Apart(Option<SyncSender<Vec<u8>>>, JoinHandle<Result<Written, Failure>>),
    /// It failed, and the failure was returned.
    Failed,
    /// What is written is not kept.
    Nowhere,
}

impl OutFile {
    /// A file that was just made under that name.
    pub(super) fn new(name: &str, file: File) -> Self {
        let body = Body { name: name.to_owned(), file, digest: Sha256::new(), bytes: 0, unsynced: 0 };
        Self { buffer: Vec::new(), writer: Writer::Here(body) }
    }

    /// A file that is not kept: takes everything and holds nothing.
    pub const fn nowhere() -> Self {
        Self { buffer: Vec::new(), writer: Writer::Nowhere }
    }

    /// Whether what is written is kept.
    pub const fn is_kept(&self) -> bool {
        !matches!(self.writer, Writer::Nowhere)
    }

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if !self.is_kept() {
            return Ok(());
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < BUFFER {
            return Ok(());
        }
        let next = Vec::with_capacity(self.buffer.capacity());
        let full = std::mem::replace(&mut self.buffer, next);
        self.hand_on(full)
    }

    /// Appends bytes that nobody else needs.
    pub fn give(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        if bytes.len() < BUFFER || !self.is_kept() {
            return self.write(&bytes);
        }
        if !self.buffer.is_empty() {
            let before = std::mem::take(&mut self.buffer);
            self.hand_on(before)?;
        }
        self.hand_on(bytes)
    }

    fn hand_on(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        self.writer = match std::mem::replace(&mut self.writer, Writer::Failed) {
            Writer::Here(body) => {
                let (give, take) = sync_channel(WAITING);
                let thread =
                    thread::Builder::new().spawn(move || body.all(take)).doing("start a writer", "a file")?;
                Writer::Apart(Some(give), thread)
            }
            other => other,
        };
        match &self.writer {
            Writer::Apart(Some(give), _) if give.send(bytes).is_ok() => Ok(()),
            _ => Err(self.failure()),
        }
    }

    fn failure(&mut self) -> Failure {
        match std::mem::replace(&mut self.writer, Writer::Failed) {
            Writer::Apart(_, thread) => join(thread).err().unwrap_or_else(|| stopped("it ended early")),
            Writer::Here(_) | Writer::Failed | Writer::Nowhere => stopped("it had failed before"),
        }
    }

    /// Hands on what is left. Until [`Self::finish`], the file's own thread, if it has one, writes and syncs.
    pub fn close(&mut self) -> Result<(), Failure> {
        if let Writer::Apart(Some(_), _) = self.writer {
            let rest = std::mem::take(&mut self.buffer);
            self.hand_on(rest)?;
        }
        if let Writer::Apart(give, _) = &mut self.writer {
            *give = None;
        }
        Ok(())
    }

    /// Writes what is left, syncs to disk, and returns name, size and digest.
    pub fn finish(mut self) -> Result<Written, Failure> {
        self.close()?;
        match self.writer {
            Writer::Here(mut body) => {
                body.put(&self.buffer)?;
                body.end()
            }
            Writer::Apart(_, thread) if self.buffer.is_empty() => join(thread),
            Writer::Apart(..) => Err(stopped("it was closed before its end")),
            Writer::Failed => Err(stopped("it had failed before")),
            Writer::Nowhere => Err(stopped("it is not kept")),
        }
    }
}

fn join(thread: JoinHandle<Result<Written, Failure>>) -> Result<Written, Failure> {
    thread.join().unwrap_or_else(|_| Err(stopped("it panicked")))
}

fn stopped(why: &str) -> Failure {
    Failure::run(format!("the writer of a file stopped: {why}"))
}

#[derive(Debug)]
struct Body {
    name: String,
    file: File,
    digest: Sha256,
    bytes: u64,
    unsynced: u64,
}

impl Body {
    fn all(mut self, pieces: impl IntoIterator<Item = Vec<u8>>) -> Result<Written, Failure> {
        for piece in pieces {
            self.put(&piece)?;
            if self.unsynced >= SYNC_EVERY {
                self.unsynced = 0;
                written(&self.name, self.file.sync_data())?;
            }
        }
        self.end()
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.unsynced += bytes.len() as u64;
        written(&self.name, self.file.write_all(bytes))
    }

    fn end(self) -> Result<Written, Failure> {
        written(&self.name, self.file.sync_all())?;
        Ok(Written { name: self.name, bytes: self.bytes, sha256: hex(&self.digest.finalize()) })
    }
}

/// Appends lower-case hexadecimal digits.
pub fn push_hex(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(bytes, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::{BUFFER, OutFile, hex};
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};
    use std::io::{Read, Seek};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn bytes_arrive_in_order_however_they_come(
            pieces in prop::collection::vec((any::<u8>(), 0..BUFFER + 3, any::<bool>()), 0..9),
        ) {
            let mut file = tempfile::tempfile().unwrap();
            let mut out = OutFile::new("contacts.csv", file.try_clone().unwrap());
            let mut expected = Vec::new();
            for (byte, length, owned) in pieces {
                let piece = vec![byte; length];
                expected.extend_from_slice(&piece);
                if owned { out.give(piece).unwrap() } else { out.write(&piece).unwrap() }
            }
            let written = out.finish().unwrap();
            let mut found = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut found).unwrap();
            prop_assert_eq!(written.bytes, expected.len() as u64);
            prop_assert_eq!(written.sha256, hex(&Sha256::digest(&expected)));
            prop_assert!(found == expected);
        }
    }

    #[test]
    fn a_disk_that_takes_nothing_is_a_failure_whoever_writes() {
        let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut small = OutFile::new("contacts.csv", full());
        small.write(b"line").unwrap();
        assert!(small.finish().unwrap_err().to_string().contains("contacts.csv"));
        let mut large = OutFile::new("contacts.csv", full());
        let failed = (0..20).find_map(|_| large.give(vec![0; BUFFER]).err());
        let failure = failed.unwrap_or_else(|| large.finish().unwrap_err());
        assert!(failure.to_string().contains("contacts.csv"), "{failure}");
    }
}
