//! A line of a suppression file, whoever writes it, and the lines of one point without those that another one makes
//! superfluous.

use crate::output::Line;
use crate::pipeline::kit::cells::channel_words;
use crate::pipeline::kit::row_sheet::Point;
use crate::pipeline::kit::{keys, post_key};
use crate::record::{Channels, Day, Event, EventKind, Evidence, Place, PointKind, When};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::BuildHasher;

/// What a line of a suppression file says of its point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suppression {
    pub(crate) kind: EventKind,
    pub(crate) channels: Channels,
    pub(crate) since: Option<When>,
    pub(crate) place: Place,
    /// It is known from another contact only, and goes no further.
    pub(crate) travelled: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SuppressionLine<'a> {
    pub(crate) point: &'a str,
    /// The word of the point's kind.
    pub(crate) kind: &'a str,
    pub(crate) says: Suppression,
    pub(crate) first_seen: Day,
}

/// What the column `reached_through` says of a refusal that is known from another contact only.
const ANOTHER: &str = "another contact";

impl SuppressionLine<'_> {
    /// Writes the line; `told_at` makes the cell of where the refusal was told, `text` is a buffer.
    pub(crate) fn write(&self, line: &mut Line, text: &mut String, told_at: impl FnOnce(&mut String)) {
        self.cells(line, text, told_at);
        line.end();
    }

    /// Writes the cells of the line, to which others may be added.
    pub(crate) fn cells(&self, line: &mut Line, text: &mut String, told_at: impl FnOnce(&mut String)) {
        let Self { point, kind, says, first_seen } = self;
        channel_words(says.channels, text);
        line.cells([*point, *kind, text, says.kind.word()]);
        line.cell(&says.since.map(When::text).unwrap_or_default());
        text.clear();
        let _ = write!(text, "{first_seen}");
        line.cell(text);
        text.clear();
        told_at(text);
        line.cell(text);
        line.plain(if says.travelled { ANOTHER } else { "" });
    }

    /// Stands for the line, whoever writes it and wherever it was told.
    pub(crate) fn number(&self) -> u64 {
        let Self { point, kind, says, .. } = self;
        says.number_at(kind, point)
    }
}

impl Suppression {
    /// What an event says, told at `place`; `since` is its day.
    pub(crate) fn of(event: &Event, since: Option<When>, place: Place) -> Self {
        let travelled = event.evidence.has(Evidence::TRAVELLED);
        Self { kind: event.kind, channels: event.channels, since, place, travelled }
    }

    /// Stands for the line that says it of a point.
    pub(crate) fn number_at(&self, kind: &str, point: &str) -> u64 {
        let mut channels = String::new();
        channel_words(self.channels, &mut channels);
        let since = self.since.map(When::text).unwrap_or_default();
        let cells = [point, kind, &channels, self.kind.word(), &since];
        foldhash::fast::FixedState::default().hash_one(cells)
    }

    /// Stands for it among all that is said of one point.
    pub(crate) fn number(&self) -> u64 {
        foldhash::fast::FixedState::default().hash_one(self.key())
    }

    fn key(&self) -> (EventKind, Channels, Option<When>) {
        (self.kind, self.channels, self.since)
    }
}

/// All that is said of one point, each of it once.
#[derive(Debug, Default)]
pub(crate) struct Suppressions(BTreeMap<(EventKind, Channels, Option<When>), Suppression>);

impl Suppressions {
    /// Takes a refusal or bounce; of two alike, the first place, and what was told here.
    pub(crate) fn add(&mut self, says: Suppression) {
        if !says.channels.is_empty() {
            let first = self.0.entry(says.key()).or_insert(says);
            first.place = says.place.min(first.place);
            first.travelled &= says.travelled;
        }
    }

    /// What is left without what something stronger says already.
    pub(crate) fn settle(&self) -> impl Iterator<Item = Suppression> {
        // Of two that say the same of each other, the first in the order of the map stays.
        let dropped = |line: &Suppression, other: &Suppression| {
            other.key() != line.key() && says(other, line) && (!says(line, other) || other.key() < line.key())
        };
        self.0.values().filter(move |line| !self.0.values().any(|other| dropped(line, other))).copied()
    }
}

/// Whether `other`, the stronger, refuses all that `line` does, as long. Bounce and refusal never speak for each other.
fn says(other: &Suppression, line: &Suppression) -> bool {
    let alike = other.kind.is_refusal() == line.kind.is_refusal();
    let whole = other.channels.intersect(line.channels) == line.channels;
    let forever = other.kind == EventKind::Deceased;
    let longer = forever || line.kind != EventKind::Deceased && outlasts(other.since, line.since);
    let as_far = line.travelled || !other.travelled;
    alike && whole && longer && as_far && other.kind <= line.kind
}

/// Whether nothing lifts the first that does not lift the second; an undated refusal is lifted by nothing.
fn outlasts(one: Option<When>, other: Option<When>) -> bool {
    one.is_none_or(|one| other.is_some_and(|other| one.outlasts(other)))
}

/// Stands for a point of a suppression file.
pub(crate) fn point_number(kind: &str, point: &str) -> u64 {
    foldhash::fast::FixedState::default().hash_one((kind, point))
}

/// A point and its kind, as a suppression file tells them.
pub(crate) fn point_and_kind<'a>(point: &Point<'a>) -> (Cow<'a, str>, &'static str) {
    match point.kind {
        PointKind::Post => (Cow::Owned(post_key::entry(point).unwrap_or_default()), point.kind.word()),
        PointKind::Email | PointKind::Phone | PointKind::Handle => (point.exact.into(), point.kind.word()),
    }
}

/// Point and kind as a suppression file shows them; with the key under which erased people are kept, the tombstone.
pub(crate) fn shown<'a>(point: &Point<'a>, key: Option<&[u8]>) -> (Cow<'a, str>, &'static str) {
    match key.map(|key| keys::tombstone(point.key, key)) {
        Some(tombstone) => (Cow::Owned(tombstone), "hmac-sha256"),
        None => point_and_kind(point),
    }
}
