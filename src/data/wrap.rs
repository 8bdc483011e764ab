//! Text wrapped at blanks, for screens. Knows no word.

use std::fmt::Write;

/// Columns of a line.
const WIDTH: usize = 100;

/// Appends words and a line feed; `column` is where the line at hand ends, later lines begin at `indent`.
pub(crate) fn wrap(out: &mut String, mut column: usize, indent: usize, text: &str) {
    for (at, word) in text.split_whitespace().enumerate() {
        let width = word.chars().count();
        if at > 0 && column + 1 + width > WIDTH {
            let _ = write!(out, "\n{:indent$}", "");
            column = indent;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out.push('\n');
}
