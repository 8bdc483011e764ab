//! What a cell says when its words are taken apart like those of a header: a no, nothing, or nobody knows.
//!
//! Knows one cell, no column. A cell that is taken apart is never a yes.

use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::vocabulary::Sense;

/// What a cell comes to that no table of words lists as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unlisted {
    /// It says nothing of permission.
    Silent,
    /// A mark of refusal stands in it, with channels of its own.
    Marked,
    /// A no made of known words (`NoMassEmails`, `Non-Marketable`).
    Denied,
    /// It may be a no.
    Unknown,
}

/// What the words of a cell say when they are read like a header: all of them must be known.
pub(crate) fn polarity(cell: &str) -> Unlisted {
    let told = header_words(cell);
    // A tick of whatever shape.
    if told.is_empty() {
        return Unlisted::Silent;
    }
    let Some(senses) = dictionary().senses(&told) else { return Unlisted::Unknown };
    let asks = senses.any(&[Sense::Permit, Sense::Consent, Sense::Contact, Sense::Newsletter])
        || senses.any(&[Sense::Email, Sense::Sms, Sense::Call, Sense::Post, Sense::Messaging]);
    if senses.has(Sense::Foreign) {
        Unlisted::Unknown
    } else if senses.has(Sense::Refusal) && senses.has(Sense::Not) {
        // `Never unsubscribed` says nothing; of more words nobody knows what turns what around.
        if told.len() < 4 { Unlisted::Silent } else { Unlisted::Unknown }
    } else if senses.any(&[Sense::Refusal, Sense::Complaint]) || senses.has(Sense::Not) && asks {
        Unlisted::Denied
    } else if senses.any(&[Sense::Permit, Sense::Consent, Sense::Double]) && !senses.has(Sense::Not) {
        Unlisted::Silent
    } else {
        Unlisted::Unknown
    }
}
