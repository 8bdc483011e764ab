//! What a data-protection officer has to account for, counted contact by contact: what proves the grounds, how soon
//! opt-outs were obeyed, refusals that travelled, and what was judged rather than known. Decides nothing.

use super::decisions::PROOFS;
use super::lines::{Decided, Out};
use super::optouts::{OptOutTally, is_opt_out};
use super::repermission::AskTally;
use super::tally::Tally;
use super::write::Writing;
use crate::consent::{Held, History, Reach, in_force};
use crate::data::jurisdiction::{Confidence, Length};
use crate::plan::Plan;
use crate::reason::Reason;
use crate::record::{Channel, EventKind, Kind, When};
use crate::report::{Evidenced, JudgementCall, OptOuts, OptedOut, Override, SentAfter, ToSuppression};
use std::collections::BTreeMap;

/// Counts of a run, kept per batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AccountTally {
    evidence: [EvidenceTally; Channel::ALL.len()],
    to_suppression: ToSuppression,
    sent_after: BTreeMap<u16, Sent>,
    listed_though_refused: u64,
    /// Decisions blocked by a refusal that was given at another point of the person.
    travelled: u64,
    /// Whom one may ask for consent.
    pub(super) ask: [AskTally; Channel::ALL.len()],
}

/// Evidence of the grounds of one channel, by its place among the proofs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct EvidenceTally {
    grounds: u64,
    present: [u64; PROOFS.len()],
    missing: [u64; PROOFS.len()],
}

/// Messages after a refusal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sent {
    contacts: u64,
    past_deadline: u64,
    longest_days: u64,
}

impl AccountTally {
    /// Contacts and channels for which consent may be asked over another channel.
    pub(super) fn may_be_asked(&self) -> u64 {
        self.ask.iter().map(AskTally::over_another).sum()
    }

    /// Adds another's counts.
    pub(super) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.evidence.iter_mut().zip(&other.evidence) {
            mine.grounds += theirs.grounds;
            let ours = mine.present.iter_mut().chain(&mut mine.missing);
            ours.zip(theirs.present.iter().chain(&theirs.missing)).for_each(|(mine, theirs)| *mine += theirs);
        }
        let (mine, theirs) = (&mut self.to_suppression, other.to_suppression);
        mine.same_day += theirs.same_day;
        mine.within_2_days += theirs.within_2_days;
        mine.within_10_days += theirs.within_10_days;
        mine.later += theirs.later;
        mine.undated += theirs.undated;
        mine.not_listed += theirs.not_listed;
        mine.longest_days = mine.longest_days.max(theirs.longest_days);
        mine.oldest_unlisted_days = mine.oldest_unlisted_days.max(theirs.oldest_unlisted_days);
        for (rule, sent) in &other.sent_after {
            let mine = self.sent_after.entry(*rule).or_default();
            mine.contacts += sent.contacts;
            mine.past_deadline += sent.past_deadline;
            mine.longest_days = mine.longest_days.max(sent.longest_days);
        }
        self.listed_though_refused += other.listed_though_refused;
        self.travelled += other.travelled;
        self.ask.iter_mut().zip(&other.ask).for_each(|(mine, theirs)| mine.add(theirs));
    }
}

/// Counts what is to be accounted for of a contact.
pub(super) fn count(writing: &Writing<'_>, decided: &Decided<'_, '_>, out: &mut Out) {
    evidence(decided, &mut out.tally.account);
    if decided.histories.iter().flatten().any(|held| held.event.kind.is_refusal()) {
        obeyed(writing, decided, &mut out.tally);
    }
}

