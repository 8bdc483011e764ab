//! Reads a record again whose quotes do not add up, so that one stray quote costs one record at most.
//!
//! Knows the bytes behind the stray quote up to a limit, and how many cells a row has. It tries the readings
//! that keep to one physical line first, then the quote taken as text, then cells over several lines; what
//! fits no reading is rejected line by line. What remains open to doubt is left as the quotes say.

use crate::reason::Reason;
use crate::source::record_shape::State;
use crate::source::rules::{RecordSpan, ScanOutcome, ScanRules};
use crate::source::split::Cells;
use crate::source::syntax::Reading;
use memchr::memchr;

/// From this many columns on, lines inside a quoted cell that each have as many cells as a row are rows.
pub(super) const COLUMNS_PROVE: u32 = 4;

/// How far a cell with stray quotes inside may span lines, in bytes.
const LOOSE_BYTES: usize = 64 * 1024;

pub(crate) enum Suspect {
    /// The cell opened there is not closed as it should be.
    Open(usize),
    /// The record is well formed, or nearly, but may have swallowed others.
    Span(RecordSpan),
}

pub(super) struct Fixed {
    pub span: RecordSpan,
    pub state: State,
    /// Bytes looked at behind the record.
    pub wasted: usize,
}

pub(super) struct Again<'a> {
    pub rules: &'a ScanRules,
    pub bytes: &'a [u8],
    pub start: usize,
    pub whole: bool,
    pub limit: usize,
    pub cells: &'a mut Cells,
}

