//! Remarks in a cell beside an address or number by which somebody wrote that it must not be used.
//!
//! Whole phrases only, so that nobody is refused for a name; a remark that is not listed says nothing.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const REMARKS: &str = include_str!("remarks.txt");

/// Whether one of the phrases stands in the text: `(do not call)`, `— Verstorben —`.
pub fn says_no(text: &str) -> bool {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.push(' ');
    let stands = |phrase: &str| {
        words
            .match_indices(phrase)
            .any(|(at, _)| words[..at].ends_with(' ') && words[at + phrase.len()..].starts_with(' '))
    };
    REMARKS.lines().filter(|line| !line.starts_with('#')).any(stands)
}

#[cfg(test)]
mod tests {
    use super::{REMARKS, says_no};

    #[test]
    fn phrases_are_found_whatever_they_stand_among() {
        for text in ["(do not call)", "DO NOT CALL: ", "Jane, don't call!", "décédé", "wrong  number", "DNC"]
        {
            assert!(says_no(text), "{text}");
        }
        for text in ["", "Don Calloway", "call after 5", "Jane Stop", "(home)", "adnc", "callers: do notify"]
        {
            assert!(!says_no(text), "{text}");
        }
    }

    #[test]
    fn the_list_is_sorted_folded_and_cited() {
        let words: Vec<_> = REMARKS.lines().filter(|line| !line.starts_with('#')).collect();
        for pair in words.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?} is out of order");
        }
        for word in &words {
            assert!(
                says_no(word) && word.split(' ').all(|w| w.bytes().all(|b| b.is_ascii_lowercase())),
                "{word}"
            );
        }
        assert!(REMARKS.contains("\n# source: ") && REMARKS.contains("\n# date: 20"));
    }
}
