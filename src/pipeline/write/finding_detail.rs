//! The detail of a finding about permission: what shows it, in dates, words and counts; never an address.
//!
//! Writes what is known already; decides nothing.

use crate::consent::{Finding, Held, History, late_messages};
use crate::decide::Decision;
use crate::output::digits;
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::{self, Decided};
use crate::pipeline::kit::cells::listed;
use crate::pipeline::kit::proofs::proofs;
use crate::reason::Reason;
use crate::record::{Channel, Place};
use std::fmt::Write as _;

/// Writes the detail of a finding on the point that was decided on, in place of what `out` holds.
pub(crate) fn write(
    decided: &Decided<'_, '_>,
    (channel, decision): (Channel, &Decision),
    finding: &Finding,
    out: &mut String,
) {
    out.clear();
    let Some(history) = decision.point.and_then(|at| decided.histories.get(at)) else { return };
    let Some(judgement) = &decision.judgement else { return };
    let event = finding.event().and_then(|at| history.get(at));
    let own = |out: &mut String| event.into_iter().for_each(|event| said(event, out));
    // What stands against the event: the refusal that it came before or after.
    let main = || decided.rests_on(decision).next();
    match finding.reason {
        Reason::RefusalMessageAfter => late(decided, channel, history, out),
        Reason::ConsentEvidenceIncomplete => {
            own(out);
            let mut before = "lacks ";
            for word in proofs(judgement.missing) {
                listed(out, "; ", before);
                out.push_str(word);
                before = "";
            }
        }
        Reason::ConsentResurrected | Reason::ConsentAfterRefusalUnproven | Reason::RefusalLifted => {
            own(out);
            if let Some(other) = main() {
                listed(out, "; ", "");
                said(other, out);
                at(decided.writing, other.event.place, out);
            }
        }
        Reason::ConsentBulkTime | Reason::ConsentRush => {
            own(out);
            if let Some(event) = event {
                listed(out, "; ", "");
                decided.writing.pass.crowds.count(&event.event, out);
                if out.ends_with("; ") {
                    out.truncate(out.len() - 2);
                }
            }
        }
        _ => own(out),
    }
}

/// Place and, in `out`, detail of the law's own no to a point that cannot be used anyway: it is not to be lost.
pub(crate) fn hidden(decided: &Decided<'_, '_>, decision: &Decision, out: &mut String) -> Option<Place> {
    let judgement = decision.judgement.as_ref().filter(|j| j.allowed.is_none())?;
    let event = decided.rests_on(decision).next()?;
    if judgement.reason == decision.reason {
        return None;
    }
    out.clear();
    said(event, out);
    Some(event.event.place)
}

/// `2026-01-01 consent_given`; does not allocate.
pub(super) fn said(held: &Held, out: &mut String) {
    let _ = match held.at {
        None => write!(out, "undated"),
        Some((early, late)) if early == late => write!(out, "{early}"),
        Some((early, late)) => write!(out, "{early} or {late}"),
    };
    out.extend([" ", held.event.kind.word()]);
}

pub(super) fn at(writing: &Writing<'_>, place: Place, out: &mut String) {
    out.push(' ');
    decided::place(writing, place, out);
}

/// Every jurisdiction's deadline that a message missed, and by how many days:
/// `2026-01-17 last_message_sent; 2026-01-01 objection left.csv:3; DE: 16 days late (0 days); US: 2 days late …`.
fn late(decided: &Decided<'_, '_>, channel: Channel, history: &[Held], out: &mut String) {
    let writing = decided.writing;
    let history = History { events: history };
    let who = decided.who(channel);
    let table = &writing.law.table;
    let fallback = [writing.law.books.fallback()];
    let places = decided.candidates.iter().map(|c| c.jurisdiction);
    let none = fallback.iter().copied().filter(|_| decided.candidates.is_empty());
    for jurisdiction in places.chain(none) {
        let Some(rule) = table.number(jurisdiction, channel, who) else { continue };
        let Some(late) = late_messages(table, rule, channel, history) else { continue };
        if out.is_empty() {
            let events = history.events;
            events.get(late.message).into_iter().for_each(|message| said(message, out));
            if let Some(refusal) = events.get(late.refusal) {
                listed(out, "; ", "");
                said(refusal, out);
                at(writing, refusal.event.place, out);
            }
            if late.messages > 1 {
                listed(out, "; ", digits(u64::from(late.messages), &mut [0; 20]));
                out.push_str(" messages");
            }
        }
        let book = writing.law.books.book(jurisdiction).id.as_str();
        let days = if late.days == 1 { "day" } else { "days" };
        let _ = write!(out, "; {book}: {} {days} late (within {})", late.days, late.within);
    }
}
