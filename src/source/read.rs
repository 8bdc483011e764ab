//! Blocks of a text, front to back.
//!
//! Knows a file of UTF-8 and the scanner; not the dialect's origin.

use crate::record::{Failure, IoContext};
use crate::source::block::Block;
use crate::source::intake::CHUNK;
use crate::source::record_shape::Record;
use crate::source::rules::ScanRules;
use crate::source::scan::Scanner;
use std::fs::File;
use std::io;

/// Reads at a place, without a cursor that others share. Returns 0 at the end only.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    loop {
        #[cfg(unix)]
        let result = std::os::unix::fs::FileExt::read_at(file, buffer, offset);
        #[cfg(windows)]
        let result = std::os::windows::fs::FileExt::seek_read(file, buffer, offset);
        match result {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Fills the buffer from a place on; a file that ends before is not what it was.
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64, name: &str) -> Result<(), Failure> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_at(file, &mut buffer[filled..], offset + filled as u64).reading(name)? {
            0 => return Err(changed(name)),
            n => filled += n,
        }
    }
    Ok(())
}

/// Hands the bytes from `start` to `len` to `with`, piece by piece.
pub(super) fn copy_chunks(
    file: &File,
    start: u64,
    len: u64,
    name: &str,
    mut with: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut chunk = vec![0; CHUNK];
    let mut at = start;
    while at < len {
        match read_at(file, &mut chunk, at).reading(name)? {
            0 => return Err(changed(name)),
            n => {
                with(&chunk[..n])?;
                at += n as u64;
            }
        }
    }
    Ok(())
}

/// A source that is not what it was.
pub(super) fn changed(name: &str) -> Failure {
    Failure::run("the file changed while it was read")
        .at(name)
        .hint("run again when nothing writes to it; nothing was written")
}

/// The blocks of one source, in order; made by [`super::Input::blocks`].
#[derive(Debug)]
pub struct Blocks<'a> {
    file: &'a File,
    name: &'a str,
    /// Offset in the file of the text's first byte, and of the byte behind its last.
    start: u64,
    end: u64,
    /// Offset in the file of the next byte to read.
    at: u64,
    block_bytes: usize,
    scanner: Scanner,
    /// Bytes read that belong to the next block.
    carry: Vec<u8>,
    number: u32,
    spare: Vec<(Vec<u8>, Vec<Record>)>,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(
        file: &'a File,
        name: &'a str,
        span: (u64, u64),
        rules: ScanRules,
        block_bytes: usize,
    ) -> Self {
        let block_bytes = block_bytes.clamp(1, 1 << 28);
        let (start, end) = span;
        let scanner = Scanner::new(rules);
        let (carry, spare) = (Vec::new(), Vec::new());
        Self { file, name, start, end, at: start, block_bytes, scanner, carry, number: 0, spare }
    }

    /// Takes back a block that is no longer needed; its memory serves the next one.
    pub fn recycle(&mut self, block: Block) {
        if block.text.capacity() <= 4 * self.block_bytes {
            self.spare.push((block.text.into_bytes(), block.records));
        }
    }

    fn next_block(&mut self) -> Result<Option<Block>, Failure> {
        let (mut bytes, mut records) = self.spare.pop().unwrap_or_default();
        records.clear();
        let mut filled = self.carry.len();
        // What an old block holds is overwritten, not cleared first.
        bytes.resize(bytes.len().max(filled), 0);
        bytes[..filled].copy_from_slice(&self.carry);
        let base = self.at - self.start - filled as u64;
        let mut target = self.block_bytes.max(filled);
        let blank_before = self.scanner.blank_lines;
        let taken = loop {
            filled = self.fill(&mut bytes, filled, target)?;
            let whole = self.at >= self.end;
            if whole && filled == 0 {
                return Ok(None);
            }
            let taken = self.scanner.scan(&bytes[..filled], base, whole, &mut records);
            if taken > 0 {
                break taken;
            }
            target = 2 * filled.max(self.block_bytes);
        };
        self.carry.clear();
        self.carry.extend_from_slice(&bytes[taken..filled]);
        bytes.truncate(taken);
        // The whole text was found to be UTF-8 when it was opened.
        let text = String::from_utf8(bytes).map_err(|_| changed(self.name))?;
        let number = self.number;
        self.number += 1;
        Ok(Some(Block { number, records, blank_lines: self.scanner.blank_lines - blank_before, text }))
    }

    /// Reads on behind the first `filled` bytes until there are `target`, or the text ends; returns how many
    /// there are.
    fn fill(&mut self, bytes: &mut Vec<u8>, filled: usize, target: usize) -> Result<usize, Failure> {
        let wanted = target.min(filled + (self.end - self.at) as usize);
        bytes.resize(bytes.len().max(wanted), 0);
        read_exact_at(self.file, &mut bytes[filled..wanted], self.at, self.name)?;
        self.at += (wanted - filled) as u64;
        Ok(wanted)
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_block().transpose()
    }
}
