//! A source that is read once, front to back, while it comes in: its text for whoever looks, its bytes for
//! whoever passes them on.
//!
//! Nothing is read ahead but the head, from which dialect and encoding are guessed; what is not UTF-8 is decoded
//! piece by piece, and every place in the text is known in the bytes. Knows no column.

use crate::record::{Failure, IoContext};
use crate::source::block::Block;
use crate::source::dialect::{Dialect, LineEnds};
use crate::source::encoding::{decode_line, decoder_errors, zeros};
use crate::source::intake::{CHUNK, Compression, IntakeFacts, damaged, packed};
use crate::source::open::{HEAD, Identity, Origin, opened};
use crate::source::record_shape::{Record, State};
use crate::source::rules::{Oddities, ScanRules};
use crate::source::scan::Scanner;
use crate::source::sniff::sniff;
use crate::source::split::Cells;
use crate::source::zstandard::ZstdDecoder;
use crate::source::{Limits, no_table};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding as Charset, UTF_8, UTF_16BE};
use flate2::bufread::MultiGzDecoder;
use memchr::{memchr, memchr_iter, memrchr};
use std::io;
use std::io::{BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

/// How the bytes become text: UTF-8 with lines of another encoding among them, or UTF-16.
#[derive(Debug, Clone, Copy)]
struct StreamCoding {
    /// Of UTF-16, or of lines that are not UTF-8.
    charset: &'static Charset,
    /// Bytes of a unit: two in UTF-16, else one.
    step: usize,
    /// Which byte of a unit is an ASCII character's own.
    low: usize,
}

impl StreamCoding {
    const fn utf8(charset: &'static Charset) -> Self {
        Self { charset, step: 1, low: 0 }
    }

    fn utf16(charset: &'static Charset) -> Self {
        Self { charset, step: 2, low: usize::from(charset == UTF_16BE) }
    }

    /// Whether the unit at `at` is that ASCII character.
    fn is(self, raw: &[u8], at: usize, byte: u8) -> bool {
        raw.get(at + self.low) == Some(&byte) && (self.step == 1 || raw.get(at + 1 - self.low) == Some(&0))
    }

    /// Length of the first line, its end with it.
    fn line(self, raw: &[u8]) -> usize {
        let is = |at: usize, byte: u8| self.is(raw, at, byte);
        let behind = |at: &usize| at + self.step;
        let ends =
            |at: &usize| is(*at, b'\n') || is(*at, b'\r') && !is(behind(at), b'\n') && !is(behind(at), b'\r');
        let end = (0..raw.len()).step_by(self.step).find(ends);
        end.map_or(raw.len(), |at| behind(&at).min(raw.len()))
    }

    /// Behind the last line end. A CR at the very end may be half of CR LF.
    fn last_line(self, raw: &[u8]) -> Option<usize> {
        if self.step == 1 {
            let cr = || memrchr(b'\r', &raw[..raw.len().saturating_sub(1)]);
            return memrchr(b'\n', raw).or_else(cr).map(|at| at + 1);
        }
        let units = raw.len() / 2;
        let last = |byte: u8, units: usize| (0..units).rev().find(|at| self.is(raw, at * 2, byte));
        last(b'\n', units).or_else(|| last(b'\r', units.saturating_sub(1))).map(|at| at * 2 + 2)
    }

    fn decode(self, line: &[u8], text: &mut String) {
        if self.step == 2 {
            let mut decoder = self.charset.new_decoder_without_bom_handling();
            text.reserve(decoder.max_utf8_buffer_length(line.len()).unwrap_or(0));
            decoder_errors(&mut decoder, line, text, true);
        } else if let Ok(line) = std::str::from_utf8(line) {
            text.push_str(line);
        } else {
            decode_line(line, self.charset, true, text);
        }
    }
}

/// A source that is read once.
pub struct Stream {
    watched: Watched,
    reader: Box<dyn Read + Send>,
    compression: Compression,
    code: StreamCoding,
    prefix: Vec<u8>,
    /// Bytes read that are not yet handed out.
    raw: Vec<u8>,
    ended: bool,
    dialect: Dialect,
    limits: Limits,
    scanner: Scanner,
    /// Records of a piece, as far as the last one tells.
    usual: usize,
    /// Offset in the text of the next record.
    at: u64,
}

/// Where lines begin: in the text, in the bytes.
type LineStarts = Vec<(u32, u32)>;

/// A stretch of a stream that begins and ends at record boundaries.
#[derive(Debug, Default)]
pub struct Piece {
    /// Its records.
    pub block: Block,
    /// Its bytes, where they are not the text, and where lines begin: in the text, in the bytes.
    coded: Option<(Vec<u8>, LineStarts)>,
}

impl Piece {
    /// The bytes as they came, without those stretches: in order, none begins before the one before it ends.
    pub fn without(self, stretches: &[(usize, usize)]) -> Vec<u8> {
        let mut bytes = self.coded.map_or_else(|| self.block.text.into_bytes(), |(bytes, _)| bytes);
        let (mut kept, mut from) = (0, 0);
        let whole = (bytes.len(), bytes.len());
        for (start, end) in stretches.iter().copied().chain([whole]) {
            let start = start.clamp(from, bytes.len());
            if kept != from {
                bytes.copy_within(from..start, kept);
            }
            kept += start - from;
            from = end.clamp(start, bytes.len());
        }
        bytes.truncate(kept);
        bytes
    }

    /// Where a record stands among the bytes, its line end with it.
    pub fn extent(&self, record: &Record) -> (usize, usize) {
        let text = self.block.text.as_bytes();
        let (start, end) = (record.start as usize, line_behind(text, record.end as usize));
        let Some((bytes, lines)) = &self.coded else { return (start, end) };
        let begins = lines.partition_point(|(at, _)| *at as usize <= start);
        let ends = lines.partition_point(|(at, _)| (*at as usize) < end);
        let place = |at: usize| lines.get(at).map_or(bytes.len(), |(_, raw)| *raw as usize);
        (place(begins.saturating_sub(1)), place(ends))
    }
}

/// Behind the line end at `at`: CRs and an LF, else a lone CR; none at the end.
fn line_behind(text: &[u8], at: usize) -> usize {
    let returns = text[at.min(text.len())..].iter().take_while(|b| **b == b'\r').count();
    match text.get(at + returns) {
        Some(b'\n') => at + returns + 1,
        _ => at + returns.min(1),
    }
}

impl Stream {
    /// Opens a source and looks at its head.
    ///
    /// # Errors
    /// The source cannot be read, or is packed in a way that is not read.
    pub fn open(origin: Origin<'_>, name: &str, limits: Limits) -> Result<Self, Failure> {
        let (raw, file): (Box<dyn Read + Send>, _) = match origin {
            Origin::Stdin => (Box::new(io::stdin()), None),
            Origin::Path(path) => {
                let (file, meta) = opened(path, name, "name a file in it")?;
                let as_opened = meta.is_file().then(|| (path.to_owned(), Identity::of(&meta)));
                (Box::new(file), as_opened)
            }
        };
        Self::of(raw, Watched { name: name.to_owned(), file }, limits)
    }

    /// The same source twice, from its beginning: once to be looked at, once to be passed on. What cannot be read again is
    /// kept in a nameless file in `dir`.
    ///
    /// # Errors
    /// The source cannot be read, or the file not be written.
    pub fn twice(mut self, dir: &Path) -> Result<(Self, Self), Failure> {
        let name = self.watched.name.clone();
        if let Some((path, _)) = &self.watched.file {
            let again = || Self::open(Origin::Path(path), &name, self.limits);
            return Ok((again()?, Self { watched: self.watched.clone(), ..again()? }));
        }
        let mut kept = tempfile::NamedTempFile::new_in(dir).doing("keep", &name)?;
        kept.write_all(&self.prefix).doing("keep", &name)?;
        kept.write_all(&self.raw).doing("keep", &name)?;
        io::copy(&mut self.reader, &mut kept)
            .map_err(|error| damaged(&name, self.compression, &error, "no row has left"))?;
        let again = || {
            let file = kept.reopen().doing("keep", &name)?;
            Self::of(Box::new(file), Watched { name: name.clone(), file: None }, self.limits)
        };
        Ok((again()?, again()?))
    }

    fn of(raw: Box<dyn Read + Send>, watched: Watched, limits: Limits) -> Result<Self, Failure> {
        let mut input = BufReader::with_capacity(CHUNK, raw);
        let compression = packed(&mut input, &watched.name)?;
        let reader: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(input),
            Compression::Gzip => Box::new(MultiGzDecoder::new(input)),
            Compression::Zstd => Box::new(ZstdDecoder::new(input)),
        };
        let dialect = sniff("", LineEnds::default(), limits);
        let rules = rules(&dialect, limits);
        let mut stream = Self {
            watched,
            reader,
            compression,
            code: StreamCoding::utf8(UTF_8),
            prefix: Vec::new(),
            raw: Vec::new(),
            ended: false,
            dialect,
            limits,
            scanner: Scanner::new(rules),
            usual: 0,
            at: 0,
        };
        stream.look()?;
        Ok(stream)
    }

    /// Reads the head and guesses encoding and dialect.
    fn look(&mut self) -> Result<(), Failure> {
        let mut most = HEAD;
        let text = loop {
            self.fill(most, false)?;
            no_table::refuse_bytes(&self.raw, self.compression != Compression::None, &self.watched.name)?;
            if self.prefix.is_empty() {
                self.decide();
            }
            let whole = self.ended && self.raw.len() <= most;
            let text = self.decoded(most.min(self.raw.len()), whole).0;
            let ends = text.bytes().filter(|b| matches!(b, b'\n' | b'\r')).take(5).count();
            if whole || ends >= 5 || most >= 2 * self.limits.record_bytes {
                break text;
            }
            most *= 4;
        };
        let mut facts = IntakeFacts::new();
        facts.feed(text.as_bytes());
        facts.finish();
        no_table::refuse_text(text.as_bytes(), &self.watched.name)?;
        self.dialect = sniff(&text, facts.line_ends, self.limits);
        self.scanner = Scanner::new(rules(&self.dialect, self.limits));
        Ok(())
    }

    /// Decides the encoding by the head; a byte order mark is no text.
    fn decide(&mut self) {
        let head = &self.raw[..self.raw.len().min(HEAD)];
        let marked = Charset::for_bom(head);
        self.code = match (marked, zeros(head)) {
            (Some((charset, _)), _) if charset != UTF_8 => StreamCoding::utf16(charset),
            (None, Some(charset)) => StreamCoding::utf16(charset),
            _ => {
                let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
                for line in head.split(|b| *b == b'\n').filter(|l| std::str::from_utf8(l).is_err()) {
                    detector.feed(line, false);
                }
                detector.feed(&[], true);
                StreamCoding::utf8(detector.guess(None, Utf8Detection::Deny))
            }
        };
        self.prefix = self.raw.drain(..marked.map_or(0, |(_, mark)| mark)).collect();
    }

    /// Reads until `wanted` bytes are at hand, or all; where `some` will do, what comes first is enough.
    fn fill(&mut self, wanted: usize, some: bool) -> Result<(), Failure> {
        let mut filled = self.raw.len();
        if filled >= wanted {
            return Ok(());
        }
        self.raw.resize(wanted, 0);
        let mut enough = false;
        while filled < wanted && !self.ended && !enough {
            match self.reader.read(&mut self.raw[filled..]) {
                Ok(0) => self.ended = true,
                Ok(n) => (filled, enough) = (filled + n, some),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.raw.truncate(filled);
                    return Err(match self.compression {
                        Compression::None => Failure::io("read", self.name(), &e),
                        packed => damaged(self.name(), packed, &e, "no row behind the damage left"),
                    });
                }
            }
        }
        self.raw.truncate(filled);
        Ok(())
    }

    /// The name findings and places call it.
    pub fn name(&self) -> &str {
        &self.watched.name
    }

    /// How the file is written.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Takes the header for a row after all.
    pub fn assume_no_header(&mut self) {
        self.dialect = self.dialect.clone().without_header();
        self.scanner = Scanner::new(rules(&self.dialect, self.limits));
    }

    /// The byte order mark, which stands before all text.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// The cells of the first `n` usable rows of the head.
    pub fn sample(&self, n: usize) -> Vec<Vec<String>> {
        let most = self.raw.len().min(HEAD);
        let text = self.decoded(most, self.ended && most == self.raw.len()).0;
        let mut records = Vec::new();
        Scanner::new(rules(&self.dialect, self.limits)).scan(text.as_bytes(), 0, true, &mut records);
        let block = Block { records, text, ..Block::default() };
        let mut cells = Cells::new();
        let rows = block.records.iter().filter_map(|record| {
            let (state, row) = block.row(record, &self.dialect, &mut cells);
            let usable = matches!(state, State::Row | State::Repaired(_));
            usable.then(|| row.iter().map(str::to_owned).collect())
        });
        rows.take(n).collect()
    }

    /// The text of the first `most` bytes, up to the last line end unless nothing follows; the bytes it takes; and
    /// where its lines begin, unless the bytes are the text.
    fn decoded(&self, most: usize, whole: bool) -> (String, usize, Option<LineStarts>) {
        let raw = &self.raw[..most];
        let cut = if whole { None } else { self.code.last_line(raw) };
        let raw = &raw[..cut.unwrap_or(if whole { most } else { most - most % self.code.step })];
        if self.code.step == 1
            && let Ok(text) = simdutf8::basic::from_utf8(raw)
        {
            return (text.to_owned(), raw.len(), None);
        }
        let (mut text, mut lines) = (String::with_capacity(raw.len()), Vec::new());
        let mut at = 0;
        while at < raw.len() {
            lines.push((text.len() as u32, at as u32));
            let end = at + self.code.line(&raw[at..]);
            self.code.decode(&raw[at..end], &mut text);
            at = end;
        }
        (text, raw.len(), Some(lines))
    }

    /// What [`Self::decoded`] gives, where the bytes are the text: they are taken, not copied.
    fn own_text(&mut self, most: usize, whole: bool) -> Option<String> {
        if self.code.step == 2 {
            return None;
        }
        let cut = if whole { None } else { self.code.last_line(&self.raw[..most]) }.unwrap_or(most);
        let rest = self.raw.split_off(cut);
        String::from_utf8(std::mem::replace(&mut self.raw, rest))
            .map_err(|error| self.give_back(error.as_bytes()))
            .ok()
    }

    /// Puts bytes back before those that are still to come.
    fn give_back(&mut self, bytes: &[u8]) {
        self.raw.splice(..0, bytes.iter().copied());
    }

    /// The next piece, of about `bytes` bytes, fewer where the source is slow to give them; none at the end.
    ///
    /// # Errors
    /// The source cannot be read, or its compressed data is damaged.
    pub fn next_piece(&mut self, bytes: usize) -> Result<Option<Piece>, Failure> {
        let mut target = bytes.max(1);
        loop {
            self.fill(target, true)?;
            if self.raw.is_empty() {
                return Ok(None);
            }
            let whole = self.ended && self.raw.len() <= target;
            let most = target.min(self.raw.len());
            let (mut text, used, lines) = match self.own_text(most, whole) {
                Some(text) => (text, 0, None),
                None => self.decoded(most, whole),
            };
            self.expect(&text, lines.is_some());
            let mut records = Vec::with_capacity(self.usual);
            let taken = self.scanner.scan(text.as_bytes(), self.at, whole, &mut records);
            if taken == 0 {
                if lines.is_none() {
                    self.give_back(text.as_bytes());
                }
                target *= 2;
                continue;
            }
            self.usual = records.len() + records.len() / 16;
            let coded = match lines {
                None => {
                    self.give_back(&text.as_bytes()[taken..]);
                    None
                }
                Some(mut lines) => {
                    let next = lines.partition_point(|(at, _)| (*at as usize) < taken);
                    let behind = lines.get(next).map_or(used, |(_, raw)| *raw as usize);
                    lines.truncate(next);
                    Some((self.raw.drain(..behind).collect(), lines))
                }
            };
            text.truncate(taken);
            self.at += taken as u64;
            let blank_lines = std::mem::take(&mut self.scanner.blank_lines);
            return Ok(Some(Piece { block: Block { records, blank_lines, text }, coded }));
        }
    }

    fn expect(&mut self, text: &str, coded: bool) {
        let bytes = text.as_bytes();
        let lone_cr = memchr(b'\r', bytes).is_some() && {
            let pairs = memchr::memmem::find_iter(bytes, b"\r\n").count();
            memchr_iter(b'\r', bytes).count() > pairs && memchr(b'\n', bytes).is_some()
        };
        let undecodable = coded && text.contains('\u{fffd}');
        self.scanner.expect(Oddities { nul: memchr(0, bytes).is_some(), lone_cr, undecodable });
    }

    /// What to look at when the stream is at its end.
    pub fn watched(&self) -> Watched {
        self.watched.clone()
    }
}

