//! What is to be said of a person as a whole, beside the law on a point: too young, gone quiet, reached by a
//! preferred channel; and refusals that somebody else gave at a shared point.

use crate::consent::{Candidate, Held, Reach};
use crate::data::frequency::{Every, every};
use crate::data::words;
use crate::decide::Decision;
use crate::mapping::dates::parse as parse_date;
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::rows::{Contact, RowView};
use crate::pipeline::kit::tally::Engagement;
use crate::reason::Reason;
use crate::record::{Channel, Channels, DateOrder, Day, EventKind, Field, Place, When};

/// What holds of the person as a whole, beside the law on a point.
#[derive(Debug)]
pub(crate) struct PersonFacts<'a> {
    pub(crate) preferred: Option<Channel>,
    /// The last sign of the person, where it lies beyond the profile's sunset.
    pub(crate) inactive: Option<(Day, Place)>,
    /// Of channels that were blocked for it: the message that would come too soon.
    pub(crate) too_soon: [Option<TooSoon<'a>>; Channel::ALL.len()],
    minor: bool,
}

impl<'a> PersonFacts<'a> {
    /// The facts of a contact, whose law may be that of the candidates.
    pub(crate) fn of(
        writing: &Writing<'_>,
        contact: &Contact<'a>,
        candidates: &[Candidate],
        histories: &[Vec<Held>],
    ) -> Self {
        Self {
            preferred: preferred(writing, contact),
            inactive: inactive(writing, histories),
            too_soon: Default::default(),
            minor: minor(writing, contact, candidates),
        }
    }

    /// The decision; a no for who is too young and, if the profile says so, quiet, elsewhere or written to too soon.
    pub(crate) fn settle(
        &mut self,
        writing: &Writing<'_>,
        contact: &Contact<'a>,
        channel: Channel,
        decision: Decision,
        histories: &[Vec<Held>],
    ) -> Decision {
        if !decision.contactable {
            return decision;
        }
        let blocks = |reason: Reason| writing.law.settings.blocks(reason, Channel::Email);
        let other = self.preferred.is_some_and(|preferred| preferred != channel);
        let whole = match () {
            () if self.minor => Some(Reason::PersonMinor),
            () if self.inactive.is_some() && blocks(Reason::EngagementInactive) => {
                Some(Reason::EngagementInactive)
            }
            () if other && blocks(Reason::PreferenceOtherChannel) => Some(Reason::PreferenceOtherChannel),
            () => None,
        };
        if let Some(reason) = whole {
            return decision.blocked(reason);
        }
        let soon = too_soon(writing, contact, channel, decision.history(histories));
        self.too_soon[channel as usize] = soon;
        if soon.is_some() { decision.blocked(Reason::FrequencyTooSoon) } else { decision }
    }
}

/// Whether the person is too young to consent in some jurisdiction on the send date, by the latest readable birth date.
fn minor(writing: &Writing<'_>, contact: &Contact<'_>, candidates: &[Candidate]) -> bool {
    let born = |row: &RowView<'_>| {
        let source = &writing.sources[usize::from(row.place.source)];
        let stamp = parse_date(row.cell(source.birthday?), source.rules(source.birthday?));
        stamp.readings(|_| DateOrder::Unknown).map(|(_, late)| late.date())
    };
    let Some(born) = contact.rows().iter().filter_map(born).max() else { return false };
    let send = writing.plan.read.send_date;
    let turned = i32::from((send.month(), send.day()) >= (born.month(), born.day()));
    let years = i32::from(send.year()) - i32::from(born.year()) - 1 + turned;
    let under = |c: &Candidate| writing.law.books.minor_age(c.jurisdiction).is_some_and(|age| years < age);
    years >= 0 && candidates.iter().any(under)
}

/// Whether the event is a sign of the person at that very point.
pub(crate) fn is_sign(held: &Held) -> bool {
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
    let months = writing.plan.law.profile.sunset_months?;
    let day = |held: &Held| Some((held.at?.1.date(), held.event.place));
    let last = histories.iter().flatten().filter(|held| is_sign(held)).filter_map(day).max()?;
    let sunset = last.0.checked_add(jiff::Span::new().months(months)).ok()?;
    (sunset <= writing.plan.read.send_date).then_some(last)
}

/// Whether the reason blocks the person as a whole, whichever point is used.
pub(crate) const fn is_of_person(reason: Reason) -> bool {
    matches!(reason, Reason::PersonMinor | Reason::EngagementInactive | Reason::PreferenceOtherChannel)
}

/// How long silence may last to count so, in days. Mailbox providers look at some three months of opens, and
/// senders' guides call a year without any the end; what the law makes of it, the rules say.
const SILENT_DAYS: [i64; 2] = [90, 365];

