//! Looking ahead: what ends in 30, 60 and 90 days, the next cleaning, and the segments of every decision.

use crate::pipeline::contact::context::Writing;
use crate::pipeline::kit::tally::{SPANS, Tally};
use crate::pipeline::write::repermission;
use crate::reason::Reason;
use crate::record::Day;
use crate::report::{Ahead, Expiring, Segment};
use std::collections::BTreeMap;

/// A list decays: after so many months it is cleaned again whatever the clocks say.
const MONTHS_MAX: i32 = 6;

/// What the report says of the time to come.
pub(crate) fn ahead(writing: &Writing<'_>, tally: &Tally) -> Ahead {
    let (plan, cleaning) = (writing.plan, next_cleaning(writing, tally));
    let told = |counts: &[[u64; SPANS]]| {
        let spans = plan.law.channels.iter().filter_map(|channel| {
            let [within_30, within_60, within_90] = *counts.get(channel as usize)?;
            Some((channel, Expiring { within_30, within_60, within_90 }))
        });
        spans.collect()
    };
    Ahead {
        expiring: told(&tally.ahead.ending),
        reminders: told(&tally.ahead.reminders),
        notices_due: tally.findings.of(Reason::ConsentNoticeDue),
        repermission: repermission::repermission(plan, &tally.account.ask),
        next_cleaning: cleaning.to_string(),
        next_because: match first_end(tally) {
            Some(day) if day == cleaning => "the first ground ends the day before".to_owned(),
            _ => format!("a list decays: it is cleaned at least every {MONTHS_MAX} months"),
        },
    }
}

/// The day before which to clean again: when the first ground ends, at most half a year on.
pub(crate) fn next_cleaning(writing: &Writing<'_>, tally: &Tally) -> Day {
    let send = writing.plan.read.send_date;
    let latest = send.checked_add(jiff::Span::new().months(MONTHS_MAX)).unwrap_or(Day::MAX);
    first_end(tally).map_or(latest, |day| day.min(latest))
}

/// The day after the last one on which every ground holds.
fn first_end(tally: &Tally) -> Option<Day> {
    tally.ahead.first_end.0.and_then(|day| day.tomorrow().ok())
}

/// Every decision of the run by channel, jurisdiction, ground and reason.
pub(crate) fn segments(writing: &Writing<'_>, tally: &Tally) -> Vec<Segment> {
    let segments: BTreeMap<_, _> = tally.ahead.segments.iter().collect();
    let told =
        segments.into_iter().map(|((channel, jurisdiction, basis, reason, engagement), contacts)| Segment {
            channel: *channel,
            jurisdiction: writing.law.books.book(*jurisdiction).id.clone(),
            contactable: basis.is_some(),
            basis: basis.map(|b| b.word().to_owned()),
            reason: reason.id().to_owned(),
            engagement: engagement.word().to_owned(),
            contacts: *contacts,
        });
    told.collect()
}
