//! What of a contact goes into the suppression file, and whether the person asked to be erased.
//!
//! A line must lead the next run to the same decisions: it keeps kind, channels and the date that is hardest to
//! lift. Knows no rule; what still stands is told by `consent`.

use crate::consent::{Held, History, Reach, in_force};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::{Decided, places};
use crate::pipeline::contact::rows::Distinct;
use crate::pipeline::kit::post_key;
use crate::pipeline::kit::suppression_line::{Suppression, SuppressionLine, Suppressions, shown};
use crate::pipeline::write::out::Out;
use crate::record::{Channel, Channels, Day, Evidence, OF_DOMAIN, Place, PointKind};

/// A line for each refusal of a point, with the channels it binds and its hardest date: the next run judges alike.
pub(crate) fn suppression(decided: &Decided<'_, '_>, out: &mut Out) {
    let writing = decided.writing;
    let refusing = |h: &Held| h.event.kind.suppresses();
    let of_person = |d: &Distinct<'_>| d.point.kind != PointKind::Post && d.point.keyable;
    let alone = !decided.contact.distinct.iter().any(of_person);
    let open = decided.decisions.iter().filter(|(_, decision)| decision.contactable);
    let closed = open.fold(Channels::ALL, |closed, (channel, _)| closed.without(Channels::only(*channel)));
    for (distinct, history) in decided.contact.distinct.iter().zip(decided.histories) {
        let household = distinct.point.kind == PointKind::Post;
        let unwritable = || household && post_key::entry(&distinct.point).is_none();
        if !history.iter().any(refusing) || unwritable() {
            continue;
        }
        let mut bound = vec![Channels::NONE; history.len()];
        for channel in Channel::ALL {
            for at in in_force(&writing.law.table, channel, History { events: history }) {
                bound[at] = bound[at].union(Channels::only(channel));
            }
        }
        // What was told of the point itself keeps its whole scope; what only travelled to it from another point
        // of the person, or was told of its whole domain, says no more than the point can carry.
        let carried = Channels::of_point(distinct.point.kind);
        let travels =
            |h: &Held| h.event.detail != OF_DOMAIN || h.event.channels.intersect(carried).is_empty();
        // A refusal that keeps the person out of a channel is known by whatever is the person's alone: the address it was
        // told of may be gone next time.
        let of_one = distinct.point.keyable && !distinct.shared;
        let known_by =
            |h: &Held| of_one && h.event.kind.is_refusal() && !h.event.evidence.has(Evidence::TRAVELLED);
        let mut lines = Suppressions::default();
        // What another contact's own row refuses is told by that contact, who alone can lift it.
        let told_here = |held: &Held| {
            held.event.evidence.has(Evidence::OUTSIDE) || !held.event.evidence.has(Evidence::OF_ANOTHER)
        };
        for (held, channels) in history.iter().zip(&bound).filter(|(held, _)| told_here(held)) {
            // A household is several people: what else one of them refused is told of that person's other points.
            let own = held.reach != Reach::Person && travels(held) && (!household || alone);
            let channels = match own {
                true => *channels,
                false if !household && known_by(held) => channels.intersect(carried.union(closed)),
                false => channels.intersect(carried),
            };
            // At a point that others hold too, a refusal known by another point is one holder's only.
            let of_another = held.event.evidence.has(Evidence::TRAVELLED);
            let travelled = of_another || distinct.shared && held.reach == Reach::Person;
            let says = Suppression::of(&held.event, held.at.map(|(_, late)| late), held.event.place);
            lines.add(Suppression { channels, travelled, ..says });
        }
        let key = writing.plan.read.key.as_deref().filter(|_| decided.erased);
        let (point, kind) = shown(&distinct.point, key);
        let first_seen = first_seen(writing, kind, &point);
        // Holders of one point may be refused differently: each refusal of the point stands once.
        for says in lines.settle() {
            let line = SuppressionLine { point: &point, kind, says, first_seen };
            line.write(&mut out.line, &mut out.text, |text| told_at(writing, says.place, text));
            // With an earlier run behind this one, outside rows say some of it again.
            let number = writing.earlier.map(|_| line.number());
            let own = || distinct.shared.then(|| distinct.exact ^ says.number());
            out.suppression.add(&mut out.line, number.or_else(own));
        }
    }
}

/// The day on which a run first had the point: this one, or an earlier one.
pub(crate) fn first_seen(writing: &Writing<'_>, kind: &str, point: &str) -> Day {
    let now = writing.plan.read.send_date;
    writing.earlier.and_then(|earlier| earlier.first_seen(kind, point)).map_or(now, |day| day.min(now))
}

/// Where a refusal was told: what an earlier run carries on stays known by the place where it was first told.
pub(crate) fn told_at(writing: &Writing<'_>, place: Place, text: &mut String) {
    match writing.earlier.filter(|earlier| earlier.source == place.source) {
        Some(earlier) => earlier.told_at(place.line, text),
        None => places(writing, std::iter::once(place), text),
    }
}
