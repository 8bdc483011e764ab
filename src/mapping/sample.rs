//! The sample of a source that it is recognised by, and what the user wishes it to be.

use crate::record::Kind;

/// What of a source is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// Its name, without directories.
    pub file_name: &'a str,
    /// Its header cells, when it has a header.
    pub header: Option<&'a [String]>,
    /// Some of its rows; the further apart they stand, the better.
    pub rows: &'a [Vec<String>],
}

/// What the user said of a source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes<'a> {
    /// `--format ID`.
    pub format: Option<&'a str>,
    /// `--as KIND`.
    pub kind: Option<Kind>,
}
