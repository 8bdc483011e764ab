//! Cells of a CSV line: quoted where needed, lossless, or guarded for a spreadsheet on request.

use wide::u8x16;

/// Writes lines of cells into a buffer that workers reuse.
///
/// Cells are separated by commas, lines end in LF; a cell is quoted when it holds a comma, a quote, CR or
/// LF, or when it starts or ends with a blank (some readers trim). RFC 4180 otherwise.
#[derive(Debug, Default)]
pub struct Line {
    /// Finished lines, then the cells of the line at hand, each with a comma behind it.
    bytes: Vec<u8>,
    spreadsheet_safe: bool,
}

impl Line {
    /// An empty buffer; `spreadsheet_safe` puts an apostrophe before cells a spreadsheet would run.
    pub fn new(spreadsheet_safe: bool) -> Self {
        Self { spreadsheet_safe, ..Self::default() }
    }

    /// Appends a cell that surely needs neither quotes nor a guard: a word of ours, an id.
    pub fn plain(&mut self, word: &str) {
        debug_assert!(!needs_quotes(word.as_bytes()) && !is_formula(word));
        self.bytes.extend_from_slice(word.as_bytes());
        self.bytes.push(b',');
    }

    /// Appends a number in decimal digits.
    pub fn number(&mut self, n: u64) {
        self.bytes.extend_from_slice(digits(n, &mut [0; 20]).as_bytes());
        self.bytes.push(b',');
    }

    /// Appends one cell.
    #[inline]
    pub fn cell(&mut self, text: &str) {
        if !text.is_empty() {
            self.text(text);
        }
        self.bytes.push(b',');
    }

    fn text(&mut self, text: &str) {
        let guard = self.spreadsheet_safe && is_formula(text);
        let quotes = needs_quotes(text.as_bytes());
        if quotes {
            self.bytes.push(b'"');
        }
        if guard {
            self.bytes.push(b'\'');
        }
        if !quotes {
            self.bytes.extend_from_slice(text.as_bytes());
            return;
        }
        for part in text.as_bytes().split_inclusive(|b| *b == b'"') {
            self.bytes.extend_from_slice(part);
            if part.last() == Some(&b'"') {
                self.bytes.push(b'"');
            }
        }
        self.bytes.push(b'"');
    }

    /// Appends cells one by one.
    pub fn cells<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        for text in texts {
            self.cell(text);
        }
    }

    /// Ends the line, which has at least one cell.
    pub fn end(&mut self) {
        match self.bytes.last_mut() {
            Some(comma) if *comma == b',' => *comma = b'\n',
            _ => debug_assert!(false, "a line without cells"),
        }
    }

    fn whole(&self) -> bool {
        self.bytes.last().is_none_or(|b| *b == b'\n')
    }

    /// Moves the finished lines to the end of `out`.
    pub fn drain_into(&mut self, out: &mut Vec<u8>) {
        debug_assert!(self.whole(), "a line was not ended");
        out.append(&mut self.bytes);
    }

    /// The finished lines, leaving an empty buffer of the same size behind.
    pub fn take(&mut self) -> Vec<u8> {
        debug_assert!(self.whole(), "a line was not ended");
        let capacity = self.bytes.capacity();
        std::mem::replace(&mut self.bytes, Vec::with_capacity(capacity))
    }
}

/// Whether the byte cannot stand in a cell without quotes. A blank may, but not at an end.
const fn is_special(byte: u8) -> bool {
    const SPECIAL: u64 = 1 | 1 << b'\n' | 1 << b'\r' | 1 << b'"' | 1 << b',';
    byte < 64 && SPECIAL >> byte & 1 == 1
}

fn needs_quotes(bytes: &[u8]) -> bool {
    let blank = |b: Option<&u8>| matches!(b, Some(b' ' | b'\t'));
    if blank(bytes.first()) || blank(bytes.last()) {
        return true;
    }
    let (lanes, rest) = bytes.as_chunks::<16>();
    match bytes.last_chunk::<16>() {
        // The last lane overlaps the one before.
        Some(last) => lanes.iter().any(has_special) || !rest.is_empty() && has_special(last),
        None => rest.iter().any(|b| is_special(*b)),
    }
}

/// [`is_special`] for 16 bytes at once.
#[inline]
fn has_special(lane: &[u8; 16]) -> bool {
    let lane = u8x16::new(*lane);
    let found = [b',', b'"', b'\n', b'\r', 0].map(|mark| lane.simd_eq(u8x16::splat(mark)));
    let [a, b, c, d, e] = found;
    ((a | b) | (c | d) | e).to_bitmask() != 0
}

/// The decimal digits of a number, without the machinery of `fmt`: line numbers stand in every line.
pub fn digits(mut n: u64, buffer: &mut [u8; 20]) -> &str {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            return std::str::from_utf8(&buffer[at..]).unwrap_or_default();
        }
    }
}

/// Whether a spreadsheet would take the cell for a formula (OWASP ASVS 5.0, 1.2.10: a leading `=`, `+`,
/// `-`, `@`, TAB, CR or NUL). A telephone number in E.164 form and a plain number are no formulas.
pub fn is_formula(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    if !matches!(first, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | 0) {
        return false;
    }
    let rest = &text.as_bytes()[1..];
    let number = matches!(first, b'+' | b'-')
        && !rest.is_empty()
        && rest.len() <= 15
        && rest.iter().all(|b| b.is_ascii_digit() || (*b == b'.' && first == b'-'));
    !number
}

#[cfg(test)]
mod tests {
    use super::{Line, digits, is_formula, needs_quotes};
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for text in ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tx", "+", "-", "+44 7700"] {
            assert!(is_formula(text), "{text:?}");
        }
        for text in ["", "jane", "+447700900123", "-12.5", "2026-11-21", "'=x"] {
            assert!(!is_formula(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn quotes_are_put_where_one_byte_needs_them(text in "[a-c ,\"\r\n\0é]{0,70}") {
            let bytes = text.as_bytes();
            let blank = |b: Option<&u8>| b.is_some_and(|b| *b == b' ');
            let special = bytes.iter().any(|b| b",\"\r\n\0".contains(b));
            prop_assert_eq!(needs_quotes(bytes), special || blank(bytes.first()) || blank(bytes.last()));
        }

        #[test]
        fn digits_are_those_of_fmt(n: u64) {
            let mut buffer = [0; 20];
            prop_assert_eq!(digits(n, &mut buffer), n.to_string());
        }

        #[test]
        fn every_cell_reads_back_as_it_was(rows in prop::collection::vec(prop::collection::vec(".*", 2..5), 1..5)) {
            let mut line = Line::new(false);
            // Every file of ours starts with a header; at its very start a reader would drop U+FEFF.
            line.cell("header");
            line.end();
            for row in &rows {
                line.cells(row.iter().map(String::as_str));
                line.end();
            }
            let bytes = line.take();
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[..]);
            let read: Vec<Vec<String>> =
                reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(read, rows);
        }
    }
}
