//! The one pass over the bytes as they come: digest, decompression, and what kind of bytes they are.
//!
//! Knows byte streams and a directory for spools; not encodings beyond "is it UTF-8".

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use memchr::{memchr, memchr_iter};
use sha2::{Digest, Sha256};

use super::dialect::LineEnds;
use crate::record::{Failure, IoContext, words};
use crate::source::no_table;
use crate::source::zstandard::ZstdDecoder;

words! {
    /// How the bytes of a source were packed.
    pub(super) enum Compression {
        /// Not at all.
        None = "none",
        /// gzip (RFC 1952), one member or several.
        Gzip = "gzip",
        /// Zstandard (RFC 8878), one frame or several.
        Zstd = "zstd",
    }
}

pub(super) const CHUNK: usize = 256 * 1024;

/// What one pass over the unpacked bytes tells.
#[derive(Debug, Default)]
pub(super) struct IntakeFacts {
    pub len: u64,
    pub utf8: bool,
    pub nul: bool,
    pub line_ends: LineEnds,
    /// The first bytes, for byte order marks and UTF-16 without one.
    pub head: Vec<u8>,
    /// Bytes of a character that the next chunk completes.
    partial: Vec<u8>,
    last_cr: bool,
}

impl IntakeFacts {
    pub(super) fn new() -> Self {
        Self { utf8: true, ..Self::default() }
    }

    pub(super) fn feed(&mut self, chunk: &[u8]) {
        let room = CHUNK.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..room]);
        self.len += chunk.len() as u64;
        self.nul = self.nul || memchr(0, chunk).is_some();
        self.count_line_ends(chunk);
        if self.utf8 {
            self.utf8 = self.validate(chunk);
        }
    }

    /// To be called behind the last chunk.
    pub(super) fn finish(&mut self) {
        self.line_ends.cr += u64::from(std::mem::take(&mut self.last_cr));
        self.utf8 &= self.partial.is_empty();
    }

    fn count_line_ends(&mut self, chunk: &[u8]) {
        let Some(&last) = chunk.last() else { return };
        let ends = &mut self.line_ends;
        ends.lf += memchr_iter(b'\n', chunk).count() as u64;
        let mut count_cr_before = |next: u8| {
            let pair = u64::from(next == b'\n');
            (ends.lf, ends.crlf, ends.cr) = (ends.lf - pair, ends.crlf + pair, ends.cr + 1 - pair);
        };
        if self.last_cr {
            count_cr_before(chunk[0]);
        }
        memchr_iter(b'\r', &chunk[..chunk.len() - 1]).for_each(|at| count_cr_before(chunk[at + 1]));
        self.last_cr = last == b'\r';
    }

    fn validate(&mut self, chunk: &[u8]) -> bool {
        let mut rest = chunk;
        while !self.partial.is_empty() {
            let Some((&byte, behind)) = rest.split_first() else { return true };
            self.partial.push(byte);
            rest = behind;
            match std::str::from_utf8(&self.partial) {
                Ok(_) => self.partial.clear(),
                Err(e) if e.error_len().is_some() => return false,
                Err(_) => {}
            }
        }
        match simdutf8::compat::from_utf8(rest) {
            Ok(_) => true,
            Err(e) if e.error_len().is_some() => false,
            Err(e) => {
                self.partial.extend_from_slice(&rest[e.valid_up_to()..]);
                true
            }
        }
    }
}

/// Counts and digests what passes through.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
    len: u64,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.digest.update(&buffer[..n]);
        self.len += n as u64;
        Ok(n)
    }
}

pub(super) struct Intake {
    pub facts: IntakeFacts,
    pub sha256: [u8; 32],
    /// Length of the bytes as they came.
    pub len: u64,
    /// The unpacked bytes, where they had to be kept.
    pub spool: Option<File>,
}

/// An unnamed file beside the output: nobody else can open it, and it is gone with the process.
pub(super) fn spool_file(dir: &Path) -> Result<File, Failure> {
    tempfile::tempfile_in(dir).map_err(|e| {
        Failure::io("make a temporary file", dir.display().to_string(), &e)
            .hint("the output directory's parent must be writable")
    })
}

/// Reads everything once. `keep`: the bytes cannot be read again and are spooled into `dir`.
pub(super) fn take_in(raw: impl Read, keep: bool, name: &str, dir: &Path) -> Result<Intake, Failure> {
    let digesting = Digesting { inner: raw, digest: Sha256::new(), len: 0 };
    let mut input = BufReader::with_capacity(CHUNK, digesting);
    let compression = packed(&mut input, name)?;
    let mut facts = IntakeFacts::new();
    let mut spool = (keep || compression != Compression::None).then(|| spool_file(dir)).transpose()?;
    let mut chunk = vec![0; CHUNK];
    let mut feed = |source: &mut dyn Read| loop {
        let n = match source.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) if compression == Compression::None => return Err(Failure::io("read", name, &e)),
            Err(e) => return Err(damaged(name, compression, &e, "nothing was written")),
        };
        facts.feed(&chunk[..n]);
        if let Some(spool) = &mut spool {
            spool.write_all(&chunk[..n]).doing("write the temporary copy of", name)?;
        }
    };
    match compression {
        Compression::None => feed(&mut input)?,
        Compression::Gzip => feed(&mut MultiGzDecoder::new(&mut input))?,
        Compression::Zstd => feed(&mut ZstdDecoder::new(&mut input))?,
    }
    // Decoders stop where the data ends; the digest is that of the whole input.
    io::copy(&mut input, &mut io::sink()).reading(name)?;
    facts.finish();
    let Digesting { digest, len, .. } = input.into_inner();
    Ok(Intake { facts, sha256: digest.finalize().into(), len, spool })
}

/// Tells by the first bytes how the input is packed; refuses what is no table.
pub(super) fn packed(input: &mut BufReader<impl Read>, name: &str) -> Result<Compression, Failure> {
    use std::io::BufRead;
    let head = input.fill_buf().reading(name)?;
    no_table::refuse_bytes(head, false, name)?;
    match head {
        [0x1F, 0x8B, 0x08, ..] => Ok(Compression::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Ok(Compression::Zstd),
        _ => Ok(Compression::None),
    }
}

/// Compressed data that ends early or does not unpack; `left`: what was done with what came before.
pub(super) fn damaged(name: &str, compression: Compression, error: &io::Error, left: &str) -> Failure {
    Failure::run(format!("the {} data is damaged or cut off: {error}", compression.word()))
        .at(name)
        .hint(format!("fetch the file again; {left}"))
}

#[cfg(test)]
mod tests {
    use super::{IntakeFacts, LineEnds};

    #[test]
    fn facts_do_not_depend_on_the_chunks() {
        let check = |bytes: &[u8], utf8: bool, line_ends: LineEnds| {
            for size in 1..=bytes.len().max(1) {
                let mut facts = IntakeFacts::new();
                bytes.chunks(size).for_each(|chunk| facts.feed(chunk));
                facts.finish();
                assert_eq!((facts.utf8, facts.line_ends), (utf8, line_ends), "{bytes:?} by {size}");
            }
        };
        let ends = |lf, crlf, cr| LineEnds { lf, crlf, cr };
        check(b"", true, ends(0, 0, 0));
        check("ä€😀\r\nb\rc\n\r".as_bytes(), true, ends(1, 1, 2));
        check(b"\r\r\n\r\n", true, ends(0, 2, 1));
        check(b"a\xE4b", false, ends(0, 0, 0));
        check(b"cut \xE2\x82", false, ends(0, 0, 0));
    }
}
