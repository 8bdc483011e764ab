//! What a data-protection officer has to account for, counted contact by contact: what proves the grounds, how soon
//! opt-outs were obeyed, refusals that travelled, and what was judged rather than known. Decides nothing.

use crate::data::jurisdiction::{Confidence, Length, Rule};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::kit::counts::AddCounts;
use crate::pipeline::kit::opt_outs::OptOutTally;
use crate::pipeline::kit::proofs::PROOFS;
use crate::pipeline::kit::tally::{EvidenceTally, Sent, SourceTally, Tally};
use crate::plan::CleanPlan;
use crate::reason::Reason;
use crate::record::Channel;
use crate::report::{Evidenced, JudgementCall, OptOuts, OptedOut, Override, SentAfter};
use std::collections::BTreeMap;

/// The counts above zero, by their words.
pub(crate) fn by_word<'w>(words: impl Iterator<Item = &'w str>, counts: &[u64]) -> BTreeMap<String, u64> {
    words.zip(counts).filter(|(_, n)| **n > 0).map(|(word, n)| (word.to_owned(), *n)).collect()
}

/// The evidence of every channel.
pub(crate) fn evidenced(plan: &CleanPlan, tally: &Tally) -> BTreeMap<Channel, Evidenced> {
    let named = |counts: &[u64]| by_word(PROOFS.iter().map(|(_, word)| *word), counts);
    let of = |channel: Channel| {
        let counts = &tally.account.evidence[channel as usize];
        let EvidenceTally { grounds, present, missing } = counts;
        (channel, Evidenced { grounds: *grounds, present: named(present), missing: named(missing) })
    };
    plan.law.channels.iter().map(of).collect()
}

/// Who opted out, and how soon that was obeyed.
pub(crate) fn opt_outs(writing: &Writing<'_>, tally: &Tally) -> OptOuts {
    let mut all = OptOutTally::default();
    tally.sources.iter().for_each(|source| all.add(&source.opt_outs));
    let people = writing.sources.iter().zip(&tally.sources).filter(|(source, _)| source.is_contacts());
    let rate = |source: &SourceTally| OptedOut { opted_out: source.opted_out, contacts: source.holding };
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
            longest_days: sent.longest_days.0,
        }
    };
    OptOuts {
        rows: all.rows,
        by_month: all.by_month(|column| writing.order(column)),
        by_campaign: all.campaigns.told(),
        by_reason: all.reasons.told(),
        by_source: people.map(|(source, counts)| (source.name().to_owned(), rate(counts))).collect(),
        to_suppression: tally.account.to_suppression,
        sent_after: tally.account.sent_after.iter().map(sent).collect(),
        listed_though_refused: tally.account.listed_though_refused,
    }
}

/// What was judged rather than known, most serious first; what did not happen is left out.
pub(crate) fn judgement_calls(writing: &Writing<'_>, tally: &Tally) -> Vec<JudgementCall> {
    use Reason::{
        DateOrderUnknown, JurisdictionGuessed, JurisdictionSeveral, JurisdictionUnknown, RefusalOfOtherHolder,
    };
    let mut calls = Vec::new();
    let mut call = |count: u64, unit: &str, says: &str, where_told: &str, rules: Vec<String>| {
        if count > 0 {
            let [says, unit, where_told] = [says, unit, where_told].map(str::to_owned);
            calls.push(JudgementCall { says, count, unit, where_told, rules });
        }
    };
    let send_date = writing.plan.read.send_date;
    let mut decided = |says: &str, wanted: &dyn Fn(&Rule) -> bool| {
        let (rules, decisions) = rules_used(writing, tally, wanted);
        call(decisions, "decisions", says, "", rules);
    };
    decided("Decided by a rule that nobody has verified.", &|rule| rule.confidence == Confidence::Memory);
    let chosen = "Decided by a rule that is a choice of this program, where no law was read.";
    decided(chosen, &|rule| rule.confidence == Confidence::Choice);
    let stale = "Decided by a rule that should have been read again by the send date.";
    decided(stale, &|rule| send_date > rule.review_by);
    for (reason, says) in [
        (JurisdictionUnknown, "Nothing tells where the person is: the strictest law holds."),
        (JurisdictionGuessed, "Only a guess or an option of the run tells where the person is."),
        (JurisdictionSeveral, "Several places come into question: the law of all of them must allow."),
    ] {
        call(tally.findings.of(reason), "contacts", says, "findings.csv", Vec::new());
    }
    let travelled = "Blocked by a refusal that the person gave at another address or number of theirs.";
    call(tally.account.travelled, "decisions", travelled, "decisions.csv", Vec::new());
    let shared = "Refused by somebody else who shares the address or number.";
    let open = "Day and month can be read both ways: the reading that hurts was taken.";
    for (reason, unit, says) in [(RefusalOfOtherHolder, "points", shared), (DateOrderUnknown, "cells", open)]
    {
        call(tally.findings.of(reason), unit, says, "findings.csv", Vec::new());
    }
    calls
}

/// The rules of a kind that decided something, and how many decisions they made.
fn rules_used(writing: &Writing<'_>, tally: &Tally, wanted: &dyn Fn(&Rule) -> bool) -> (Vec<String>, u64) {
    let mut used: BTreeMap<String, u64> = BTreeMap::new();
    for (number, decisions) in tally.rules() {
        let rule = writing.law.table.rule(number);
        if wanted(rule) {
            *used.entry(rule.id.clone()).or_default() += decisions;
        }
    }
    let decisions = used.values().sum();
    (used.into_keys().collect(), decisions)
}

/// What the operator decided in the place of files and tables, in the order in which it takes effect.
pub(crate) fn overrides(plan: &CleanPlan) -> Vec<Override> {
    let mut all = Vec::new();
    let mut add = |what: String, why: &str| {
        all.push(Override { what, why: why.to_owned(), by: plan.law.profile.operator.clone() });
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
    for book in plan.read.own_rulebooks.iter().flat_map(|books| books.all()).filter(|book| book.own) {
        add(format!("rulebook {}", book.id), "The team's own rules hold beside the built-in ones.");
    }
    for id in &plan.law.profile.claims {
        add(format!("condition of rule {id}"), "The team states that it is met; no file proves it.");
    }
    for reason in &plan.law.profile.block {
        add(format!("block {}", reason.id()), "Blocks because the profile says so.");
    }
    for asserted in &plan.read.assertions {
        let (basis, channel) = (asserted.basis.word().replace('_', " "), asserted.channel.word());
        add(format!("{basis} for {channel} in {} since {}", asserted.source, asserted.date), &asserted.text);
    }
    all
}
