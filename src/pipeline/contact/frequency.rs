//! How often the person wants to hear, against the last message that went to them. Counts only where the data tell
//! both.

use crate::consent::{Held, Reach};
use crate::data::frequency::{Every, every};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::rows;
use crate::pipeline::contact::rows::Contact;
use crate::record::{Channel, Day, EventKind, Place};

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

/// Whether a message to a point with that history would come too soon. Of several wishes the rarest counts, of
/// several readings of a date the later.
pub(crate) fn too_soon<'a>(
    writing: &Writing<'_>,
    contact: &Contact<'a>,
    channel: Channel,
    history: &[Held],
) -> Option<TooSoon<'a>> {
    let sent = history.iter().filter(|held| {
        held.event.kind == EventKind::LastMessageSent
            && held.reach == Reach::Exact
            && held.event.channels.has(channel)
    });
    let (sent, place) = sent.filter_map(|held| Some((held.at?.1.date(), held.event.place))).max()?;
    let wish = |row: &rows::RowView<'a>| {
        let (column, channels) = writing.sources[usize::from(row.place.source)].frequency?;
        let cell = row.cell(column);
        Some((end(sent, every(cell)?)?, cell)).filter(|_| channels.has(channel))
    };
    let (from, asked) = contact.rows().iter().filter_map(wish).max()?;
    (writing.plan.read.send_date < from).then_some(TooSoon { sent, place, asked, from })
}

fn end(sent: Day, every: Every) -> Option<Day> {
    let span = match every {
        Every::Days(n) => jiff::Span::new().days(n),
        Every::Months(n) => jiff::Span::new().months(n),
    };
    sent.checked_add(span).ok()
}