/// How lately the person gave a sign at any point, on the send date.
pub(crate) fn engagement(send: Day, histories: &[Vec<Held>]) -> Engagement {
    let signs = histories.iter().flatten().filter(|held| is_sign(held));
    let Some(last) = signs.filter_map(|held| Some(held.at?.0.seconds)).max() else {
        return Engagement::Unknown;
    };
    let days = (When::day(send).seconds - last).div_euclid(86_400);
    match SILENT_DAYS.map(|most| days <= most) {
        [true, _] => Engagement::Active,
        [_, true] => Engagement::Quiet,
        _ => Engagement::Silent,
    }
}

/// A message too soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooSoon<'a> {
    /// The last message, and where it is told.
    pub(crate) sent: Day,
    pub(crate) place: Place,
    /// What the person asked for, in their words' own cell.
    pub(crate) asked: &'a str,
    /// The first day on which the next may go out.
    pub(crate) from: Day,
}

/// Whether a message would come too soon: of several wishes the rarest counts, of several readings the later.
pub(crate) fn too_soon<'a>(
    writing: &Writing<'_>,
    contact: &Contact<'a>,
    channel: Channel,
    history: &[Held],
) -> Option<TooSoon<'a>> {
    let here = |held: &&Held| held.reach == Reach::Exact && held.event.channels.has(channel);
    let sent = history.iter().filter(|held| held.event.kind == EventKind::LastMessageSent).filter(here);
    let (sent, place) = sent.filter_map(|held| Some((held.at?.1.date(), held.event.place))).max()?;
    let wish = |row: &RowView<'a>| {
        let (column, channels) = writing.sources[usize::from(row.place.source)].frequency?;
        let cell = row.cell(column);
        let span = match every(cell)? {
            Every::Days(n) => jiff::Span::new().days(n),
            Every::Months(n) => jiff::Span::new().months(n),
        };
        Some((sent.checked_add(span).ok()?, cell)).filter(|_| channels.has(channel))
    };
    let (from, asked) = contact.rows().iter().filter_map(wish).max()?;
    (writing.plan.read.send_date < from).then_some(TooSoon { sent, place, asked, from })
}

/// The contactable channel to use first: as asked for, else as the person last came by, else of the strongest ground.
pub(crate) fn best_channel(
    writing: &Writing<'_>,
    decisions: &[(Channel, Decision)],
    preferred: Option<Channel>,
    histories: &[Vec<Held>],
) -> Option<Channel> {
    let contactable = || decisions.iter().filter(|(_, d)| d.contactable);
    contactable().next()?;
    let strongest = |among: Channels| {
        let of = contactable().filter(|(channel, _)| among.has(*channel));
        of.min_by_key(|(channel, d)| (d.yes().map(|yes| yes.basis), *channel)).map(|(channel, _)| *channel)
    };
    let asked = preferred.and_then(|channel| strongest(Channels::only(channel)));
    asked.or_else(|| came_by(writing, histories).and_then(strongest)).or_else(|| strongest(Channels::ALL))
}

/// The channel the person asked to be reached by, in the words of people.
fn preferred(writing: &Writing<'_>, contact: &Contact<'_>) -> Option<Channel> {
    let column = |source: u16, _| writing.sources[usize::from(source)].preferred_channel;
    let told = contact.field(column, Field::PreferredChannel);
    if told.is_empty() {
        return None;
    }
    let ours = Channel::ALL.into_iter().find(|c| told.eq_ignore_ascii_case(c.word()));
    ours.or_else(|| {
        if told.eq_ignore_ascii_case("mail") {
            // Beside `e-mail`, this is what comes in an envelope.
            return Some(Channel::Post);
        }
        let named = words::channels(told);
        let mut channels = named.grants.iter();
        channels.next().filter(|_| named.all_known && channels.next().is_none())
    })
}

/// By which channels the person last wrote, called or asked; an event that speaks of every channel tells none.
fn came_by(writing: &Writing<'_>, histories: &[Vec<Held>]) -> Option<Channels> {
    let came = |held: &&Held| {
        let kind = held.event.kind;
        matches!(kind, EventKind::LastInboundContact | EventKind::Inquiry)
            && held.reach == Reach::Exact
            && held.event.channels != Channels::ALL
    };
    let last = |held: &Held| {
        let (early, _) = held.at?;
        let day = early.date();
        (day <= writing.plan.read.send_date).then_some((day, early.seconds, held.event.channels))
    };
    histories.iter().flatten().filter(came).filter_map(last).max().map(|(.., channels)| channels)
}
