//! The short way for records on one line whose quotes are all as RFC 4180 has them: 64 bytes at a time.
//!
//! Knows bit masks of a stretch of bytes. Whatever is not plainly regular is left to the exact way in `scan` and
//! `split`; a test proves both equal.

use wide::u8x16;

use super::syntax::Syntax;

/// Bytes looked at together.
const LANE: usize = 64;

/// As many bytes, ready to be compared.
struct Lane([u8x16; 4]);

impl Lane {
    /// The bytes at `at`; behind the end stand bytes that are no mark.
    #[inline(always)]
    fn at(bytes: &[u8], at: usize) -> Self {
        match bytes.get(at..at + LANE).and_then(|full| <&[u8; LANE]>::try_from(full).ok()) {
            Some(full) => Self::of(full),
            None => {
                let rest = bytes.get(at..).unwrap_or_default();
                let mut padded = [0; LANE];
                padded[..rest.len()].copy_from_slice(rest);
                Self::of(&padded)
            }
        }
    }

    #[inline(always)]
    fn of(bytes: &[u8; LANE]) -> Self {
        let (parts, _) = bytes.as_chunks::<16>();
        Self([u8x16::new(parts[0]), u8x16::new(parts[1]), u8x16::new(parts[2]), u8x16::new(parts[3])])
    }

    /// One bit a byte: which of them are `byte`.
    #[inline(always)]
    fn mask(&self, byte: u8) -> u64 {
        let wanted = u8x16::splat(byte);
        let [a, b, c, d] = self.0.map(|part| u64::from(part.simd_eq(wanted).to_bitmask()));
        a | b << 16 | c << 32 | d << 48
    }
}