impl Again<'_> {
    /// The record as read again; `None` when that needs bytes which are not at hand.
    pub(super) fn read(&mut self, suspect: Suspect) -> Option<Fixed> {
        match suspect {
            Suspect::Open(open) => self.unclosed(open),
            Suspect::Span(span) => self.doubtful(span),
        }
    }

    /// Whether the bytes from `start` to `end`, so read, have as many cells as a row should.
    fn fits(&mut self, start: usize, end: usize, reading: Reading) -> bool {
        self.rules.fits(&self.bytes[start..end], reading, self.cells)
    }

    /// The record by that reading, if its cells fit; `None` when the bytes at hand do not tell.
    fn by(&mut self, reading: Reading, limit: usize) -> Option<Option<RecordSpan>> {
        match self.rules.find(self.bytes, self.start, reading, self.whole, limit) {
            ScanOutcome::More => None,
            ScanOutcome::Record(span) if self.fits(self.start, span.end, reading) => {
                Some(Some(RecordSpan { reading, ..span }))
            }
            _ => Some(None),
        }
    }

    /// A cell that is not closed as it should be.
    fn unclosed(&mut self, open: usize) -> Option<Fixed> {
        let line_end = self.line_end(open)?;
        if let Some(span) = self.on_one_line(line_end) {
            return Some(repaired(span));
        }
        let literal = self.taken_as_text(open)?;
        let loose = self.over_lines()?;
        let behind = literal.map_or(line_end + 1, |span| span.next);
        let fixed = match (literal, loose) {
            (Some(span), None) => repaired(span),
            (Some(span), Some(loose)) => repaired(if self.row_at(behind)? { span } else { loose }),
            (None, Some(loose)) if !self.row_at(behind)? => repaired(loose),
            (None, _) => self.rejected(line_end),
        };
        Some(Fixed { wasted: self.limit.min(self.bytes.len() - open), ..fixed })
    }

    /// A record that ends where it should and may yet have swallowed others.
    fn doubtful(&mut self, span: RecordSpan) -> Option<Fixed> {
        let kept = Fixed { span, state: State::Row, wasted: 0 };
        let fits = self.fits(self.start, span.end, span.reading);
        let Some(open) = span.multi else {
            // One line with a quote inside an unquoted cell: only the number of cells is in doubt.
            let again = if fits { None } else { self.on_one_line(span.end) };
            return Some(again.map_or(kept, repaired));
        };
        let line_end = self.line_end(open)?;
        let (inside, rows) = self.rows_inside(line_end, span.end);
        if fits && !span.stray && (inside == 0 || rows < inside || self.rules.shape.columns < COLUMNS_PROVE) {
            return Some(kept);
        }
        let wasted = span.end - line_end.min(span.end);
        if let Some(literal) = self.taken_as_text(open)?
            && (!fits || span.stray || rows > 0)
            && self.row_at(literal.next)?
        {
            return Some(Fixed { wasted, ..repaired(literal) });
        }
        let swallowed = rows > 0 && self.rules.shape.columns > 2 && !fits;
        Some(if swallowed { Fixed { wasted, ..self.rejected(line_end) } } else { kept })
    }

    /// Behind the physical line that holds `from`, before its line end.
    fn line_end(&self, from: usize) -> Option<usize> {
        match memchr(self.rules.syntax.line_end, &self.bytes[from..]) {
            Some(i) => Some(from + i),
            None if self.whole || self.bytes.len() - self.start > self.rules.limits.record_bytes => {
                Some(self.bytes.len())
            }
            None => None,
        }
    }

    /// The record read loosely without leaving the line.
    fn on_one_line(&mut self, line_end: usize) -> Option<RecordSpan> {
        let end = self.rules.content_end(self.bytes, self.start, line_end);
        let next = (line_end + 1).min(self.bytes.len());
        [Reading::Loose, Reading::Bare].into_iter().find_map(|reading| {
            match self.rules.find(&self.bytes[..end], self.start, reading, true, self.limit) {
                ScanOutcome::Record(span) if span.end == end => {
                    let fits = self.fits(self.start, end, reading);
                    fits.then_some(RecordSpan { next, reading, ..span })
                }
                _ => None,
            }
        })
    }

    /// The record with the quote at `open` as text, else with every quote of its first line as text.
    fn taken_as_text(&mut self, open: usize) -> Option<Option<RecordSpan>> {
        if let Some(span) = self.by(Reading::From((open - self.start) as u32), self.limit)? {
            return Some(Some(span));
        }
        let line_end = self.line_end(self.start)?;
        let end = self.rules.content_end(self.bytes, self.start, line_end);
        let fits = line_end >= open && self.fits(self.start, end, Reading::Literal);
        Some(fits.then(|| self.line(end, line_end)))
    }

    /// The record with stray quotes inside a cell that spans lines, by the reading that takes fewest lines.
    fn over_lines(&mut self) -> Option<Option<RecordSpan>> {
        let limit = self.limit.min(LOOSE_BYTES);
        let (loose, bare) = (self.by(Reading::Loose, limit)?, self.by(Reading::Bare, limit)?);
        Some(loose.into_iter().chain(bare).min_by_key(|span| span.next))
    }

    /// Whether a row starts at `at`, behind blank lines; the end of the text is as good.
    fn row_at(&mut self, at: usize) -> Option<bool> {
        let blank = self.bytes.iter().skip(at).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let at = at + blank;
        if at >= self.bytes.len() {
            return self.whole.then_some(true);
        }
        match self.rules.find(self.bytes, at, Reading::Plain, self.whole, self.limit.min(LOOSE_BYTES)) {
            ScanOutcome::More => None,
            ScanOutcome::Record(span) => Some(self.fits(at, span.end, span.reading)),
            ScanOutcome::Trouble(_) | ScanOutcome::Long => Some(false),
        }
    }

    /// Lines that lie wholly between the first and the last one of a record, and how many of them are rows.
    fn rows_inside(&mut self, first_end: usize, end: usize) -> (usize, usize) {
        let (mut inside, mut rows, mut at) = (0, 0, first_end + 1);
        while let Some(i) = self.bytes.get(at..end).and_then(|rest| memchr(self.rules.syntax.line_end, rest))
        {
            let content = self.rules.content_end(self.bytes, at, at + i);
            if content > at {
                inside += 1;
                rows += usize::from(self.fits(at, content, Reading::Quoted));
            }
            at += i + 1;
        }
        (inside, rows)
    }

    fn line(&self, end: usize, line_end: usize) -> RecordSpan {
        let next = (line_end + 1).min(self.bytes.len());
        RecordSpan { end, next, breaks: 0, reading: Reading::Literal, stray: false, multi: None }
    }

    /// The record up to that line end, as text that is no row.
    fn rejected(&self, line_end: usize) -> Fixed {
        let end = self.rules.content_end(self.bytes, self.start, line_end);
        let inner = &self.bytes[self.start..end];
        let breaks = memchr::memchr_iter(self.rules.syntax.line_end, inner).count() as u32;
        let span = RecordSpan { breaks, ..self.line(end, line_end) };
        Fixed { span, state: State::Rejected(Reason::RowQuoteUnclosed), wasted: 0 }
    }
}

fn repaired(span: RecordSpan) -> Fixed {
    Fixed { span, state: State::Repaired(Reason::RowQuoteStray), wasted: 0 }
}
