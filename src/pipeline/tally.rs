//! Counts of a run, kept per batch and added up: nothing here is ever shared between threads.

use crate::reason::Reason;
use crate::record::{Channel, EventKind};

/// Good ones of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) good: u64,
    pub(super) of: u64,
}

impl Share {
    /// Counts one more.
    pub(super) fn count(&mut self, good: bool) {
        self.of += 1;
        self.good += u64::from(good);
    }

    fn add(&mut self, other: Self) {
        self.good += other.good;
        self.of += other.of;
    }
}

/// Headings amid the rows of a source: how many, and on which lines the first ones stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sections {
    pub(super) count: u64,
    pub(super) first: Vec<u32>,
}

impl Sections {
    /// Lines that are told.
    const TOLD: usize = 3;

    /// Notes one more; lines come in order.
    pub(super) fn note(&mut self, line: u32) {
        self.add(&Self { count: 1, first: vec![line] });
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.count += other.count;
        let room = Self::TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.iter().take(room));
    }

    /// The lines as places, and how many more there are.
    pub(super) fn places(&self, source: &str) -> (Vec<String>, u64) {
        let places: Vec<String> = self.first.iter().map(|line| format!("{source}:{line}")).collect();
        let more = self.count - places.len() as u64;
        (places, more)
    }
}

/// Where the rows of one source went, and how good its cells are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SourceTally {
    pub(super) rows: u64,
    pub(super) kept: u64,
    pub(super) merged: u64,
    pub(super) refusal: u64,
    pub(super) event: u64,
    pub(super) rejected: u64,
    pub(super) blank_lines: u64,
    pub(super) emails: Share,
    pub(super) phones: Share,
    pub(super) consents: Share,
    /// Contacts whose first row stands here, per channel: contactable of all.
    pub(super) contacts: [Share; 6],
    /// Refusals read here, by kind of event.
    pub(super) refusals: [u64; REFUSALS],
    /// Contacts that at least one of its rows speaks of, by channel of an assertion that alone allows them.
    pub(super) asserted: [u64; 6],
    /// Rows that speak of at least one contact.
    pub(super) matched: u64,
    /// Rows that refuse somebody whom nothing in them tells.
    pub(super) nobody: u64,
    /// Rejected rows that tell a refusal.
    pub(super) unread: u64,
    /// Headings amid the rows.
    pub(super) sections: Sections,
    /// Rows that tell an opt-out.
    pub(super) opt_outs: super::optouts::OptOutTally,
    /// Contacts with a row here, and those of them whom an opt-out reaches.
    pub(super) holding: u64,
    pub(super) opted_out: u64,
    /// Rows that can be used; by column of answers, those that say yes.
    pub(super) people: u64,
    pub(super) granted: Vec<u64>,
    /// Rows that consent: those that tell what to, of all.
    pub(super) named: Share,
}

/// Kinds of event that refuse: the first ones.
pub(super) const REFUSALS: usize = EventKind::ConsentDeclined as usize + 1;

impl SourceTally {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.kept += other.kept;
        self.merged += other.merged;
        self.refusal += other.refusal;
        self.event += other.event;
        self.rejected += other.rejected;
        self.blank_lines += other.blank_lines;
        self.emails.add(other.emails);
        self.phones.add(other.phones);
        self.consents.add(other.consents);
        for (mine, theirs) in self.contacts.iter_mut().zip(other.contacts) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.refusals.iter_mut().zip(other.refusals) {
            *mine += theirs;
        }
        for (mine, theirs) in self.asserted.iter_mut().zip(other.asserted) {
            *mine += theirs;
        }
        self.matched += other.matched;
        self.nobody += other.nobody;
        self.unread += other.unread;
        self.sections.add(&other.sections);
        self.opt_outs.add(&other.opt_outs);
        self.holding += other.holding;
        self.opted_out += other.opted_out;
        self.people += other.people;
        add(&mut self.granted, &other.granted);
        self.named.add(other.named);
    }

    /// Takes what the first pass counted: how many rows, and how good their cells are.
    pub(super) fn add_checked(&mut self, checked: &Self, rows: u32, blank_lines: u32) {
        self.add(checked);
        self.rows += u64::from(rows);
        self.blank_lines += u64::from(blank_lines);
    }
}

/// Counts by reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByReason(Vec<u64>);

impl Default for ByReason {
    fn default() -> Self {
        Self(vec![0; Reason::ALL.len()])
    }
}

impl ByReason {
    /// Counts one more.
    pub(super) fn count(&mut self, reason: Reason) {
        self.0[reason as usize] += 1;
    }

    /// Adds another's counts.
    pub(super) fn add(&mut self, other: &Self) {
        add(&mut self.0, &other.0);
    }

