//! What is to be said of a person as a whole, beside the law on a point: too young, gone quiet, reached by a
//! preferred channel; and refusals that somebody else gave at a shared point.

use super::contact::{Contact, RowView};
use super::lines::Decided;
use super::write::Writing;
use crate::consent::{Candidate, Held, Reach};
use crate::decide::Decision;
use crate::reason::Reason;
use crate::record::{Channel, DateOrder, Day, EventKind, Field, Place};
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
        decision.contactable = false;
        decision.reason = reason;
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

/// The channel the person asked to be reached by, in the words of people.
fn preferred(writing: &Writing<'_>, contact: &Contact<'_>) -> Option<Channel> {
    let column = |source: u16, _| writing.sources[usize::from(source)].preferred_channel;
    let told = contact.field(column, Field::PreferredChannel);
    if told.is_empty() {
        return None;
    }
    let words: &[(&str, Channel)] = &[
        ("e-mail", Channel::Email),
        ("mail", Channel::Post),
        ("letter", Channel::Post),
        ("phone", Channel::Call),
        ("telephone", Channel::Call),
        ("text", Channel::Sms),
        ("text message", Channel::Sms),
    ];
    let ours = Channel::ALL.into_iter().find(|c| told.eq_ignore_ascii_case(c.word()));
    ours.or_else(|| {
        words.iter().find(|(word, _)| told.eq_ignore_ascii_case(word)).map(|(_, channel)| *channel)
    })
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
