//! The audit as data: the types behind `report.json`.
//!
//! Every count is a `u64`, every map is ordered, every date is written `YYYY-MM-DD`: equal results are equal
//! bytes. No field holds an address, a number, a name or a path. Fields may be added; these stay.

use crate::reason::Reason;
use crate::record::{Channel, Kind};
use crate::report::accountability::{Evidenced, JudgementCall, OptOuts, Override, Repermission};
use crate::report::changes::Changes;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The shape `report.json` declares itself to have.
pub const SCHEMA: &str = "contactable-audit/1";

parts! {
    /// Everything a run found out, in numbers: `report.json`.
    pub struct Audit {
        /// Always [`SCHEMA`].
        pub schema: String,
        /// What was asked, with which rules and lists.
        pub run: Run,
        /// What must be said before any number: no consent data, undated consent, a list that leaves refusals out.
        pub statements: Vec<Statement>,
        /// Where every row went.
        pub reconciliation: Reconciliation,
        /// Number of contacts: one for each kept row.
        pub contacts: u64,
        /// The decision on every contact, per channel that was asked for.
        pub channels: BTreeMap<Channel, ChannelCounts>,
        /// The same decisions by the jurisdiction that decided: every contact stands once in every channel, under
        /// `ZZ` where no jurisdiction is known.
        pub jurisdictions: BTreeMap<Channel, BTreeMap<String, Outcome>>,
        /// The same decisions by the source of the contact's first row.
        pub per_source: Vec<SourceOutcome>,
        /// What each source was taken for, in the order of their names.
        pub sources: Vec<SourceFacts>,
        /// Who said no, from wherever it was read.
        pub refusals: Refusals,
        /// What was joined, and what a guard held apart.
        pub merges: Merges,
        /// Unusable rows by reason id.
        pub rejected: BTreeMap<String, u64>,
        /// Everything else found, by reason id: the lines of `findings.csv`.
        pub findings: BTreeMap<String, u64>,
        /// Grounds the operator stated without a record (`--assert-basis`).
        pub asserted: Vec<Asserted>,
        /// What ends soon, and when to clean again.
        #[serde(default)]
        pub ahead: Ahead,
        /// Every decision by channel, jurisdiction, ground, reason and engagement; together all decisions of the run.
        #[serde(default)]
        pub segments: Vec<Segment>,
        /// What proves the grounds, per channel.
        #[serde(default)]
        pub evidence: BTreeMap<Channel, Evidenced>,
        /// Who opted out, and how soon that was obeyed.
        #[serde(default)]
        pub opt_outs: OptOuts,
        /// What was judged rather than known, most serious first.
        #[serde(default)]
        pub judgement_calls: Vec<JudgementCall>,
        /// What the operator decided in the place of files and tables.
        #[serde(default)]
        pub overrides: Vec<Override>,
        /// What changed since the earlier run, when one was given (`--previous`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous: Option<Changes>,
        /// What to do next, most useful first.
        pub next_steps: Vec<NextStep>,
        /// What was not checked, one sentence each.
        pub limits: Vec<String>,
        /// What every reason id of this report means; [`Audit::gloss`] fills it.
        pub reasons: BTreeMap<String, ReasonText>,
    }

    /// What was asked, and with which rules.
    pub struct Run {
        /// Version of the program.
        pub version: String,
        /// The command: `clean`, `audit`.
        pub command: String,
        /// The day the decisions are for.
        pub send_date: String,
        /// What the messages are for: `marketing` unless told.
        pub purpose: String,
        /// Who answers for the data and sends, as `--controller` or the profile names it.
        #[serde(default)]
        pub controller: Option<String>,
        /// Who made the run, as `--operator` or the profile names it.
        #[serde(default)]
        pub operator: Option<String>,
        /// Country assumed where a contact tells none, as an ISO 3166 code.
        pub country: Option<String>,
        /// Country of the sender, whose law applies beside the recipient's.
        pub sender_country: Option<String>,
        /// Channels asked for, in output order.
        pub channels: Vec<Channel>,
        /// Options as typed, one entry each (`--send-date 2026-12-01`); file names without directories.
        pub options: Vec<String>,
        /// The profile, when one was given.
        pub profile: Option<ProfileUsed>,
        /// Suppression lists, event files and registers brought with the run.
        pub lists: Vec<ListUsed>,
        /// Rulebooks that decided at least one contact, and those that had to be asked.
        pub rulebooks: Vec<RulebookUsed>,
    }

    /// The profile a run used.
    pub struct ProfileUsed {
        /// File name without directories.
        pub name: String,
        /// SHA-256 of the file, in lower-case hex.
        pub sha256: String,
    }

    /// A suppression list, event file or register brought with the run.
    pub struct ListUsed {
        /// File name without directories, or the register's id.
        pub name: String,
        /// `suppression`, `consent-events`, `registry` or `ignore`; of lists that judge addresses and numbers `built-in`,
        /// `replaced`, `disposable` or `allowed`; `dns`.
        pub kind: String,
        /// The date the list speaks for, where one is known.
        pub date: Option<String>,
        /// Days between that date and the send date.
        pub age_days: Option<u64>,
        /// Entries read.
        pub entries: u64,
        /// Contacts that at least one entry names.
        pub matched: u64,
        /// SHA-256 of the file of a list that replaces or adds to a built-in one, in lower-case hex.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sha256: Option<String>,
    }

    /// A jurisdiction's rules as the run used them.
    #[cfg_attr(test, schemars(rename = "Rulebook"))]
    pub struct RulebookUsed {
        /// Its id: `GB`, `US-FL`, `ZZ`.
        pub id: String,
        /// Its name for people.
        pub name: String,
        /// The day its facts were last read.
        pub as_of: String,
        /// The day they must be read again.
        pub review_by: String,
        /// Whether the send date lies past that day.
        pub past_review: bool,
        /// SHA-256 of the rulebook's text, in lower-case hex.
        #[serde(default)]
        pub sha256: String,
        /// Number of its rules per confidence: `seen_text`, `seen_secondary`, `memory`, `choice`.
        pub confidence: BTreeMap<String, u64>,
        /// Ids of the rules whose confidence is `memory` or `choice`.
        pub memory_rules: Vec<String>,
        /// Ids of the rules that should have been read again by the send date.
        #[serde(default)]
        pub past_review_rules: Vec<String>,
        /// The rules that decided something, in the order of their ids.
        pub rules: Vec<RuleUsed>,
    }

    /// A rule that decided something.
    pub struct RuleUsed {
        /// Its id.
        pub id: String,
        /// The channel it is about, in words.
        pub channel: String,
        /// Statute, section, or decision.
        pub citation: String,
        /// Where the text or a summary stands; empty when none is known.
        pub url: String,
        /// `seen_text`, `seen_secondary`, `memory` or `choice`.
        pub confidence: String,
        /// What the rulebook holds doubtful about it on the send date, one sentence each.
        #[serde(default)]
        pub doubts: Vec<String>,
        /// Decisions that name it.
        pub decisions: u64,
    }

    /// A plain statement that stands before every number.
    pub struct Statement {
        /// Id of the reason it rests on.
        pub reason: String,
        /// What is the case, in one or two sentences.
        pub says: String,
        /// Sources it is about; empty when it is about all.
        pub sources: Vec<String>,
        /// What to bring, one sentence each.
        pub bring: Vec<String>,
    }

    /// Where every row went. Each row ends in exactly one place.
    pub struct Reconciliation {
        /// Rows read.
        pub rows: u64,
        /// First rows of contacts, however blocked.
        pub kept: u64,
        /// Rows joined to an earlier row's contact.
        pub merged: u64,
        /// Rows that say no.
        pub refusal: u64,
        /// Rows that tell another event.
        pub event: u64,
        /// Rows that could not be used.
        pub rejected: u64,
        /// The same per source, in the order of their names.
        pub sources: Vec<SourceRows>,
    }

    /// Where the rows of one source went.
    pub struct SourceRows {
        /// File name without directories.
        pub source: String,
        /// Rows read.
        pub rows: u64,
        /// First rows of contacts.
        pub kept: u64,
        /// Rows joined to an earlier row's contact.
        pub merged: u64,
        /// Rows that say no.
        pub refusal: u64,
        /// Rows that tell another event.
        pub event: u64,
        /// Rows that could not be used.
        pub rejected: u64,
    }

    /// The decisions of one channel, in contacts.
    pub struct ChannelCounts {
        /// May be contacted.
        pub contactable: u64,
        /// May not; with the contactable ones, all contacts.
        pub blocked: u64,
        /// Has a valid point that is not refused, permission aside; holds all the contactable ones.
        pub reachable: u64,
        /// Main reason id of every blocked contact.
        pub reasons: BTreeMap<String, u64>,
        /// Ground of every contactable contact.
        pub bases: BTreeMap<String, u64>,
        /// What a yes still obliges; a contact can stand under several, so these do not add up to anything.
        pub conditions: BTreeMap<String, u64>,
    }

    /// What became of the contacts whose first row stands in one source.
    pub struct SourceOutcome {
        /// File name without directories.
        pub source: String,
        /// Contacts whose first row stands here.
        pub contacts: u64,
        /// How many of those may be contacted, and how many may not, per channel.
        pub channels: BTreeMap<Channel, Outcome>,
    }

    /// Contacts of one source, or of one jurisdiction, on one channel.
    #[derive(Copy)]
    pub struct Outcome {
        /// May be contacted.
        pub contactable: u64,
        /// May not.
        pub blocked: u64,
    }

    /// How cells and records of a file are cut, in words (`comma`, `double quote`, `CRLF`).
    #[cfg_attr(test, schemars(rename = "Dialect"))]
    pub struct DialectWords {
        /// Between cells.
        pub delimiter: String,
        /// Around cells.
        pub quote: String,
        /// Between records.
        pub line_end: String,
    }

    /// One column of a file.
    pub struct ColumnUse {
        /// Its header as written.
        pub column: String,
        /// The field it was read as; none when it was only carried along.
        pub field: Option<String>,
    }

    /// So many of so many.
    #[derive(Copy)]
    pub struct Share {
        /// Cells that are good.
        pub good: u64,
        /// Cells that are not empty.
        pub of: u64,
    }

    /// Who said no.
    pub struct Refusals {
        /// Refusals read, from cells and from lists.
        pub total: u64,
        /// The same by event word (`consent_withdrawn`, `objection`, `hard_bounce`, …).
        pub by_kind: BTreeMap<String, u64>,
        /// The same by source.
        pub by_source: BTreeMap<String, u64>,
        /// Different addresses and numbers that must not be contacted.
        pub points: u64,
        /// Different mail domains.
        pub domains: u64,
        /// Different hashes.
        pub hashes: u64,
        /// Contacts that at least one refusal reaches.
        pub matched_contacts: u64,
    }

    /// What was joined.
    pub struct Merges {
        /// Contacts made of two or more rows.
        pub contacts: u64,
        /// Their rows: the lines of `merges.csv`.
        pub rows: u64,
        /// The same rows by the strongest rule that tied them.
        pub by_rule: BTreeMap<String, u64>,
        /// Pairs that a guard held apart, by reason id.
        pub held_apart: BTreeMap<String, u64>,
        /// Rows of the largest contact; 0 without contacts.
        pub largest: u64,
    }

    /// What ends soon.
    pub struct Ahead {
        /// Contacts whose ground ends soon, per channel: the lines of `expiring.csv`.
        pub expiring: BTreeMap<Channel, Expiring>,
        /// Contacts and channels whose law wants the person reminded of their consent by now; silence keeps it.
        #[serde(default)]
        pub notices_due: u64,
        /// Contacts whom the law wants reminded of their consent soon, per channel; with those of `notices_due`, the lines
        /// of `notices.csv`.
        #[serde(default)]
        pub reminders: BTreeMap<Channel, Expiring>,
        /// Whom one may ask for the consent that is missing, per channel.
        #[serde(default)]
        pub repermission: BTreeMap<Channel, Repermission>,
        /// The day by which to clean again: when the first ground ends, at most six months on.
        pub next_cleaning: String,
        /// Why by that day.
        #[serde(default)]
        pub next_because: String,
    }

    /// Contacts whose ground ends, or whose reminder falls due, within so many days of the send date; the longer spans hold the shorter ones.
    #[derive(Copy)]
    pub struct Expiring {
        /// Within 30 days.
        pub within_30: u64,
        /// Within 60 days.
        pub within_60: u64,
        /// Within 90 days.
        pub within_90: u64,
    }

    /// What to do next.
    pub struct NextStep {
        /// What to do, as an order: `Scrub the US numbers against the do-not-call register`.
        pub what: String,
        /// Why it helps.
        pub why: String,
        /// How many `unit` it concerns.
        pub count: u64,
        /// What is counted: `contacts`, `rows`, `addresses`.
        pub unit: String,
        /// The flag, file or setting that does it; may be empty.
        pub how: String,
    }

    /// What a reason id means.
    pub struct ReasonText {
        /// What it does unless the profile says otherwise: `blocks`, `warns`, `repairs`, `notes`.
        pub effect: String,
        /// One sentence for people.
        pub sentence: String,
    }
}

