//! Remarks in a cell beside an address or number by which somebody wrote that it must not be used.
//!
//! Whole phrases only, so that nobody is refused for a name; a remark that is not listed says nothing.

use crate::data::vocabulary::{Remark, heard};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The phrases, sorted, and the letters that one begins with, one bit each.
struct RemarkPhrases {
    sorted: Vec<(&'static str, Remark)>,
    first: u32,
}

static PHRASES: LazyLock<RemarkPhrases> = LazyLock::new(|| {
    let sorted: Vec<_> = heard(|word| word.remark).collect();
    let letters = sorted.iter().map(|(phrase, _)| 1 << (phrase.as_bytes()[0] - b'a'));
    RemarkPhrases { first: letters.fold(0, |all, letter: u32| all | letter), sorted }
});

/// Whether a word of the text begins as a phrase does: `(home)` and `Tel.` do not.
fn may_say_no(text: &str) -> bool {
    let (mut inside, first) = (false, PHRASES.first);
    text.bytes().any(|byte| {
        let letter = byte.to_ascii_lowercase().wrapping_sub(b'a');
        let begins = !inside && letter < 26 && first >> letter & 1 == 1;
        inside = byte.is_ascii_alphanumeric() || byte >= 0x80;
        begins
    })
}

/// Whether one of the phrases stands in the text: `(do not call)`, `— Verstorben —`.
pub fn says_no(text: &str) -> bool {
    refused(text).is_some()
}

/// What the phrases in the text say together; nothing where none stands.
pub fn refused(text: &str) -> Option<Remark> {
    if !may_say_no(text) {
        return None;
    }
    let mut words = String::with_capacity(text.len() + 1);
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    let begins = words.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(begins).filter_map(|at| phrase(&words[at..])).reduce(Remark::and)
}

/// What the phrase says that stands at the front of folded words.
fn phrase(words: &str) -> Option<Remark> {
    let phrases = &PHRASES.sorted;
    let first = words.as_bytes().first()?;
    let from = phrases.partition_point(|(phrase, _)| phrase.as_bytes()[0] < *first);
    let alike = phrases[from..].iter().take_while(|(phrase, _)| phrase.as_bytes()[0] == *first);
    let stands = |phrase: &str| {
        words.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    // Of phrases that begin alike the longest says most.
    alike.filter(|(phrase, _)| stands(phrase)).last().map(|(_, remark)| *remark)
}

#[cfg(test)]
mod tests {
    use super::{refused, says_no};
    use crate::record::{Channel, Channels};

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
    fn a_phrase_refuses_the_channels_it_names() {
        let refuses = |text| refused(text).map(|remark| (remark.channels, remark.dead));
        assert_eq!(refuses("(unsubscribed)"), Some((Channels::only(Channel::Email), false)));
        assert_eq!(refuses("do not contact"), Some((Channels::ALL, false)));
        assert_eq!(refuses("wrong number"), Some((Channels::NONE, false)));
        assert_eq!(refuses("decede, ne pas appeler"), Some((Channels::ALL, true)));
        assert!(refused("wrong number, do not call").unwrap().channels.has(Channel::Call));
        assert_eq!(refuses("(home)"), None);
    }
}
