//! Grounds that the operator states (`--assert-basis`), in the words of rulebooks.

use super::{Assertion, Source, day};
use crate::data::jurisdiction::Basis;
use crate::record::{Channel, Failure};

/// The grounds that the operator states.
///
/// # Errors
/// A statement that lacks a part, or names a source, channel, ground or day that is none.
pub(super) fn assertions(texts: &[String], sources: &[Source]) -> Result<Vec<Assertion>, Failure> {
    texts.iter().map(|text| assertion(text, sources)).collect()
}

fn assertion(text: &str, sources: &[Source]) -> Result<Assertion, Failure> {
    let wrong = |what: &str| {
        Failure::usage(what).at("--assert-basis").hint(
            "write SOURCE:CHANNEL:BASIS@DATE=TEXT, for example \
             shop.csv:email:express_consent@2024-05-01=\"paper forms\"",
        )
    };
    let (head, words) = text.split_once('=').ok_or_else(|| wrong("the operator's own words are missing"))?;
    let (head, date) = head.rsplit_once('@').ok_or_else(|| wrong("the date is missing"))?;
    let mut parts = head.rsplitn(3, ':');
    let (Some(basis), Some(channel), Some(source)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong("source, channel or basis is missing"));
    };
    if !sources.iter().any(|s| s.name == source) {
        return Err(wrong("the source is not among the sources"));
    }
    let basis = ground(basis)?;
    Ok(Assertion {
        source: source.to_owned(),
        channel: Channel::from_word(channel).ok_or_else(|| wrong("this is no channel"))?,
        basis,
        date: day(date, "--assert-basis")?,
        text: words.trim_matches('"').to_owned(),
    })
}

/// The ground of that word. `asserted` is none: it only says who states one.
fn ground(word: &str) -> Result<Basis, Failure> {
    Basis::from_word(word).filter(|basis| *basis != Basis::Asserted).ok_or_else(|| {
        let known = Basis::ALL.iter().filter(|basis| **basis != Basis::Asserted).map(|basis| basis.word());
        Failure::usage(format!("`{word}` is no ground"))
            .at("--assert-basis")
            .hint(format!("grounds are {}", known.collect::<Vec<_>>().join(", ")))
    })
}
