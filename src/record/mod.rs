//! The words of the product as types: channels, contact points, fields, dates, events, places.
//!
//! Knows nothing else: not how a file is read, not what a rule says, not what a reason is called.

mod channel;
mod date;
mod enumeration;
mod event;
mod failure;
mod few;
mod field;
mod fingerprint;
mod set;

pub use channel::{Channel, Channels, PointKind};
pub use date::{DateOrder, Day, Precision, Stamp, When};
pub use enumeration::Element;
pub(crate) use enumeration::words;
pub use event::{Event, EventKind, Evidence, Meaning, OF_DOMAIN};
pub use failure::{Failure, FailureKind, IoContext};
pub use few::Few;
pub use field::Field;
pub use fingerprint::{Fingerprint, Keyed};
pub use set::Set;

use serde::{Deserialize, Serialize};

/// Number of a row in the run: sources in the order of their names, records in file order, from 0.
pub type RowId = u32;

/// Where a record starts: source (index into the run's sources, which are ordered by name) and physical
/// line (the file's first line is 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Index into the run's sources.
    pub source: u16,
    /// Physical line on which the record starts; the first line of a file is 1.
    pub line: u32,
}

words! {
    /// What a source is: decides how its rows end.
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Kind: Serialize, Deserialize {
        /// People one might contact.
        Contacts = "contacts",
        /// People who left.
        Unsubscribes = "unsubscribes",
        /// Addresses mail came back from.
        Bounces = "bounces",
        /// Spam complaints.
        Complaints = "complaints",
        /// A do-not-contact list of any make: plain, domains or hashes.
        Suppression = "suppression",
        /// Dated consent events.
        ConsentEvents = "consent-events",
        /// A do-not-call or similar register.
        Registry = "registry",
        /// A file that is to be left out: none of its rows is read.
        Ignore = "ignore",
    }
}

impl Kind {
    /// Whether every readable row of such a source forbids contact.
    pub const fn refuses(self) -> bool {
        matches!(self, Self::Unsubscribes | Self::Complaints | Self::Suppression | Self::Bounces)
    }
}
