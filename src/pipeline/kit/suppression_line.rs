//! A line of `suppression.csv`, and the lines of one point that say nothing another line says already.

use crate::pipeline::kit::post_key;
use crate::pipeline::kit::row_sheet::Point;
use crate::record::{Channels, EventKind, Place, PointKind, When};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// What a suppression file says of a point.
#[derive(Debug, Default)]
pub(crate) struct Suppressions(BTreeMap<(EventKind, Channels, Option<When>), (Place, bool)>);

/// A line of a suppression file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suppressed {
    pub(crate) kind: EventKind,
    pub(crate) channels: Channels,
    pub(crate) since: Option<When>,
    pub(crate) place: Place,
    /// It is known from another contact only, and goes no further.
    pub(crate) travelled: bool,
}

/// What the column `reached_through` says of a refusal that is known from another contact only.
pub(crate) const ANOTHER: &str = "another contact";

impl Suppressed {
    /// Tells lines about one point apart.
    pub(crate) fn number(&self) -> u64 {
        foldhash::fast::FixedState::default().hash_one((self.kind, self.channels, self.since))
    }
}

impl Suppressions {
    /// Takes a refusal or bounce, with its place and whether it came from another contact; of two alike, the first
    /// place, and what was told here.
    pub(crate) fn add(
        &mut self,
        kind: EventKind,
        channels: Channels,
        since: Option<When>,
        (place, travelled): (Place, bool),
    ) {
        if !channels.is_empty() {
            let (first, far) = self.0.entry((kind, channels, since)).or_insert((place, travelled));
            *first = place.min(*first);
            *far &= travelled;
        }
    }

    /// The lines, without those that a stronger one says already.
    pub(crate) fn settle(&self) -> impl Iterator<Item = Suppressed> {
        let all = || {
            self.0.iter().map(|((kind, channels, since), (place, travelled))| Suppressed {
                kind: *kind,
                channels: *channels,
                since: *since,
                place: *place,
                travelled: *travelled,
            })
        };
        // Of two that say the same of each other, the first in the order of the map stays.
        let key = |of: &Suppressed| (of.kind, of.channels, of.since);
        let dropped = move |line: &Suppressed, other: &Suppressed| {
            key(other) != key(line) && says(other, line) && (!says(line, other) || key(other) < key(line))
        };
        all().filter(move |line| !all().any(|other| dropped(line, &other)))
    }
}

/// Whether `other` refuses all that `line` does, at least as long, and is the stronger of the two. A bounce ends
/// otherwise than a refusal: neither speaks for the other.
fn says(other: &Suppressed, line: &Suppressed) -> bool {
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

/// Tells lines apart by all that they refuse.
pub(crate) fn line_number(cells: [&str; 5]) -> u64 {
    foldhash::fast::FixedState::default().hash_one(cells)
}

/// Stands for a point of a suppression file.
pub(crate) fn point_number(kind: &str, point: &str) -> u64 {
    foldhash::fast::FixedState::default().hash_one((kind, point))
}

/// A point and its kind, as a suppression file tells them.
pub(crate) fn point_and_kind<'a>(point: &Point<'a>) -> (Cow<'a, str>, &'static str) {
    match point.kind {
        PointKind::Email => (Cow::Borrowed(point.exact), "email"),
        PointKind::Phone => (Cow::Borrowed(point.exact), "phone"),
        PointKind::Handle => (Cow::Borrowed(point.exact), "handle"),
        PointKind::Post => (Cow::Owned(post_key::entry(point).unwrap_or_default()), "post"),
    }
}

/// Channels as outputs write them.
pub(crate) fn channel_words(channels: Channels, text: &mut String) {
    text.clear();
    for channel in channels.iter() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(channel.word());
    }
}
