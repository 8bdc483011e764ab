//! Counts of a run, kept per batch and added up: nothing here is ever shared between threads.

use crate::consent::RuleNo;
use crate::data::jurisdiction::{Basis, JurisdictionNo};
use crate::pipeline::kit::counts::{AddCounts, Earliest, Max, counts};
use crate::pipeline::kit::opt_outs::OptOutTally;
use crate::pipeline::kit::proofs::PROOFS;
use crate::reason::Reason;
use crate::record::{Channel, EventKind, words};
use crate::report::ToSuppression;
use foldhash::HashMap;
use std::collections::BTreeMap;

counts! {
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct AccountTally {
        pub(crate) evidence: [EvidenceTally; Channel::ALL.len()],
        pub(crate) to_suppression: ToSuppression,
        pub(crate) sent_after: BTreeMap<u16, Sent>,
        pub(crate) listed_though_refused: u64,
        /// Decisions blocked by a refusal that was given at another point of the person.
        pub(crate) travelled: u64,
        /// Whom one may ask for consent.
        pub(crate) ask: [AskTally; Channel::ALL.len()],
    }

    /// Evidence of the grounds of one channel, by its place among the proofs.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub(crate) struct EvidenceTally {
        pub(crate) grounds: u64,
        pub(crate) present: [u64; PROOFS.len()],
        pub(crate) missing: [u64; PROOFS.len()],
    }

    /// Messages after a refusal.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub(crate) struct Sent {
        pub(crate) contacts: u64,
        pub(crate) past_deadline: u64,
        pub(crate) longest_days: Max,
    }

    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct AheadTally {
        pub(crate) ending: [[u64; SPANS]; Channel::ALL.len()],
        /// Reminders that fall due; those that are overdue are not among them.
        pub(crate) reminders: [[u64; SPANS]; Channel::ALL.len()],
        pub(crate) first_end: Earliest,
        pub(crate) segments: HashMap<(Channel, JurisdictionNo, Option<Basis>, Reason, Engagement), u64>,
    }

    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub(crate) struct AskTally {
        pub(crate) ask_over: [u64; Channel::ALL.len()],
        pub(crate) while_it_lasts: u64,
        pub(crate) refused: u64,
        pub(crate) banned: u64,
        pub(crate) no_channel: u64,
    }

    /// Good ones of so many.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub(crate) struct Proportion {
        pub(crate) good: u64,
        pub(crate) of: u64,
    }

    /// Where the rows of one source went, and how good its cells are.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct SourceTally {
        pub(crate) rows: u64,
        pub(crate) kept: u64,
        pub(crate) merged: u64,
        pub(crate) refusal: u64,
        pub(crate) event: u64,
        pub(crate) rejected: u64,
        pub(crate) blank_lines: u64,
        pub(crate) emails: Proportion,
        pub(crate) phones: Proportion,
        pub(crate) consents: Proportion,
        /// Contacts whose first row stands here, per channel: contactable of all.
        pub(crate) contacts: [Proportion; Channel::ALL.len()],
        pub(crate) refusals: [u64; REFUSALS],
        /// Contacts that at least one of its rows speaks of, by channel of an assertion that alone allows them.
        pub(crate) asserted: [u64; Channel::ALL.len()],
        /// Rows that speak of at least one contact.
        pub(crate) matched: u64,
        /// Rows that refuse somebody whom nothing in them tells.
        pub(crate) nobody: u64,
        /// Rejected rows that tell a refusal.
        pub(crate) unread: u64,
        pub(crate) sections: Sections,
        pub(crate) unknown: UnknownWords,
        /// Answers to messages that are not understood.
        pub(crate) unread_replies: u64,
        /// By column, rows that it refuses.
        pub(crate) refusing: Vec<u64>,
        pub(crate) opt_outs: OptOutTally,
        /// Contacts with a row here, and those of them whom an opt-out reaches.
        pub(crate) holding: u64,
        pub(crate) opted_out: u64,
        /// Rows that can be used; by column of answers, those that say yes.
        pub(crate) people: u64,
        pub(crate) granted: Vec<u64>,
        /// Rows that consent: those that tell what to, of all.
        pub(crate) named: Proportion,
    }

    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct ChannelTally {
        pub(crate) contactable: u64,
        pub(crate) blocked: u64,
        pub(crate) reachable: u64,
        pub(crate) reasons: ByReason,
        /// By number of the basis.
        pub(crate) bases: Vec<u64>,
        /// By number of the condition.
        pub(crate) conditions: Vec<u64>,
        /// Contactable of all, by number of the jurisdiction.
        pub(crate) jurisdictions: Vec<Proportion>,
        /// Decisions by number of the rule.
        pub(crate) rules: Vec<u64>,
    }

    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct Tally {
        /// What ends soon, and the decisions by segment.
        pub(crate) ahead: AheadTally,
        /// What a data-protection officer has to account for.
        pub(crate) account: AccountTally,
        pub(crate) sources: Vec<SourceTally>,
        pub(crate) channels: [ChannelTally; Channel::ALL.len()],
        pub(crate) rejected: ByReason,
        pub(crate) findings: ByReason,
        pub(crate) contacts: u64,
        /// Contacts that a refusal reaches.
        pub(crate) refused_contacts: u64,
        /// Lines of `suppression.csv`: points, domains, hashes.
        pub(crate) suppressed: [u64; 3],
        /// Contacts of two or more rows, their rows, rows of the largest.
        pub(crate) merged_contacts: u64,
        pub(crate) merged_rows: u64,
        pub(crate) largest: Max,
        /// Rows by number of the strongest rule that tied them.
        pub(crate) merge_rules: Vec<u64>,
        pub(crate) erased: u64,
        /// Erased people of an earlier run whose rows are in the files again.
        pub(crate) erased_back: u64,
    }
}

