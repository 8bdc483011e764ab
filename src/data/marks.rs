//! Phrases that refuse wherever they stand: in tags, remarks, names and replies.
//!
//! Knows the text of one cell; no column. Only listed phrases count, and none of them grants anything.

use crate::data::dictionary::dictionary;
use crate::data::fold::{fold, header_words};
use crate::data::words::{Base, ColumnWords};
use crate::data::{remarks, words};
use crate::record::{Channel, Channels, Meaning};

static MARKS: ColumnWords = ColumnWords::of(Base::Mark);

static TAGS: ColumnWords = ColumnWords::of(Base::Tag);

static REPLIES: ColumnWords = ColumnWords::of(Base::Reply);

/// What somebody answered to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    /// To stop: on these channels, where the answer names some.
    Stop(Channels),
    /// That the number is somebody else's.
    WrongNumber,
}

/// What an answer says against further messages, as a reasonable reader understands it: a sentence that is a word of
/// stopping and nothing else, courtesy apart, or a plea anywhere in it. `Can I stop by?` is none.
pub(crate) fn reply(cell: &str) -> Option<Answered> {
    let mut said = None;
    for sentence in cell.split(['.', '!', '?', ';', ',', ':', '\n', '\u{3002}', '\u{ff01}']) {
        let folded = fold(sentence);
        let sentence = words::without_courtesy(&folded);
        let stop = REPLIES
            .meaning(sentence)
            .is_some()
            .then(|| dictionary().named_points(sentence).union(dictionary().refused_channels(sentence).0))
            .or_else(|| words::plea(sentence));
        if let Some(channels) = stop {
            said = Some(said.unwrap_or(Channels::NONE).union(channels.as_stopped()));
        }
    }
    let wrong = || remarks::refused(cell).filter(|remark| remark.channels.is_empty() && !remark.dead);
    said.map(Answered::Stop).or_else(|| wrong().map(|_| Answered::WrongNumber))
}

/// The refusals that a cell is marked with, each with its channels and whether those are assumed; whether there is one.
/// In names only phrases count.
pub(crate) fn each(cell: &str, name: bool, mut mark: impl FnMut(Meaning, Channels, bool)) -> bool {
    let mut any = false;
    for tag in cell.split(TAG_ENDS).filter(|tag| !name && (3..=TAG).contains(&tag.len())) {
        if let Some(meaning) = TAGS.meaning(tag) {
            mark(meaning, Channels::ALL, false);
            any = true;
        }
    }
    for part in parts(cell) {
        if let Some(meaning) = MARKS.meaning(part) {
            let (channels, assumed) = match meaning {
                Meaning::BouncedHard => (Channels::only(Channel::Email), false),
                Meaning::Deceased => (Channels::ALL, false),
                _ => channels(part),
            };
            mark(meaning, channels, assumed);
            any = true;
        }
    }
    any
}

/// What parts one tag from the next.
const TAG_ENDS: [char; 7] = [',', ';', '|', '\n', '"', '[', ']'];

/// The longest cell that is looked up as a whole.
const TAG: usize = 40;

/// Tags, and sentences of a remark; none of a web address, which may well end in `/unsubscribe`.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let address = cell.contains("://") && !cell.contains(' ');
    let cell = if address { "" } else { cell };
    let between =
        |b: &u8| matches!(b, b',' | b';' | b'|' | b'\n' | b'"' | b'.' | b'!' | b'?' | b':' | b'[' | b']');
    let mut end_before = 0;
    // Cut at ASCII bytes, which are characters of their own wherever they stand.
    cell.as_bytes().split(between).filter_map(move |part| {
        let start = end_before;
        end_before = start + part.len() + 1;
        (part.len() > 2).then(|| cell.get(start..start + part.len())).flatten()
    })
}

/// What a mark forbids: the channels it names; e-mail for a plain `unsubscribed`, which is an assumption; else all.
fn channels(mark: &str) -> (Channels, bool) {
    let words = header_words(mark);
    let (told, whole) = dictionary().refused_channels(mark);
    let email = Channels::only(Channel::Email);
    let left = words.iter().any(|w| w.starts_with("unsub") || w.starts_with("abgemeld"));
    // `Opted out of e-mail` names its channel, `opted out` none.
    let opted = words.iter().any(|w| w.starts_with("opt"));
    let told = if opted { told.union(dictionary().named_points(mark)) } else { told };
    match () {
        () if whole || opted && told.is_empty() => (Channels::ALL, false),
        () if told.is_empty() && left => (email, true),
        () if told.is_empty() => (Channels::ALL, false),
        () if words.iter().any(|w| w == "mail") => (told.union(email), false),
        () => (told, false),
    }
}