/// Bit i: whether the number of ones in bits 0 to i is odd.
fn odd_up_to(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Where quotes stand in one lane, and what the lane before handed on.
#[derive(Default)]
struct Quotes {
    /// All ones while inside quotes.
    inside: u64,
    /// Whether the byte before the lane is a closing quote.
    closed: u64,
    /// Bytes inside quotes, opening quotes among them, closing ones not.
    within: u64,
    opening: u64,
    closing: u64,
}

impl Quotes {
    fn step(&mut self, quotes: u64) {
        self.within = odd_up_to(quotes) ^ self.inside;
        self.opening = quotes & self.within;
        self.closing = quotes & !self.within;
    }

    /// Opening quotes that stand right behind a closing one: a doubled quote.
    fn doubled(&self) -> u64 {
        self.opening & (self.closing << 1 | self.closed)
    }

    /// Closing quotes that none of `good` follows; one that ends the lane is found by the next lane.
    fn closed_before_other_than(&self, good: u64) -> u64 {
        (self.closing & !(good >> 1 | 1 << 63)) | (self.closed & !good)
    }

    fn carry(&mut self) {
        self.inside = 0_u64.wrapping_sub(self.within >> 63);
        self.closed = self.closing >> 63;
    }
}

/// The line end of the record at `start` and whether it has quotes; `None` when the record is not on one line,
/// not regular, longer than `limit`, or not all there.
pub(super) fn record_end(bytes: &[u8], start: usize, syntax: &Syntax, limit: usize) -> Option<(usize, bool)> {
    let (mut at, mut quoted, mut parted) = (start, false, 1);
    let mut state = Quotes::default();
    while at < bytes.len() && at - start <= limit {
        let lane = Lane::at(bytes, at);
        let quotes = lane.mask(syntax.quote);
        let ends = lane.mask(syntax.line_end);
        if quotes == 0 && state.inside == 0 && state.closed == 0 {
            if ends != 0 {
                return Some((at + ends.trailing_zeros() as usize, quoted));
            }
            parted = u64::from(bytes.get(at + LANE - 1) == Some(&syntax.delimiter));
            at += LANE;
            continue;
        }
        state.step(quotes);
        let delimiters = lane.mask(syntax.delimiter);
        let end = ends & !state.within;
        // The bytes up to the end of the record, all if it is not in this lane.
        let mine = end ^ end.wrapping_sub(1);
        quoted |= quotes & mine != 0;
        let before_opening = delimiters << 1 | parted | state.closing << 1 | state.closed;
        let behind_closing = delimiters | ends | state.opening;
        let mut badly_closed = state.closed_before_other_than(behind_closing);
        if badly_closed & mine != 0 {
            let return_then_end = lane.mask(b'\r') & (ends >> 1);
            badly_closed = state.closed_before_other_than(behind_closing | return_then_end);
        }
        let badly_opened = state.opening & !before_opening;
        if (badly_closed | badly_opened | ends & state.within) & mine != 0 {
            return None;
        }
        if end != 0 {
            return Some((at + end.trailing_zeros() as usize, quoted));
        }
        state.carry();
        parted = delimiters >> 63;
        at += LANE;
    }
    None
}

/// The bounds of the cells of a record without quotes.
pub(super) fn plain(record: &[u8], delimiter: u8, bounds: &mut Vec<(u32, u32)>) {
    let (mut at, mut start) = (0, 0);
    while at < record.len() {
        let mut delimiters = Lane::at(record, at).mask(delimiter);
        while delimiters != 0 {
            let end = at as u32 + delimiters.trailing_zeros();
            bounds.push((start, end));
            start = end + 1;
            delimiters &= delimiters - 1;
        }
        at += LANE;
    }
    bounds.push((start, record.len() as u32));
}

/// Calls `cell` with the bounds of every cell, quotes included, and whether a doubled quote is in it.
pub(super) fn regular(record: &[u8], syntax: &Syntax, mut cell: impl FnMut(u32, u32, bool)) {
    let (mut at, mut start, mut escapes) = (0, 0, false);
    let mut state = Quotes::default();
    while at < record.len() {
        let lane = Lane::at(record, at);
        state.step(lane.mask(syntax.quote));
        let mut delimiters = lane.mask(syntax.delimiter) & !state.within;
        let mut doubled = state.doubled();
        while delimiters != 0 {
            let below = delimiters ^ delimiters.wrapping_sub(1);
            let end = at as u32 + delimiters.trailing_zeros();
            cell(start, end, escapes || doubled & below != 0);
            doubled &= !below;
            (start, escapes) = (end + 1, false);
            delimiters &= delimiters - 1;
        }
        escapes |= doubled != 0;
        state.carry();
        at += LANE;
    }
    cell(start, record.len() as u32, escapes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Limits;
    use super::super::split::{Cells, split};
    use super::super::syntax::{Reading, Syntax};
    use super::record_end;
    use crate::source::rules::{ScanOutcome, ScanRules};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Where the short way finds an end, the exact way finds the same end and the same cells.
        #[test]
        fn the_short_way_agrees_with_the_exact_way(
            pieces in proptest::collection::vec(prop::sample::select(vec![
                "a", "bcd", "0123456789012345678901234567890123456789", ",", ",", "\"", "\"x\"", ",\"y\",", "\"\"", "\r",
                " ", "\n", "é",
            ]), 0..40),
        ) {
            let text: String = pieces.concat();
            let syntax = Syntax::default();
            let rules = ScanRules::of(syntax, Limits::default());
            if let Some((at, quoted)) = record_end(text.as_bytes(), 0, &syntax, 1 << 20) {
                let ScanOutcome::Record(span) = rules.find(text.as_bytes(), 0, Reading::Plain, true, 1 << 20) else {
                    panic!("the exact way finds no record in {text:?}");
                };
                prop_assert_eq!((span.next, span.stray, span.breaks), (at + 1, false, 0));
                prop_assert_eq!(span.reading != Reading::Plain, quoted);
                let record = &text[..span.end];
                let (mut short, mut exact) = (Cells::new(), Cells::new());
                let reading = if quoted { Reading::Regular } else { Reading::Plain };
                let short: Vec<_> = split(record, &syntax, reading, &mut short).iter().collect();
                let exact: Vec<_> = split(record, &syntax, Reading::Quoted, &mut exact).iter().collect();
                prop_assert_eq!(short, exact);
            }
        }
    }

    #[test]
    fn regular_records_take_the_short_way() {
        let check =
            |text: &str, want| assert_eq!(record_end(text.as_bytes(), 0, &Syntax::default(), 999), want);
        let long = "x".repeat(80);
        check("a,b\nc", Some((3, false)));
        check("a,b", None);
        check("\"a\",\"b\"\"c\",\"\"\r\n", Some((14, true)));
        check(&format!("\"{long}\",\"{long}\"\n"), Some((165, true)));
        check("\"two\nlines\"\n", None);
        check("5\" pipe\n", None);
        check("\"a\"b\n", None);
        check(&format!("\"{}\"x\n", &long[..62]), None);
    }
}
