//! Looking ahead: which grounds end soon (`expiring.csv`), whom the law wants reminded of their consent (`notices.csv`),
//! when to clean again, and every decision by channel,
//! jurisdiction, ground and reason. Counts; decides nothing.

use crate::consent::Yes;
use crate::decide::Decision;
use crate::output::Line;
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::contact::person_rules;
use crate::pipeline::kit::counts::{AddCounts, Earliest};
use crate::pipeline::kit::tally::{SPANS, WITHIN};
use crate::pipeline::write::out::{ContactFile, Out};
use crate::record::{Channel, Day};
use std::fmt::Write as _;

/// Columns of `expiring.csv`.
pub(crate) const EXPIRING: &str = "contact_id channel point basis valid_until days_left";

/// Columns of `notices.csv`; `days_left` is below zero where the reminder is overdue.
pub(crate) const NOTICES: &str = "contact_id channel point basis remind_by days_left";

/// Counts the decisions of a contact and lists those that end soon.
pub(crate) fn write(decided: &Decided<'_, '_>, out: &mut Out) {
    let send = decided.writing.plan.read.send_date;
    let engagement = person_rules::engagement(send, decided.histories);
    for (channel, decision) in decided.decisions {
        let yes = decision.yes();
        let jurisdiction = decided.jurisdiction(decision);
        let segment = (*channel, jurisdiction, yes.map(|y| y.basis), decision.reason, engagement);
        let ahead = &mut out.tally.ahead;
        *ahead.segments.entry(segment).or_default() += 1;
        let Some(yes) = yes else { continue };
        ahead.first_end.add(&Earliest(yes.valid_until));
        for (last, spans, file) in [
            (yes.valid_until, &mut ahead.ending, ContactFile::Expiring),
            (yes.remind_by, &mut ahead.reminders, ContactFile::Notices),
        ] {
            let Some(last) = last else { continue };
            if let Some(left) = soon(send, last, &mut spans[*channel as usize]) {
                let line = &mut out.files[file as usize];
                self::line(decided, (*channel, decision, yes), (last, left), line, &mut out.text);
            }
        }
    }
}

/// Counts a last day among the spans it lies in, unless it has passed; the days left to it within the longest span.
pub(crate) fn soon(send: Day, last: Day, counts: &mut [u64; SPANS]) -> Option<i32> {
    let left = send.until(last).ok()?.get_days();
    for (count, days) in counts.iter_mut().zip(WITHIN) {
        *count += u64::from((0..days).contains(&left));
    }
    (left < WITHIN[SPANS - 1]).then_some(left)
}

fn line(
    decided: &Decided<'_, '_>,
    (channel, decision, yes): (Channel, &Decision, Yes),
    (last, left): (Day, i32),
    line: &mut Line,
    text: &mut String,
) {
    line.plain(decided.id);
    line.plain(channel.word());
    // A postal address stands in `contacts.csv`.
    line.cell(decided.point(decision).filter(|_| channel != Channel::Post).map_or("", |d| d.point.exact));
    line.plain(yes.basis.word());
    text.clear();
    let _ = write!(text, "{last}");
    line.plain(text);
    text.clear();
    let _ = write!(text, "{left}");
    line.plain(text);
    line.end();
}
