//! Finds the footer: totals and report notes behind the last row.
//!
//! Knows the last lines of a text and the number of columns. A line that could be a row is left a row.

use super::dialect::Dialect;
use super::split::{Cells, Row, split};
use super::syntax::Reading;
use crate::data::footer::footer_words;

/// Lines looked at.
const LINES: usize = 12;

enum TailLine {
    Blank,
    /// Totals, or a note of the report.
    Footer,
    /// Too few cells for a row: a note if a blank line parts it from the rows.
    Short,
    Row,
}

/// Where the footer starts in the text whose last bytes, from offset `base`, are `tail`, and its lines.
pub(super) fn footer(tail: &str, base: u64, dialect: &Dialect) -> Option<(u64, u32)> {
    let end_mark = char::from(dialect.syntax.line_end);
    let mut cells = Cells::new();
    let (mut found, mut lines, mut pending) = (None, 0, 0);
    let mut end = tail.len();
    for _ in 0..LINES {
        let content = tail.get(..end)?.strip_suffix(end_mark).unwrap_or(&tail[..end]);
        let start = content.rfind(end_mark).map_or(0, |at| at + 1);
        let at = base + start as u64;
        if (start == 0 && base > 0) || at <= dialect.marks.preamble_end {
            break;
        }
        match kind(&content[start..], dialect, &mut cells) {
            TailLine::Row => break,
            TailLine::Blank => {
                if pending > 0 {
                    lines += pending;
                    pending = 0;
                    found = Some(at);
                }
            }
            TailLine::Short => pending += 1,
            TailLine::Footer => {
                lines += pending + 1;
                pending = 0;
                found = Some(at);
            }
        }
        end = start;
    }
    found.map(|at| (at, lines))
}

fn kind(line: &str, dialect: &Dialect, cells: &mut Cells) -> TailLine {
    if line.trim().is_empty() {
        return TailLine::Blank;
    }
    let row = split(line, &dialect.syntax, Reading::Quoted, cells);
    if line.contains('@') || line.matches(char::from(dialect.syntax.quote)).count() % 2 == 1 {
        return TailLine::Row;
    }
    if is_total(&row) {
        return TailLine::Footer;
    }
    let filled = row.iter().filter(|cell| !cell.trim().is_empty()).count();
    if dialect.shape.columns < 3 || filled > 2 {
        return TailLine::Row;
    }
    let first = row.get(0).trim().to_lowercase();
    if filled == 1 && footer_words().notes.iter().any(|note| first.starts_with(note.as_str())) {
        return TailLine::Footer;
    }
    let short = row.len() < dialect.shape.named as usize && !dialect.shape.trims;
    if short { TailLine::Short } else { TailLine::Row }
}

/// A word of totals first, and nothing but numbers behind it.
fn is_total(row: &Row<'_>) -> bool {
    let mut filled = row.iter().map(str::trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next().map(str::to_lowercase) else { return false };
    let named = footer_words().totals.iter().any(|word| {
        first
            .strip_prefix(word.as_str())
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic() || c == '.'))
    });
    let counts = |cell: &str| cell.chars().filter(|c| c.is_alphabetic()).count() <= 3;
    let many = row.len() > 1 || first.bytes().any(|b| b.is_ascii_digit());
    named && many && filled.all(counts)
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, LineEnds, sniff::sniff};
    use super::footer;

    fn check(text: &str, want: Option<&str>) {
        let dialect = sniff(text, LineEnds::default(), Limits::default());
        let found = footer(text, 0, &dialect).map(|(at, _)| &text[at as usize..]);
        assert_eq!(found.map(str::trim), want, "{text:?}");
    }

    #[test]
    fn totals_and_notes_are_found_and_rows_are_not() {
        let rows = "Name,E-mail,Phone\nAnn,a@b.c,1\nBob,d@e.f,2\n";
        let with = |tail: &str| format!("{rows}{tail}");
        check(rows, None);
        check(&with("Total: 2 contacts,,\r\n"), Some("Total: 2 contacts,,"));
        check(&with("TOTALI,,2\n\n"), Some("TOTALI,,2"));
        check(&with("Total Energies,info@total.example,3\n"), None);
        check(&with("Total,Jean,3\n"), None);
        check(&with("Cathy,,\n"), None);
        check(&with("Cathy\n"), None);
        check(
            &with("\nMy report\n\"Copyright (c) 2024 Example, Inc.\"\nConfidential Information\n"),
            Some("My report\n\"Copyright (c) 2024 Example, Inc.\"\nConfidential Information"),
        );
        check("Email\na@b.c\nTotal: 1\n", Some("Total: 1"));
        check("Company\nAcme\nTotal\n", None);
    }
}
