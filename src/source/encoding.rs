//! Which characters the bytes stand for, and the copy of a text in UTF-8.
//!
//! Knows byte order marks, the shape of UTF-16 and a statistical detector; not what the text says.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding as Charset, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr, memrchr};

use super::intake::{CHUNK, IntakeFacts, spool_file};
use super::read::{copy_chunks, read_exact_at};
use crate::record::{Failure, IoContext, words};

words! {
    /// What an encoding was decided by.
    pub enum EncodingProof {
        /// A byte order mark.
        Mark = "byte order mark",
        /// The whole file is valid UTF-8.
        Valid = "valid throughout",
        /// Zero bytes at every second place.
        Zeros = "zero bytes",
        /// A detector's guess over all lines that are not UTF-8.
        Guess = "guessed from all lines",
    }
}

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// Its name in the WHATWG Encoding Standard.
    pub name: &'static str,
    /// What it was decided by.
    pub decided: EncodingProof,
    /// Where some lines are in UTF-8 and others are not: the encoding of the others, and their number.
    pub mixed: Option<(&'static str, u64)>,
    /// Places where no character could be made out; U+FFFD stands there.
    pub undecodable: u64,
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.decided.word())?;
        if let Some((other, lines)) = self.mixed {
            write!(f, ", {lines} lines in {other}")?;
        }
        if self.undecodable > 0 {
            write!(f, ", {} places undecodable", self.undecodable)?;
        }
        Ok(())
    }
}

/// A text in UTF-8: where it lies if not in place, where it starts, and what it was.
pub(super) struct Decoded {
    pub spool: Option<(File, IntakeFacts)>,
    pub start: u64,
    pub encoding: Encoding,
}

/// Lines longer than this are decoded in pieces.
const LINE: usize = 1024 * 1024;

/// Decides the encoding of `file`, and copies the text into a spool unless it is UTF-8 already.
pub(super) fn decode(file: &File, facts: &IntakeFacts, name: &str, dir: &Path) -> Result<Decoded, Failure> {
    let plain = |name, decided| Encoding { name, decided, mixed: None, undecodable: 0 };
    let in_place = |start, decided| Decoded { spool: None, start, encoding: plain("UTF-8", decided) };
    if facts.head.starts_with(&[0xFF, 0xFE, 0, 0]) || facts.head.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(Failure::run("this text is in UTF-32").at(name).hint("save it as UTF-8"));
    }
    let marked = Charset::for_bom(&facts.head);
    if let Some((_, mark)) = marked.filter(|(charset, _)| *charset == UTF_8 && facts.utf8) {
        return Ok(in_place(mark as u64, EncodingProof::Mark));
    }
    let marked = marked.filter(|(charset, _)| *charset != UTF_8);
    let marked = marked.map(|(charset, mark)| (charset, mark as u64, EncodingProof::Mark));
    let pairs = marked.or_else(|| zeros(&facts.head).map(|charset| (charset, 0, EncodingProof::Zeros)));
    if let Some((charset, start, decided)) = pairs {
        let (spool, undecodable) = utf16(file, (start, facts.len), charset, name, dir)?;
        let encoding = Encoding { undecodable, ..plain(charset.name(), decided) };
        return Ok(Decoded { spool: Some(spool), start: 0, encoding });
    }
    if facts.utf8 {
        return Ok(in_place(0, EncodingProof::Valid));
    }
    by_lines(file, facts.len, name, dir)
}

/// UTF-16 without a mark: in text of Western marks and digits one byte of most pairs is zero.
pub(super) fn zeros(head: &[u8]) -> Option<&'static Charset> {
    let count = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, pairs) = (count(0), count(1), head.len() / 2);
    match (even, odd) {
        _ if pairs < 2 => None,
        (even, odd) if odd * 10 >= pairs && even * 10 < odd => Some(UTF_16LE),
        (even, odd) if even * 10 >= pairs && odd * 10 < even => Some(UTF_16BE),
        _ => None,
    }
}

