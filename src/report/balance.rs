//! The sums a report must keep. A run whose report breaks one is not published.

use crate::report::audit::{Audit, SourceRows};
use std::borrow::Borrow;
use std::fmt;

/// A sum that does not come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imbalance {
    /// The identity in words: `email: contactable + blocked = contacts`.
    pub identity: String,
    /// What its left side comes to.
    pub left: u128,
    /// What its right side comes to.
    pub right: u128,
}

impl fmt::Display for Imbalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not hold: {} against {}", self.identity, self.left, self.right)
    }
}

/// Collects what does not come out, and how much was asked.
#[derive(Default)]
pub(super) struct Balance {
    /// Identities asked.
    pub(super) asked: u64,
    /// Those that do not hold.
    pub(super) broken: Vec<Imbalance>,
}

impl Balance {
    fn same(&mut self, left: impl Into<u128>, right: impl Into<u128>, identity: impl Into<String>) {
        let (left, right) = (left.into(), right.into());
        self.ask(left == right, left, right, identity);
    }

    fn at_most(&mut self, left: impl Into<u128>, right: impl Into<u128>, identity: impl Into<String>) {
        let (left, right) = (left.into(), right.into());
        self.ask(left <= right, left, right, identity);
    }

    fn ask(&mut self, holds: bool, left: u128, right: u128, identity: impl Into<String>) {
        self.asked += 1;
        if !holds {
            self.broken.push(Imbalance { identity: identity.into(), left, right });
        }
    }
}

/// A sum that cannot overflow.
fn sum(numbers: impl IntoIterator<Item: Borrow<u64>>) -> u128 {
    numbers.into_iter().map(|n| u128::from(*n.borrow())).sum()
}

impl Audit {
    /// The identities that do not hold, in the order of the report; empty when everything adds up.
    pub fn check(&self) -> Vec<Imbalance> {
        self.proof().broken
    }

    pub(super) fn proof(&self) -> Balance {
        let mut balance = Balance::default();
        self.rows_add_up(&mut balance);
        self.channels_add_up(&mut balance);
        self.jurisdictions_add_up(&mut balance);
        self.sources_add_up(&mut balance);
        self.refusals_and_merges_add_up(&mut balance);
        self.segments_add_up(&mut balance);
        self.opt_outs_add_up(&mut balance);
        balance
    }

    fn rows_add_up(&self, balance: &mut Balance) {
        const PLACES: &str = "rows = kept + merged + refusal + event + rejected";
        let all = &self.reconciliation;
        let total = [all.rows, all.kept, all.merged, all.refusal, all.event, all.rejected];
        balance.same(sum(&total[1..]), all.rows, PLACES);
        balance.same(self.contacts, all.kept, "contacts = kept rows");
        balance.same(sum(self.rejected.values()), all.rejected, "reasons of rejection = rejected rows");
        let of = |s: &SourceRows| [s.rows, s.kept, s.merged, s.refusal, s.event, s.rejected];
        for source in &all.sources {
            balance.same(sum(&of(source)[1..]), source.rows, format!("{}: {PLACES}", source.source));
        }
        for (at, word) in ["rows", "kept", "merged", "refusal", "event", "rejected"].into_iter().enumerate() {
            let parts = all.sources.iter().map(|source| of(source)[at]);
            balance.same(sum(parts), total[at], format!("{word} of all sources = {word} in total"));
        }
    }

    fn channels_add_up(&self, balance: &mut Balance) {
        let asked = self.run.channels.iter().filter(|c| self.channels.contains_key(c)).count() as u128;
        balance.same(asked, self.channels.len() as u128, "channels decided = channels asked for");
        balance.same(asked, self.run.channels.len() as u128, "channels asked for = channels decided");
        for (channel, counts) in &self.channels {
            let word = channel.word();
            let (yes, no) = (u128::from(counts.contactable), u128::from(counts.blocked));
            balance.same(yes + no, self.contacts, format!("{word}: contactable + blocked = contacts"));
            balance.same(sum(counts.reasons.values()), no, format!("{word}: main reasons = blocked"));
            balance.same(sum(counts.bases.values()), yes, format!("{word}: bases = contactable"));
            let reachable = counts.reachable;
            balance.at_most(yes, reachable, format!("{word}: contactable <= reachable"));
            balance.at_most(reachable, self.contacts, format!("{word}: reachable <= contacts"));
            for (condition, n) in &counts.conditions {
                balance.at_most(*n, yes, format!("{word}: condition {condition} <= contactable"));
            }
        }
    }