    /// How many of a reason.
    pub(super) fn of(&self, reason: Reason) -> u64 {
        self.0[reason as usize]
    }

    /// The reasons that were found, in the order of the table.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Reason, u64)> + '_ {
        Reason::ALL.iter().map(|r| (*r, self.0[*r as usize])).filter(|(_, n)| *n > 0)
    }
}

/// Decisions of one channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ChannelTally {
    pub(super) contactable: u64,
    pub(super) blocked: u64,
    pub(super) reachable: u64,
    pub(super) reasons: ByReason,
    /// By number of the basis.
    pub(super) bases: Vec<u64>,
    /// By number of the condition.
    pub(super) conditions: Vec<u64>,
    /// Contactable of all, by number of the jurisdiction.
    pub(super) jurisdictions: Vec<Share>,
    /// Decisions by number of the rule.
    pub(super) rules: Vec<u64>,
}

/// Counts one more at a position, making room for it.
pub(super) fn count_at<T: Default + Clone>(counts: &mut Vec<T>, at: usize, count: impl FnOnce(&mut T)) {
    if counts.len() <= at {
        counts.resize(at + 1, T::default());
    }
    count(&mut counts[at]);
}

fn add(mine: &mut Vec<u64>, theirs: &[u64]) {
    if mine.len() < theirs.len() {
        mine.resize(theirs.len(), 0);
    }
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

impl ChannelTally {
    fn add(&mut self, other: &Self) {
        self.contactable += other.contactable;
        self.blocked += other.blocked;
        self.reachable += other.reachable;
        self.reasons.add(&other.reasons);
        add(&mut self.bases, &other.bases);
        add(&mut self.conditions, &other.conditions);
        add(&mut self.rules, &other.rules);
        for (at, share) in other.jurisdictions.iter().enumerate() {
            count_at(&mut self.jurisdictions, at, |mine| mine.add(*share));
        }
    }
}

/// All counts of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    /// What ends soon, and the decisions by segment.
    pub(super) ahead: super::ahead::AheadTally,
    /// What a data-protection officer has to account for.
    pub(super) account: super::account::AccountTally,
    pub(super) sources: Vec<SourceTally>,
    pub(super) channels: [ChannelTally; 6],
    pub(super) rejected: ByReason,
    pub(super) findings: ByReason,
    pub(super) contacts: u64,
    /// Contacts that a refusal reaches.
    pub(super) refused_contacts: u64,
    /// Lines of `suppression.csv`: points, domains, hashes.
    pub(super) suppressed: [u64; 3],
    /// Contacts of two or more rows, their rows, rows of the largest.
    pub(super) merged_contacts: u64,
    pub(super) merged_rows: u64,
    pub(super) largest: u64,
    /// Rows by number of the strongest rule that tied them.
    pub(super) merge_rules: Vec<u64>,
    /// Erased people.
    pub(super) erased: u64,
    /// Erased people of an earlier run whose rows are in the files again.
    pub(super) erased_back: u64,
}

impl Tally {
    /// Nothing counted yet.
    pub(super) fn new(sources: usize) -> Self {
        Self {
            ahead: super::ahead::AheadTally::default(),
            account: super::account::AccountTally::default(),
            sources: vec![SourceTally::default(); sources],
            channels: Default::default(),
            rejected: ByReason::default(),
            findings: ByReason::default(),
            contacts: 0,
            refused_contacts: 0,
            suppressed: [0; 3],
            merged_contacts: 0,
            merged_rows: 0,
            largest: 0,
            merge_rules: Vec::new(),
            erased: 0,
            erased_back: 0,
        }
    }

    /// Adds another batch's counts.
    pub(super) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.sources.iter_mut().zip(&other.sources) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.channels.iter_mut().zip(&other.channels) {
            mine.add(theirs);
        }
        self.ahead.add(&other.ahead);
        self.account.add(&other.account);
        self.rejected.add(&other.rejected);
        self.findings.add(&other.findings);
        self.contacts += other.contacts;
        self.refused_contacts += other.refused_contacts;
        for (mine, theirs) in self.suppressed.iter_mut().zip(other.suppressed) {
            *mine += theirs;
        }
        self.merged_contacts += other.merged_contacts;
        self.merged_rows += other.merged_rows;
        self.largest = self.largest.max(other.largest);
        add(&mut self.merge_rules, &other.merge_rules);
        self.erased += other.erased;
        self.erased_back += other.erased_back;
    }

    /// The counts of a channel.
    pub(super) fn channel(&mut self, channel: Channel) -> &mut ChannelTally {
        &mut self.channels[channel as usize]
    }
}
