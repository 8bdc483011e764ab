//! The words of the product as types: channels, contact points, fields, dates, events, places.
//!
//! Knows nothing else: not how a file is read, not what a rule says, not what a reason is called.

mod channel;
mod date;
mod event;
mod failure;
mod field;
mod fingerprint;

pub use channel::{Channel, Channels, PointKind};
pub use date::{DateOrder, Day, Precision, Stamp, When};
pub use event::{Event, EventKind, Evidence, Meaning};
pub use failure::{Failure, FailureKind};
pub use field::Field;
pub use fingerprint::{Fingerprint, Keyed};

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

/// What a source is: decides how its rows end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// People one might contact.
    Contacts,
    /// People who left.
    Unsubscribes,
    /// Addresses mail came back from.
    Bounces,
    /// Spam complaints.
    Complaints,
    /// A do-not-contact list of any make: plain, domains or hashes.
    Suppression,
    /// Dated consent events.
    ConsentEvents,
    /// A do-not-call or similar register.
    Registry,
}

impl Kind {
    /// All kinds, in the order they are listed.
    pub const ALL: [Self; 7] = [
        Self::Contacts,
        Self::Unsubscribes,
        Self::Bounces,
        Self::Complaints,
        Self::Suppression,
        Self::ConsentEvents,
        Self::Registry,
    ];

    /// The word users see and type.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Unsubscribes => "unsubscribes",
            Self::Bounces => "bounces",
            Self::Complaints => "complaints",
            Self::Suppression => "suppression",
            Self::ConsentEvents => "consent-events",
            Self::Registry => "registry",
        }
    }

    /// Whether every readable row of such a source forbids contact.
    pub const fn refuses(self) -> bool {
        matches!(self, Self::Unsubscribes | Self::Complaints | Self::Suppression | Self::Bounces)
    }
}
