//! What a data-protection officer has to account for, as data: what proves the grounds, who opted out and how soon
//! that was obeyed, whom one may still ask, what was judged rather than known, and who overrode what.

use crate::record::Channel;
use std::collections::BTreeMap;

parts! {
    /// What the files tell beside the events that the grounds of one channel rest on.
    pub struct Evidenced {
        /// Contactable contacts whose ground is an event; the others need none.
        pub grounds: u64,
        /// How many of these tell what, by evidence code.
        pub present: BTreeMap<String, u64>,
        /// How many lack evidence that the law wants, by evidence code.
        pub missing: BTreeMap<String, u64>,
    }

    /// Who opted out: by an unsubscribe, an objection, a complaint or a no on a call.
    pub struct OptOuts {
        /// Rows that tell an opt-out.
        pub rows: u64,
        /// The same by month (`2026-03`), `undated` where the row does not tell.
        pub by_month: BTreeMap<String, u64>,
        /// The same by the campaign that the files name.
        pub by_campaign: CountsByText,
        /// The same by the reason that the files tell.
        pub by_reason: CountsByText,
        /// Contacts with a row in each source of people whom an opt-out reaches, from wherever it was told; who stands in
        /// several files is counted in each.
        pub by_source: BTreeMap<String, OptedOut>,
        /// Days between an opt-out and the suppression list that first names the same address or number.
        pub to_suppression: ToSuppression,
        /// Messages that went out after a refusal, by the rule whose deadline holds.
        pub sent_after: Vec<SentAfter>,
        /// Points that a refusal stands against and that a list of this run holds all the same: must be none.
        pub listed_though_refused: u64,
    }

    /// Counts by a text of the files. Texts of fewer than three rows, and those that may name a person, are counted
    /// together and not told.
    #[cfg_attr(test, schemars(rename = "Told"))]
    pub struct CountsByText {
        /// Rows by text.
        pub counts: BTreeMap<String, u64>,
        /// Rows whose text is not told here.
        pub other: u64,
        /// Rows that tell nothing.
        pub untold: u64,
    }

    /// Contacts that opted out, of all.
    #[derive(Copy)]
    pub struct OptedOut {
        /// Contacts that an opt-out reaches.
        pub opted_out: u64,
        /// Contacts with a row in the source, whichever is their first.
        pub contacts: u64,
    }

    /// Addresses and numbers of contacts whose opt-out was told outside of suppression lists, by how soon a suppression
    /// list brought with the run names them.
    #[derive(Copy)]
    pub struct ToSuppression {
        /// On the same day, or before.
        pub same_day: u64,
        /// Within 2 days.
        pub within_2_days: u64,
        /// Within 10 days.
        pub within_10_days: u64,
        /// Later.
        pub later: u64,
        /// A list names them, and one of the two dates is not told.
        pub undated: u64,
        /// No list names them: this run is the first to.
        pub not_listed: u64,
        /// The longest time, in days.
        pub longest_days: u64,
        /// Days since the oldest dated opt-out that no list names.
        pub oldest_unlisted_days: u64,
    }

    /// Messages after a refusal, under one rule.
    pub struct SentAfter {
        /// Id of the rule.
        pub rule: String,
        /// How soon it wants a refusal obeyed: `at once`, `10 business days`.
        pub within: String,
        /// Contacts and channels on which the last message is later than the refusal.
        pub contacts: u64,
        /// How many of these are past the deadline.
        pub past_deadline: u64,
        /// The longest time between the two, in days.
        pub longest_days: u64,
    }

    /// Whom one may ask for the consent that is missing on a channel. Asking is itself marketing: only over a channel
    /// that is open to marketing on the send date.
    pub struct Repermission {
        /// May be asked, by the channel to ask over: the lines of `repermission.csv`.
        pub ask_over: BTreeMap<Channel, u64>,
        /// May be asked on this channel itself while the ground lasts: it ends within 90 days.
        pub while_it_lasts: u64,
        /// May not be asked: they refused, and only they can come back.
        pub refused: u64,
        /// May not be asked again by a ban of the law.
        pub banned: u64,
        /// May not be asked: no channel is open to marketing.
        pub no_channel: u64,
    }

    /// Something that was judged rather than known.
    pub struct JudgementCall {
        /// What was judged, and how.
        pub says: String,
        /// How many `unit` it concerns.
        pub count: u64,
        /// What is counted: `contacts`, `decisions`.
        pub unit: String,
        /// Where each of them stands: a file, a reason id; may be empty.
        pub where_told: String,
        /// Ids of the rules it is about; may be empty.
        pub rules: Vec<String>,
    }

    /// What the operator decided in the place of the files or the built-in tables.
    pub struct Override {
        /// What was overridden.
        pub what: String,
        /// The operator's words, or what follows.
        pub why: String,
        /// Who: `--operator`, or the profile's `operator`; none when nobody was named.
        pub by: Option<String>,
    }
}