/// Writes UTF-8 and learns its facts on the way.
pub(super) struct Spool {
    out: BufWriter<File>,
    facts: IntakeFacts,
}

impl Spool {
    pub(super) fn new(dir: &Path) -> Result<Self, Failure> {
        Ok(Self { out: BufWriter::with_capacity(CHUNK, spool_file(dir)?), facts: IntakeFacts::new() })
    }

    pub(super) fn put(&mut self, bytes: &[u8], name: &str) -> Result<(), Failure> {
        self.facts.feed(bytes);
        self.out.write_all(bytes).doing("write the UTF-8 copy of", name)
    }

    pub(super) fn finish(mut self, name: &str) -> Result<(File, IntakeFacts), Failure> {
        self.facts.finish();
        let file = self.out.into_inner().doing("write the UTF-8 copy of", name)?;
        Ok((file, self.facts))
    }
}

/// The text between two offsets as UTF-8, and the number of places that could not be decoded.
fn utf16(
    file: &File,
    (start, len): (u64, u64),
    charset: &'static Charset,
    name: &str,
    dir: &Path,
) -> Result<((File, IntakeFacts), u64), Failure> {
    let mut spool = Spool::new(dir)?;
    let mut decoder = charset.new_decoder_without_bom_handling();
    let mut text = String::new();
    let mut decode = |bytes: &[u8], last: bool| -> Result<u64, Failure> {
        text.clear();
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(0));
        let errors = decoder_errors(&mut decoder, bytes, &mut text, last);
        spool.put(text.as_bytes(), name).map(|()| errors)
    };
    let mut undecodable = 0;
    copy_chunks(file, start, len, name, |chunk| {
        undecodable += decode(chunk, false)?;
        Ok(())
    })?;
    undecodable += decode(&[], true)?;
    Ok((spool.finish(name)?, undecodable))
}

/// Decodes all of `bytes`, U+FFFD for what cannot be, and returns how often that was.
pub(super) fn decoder_errors(
    decoder: &mut encoding_rs::Decoder,
    bytes: &[u8],
    text: &mut String,
    last: bool,
) -> u64 {
    let (mut rest, mut errors) = (bytes, 0);
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, text, last);
        rest = &rest[read..];
        match result {
            encoding_rs::DecoderResult::InputEmpty => return errors,
            encoding_rs::DecoderResult::Malformed(..) => {
                errors += 1;
                text.reserve(3 + decoder.max_utf8_buffer_length(rest.len()).unwrap_or(0));
                text.push('\u{fffd}');
            }
            encoding_rs::DecoderResult::OutputFull => {
                text.reserve(16 + decoder.max_utf8_buffer_length(rest.len()).unwrap_or(0));
            }
        }
    }
}

/// A text that is neither UTF-8 nor UTF-16: one old encoding, or lines of it among lines of UTF-8.
fn by_lines(file: &File, len: u64, name: &str, dir: &Path) -> Result<Decoded, Failure> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Lines with characters beyond ASCII that are valid UTF-8, and lines that are not.
    let (mut utf8, mut other) = (0u64, 0u64);
    each_line(file, (0, len), name, |line| {
        if line.is_ascii() {
            return Ok(());
        }
        if std::str::from_utf8(line).is_ok() {
            utf8 += 1;
        } else {
            other += 1;
            detector.feed(line, false);
        }
        Ok(())
    })?;
    detector.feed(&[], true);
    let charset = detector.guess(None, Utf8Detection::Deny);
    // Two bytes of an East Asian encoding are now and then valid UTF-8; those of a Western one hardly ever.
    let mixed = if charset.is_single_byte() { utf8 > 0 } else { utf8 * 9 >= other };
    let mut spool = Spool::new(dir)?;
    let mut text = String::new();
    let mut undecodable = 0;
    each_line(file, (0, len), name, |line| {
        if line.is_ascii() || (mixed && std::str::from_utf8(line).is_ok()) {
            return spool.put(line, name);
        }
        text.clear();
        undecodable += decode_line(line, charset, mixed, &mut text);
        spool.put(text.as_bytes(), name)
    })?;
    let encoding = Encoding {
        name: if mixed { "UTF-8" } else { charset.name() },
        decided: EncodingProof::Guess,
        mixed: mixed.then_some((charset.name(), other)),
        undecodable,
    };
    let spool = spool.finish(name)?;
    let start = if spool.1.head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    Ok(Decoded { spool: Some(spool), start, encoding })
}

