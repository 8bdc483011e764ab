//! The story of a person as data, and the lines of a run directory it is read from.

use crate::record::Failure;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

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
    pub people: Vec<Person>,
    /// Where else it stands: refused, rejected; one sentence each.
    pub elsewhere: Vec<String>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Its id in the run.
    pub contact_id: String,
    /// Its name, as far as one is told.
    pub name: String,
    /// Its addresses and numbers.
    pub points: Vec<String>,
    /// How what was asked for belongs to it, where it is none of these as it stands; empty otherwise.
    pub asked: String,
    /// Whose law was asked, and which fact brought it.
    pub jurisdictions: String,
    /// Its rows in file order: `source:line`, and why each was joined.
    pub rows: Vec<RowTold>,
    /// What happened, in time order, the undated last.
    pub events: Vec<Step>,
    /// The decisions, by channel and point; on the channels of an address or number that was asked for, its own.
    pub decisions: Vec<Decided>,
    /// What else was found: reason, channel, place, detail.
    pub findings: Vec<Found>,
}

/// A row and what ties it to the contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowTold {
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
pub struct Step {
    /// Its date as told, or `undated`.
    pub when: String,
    /// The event word.
    pub event: String,
    /// `source:line`.
    pub place: String,
    /// What was told beside it, and how it reached the point.
    pub notes: String,
    /// The channels it speaks of.
    pub channels: Vec<String>,
}

/// A decision with its grounds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Decided {
    /// The channel.
    pub channel: String,
    /// The address or number it is about; empty when there is none, or none was told.
    pub point: String,
    /// The point by which the contact stands in the channel's list, where it is another one.
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
    /// The ground of a yes.
    pub basis: String,
    /// The ground that the operator stated (`--assert-basis`), since when and in whose words, where a yes rests on it.
    pub stated: String,
    /// The last day of a yes.
    pub valid_until: String,
    /// What a yes still obliges.
    pub conditions: String,
    /// Evidence the file tells of what decided.
    pub evidence_present: String,
    /// Evidence that the law wants and the file lacks.
    pub evidence_missing: String,
    /// Where what decided stands.
    pub rests_on: String,
    /// What would change the decision.
    pub change: String,
}

/// Something else that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Reason id.
    pub reason: String,
    /// The channel, where it is about one.
    pub channel: String,
    /// `source:line`.
    pub place: String,
    /// More about it.
    pub detail: String,
}

pub(crate) type Record = BTreeMap<String, String>;

/// Every record of a file of the run, by its headers; a file that this run does not have has none.
pub(crate) fn each(dir: &Path, name: &str, mut tell: impl FnMut(Record)) -> Result<(), Failure> {
    let path = dir.join(name);
    if !path.exists() {
        return Ok(());
    }
    let damaged = |_| Failure::run("the file is damaged").at(name);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(damaged)?;
    let headers = reader.headers().map_err(damaged)?.clone();
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        // Cells guarded for a spreadsheet are read without their guard.
        let plain = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
        tell(headers.iter().map(str::to_owned).zip(record.iter().map(plain)).collect());
    }
    Ok(())
}

impl Story {
    /// The story as JSON, ending in a line feed.
    pub fn json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

/// An office address may be shared by many; more than these are not told.
pub(crate) const PEOPLE_MAX: usize = 5;