/// Days within which what ends, or falls due, is told.
pub(crate) const WITHIN: [i32; 3] = [30, 60, 90];

pub(crate) const SPANS: usize = WITHIN.len();

words! {
    /// How long ago the person last gave a sign: by buying, asking, agreeing, opening, clicking or writing.
    pub(crate) enum Engagement {
        /// Within 90 days before the send date.
        Active = "active",
        /// Within a year.
        Quiet = "quiet",
        /// Longer ago.
        Silent = "silent",
        /// No file tells.
        Unknown = "unknown",
    }
}

impl Proportion {
    pub(crate) fn count(&mut self, good: bool) {
        self.of += 1;
        self.good += u64::from(good);
    }
}

/// Headings amid the rows of a source: how many, and on which lines the first ones stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sections {
    pub(crate) count: u64,
    pub(crate) first: Vec<u32>,
}

impl Sections {
    /// Lines that are told.
    const TOLD: usize = 3;

    /// Notes one more; lines come in order.
    pub(crate) fn note(&mut self, line: u32) {
        self.add(&Self { count: 1, first: vec![line] });
    }

    /// The lines as places, and how many more there are.
    pub(crate) fn places(&self, source: &str) -> (Vec<String>, u64) {
        let places: Vec<String> = self.first.iter().map(|line| format!("{source}:{line}")).collect();
        let more = self.count - places.len() as u64;
        (places, more)
    }
}

impl AddCounts for Sections {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        let room = Self::TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.iter().take(room));
    }
}

/// Words about permission that are not known: for each column, so many rows by word. A word that may be somebody's own
/// (an address, a number, a sentence) is counted and not kept; nor are more than so many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UnknownWords(BTreeMap<u16, BTreeMap<Box<str>, u64>>);

impl UnknownWords {
    /// Words that are kept of a column.
    const KEPT: usize = 64;
    /// Bytes of the longest word that is kept.
    const LONGEST: usize = 48;

    /// Notes the word of a row.
    pub(crate) fn note(&mut self, column: u16, cell: &str) {
        let word = cell.trim();
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let shown = word.len() <= Self::LONGEST && digits < 6 && !word.contains(['@', '\n', '\r', '\u{1b}']);
        self.count(column, if shown { word } else { "" }, 1);
    }

    fn count(&mut self, column: u16, word: &str, rows: u64) {
        let words = self.0.entry(column).or_default();
        let room = words.len() < Self::KEPT;
        match words.get_mut(word) {
            Some(count) => *count += rows,
            None if room || word.is_empty() => drop(words.insert(word.into(), rows)),
            None => self.count(column, "", rows),
        }
    }

    /// How many rows hold one.
    pub(crate) fn rows(&self) -> u64 {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    /// Each column with its words, most frequent first; an empty word stands for all that are not kept.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (u16, Vec<(&str, u64)>)> {
        self.0.iter().map(|(column, words)| {
            let mut words: Vec<(&str, u64)> = words.iter().map(|(word, rows)| (&**word, *rows)).collect();
            words.sort_by_key(|(word, rows)| (word.is_empty(), std::cmp::Reverse(*rows), *word));
            (*column, words)
        })
    }
}

impl AddCounts for UnknownWords {
    fn add(&mut self, other: &Self) {
        for (column, words) in &other.0 {
            words.iter().for_each(|(word, rows)| self.count(*column, word, *rows));
        }
    }
}

/// Kinds of event that refuse: the first ones.
pub(crate) const REFUSALS: usize = EventKind::ConsentDeclined as usize + 1;

impl SourceTally {
    /// Takes what the first pass counted: how many rows, and how good their cells are.
    pub(crate) fn add_checked(&mut self, checked: &Self, rows: u32, blank_lines: u32) {
        self.add(checked);
        self.rows += u64::from(rows);
        self.blank_lines += u64::from(blank_lines);
    }
}

/// Counts by position in the table of reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ByReason(Vec<u64>);

impl ByReason {
    pub(crate) fn count(&mut self, reason: Reason) {
        count_at(&mut self.0, reason as usize, |n| *n += 1);
    }

    pub(crate) fn of(&self, reason: Reason) -> u64 {
        self.0.get(reason as usize).copied().unwrap_or(0)
    }

    /// The reasons that were found, in the order of the table.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Reason, u64)> + '_ {
        Reason::ALL.iter().copied().zip(self.0.iter().copied()).filter(|(_, n)| *n > 0)
    }
}

impl AddCounts for ByReason {
    fn add(&mut self, other: &Self) {
        self.0.add(&other.0);
    }
}

/// Counts one more at a position, making room for it.
pub(crate) fn count_at<T: Default + Clone>(counts: &mut Vec<T>, at: usize, count: impl FnOnce(&mut T)) {
    if counts.len() <= at {
        counts.resize(at + 1, T::default());
    }
    count(&mut counts[at]);
}

impl Tally {
    pub(crate) fn new(sources: usize) -> Self {
        Self { sources: vec![SourceTally::default(); sources], ..Self::default() }
    }

    /// The rules that decided something, by channel, with how many decisions they made.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (RuleNo, u64)> + '_ {
        let all = self.channels.iter().flat_map(|counts| (0..).zip(counts.rules.iter().copied()));
        all.filter(|(_, decisions)| *decisions > 0)
    }
}