impl Statement {
    /// A statement that rests on this reason.
    pub fn new(reason: Reason, says: String, sources: Vec<String>, bring: &[&str]) -> Self {
        let bring = bring.iter().map(|sentence| (*sentence).to_owned()).collect();
        Self { reason: reason.id().to_owned(), says, sources, bring }
    }
}

/// What a source was taken for, and on what ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SourceFacts {
    /// File name without directories, unique in the run.
    pub source: String,
    /// What the file is.
    pub kind: Kind,
    /// Id of the vendor layout, when one was recognised.
    pub format: Option<String>,
    /// Why it was taken for that.
    pub why: String,
    /// Vendor of the layout.
    pub vendor: Option<String>,
    /// How far the layout was verified: `seen_file`, `docs_or_code`, `importer`, `memory`.
    pub confidence: Option<String>,
    /// Character encoding.
    pub encoding: String,
    /// How cells and records are cut.
    pub dialect: DialectWords,
    /// Physical line of the header; none in a headerless file.
    pub header_line: Option<u64>,
    /// Every column of the file, in file order.
    pub columns: Vec<ColumnUse>,
    /// SHA-256 of the file's bytes as given, in lower-case hex.
    pub sha256: String,
    /// Size as given, in bytes.
    pub bytes: u64,
    /// What a reader should know, one sentence each.
    pub notes: Vec<String>,
    /// How good the cells are: `valid emails`, `valid phones`, `dated consents`, in cells.
    pub quality: BTreeMap<String, Share>,
    /// Whether exports of this layout are known to leave out the people who left.
    pub leaves_out_refusals: bool,
    /// Words about permission that are not known: by column and word, in rows. An empty word stands for all that are not shown.
    pub unknown_words: BTreeMap<String, BTreeMap<String, u64>>,
}

