//! What the files of a run say of its contacts: rows, events, decisions, findings. Each file is read once, front to
//! back.

use crate::pipeline::jobs::explain::people::ContactCells;
use crate::pipeline::jobs::explain::story::{
    ContactFinding, ContactRow, ContactStory, PointDecision, TimelineEvent,
};
use crate::pipeline::kit::run_dir::RunDir;
use crate::record::{Channel, Failure};

/// The stories of these contacts, in their order; fails where a file of the run is damaged.
pub(crate) fn read(run: &RunDir, contacts: &[ContactCells]) -> Result<Vec<ContactStory>, Failure> {
    let mut people: Vec<ContactStory> = contacts.iter().map(begin).collect();
    let columns = ["contact_id", "source", "line", "rule", "strength", "matched_with"];
    run.rows("merges.csv", columns, |[id, source, line, rule, strength, matched_with]| {
        for person in people.iter_mut().filter(|person| person.contact_id == id) {
            let place = format!("{source}:{line}");
            if let Some(row) = person.rows.iter_mut().find(|row| row.place == place) {
                [row.joined_by, row.strength, row.matched_with] =
                    [rule, strength, matched_with].map(str::to_owned);
            }
        }
        Ok(())
    })?;
    let columns = ["contact_id", "source", "line", "channel", "reason", "detail"];
    run.rows("findings.csv", columns, |[id, source, line, channel, reason, detail]| {
        for person in people.iter_mut().filter(|person| person.contact_id == id) {
            let [reason, channel, detail] = [reason, channel, detail].map(str::to_owned);
            let place = format!("{source}:{line}");
            person.findings.push(ContactFinding { reason, channel, place, detail });
        }
        Ok(())
    })?;
    if run.has("decisions.csv") {
        // The proof has one for each point and channel, with its events.
        run.each("decisions.csv", |row| {
            let id = row.cell("contact_id");
            for person in people.iter_mut().filter(|person| person.contact_id == id) {
                add_proven(&mut person.events, row.cell("channel"), row.cell("events"));
                let decided = decision(row.cell("channel"), |name| row.cell(name));
                let conditions = if decided.contactable { decided.conditions } else { String::new() };
                person.decisions.push(PointDecision { conditions, ..decided });
            }
            Ok(())
        })?;
    } else {
        for (person, contact) in people.iter_mut().zip(contacts) {
            person.decisions = main_decisions(contact);
        }
    }
    outside_events(run, &mut people)?;
    for person in &mut people {
        person.events.sort_by_key(|e| (e.when == "undated", e.when.clone(), e.place.clone()));
    }
    Ok(people)
}

/// A contact as its own line of `contacts.csv` has it.
fn begin(contact: &ContactCells) -> ContactStory {
    let cell = |name: &str| contact.get(name).map_or("", String::as_str);
    let parts = [cell("first_name"), cell("last_name")].join(" ").trim().to_owned();
    let points = ["emails", "phones", "social_handles"].into_iter().flat_map(|name| cell(name).split("; "));
    let row = |place: &str| ContactRow { place: place.to_owned(), ..ContactRow::default() };
    ContactStory {
        contact_id: cell("contact_id").to_owned(),
        name: if parts.is_empty() { cell("full_name").to_owned() } else { parts },
        points: points.filter(|point| !point.is_empty()).map(str::to_owned).collect(),
        jurisdictions: cell("jurisdictions").to_owned(),
        rows: cell("sources").split("; ").map(row).collect(),
        ..ContactStory::default()
    }
}

/// The decisions that a line of `contacts.csv` holds, one for each channel.
fn main_decisions(contact: &ContactCells) -> Vec<PointDecision> {
    let of = |channel: Channel| {
        let word = channel.word().replace('-', "_");
        let cell = |name: &str| contact.get(&format!("{word}_{name}")).map_or("", String::as_str);
        contact.get(&format!("{word}_decision"))?;
        Some(decision(channel.word(), |name| match name {
            // The sources' own columns may have any name.
            "point" | "evidence_present" | "evidence_missing" => "",
            "rests_on" => cell("evidence"),
            name => cell(name),
        }))
    };
    Channel::ALL.into_iter().filter_map(of).collect()
}

/// A decision on a channel by its cells; a cell of no column is empty.
fn decision<'r>(channel: &str, cell: impl Fn(&str) -> &'r str) -> PointDecision {
    let owned = |name: &str| cell(name).to_owned();
    PointDecision {
        channel: channel.to_owned(),
        point: owned("point"),
        contactable: cell("decision") == "contactable",
        reason: owned("reason"),
        rule: owned("rule"),
        basis: owned("basis"),
        valid_until: owned("valid_until"),
        conditions: owned("conditions"),
        evidence_present: owned("evidence_present"),
        evidence_missing: owned("evidence_missing"),
        rests_on: owned("rests_on"),
        ..PointDecision::default()
    }
}

/// The events of a line of `decisions.csv`: `2026-01-01 consent_given crm.csv:2 [method]; …`.
fn add_proven(timeline: &mut Vec<TimelineEvent>, channel: &str, events: &str) {
    for text in events.split("; ").filter(|text| !text.is_empty()) {
        let (text, notes) =
            text.strip_suffix(']').and_then(|text| text.split_once(" [")).unwrap_or((text, ""));
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
        let [when, event, place, notes, channel] = [when, event, place, notes, channel].map(str::to_owned);
        add(timeline, TimelineEvent { when, event, place, notes, channels: vec![channel] });
    }
}

/// Adds an event, or its channels to a known one; of the ways it reached the points the shortest, as the most exact.
fn add(timeline: &mut Vec<TimelineEvent>, told: TimelineEvent) {
    let same = |e: &TimelineEvent| e.when == told.when && e.event == told.event && e.place == told.place;
    let Some(known) = timeline.iter_mut().find(|known| same(known)) else { return timeline.push(told) };
    for channel in told.channels {
        if !known.channels.contains(&channel) {
            known.channels.push(channel);
        }
    }
    if told.notes.len() < known.notes.len() {
        known.notes = told.notes;
    }
}

/// Adds the events that files of refusals or events have of the contacts, unless the proof has them already.
fn outside_events(run: &RunDir, people: &mut [ContactStory]) -> Result<(), Failure> {
    let columns = ["contact_ids", "channel", "event", "at", "source", "line"];
    run.rows("events.csv", columns, |[ids, channels, event, at, source, line]| {
        for person in people.iter_mut().filter(|person| ids.split("; ").any(|id| id == person.contact_id)) {
            let place = format!("{source}:{line}");
            if person.events.iter().any(|known| known.place == place && known.event == event) {
                continue;
            }
            let when = if at.is_empty() { "undated" } else { at }.to_owned();
            let channels = channels.split(' ').map(|channel| channel.trim_end_matches(';').to_owned());
            let (event, notes, channels) = (event.to_owned(), String::new(), channels.collect());
            add(&mut person.events, TimelineEvent { when, event, place, notes, channels });
        }
        Ok(())
    })
}
