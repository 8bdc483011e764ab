//! The sample of a source that it is recognised by, and what the user wishes it to be.

use crate::data::fold::fold;
use crate::mapping::column_profile::ColumnProfile;
use crate::record::{Failure, Kind, words};
use serde::Deserialize;
use std::str::FromStr;

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
    /// `--word COLUMN:WORD=MEANING`, `[words]` of the profile.
    pub words: &'a [WordAnswer],
    /// What the cells of columns under bare headers look like in the whole file, where it was asked.
    pub whole: &'a [(u16, ColumnProfile)],
}

words! {
    /// What a word of a column is said to mean.
    pub enum WordMeans: Deserialize {
        /// It refuses contact.
        No = "no",
        /// It permits what the column is about.
        Yes = "yes",
        /// It says nothing of permission.
        Nothing = "nothing",
    }
}

/// What the user says a word means in the columns of that header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordAnswer {
    /// The header.
    pub column: String,
    /// The word, as its cells have it.
    pub word: String,
    /// What it means there.
    pub means: WordMeans,
}

impl WordAnswer {
    /// Whether it speaks of the column with this header.
    pub fn is_of(&self, header: &str) -> bool {
        fold(&self.column) == fold(header)
    }
}

impl FromStr for WordAnswer {
    type Err = Failure;

    /// Reads `COLUMN:WORD=MEANING`, parted at the last `=` and the last `:` before it.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::usage("a word is COLUMN:WORD=no, =yes or =nothing")
                .hint("for example --word 'Email status:Non-Marketable=no'")
        };
        let (cell, means) = text.rsplit_once('=').ok_or_else(wrong)?;
        let (column, word) = cell.rsplit_once(':').ok_or_else(wrong)?;
        let means = WordMeans::from_word(means.trim()).ok_or_else(wrong)?;
        if column.trim().is_empty() || word.trim().is_empty() {
            return Err(wrong());
        }
        Ok(Self { column: column.trim().to_owned(), word: word.trim().to_owned(), means })
    }
}