/// What the files tell beside the events that the grounds rest on.
fn evidence(decided: &Decided<'_, '_>, tally: &mut AccountTally) {
    for (channel, decision) in decided.decisions.iter().filter(|(_, d)| d.contactable) {
        let Some((judgement, at)) = decision.judgement.as_ref().zip(decision.point) else { continue };
        let first =
            judgement.events.all().first().and_then(|event| decided.histories[at].get(*event as usize));
        let Some(ground) = first else { continue };
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
fn obeyed(writing: &Writing<'_>, decided: &Decided<'_, '_>, tally: &mut Tally) {
    let opted_out = |held: &Held| is_opt_out(held.event.kind);
    if decided.histories.iter().flatten().any(opted_out) {
        decided.contact.each_source(|source| tally.sources[source].opted_out += 1);
    }
    let account = &mut tally.account;
    for history in decided.histories {
        to_suppression(writing, history, &mut account.to_suppression);
    }
    for (channel, decision) in decided.decisions {
        let Some((judgement, at)) = decision.judgement.as_ref().zip(decision.point) else { continue };
        let history = decided.histories[at].as_slice();
        if decision.contactable {
            let mut standing = in_force(&writing.law.table, *channel, History { events: history });
            let refused = standing.any(|at| history[at].event.kind.is_refusal());
            account.listed_though_refused += u64::from(refused);
            continue;
        }
        let deciding = judgement.events.all().first().and_then(|event| history.get(*event as usize));
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
            counts.longest_days = counts.longest_days.max(days(refused, sent));
        }
    }
}

/// How soon a suppression list names a point whose opt-out was told elsewhere. What was told at another point of the
/// person is counted there.
fn to_suppression(writing: &Writing<'_>, history: &[Held], counts: &mut ToSuppression) {
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
            let open = refused.map_or(0, |day| days(day, When::day(writing.plan.send_date)));
            counts.oldest_unlisted_days = counts.oldest_unlisted_days.max(open);
        }
    }
}

/// Whole days from one to the other; none when it is not later.
fn days(from: When, to: When) -> u64 {
    u64::try_from((to.seconds - from.seconds).div_euclid(86_400)).unwrap_or(0)
}

/// The evidence of every channel.
pub(super) fn evidenced(plan: &Plan, tally: &Tally) -> BTreeMap<Channel, Evidenced> {
    let named = |counts: &[u64; PROOFS.len()]| {
        let told = PROOFS.iter().zip(counts).filter(|(_, n)| **n > 0);
        told.map(|((_, word), n)| ((*word).to_owned(), *n)).collect()
    };
    let of = |channel: Channel| {
        let counts = &tally.account.evidence[channel as usize];
        let EvidenceTally { grounds, present, missing } = counts;
        (channel, Evidenced { grounds: *grounds, present: named(present), missing: named(missing) })
    };
    plan.channels.iter().map(of).collect()
}

/// Who opted out, and how soon that was obeyed.
pub(super) fn opt_outs(writing: &Writing<'_>, tally: &Tally) -> OptOuts {
    let mut all = OptOutTally::default();
    tally.sources.iter().for_each(|source| all.add(&source.opt_outs));
    let (by_campaign, by_reason) = all.by_text();
    let people = writing.sources.iter().zip(&tally.sources).filter(|(source, _)| source.is_contacts());
    let rate = |source: &super::tally::SourceTally| OptedOut {
        opted_out: source.opted_out,
        contacts: source.holding,
    };
    let sent = |(rule, sent): (&u16, &Sent)| {
        let rule = writing.law.table.rule(*rule);
        SentAfter {
            rule: rule.id.clone(),
            within: match rule.opt_out.within {
                Length::Days(0) => "at once".to_owned(),
                within => within.to_string(),
            },
            contacts: sent.contacts,
            past_deadline: sent.past_deadline,
            longest_days: sent.longest_days,
        }
    };
    OptOuts {
        rows: all.rows(),
        by_month: all.by_month(writing),
        by_campaign,
        by_reason,
        by_source: people.map(|(source, counts)| (source.name().to_owned(), rate(counts))).collect(),
        to_suppression: tally.account.to_suppression,
        sent_after: tally.account.sent_after.iter().map(sent).collect(),
        listed_though_refused: tally.account.listed_though_refused,
    }
}

