//! A list that others are checked against: its name, its day, what it binds.

use crate::record::Day;
use crate::suppress::ListFacts;

/// A list that others are checked against.
#[derive(Debug, Default, Clone)]
pub(crate) struct AgainstList {
    /// Its name.
    pub(crate) name: String,
    /// The day it is of, as far as anything tells.
    pub(crate) dated: Option<Day>,
    pub(crate) entries: u64,
    /// Whether digests among them need a key.
    pub(crate) keyed: bool,
    /// The register it is.
    pub(crate) registry: Option<String>,
    pub(crate) rows: u64,
    /// Rows that name nobody who could be recognised.
    pub(crate) unread: u64,
}

impl AgainstList {
    /// What an index keeps of it.
    pub(crate) fn facts(&self) -> ListFacts {
        ListFacts {
            name: self.name.clone(),
            dated: self.dated,
            entries: self.entries,
            keyed: self.keyed,
            registry: self.registry.clone(),
        }
    }
}
