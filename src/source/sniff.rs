//! Guesses the dialect from the head of a text.
//!
//! Every candidate reads the head with the real scanner; the one under which most records have the same number
//! of cells wins. Special marks (`'` as quote, `\` as escape, a blank after the delimiter) need proof.

use crate::source::dialect::{Dialect, LineEnds};
use crate::source::record_shape::{Record, RecordShape, State};
use crate::source::rules::{Marks, ScanRules};
use crate::source::scan::Scanner;
use crate::source::split::{Cells, split};
use crate::source::syntax::Syntax;
use crate::source::{Limits, header};
use memchr::memchr;

/// The delimiters looked for; the first one wins a tie.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Records of the head that are looked at.
const RECORDS: usize = 1_000;

/// Preamble records at most; a file with more is read as it stands.
const PREAMBLE: usize = 50;

/// The head read with one set of marks.
struct DialectTrial {
    syntax: Syntax,
    records: Vec<Record>,
    cells: Vec<Vec<String>>,
    /// The usual number of cells.
    columns: usize,
    /// How well the marks explain the head, from 0 to 1.
    score: f64,
    /// Records whose quotes do not add up.
    odd: usize,
}

/// Guesses the dialect of a text that begins with `head` (whole lines).
pub(super) fn sniff(head: &str, line_ends: LineEnds, limits: Limits) -> Dialect {
    let line_end =
        if memchr(b'\n', head.as_bytes()).is_none() && head.contains('\r') { b'\r' } else { b'\n' };
    let sep = sep_line(head, line_end);
    let body = &head[sep.map_or(0, |(_, len)| len)..];
    let base = Syntax { line_end, ..Syntax::default() };
    let trial = match sep {
        Some((delimiter, _)) => DialectTrial::new(body, Syntax { delimiter, ..base }, limits),
        None => best_delimiter(body, base, limits),
    };
    let trial = special_marks(body, trial, limits);
    describe(head, body, &trial, sep.is_some(), line_ends)
}

/// The delimiter a first line `sep=X` names, and the length of that line.
fn sep_line(head: &str, line_end: u8) -> Option<(u8, usize)> {
    let end = memchr(line_end, head.as_bytes());
    let line = head.get(..end.unwrap_or(head.len()))?.trim_end_matches('\r');
    let line = line.strip_prefix('"').and_then(|l| l.strip_suffix('"')).unwrap_or(line);
    let (key, value) = line.split_at_checked(4)?;
    match (key.eq_ignore_ascii_case("sep="), value.as_bytes()) {
        (true, &[delimiter]) if delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\'' | b'\\') => {
            Some((delimiter, end.map_or(head.len(), |end| end + 1)))
        }
        _ => None,
    }
}

fn best_delimiter(body: &str, base: Syntax, limits: Limits) -> DialectTrial {
    let mut best = DialectTrial::new(body, base, limits);
    for delimiter in DELIMITERS {
        for quote in [b'"', b'\''] {
            if (delimiter, quote) == (base.delimiter, base.quote) {
                continue;
            }
            let trial = DialectTrial::new(body, Syntax { delimiter, quote, ..base }, limits);
            if trial.score > best.score && (quote == b'"' || trial.proves_quote(body)) {
                best = trial;
            }
        }
    }
    best
}

/// Turns on the blank after the delimiter and the backslash where the head proves them.
fn special_marks(body: &str, mut trial: DialectTrial, limits: Limits) -> DialectTrial {
    let later = || trial.cells.iter().flat_map(|cells| cells.iter().skip(1));
    let blank = later().filter(|cell| cell.starts_with(' ')).count();
    if blank > 0 && blank * 100 >= later().count() * 95 {
        let with = DialectTrial::new(body, Syntax { blank_after: true, ..trial.syntax }, limits);
        if with.score >= trial.score {
            trial = with;
        }
    }
    let escaped_quote = body.contains("\\\"") && trial.odd > 0;
    if escaped_quote || trial.escapes_delimiters() {
        let with = DialectTrial::new(body, Syntax { backslash: true, ..trial.syntax }, limits);
        let better = if escaped_quote { with.odd < trial.odd } else { with.odd <= trial.odd };
        if better && with.score >= trial.score {
            trial = with;
        }
    }
    trial
}

impl DialectTrial {
    fn new(body: &str, syntax: Syntax, limits: Limits) -> Self {
        let mut records = Vec::new();
        Scanner::new(ScanRules::of(syntax, limits)).scan(body.as_bytes(), 0, true, &mut records);
        records.truncate(RECORDS);
        let mut scratch = Cells::new();
        let read = |record: &Record| {
            let text = &body[record.start as usize..record.end as usize];
            split(text, &syntax, record.reading, &mut scratch).iter().map(str::to_owned).collect()
        };
        let cells: Vec<Vec<String>> = records.iter().map(read).collect();
        let columns = usual(&cells);
        let odd = records.iter().filter(|record| record.state != State::Row).count();
        let mut trial = Self { syntax, records, cells, columns, score: 0.0, odd };
        trial.score = trial.rate();
        trial
    }