/// What was judged rather than known, most serious first; what did not happen is left out.
pub(super) fn judgement_calls(writing: &Writing<'_>, tally: &Tally) -> Vec<JudgementCall> {
    let mut calls = Vec::new();
    let mut call = |count: u64, unit: &str, says: &str, where_told: &str, rules: Vec<String>| {
        if count > 0 {
            let [says, unit, where_told] = [says, unit, where_told].map(str::to_owned);
            calls.push(JudgementCall { says, count, unit, where_told, rules });
        }
    };
    let (unverified, decisions) = rules_used(writing, tally, |rule| rule.confidence == Confidence::Memory);
    call(decisions, "decisions", "Decided by a rule that nobody has verified.", "", unverified);
    let (chosen, decisions) = rules_used(writing, tally, |rule| rule.confidence == Confidence::Choice);
    call(
        decisions,
        "decisions",
        "Decided by a rule that is a choice of this program, where no law was read.",
        "",
        chosen,
    );
    let (stale, decisions) = rules_used(writing, tally, |rule| writing.plan.send_date > rule.review_by);
    call(
        decisions,
        "decisions",
        "Decided by a rule that should have been read again by the send date.",
        "",
        stale,
    );
    let found = |reason: Reason| tally.findings.of(reason);
    for (reason, says) in [
        (Reason::JurisdictionUnknown, "Nothing tells where the person is: the strictest law holds."),
        (Reason::JurisdictionGuessed, "Only a guess or an option of the run tells where the person is."),
        (
            Reason::JurisdictionSeveral,
            "Several places come into question: the law of all of them must allow.",
        ),
    ] {
        call(found(reason), "contacts", says, "findings.csv", Vec::new());
    }
    call(
        tally.account.travelled,
        "decisions",
        "Blocked by a refusal that the person gave at another address or number of theirs.",
        "decisions.csv",
        Vec::new(),
    );
    call(
        found(Reason::RefusalOfOtherHolder),
        "points",
        "Refused by somebody else who shares the address or number.",
        "findings.csv",
        Vec::new(),
    );
    call(
        found(Reason::DateOrderUnknown),
        "cells",
        "Day and month can be read both ways: the reading that hurts was taken.",
        "findings.csv",
        Vec::new(),
    );
    calls
}

/// The rules of a kind that decided something, and how many decisions they made.
fn rules_used(
    writing: &Writing<'_>,
    tally: &Tally,
    wanted: impl Fn(&crate::data::jurisdiction::Rule) -> bool,
) -> (Vec<String>, u64) {
    let mut used: BTreeMap<String, u64> = BTreeMap::new();
    for channel in writing.plan.channels.iter() {
        for (number, decisions) in (0u16..).zip(&tally.channels[channel as usize].rules) {
            if *decisions > 0 {
                let rule = writing.law.table.rule(number);
                if wanted(rule) {
                    *used.entry(rule.id.clone()).or_default() += decisions;
                }
            }
        }
    }
    let decisions = used.values().sum();
    (used.into_keys().collect(), decisions)
}

/// What the operator decided in the place of files and tables, in the order in which it takes effect.
pub(super) fn overrides(plan: &Plan) -> Vec<Override> {
    let mut all = Vec::new();
    let mut add = |what: String, why: &str| {
        all.push(Override { what, why: why.to_owned(), by: plan.operator.clone() });
    };
    for option in &plan.typed {
        if ["--as ", "--format "].iter().any(|flag| option.starts_with(flag)) {
            add(option.clone(), "What the file is was said, not recognised.");
        } else if ["--allow-domain ", "--disposable ", "--data-dir "].iter().any(|f| option.starts_with(f)) {
            add(option.clone(), "Addresses and numbers are judged by a list of the team's own.");
        } else if option == "--lists reachable" {
            add(option.clone(), "The lists hold people whose permission is not established.");
        }
    }
    for book in plan.own_rulebooks.iter().flat_map(|books| books.all()).filter(|book| book.own) {
        add(format!("rulebook {}", book.id), "The team's own rules hold beside the built-in ones.");
    }
    for id in &plan.profile.claims {
        add(format!("condition of rule {id}"), "The team states that it is met; no file proves it.");
    }
    for id in &plan.profile.block {
        add(format!("block {id}"), "Blocks because the profile says so.");
    }
    for asserted in &plan.assertions {
        add(
            format!(
                "{} for {} in {} since {}",
                asserted.basis.word().replace('_', " "),
                asserted.channel.word(),
                asserted.source,
                asserted.date
            ),
            &asserted.text,
        );
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{PROOFS, days};
    use crate::record::{Evidence, When};

    #[test]
    fn days_are_whole_and_never_negative() {
        let day = |text: &str| When::day(text.parse().unwrap());
        assert_eq!(days(day("2026-01-01"), day("2026-01-11")), 10);
        assert_eq!(days(day("2026-01-11"), day("2026-01-01")), 0);
    }

    #[test]
    fn every_proof_has_a_word_of_its_own() {
        for (at, (proof, word)) in PROOFS.iter().enumerate() {
            assert!(*proof != Evidence::default());
            assert!(PROOFS[..at].iter().all(|(p, w)| p != proof && w != word), "{word}");
        }
    }
}
