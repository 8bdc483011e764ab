//! Opens a source: once through all its bytes, then ready to be read front to back as often as wanted.
//!
//! Knows files, pipes and the place for spools; not what the columns mean.

use crate::reason::Reason;
use crate::record::{Failure, IoContext};
use crate::source::block::Block;
use crate::source::dialect::Dialect;
use crate::source::encoding::{Encoding, EncodingProof};
use crate::source::intake::Intake;
use crate::source::read::{Blocks, changed, read_exact_at};
use crate::source::record_shape::State;
use crate::source::rules::{Marks, Oddities, ScanRules};
use crate::source::scan::Scanner;
use crate::source::sniff::sniff;
use crate::source::split::Cells;
use crate::source::tail::footer;
use crate::source::{Limits, encoding, intake, jsonl, no_table};
use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Bytes of the head the dialect is guessed from.
pub(super) const HEAD: usize = 256 * 1024;

/// Bytes of the end the footer is looked for in.
const TAIL: usize = 16 * 1024;

/// Bytes of a block where only a sample is wanted.
const SAMPLE_BLOCK: usize = 256 * 1024;

/// Places behind the head that a sample is drawn from, bytes read at each, and rows taken at most.
const SPOTS: u64 = 32;

const SPOT_BYTES: u64 = 32 * 1024;

const SPOT_ROWS: usize = 32;

/// Where the bytes of a source come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// A file, or a pipe with a name.
    Path(&'a Path),
    /// Standard input.
    Stdin,
}

impl<'a> Origin<'a> {
    /// `-` is standard input.
    pub fn new(path: &'a Path) -> Self {
        if path == Path::new("-") { Self::Stdin } else { Self::Path(path) }
    }
}

/// A source that was read through once.
#[derive(Debug)]
pub struct Input {
    name: String,
    file: File,
    /// Offsets of the text in `file`, a byte order mark left out.
    span: (u64, u64),
    odd: Oddities,
    limits: Limits,
    dialect: Dialect,
    /// Number of the text's first line: 1, or 0 for a header that the file does not have.
    first_line: u32,
    encoding: Encoding,
    sha256: [u8; 32],
    bytes: u64,
    /// The file as it was opened, where it is read in place.
    watched: Option<(PathBuf, Identity)>,
}

/// What tells a file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    place: (u64, u64),
    len: u64,
    modified: Option<SystemTime>,
}

impl Identity {
    pub(super) fn of(meta: &Metadata) -> Self {
        Self { place: (meta.dev(), meta.ino()), len: meta.len(), modified: meta.modified().ok() }
    }
}

/// A file and what is known of it; `hint` is for whoever names a directory.
pub(super) fn opened(path: &Path, name: &str, hint: &str) -> Result<(File, Metadata), Failure> {
    let file = File::open(path).doing("open", name)?;
    let meta = file.metadata().doing("look at", name)?;
    if meta.is_dir() {
        return Err(Failure::usage("this is a directory").at(name).hint(hint));
    }
    Ok((file, meta))
}

/// Opens a source that findings and places call `name`; spools go, unnamed and private, into `spool_dir`.
///
/// # Errors
/// The source cannot be read, is packed in a way that is not read, its compressed data is damaged or cut off, or
/// the spool cannot be written.
pub fn open(origin: Origin<'_>, name: &str, spool_dir: &Path, limits: Limits) -> Result<Input, Failure> {
    match origin {
        Origin::Stdin => {
            let intake = intake::take_in(std::io::stdin().lock(), true, name, spool_dir)?;
            Input::new(None, None, intake, name, spool_dir, limits)
        }
        Origin::Path(path) => {
            let (file, meta) = opened(path, name, "name the files in it")?;
            let in_place = meta.is_file();
            let intake = intake::take_in(&file, !in_place, name, spool_dir)?;
            let watched = in_place.then(|| (path.to_owned(), Identity::of(&meta)));
            if in_place && intake.len != meta.len() {
                return Err(changed(name));
            }
            Input::new(Some(file), watched, intake, name, spool_dir, limits)
        }
    }
}

