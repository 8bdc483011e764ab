//! What is to be said of a person as a whole, beside the law on a point: too young, gone quiet, reached by a
//! preferred channel; and refusals that somebody else gave at a shared point.

use super::contact::{Contact, RowView};
use super::frequency::too_soon;
use super::lines::Decided;
use super::prefer::preferred;
use super::write::Writing;
use crate::consent::{Candidate, Held, Reach};
use crate::decide::Decision;
use crate::reason::Reason;
use crate::record::{Channel, DateOrder, Day, EventKind, Place};
use crate::source::parse_date;

/// Turns a yes into a no where the person is too young and, where the profile says so, gone quiet or to be
/// reached by another channel.
pub(super) fn settle(
    writing: &Writing<'_>,
    contact: &Contact<'_>,
    candidates: &[Candidate],
    histories: &[Vec<Held>],
    decisions: &mut [(Channel, Decision)],
) {
    let minor = minor(writing, contact, candidates);
    let blocks = |reason: Reason| writing.law.settings.blocks(reason, Channel::Email);
    let quiet = blocks(Reason::EngagementInactive) && inactive(writing, histories).is_some();
    let preferred = preferred(writing, contact).filter(|_| blocks(Reason::PreferenceOtherChannel));
    for (channel, decision) in decisions.iter_mut().filter(|(_, d)| d.contactable) {
        let reason = match (minor, quiet, preferred) {
            (true, ..) => Reason::PersonMinor,
            (_, true, _) => Reason::EngagementInactive,
            (.., Some(other)) if other != *channel => Reason::PreferenceOtherChannel,
            _ => continue,
        };
        (decision.contactable, decision.reason) = (false, reason);
    }
    for (channel, decision) in decisions.iter_mut().filter(|(_, d)| d.contactable) {
        let history = decision.history(histories);
        if too_soon(writing, contact, *channel, history).is_some() {
            (decision.contactable, decision.reason) = (false, Reason::FrequencyTooSoon);
        }
    }
}

/// Whether the person is, on the send date, younger than people of some jurisdiction are who consent for
/// themselves. Of several dates of birth the latest counts; one that cannot be read says nothing.
fn minor(writing: &Writing<'_>, contact: &Contact<'_>, candidates: &[Candidate]) -> bool {
    let born = |row: &RowView<'_>| {
        let source = &writing.sources[usize::from(row.place.source)];
        let stamp = parse_date(row.cell(source.birthday?), source.rules(source.birthday?));
        stamp.readings(|_| DateOrder::Unknown).map(|(_, late)| late.date())
    };
    let Some(born) = contact.rows().iter().filter_map(born).max() else { return false };
    let send = writing.plan.send_date;
    let turned = i32::from((send.month(), send.day()) >= (born.month(), born.day()));
    let years = i32::from(send.year()) - i32::from(born.year()) - 1 + turned;
    let under = |c: &Candidate| writing.law.books.minor_age(c.jurisdiction).is_some_and(|age| years < age);
    years >= 0 && candidates.iter().any(under)
}

/// Whether the event is a sign of the person at that very point.
pub(super) fn is_sign(held: &Held) -> bool {
    let sign = matches!(
        held.event.kind,
        EventKind::LastActivity
            | EventKind::LastInboundContact
            | EventKind::ConsentGiven
            | EventKind::ConsentConfirmed
            | EventKind::Purchase
            | EventKind::Inquiry
            | EventKind::Donation
    );
    sign && held.reach == Reach::Exact
}

/// The last sign of the person, where it lies beyond the profile's sunset. Nothing known is no silence.
fn inactive(writing: &Writing<'_>, histories: &[Vec<Held>]) -> Option<(Day, Place)> {
    let months = writing.plan.profile.sunset_months?;
    let day = |held: &Held| Some((held.at?.1.date(), held.event.place));
    let last = histories.iter().flatten().filter(|held| is_sign(held)).filter_map(day).max()?;
    let sunset = last.0.checked_add(jiff::Span::new().months(months)).ok()?;
    (sunset <= writing.plan.send_date).then_some(last)
}

/// Whether the reason blocks the person as a whole, whichever point is used.
pub(super) const fn is_of_person(reason: Reason) -> bool {
    matches!(reason, Reason::PersonMinor | Reason::EngagementInactive | Reason::PreferenceOtherChannel)
}

