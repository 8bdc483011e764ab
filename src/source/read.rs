//! Blocks of a text, front to back.
//!
//! Knows a file of UTF-8 and the scanner; not the dialect's origin.

use crate::record::{Failure, IoContext};
use crate::source::block::Block;
use crate::source::intake::CHUNK;
use crate::source::rules::ScanRules;
use crate::source::scan::Scanner;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Fills the buffer from a place on; a file that ends before is not what it was.
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64, name: &str) -> Result<(), Failure> {
    match file.read_exact_at(buffer, offset) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Err(changed(name)),
        read => read.reading(name),
    }
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
    (start..len).step_by(CHUNK).try_for_each(|at| {
        let piece = &mut chunk[..CHUNK.min((len - at) as usize)];
        read_exact_at(file, piece, at, name)?;
        with(piece)
    })
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
        Self { file, name, start, end, at: start, block_bytes, scanner, carry: Vec::new() }
    }

    fn next_block(&mut self) -> Result<Option<Block>, Failure> {
        let (mut bytes, mut records) = (std::mem::take(&mut self.carry), Vec::new());
        let base = self.at - self.start - bytes.len() as u64;
        let mut target = self.block_bytes.max(bytes.len());
        let taken = loop {
            self.fill(&mut bytes, target)?;
            let whole = self.at >= self.end;
            if whole && bytes.is_empty() {
                return Ok(None);
            }
            let taken = self.scanner.scan(&bytes, base, whole, &mut records);
            if taken > 0 {
                break taken;
            }
            target = 2 * bytes.len().max(self.block_bytes);
        };
        self.carry = bytes.split_off(taken);
        // The whole text was found to be UTF-8 when it was opened.
        let text = String::from_utf8(bytes).map_err(|_| changed(self.name))?;
        Ok(Some(Block { records, blank_lines: std::mem::take(&mut self.scanner.blank_lines), text }))
    }

    /// Reads on until there are `target` bytes, or the text ends.
    fn fill(&mut self, bytes: &mut Vec<u8>, target: usize) -> Result<(), Failure> {
        let filled = bytes.len();
        let wanted = target.min(filled + (self.end - self.at) as usize);
        bytes.resize(wanted, 0);
        read_exact_at(self.file, &mut bytes[filled..], self.at, self.name)?;
        self.at += (wanted - filled) as u64;
        Ok(())
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_block().transpose()
    }
}