impl Input {
    fn new(
        file: Option<File>,
        watched: Option<(PathBuf, Identity)>,
        intake: Intake,
        name: &str,
        dir: &Path,
        limits: Limits,
    ) -> Result<Self, Failure> {
        let Intake { facts, sha256, len, spool } = intake;
        let spooled = spool.is_some();
        no_table::refuse_bytes(&facts.head, spooled && len != facts.len, name)?;
        let Some(file) = spool.or(file) else { return Err(changed(name)) };
        let decoded = encoding::decode(&file, &facts, name, dir)?;
        let mut in_place = !spooled && decoded.spool.is_none();
        let (mut file, mut facts) = decoded.spool.unwrap_or((file, facts));
        let mut span = (decoded.start.min(facts.len), facts.len);
        let mut first_line = 1;
        let text = facts.head.get(span.0 as usize..).unwrap_or_default();
        no_table::refuse_text(text, name)?;
        if jsonl::begins_with_object(text)
            && let Some(table) = jsonl::table(&file, span, name, dir)?
        {
            (file, facts) = table;
            // The header was added; every row stands on the line it came from.
            (in_place, span, first_line) = (false, (0, facts.len), 0);
        }
        let limits = Limits { record_bytes: limits.record_bytes.clamp(1, 1 << 30), ..limits };
        let mut dialect = sniff(&head(&file, span, limits, name)?, facts.line_ends, limits);
        let mixed = facts.line_ends.cr > 0 && facts.line_ends.lf + facts.line_ends.crlf > 0;
        let odd = Oddities { nul: facts.nul, lone_cr: mixed, undecodable: decoded.encoding.undecodable > 0 };
        let start = span.1 - (span.1 - span.0).min(TAIL as u64);
        let (tail, half) = text_at(&file, (start, span.1), TAIL, name)?;
        if let Some((at, lines)) = footer(&tail, start + half - span.0, &dialect) {
            dialect.marks.footer = at;
            dialect.footer_lines = lines;
        }
        Ok(Self {
            name: name.to_owned(),
            file,
            span,
            odd,
            limits,
            dialect,
            first_line,
            encoding: decoded.encoding,
            sha256,
            bytes: len,
            watched: watched.filter(|_| in_place),
        })
    }

    /// The name findings and places call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How the file is written.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// How its characters were encoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// SHA-256 of the bytes as they came, packed and encoded as they were.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// Number of bytes as they came.
    pub fn original_bytes(&self) -> u64 {
        self.bytes
    }

    /// Number of bytes of the text in UTF-8.
    pub fn text_bytes(&self) -> u64 {
        self.span.1 - self.span.0
    }

    /// Takes the header for a row after all; for formats that are known to have none.
    pub fn assume_no_header(&mut self) {
        self.dialect = self.dialect.clone().without_header();
    }

    /// What is worth saying about the file as a whole.
    pub fn findings(&self) -> Vec<Reason> {
        let dialect = &self.dialect;
        let header = dialect.header.as_deref().unwrap_or_default();
        let repeated = header.iter().zip(&dialect.header_cells).any(|(name, cell)| name != cell);
        let header_end = dialect.marks.preamble_end + dialect.header_text.len() as u64;
        let header_only = dialect.header.is_some() && self.text_bytes() <= header_end + 2;
        let mixed_ends = dialect.line_ends.word() == "mixed";
        let guessed = self.encoding.decided == EncodingProof::Guess && self.encoding.mixed.is_none();
        [
            (Reason::FileEmpty, self.text_bytes() == 0),
            (Reason::FileHeaderOnly, header_only),
            (Reason::FileNoHeader, dialect.header.is_none() && self.text_bytes() > 0),
            (Reason::FileHeaderRepeatedName, repeated),
            (Reason::FileEncodingGuessed, guessed),
            (Reason::FileEncodingMixed, self.encoding.mixed.is_some()),
            (Reason::FileLineEndsMixed, mixed_ends),
        ]
        .into_iter()
        .filter_map(|(reason, found)| found.then_some(reason))
        .collect()
    }