/// A ground the operator stated without a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Asserted {
    /// The source whose rows it speaks for.
    pub source: String,
    /// The channel.
    pub channel: Channel,
    /// The ground.
    pub basis: String,
    /// Since when.
    pub date: String,
    /// The operator's words.
    pub text: String,
    /// Contacts that are contactable on this ground and no other.
    pub contacts: u64,
}

/// The contacts of one channel that were decided alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Segment {
    /// The channel.
    pub channel: Channel,
    /// Whose law decided.
    pub jurisdiction: String,
    /// Whether they may be contacted.
    pub contactable: bool,
    /// The ground of a yes.
    pub basis: Option<String>,
    /// The main reason.
    pub reason: String,
    /// When the person last gave a sign: `active` within 90 days, `quiet` within a year, `silent` before that,
    /// `unknown` where no file tells.
    #[serde(default)]
    pub engagement: String,
    /// How many.
    pub contacts: u64,
}

impl Audit {
    /// The bytes of `report.json`: indented, ending in a line feed.
    pub fn json(&self) -> String {
        // Every map key is a text or a channel, so there is nothing that JSON could not say.
        let mut json = serde_json::to_string_pretty(self).expect("an audit as JSON");
        json.push('\n');
        json
    }

    /// Writes into `reasons` what every id of this report means, from the reason table. Ids that are not in
    /// the table keep what is there.
    pub fn gloss(&mut self) {
        for id in self.reason_ids() {
            if let Some(reason) = Reason::from_id(&id) {
                let (effect, sentence) = (reason.effect().word().into(), reason.sentence().into());
                let text = ReasonText { effect, sentence };
                self.reasons.insert(id, text);
            }
        }
    }

    /// Every reason id the report counts something under, in order.
    fn reason_ids(&self) -> BTreeSet<String> {
        let maps = [&self.rejected, &self.findings, &self.merges.by_rule, &self.merges.held_apart];
        let channels = self.channels.values().flat_map(|c| [&c.reasons, &c.conditions]);
        let mut ids: BTreeSet<String> =
            maps.into_iter().chain(channels).flat_map(|m| m.keys().cloned()).collect();
        ids.extend(self.statements.iter().map(|s| s.reason.clone()));
        ids.extend(self.segments.iter().map(|s| s.reason.clone()));
        let changed = self.previous.iter().flat_map(|p| &p.changed);
        ids.extend(changed.flat_map(|c| [c.was_reason.clone(), c.now_reason.clone()]));
        ids
    }
}
