//! The dialect of a file: its marks, header, preamble and footer, as found and as shown.
//!
//! Knows what was decided; how it was decided is told in `sniff`, `header` and `tail`.

use crate::source::record_shape::RecordShape;
use crate::source::rules::Marks;
use crate::source::syntax::Syntax;

/// How often each kind of line end occurs in a text, inside cells too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineEnds {
    /// LF alone.
    pub lf: u64,
    /// CR LF.
    pub crlf: u64,
    /// CR alone.
    pub cr: u64,
}

impl LineEnds {
    /// The word users see.
    pub fn word(&self) -> &'static str {
        match (self.lf > 0, self.crlf > 0, self.cr > 0) {
            (false, false, false) => "none",
            (true, false, false) => "LF",
            (false, true, false) => "CRLF",
            (false, false, true) => "CR",
            _ => "mixed",
        }
    }
}

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The marks.
    pub syntax: Syntax,
    /// How many cells a row has.
    pub shape: RecordShape,
    /// The line ends of the whole file.
    pub line_ends: LineEnds,
    /// Names of the columns, each once: `Email`, `Email (2)`, `column 7` for an empty one. `None`: the file has
    /// no header.
    pub header: Option<Vec<String>>,
    /// The header's cells as they stand, blanks around them dropped.
    pub header_cells: Vec<String>,
    /// Physical line on which the header starts.
    pub header_line: Option<u32>,
    /// Lines of text before the header, a `sep=` line not counted.
    pub preamble_lines: u32,
    /// Lines of totals or report notes at the end.
    pub footer_lines: u32,
    pub(super) header_text: String,
    pub(super) marks: Marks,
}

impl Dialect {
    /// The delimiter as users see it: `,`, `, ` or `tab`.
    pub fn delimiter_word(&self) -> String {
        match (self.syntax.delimiter, self.syntax.blank_after) {
            (b'\t', _) => "tab".to_owned(),
            (byte, true) => format!("{} ", char::from(byte)),
            (byte, false) => char::from(byte).to_string(),
        }
    }

    /// The quote as users see it.
    pub fn quote_word(&self) -> String {
        let quote = char::from(self.syntax.quote);
        if self.syntax.backslash { format!("{quote} (with \\ inside)") } else { quote.to_string() }
    }

    /// Whether a record is the header once more, as in files that were put together by hand.
    pub(super) fn repeats_header(&self, record: &str) -> bool {
        let text = &self.header_text;
        if text.is_empty() || record.len() < text.len() || record.len() > text.len() + 3 {
            return false;
        }
        record == text || record.strip_prefix('\u{feff}') == Some(text)
    }

    /// The same file, its header taken for a row after all.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.header = None;
        self.header_cells.clear();
        self.header_line = None;
        self.header_text.clear();
        self.marks.header = false;
        self.shape.named = self.shape.columns;
        self
    }
}