    /// The records, in blocks of about `block_bytes` (a longer record gets a longer block). Every call gives
    /// the same records; the blocks depend on the bytes and `block_bytes` alone.
    pub fn blocks(&self, block_bytes: usize) -> Blocks<'_> {
        let rules = ScanRules { first_line: self.first_line, ..self.rules(self.dialect.marks) };
        Blocks::new(&self.file, &self.name, self.span, rules, block_bytes)
    }

    fn rules(&self, marks: Marks) -> ScanRules {
        let Dialect { syntax, shape, .. } = self.dialect;
        ScanRules { shape, marks, odd: self.odd, ..ScanRules::of(syntax, self.limits) }
    }

    /// The cells of the first `n` usable rows, and of some from places spread over what comes behind them:
    /// columns may fill late, and files that were joined change on the way.
    ///
    /// # Errors
    /// The file cannot be read, or changed.
    pub fn sample(&self, n: usize) -> Result<Vec<Vec<String>>, Failure> {
        let (mut rows, behind) = self.first_rows(n)?;
        let step = self.text_bytes().saturating_sub(behind) / SPOTS;
        for spot in 0..SPOTS {
            if step > 0 {
                self.rows_near(behind + spot * step, step.min(SPOT_BYTES), &mut rows)?;
            }
        }
        Ok(rows)
    }

    /// Whole rows of the text from `from` on; what only seems to be a row has the wrong number of cells.
    fn rows_near(&self, from: u64, bytes: u64, rows: &mut Vec<Vec<String>>) -> Result<(), Failure> {
        let span = (self.span.0 + from, (self.span.0 + from + bytes).min(self.span.1));
        let (text, _) = text_at(&self.file, span, SPOT_BYTES as usize, &self.name)?;
        let end = char::from(self.dialect.syntax.line_end);
        let Some(first) = text.find(end) else { return Ok(()) };
        let text = text[first + 1..].to_owned();
        let marks = Marks { footer: self.dialect.marks.footer, ..Marks::NONE };
        let mut records = Vec::new();
        Scanner::new(self.rules(marks)).scan(text.as_bytes(), from + first as u64 + 1, false, &mut records);
        let block = Block { records, text, ..Block::default() };
        let mut cells = Cells::new();
        for record in block.records.iter().take(SPOT_ROWS) {
            let (state, row) = block.row(record, &self.dialect, &mut cells);
            if state == State::Row {
                rows.push(row.iter().map(str::to_owned).collect());
            }
        }
        Ok(())
    }

    /// The first `n` usable rows, and where in the text the next one begins.
    fn first_rows(&self, n: usize) -> Result<(Vec<Vec<String>>, u64), Failure> {
        let mut rows = Vec::new();
        let mut cells = Cells::new();
        let mut before = 0;
        for block in self.blocks(SAMPLE_BLOCK) {
            let block = block?;
            for record in &block.records {
                if rows.len() >= n {
                    return Ok((rows, before + u64::from(record.start)));
                }
                let (state, row) = block.row(record, &self.dialect, &mut cells);
                if matches!(state, State::Row | State::Repaired(_)) {
                    rows.push(row.iter().map(str::to_owned).collect());
                }
            }
            before += block.text().len() as u64;
        }
        Ok((rows, before))
    }

    /// Checks that the file is the one that was opened. Spooled sources cannot change.
    ///
    /// # Errors
    /// The file was written to, replaced or removed.
    pub fn unchanged(&self) -> Result<(), Failure> {
        let Some((path, was)) = &self.watched else { return Ok(()) };
        let opened = self.file.metadata().doing("look at", &self.name)?;
        let named = std::fs::metadata(path).map_err(|_| changed(&self.name))?;
        let same = Identity::of(&opened) == *was && Identity::of(&named) == *was;
        if same { Ok(()) } else { Err(changed(&self.name)) }
    }
}

/// The first lines of the text: whole ones, and at least two unless they are longer than two records may be.
fn head(file: &File, span: (u64, u64), limits: Limits, name: &str) -> Result<String, Failure> {
    let mut most = HEAD;
    loop {
        let (mut text, _) = text_at(file, span, most, name)?;
        if most as u64 >= span.1 - span.0 {
            return Ok(text);
        }
        let ends = text.bytes().filter(|b| matches!(b, b'\n' | b'\r')).take(5).count();
        if ends < 5 && most < 2 * limits.record_bytes {
            most *= 4;
            continue;
        }
        if let Some(at) = text.rfind('\n').or_else(|| text.rfind('\r')) {
            text.truncate(at + 1);
        }
        return Ok(text);
    }
}

/// At most `most` bytes of the span, without characters cut in half, and the bytes left out at the start.
fn text_at(file: &File, span: (u64, u64), most: usize, name: &str) -> Result<(String, u64), Failure> {
    let mut bytes = vec![0; most.min((span.1 - span.0) as usize)];
    read_exact_at(file, &mut bytes, span.0, name)?;
    let half = bytes.iter().take_while(|&&b| b & 0xC0 == 0x80).count();
    let valid = bytes[half..].utf8_chunks().next().map_or("", |chunk| chunk.valid());
    Ok((valid.to_owned(), half as u64))
}
