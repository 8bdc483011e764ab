//! What changed between two runs, as data: the section `previous` of `report.json`, and what `compare` prints.
//!
//! Every contact of both runs stands once: kept, new or gone. Per channel the numbers add up:
//! contactable then + gained − lost + new − gone = contactable now. Fields may be added; these stay.

use crate::record::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The shape that a comparison declares itself to have.
pub const CHANGES_SCHEMA: &str = "contactable-changes/1";

parts! {
    /// What changed between two runs.
    pub struct Changes {
        /// Always [`CHANGES_SCHEMA`].
        pub schema: String,
        /// The earlier run.
        pub then: RunThen,
        /// The later run.
        pub now: RunThen,
        /// What else than people differs between the runs, one sentence each: files, send date, rules, lists, version,
        /// settings. By cause.
        pub differs: BTreeMap<String, Vec<String>>,
        /// Contacts of both runs.
        pub kept: u64,
        /// Contacts of the later run only.
        pub new: u64,
        /// Contacts of the earlier run only.
        pub gone: u64,
        /// Per channel that both decided.
        pub channels: BTreeMap<Channel, ChannelChange>,
        /// Decisions that changed, by channel, reasons and cause, most first; of kept contacts only.
        pub changed: Vec<Change>,
        /// Per source of the later run, what became of the addresses and numbers that were good then.
        pub decay: Vec<Decay>,
        /// Lines of the suppression file that the earlier run did not have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub carried: Option<Carried>,
    }

    /// One of the two runs.
    pub struct RunThen {
        /// The day its decisions are for.
        pub send_date: String,
        /// Version of the program.
        pub version: String,
        /// Rows of its sources, without what it carried on from a run before.
        pub rows: u64,
        /// Contacts.
        pub contacts: u64,
        /// SHA-256 of its manifest, in lower-case hex; empty for a run that holds this very comparison.
        pub manifest_sha256: String,
    }

    /// What changed on one channel, in contacts.
    #[derive(Copy)]
    pub struct ChannelChange {
        /// Contactable in the earlier run.
        pub then: u64,
        /// Contactable in the later run.
        pub now: u64,
        /// Kept contacts that are contactable now and were not.
        pub gained: u64,
        /// Kept contacts that were contactable and are not.
        pub lost: u64,
        /// New contacts that are contactable.
        pub new: u64,
        /// Gone contacts that were contactable.
        pub gone: u64,
        /// Kept contacts that refused since.
        pub refused: u64,
        /// Kept contacts that had not refused then: the whole of the opt-out rate.
        pub unrefused: u64,
        /// Of `gained`: who had refused then.
        pub resurrected: u64,
        /// New contacts who are refused: their rows came in, and what they refused was known or came with them.
        pub refused_new: u64,
    }

    /// What became of the kept contacts of one source.
    pub struct Decay {
        /// The source of their first row.
        pub source: String,
        /// Kept contacts with an address or number that was good then.
        pub contacts: u64,
        /// Those with one that is not valid now.
        pub invalid: u64,
        /// Those whose mail came back for good since.
        pub bounced: u64,
        /// Those who refused since.
        pub refused: u64,
    }

    /// What a run with `--previous` took over.
    #[derive(Copy)]
    pub struct Carried {
        /// Lines of the earlier suppression file.
        pub lines: u64,
        /// Lines of the suppression file that no file of this run tells: they stay refused all the same.
        pub remembered: u64,
        /// Lines of points, domains and digests that the earlier run did not refuse.
        pub first_refused: u64,
        /// Contacts whom the earlier run did not have, and whom a refusal that it remembers meets: they stay refused.
        pub back: u64,
        /// People who were erased and whose rows are in the files again: they stay out of every file.
        pub erased_back: u64,
        /// Lines of `newly-suppressed.csv`.
        pub newly_suppressed: u64,
        /// Those of them whom the law allows, or orders, to be told once that their refusal took effect.
        pub confirmable: u64,
    }
}

/// Kept contacts whose decision changed alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// The channel.
    pub channel: Channel,
    /// `contactable` or `blocked`, then.
    pub was: String,
    /// The main reason then.
    pub was_reason: String,
    /// `contactable` or `blocked`, now.
    pub now: String,
    /// The main reason now.
    pub now_reason: String,
    /// What can be the cause: one or several of data, rules, lists, version, date, settings.
    pub causes: Vec<String>,
    /// How many.
    pub contacts: u64,
}
