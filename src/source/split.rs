//! Cuts one record into cells.
//!
//! Knows the marks and how the quotes of the record are to be taken; not where the record came from.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::fast;
use super::syntax::{Close, Reading, Syntax};

/// Set in a cell's start when its text was unescaped and lies in the scratch text.
const UNESCAPED: u32 = 1 << 31;

/// Room for the cells of one record, used again for the next.
#[derive(Debug, Default)]
pub struct Cells {
    bounds: Vec<(u32, u32)>,
    unescaped: String,
}

impl Cells {
    /// Empty room.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The cells of one record.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    record: &'a str,
    unescaped: &'a str,
    bounds: &'a [(u32, u32)],
}

impl<'a> Row<'a> {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.bounds.len()
    }

    /// Whether there is no cell; no record is like that.
    pub fn is_empty(&self) -> bool {
        self.bounds.is_empty()
    }

    /// The cell of that column, without quotes; empty where the record has none.
    pub fn get(&self, column: usize) -> &'a str {
        let Some(&(start, end)) = self.bounds.get(column) else { return "" };
        let (text, start) =
            if start & UNESCAPED == 0 { (self.record, start) } else { (self.unescaped, start ^ UNESCAPED) };
        text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// All cells, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a str> + DoubleEndedIterator + use<'a> {
        let row = *self;
        (0..row.len()).map(move |column| row.get(column))
    }

    /// Number of cells without the empty ones at the end.
    pub fn filled(&self) -> usize {
        self.bounds.iter().rposition(|(start, end)| start & !UNESCAPED != *end).map_or(0, |last| last + 1)
    }
}

/// Cuts `record` (without its line end) into cells. Allocates nothing once `cells` is warm.
pub fn split<'a>(record: &'a str, syntax: &Syntax, reading: Reading, cells: &'a mut Cells) -> Row<'a> {
    cells.bounds.clear();
    cells.unescaped.clear();
    match reading {
        Reading::Plain | Reading::Literal if !syntax.blank_after => {
            fast::plain(record.as_bytes(), syntax.delimiter, &mut cells.bounds);
        }
        Reading::Regular => regular(record, syntax, cells),
        _ => quoted(record, syntax, reading, cells),
    }
    Row { record, unescaped: &cells.unescaped, bounds: &cells.bounds }
}

fn regular(record: &str, syntax: &Syntax, cells: &mut Cells) {
    let bytes = record.as_bytes();
    fast::regular(bytes, syntax, |start, end, escapes| {
        if bytes.get(start as usize) == Some(&syntax.quote) {
            let inner = start as usize + 1..(end as usize).max(start as usize + 2) - 1;
            push_quoted(record, inner, escapes, syntax, cells);
        } else {
            cells.bounds.push((start, end));
        }
    });
}

fn quoted(record: &str, syntax: &Syntax, reading: Reading, cells: &mut Cells) {
    let bytes = record.as_bytes();
    let mut at = 0;
    loop {
        let begin = at;
        if syntax.blank_after && begin > 0 && bytes.get(begin) == Some(&b' ') {
            at += 1;
        }
        let text = reading == Reading::Plain || reading.takes_as_text(at);
        let opened = !text && bytes.get(at) == Some(&syntax.quote);
        let end = match opened.then(|| syntax.close(bytes, at, reading, true, bytes.len())) {
            Some(Close::At { quote, after, escapes }) => {
                push_quoted(record, at + 1..quote, escapes, syntax, cells);
                after
            }
            _ => {
                let end = memchr(syntax.delimiter, &bytes[at..]).map_or(bytes.len(), |i| at + i);
                cells.bounds.push((at as u32, end as u32));
                end
            }
        };
        if end >= bytes.len() {
            return;
        }
        at = end + 1;
    }
}

fn push_quoted(record: &str, inner: Range<usize>, escapes: bool, syntax: &Syntax, cells: &mut Cells) {
    if !escapes {
        cells.bounds.push((inner.start as u32, inner.end as u32));
        return;
    }
    let start = cells.unescaped.len() as u32;
    let mut rest = record.get(inner).unwrap_or_default();
    let mark = |bytes: &[u8]| {
        if syntax.backslash { memchr2(syntax.quote, b'\\', bytes) } else { memchr(syntax.quote, bytes) }
    };
    while let Some(at) = mark(rest.as_bytes()) {
        let bytes = rest.as_bytes();
        let next = bytes.get(at + 1).copied();
        // `""`, and behind a backslash a quote, a backslash or the delimiter, stand for their second byte.
        let second = match (bytes[at], next) {
            (b'\\', Some(n)) => n == syntax.quote || n == b'\\' || n == syntax.delimiter,
            (quote, Some(n)) => n == quote,
            (_, None) => false,
        };
        cells.unescaped.push_str(&rest[..at + usize::from(!second)]);
        if second {
            cells.unescaped.push_str(&rest[at + 1..at + 2]);
        }
        rest = &rest[at + 1 + usize::from(second)..];
    }
    cells.unescaped.push_str(rest);
    cells.bounds.push((start | UNESCAPED, cells.unescaped.len() as u32));
}

#[cfg(test)]
mod tests {
    use super::{Cells, Reading, Syntax, split};

    fn check(record: &str, syntax: Syntax, reading: Reading, cells: &[&str]) {
        let mut scratch = Cells::new();
        let row = split(record, &syntax, reading, &mut scratch);
        assert_eq!(row.iter().collect::<Vec<_>>(), cells, "{record}");
    }

    #[test]
    fn cells_of_every_reading() {
        let comma = Syntax::default();
        check("", comma, Reading::Plain, &[""]);
        check("a,,b,", comma, Reading::Plain, &["a", "", "b", ""]);
        check("\"a,b\",\"\",c", comma, Reading::Quoted, &["a,b", "", "c"]);
        check("\"a \"\"b\"\" c\",d", comma, Reading::Quoted, &["a \"b\" c", "d"]);
        check("\"\"\"\",d", comma, Reading::Quoted, &["\"", "d"]);
        check("\"two\nlines\" ,d", comma, Reading::Quoted, &["two\nlines", "d"]);
        check("5\" pipe,d", comma, Reading::Quoted, &["5\" pipe", "d"]);
        check("\"6\" and 7\" long\",d", comma, Reading::Loose, &["6\" and 7\" long", "d"]);
        check("\"said \"later\"\",d", comma, Reading::Bare, &["said \"later\"", "d"]);
        check("a,\"b,\"c,d\"", comma, Reading::From(2), &["a", "\"b", "c,d"]);
        check("\"a,b", comma, Reading::Literal, &["\"a", "b"]);
    }

    #[test]
    fn backslashes_and_blanks_where_the_dialect_has_them() {
        let backslash = Syntax { backslash: true, ..Syntax::default() };
        check(
            r#""say \"hi\", x\\y","a\, b","c\d""#,
            backslash,
            Reading::Quoted,
            &[r#"say "hi", x\y"#, "a, b", r"c\d"],
        );
        let blank = Syntax { blank_after: true, ..Syntax::default() };
        check(" a, \"b, c\", , d", blank, Reading::Quoted, &[" a", "b, c", "", "d"]);
        check("a, b,c", blank, Reading::Plain, &["a", "b", "c"]);
    }
}
