//! Words of the lines below the last row: totals, and notes of report writers.

use crate::data::built_in;
use serde::Deserialize;
use std::sync::OnceLock;

/// First words of such lines, in lower case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FooterWords {
    /// Of a line of totals.
    pub totals: Vec<String>,
    /// Of a note.
    pub notes: Vec<String>,
}

/// The built-in words.
pub fn footer_words() -> &'static FooterWords {
    static WORDS: OnceLock<FooterWords> = OnceLock::new();
    WORDS.get_or_init(|| built_in::table("footer.toml", include_str!("footer.toml")))
}

#[cfg(test)]
mod tests {
    use super::footer_words;

    #[test]
    fn words_are_lower_case_and_stand_once() {
        for list in [&footer_words().totals, &footer_words().notes] {
            let mut sole: Vec<String> = list.iter().map(|word| word.to_lowercase()).collect();
            assert_eq!(&sole, list);
            sole.sort();
            sole.dedup();
            assert_eq!(sole.len(), list.len(), "{list:?}");
            assert!(list.iter().all(|word| !word.trim().is_empty()));
        }
    }
}
