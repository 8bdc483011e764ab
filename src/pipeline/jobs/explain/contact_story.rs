//! The story of one person, told from the run directory alone: the inputs may be gone.
//!
//! Reads what a run wrote, front to back, and keeps the lines that speak of the person. Knows no rule: what
//! a decision rests on was written down when it was made.

use crate::pipeline::jobs::explain::files::{
    Decided, Found, PEOPLE_MAX, Person, Record, RowTold, Step, Story, each,
};
use crate::pipeline::jobs::explain::standing::Standing;
use crate::pipeline::jobs::explain::wanted::{Fit, Wanted};
use crate::pipeline::jobs::explain::{asked, proof, remedy, standing};
use crate::reason::Reason;
use crate::record::Failure;
use std::collections::BTreeMap;
use std::path::Path;

/// Looks a value up in a run directory: an e-mail address, a telephone number, a contact id or a whole name.
///
/// # Errors
/// An empty value; a directory that is none of a run, or damaged.
pub fn story(dir: &Path, value: &str) -> Result<Story, Failure> {
    let wanted = Wanted::of(value)?;
    let report = report(dir)?;
    let people = people(dir, &wanted)?;
    let standing = standing::of(dir, &wanted)?;
    let mut found = Vec::new();
    for record in &people {
        let mut person = person(dir, record)?;
        if wanted.kind().is_some() {
            asked::answer(dir, &mut person, record, (&wanted, &standing))?;
        }
        explain(&mut person, &report);
        found.push(person);
    }
    let elsewhere = if found.is_empty() { elsewhere(dir, &wanted, &standing)? } else { Vec::new() };
    Ok(Story {
        asked: value.to_owned(),
        send_date: report["run"]["send_date"].as_str().unwrap_or_default().to_owned(),
        proof: is_proven(dir),
        people: found,
        elsewhere,
    })
}

/// Whether the run wrote the evidence of every decision.
fn is_proven(dir: &Path) -> bool {
    dir.join("decisions.csv").exists()
}

/// The contacts that go by the value: first those that hold it as it stands, then those whose mailbox it reaches and
/// those of whom an event told it.
pub(crate) fn people(dir: &Path, wanted: &Wanted) -> Result<Vec<Record>, Failure> {
    let mut told = Vec::new();
    each(dir, "events.csv", |line| {
        if told.len() < PEOPLE_MAX && line.get("point").is_some_and(|point| wanted.fit(point).is_some()) {
            let ids = line.get("contact_ids").map_or("", String::as_str).split("; ");
            told.extend(ids.filter(|id| !id.is_empty()).map(str::to_owned));
        }
    })?;
    if !dir.join("contacts.csv").exists() {
        return proof::people(dir, wanted, &told);
    }
    let (mut people, mut others) = (Vec::new(), Vec::new());
    each(dir, "contacts.csv", |record| {
        let of = match wanted.fits(&record) {
            Some(Fit::Exact) => &mut people,
            None if record.get("contact_id").is_none_or(|id| !told.contains(id)) => return,
            Some(Fit::Alias) | None => &mut others,
        };
        if of.len() < PEOPLE_MAX {
            of.push(record);
        }
    })?;
    people.extend(others);
    people.truncate(PEOPLE_MAX);
    Ok(people)
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

/// A contact as the files of the run tell it.
fn person(dir: &Path, contact: &Record) -> Result<Person, Failure> {
    let cell = |name: &str| contact.get(name).cloned().unwrap_or_default();
    let id = cell("contact_id");
    let full = cell("full_name");
    let parts = [cell("first_name"), cell("last_name")].join(" ").trim().to_owned();
    let points = [cell("emails"), cell("phones"), cell("social_handles")];
    let points = points.iter().flat_map(|p| p.split("; ")).filter(|p| !p.is_empty()).map(str::to_owned);
    let mut person = Person {
        name: if parts.is_empty() { full } else { parts },
        points: points.collect(),
        asked: String::new(),
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
    if is_proven(dir) {
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
    Ok(person)
}

/// Adds to each decision what its reason and its rule say, and what would change it.
fn explain(person: &mut Person, report: &serde_json::Value) {
    let cites = citations(report);
    for decision in &mut person.decisions {
        if let Some((citation, confidence)) = cites.get(&decision.rule) {
            decision.citation.clone_from(citation);
            decision.confidence.clone_from(confidence);
        }
        if decision.says.is_empty() {
            let reason = Reason::from_id(&decision.reason);
            decision.says = reason.map_or(String::new(), |r| r.sentence().to_owned());
        }
        decision.stated = stated(decision, report);
        decision.change = remedy::change(decision);
    }
}

/// The ground that a yes has by the operator's word alone, as the report tells it.
pub(crate) fn stated(decision: &Decided, report: &serde_json::Value) -> String {
    if !decision.contactable || decision.reason != Reason::BasisAsserted.id() {
        return String::new();
    }
    let places = || decision.rests_on.split("; ").filter_map(|place| place.rsplit_once(':'));
    let mut all: Vec<String> = Vec::new();
    for told in report["asserted"].as_array().into_iter().flatten() {
        let text = |key: &str| told[key].as_str().unwrap_or_default();
        if text("channel") == decision.channel && places().any(|(source, _)| source == text("source")) {
            let basis = text("basis").replace('_', " ");
            all.push(format!("{basis} since {}, in {}: {}", text("date"), text("source"), text("text")));
        }
    }
    all.join("; ")
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
pub(crate) fn elsewhere(dir: &Path, wanted: &Wanted, standing: &[Standing]) -> Result<Vec<String>, Failure> {
    let mut told: Vec<String> = standing.iter().map(Standing::says).collect();
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
