//! What separates cells and records, and where a quoted cell ends.
//!
//! Knows one byte string at a time; not files, not how many cells a record should have.

use memchr::{memchr, memchr2};

/// The marks of a delimited file. All are single ASCII bytes, so cells of UTF-8 text are UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// Between cells.
    pub delimiter: u8,
    /// Around cells that hold a delimiter, a quote or a line end; doubled inside.
    pub quote: u8,
    /// Whether `\` inside quotes takes the special meaning from the byte after it.
    pub backslash: bool,
    /// Whether one blank follows every delimiter and belongs to it.
    pub blank_after: bool,
    /// Ends a record: LF (a CR before it belongs to it), or CR in files that know no LF.
    pub line_end: u8,
}

impl Default for Syntax {
    /// RFC 4180.
    fn default() -> Self {
        Self { delimiter: b',', quote: b'"', backslash: false, blank_after: false, line_end: b'\n' }
    }
}

/// How the quotes of one record are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The record has no quote at all.
    Plain,
    /// On one line, and every quote opens a cell, closes it or is doubled.
    Regular,
    /// Quotes mean what they should; one inside an unquoted cell is text.
    Quoted,
    /// A quote closes only before a delimiter or the end; any other single quote is text.
    Loose,
    /// As `Loose`, and a doubled quote before a delimiter or the end is text and the closing quote.
    Bare,
    /// The opening quote at this offset from the record's start is text; the others mean what they should.
    From(u32),
    /// Every quote is text.
    Literal,
}

impl Reading {
    /// Whether a quote at this offset from the record's start is text for certain.
    pub(super) const fn takes_as_text(self, at: usize) -> bool {
        match self {
            Self::From(offset) => offset as usize == at,
            Self::Literal => true,
            Self::Plain | Self::Regular | Self::Quoted | Self::Loose | Self::Bare => false,
        }
    }
}

pub(super) enum Close {
    /// Closing quote at `quote`; `after` is the delimiter, line end or end behind it.
    At { quote: usize, after: usize, escapes: bool },
    /// The closing quote is followed by something else.
    Broken,
    /// No closing quote up to the limit or the end.
    Never,
    /// The bytes at hand do not tell.
    More,
}

enum After {
    End(usize),
    Quote,
    Other,
    More,
}

/// Blanks allowed between a closing quote and the delimiter.
const BLANKS_AFTER_QUOTE: usize = 256;

impl Syntax {
    /// Whether a quote at `at` opens a cell of the record that starts at `start`.
    pub(super) fn opens(&self, bytes: &[u8], start: usize, at: usize) -> bool {
        if at == start || bytes[at - 1] == self.delimiter {
            return true;
        }
        self.blank_after && at >= start + 2 && bytes[at - 1] == b' ' && bytes[at - 2] == self.delimiter
    }

    /// Looks for the quote that closes the cell opened at `open`. `whole`: nothing follows `bytes`.
    pub(super) fn close(&self, bytes: &[u8], open: usize, how: Reading, whole: bool, limit: usize) -> Close {
        let stop = bytes.len().min(open.saturating_add(limit));
        let (mut at, mut escapes) = (open + 1, false);
        loop {
            let rest = &bytes[at.min(stop)..stop];
            let hit =
                if self.backslash { memchr2(self.quote, b'\\', rest) } else { memchr(self.quote, rest) };
            let Some(hit) = hit else {
                return if stop < bytes.len() || whole { Close::Never } else { Close::More };
            };
            let quote = at + hit;
            if bytes[quote] != self.quote {
                (at, escapes) = (quote + 2, true);
                continue;
            }
            match self.after(bytes, quote + 1, whole) {
                After::End(after) => return Close::At { quote, after, escapes },
                After::More => return Close::More,
                After::Quote => {
                    if how == Reading::Bare {
                        match self.after(bytes, quote + 2, whole) {
                            After::End(after) => return Close::At { quote: quote + 1, after, escapes },
                            After::More => return Close::More,
                            After::Quote | After::Other => {}
                        }
                    }
                    (at, escapes) = (quote + 2, true);
                }
                After::Other if matches!(how, Reading::Loose | Reading::Bare) => at = quote + 1,
                After::Other => return Close::Broken,
            }
        }
    }

    fn after(&self, bytes: &[u8], from: usize, whole: bool) -> After {
        let mut at = from;
        while at < from + BLANKS_AFTER_QUOTE {
            match bytes.get(at) {
                None => return if whole { After::End(at) } else { After::More },
                Some(&b) if b == self.delimiter || b == self.line_end => return After::End(at),
                Some(&b) if b == self.quote && at == from => return After::Quote,
                Some(b'\r') => {
                    let run = bytes[at..].iter().take_while(|&&b| b == b'\r').count();
                    return match bytes.get(at + run) {
                        None if whole => After::End(at),
                        None => After::More,
                        Some(b'\n') => After::End(at),
                        Some(_) => After::Other,
                    };
                }
                Some(b' ') => at += 1,
                Some(_) => return After::Other,
            }
        }
        After::Other
    }
}
