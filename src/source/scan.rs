//! Finds the records of a text, one after the other.
//!
//! Knows bytes, marks and the expected number of cells; not files. What it finds depends on the bytes alone,
//! never on how they were cut into blocks: a decision that needs bytes not at hand is put off.

use crate::reason::Reason;
use crate::source::fast;
use crate::source::record_shape::{Record, State};
use crate::source::recover::{Again, COLUMNS_PROVE, Suspect};
use crate::source::rules::{Oddities, RecordSpan, ScanOutcome, ScanRules};
use crate::source::split::Cells;
use crate::source::syntax::Reading;
use memchr::memchr;

/// The state of a scan between records.
#[derive(Debug)]
pub(crate) struct Scanner {
    rules: ScanRules,
    /// Physical line of the next record.
    line: u32,
    /// Bytes looked at in vain behind stray quotes, against those read.
    wasted: u64,
    /// Whether the next bytes continue a line that was too long.
    in_long_line: bool,
    /// Whether the dialect and the bytes of the text allow the short way.
    short: bool,
    /// Blank lines since somebody took the count.
    pub(crate) blank_lines: u32,
    cells: Cells,
}

/// A stretch of the text, from its byte `base` on, and the records found in it.
struct Stretch<'a> {
    bytes: &'a [u8],
    base: u64,
    /// Whether the text ends with it.
    whole: bool,
    records: &'a mut Vec<Record>,
}

impl Scanner {
    pub(crate) fn new(rules: ScanRules) -> Self {
        let short = rules.odd == Oddities::default()
            && !rules.syntax.backslash
            && !rules.syntax.blank_after
            && rules.limits.record_bytes > rules.limits.cell_bytes;
        let (line, cells) = (rules.first_line, Cells::new());
        Self { rules, line, wasted: 0, in_long_line: false, short, blank_lines: 0, cells }
    }

    /// Bytes that are to be looked for in what comes next; for texts that nobody has read through before.
    pub(crate) fn expect(&mut self, odd: Oddities) {
        self.rules.odd = odd;
        self.short = Self::new(self.rules).short;
    }

    /// Appends the records of `bytes`, whose first byte is byte `base` of the text, and returns how many
    /// bytes they took. `whole`: the text ends with `bytes`.
    pub(crate) fn scan(&mut self, bytes: &[u8], base: u64, whole: bool, records: &mut Vec<Record>) -> usize {
        let mut text = Stretch { bytes, base, whole, records };
        let mut at = 0;
        while at < bytes.len() {
            let next = self.short_way(&mut text, at).or_else(|| self.exact_way(&mut text, at));
            let Some(next) = next else { break };
            at = next;
        }
        at
    }

    /// Takes what begins at `at`; `None` where the bytes at hand do not tell.
    fn exact_way(&mut self, text: &mut Stretch<'_>, at: usize) -> Option<usize> {
        let position = text.base + at as u64;
        let odd_place = self.in_long_line || position < self.rules.marks.preamble_end;
        let (reading, limit) = match odd_place {
            true => (Reading::Literal, usize::MAX),
            false => (Reading::Plain, self.lookahead(position)),
        };
        match self.rules.find(text.bytes, at, reading, text.whole, limit) {
            ScanOutcome::More => None,
            ScanOutcome::Record(span) if odd_place || !self.suspicious(text.bytes, at, &span) => {
                Some(self.push(text, at, &span, State::Row))
            }
            ScanOutcome::Record(span) => self.recover(text, at, Suspect::Span(span)),
            ScanOutcome::Trouble(open) => self.recover(text, at, Suspect::Open(open)),
            ScanOutcome::Long => Some(self.cut_long(text, at)),
        }
    }

    /// Takes a regular record on one line; `None` where the exact way has to look.
    fn short_way(&mut self, text: &mut Stretch<'_>, at: usize) -> Option<usize> {
        let (bytes, position) = (text.bytes, text.base + at as u64);
        if !self.short || self.in_long_line || position <= self.rules.marks.preamble_end {
            return None;
        }
        let limit = self.lookahead(position);
        let (line_end, quoted) = fast::record_end(bytes, at, &self.rules.syntax, limit)?;
        let end = self.rules.content_end(bytes, at, line_end);
        let reading = if quoted { Reading::Regular } else { Reading::Plain };
        if position >= self.rules.marks.footer || bytes[at] <= b' ' || end - at > limit {
            return None;
        }
        let (start, end) = (at as u32, end as u32);
        text.records.push(Record { start, end, line: self.line, state: State::Row, reading });
        self.line = self.line.saturating_add(1);
        Some(line_end + 1)
    }

    /// How far a quoted cell may reach: less where the text is full of quotes that never close, for linear time.
    fn lookahead(&self, position: u64) -> usize {
        let limits = &self.rules.limits;
        let far = limits.cell_bytes.min(limits.recover_bytes);
        if self.wasted > 8 * limits.recover_bytes as u64 + 2 * position { far.min(512) } else { far }
    }

    /// Whether a record without visible fault may still be several, swallowed by a stray quote.
    fn suspicious(&mut self, bytes: &[u8], start: usize, span: &RecordSpan) -> bool {
        if span.multi.is_none() && !span.stray {
            return self.rules.odd.lone_cr && self.broken_by_cr(&bytes[start..span.end]);
        }
        if span.multi.is_some() && (span.stray || self.rules.shape.columns >= COLUMNS_PROVE) {
            return true;
        }
        !self.rules.fits(&bytes[start..span.end], span.reading, &mut self.cells)
    }

