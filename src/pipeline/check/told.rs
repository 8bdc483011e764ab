//! What a row tells of points: the events that leave the row, each with every point it speaks of. The same answer
//! for `clean`, which spills them, and for whoever makes a suppression list of them.

use super::super::points::Points;
use super::super::read::no_key;
use super::super::sheet::{Point, RowEvent};
use super::super::sources::SourcePlan;
use super::Checker;
use super::refuse::stops;
use crate::ledger;
use crate::reason::Reason;
use crate::record::{Channels, Event, Evidence, Failure, Field, Place, PointKind};
use crate::source::{Block, Cells, Row, State};

/// What a row refuses.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Refused<'a> {
    /// A point, with its event.
    Point(Point<'a>, &'a Event),
    /// What a list names by domain, digest or the digits of a number of no country.
    Listed(&'a str, &'a Event),
}

/// Hands on every event that concerns more than its own row, with the points it speaks of: the number of the
/// row's point, or none for what was probably meant by it.
pub(super) fn each<'p>(
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
pub(super) fn names_somebody(points: &Points) -> bool {
    points.outlines().any(|point| point.keyable && point.kind != PointKind::Post)
}

/// What an event says of a point, if anything. Who refuses e-mail by their address and tells a street, but no name,
/// speaks of the letterbox there, and not of the neighbours' e-mail.
pub(super) fn of_point(event: &Event, point: &Point<'_>, named: bool) -> Option<Event> {
    if !named || point.kind != PointKind::Post || point.keyable {
        return Some(*event);
    }
    let channels = event.channels.intersect(Channels::of_point(point.kind));
    (!channels.is_empty()).then_some(Event { channels, ..*event })
}

impl Checker<'_> {
    /// Checks the addresses that were probably meant by those of a row that refuses (promise 3: typo fixes carry
    /// refusals), and those that stand within what is no address.
    pub(super) fn find_meant(&mut self) {
        let Self { points, meant, events, shared, .. } = self;
        meant.clear(false);
        if events.iter().any(|e| e.event.kind.is_refusal()) {
            for suggestion in points.suggestions() {
                meant.add_emails(Field::EmailOther, suggestion, &shared.tables.email);
            }
            for (field, address) in points.addresses_within(0) {
                meant.add_emails(field, &address, &shared.tables.email);
            }
        }
    }

    /// Everything that the rows of a block refuse, each with its row; tells how many rows refuse nobody who could be
    /// recognised.
    ///
    /// # Errors
    /// Digests were met that only a key can match, and none was given.
    pub(in super::super) fn block_refusals(
        &mut self,
        source: &SourcePlan,
        block: &Block,
        cells: &mut Cells,
        mut take: impl FnMut(&Row<'_>, Refused<'_>),
    ) -> Result<u64, Failure> {
        let mut rejected = 0;
        for record in block.records.iter().filter(|r| r.state != State::Header) {
            let (state, row) = block.row(record, source.input.dialect(), cells);
            let why = self.refusals(source, &row, state, record.line, |refused| take(&row, refused));
            rejected += u64::from(why.is_some());
        }
        if self.lacks_key() { Err(no_key(source)) } else { Ok(rejected) }
    }

    /// Everything that a row refuses, as `clean` would understand it; nothing is written. Says why a row names nobody
    /// who could be recognised.
    pub(in super::super) fn refusals(
        &mut self,
        source: &SourcePlan,
        row: &Row<'_>,
        state: State,
        line: u32,
        mut take: impl FnMut(Refused<'_>),
    ) -> Option<Reason> {
        let place = Place { source: source.index, line };
        let (_, rejected) = self.examine(source, row, state, 0, place);
        if rejected.is_none() {
            self.find_meant();
            let Self { points, meant, events, out, .. } = self;
            each(points, meant, events, |_, point, event| {
                if stops(event.kind) {
                    take(Refused::Point(point, event));
                }
            });
            for (text, listed) in &out.listed {
                take(Refused::Listed(text, &listed.event));
            }
        }
        self.out.listed.clear();
        let nobody =
            self.findings.iter().map(|(reason, ..)| *reason).find(|r| *r == Reason::RowRefusesNobody);
        rejected.or(nobody)
    }
}
