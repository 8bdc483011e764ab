//! Parsers of values that are words of a closed set: errors and help list them, completions offer them.

use crate::data::imports;
use crate::data::imports::Import;
use crate::data::jurisdiction::Audience;
use crate::plan::{AUDIENCES, HASHES, ListStandard};
use crate::record::{Channel, EventKind};
use crate::suppress::Algorithm;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::sync::LazyLock;

/// What these words stand for.
fn one_of<W: Into<PossibleValue>, T: Clone + Send + Sync + 'static>(
    known: impl IntoIterator<Item = (W, T)>,
) -> impl TypedValueParser<Value = T> {
    let known: Vec<(PossibleValue, T)> = known.into_iter().map(|(word, of)| (word.into(), of)).collect();
    let words = known.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>();
    PossibleValuesParser::new(words).try_map(move |typed| {
        let found = known.iter().find(|(word, _)| word.matches(&typed, false));
        found.map(|(_, of)| of.clone()).ok_or("this is no word we know")
    })
}

/// The channels that a list is checked for: all but post.
pub(super) fn channel() -> impl TypedValueParser<Value = Channel> {
    let channels = Channel::ALL.into_iter().filter(|channel| *channel != Channel::Post);
    one_of(channels.map(|channel| (channel.word(), channel)))
}

/// Whether whom nothing clears may pass a check.
pub(super) fn unknown() -> impl TypedValueParser<Value = bool> {
    one_of([("block", false), ("allow", true)])
}

/// Whom the messages are for.
pub(super) fn audience() -> impl TypedValueParser<Value = Audience> {
    one_of(AUDIENCES.map(|audience| (audience.word(), audience)))
}

/// Who goes into the lists.
pub(super) fn lists() -> impl TypedValueParser<Value = ListStandard> {
    one_of([("contactable", ListStandard::Contactable), ("reachable", ListStandard::Reachable)])
}

/// The digests handed to partners.
pub(super) fn hash() -> impl TypedValueParser<Value = Algorithm> {
    one_of(HASHES.map(|hash| (hash.word(), hash)))
}

/// The events that suppress, as `hard-bounce` or as files have them (`hard_bounce`).
pub(super) fn event() -> impl TypedValueParser<Value = EventKind> {
    static WORDS: LazyLock<Vec<(String, EventKind)>> = LazyLock::new(|| {
        let events = EventKind::ALL.into_iter().filter(|event| event.suppresses());
        events.map(|event| (event.word().replace('_', "-"), event)).collect()
    });
    one_of(WORDS.iter().map(|(word, event)| (PossibleValue::new(word.as_str()).alias(event.word()), *event)))
}

/// The tools whose import files are known.
pub(super) fn tool() -> impl TypedValueParser<Value = &'static Import> {
    one_of(imports().iter().map(|import| (import.id.as_str(), import)))
}