    /// Whether a record of the wrong number of cells becomes rows when lone CRs (LFs in a CR file) end lines.
    fn broken_by_cr(&mut self, record: &[u8]) -> bool {
        let other = self.other_end();
        memchr(other, record).is_some()
            && !self.rules.fits(record, Reading::Quoted, &mut self.cells)
            && record
                .split(|&b| b == other)
                .all(|part| part.is_empty() || self.rules.fits(part, Reading::Quoted, &mut self.cells))
    }

    fn other_end(&self) -> u8 {
        if self.rules.syntax.line_end == b'\n' { b'\r' } else { b'\n' }
    }

    fn recover(&mut self, text: &mut Stretch<'_>, start: usize, suspect: Suspect) -> Option<usize> {
        if let Suspect::Span(span) = &suspect
            && self.rules.odd.lone_cr
            && span.multi.is_none()
            && self.broken_by_cr(&text.bytes[start..span.end])
        {
            return Some(self.push_parts(text, start, span));
        }
        let limit = self.lookahead(text.base + start as u64);
        let (rules, cells) = (&self.rules, &mut self.cells);
        let mut again = Again { rules, bytes: text.bytes, start, whole: text.whole, limit, cells };
        let fixed = again.read(suspect)?;
        self.wasted += fixed.wasted as u64;
        Some(self.push(text, start, &fixed.span, fixed.state))
    }

    /// One record a part, where the other kind of line end stands alone.
    fn push_parts(&mut self, text: &mut Stretch<'_>, start: usize, span: &RecordSpan) -> usize {
        let other = self.other_end();
        let mut at = start;
        loop {
            let end = memchr(other, &text.bytes[at..span.end]).map_or(span.end, |i| at + i);
            let next = if end < span.end { end + 1 } else { span.next };
            at = self.push(text, at, &RecordSpan { end, next, breaks: 0, ..*span }, State::Row);
            if end == span.end {
                return next;
            }
        }
    }

    /// Adds a record, unless it is blank, and returns where the next one begins.
    fn push(&mut self, text: &mut Stretch<'_>, start: usize, span: &RecordSpan, state: State) -> usize {
        let line = self.line;
        self.line = self.line.saturating_add(span.breaks + 1);
        let content = &text.bytes[start..span.end];
        let rest_of_long_line = std::mem::take(&mut self.in_long_line);
        if is_blank(content, self.rules.syntax.delimiter) {
            self.blank_lines += u32::from(!rest_of_long_line);
            return span.next;
        }
        let state = match self.placed(text.base + start as u64) {
            Some(placed) => placed,
            None if rest_of_long_line => State::Rejected(Reason::RowOversize),
            None => self.checked(content, span.reading, state),
        };
        let (start, end) = (start as u32, span.end as u32);
        text.records.push(Record { start, end, line, state, reading: span.reading });
        span.next
    }

    /// What a record is by its place alone.
    fn placed(&self, position: u64) -> Option<State> {
        let marks = &self.rules.marks;
        if position > marks.preamble_end && position < marks.footer {
            return None;
        }
        match position {
            0 if marks.sep_line => Some(State::Header),
            _ if position < marks.preamble_end => Some(State::Rejected(Reason::RowPreamble)),
            _ if position == marks.preamble_end && marks.header => Some(State::Header),
            _ if position >= marks.footer => Some(State::Rejected(Reason::RowFooter)),
            _ => None,
        }
    }

    /// What bytes that should not be there make of a record.
    fn checked(&mut self, content: &[u8], reading: Reading, state: State) -> State {
        let odd = self.rules.odd;
        if odd.nul && memchr(0, content).is_some() {
            return State::Rejected(Reason::RowNul);
        }
        let long = content.len() > self.rules.limits.cell_bytes;
        if long && self.rules.cell_too_long(content, reading, &mut self.cells) {
            return State::Rejected(Reason::RowOversize);
        }
        if odd.undecodable
            && state == State::Row
            && memchr::memmem::find(content, "\u{fffd}".as_bytes()).is_some()
        {
            return State::Repaired(Reason::RowUndecodable);
        }
        state
    }

    /// Rejects the first piece of a line that has no end within the limit.
    fn cut_long(&mut self, text: &mut Stretch<'_>, start: usize) -> usize {
        let bytes = text.bytes;
        let limit = start + self.rules.limits.record_bytes;
        let window = &bytes[start..limit.min(bytes.len())];
        let (cut, ended) = match memchr(self.rules.syntax.line_end, window) {
            Some(i) => (start + i, true),
            None => {
                let mut cut = start + window.len();
                while cut > start + 1 && bytes.get(cut).is_some_and(|b| b & 0xC0 == 0x80) {
                    cut -= 1;
                }
                (cut, false)
            }
        };
        let end = if ended { self.rules.content_end(bytes, start, cut) } else { cut };
        let (first, last, state) = (start as u32, end as u32, State::Rejected(Reason::RowOversize));
        let reading = Reading::Literal;
        text.records.push(Record { start: first, end: last, line: self.line, state, reading });
        self.line = self.line.saturating_add(u32::from(ended));
        self.in_long_line = !ended;
        cut + usize::from(ended)
    }
}

/// Whether a line holds nothing but blanks (or the mark that ended files on DOS).
fn is_blank(content: &[u8], delimiter: u8) -> bool {
    match content {
        [] => true,
        [b' ' | b'\t' | b'\r' | 0x1A, ..] => {
            content.iter().all(|&b| b != delimiter && matches!(b, b' ' | b'\t' | b'\r' | 0x1A))
        }
        _ => false,
    }
}
