//! Remarks in a cell beside an address or number by which somebody wrote that it must not be used.
//!
//! Whole phrases only, so that nobody is refused for a name; a remark that is not listed says nothing.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::record::{Channel, Channels, EventKind};

/// What a remark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remark {
    /// The channels it refuses to whoever holds what it stands beside; none: it only reaches nobody (`wrong number`).
    pub channels: Channels,
    /// Whether its person has died.
    pub dead: bool,
}

impl Remark {
    /// The refusal it is.
    pub const fn event(self) -> EventKind {
        if self.dead { EventKind::Deceased } else { EventKind::DoNotContact }
    }

    fn and(self, other: Self) -> Self {
        Self { channels: self.channels.union(other.channels), dead: self.dead || other.dead }
    }
}

const REMARKS: &str = include_str!("remarks.txt");

/// The letters that a phrase begins with, one bit each.
const FIRST: u32 = {
    let bytes = REMARKS.as_bytes();
    let (mut at, mut new_line, mut mask) = (0, true, 0);
    while at < bytes.len() {
        if new_line && bytes[at].is_ascii_lowercase() {
            mask |= 1 << (bytes[at] - b'a');
        }
        new_line = bytes[at] == b'\n';
        at += 1;
    }
    mask
};

/// Whether a word of the text begins as a phrase does: `(home)` and `Tel.` do not.
fn may_say_no(text: &str) -> bool {
    let mut inside = false;
    text.bytes().any(|byte| {
        let letter = byte.to_ascii_lowercase().wrapping_sub(b'a');
        let begins = !inside && letter < 26 && FIRST >> letter & 1 == 1;
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
    static PHRASES: LazyLock<Vec<(&str, Remark)>> = LazyLock::new(|| {
        let lines = REMARKS.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once('\t')).map(|(p, told)| (p, remark(told))).collect()
    });
    let first = words.as_bytes().first()?;
    let from = PHRASES.partition_point(|(phrase, _)| phrase.as_bytes()[0] < *first);
    let mut alike = PHRASES[from..].iter().take_while(|(phrase, _)| phrase.as_bytes()[0] == *first);
    let stands = |phrase: &str| {
        words.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    alike.find(|(phrase, _)| stands(phrase)).map(|(_, remark)| *remark)
}

/// Channels by their words; `all`, `dead` and `none` beside.
fn remark(told: &str) -> Remark {
    let dead = told == "dead";
    if dead || told == "all" {
        return Remark { channels: Channels::ALL, dead };
    }
    let each = told.split(' ').filter_map(Channel::from_word).map(Channels::only);
    Remark { channels: each.fold(Channels::NONE, Channels::union), dead }
}

#[cfg(test)]
mod tests {
    use super::{REMARKS, refused, says_no};
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

    #[test]
    fn the_list_is_sorted_folded_and_cited() {
        let words: Vec<_> = REMARKS.lines().filter(|line| !line.starts_with('#')).collect();
        for pair in words.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?} is out of order");
        }
        for line in &words {
            let (word, told) = line.split_once('\t').unwrap();
            let known = |w: &str| matches!(w, "all" | "dead" | "none") || Channel::from_word(w).is_some();
            assert!(told.split(' ').all(known), "{line}");
            assert!(
                says_no(word) && word.split(' ').all(|w| w.bytes().all(|b| b.is_ascii_lowercase())),
                "{word}"
            );
        }
        assert!(REMARKS.contains("\n# source: ") && REMARKS.contains("\n# date: 20"));
    }
}
