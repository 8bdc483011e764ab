//! The vocabulary of refusal and permission: every word once, with its language and what it means in each place where it
//! is heard.
//!
//! Knows single words; how cells, headers and names are searched for them stands in `words`, `dictionary` and `remarks`.

use crate::data::built_in::VOCABULARY;
use crate::record::{Channel, Channels, EventKind, Kind, Meaning, words};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;

words! {
    /// What a word is in a cell of a yes/no column.
    pub(super) enum Answer: Deserialize {
        /// A yes.
        Yes = "yes",
        /// A no.
        No = "no",
        /// A mark that is a no among consents.
        NoMark = "no-mark",
        /// Stands for an empty cell.
        Empty = "empty",
    }
}

words! {
    /// What a cell of several words says that opens with a word.
    pub(super) enum Opening: Deserialize {
        /// A no.
        No = "no",
        /// That nothing is known.
        Unsaid = "unsaid",
    }
}

words! {
    /// What a word of a header that speaks of permission says.
    pub enum Sense: Deserialize {
        /// Consent, subscription, permission.
        Consent = "consent",
        /// A refusal: unsubscribed, opt-out, objection.
        Refusal = "refusal",
        /// Negates what follows.
        Not = "not",
        /// Asks whether a channel may be used, in a word that also means other things.
        Permit = "permit",
        /// The channel e-mail.
        Email = "email",
        /// A newsletter: consent to e-mail.
        Newsletter = "newsletter",
        /// Text messages.
        Sms = "sms",
        /// Calls.
        Call = "call",
        /// Letters.
        Post = "post",
        /// Messengers.
        Messaging = "messaging",
        /// Fax: no channel of ours.
        Fax = "fax",
        /// Contact by any way.
        Contact = "contact",
        /// When.
        Date = "date",
        /// The address of the machine.
        Ip = "ip",
        /// Where.
        Source = "source",
        /// How.
        Method = "method",
        /// The text shown.
        Wording = "wording",
        /// Why.
        Reason = "reason",
        /// Confirmed by a second act.
        Double = "double",
        /// Mail came back.
        Bounce = "bounce",
        /// Complained.
        Complaint = "complaint",
        /// A status.
        Status = "status",
        /// Says nothing.
        Noise = "noise",
        /// Permission for something else.
        Foreign = "foreign",
    }
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
#[derive(Debug, Default)]
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
    pub(super) negates: bool,
    pub(super) mark: Option<Meaning>,
    pub(super) remark: Option<Remark>,
    pub(super) header: Vec<Sense>,
    pub(super) way: bool,
    pub(super) channel_header: bool,
    pub(super) refuses: Option<Channels>,
    pub(super) names: Option<Channels>,
    pub(super) proves: Option<Kind>,
    pub(super) suggests: Option<Kind>,
    pub(super) suggests_alone: Option<Kind>,
    pub(super) excludes: bool,
    pub(super) silent: bool,
    pub(super) plea: Option<Channels>,
    pub(super) courtesy: bool,
    pub(super) instructs: bool,
}

impl Word {
    /// Adds what the word means in a place; nothing where the place or the meaning is not known.
    fn hear(&mut self, place: &str, said: &'static str) -> Option<()> {
        match place {
            "answer" => self.answer = Some(value(said)?),
            "status" => self.status = Some(value(said)?),
            "tag" => self.tag = Some(value(said)?),
            "reply" => self.reply = Some(value(said)?),
            "event" => self.event = Some(value(said)?),
            "bounce" => self.bounce = Some(value(said)?),
            "channel" => self.channel = Some(value(said)?),
            "phrase" => self.phrase = Some(value(said)?),
            "opening" => self.opening = Some(value(said)?),
            "negates" => self.negates = true,
            "mark" => self.mark = Some(value(said)?),
            "remark" => self.remark = Some(remark(said)?),
            "header" => self.header = said.split(' ').map(value).collect::<Option<_>>()?,
            "way" => self.way = true,
            "channel_header" => self.channel_header = true,
            "refuses" => self.refuses = Some(channels(said)?),
            "names" => self.names = Some(channels(said)?),
            "proves" => self.proves = Some(value(said)?),
            "suggests" => self.suggests = Some(value(said)?),
            "suggests_alone" => self.suggests_alone = Some(value(said)?),
            "excludes" => self.excludes = true,
            "silent" => self.silent = true,
            "plea" => self.plea = Some(if said.is_empty() { Channels::NONE } else { channels(said)? }),
            "courtesy" => self.courtesy = true,
            "instructs" => self.instructs = true,
            "everywhere" => self.everywhere(value(said)?)?,
            _ => return None,
        }
        Some(())
    }

