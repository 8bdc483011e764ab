//! Countries that other words than their own name tell: time zones, states, locales.
//!
//! What these tell is inferred, never stated: whoever uses it says so.

use crate::data::domains::WordList;
use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) const ZONES: WordList<'static> = WordList::new("timezones", include_str!("timezones.txt"));
pub(super) const STATES: WordList<'static> = WordList::new("states", include_str!("states.txt"));
static OF_ZONE: LazyLock<HashMap<&str, [u8; 2]>> = LazyLock::new(|| table(ZONES));
static OF_STATE: LazyLock<HashMap<&str, [u8; 2]>> = LazyLock::new(|| table(STATES));

/// The country of an IANA time zone (`Europe/Berlin`), as two capital letters.
pub fn of_timezone(text: &str) -> Option<[u8; 2]> {
    OF_ZONE.get(text.trim().to_lowercase().as_str()).copied()
}

/// The country of a state or province whose name no other country has (`Ontario`).
pub fn of_state(text: &str) -> Option<[u8; 2]> {
    OF_STATE.get(text.trim().to_lowercase().as_str()).copied()
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

/// Lines `word country` as a table of words in small letters.
fn table(list: WordList<'static>) -> HashMap<&'static str, [u8; 2]> {
    let code = |country: &str| <[u8; 2]>::try_from(country.to_ascii_uppercase().as_bytes()).ok();
    list.words()
        .filter_map(|line| line.rsplit_once(' ').and_then(|(word, at)| Some((word, code(at)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_once_and_every_one_is_found() {
        for (table, found) in [(ZONES, &OF_ZONE), (STATES, &OF_STATE)] {
            assert!(table.words().count() > 80 && found.len() == table.words().count());
            for (word, country) in table.words().map(|line| line.rsplit_once(' ').unwrap()) {
                assert_eq!(found[word].to_ascii_lowercase(), country.as_bytes());
                assert!(crate::data::country(country).is_some(), "{country}");
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
