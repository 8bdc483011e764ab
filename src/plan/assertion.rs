//! Legal bases that the operator states (`--assert-basis`), in the words of rulebooks.

use crate::data::jurisdiction::Basis;
use crate::plan::values;
use crate::record::{Channel, Day, Failure};
use std::str::FromStr;

/// A legal basis the operator states for all rows of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Name of the source.
    pub source: String,
    /// The channel.
    pub channel: Channel,
    /// The legal basis.
    pub basis: Basis,
    /// Since when.
    pub date: Day,
    /// The operator's words.
    pub text: String,
}

impl FromStr for Assertion {
    type Err = Failure;

    /// Reads `SOURCE:CHANNEL:BASIS@DATE=TEXT`.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = |what: &str| {
            Failure::usage(what).hint(
                "write SOURCE:CHANNEL:BASIS@DATE=TEXT, for example \
                 shop.csv:email:express_consent@2024-05-01=\"paper forms\"",
            )
        };
        let (head, words) =
            text.split_once('=').ok_or_else(|| wrong("the operator's own words are missing"))?;
        let (head, date) = head.rsplit_once('@').ok_or_else(|| wrong("the date is missing"))?;
        let mut parts = head.rsplitn(3, ':');
        let (Some(basis), Some(channel), Some(source)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("source, channel or basis is missing"));
        };
        Ok(Self {
            source: source.to_owned(),
            channel: values::channel(channel)?,
            basis: basis_of(basis)?,
            date: values::day(date)?,
            text: words.trim_matches('"').to_owned(),
        })
    }
}

/// The legal basis of that word. `asserted` is none: it only says who states one.
fn basis_of(word: &str) -> Result<Basis, Failure> {
    Basis::from_word(word).filter(|basis| *basis != Basis::Asserted).ok_or_else(|| {
        let known = Basis::ALL.iter().filter(|basis| **basis != Basis::Asserted).map(|basis| basis.word());
        Failure::usage(format!("`{word}` is no legal basis"))
            .hint(format!("legal bases are {}", known.collect::<Vec<_>>().join(", ")))
    })
}
