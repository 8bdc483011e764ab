//! The rules a scanner goes by (delimiter, quotes, caps), and the spans and oddities it finds.

use crate::source::Limits;
use crate::source::record_shape::RecordShape;
use crate::source::split::{Cells, split};
use crate::source::syntax::{Close, Reading, Syntax};
use memchr::{memchr_iter, memchr2};

/// Byte offsets, from the text's first byte, at which the file's make changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Whether the first line is `sep=X`.
    pub sep_line: bool,
    /// Where the preamble ends: the header, or the first row.
    pub preamble_end: u64,
    /// Whether a header stands there.
    pub header: bool,
    /// Where the footer starts.
    pub footer: u64,
}

impl Marks {
    pub(crate) const NONE: Self = Self { sep_line: false, preamble_end: 0, header: false, footer: u64::MAX };
}

/// Bytes that occur somewhere in the text and have to be looked for in every record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Oddities {
    pub nul: bool,
    pub lone_cr: bool,
    pub undecodable: bool,
}

/// What every record of a text is read with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScanRules {
    pub syntax: Syntax,
    pub shape: RecordShape,
    pub marks: Marks,
    /// Number of the first line.
    pub first_line: u32,
    pub odd: Oddities,
    pub limits: Limits,
}

/// A record as found, before it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordSpan {
    /// Behind the last byte of content, before the line end.
    pub end: usize,
    /// Where the next record starts.
    pub next: usize,
    /// Line ends inside.
    pub breaks: u32,
    pub reading: Reading,
    /// Whether an unquoted cell holds a quote.
    pub stray: bool,
    /// The first cell that spans lines.
    pub multi: Option<usize>,
}

pub(crate) enum ScanOutcome {
    Record(RecordSpan),
    /// The cell opened there is not closed as it should be.
    Trouble(usize),
    /// No end within the limit.
    Long,
    /// The bytes at hand do not tell.
    More,
}

impl ScanRules {
    /// Those of a text of which nothing but its marks is known.
    pub(crate) fn of(syntax: Syntax, limits: Limits) -> Self {
        let (shape, odd) = (RecordShape::default(), Oddities::default());
        Self { syntax, shape, marks: Marks::NONE, first_line: 1, odd, limits }
    }

    /// The record that starts at `start`, its quotes taken as `reading` says, cells followed for `limit` bytes.
    pub(crate) fn find(
        &self,
        bytes: &[u8],
        start: usize,
        reading: Reading,
        whole: bool,
        limit: usize,
    ) -> ScanOutcome {
        let syntax = &self.syntax;
        let mut span =
            RecordSpan { end: 0, next: 0, breaks: 0, reading: Reading::Plain, stray: false, multi: None };
        let mut at = start;
        loop {
            let Some(hit) = memchr2(syntax.quote, syntax.line_end, &bytes[at..]) else {
                let long = bytes.len() - start > self.limits.record_bytes;
                return match (long, whole) {
                    (true, _) => ScanOutcome::Long,
                    (false, true) => {
                        ScanOutcome::Record(RecordSpan { end: bytes.len(), next: bytes.len(), ..span })
                    }
                    (false, false) => ScanOutcome::More,
                };
            };
            at += hit;
            if at + 1 - start > self.limits.record_bytes {
                return ScanOutcome::Long;
            }
            if bytes[at] == syntax.line_end {
                return ScanOutcome::Record(RecordSpan {
                    end: self.content_end(bytes, start, at),
                    next: at + 1,
                    ..span
                });
            }
            if matches!(span.reading, Reading::Plain) {
                span.reading = if reading == Reading::Plain { Reading::Quoted } else { reading };
            }
            let text = reading.takes_as_text(at - start);
            if text || !syntax.opens(bytes, start, at) {
                span.stray |= !text;
                at += 1;
                continue;
            }
            match syntax.close(bytes, at, reading, whole, limit) {
                Close::At { quote, after, .. } => {
                    let breaks = memchr_iter(syntax.line_end, &bytes[at..quote]).count();
                    if breaks > self.limits.lines_per_cell {
                        return ScanOutcome::Trouble(at);
                    }
                    if breaks > 0 {
                        span.breaks += breaks as u32;
                        span.multi = span.multi.or(Some(at));
                    }
                    at = after;
                }
                Close::Broken | Close::Never => return ScanOutcome::Trouble(at),
                Close::More => return ScanOutcome::More,
            }
        }
    }

    /// Where the content of a record ends whose line end is at `at`.
    pub(crate) fn content_end(&self, bytes: &[u8], start: usize, at: usize) -> usize {
        let mut end = at;
        while self.syntax.line_end == b'\n' && end > start && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        end
    }

    /// Whether the text, so read, has as many cells as a row should.
    pub(crate) fn fits(&self, bytes: &[u8], reading: Reading, cells: &mut Cells) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        self.shape.fits(&split(text, &self.syntax, reading, cells))
    }

    pub(crate) fn cell_too_long(&self, bytes: &[u8], reading: Reading, cells: &mut Cells) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else { return true };
        split(text, &self.syntax, reading, cells).iter().any(|cell| cell.len() > self.limits.cell_bytes)
    }
}