/// Decodes one line; in a mixed file a line that is mostly UTF-8 keeps what is, so that a character cut in half
/// does not spoil its neighbours. Returns the number of places that could not be decoded.
pub(super) fn decode_line(line: &[u8], charset: &'static Charset, mixed: bool, text: &mut String) -> u64 {
    if mixed && charset == WINDOWS_1252 {
        let beyond = line.utf8_chunks().map(|c| c.valid().chars().filter(|c| !c.is_ascii()).count());
        let broken = line.utf8_chunks().filter(|c| !c.invalid().is_empty()).count();
        if beyond.sum::<usize>() >= broken {
            for chunk in line.utf8_chunks() {
                text.push_str(chunk.valid());
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
            }
            return 0;
        }
    }
    let mut decoder = charset.new_decoder_without_bom_handling();
    text.reserve(decoder.max_utf8_buffer_length(line.len()).unwrap_or(0));
    decoder_errors(&mut decoder, line, text, true)
}

/// Calls `with` on every line between two offsets, its line end (LF, else CR) included.
pub(super) fn each_line(
    file: &File,
    (mut at, len): (u64, u64),
    name: &str,
    mut with: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut buffer = Vec::new();
    loop {
        let filled = buffer.len();
        buffer.resize(filled + CHUNK.min((len - at) as usize), 0);
        read_exact_at(file, &mut buffer[filled..], at, name)?;
        at += (buffer.len() - filled) as u64;
        let end = at >= len;
        let cut = match (end, memrchr(b'\n', &buffer), memrchr(b'\r', &buffer)) {
            (true, ..) => buffer.len(),
            (false, Some(lf), _) => lf + 1,
            // A CR at the very end may be half of CR LF.
            (false, None, Some(cr)) if cr + 1 < buffer.len() => cr + 1,
            (false, ..) if buffer.len() >= LINE => buffer.len(),
            (false, ..) => 0,
        };
        let mut lines = &buffer[..cut];
        while !lines.is_empty() {
            let lf = memchr(b'\n', lines);
            let end = lf.or_else(|| memchr(b'\r', lines)).map_or(lines.len(), |at| at + 1);
            with(&lines[..end])?;
            lines = &lines[end..];
        }
        if end {
            return Ok(());
        }
        buffer.drain(..cut);
    }
}

#[cfg(test)]
mod tests {
    use super::{UTF_16BE, UTF_16LE, WINDOWS_1252, decode_line, zeros};

    #[test]
    fn utf16_shows_by_its_zeros() {
        let le: Vec<u8> = "Name;Straße\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "Name;Straße\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(zeros(&le), Some(UTF_16LE));
        assert_eq!(zeros(&be), Some(UTF_16BE));
        assert_eq!(zeros(b"Name,\0\0\0\0Phone,x"), None);
        assert_eq!(zeros(b"Name,E-mail\n"), None);
        assert_eq!(zeros(b""), None);
    }

    #[test]
    fn a_character_cut_in_half_does_not_spoil_its_line() {
        let check = |line: &[u8], want: &str| {
            let mut text = String::new();
            assert_eq!(decode_line(line, WINDOWS_1252, true, &mut text), 0);
            assert_eq!(text, want);
        };
        check(b"M\xFCller,Jos\xE9", "Müller,José");
        check(b"M\xC3\xBCller,Jos\xC3", "Müller,JosÃ");
        check(b"\x80 5", "€ 5");
    }
}
