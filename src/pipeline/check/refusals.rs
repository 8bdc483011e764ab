//! A refusal that leaves a row, and the point, domain or digest it names.

use crate::ledger;
use crate::pipeline::kit::row_sheet::{Point, RowEvent};
use crate::pipeline::understand::points::Points;
use crate::record::{Channels, Event, Evidence, PointKind};

/// What a row refuses.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refused<'a> {
    /// A point, with its event.
    Point(Point<'a>, &'a Event),
    /// What a list names by domain, digest or the digits of a number of no country.
    Listed(&'a str, &'a Event),
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
            let event = of_point(&told.event, &seen.point, named).filter(|_| seen.point.keyable || outside);
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
