//! The channel to use first: the one the person asked for, then the one they last came by, then the one with the
//! strongest ground. Decides nothing: every one of them is allowed already.

use crate::consent::{Held, Reach};
use crate::data::words;
use crate::decide::Decision;
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::rows::Contact;
use crate::record::{Channel, Channels, Day, EventKind, Field};

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
pub(crate) fn preferred(writing: &Writing<'_>, contact: &Contact<'_>) -> Option<Channel> {
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

/// The channels by which the person last wrote, called or asked, where the files tell them: an event that speaks of
/// every channel alike tells none.
fn came_by(writing: &Writing<'_>, histories: &[Vec<Held>]) -> Option<Channels> {
    let came = |held: &&Held| {
        let kind = held.event.kind;
        matches!(kind, EventKind::LastInboundContact | EventKind::Inquiry)
            && held.reach == Reach::Exact
            && held.event.channels != Channels::ALL
    };
    let last = |held: &Held| -> Option<(Day, i64, Channels)> {
        let (early, _) = held.at?;
        let day = early.date();
        (day <= writing.plan.read.send_date).then_some((day, early.seconds, held.event.channels))
    };
    histories.iter().flatten().filter(came).filter_map(last).max().map(|(.., channels)| channels)
}
