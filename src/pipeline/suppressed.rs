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
use crate::record::{Channel, Channels, Day, EventKind, Evidence, Place, PointKind, When};
use std::borrow::Cow;
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
    let refusing = |h: &Held| h.event.kind.suppresses();
    let of_person = |d: &Distinct<'_>| d.point.kind != PointKind::Post && d.point.keyable;
    let alone = !decided.contact.distinct.iter().any(of_person);
    let open = decided.decisions.iter().filter(|(_, decision)| decision.contactable);
    let closed = open.fold(Channels::ALL, |closed, (channel, _)| closed.without(Channels::only(*channel)));
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
        // A refusal that keeps the person out of a channel is known by whatever is the person's alone: the address it was
        // told of may be gone next time.
        let known_by = |h: &Held| {
            h.event.kind.is_refusal()
                && !h.event.evidence.has(Evidence::TRAVELLED)
                && distinct.point.keyable
                && !distinct.shared
        };
        let household = distinct.point.kind == PointKind::Post;
        let mut lines = Suppressions::default();
        for (held, channels) in history.iter().zip(&bound) {
            // A household is several people: what else one of them refused is told of that person's other points.
            let own = held.reach != Reach::Person && travels(held) && (!household || alone);
            let channels = match own {
                true => *channels,
                false if !household && known_by(held) => channels.intersect(carried.union(closed)),
                false => channels.intersect(carried),
            };
            // At a point that others hold too, a refusal known by another point is one holder's only.
            let of_another = held.event.evidence.has(Evidence::TRAVELLED);
            let travelled = of_another || distinct.shared && held.reach == Reach::Person;
            let since = held.at.map(|(_, late)| late);
            lines.add(held.event.kind, channels, since, (held.event.place, travelled));
        }
        // Holders of one point may be refused differently: each refusal of the point stands once.
        for line in lines.settle() {
            let number = suppression_line(writing, distinct, &line, decided.erased, out);
            let own = || distinct.shared.then(|| distinct.exact ^ line.number());
            out.suppression.add_once(&mut out.line, number.or_else(own), 1);
        }
    }
}

/// What a suppression file says of a point.
#[derive(Debug, Default)]
pub(super) struct Suppressions(BTreeMap<(EventKind, Channels, Option<When>), (Place, bool)>);

/// A line of a suppression file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suppressed {
    pub(super) kind: EventKind,
    pub(super) channels: Channels,
    pub(super) since: Option<When>,
    pub(super) place: Place,
    /// It is known from another contact only, and goes no further.
    pub(super) travelled: bool,
}

/// What the column `reached_through` says of a refusal that is known from another contact only.
pub(super) const ANOTHER: &str = "another contact";

impl Suppressed {
    /// Tells lines about one point apart.
    fn number(&self) -> u64 {
        foldhash::fast::FixedState::default().hash_one((self.kind, self.channels, self.since))
    }
}

impl Suppressions {
    /// Takes a refusal or bounce, with its place and whether it came from another contact; of two alike, the first
    /// place, and what was told here.
    pub(super) fn add(
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
    pub(super) fn settle(&self) -> impl Iterator<Item = Suppressed> {
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

/// Writes the line; with an earlier run behind this one, tells its number, by which it stands once.
fn suppression_line(
    writing: &Writing<'_>,
    distinct: &Distinct<'_>,
    said: &Suppressed,
    erased: bool,
    out: &mut Out,
) -> Option<u64> {
    let Out { line, text, .. } = out;
    let key = writing.plan.key.as_deref().filter(|_| erased);
    let tombstone = key.and_then(|key| ids::tombstone(distinct.point.key, key));
    let (point, kind) = match &tombstone {
        Some(tombstone) => (Cow::Borrowed(tombstone.as_str()), "hmac-sha256"),
        None => point_and_kind(&distinct.point),
    };
    line.cells([&*point, kind]);
    channel_words(said.channels, text);
    line.cell(text);
    line.cell(said.kind.word());
    let since = said.since.map(When::text).unwrap_or_default();
    line.cell(&since);
    let number = writing.earlier.map(|_| line_number([&point, kind, text, said.kind.word(), &since]));
    text.clear();
    let _ = write!(text, "{}", first_seen(writing, kind, &point));
    line.cell(text);
    told_at(writing, said.place, text);
    line.cell(text);
    line.plain(if said.travelled { ANOTHER } else { "" });
    line.end();
    number
}

/// Tells lines apart by all that they refuse.
pub(super) fn line_number(cells: [&str; 5]) -> u64 {
    foldhash::fast::FixedState::default().hash_one(cells)
}

/// Stands for a point of a suppression file.
pub(super) fn point_number(kind: &str, point: &str) -> u64 {
    foldhash::fast::FixedState::default().hash_one((kind, point))
}

/// The day on which a run first had the point: this one, or an earlier one.
pub(super) fn first_seen(writing: &Writing<'_>, kind: &str, point: &str) -> Day {
    let now = writing.plan.send_date;
    writing.earlier.and_then(|earlier| earlier.first_seen(kind, point)).map_or(now, |day| day.min(now))
}

/// Where a refusal was told: what an earlier run carries on stays known by the place where it was first told.
pub(super) fn told_at(writing: &Writing<'_>, place: Place, text: &mut String) {
    match writing.earlier.filter(|earlier| earlier.source == place.source) {
        Some(earlier) => earlier.told_at(place.line, text),
        None => places(writing, std::iter::once(place), text),
    }
}

/// A point and its kind, as a suppression file tells them.
pub(super) fn point_and_kind<'a>(point: &Point<'a>) -> (Cow<'a, str>, &'static str) {
    match point.kind {
        PointKind::Email => (Cow::Borrowed(point.exact), "email"),
        PointKind::Phone => (Cow::Borrowed(point.exact), "phone"),
        PointKind::Handle => (Cow::Borrowed(point.exact), "handle"),
        PointKind::Post => (Cow::Owned(postal::entry(point).unwrap_or_default()), "post"),
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
