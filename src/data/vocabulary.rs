//! The vocabulary of refusal and permission: every word once, with its language and what it means in each place where it
//! is heard.
//!
//! Knows single words; how cells, headers and names are searched for them stands in `words`, `dictionary` and `remarks`.

use crate::data::built_in::VOCABULARY;
use crate::record::{Channel, Channels, EventKind, Kind, Meaning};
use serde::de::{Deserialize, Deserializer, Error};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a word is in a cell of a yes/no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Answer {
    /// A yes.
    Yes,
    /// A no.
    No,
    /// A mark that is a no among consents.
    NoMark,
    /// Stands for an empty cell.
    Empty,
}

/// What a cell of several words says that opens with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Opening {
    /// A no.
    No,
    /// That nothing is known.
    Unsaid,
}

/// What a word of a header that speaks of permission says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Sense {
    /// Consent, subscription, permission.
    Consent,
    /// A refusal: unsubscribed, opt-out, objection.
    Refusal,
    /// Negates what follows.
    Not,
    /// Asks whether a channel may be used, in a word that also means other things.
    Permit,
    /// The channel e-mail.
    Email,
    /// A newsletter: consent to e-mail.
    Newsletter,
    /// Text messages.
    Sms,
    /// Calls.
    Call,
    /// Letters.
    Post,
    /// Messengers.
    Messaging,
    /// Fax: no channel of ours.
    Fax,
    /// Contact by any way.
    Contact,
    /// When.
    Date,
    /// The address of the machine.
    Ip,
    /// Where.
    Source,
    /// How.
    Method,
    /// The text shown.
    Wording,
    /// Why.
    Reason,
    /// Confirmed by a second act.
    Double,
    /// Mail came back.
    Bounce,
    /// Complained.
    Complaint,
    /// A status.
    Status,
    /// Says nothing.
    Noise,
    /// Permission for something else.
    Foreign,
}

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

    pub(super) fn and(self, other: Self) -> Self {
        Self { channels: self.channels.union(other.channels), dead: self.dead || other.dead }
    }
}

/// One word: what it means in each place; nothing in the others. The places are described in `vocabulary.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    pub(super) answer: Option<Answer>,
    pub(super) status: Option<Meaning>,
    pub(super) tag: Option<Meaning>,
    pub(super) reply: Option<Meaning>,
    pub(super) event: Option<Meaning>,
    pub(super) bounce: Option<Meaning>,
    pub(super) channel: Option<Channel>,
    pub(super) phrase: Option<Meaning>,
    pub(super) opening: Option<Opening>,
    #[serde(default)]
    pub(super) negates: bool,
    pub(super) mark: Option<Meaning>,
    #[serde(default, deserialize_with = "remark")]
    pub(super) remark: Option<Remark>,
    #[serde(default)]
    pub(super) header: Vec<Sense>,
    #[serde(default)]
    pub(super) way: bool,
    #[serde(default)]
    pub(super) channel_header: bool,
    #[serde(default, deserialize_with = "channels")]
    pub(super) refuses: Option<Channels>,
    #[serde(default, deserialize_with = "channels")]
    pub(super) names: Option<Channels>,
    pub(super) proves: Option<Kind>,
    pub(super) suggests: Option<Kind>,
    pub(super) suggests_alone: Option<Kind>,
    #[serde(default)]
    pub(super) excludes: bool,
}

/// Channels by their words, parted by blanks; `phone` is every use of a number.
fn channels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Channels>, D::Error> {
    let words = String::deserialize(deserializer)?;
    let each = words.split(' ').map(|word| match (word, Channel::from_word(word)) {
        ("all", _) => Ok(Channels::ALL),
        ("phone", _) => Ok(Channels::PHONE),
        (_, Some(channel)) => Ok(Channels::only(channel)),
        (_, None) => Err(D::Error::custom(format!("no channel {word}"))),
    });
    each.reduce(|all, more| Ok(all?.union(more?))).transpose()
}

/// Channels, `dead` or `none`.
fn remark<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Remark>, D::Error> {
    let said = toml::Value::deserialize(deserializer).map_err(D::Error::custom)?;
    Ok(Some(match said.as_str() {
        Some("dead") => Remark { channels: Channels::ALL, dead: true },
        Some("none") => Remark::default(),
        _ => Remark { channels: channels(said).map_err(D::Error::custom)?.unwrap_or_default(), dead: false },
    }))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "told to the readers of the file; every file must tell it")]
struct Language {
    language: String,
    source: String,
    as_of: String,
    words: BTreeMap<String, Word>,
}

static WORDS: LazyLock<BTreeMap<String, Word>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for (id, text) in VOCABULARY {
        let file: Language = toml::from_str(text).unwrap_or_else(|error| panic!("{id}.toml: {error}"));
        for (word, places) in file.words {
            let before = all.insert(word, places);
            assert!(before.is_none(), "{id}.toml: a word stands in another language too");
        }
    }
    all
});

/// The words heard in a place, in order, with what they mean there.
pub(super) fn heard<T>(
    place: impl Fn(&'static Word) -> Option<T>,
) -> impl Iterator<Item = (&'static str, T)> {
    WORDS.iter().filter_map(move |(word, places)| Some((word.as_str(), place(places)?)))
}

#[cfg(test)]
pub(super) fn again() {
    for (_, text) in VOCABULARY {
        let _: Language = toml::from_str(text).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every place says where its words come from, and every word stands in a place that is described; files are sorted.
    #[test]
    fn every_place_is_described_and_has_words() {
        let places: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(include_str!("vocabulary.toml")).unwrap();
        let mut used = BTreeSet::new();
        for (id, text) in VOCABULARY {
            let file: toml::Table = toml::from_str(text).unwrap();
            assert!(
                ["language", "source", "as_of"].iter().all(|key| !file[*key].as_str().unwrap().is_empty())
            );
            for (word, said) in file["words"].as_table().unwrap() {
                let said = said.as_table().unwrap();
                assert!(!said.is_empty(), "{word} is heard nowhere");
                used.extend(said.keys().cloned());
            }
            let words: Vec<_> =
                text.lines().filter_map(|line| line.strip_prefix('"')?.split('"').next()).collect();
            assert!(words.is_sorted(), "{id}.toml");
        }
        assert_eq!(used, places.keys().cloned().collect());
        assert!(places.values().all(|place| !place["heard"].is_empty() && !place["source"].is_empty()));
    }

    /// A remark begins with a plain letter: that is how most texts beside a number are told to have none.
    #[test]
    fn remarks_begin_with_a_letter() {
        for (word, _) in heard(|word| word.remark) {
            assert!(
                word.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') && !word.starts_with(' '),
                "{word}"
            );
        }
    }
}
