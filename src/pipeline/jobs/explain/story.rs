//! The story of a person as data, and its form as JSON. Knows nothing of how it is found.

use serde::Serialize;

/// What a run knows about whoever goes by a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Story {
    /// What was asked for.
    pub asked: String,
    /// The day the decisions are for.
    pub send_date: String,
    /// Whether the run wrote the evidence of every decision (`--proof`).
    pub proof: bool,
    /// The contacts that go by it.
    pub people: Vec<ContactStory>,
    /// Where else the run has it: refused, rejected; one sentence each.
    pub elsewhere: Vec<String>,
}

/// A contact, and what the run says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ContactStory {
    /// Its id in the run.
    pub contact_id: String,
    /// Its name; empty where none is known.
    pub name: String,
    /// Its addresses and numbers.
    pub points: Vec<String>,
    /// How the value that was asked for belongs to it, where it is none of these as it is written; empty otherwise.
    pub asked: String,
    /// Whose law was asked, and which fact brought it.
    pub jurisdictions: String,
    /// Its rows in file order: `source:line`, and why each was joined.
    pub rows: Vec<ContactRow>,
    /// What happened, in time order, the undated last.
    pub events: Vec<TimelineEvent>,
    /// The decisions, by channel and point; on the channels of an address or number that was asked for, its own.
    pub decisions: Vec<PointDecision>,
    /// What else was found: reason, channel, place, detail.
    pub findings: Vec<ContactFinding>,
}

/// A row and what ties it to the contact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ContactRow {
    /// `source:line`.
    pub place: String,
    /// The rule that joined it; empty for a contact of one row.
    pub joined_by: String,
    /// How strongly.
    pub strength: String,
    /// The row it was matched with.
    pub matched_with: String,
}

/// An event of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineEvent {
    /// Its date as the file has it, or `undated`.
    pub when: String,
    /// The event word.
    pub event: String,
    /// `source:line`.
    pub place: String,
    /// Evidence beside it, and how it reached the point.
    pub notes: String,
    /// The channels it speaks of.
    pub channels: Vec<String>,
}

/// A decision about a point on a channel, with its legal basis or reason.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PointDecision {
    /// The channel.
    pub channel: String,
    /// The address or number it is about; empty when there is none, or none is shown.
    pub point: String,
    /// The point by which the contact is in the channel's list, where it is another one.
    pub listed: String,
    /// Whether the person may be contacted.
    pub contactable: bool,
    /// Why.
    pub reason: String,
    /// Why, as a sentence.
    pub says: String,
    /// The rule that decided.
    pub rule: String,
    /// What the rule rests on.
    pub citation: String,
    /// How far that was verified.
    pub confidence: String,
    /// The legal basis of a yes.
    pub basis: String,
    /// The legal basis that the operator stated (`--assert-basis`), since when and in whose words, where a yes rests on
    /// it.
    pub stated: String,
    /// The last day of a yes.
    pub valid_until: String,
    /// What a yes still obliges.
    pub conditions: String,
    /// Evidence that the file has of what decided.
    pub evidence_present: String,
    /// Evidence that the law wants and the file lacks.
    pub evidence_missing: String,
    /// `source:line` of what decided, apart by `; `.
    pub rests_on: String,
    /// What would change the decision.
    pub change: String,
}

/// Something else that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContactFinding {
    /// Reason id.
    pub reason: String,
    /// The channel, where it is about one.
    pub channel: String,
    /// `source:line`.
    pub place: String,
    /// More about it.
    pub detail: String,
}

impl Story {
    /// The story as JSON, ending in a line feed.
    pub fn json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}