/// Tells what was found of the person: `find(place, channel, reason, detail)`.
pub(super) fn findings(
    writing: &Writing<'_>,
    decided: &Decided<'_, '_>,
    mut find: impl FnMut(Place, &str, Reason, &str),
) {
    let contact = decided.contact;
    let first = contact.rows()[0].place;
    if let Some((day, place)) = inactive(writing, decided.histories) {
        find(place, "", Reason::EngagementInactive, &day.to_string());
    }
    if let Some(preferred) = preferred(writing, contact) {
        for (channel, _) in decided.decisions.iter().filter(|(c, d)| d.contactable && *c != preferred) {
            find(first, channel.word(), Reason::PreferenceOtherChannel, preferred.word());
        }
    }
    for (channel, decision) in decided.decisions.iter().filter(|(_, d)| d.reason == Reason::FrequencyTooSoon)
    {
        let history = decision.history(decided.histories);
        if let Some(soon) = too_soon(writing, contact, *channel, history) {
            let says = format!("{}; last message {}; next from {}", soon.asked.trim(), soon.sent, soon.from);
            find(soon.place, channel.word(), Reason::FrequencyTooSoon, &says);
        }
    }
    left(writing, decided, &mut find);
    // A refusal at a point that several people hold, told in the row of another of them.
    let own = |place: Place| contact.rows().iter().any(|row| row.place == place);
    let of_people = |place: Place| writing.sources[usize::from(place.source)].is_contacts();
    for (point, history) in contact.distinct.iter().zip(decided.histories).filter(|(d, _)| d.shared) {
        let foreign = |held: &&Held| {
            let place = held.event.place;
            held.event.kind.is_refusal() && held.reach != Reach::Person && of_people(place) && !own(place)
        };
        // The order of what was told from outside is no promise: the first row is.
        if let Some(held) =
            history.iter().filter(foreign).min_by_key(|held| (held.event.place, held.event.kind))
        {
            find(held.event.place, "", Reason::RefusalOfOtherHolder, point.point.field.word());
        }
    }
}

/// Tells of grounds that rest on an address or number which a later copy of the same record no longer has.
fn left(writing: &Writing<'_>, decided: &Decided<'_, '_>, find: &mut impl FnMut(Place, &str, Reason, &str)) {
    let rows = decided.contact.rows();
    if rows.len() < 2 {
        return;
    }
    for (channel, decision) in decided.decisions.iter().filter(|(_, d)| d.contactable) {
        let Some(at) = decision.point else { continue };
        let point = &decided.contact.distinct[at].point;
        let of_kind = |row: &RowView<'_>| row.points.iter().any(|p| p.kind == point.kind);
        let has =
            |row: &RowView<'_>| row.points.iter().any(|p| p.kind == point.kind && p.exact == point.exact);
        let gave = |row: &&RowView<'_>| {
            has(row)
                && row
                    .events
                    .iter()
                    .any(|e| e.event.kind == EventKind::ConsentGiven && e.event.channels.has(*channel))
        };
        let Some(gave) =
            rows.iter().filter(gave).max_by_key(|row| (row.changed.map(|w| w.seconds), row.place))
        else {
            continue;
        };
        let later = |row: &&RowView<'_>| {
            row.changed.zip(gave.changed).is_some_and(|(row, gave)| row.surely_after(gave))
                && same_record(writing, row, gave)
        };
        let newest = rows.iter().filter(later).max_by_key(|row| (row.changed.map(|w| w.seconds), row.place));
        if let Some(newest) = newest.filter(|row| of_kind(row) && !has(row)) {
            let source = writing.sources[usize::from(newest.place.source)].name();
            let says = format!("{}; not in {source}:{}", point.field.word(), newest.place.line);
            find(gave.place, channel.word(), Reason::PersonPointLeft, &says);
        }
    }
}

/// Whether two rows are copies of one record: the same system's same id.
fn same_record(writing: &Writing<'_>, one: &RowView<'_>, other: &RowView<'_>) -> bool {
    let source = |row: &RowView<'_>| &writing.sources[usize::from(row.place.source)];
    let same = |id: &str| source(other).ids.iter().any(|column| other.cell(*column).trim() == id);
    let mut ids = source(one).ids.iter().map(|column| one.cell(*column).trim());
    source(one).system == source(other).system && ids.any(|id| !id.is_empty() && same(id))
}