    /// The share of records with the usual number of cells, more for more cells and a first record alike.
    fn rate(&self) -> f64 {
        if self.columns < 2 {
            return 0.0;
        }
        let alike = self.cells.iter().filter(|cells| cells.len() == self.columns).count() as f64;
        let first = self.cells.first().is_some_and(|cells| cells.len() >= self.columns);
        let odd = self.odd as f64 / self.cells.len() as f64;
        alike / self.cells.len() as f64 * (1.0 - 1.0 / self.columns as f64) + if first { 0.05 } else { 0.0 }
            - 0.2 * odd
    }

    /// Whether `'` stands around cells: nothing else is quoted, whatever opens closes, and it protects something.
    fn proves_quote(&self, body: &str) -> bool {
        let quote = char::from(self.syntax.quote);
        let protects = |cell: &String| {
            cell.contains(char::from(self.syntax.delimiter)) || cell.contains('\n') || cell.contains(quote)
        };
        let other = format!("{}\"", char::from(self.syntax.delimiter));
        let protected = self.cells.iter().flatten().filter(|cell| protects(cell)).count();
        let left_open = self.cells.iter().flatten().filter(|cell| cell.starts_with(quote)).count();
        protected > 0 && left_open * 10 <= protected && !body.contains(&other)
    }

    /// Whether every delimiter inside a cell has a backslash before it (old Mailchimp exports).
    fn escapes_delimiters(&self) -> bool {
        let delimiter = self.syntax.delimiter;
        let mut escaped = 0;
        for cell in self.cells.iter().flatten() {
            for at in memchr::memchr_iter(delimiter, cell.as_bytes()) {
                if at == 0 || cell.as_bytes()[at - 1] != b'\\' {
                    return false;
                }
                escaped += 1;
            }
        }
        escaped > 0
    }
}

/// The number of cells most records have; of two equally frequent ones the larger.
fn usual(cells: &[Vec<String>]) -> usize {
    let mut counts: Vec<usize> = cells.iter().map(Vec::len).collect();
    counts.sort_unstable();
    let runs = counts.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| (run.len(), run[0])).map_or(0, |run| run[0])
}

fn describe(head: &str, body: &str, trial: &DialectTrial, sep_line: bool, line_ends: LineEnds) -> Dialect {
    let offset = head.len() - body.len();
    let mut first = preamble(trial);
    let can = |at: usize| trial.cells.get(at).is_some_and(|cells| header::can_be_header(cells));
    let band = |at: usize| match (trial.cells.get(at), trial.cells.get(at + 1)) {
        (Some(cells), Some(below)) => header::is_band(cells, below),
        _ => false,
    };
    if can(first) && band(first) {
        first += 1;
    }
    let has_header = can(first);
    let record = trial.records.get(first);
    let line = |record: &Record| record.line + u32::from(sep_line);
    let header_cells: Vec<String> = match trial.cells.get(first) {
        Some(cells) if has_header => {
            let bare =
                |cell: &String| header::printable(cell.trim_matches(['\u{feff}', ' ', '\t', '\u{a0}']));
            cells.iter().map(bare).collect()
        }
        _ => Vec::new(),
    };
    let text = |r: &Record| body[r.start as usize..r.end as usize].to_owned();
    // Blank lines may stand before the header without any preamble.
    let preamble_end = (offset + record.map_or(0, |r| r.start as usize)) as u64;
    let marks = Marks { sep_line, preamble_end, header: has_header, footer: u64::MAX };
    Dialect {
        syntax: trial.syntax,
        shape: shape(trial, first, &header_cells),
        line_ends,
        header: has_header.then(|| header::unique_names(&header_cells)),
        header_line: record.filter(|_| has_header).map(line),
        header_text: record.filter(|_| has_header).map(text).unwrap_or_default(),
        header_cells,
        preamble_lines: first as u32,
        footer_lines: 0,
        marks,
    }
}

/// Number of records before the header or first row.
fn preamble(trial: &DialectTrial) -> usize {
    let is_text = |cells: &&Vec<String>| header::is_preamble(cells, trial.columns);
    let length = trial.cells.iter().take_while(is_text).count();
    if length > PREAMBLE || length == trial.cells.len() { 0 } else { length }
}

/// Rows below which the sample says nothing about where rows end.
const ROWS_TELL: usize = 20;