    /// A word that names a refusal, complaint or bounce by itself is heard in every place; one that the line names for
    /// itself says there what the line says.
    fn everywhere(&mut self, meaning: Meaning) -> Option<()> {
        let (sense, kind) = match meaning {
            Meaning::Withdrawn | Meaning::Denied => (Sense::Refusal, Kind::Unsubscribes),
            Meaning::Suppressed => (Sense::Refusal, Kind::Suppression),
            Meaning::Complained => (Sense::Complaint, Kind::Complaints),
            Meaning::BouncedHard => (Sense::Bounce, Kind::Bounces),
            _ => return None,
        };
        for place in [&mut self.status, &mut self.phrase, &mut self.mark, &mut self.event] {
            place.get_or_insert(meaning);
        }
        if sense == Sense::Refusal {
            self.reply.get_or_insert(Meaning::Withdrawn);
        }
        if self.header.is_empty() {
            self.header.push(sense);
        }
        self.proves.get_or_insert(kind);
        Some(())
    }
}

/// The meaning of that name.
fn value<T: Deserialize<'static>>(name: &'static str) -> Option<T> {
    T::deserialize(StrDeserializer::<Error>::new(name)).ok()
}

/// Channels by their words, parted by blanks; `phone` is every use of a number.
fn channels(words: &'static str) -> Option<Channels> {
    let each = words.split(' ').map(|word| match word {
        "all" => Some(Channels::ALL),
        "phone" => Some(Channels::PHONE),
        word => Channel::from_word(word).map(Channels::only),
    });
    each.reduce(|all, more| Some(all?.union(more?)))?
}

/// Channels, `dead` or `none`.
fn remark(said: &'static str) -> Option<Remark> {
    Some(match said {
        "dead" => Remark { channels: Channels::ALL, dead: true },
        "none" => Remark::default(),
        _ => Remark { channels: channels(said)?, dead: false },
    })
}

/// The word of a line and what it means, place by place.
fn read(line: &'static str) -> Option<(&'static str, Word)> {
    let mut cells = line.split('\t');
    let (word, mut places) = (cells.next()?, Word::default());
    for cell in cells {
        let (place, said) = cell.split_once(' ').unwrap_or((cell, ""));
        places.hear(place, said)?;
    }
    Some((word, places))
}

static WORDS: LazyLock<BTreeMap<&'static str, Word>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for (id, text) in VOCABULARY {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((word, places)) = read(line) else { panic!("vocabulary/{id}: not understood: {line}") };
            assert!(all.insert(word, places).is_none(), "vocabulary/{id}: {word} stands twice");
        }
    }
    all
});

/// The words heard in a place, in order, with what they mean there.
pub(super) fn heard<T>(
    place: impl Fn(&'static Word) -> Option<T>,
) -> impl Iterator<Item = (&'static str, T)> {
    WORDS.iter().filter_map(move |(word, places)| Some((*word, place(places)?)))
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
            let (head, words): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with('#'));
            for told in ["# Words of refusal and permission: ", "# source: ", "# date: 20"] {
                assert!(head.iter().any(|line| line.starts_with(told)), "{id}: {told}");
            }
            assert!(words.is_sorted(), "{id}");
            for line in words {
                let (word, said) = line.split_once('\t').unwrap();
                assert!(!word.is_empty(), "{id}");
                used.extend(said.split('\t').map(|cell| cell.split(' ').next().unwrap().to_owned()));
            }
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
