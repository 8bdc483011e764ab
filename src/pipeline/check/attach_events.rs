//! The facts of a row as events at its points: a refusal at every one of them, a consent at one.
//!
//! Knows which field is the main one for a channel; not what an event means.

use crate::data::networks;
use crate::mapping::Fact;
use crate::mapping::model::Role;
use crate::pipeline::check::row::Checker;
use crate::pipeline::kit::row_sheet::{EVERY_POINT, RowEvent};
use crate::pipeline::kit::run::RUN_PURPOSE;
use crate::pipeline::understand::sources::SourcePlan;
use crate::record::{
    Channel, Channels, Event, EventKind, Evidence, Field, Kind, Meaning, Place, PointKind, Stamp, When,
};
use crate::source::Row;

/// What a row of a register says of its points.
pub(crate) fn registry_listing(source: &SourcePlan, place: Place) -> Option<Event> {
    let (detail, day) = source.registry?;
    let at = Stamp::Known(When::day(day));
    let (kind, channels) = (EventKind::RegistryListed, Channels::PHONE);
    Some(Event { kind, channels, at, evidence: Evidence::OUTSIDE, detail, place })
}

impl Checker<'_> {
    /// Attaches the facts of the row to its points: refusals to every one, a consent to the main one only.
    pub(crate) fn attach_facts(&mut self, source: &SourcePlan, row: &Row<'_>, place: Place) {
        let purpose = self.purpose(source, row);
        self.narrow(source, row);
        for i in 0..self.facts.len() {
            let fact = self.facts[i];
            let at = fact.at;
            self.count_refusal(fact.event);
            if let Some(column) = fact.column.filter(|_| fact.meaning == Meaning::Unheard) {
                self.out.tally.unknown.note(column, row.get(usize::from(column)));
            }
            let mut event = Event {
                kind: fact.event,
                channels: fact.channels,
                at,
                evidence: fact.evidence,
                detail: purpose,
                place,
            };
            if matches!(fact.event, EventKind::RegistryListed | EventKind::RegistryCheck) {
                event.detail =
                    source.registry.map_or_else(|| self.named_register(source, row), |(number, _)| number);
            }
            if fact.event == EventKind::NumberReassigned {
                let numbers = self.points.outlines().zip(0u8..);
                let numbers = numbers.filter(|(point, _)| point.kind == PointKind::Phone);
                self.events.extend(numbers.map(|(_, point)| RowEvent { event, point }));
                continue;
            }
            if !fact.event.is_consent() {
                self.events.push(RowEvent { event, point: EVERY_POINT });
                continue;
            }
            self.out.tally.consents.count(matches!(at, Stamp::Known(_)));
            for channel in fact.channels.iter() {
                if let Some(point) = self.consented(source, row, channel, fact.column) {
                    event.channels = Channels::only(channel);
                    self.events.push(RowEvent { event, point });
                }
            }
        }
        if let Some(event) = registry_listing(source, place).filter(|_| self.facts.is_empty()) {
            self.events.push(RowEvent { event, point: EVERY_POINT });
        }
    }

    /// Whoever only stopped messages, in a file that names no channel for it, stopped them where they came: at what the name
    /// of the file says, else at the points of the row. An objection, an erasure or a *do not contact* speaks of all.
    fn narrow(&mut self, source: &SourcePlan, row: &Row<'_>) {
        let events = source.mapping.kind == Kind::ConsentEvents;
        if !events && !self.facts.iter().any(|fact| fact.answered) {
            return;
        }
        let held = self.points.outlines().map(|point| Channels::of_point(point.kind));
        let held = held.fold(Channels::NONE, Channels::union);
        let elsewhere = |fact: &&mut Fact| fact.answered && fact.channels.intersect(held).is_empty();
        self.facts.iter_mut().filter(elsewhere).for_each(|fact| fact.channels = held);
        if !events || source.stopped == Channels::ALL || source.mapping.narrows(|column| row.get(column)) {
            return;
        }
        let told = source.stopped.intersect(held);
        let here = if told.is_empty() { held } else { told };
        let stops = |kind| {
            matches!(
                kind,
                EventKind::ConsentWithdrawn | EventKind::ConsentDeclined | EventKind::RefusalOnCall
            )
        };
        for fact in self.facts.iter_mut().filter(|fact| stops(fact.event) && fact.channels == Channels::ALL) {
            if !here.is_empty() {
                fact.channels = here;
            }
        }
    }

    pub(crate) fn count_refusal(&mut self, kind: EventKind) {
        if let Some(count) = self.out.tally.refusals.get_mut(kind as usize) {
            *count += 1;
        }
    }

    /// The register that an event names in its `detail` or `source`; 0: none that is known.
    fn named_register(&self, source: &SourcePlan, row: &Row<'_>) -> u16 {
        let named = |column: &usize| self.shared.books.register(&row.get(*column).trim().to_lowercase());
        source.naming.iter().find_map(named).unwrap_or(0)
    }

    /// 0: none told; 1: the run's purpose; 2: another.
    fn purpose(&self, source: &SourcePlan, row: &Row<'_>) -> u16 {
        let told = source.purpose.map(|c| row.get(c).trim()).filter(|t| !t.is_empty());
        told.map_or(
            0,
            |told| if told.to_lowercase() == self.shared.purpose { RUN_PURPOSE } else { RUN_PURPOSE + 1 },
        )
    }

    /// The point that a consent of the row speaks of, told by a column or by the row as such. What names a network
    /// speaks of the account there, or of the number where people are reached by it, and of no other point.
    fn consented(
        &self,
        source: &SourcePlan,
        row: &Row<'_>,
        channel: Channel,
        column: Option<u16>,
    ) -> Option<u8> {
        let number = self.main_point(channel);
        if channel != Channel::Messaging || source.points.handles.is_empty() {
            return number;
        }
        let header = column.and_then(|at| source.mapping.columns.get(usize::from(at)));
        let by_header = header.and_then(|column| networks::named_in(&column.header));
        let named = by_header.or_else(|| {
            let scopes = source.mapping.columns.iter().zip(0..);
            let mut scopes =
                scopes.filter(|(c, _)| matches!(c.role, Role::Channel | Role::GrantedChannels(_)));
            scopes.find_map(|(_, at)| networks::named_in(row.get(at)))
        });
        let mut handles = (0..self.points.len())
            .filter(|at| self.points.get(*at).point.kind == PointKind::Handle)
            .filter(|at| named.is_none_or(|n| n.has(self.points.get(*at).point.exact)));
        let (first, second) = (handles.next(), handles.next());
        let handle = first.filter(|_| second.is_none()).and_then(|at| u8::try_from(at).ok());
        match named {
            None => number.or(handle),
            Some(network) if network.number => number,
            Some(_) => handle,
        }
    }

    /// The point a row's consent speaks of: the first one, in the fields' own order. If it cannot be used, the
    /// consent is not another's.
    fn main_point(&self, channel: Channel) -> Option<u8> {
        let order: &[Field] = match channel {
            Channel::Email => &[Field::Email, Field::EmailOther],
            Channel::Sms => &[Field::MobilePhone, Field::Phone, Field::HomePhone, Field::WorkPhone],
            Channel::Messaging => &[
                Field::MessagingNumber,
                Field::MobilePhone,
                Field::Phone,
                Field::HomePhone,
                Field::WorkPhone,
            ],
            Channel::Call | Channel::AutoCall => {
                &[Field::Phone, Field::MobilePhone, Field::HomePhone, Field::WorkPhone]
            }
            Channel::Post => &[Field::Street],
        };
        let of_kind =
            || self.points.outlines().zip(0..EVERY_POINT).filter(|(p, _)| p.kind == channel.point());
        order
            .iter()
            .find_map(|field| of_kind().find(|(p, _)| p.field == *field))
            .or_else(|| of_kind().next())
            .map(|(_, at)| at)
    }

    /// Attaches what the operator states for every row of the source.
    pub(crate) fn attach_assertions(&mut self, source: &SourcePlan, row: &Row<'_>, place: Place) {
        for (channel, day, basis) in &source.assertions {
            if let Some(point) = self.consented(source, row, *channel, None) {
                let event = Event {
                    kind: EventKind::ConsentGiven,
                    channels: Channels::only(*channel),
                    at: Stamp::Known(When::day(*day)),
                    evidence: Evidence::ASSERTED.with(Evidence::SOURCE),
                    detail: *basis as u16 + 1,
                    place,
                };
                self.events.push(RowEvent { event, point });
            }
        }
    }
}
