//! Findings about a person as a whole: inactive, another channel preferred, too soon, an address that left the record,
//! a refusal of another holder.

use crate::consent::{Held, Reach};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::contact::rows::RowView;
use crate::pipeline::kit::row_sheet::RowEvent;
use crate::reason::Reason;
use crate::record::{EventKind, Place};

/// Tells what was found of the person: `find(place, channel, reason, detail)`.
pub(crate) fn findings(decided: &Decided<'_, '_>, mut find: impl FnMut(Place, &str, Reason, &str)) {
    let contact = decided.contact;
    let first = contact.rows()[0].place;
    if let Some((day, place)) = decided.person.inactive {
        find(place, "", Reason::EngagementInactive, &day.to_string());
    }
    if let Some(preferred) = decided.person.preferred {
        for (channel, _) in decided.decisions.iter().filter(|(c, d)| d.contactable && *c != preferred) {
            find(first, channel.word(), Reason::PreferenceOtherChannel, preferred.word());
        }
    }
    for (channel, _) in decided.decisions {
        if let Some(soon) = &decided.person.too_soon[*channel as usize] {
            let says = format!("{}; last message {}; next from {}", soon.asked.trim(), soon.sent, soon.from);
            find(soon.place, channel.word(), Reason::FrequencyTooSoon, &says);
        }
    }
    left(decided, &mut find);
    // A refusal at a point that several people hold, told in the row of another of them.
    let own = |place: Place| contact.rows().iter().any(|row| row.place == place);
    let of_people = |place: Place| decided.writing.sources[usize::from(place.source)].is_contacts();
    for (point, history) in contact.distinct.iter().zip(decided.histories).filter(|(d, _)| d.shared) {
        let foreign = |held: &&Held| {
            let place = held.event.place;
            held.event.kind.is_refusal() && held.reach != Reach::Person && of_people(place) && !own(place)
        };
        // The order of what was told from outside is no promise: the first row is.
        let first = history.iter().filter(foreign).min_by_key(|held| (held.event.place, held.event.kind));
        if let Some(held) = first {
            find(held.event.place, "", Reason::RefusalOfOtherHolder, point.point.field.word());
        }
    }
}

/// Tells of grounds that rest on an address or number which a later copy of the same record no longer has.
fn left(decided: &Decided<'_, '_>, find: &mut impl FnMut(Place, &str, Reason, &str)) {
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
        let consents =
            |e: &RowEvent| e.event.kind == EventKind::ConsentGiven && e.event.channels.has(*channel);
        let gave = |row: &&RowView<'_>| has(row) && row.events.iter().any(consents);
        let age = |row: &&RowView<'_>| (row.changed.map(|when| when.seconds), row.place);
        let Some(gave) = rows.iter().filter(gave).max_by_key(age) else { continue };
        let later = |row: &&RowView<'_>| {
            row.changed.zip(gave.changed).is_some_and(|(row, gave)| row.surely_after(gave))
                && same_record(decided.writing, row, gave)
        };
        let newest = rows.iter().filter(later).max_by_key(age);
        if let Some(newest) = newest.filter(|row| of_kind(row) && !has(row)) {
            let source = decided.writing.sources[usize::from(newest.place.source)].name();
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
