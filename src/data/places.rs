//! Countries that other words than their own name tell: time zones, states, locales.
//!
//! What these tell is inferred, never stated: whoever uses it says so.

use std::cmp::Ordering;

const TIMEZONES: &str = include_str!("timezones.txt");
const STATES: &str = include_str!("states.txt");

/// The country of an IANA time zone (`Europe/Berlin`), as two capital letters.
pub fn of_timezone(text: &str) -> Option<[u8; 2]> {
    find(TIMEZONES, text)
}

/// The country of a state or province whose name no other country has (`Ontario`).
pub fn of_state(text: &str) -> Option<[u8; 2]> {
    find(STATES, text)
}

/// The country that a locale names (`de_AT`, `en-GB`, `pt_BR.UTF-8`); a language alone tells none.
pub fn of_locale(text: &str) -> Option<[u8; 2]> {
    let text = text.trim().split(['.', '@']).next()?;
    let mut parts = text.split(['_', '-']);
    let language = parts.next()?;
    let letters = |part: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
    };
    // A script may stand between: zh-Hant-TW.
    let country = parts.find(|part| !letters(part, 4..=4))?;
    let [a, b] = country.as_bytes() else { return None };
    (letters(language, 2..=3) && letters(country, 2..=2))
        .then_some([a.to_ascii_uppercase(), b.to_ascii_uppercase()])
}

/// Looks a word up in lines `word country`, sorted by bytes; letter case does not count.
fn find(table: &str, text: &str) -> Option<[u8; 2]> {
    let word = text.trim().to_lowercase();
    if word.is_empty() || word.len() > 64 {
        return None;
    }
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start =
            table.as_bytes()[..middle].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1).max(low);
        let end =
            table.as_bytes()[middle..].iter().position(|b| *b == b'\n').map_or(table.len(), |at| middle + at);
        let line = table.get(start..end)?;
        let order = match line.starts_with("# ") {
            true => Ordering::Less,
            false => line.rsplit_once(' ')?.0.cmp(&word),
        };
        match order {
            Ordering::Equal => {
                let [a, b] = *line.rsplit_once(' ')?.1.as_bytes() else { return None };
                return Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()]);
            }
            Ordering::Less => low = end + 1,
            Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_unique_cited_and_every_word_is_found() {
        for table in [TIMEZONES, STATES] {
            let words: Vec<_> =
                table.lines().filter(|l| !l.starts_with("# ")).map(|l| l.rsplit_once(' ').unwrap()).collect();
            assert!(words.len() > 80);
            for pair in words.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{pair:?} is out of order");
            }
            for (word, country) in words {
                assert_eq!(
                    find(table, word).map(|c| c.to_ascii_lowercase()),
                    Some(country.as_bytes().to_vec())
                );
                assert!(crate::data::country(country).is_some(), "{country}");
            }
            for key in ["# source: ", "# date: ", "# licence: "] {
                assert!(table.contains(key));
            }
        }
    }

    #[test]
    fn words_that_tell_a_country() {
        assert_eq!(of_timezone("Europe/Berlin"), Some(*b"DE"));
        assert_eq!(of_timezone("america/new_york "), Some(*b"US"));
        for nothing in ["UTC", "", "Europe", "Europe/Berlinn", "# source:"] {
            assert_eq!(of_timezone(nothing), None, "{nothing:?}");
        }
        assert_eq!((of_state("ONTARIO"), of_state("Victoria"), of_state("TX")), (Some(*b"CA"), None, None));
        for (locale, country) in [
            ("de_AT", Some(*b"AT")),
            ("en-gb", Some(*b"GB")),
            ("pt_BR.UTF-8", Some(*b"BR")),
            ("zh-Hant-TW", Some(*b"TW")),
            ("de", None),
            ("German", None),
            ("en_US_POSIX", Some(*b"US")),
            ("x-1-y", None),
        ] {
            assert_eq!(of_locale(locale), country, "{locale}");
        }
    }
}