fn shape(trial: &DialectTrial, first: usize, header: &[String]) -> RecordShape {
    let columns = if header.is_empty() { trial.columns } else { header.len() };
    let named = header.iter().rposition(|name| !name.is_empty()).map_or(columns, |last| last + 1);
    let rows = &trial.cells[(first + usize::from(!header.is_empty())).min(trial.cells.len())..];
    let filled =
        |cells: &[String]| cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let count = |test: &dyn Fn(&[String]) -> bool| rows.iter().filter(|cells| test(cells.as_slice())).count();
    let unnamed = count(&|cells| filled(cells) > named && filled(cells) <= columns);
    let usual = usual(rows);
    let full = || rows.iter().filter(|cells| [columns, named, usual].contains(&cells.len()));
    let least = full().map(|cells| filled(cells)).filter(|&filled| filled > 0).min().unwrap_or(0);
    let short = count(&|cells| cells.len() > 1 && cells.len() < named && filled(cells) == cells.len());
    let blank_tail = count(&|cells| filled(cells) < cells.len());
    let long = count(&|cells| cells.len() > columns);
    RecordShape {
        columns: columns as u32,
        named: named as u32,
        usual: if count(&|cells| cells.len() == usual && filled(cells) <= columns) > 0 { usual } else { 0 }
            as u32,
        unnamed_used: unnamed * 10 >= rows.len() && unnamed > 0,
        least_filled: if full().count() >= ROWS_TELL { least.max(2) } else { 2 } as u32,
        trims: short >= 3 && short * 50 >= rows.len() && blank_tail == 0 && long == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, LineEnds, sniff};

    fn check(head: &str, delimiter: &str, header: Option<&[&str]>, header_line: Option<u32>) {
        let dialect = sniff(head, LineEnds::default(), Limits::default());
        assert_eq!(dialect.delimiter_word(), delimiter, "{head:?}");
        let names: Option<Vec<&str>> =
            dialect.header.as_ref().map(|names| names.iter().map(String::as_str).collect());
        assert_eq!(names.as_deref(), header, "{head:?}");
        assert_eq!(dialect.header_line, header_line, "{head:?}");
    }

    #[test]
    fn delimiters_and_headers() {
        check("Name,E-mail\nA,a@b.c\n", ",", Some(&["Name", "E-mail"]), Some(1));
        check("Name;E-mail\nDoe, J;a@b.c\nRoe, K;d@e.f\n", ";", Some(&["Name", "E-mail"]), Some(1));
        check("Name\tE-mail\tX\nA\ta@b.c\t1,5\n", "tab", Some(&["Name", "E-mail", "X"]), Some(1));
        check("Name|E-mail\rA|a@b.c\r", "|", Some(&["Name", "E-mail"]), Some(1));
        check("sep=;\r\nName;E-mail\r\n", ";", Some(&["Name", "E-mail"]), Some(2));
        check("Email\na@b.c\nd@e.f\n", ",", Some(&["Email"]), Some(1));
        check("Name, E-mail, Note\nA, a@b.c, \"x, y\"\n", ", ", Some(&["Name", "E-mail", "Note"]), Some(1));
    }

    #[test]
    fn lists_without_a_header() {
        check("a@b.c\nd@e.f\n", ",", None, None);
        check("a@b.c,BOUNCE\nd@e.f,COMPLAINT\n", ",", None, None);
        check("201,5550123\n201,5550124\n", ",", None, None);
        check("02079460000 \r\n02079460001 \r\n", ",", None, None);
        check("", ",", None, None);
    }

    #[test]
    fn preamble_is_not_the_header() {
        let want: &[&str] = &["Name", "E-mail", "Phone"];
        check("CRM export\n\nName,E-mail,Phone\nA,a@b.c,1\n", ",", Some(want), Some(3));
        check("CRM export,,\n,,\nName,E-mail,Phone\nA,a@b.c,1\n", ",", Some(want), Some(3));
        check("\n\n\nName,E-mail,Phone\nA,a@b.c,1\n", ",", Some(want), Some(4));
    }

    #[test]
    fn special_marks_need_proof() {
        let syntax = |head: &str| sniff(head, LineEnds::default(), Limits::default()).syntax;
        assert_eq!(syntax("a,b,c\n1,'x, y',2\n3,'p, q',4\n5,r,6\n").quote, b'\'');
        assert_eq!(syntax("Phone,Name\n'+31 6,O'Neil\n'+31 7,Ann\n").quote, b'"');
        assert!(syntax("a,b\n\"say \\\"hi\\\"\",2\nx,3\n").backslash);
        assert!(syntax("a,b\n\"one\\, two\",2\n").backslash);
        assert!(!syntax("a,b\n\"C:\\\",2\n\"x, y\",3\n").backslash);
        assert!(!syntax("a,b\nx, y\nz,w\n").blank_after);
    }
}