/// A file that must not change while it is read.
#[derive(Debug, Clone)]
pub struct Watched {
    name: String,
    /// The file as it was opened.
    file: Option<(PathBuf, Identity)>,
}

impl Watched {
    /// Checks that the file is the one that was opened.
    ///
    /// # Errors
    /// It was written to, replaced or removed.
    pub fn unchanged(&self) -> Result<(), Failure> {
        let Some((path, was)) = &self.file else { return Ok(()) };
        if std::fs::metadata(path).is_ok_and(|now| Identity::of(&now) == *was) {
            return Ok(());
        }
        Err(Failure::run("the file changed while it was read")
            .at(&*self.name)
            .hint("run again when nothing writes to it; no row left that was not checked"))
    }

    /// Whether it is that file.
    pub fn is(&self, path: &Path) -> bool {
        let same = |was: &Identity| std::fs::metadata(path).is_ok_and(|m| Identity::of(&m) == *was);
        self.file.as_ref().is_some_and(|(_, was)| same(was))
    }
}

fn rules(dialect: &Dialect, limits: Limits) -> ScanRules {
    ScanRules { shape: dialect.shape, marks: dialect.marks, ..ScanRules::of(dialect.syntax, limits) }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Stream, Watched};
    use std::io::Cursor;

    fn watched(name: &str) -> Watched {
        Watched { name: name.to_owned(), file: None }
    }

    /// Whatever the size of the pieces, they are the bytes, and the records stand at the same places.
    fn check(name: &str, bytes: &[u8], records: &[&[u8]]) {
        for size in (1..60).chain([1 << 20]) {
            let mut stream =
                Stream::of(Box::new(Cursor::new(bytes.to_vec())), watched(name), Limits::default()).unwrap();
            let (mut all, mut found) = (stream.prefix().to_vec(), Vec::new());
            while let Some(piece) = stream.next_piece(size).unwrap() {
                let coded = piece.coded.as_ref();
                let bytes = coded.map_or(piece.block.text.as_bytes(), |(bytes, _)| bytes).to_vec();
                let extents: Vec<_> = piece.block.records.iter().map(|r| piece.extent(r)).collect();
                found.extend(extents.iter().map(|(start, end)| bytes[*start..*end].to_vec()));
                all.extend_from_slice(&bytes);
                // Every second record stays out, and nothing else.
                let out: Vec<_> = extents.into_iter().step_by(2).collect();
                let stays = |at: &usize| !out.iter().any(|(start, end)| (start..end).contains(&at));
                let rest: Vec<u8> = (0..bytes.len()).filter(stays).map(|at| bytes[at]).collect();
                assert_eq!(piece.without(&out), rest, "{name} in pieces of {size}");
            }
            assert_eq!(all, bytes, "{name} in pieces of {size}");
            assert_eq!(found, records, "{name} in pieces of {size}");
        }
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn pieces_are_the_bytes_and_records_their_lines() {
        check("LF", b"a,b\n1,2\n\n3,4", &[b"a,b\n", b"1,2\n", b"3,4"]);
        check("CRLF", b"a,b\r\n1,\"x\r\ny\"\r\n3,4\r\n", &[b"a,b\r\n", b"1,\"x\r\ny\"\r\n", b"3,4\r\n"]);
        check("CR", b"a,b\r1,2\r\r3,4\r", &[b"a,b\r", b"1,2\r", b"3,4\r"]);
        check("mark", b"\xEF\xBB\xBFa,b\n1,2\n", &[b"a,b\n", b"1,2\n"]);
        check("Latin-1", b"n,b\nJ\xFCrgen,2\n\xC9va,4\n", &[b"n,b\n", b"J\xFCrgen,2\n", b"\xC9va,4\n"]);
        let lines = ["n,b\r\n", "J\u{fc}rgen,2\r\n", "\u{1F600},4\r\n"];
        let wide = lines.map(utf16);
        let bytes = [b"\xFF\xFE".to_vec(), wide.concat()].concat();
        check("UTF-16", &bytes, &[&wide[0], &wide[1], &wide[2]]);
        check("empty", b"", &[]);
    }
}
