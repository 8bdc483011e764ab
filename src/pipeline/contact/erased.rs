//! Whether a contact asked to be erased, and with which digest it is remembered.

use crate::consent::{Held, History, in_force};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::rows::Contact;
use crate::record::{Channels, EventKind};

/// Whether the person asked to be erased, and at no point came back of their own will.
pub(crate) fn erased(writing: &Writing<'_>, contact: &Contact<'_>, histories: &[Vec<Held>]) -> bool {
    if !contact.person.iter().any(|e| e.kind == EventKind::Erasure) {
        return false;
    }
    let asked = |h: &Held| h.event.kind == EventKind::Erasure;
    contact.distinct.iter().zip(histories).all(|(distinct, history)| {
        Channels::of_point(distinct.point.kind).iter().all(|channel| {
            let mut standing = in_force(&writing.law.table, channel, History { events: history });
            let spoken = history.iter().any(|h| asked(h) && h.event.channels.has(channel));
            !spoken || standing.any(|at| asked(&history[at]))
        })
    })
}
