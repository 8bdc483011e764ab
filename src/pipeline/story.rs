//! The story of one person, told from the run directory alone: the inputs may be gone.
//!
//! Reads what a run wrote, front to back, and keeps the lines that speak of the person. Knows no rule: what
//! a decision rests on was written down when it was made.

mod proof;
mod remedy;
mod text;

use crate::data::networks;
use crate::reason::Reason;
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
    /// Whose law was asked, and which fact brought it.
    pub jurisdictions: String,
    /// Its rows in file order: `source:line`, and why each was joined.
    pub rows: Vec<RowTold>,
    /// What happened, in time order, the undated last.
    pub events: Vec<Step>,
    /// The decisions, by channel and point.
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

type Record = BTreeMap<String, String>;

/// Looks a value up in a run directory: an e-mail address, a telephone number, a contact id or a whole name.
pub fn story(dir: &Path, value: &str) -> Result<Story, Failure> {
    let report = report(dir)?;
    let wanted = Wanted::of(value);
    let mut people = Vec::new();
    if dir.join("contacts.csv").exists() {
        each(dir, "contacts.csv", |record| {
            if people.len() < PEOPLE_MAX && wanted.is(&record) {
                people.push(record);
            }
        })?;
    } else {
        people = proof::people(dir, &wanted)?;
    }
    let cites = citations(&report);
    let proof = dir.join("decisions.csv").exists();
    let mut found = Vec::new();
    for record in &people {
        found.push(person(dir, record, &cites, proof)?);
    }
    let elsewhere = if found.is_empty() { elsewhere(dir, &wanted)? } else { Vec::new() };
    Ok(Story {
        asked: value.to_owned(),
        send_date: report["run"]["send_date"].as_str().unwrap_or_default().to_owned(),
        proof,
        people: found,
        elsewhere,
    })
}

/// An office address may be shared by many; more than these are not told.
const PEOPLE_MAX: usize = 5;

/// What is looked for, in the forms in which outputs may hold it.
struct Wanted {
    text: String,
    digits: String,
}

impl Wanted {
    fn of(value: &str) -> Self {
        let handle = networks::read(None, value).filter(|handle| handle.valid);
        let text = handle.map_or_else(|| value.trim().to_lowercase(), |handle| handle.text);
        let number = text.chars().all(|c| c.is_ascii_digit() || "+()-./ \u{a0}".contains(c));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0').to_owned();
        Self { digits: if number && digits.len() >= 5 { digits } else { String::new() }, text }
    }

    fn is(&self, contact: &Record) -> bool {
        let cell = |name: &str| contact.get(name).map_or("", String::as_str);
        if cell("contact_id") == self.text {
            return true;
        }
        let listed = |name: &str| cell(name).split("; ").any(|point| self.is_point(point));
        let name = [cell("first_name"), cell("last_name")].join(" ").to_lowercase();
        let full = cell("full_name").to_lowercase();
        let named = self.text.contains(' ') && (name == self.text || full == self.text);
        listed("emails") || listed("phones") || listed("social_handles") || named
    }

    /// A number written for use at home fits one that ends in it.
    fn is_point(&self, point: &str) -> bool {
        if point.to_lowercase() == self.text && !point.is_empty() {
            return true;
        }
        // `@foo` is whoever goes by that name in some network.
        if self.text.starts_with('@') && networks::is_written(point) {
            return point.split_once(':').is_some_and(|(_, name)| name == &self.text[1..]);
        }
        let digits = point.strip_prefix('+').filter(|_| !self.digits.is_empty());
        digits.is_some_and(|digits| {
            digits == self.digits || self.digits.len() >= 7 && digits.ends_with(&self.digits)
        })
    }
}

fn report(dir: &Path) -> Result<serde_json::Value, Failure> {
    let name = dir.join("report.json");
    let at = || dir.display().to_string();
    let bytes = std::fs::read(&name).map_err(|e| {
        Failure::io("read report.json", at(), &e)
            .hint("give the directory that `contactable clean` or `contactable audit` wrote")
    })?;
    serde_json::from_slice(&bytes).map_err(|_| Failure::usage("report.json is damaged").at(at()))
}

