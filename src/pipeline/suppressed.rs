//! What of a contact goes into the suppression file, and whether the person asked to be erased.
//!
//! A line must lead the next run to the same decisions: it keeps kind, channels and the date that is hardest to
//! lift. Knows no rule; what still stands is told by `consent`.

use super::contact::{Contact, Distinct};
use super::ids;
use super::lines::{Decided, Out, places};
use super::postal;
use super::sheet::Point;
use super::write::Writing;
use crate::consent::{Held, History, Reach, in_force};
use crate::ledger;
use crate::output::Line;
use crate::record::{Channel, Channels, EventKind, Place, PointKind, When};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::BuildHasher;

/// Whether the person asked to be erased, and at no point came back of their own will.
pub(super) fn erased(writing: &Writing<'_>, contact: &Contact<'_>, histories: &[Vec<Held>]) -> bool {
    if !contact.person.iter().any(|e| e.kind == EventKind::Erasure) {
        return false;
    }
    let asked = |h: &Held| h.event.kind == EventKind::Erasure;
    contact.distinct.iter().zip(histories).all(|(distinct, history)| {
        Channels::of_point(distinct.point.kind).iter().all(|channel| {
            let mut standing = in_force(&writing.law.table, channel, History { events: history });
            let spoken = history.iter().any(|h| asked(h) && h.event.channels.has(channel));
            !spoken || standing.any(|at| asked(&history[at]))
        })
    })
}

/// The points of the contact that must not be contacted, for the suppression file: one line for each kind of
/// refusal and the channels it still binds, since its hardest date, so that the next run judges alike.
pub(super) fn suppression(writing: &Writing<'_>, decided: &Decided<'_, '_>, out: &mut Out) {
    let refusing = |h: &Held| h.event.kind.is_refusal() || h.event.kind == EventKind::HardBounce;
    let of_person = |d: &Distinct<'_>| d.point.kind != PointKind::Post && d.point.keyable;
    let alone = !decided.contact.distinct.iter().any(of_person);
    for (distinct, history) in decided.contact.distinct.iter().zip(decided.histories) {
        let unwritable =
            || distinct.point.kind == PointKind::Post && postal::entry(&distinct.point).is_none();
        if !history.iter().any(refusing) || unwritable() {
            continue;
        }
        let mut bound = vec![Channels::NONE; history.len()];
        for channel in Channel::ALL {
            for at in in_force(&writing.law.table, channel, History { events: history }) {
                bound[at] = bound[at].union(Channels::only(channel));
            }
        }
        // What was told of the point itself keeps its whole scope; what only travelled to it from another point
        // of the person, or was told of its whole domain, says no more than the point can carry.
        let carried = Channels::of_point(distinct.point.kind);
        let travels =
            |h: &Held| h.event.detail != ledger::OF_DOMAIN || h.event.channels.intersect(carried).is_empty();
        let household = distinct.point.kind == PointKind::Post;
        let mut lines = Suppressions::default();
        for (held, channels) in history.iter().zip(&bound) {
            // A household is several people: what else one of them refused is told of that person's other points.
            let own = held.reach != Reach::Person && travels(held) && (!household || alone);
            let channels = if own { *channels } else { channels.intersect(carried) };
            lines.add(held.event.kind, channels, held.at.map(|(_, late)| late), held.event.place);
        }
        // Holders of one point may be refused differently: each refusal of the point stands once.
        for line in lines.settle() {
            suppression_line(writing, distinct, &line, decided.erased, out);
            let once = distinct.shared.then(|| distinct.exact ^ line.number());
            out.suppression.add_once(&mut out.line, once, 1);
        }
    }
}

/// What a suppression file says of a point.
#[derive(Debug, Default)]
pub(super) struct Suppressions(BTreeMap<(EventKind, Channels, Option<When>), Place>);

/// A line of a suppression file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suppressed {
    pub(super) kind: EventKind,
    pub(super) channels: Channels,
    pub(super) since: Option<When>,
    pub(super) place: Place,
}

impl Suppressed {
    /// Tells lines about one point apart.
    fn number(&self) -> u64 {
        foldhash::fast::FixedState::default().hash_one((self.kind, self.channels, self.since))
    }
}

impl Suppressions {
    /// Takes a refusal or bounce; of two alike, the first one.
    pub(super) fn add(&mut self, kind: EventKind, channels: Channels, since: Option<When>, place: Place) {
        if !channels.is_empty() {
            let entry = self.0.entry((kind, channels, since)).or_insert(place);
            *entry = place.min(*entry);
        }
    }

    /// The lines, without those that a stronger one says already.
    pub(super) fn settle(&self) -> impl Iterator<Item = Suppressed> {
        let all = || {
            self.0.iter().map(|((kind, channels, since), place)| Suppressed {
                kind: *kind,
                channels: *channels,
                since: *since,
                place: *place,
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
    alike && whole && longer && other.kind <= line.kind
}

/// Whether nothing lifts the first that does not lift the second; an undated refusal is lifted by nothing.
fn outlasts(one: Option<When>, other: Option<When>) -> bool {
    one.is_none_or(|one| other.is_some_and(|other| one.outlasts(other)))
}

fn suppression_line(
    writing: &Writing<'_>,
    distinct: &Distinct<'_>,
    said: &Suppressed,
    erased: bool,
    out: &mut Out,
) {
    let Out { line, text, .. } = out;
    let key = writing.plan.key.as_deref().filter(|_| erased);
    match key.and_then(|key| ids::tombstone(distinct.point.key, key)) {
        Some(tombstone) => line.cells([tombstone.as_str(), "hmac-sha256"]),
        None => {
            point_cells(&distinct.point, line);
        }
    }
    channel_words(said.channels, text);
    line.cell(text);
    line.cell(said.kind.word());
    line.cell(&said.since.map(When::text).unwrap_or_default());
    text.clear();
    let _ = write!(text, "{}", writing.plan.send_date);
    line.cell(text);
    places(writing, std::iter::once(said.place), text);
    line.cell(text);
    line.end();
}

/// A point and its kind, as a suppression file tells them.
pub(super) fn point_cells(point: &Point<'_>, line: &mut Line) {
    match point.kind {
        PointKind::Email => line.cells([point.exact, "email"]),
        PointKind::Phone => line.cells([point.exact, "phone"]),
        PointKind::Post => line.cells([postal::entry(point).unwrap_or_default().as_str(), "post"]),
    }
}

/// Channels as outputs write them.
pub(super) fn channel_words(channels: Channels, text: &mut String) {
    text.clear();
    for channel in channels.iter() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(channel.word());
    }
}
