//! How often somebody wants to hear, in words of cells. A word that is not listed means nothing.

use super::built_in;
use super::fold::{Folded, fold};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The least time between two messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Every {
    /// So many days.
    Days(u16),
    /// So many calendar months.
    Months(u16),
}

tables! {
    struct FrequencyFile {
        never: Vec<String>,
        every: Vec<FrequencyEntry>,
    }

    struct FrequencyEntry {
        days: Option<u16>,
        months: Option<u16>,
        words: Vec<String>,
    }
}

#[derive(Debug)]
struct FrequencyTable {
    never: Vec<String>,
    every: BTreeMap<String, Every>,
}

static TABLE: LazyLock<FrequencyTable> = LazyLock::new(|| {
    let file: FrequencyFile = built_in::table("frequency.toml", include_str!("frequency.toml"));
    let words = |entry: FrequencyEntry| {
        let every = entry.days.map(Every::Days).or(entry.months.map(Every::Months));
        entry.words.into_iter().filter_map(move |word| Some((fold(&word), every?)))
    };
    FrequencyTable { never: file.never, every: file.every.into_iter().flat_map(words).collect() }
});

/// The words that mean: not at all.
pub fn never() -> impl Iterator<Item = &'static str> {
    TABLE.never.iter().map(String::as_str)
}

/// What the cell asks for; `None` for an empty cell and for a word that is not listed.
pub fn every(cell: &str) -> Option<Every> {
    TABLE.every.get(Folded::of(cell)?.as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::{Every, FrequencyFile, every, never};
    use crate::data::fold::fold;

    #[test]
    fn every_word_stands_once_folded_and_sorted_by_no_one_else() {
        let file: FrequencyFile = toml::from_str(include_str!("frequency.toml")).expect("the file reads");
        let mut seen = std::collections::BTreeSet::new();
        let mut all: Vec<&String> = file.never.iter().collect();
        for entry in &file.every {
            assert!(entry.days.is_some() != entry.months.is_some(), "{:?}: days or months", entry.words);
            all.extend(&entry.words);
        }
        for word in &all {
            assert_eq!(&fold(word), *word, "not as it is compared");
            assert!(seen.insert(word), "{word} stands twice");
        }
    }

    #[test]
    fn cells_are_understood_in_many_spellings() {
        for (cell, wanted) in [
            ("Monthly", Some(Every::Months(1))),
            ("once a year", Some(Every::Months(12))),
            ("  Wöchentlich ", Some(Every::Days(7))),
            ("every-2-weeks", Some(Every::Days(14))),
            ("now and then", None),
            ("", None),
        ] {
            assert_eq!(every(cell), wanted, "{cell}");
        }
        assert!(never().any(|word| word == "never") && every("never").is_none());
    }
}