/// Every record of a file of the run, by its headers; a file that this run does not have has none.
fn each(dir: &Path, name: &str, mut tell: impl FnMut(Record)) -> Result<(), Failure> {
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

/// Citation and confidence of every rule that the report names.
fn citations(report: &serde_json::Value) -> BTreeMap<String, (String, String)> {
    let mut all = BTreeMap::new();
    let books = report["run"]["rulebooks"].as_array();
    for rule in books.into_iter().flatten().filter_map(|book| book["rules"].as_array()).flatten() {
        let text = |key: &str| rule[key].as_str().unwrap_or_default().to_owned();
        all.insert(text("id"), (text("citation"), text("confidence")));
    }
    all
}

fn person(
    dir: &Path,
    contact: &Record,
    cites: &BTreeMap<String, (String, String)>,
    proof: bool,
) -> Result<Person, Failure> {
    let cell = |name: &str| contact.get(name).cloned().unwrap_or_default();
    let id = cell("contact_id");
    let full = cell("full_name");
    let parts = [cell("first_name"), cell("last_name")].join(" ").trim().to_owned();
    let points = [cell("emails"), cell("phones"), cell("social_handles")];
    let points = points.iter().flat_map(|p| p.split("; ")).filter(|p| !p.is_empty()).map(str::to_owned);
    let mut person = Person {
        name: if parts.is_empty() { full } else { parts },
        points: points.collect(),
        jurisdictions: cell("jurisdictions"),
        rows: cell("sources").split("; ").map(lone).collect(),
        events: Vec::new(),
        decisions: Vec::new(),
        findings: Vec::new(),
        contact_id: id.clone(),
    };
    each(dir, "merges.csv", |merge| joined(&mut person, &id, &merge))?;
    each(dir, "findings.csv", |found| {
        if found.get("contact_id") == Some(&id) {
            person.findings.push(finding(&found));
        }
    })?;
    if proof {
        each(dir, "decisions.csv", |line| {
            if line.get("contact_id") == Some(&id) {
                steps(&mut person.events, &line);
                person.decisions.push(proven(&line, contact));
            }
        })?;
    } else {
        person.decisions = plain_decisions(contact);
    }
    each(dir, "events.csv", |line| outside(&mut person.events, &id, &line))?;
    person.events.sort_by_key(|step| (step.when == "undated", step.when.clone(), step.place.clone()));
    for decision in &mut person.decisions {
        if let Some((citation, confidence)) = cites.get(&decision.rule) {
            decision.citation.clone_from(citation);
            decision.confidence.clone_from(confidence);
        }
        let reason = Reason::from_id(&decision.reason);
        decision.says = reason.map_or(String::new(), |r| r.sentence().to_owned());
        decision.change = remedy::change(decision);
    }
    Ok(person)
}

fn lone(place: &str) -> RowTold {
    let place = place.to_owned();
    RowTold { place, joined_by: String::new(), strength: String::new(), matched_with: String::new() }
}

fn joined(person: &mut Person, id: &str, merge: &Record) {
    let cell = |name: &str| merge.get(name).cloned().unwrap_or_default();
    if cell("contact_id") != id {
        return;
    }
    let place = format!("{}:{}", cell("source"), cell("line"));
    if let Some(row) = person.rows.iter_mut().find(|row| row.place == place) {
        row.joined_by = cell("rule");
        row.strength = cell("strength");
        row.matched_with = cell("matched_with");
    }
}

fn finding(line: &Record) -> Found {
    let cell = |name: &str| line.get(name).cloned().unwrap_or_default();
    let place = format!("{}:{}", cell("source"), cell("line"));
    Found { reason: cell("reason"), channel: cell("channel"), place, detail: cell("detail") }
}

/// The decision of a line of `decisions.csv`; what a yes obliges stood in `contacts.csv` alone once.
fn proven(line: &Record, contact: &Record) -> Decided {
    let cell = |name: &str| line.get(name).cloned().unwrap_or_default();
    let channel = cell("channel");
    let contactable = cell("decision") == "contactable";
    let conditions = format!("{}_conditions", channel.replace('-', "_"));
    let told = line.get("conditions");
    Decided {
        point: cell("point"),
        contactable,
        reason: cell("reason"),
        rule: cell("rule"),
        basis: cell("basis"),
        valid_until: cell("valid_until"),
        conditions: told
            .or_else(|| contact.get(&conditions))
            .filter(|_| contactable)
            .cloned()
            .unwrap_or_default(),
        evidence_present: cell("evidence_present"),
        evidence_missing: cell("evidence_missing"),
        rests_on: cell("rests_on"),
        channel,
        ..Decided::default()
    }
}

/// The decisions that `contacts.csv` tells, where no proof was written.
fn plain_decisions(contact: &Record) -> Vec<Decided> {
    let channels = crate::record::Channel::ALL.iter().map(|c| c.word());
    let of = |channel: &str| {
        let word = channel.replace('-', "_");
        let cell = |name: &str| contact.get(&format!("{word}_{name}")).cloned().unwrap_or_default();
        contact.get(&format!("{word}_decision")).map(|decision| Decided {
            channel: channel.to_owned(),
            contactable: decision == "contactable",
            reason: cell("reason"),
            rule: cell("rule"),
            basis: cell("basis"),
            valid_until: cell("valid_until"),
            conditions: cell("conditions"),
            rests_on: cell("evidence"),
            ..Decided::default()
        })
    };
    channels.filter_map(of).collect()
}

/// The events of a line of `decisions.csv`: `2026-01-01 consent_given crm.csv:2 [method]; …`.
fn steps(events: &mut Vec<Step>, line: &Record) {
    let cell = |name: &str| line.get(name).map_or("", String::as_str);
    for text in cell("events").split("; ").filter(|text| !text.is_empty()) {
        let (text, notes) = match text.strip_suffix(']').and_then(|t| t.split_once(" [")) {
            Some((text, notes)) => (text, notes),
            None => (text, ""),
        };
        let mut parts = text.splitn(3, ' ');
        let (Some(mut when), Some(mut event), Some(mut place)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        // Two readings of one date.
        if event == "or" {
            let mut later = place.splitn(3, ' ');
            (when, event, place) = match (later.next(), later.next(), later.next()) {
                (Some(second), Some(event), Some(place)) => {
                    (&text[..when.len() + " or ".len() + second.len()], event, place)
                }
                _ => continue,
            };
        }
        step(events, (when, event, place, notes), cell("channel"));
    }
}

/// Adds an event, or the channel to an event that is known already. Of the ways in which it reached the
/// person's points the shortest is told: the exact one says least.
fn step(events: &mut Vec<Step>, (when, event, place, notes): (&str, &str, &str, &str), channel: &str) {
    let same = |s: &&mut Step| s.when == when && s.event == event && s.place == place;
    match events.iter_mut().find(same) {
        Some(known) => {
            if known.channels.iter().all(|c| c != channel) {
                known.channels.push(channel.to_owned());
            }
            if notes.len() < known.notes.len() {
                notes.clone_into(&mut known.notes);
            }
        }
        None => events.push(Step {
            when: when.to_owned(),
            event: event.to_owned(),
            place: place.to_owned(),
            notes: notes.to_owned(),
            channels: vec![channel.to_owned()],
        }),
    }
}

/// An event that a file of refusals or events told, unless the proof has it already.
fn outside(events: &mut Vec<Step>, id: &str, line: &Record) {
    let cell = |name: &str| line.get(name).map_or("", String::as_str);
    if !cell("contact_ids").split("; ").any(|known| known == id) {
        return;
    }
    let place = format!("{}:{}", cell("source"), cell("line"));
    if events.iter().any(|step| step.place == place && step.event == cell("event")) {
        return;
    }
    let when = if cell("at").is_empty() { "undated" } else { cell("at") };
    for channel in cell("channel").split(' ').map(|c| c.trim_end_matches(';')) {
        step(events, (when, cell("event"), &place, ""), channel);
    }
}

/// What a run holds of somebody who is none of its contacts.
fn elsewhere(dir: &Path, wanted: &Wanted) -> Result<Vec<String>, Failure> {
    let mut told = Vec::new();
    each(dir, "suppression.csv", |line| {
        let cell = |name: &str| line.get(name).map_or("", String::as_str);
        if wanted.is_point(cell("point")) {
            let since = if cell("since").is_empty() { "an unknown day" } else { cell("since") };
            told.push(format!(
                "It must not be contacted by {}: {} since {since} ({}).",
                cell("channels"),
                cell("reason").replace('_', " "),
                cell("source")
            ));
        }
    })?;
    if !dir.join("suppression.csv").exists() {
        proof::refusals(dir, wanted, &mut told)?;
    }
    each(dir, "rejected.csv", |line| {
        let cell = |name: &str| line.get(name).map_or("", String::as_str);
        if wanted.text.len() > 4 && cell("original").to_lowercase().contains(&wanted.text) {
            let reason = Reason::from_id(cell("reason")).map_or("", |r| r.sentence());
            told.push(format!(
                "A row with it could not be used ({}:{}): {reason}",
                cell("source"),
                cell("line")
            ));
        }
    })?;
    told.dedup();
    Ok(told)
}

impl Story {
    /// The story as JSON, ending in a line feed.
    pub fn json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}
