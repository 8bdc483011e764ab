//! Counts of evidence and obeyed opt-outs, contact by contact, for the audit.

use crate::consent::{Held, History, Reach, in_force};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::kit::counts::{AddCounts, Max};
use crate::pipeline::kit::opt_outs::is_opt_out;
use crate::pipeline::kit::proofs::PROOFS;
use crate::pipeline::kit::tally::{AccountTally, Tally};
use crate::pipeline::write::out::Out;
use crate::reason::Reason;
use crate::record::{EventKind, Kind, When};
use crate::report::ToSuppression;

pub(crate) fn count(decided: &Decided<'_, '_>, out: &mut Out) {
    evidence(decided, &mut out.tally.account);
    if decided.histories.iter().flatten().any(|held| held.event.kind.is_refusal()) {
        obeyed(decided, &mut out.tally);
    }
}

/// What the files tell beside the events that the grounds rest on.
pub(crate) fn evidence(decided: &Decided<'_, '_>, tally: &mut AccountTally) {
    for (channel, decision) in decided.decisions.iter().filter(|(_, d)| d.contactable) {
        let ground = decided.rests_on(decision).next();
        let Some((judgement, ground)) = decision.judgement.as_ref().zip(ground) else { continue };
        let counts = &mut tally.evidence[*channel as usize];
        counts.grounds += 1;
        let all = counts.present.iter_mut().zip(&mut counts.missing).zip(PROOFS);
        for ((present, missing), (proof, _)) in all {
            *present += u64::from(ground.event.evidence.has(*proof));
            *missing += u64::from(judgement.missing.has(*proof));
        }
    }
}

/// Whether, and how soon, refusals were obeyed.
fn obeyed(decided: &Decided<'_, '_>, tally: &mut Tally) {
    let opted_out = |held: &Held| is_opt_out(held.event.kind);
    if decided.histories.iter().flatten().any(opted_out) {
        decided.contact.each_source(|source| tally.sources[source].opted_out += 1);
    }
    let account = &mut tally.account;
    for history in decided.histories {
        to_suppression(decided.writing, history, &mut account.to_suppression);
    }
    for (channel, decision) in decided.decisions {
        let Some((judgement, at)) = decision.judgement.as_ref().zip(decision.point) else { continue };
        let history = decided.histories[at].as_slice();
        if decision.contactable {
            let mut standing = in_force(&decided.writing.law.table, *channel, History { events: history });
            let refused = standing.any(|at| history[at].event.kind.is_refusal());
            account.listed_though_refused += u64::from(refused);
            continue;
        }
        let deciding = decided.rests_on(decision).next();
        let Some(refusal) = deciding.filter(|held| held.event.kind.is_refusal()) else { continue };
        account.travelled += u64::from(refusal.reach == Reach::Person);
        let on_channel =
            |held: &&Held| held.event.kind == EventKind::LastMessageSent && held.event.channels.has(*channel);
        let sent = history.iter().filter(on_channel).filter_map(|held| Some(held.at?.0)).max();
        let Some((refused, sent)) = refusal.at.map(|(_, late)| late).zip(sent) else { continue };
        if sent.surely_after(refused) {
            let late = judgement.findings.all().iter().any(|f| f.reason == Reason::RefusalMessageAfter);
            let counts = account.sent_after.entry(judgement.rule).or_default();
            counts.contacts += 1;
            counts.past_deadline += u64::from(late);
            counts.longest_days.add(&Max(days(refused, sent)));
        }
    }
}

/// How soon a suppression list names a point that opted out elsewhere; the person's other points count for themselves.
pub(crate) fn to_suppression(writing: &Writing<'_>, history: &[Held], counts: &mut ToSuppression) {
    let listing = |held: &&Held| {
        writing.sources[usize::from(held.event.place.source)].mapping.kind == Kind::Suppression
    };
    let own = || history.iter().filter(|held| held.reach != Reach::Person && held.event.kind.is_refusal());
    let told = || own().filter(|held| is_opt_out(held.event.kind) && !listing(held));
    if told().next().is_none() {
        return;
    }
    let refused = told().filter_map(|held| Some(held.at?.1)).min();
    let listed = own().filter(listing).filter_map(|held| Some(held.at?.0)).min();
    match (refused, listed) {
        (Some(refused), Some(listed)) => {
            let days = days(refused, listed);
            counts.longest_days = counts.longest_days.max(days);
            *match days {
                0 => &mut counts.same_day,
                1..=2 => &mut counts.within_2_days,
                3..=10 => &mut counts.within_10_days,
                _ => &mut counts.later,
            } += 1;
        }
        _ if own().any(|held| listing(&held)) => counts.undated += 1,
        (refused, _) => {
            counts.not_listed += 1;
            let open = refused.map_or(0, |day| days(day, When::day(writing.plan.read.send_date)));
            counts.oldest_unlisted_days = counts.oldest_unlisted_days.max(open);
        }
    }
}

/// Whole days from one to the other; none when it is not later.
fn days(from: When, to: When) -> u64 {
    u64::try_from((to.seconds - from.seconds).div_euclid(86_400)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{PROOFS, days};
    use crate::record::{Evidence, When};

    #[test]
    fn days_are_whole_and_never_negative() {
        let [first, later] = ["2026-01-01", "2026-01-11"].map(|text| When::day(text.parse().unwrap()));
        assert_eq!([days(first, later), days(later, first)], [10, 0]);
    }

    #[test]
    fn every_proof_has_a_word_of_its_own() {
        for (at, (proof, word)) in PROOFS.iter().enumerate() {
            assert!(*proof != Evidence::default());
            assert!(PROOFS[..at].iter().all(|(p, w)| p != proof && w != word), "{word}");
        }
    }
}