    fn jurisdictions_add_up(&self, balance: &mut Balance) {
        for (channel, counts) in &self.channels {
            let places = || self.jurisdictions.get(channel).into_iter().flat_map(|m| m.values());
            let identity = |what: &str| format!("{}: {what} of all jurisdictions = {what}", channel.word());
            let (yes, no) = (sum(places().map(|p| p.contactable)), sum(places().map(|p| p.blocked)));
            balance.same(yes, counts.contactable, identity("contactable"));
            balance.same(no, counts.blocked, identity("blocked"));
        }
    }

    fn sources_add_up(&self, balance: &mut Balance) {
        for outcome in &self.per_source {
            let kept = self.reconciliation.sources.iter().find(|s| s.source == outcome.source);
            let identity = format!("{}: contacts = kept rows", outcome.source);
            balance.same(outcome.contacts, kept.map_or(0, |s| s.kept), identity);
            for (channel, counts) in &outcome.channels {
                let both = u128::from(counts.contactable) + u128::from(counts.blocked);
                let identity =
                    format!("{}, {}: contactable + blocked = contacts", outcome.source, channel.word());
                balance.same(both, outcome.contacts, identity);
            }
        }
        let contacts = sum(self.per_source.iter().map(|s| &s.contacts));
        balance.same(contacts, self.contacts, "contacts of all sources = contacts");
        for (channel, counts) in &self.channels {
            let yes = sum(self.per_source.iter().filter_map(|s| Some(s.channels.get(channel)?.contactable)));
            let identity = format!("{}: contactable of all sources = contactable", channel.word());
            balance.same(yes, counts.contactable, identity);
        }
    }

    fn refusals_and_merges_add_up(&self, balance: &mut Balance) {
        let (refusals, merges) = (&self.refusals, &self.merges);
        balance.same(sum(refusals.by_kind.values()), refusals.total, "refusals by kind = refusals");
        balance.same(sum(refusals.by_source.values()), refusals.total, "refusals by source = refusals");
        balance.at_most(refusals.matched_contacts, self.contacts, "contacts a refusal reaches <= contacts");
        let joined = u128::from(merges.contacts) + u128::from(self.reconciliation.merged);
        balance.same(joined, merges.rows, "merged contacts + merged rows = rows of merged contacts");
        balance.same(sum(merges.by_rule.values()), merges.rows, "merge rules = rows of merged contacts");
        balance.at_most(merges.largest, self.reconciliation.rows, "largest contact <= rows");
    }

    fn segments_add_up(&self, balance: &mut Balance) {
        for (channel, counts) in self.channels.iter().filter(|_| !self.segments.is_empty()) {
            let of = |yes: bool| {
                let told = self.segments.iter().filter(|s| s.channel == *channel && s.contactable == yes);
                sum(told.map(|s| &s.contacts))
            };
            let identity = |what: &str| format!("{}: {what} of all segments = {what}", channel.word());
            balance.same(of(true), counts.contactable, identity("contactable"));
            balance.same(of(false), counts.blocked, identity("blocked"));
        }
    }

    fn opt_outs_add_up(&self, balance: &mut Balance) {
        let told = &self.opt_outs;
        balance.same(sum(told.by_month.values()), told.rows, "opt-outs of all months = opt-outs");
        for (word, by) in [("campaign", &told.by_campaign), ("reason", &told.by_reason)] {
            let all = sum(by.counts.values()) + u128::from(by.other) + u128::from(by.untold);
            balance.same(all, told.rows, format!("opt-outs by {word} = opt-outs"));
        }
        for (source, rate) in &told.by_source {
            balance.at_most(rate.opted_out, rate.contacts, format!("{source}: opted out <= contacts"));
        }
        let refused = told.listed_though_refused;
        balance.same(refused, 0u64, "contactable points that a refusal stands against = none");
        for (channel, evidence) in &self.evidence {
            let yes = self.channels.get(channel).map_or(0, |c| c.contactable);
            let identity = format!("{}: grounds that are events <= contactable", channel.word());
            balance.at_most(evidence.grounds, yes, identity);
        }
    }
}
