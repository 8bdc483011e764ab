//! What a row tells of its points, before it is tied to one. Knows neither the columns nor how they are read.

use crate::mapping::column_profile::unlisted;
use crate::mapping::memo::Memo;
use crate::mapping::polarity::Unlisted;
use crate::record::{Channels, EventKind, Evidence, Meaning, Stamp};
use std::ops::{Deref, DerefMut};

/// A fact that a row tells about its points, before it is tied to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// What happened.
    pub event: EventKind,
    /// The word it was read from, as a meaning.
    pub meaning: Meaning,
    /// The channels it speaks of; only those count that the row has a point for.
    pub channels: Channels,
    /// When.
    pub at: Stamp,
    /// What the row tells beside it.
    pub evidence: Evidence,
    /// The column it stands in; `None` = the row as such.
    pub column: Option<u16>,
    /// That it is about e-mail is an assumption: neither header nor word names a channel, and the file has addresses.
    pub assumed: bool,
    /// It is what somebody answered to a message: where the row has no point of its channels, it stops what the row has.
    pub answered: bool,
}

/// The facts of a row, and what is remembered from row to row to find them sooner.
#[derive(Debug, Default)]
pub struct Facts {
    told: Vec<Fact>,
    /// Cells that no table of words lists, and what they come to.
    pub(crate) unlisted: Memo<Unlisted>,
    /// Cells in which no mark was found.
    pub(crate) silent: Memo<()>,
    /// What cells tell of how consent was captured, and whether they tell an act of the person.
    pub(crate) captured: Memo<(Evidence, bool)>,
}

impl Facts {
    /// Takes back what was assumed: in a row without an address, a plain `unsubscribed` speaks of whatever the row has.
    pub fn of_a_row(&mut self, addressed: impl FnOnce() -> bool) {
        let assumed = |f: &Fact| f.assumed && f.event.is_refusal();
        if self.told.iter().any(assumed) && !addressed() {
            self.told.iter_mut().filter(|f| assumed(f)).for_each(|f| f.channels = Channels::ALL);
        }
    }

    /// What a cell that no table of words lists comes to.
    pub(crate) fn unlisted(&mut self, cell: &str) -> Unlisted {
        self.unlisted.get(cell).unwrap_or_else(|| {
            let found = unlisted(cell);
            self.unlisted.note(cell, found);
            found
        })
    }

    /// Folds what a row tells twice against contact, as by its presence and by the date of it: equal in event, channels
    /// and date it is one fact.
    pub fn fold(&mut self) {
        let mut at = 1;
        while at < self.told.len() {
            let fact = self.told[at];
            let same = |other: &&mut Fact| {
                (other.event, other.channels, other.at) == (fact.event, fact.channels, fact.at)
            };
            match self.told[..at].iter_mut().find(same).filter(|_| !fact.event.is_consent()) {
                Some(first) => {
                    first.evidence = first.evidence.with(fact.evidence);
                    self.told.remove(at);
                }
                None => at += 1,
            }
        }
    }
}

impl Deref for Facts {
    type Target = Vec<Fact>;

    fn deref(&self) -> &Vec<Fact> {
        &self.told
    }
}

impl DerefMut for Facts {
    fn deref_mut(&mut self) -> &mut Vec<Fact> {
        &mut self.told
    }
}
