//! The refusals that leave a row: each with the point, domain, digest, number or house it names, to whoever takes them.

use crate::email;
use crate::ledger;
use crate::pipeline::kit::keys::PART;
use crate::pipeline::kit::row_sheet::{Point, RowEvent};
use crate::pipeline::understand::points::{PointTables, Points, Seen};
use crate::pipeline::understand::sources::SourcePlan;
use crate::reason::Reason;
use crate::record::{Channels, Event, Evidence, PointKind};
use crate::source::Row;
use crate::suppress::{Asked, EmailForms, PhoneForms, SuppressionEntry, bare_digits, shape};

/// Takes what rows refuse.
pub(crate) trait RefusalSink {
    /// The row whose refusals come next.
    fn row(&mut self, _source: &SourcePlan, _row: &Row<'_>) {}

    /// An event at a point of the row.
    fn point(&mut self, _point: &Point<'_>, _event: &Event) {}

    /// An event at what a list names otherwise than by a point: `text` is what stands in the row, nothing for what
    /// follows from another entry.
    fn entry(&mut self, entry: SuppressionEntry<'_>, text: Option<&str>, event: &Event);
}

/// Hands on what a row lists by domain, digest, digits or house.
pub(crate) fn hand_listed(
    text: &str,
    event: &Event,
    email: &email::EmailTables,
    sink: &mut impl RefusalSink,
) {
    if text.starts_with(PART) {
        return sink.entry(SuppressionEntry::House(text), Some(text), event);
    }
    let entry = shape(text).or_else(|| bare_digits(text).map(SuppressionEntry::Bare));
    entry.into_iter().for_each(|entry| sink.entry(entry, Some(text), event));
    // `@googlemail.com` refuses whoever writes from `@gmail.com`.
    if let Some(SuppressionEntry::Domain { name, .. }) = entry
        && let Some(name) = email.main_domain(name)
    {
        sink.entry(SuppressionEntry::Domain { name, below: false }, None, event);
    }
}

/// What is asked of lists about a point: a number, or an address, which the text of any other point may be.
pub(crate) fn asked<'a>(seen: &Seen<'a>, tables: &PointTables) -> Asked<'a> {
    let Point { kind, typed, exact, key, .. } = seen.point;
    match kind {
        PointKind::Phone => match tables.national(key, seen.country) {
            "" if key.starts_with('+') => Asked::Phone(tables.forms(key)),
            national => Asked::Phone(PhoneForms { e164: key, national }),
        },
        PointKind::Email | PointKind::Post | PointKind::Handle => {
            Asked::Email(EmailForms { typed, exact, canonical: key }, seen.domain)
        }
    }
}

/// Hands on every event that concerns more than its own row, with the points it speaks of: the number of the
/// row's point, or none for what was probably meant by it.
pub(crate) fn each<'p>(
    points: &'p Points,
    meant: &'p Points,
    events: &[RowEvent],
    mut hand: impl FnMut(Option<usize>, Point<'p>, &Event),
) {
    let named = names_somebody(points);
    for told in events {
        let outside = told.event.evidence.has(Evidence::OUTSIDE);
        if !outside && !ledger::binds(told.event.kind) {
            continue;
        }
        for (at, seen) in points.iter().enumerate().filter(|(at, _)| told.at(*at)) {
            let filler = || seen.point.reasons().any(|reason| reason == Reason::PhonePlaceholder);
            let event = of_point(&told.event, &seen.point, named);
            let event = event.filter(|_| seen.point.keyable || outside && !filler());
            if let Some(event) = event {
                hand(Some(at), seen.point, &event);
            }
        }
    }
    for told in events.iter().filter(|e| e.event.kind.is_refusal()) {
        for seen in meant.iter().filter(|p| p.point.keyable) {
            hand(None, seen.point, &told.event);
        }
    }
}

/// Whether the row tells of whom it speaks, otherwise than by a house.
pub(crate) fn names_somebody(points: &Points) -> bool {
    points.outlines().any(|point| point.keyable && point.kind != PointKind::Post)
}

/// What an event says of a point, if anything. Who refuses e-mail by their address and tells a street, but no name,
/// speaks of the letterbox there, and not of the neighbours' e-mail.
pub(crate) fn of_point(event: &Event, point: &Point<'_>, named: bool) -> Option<Event> {
    if !named || point.kind != PointKind::Post || point.keyable {
        return Some(*event);
    }
    let channels = event.channels.intersect(Channels::of_point(point.kind));
    (!channels.is_empty()).then_some(Event { channels, ..*event })
}
