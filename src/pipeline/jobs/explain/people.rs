//! The contacts of a run that go by a value: lines of `contacts.csv`, or of an audit, which has no such file, what
//! `decisions.csv` says of them.

use crate::data::networks;
use crate::link::NameCells;
use crate::pipeline::jobs::explain::lookup::{Fit, Lookup};
use crate::pipeline::kit::cells::listed;
use crate::pipeline::kit::run_dir::{KNOWN_BY, RunDir};
use crate::record::{Channel, Failure, PointKind};
use std::collections::BTreeMap;

/// The cells of a line of `contacts.csv`, by column.
pub(crate) type ContactCells = BTreeMap<String, String>;

/// Contacts of one story at most: an office address may be shared by many.
const PEOPLE_MAX: usize = 5;

/// The contacts that go by the value: first those that hold it as it stands, then those whose mailbox it reaches and
/// those of whom an event has it; where there are none, those of that family name. Fails where a file is damaged.
pub(crate) fn find(run: &RunDir, lookup: &Lookup) -> Result<Vec<ContactCells>, Failure> {
    let mut told: Vec<String> = Vec::new();
    run.rows("events.csv", ["contact_ids", "point"], |[ids, point]| {
        if told.len() < PEOPLE_MAX && lookup.fit(point).is_some() {
            told.extend(ids.split("; ").filter(|id| !id.is_empty()).map(str::to_owned));
        }
        Ok(())
    })?;
    if !run.has("contacts.csv") {
        return find_in_audit(run, lookup, &told);
    }
    let (mut exact, mut others, mut of_family) = (Vec::new(), Vec::new(), Vec::new());
    let mut places = None;
    run.each("contacts.csv", |row| {
        let places = *places.get_or_insert_with(|| KNOWN_BY.map(|name| row.place(name)));
        let [id, first, middle, last, full, suffix, points @ ..] = places.map(|at| row.at(at));
        let name = NameCells { first, middle, last, full, suffix };
        let by_point = || points.iter().flat_map(|cell| cell.split("; ")).filter_map(|p| lookup.fit(p)).max();
        let fit = if id == lookup.text { Some(Fit::Exact) } else { lookup.fit_name(name).max(by_point()) };
        let of = match fit {
            Some(Fit::Exact) => &mut exact,
            Some(Fit::Alias) => &mut others,
            _ if told.iter().any(|known| known == id) => &mut others,
            Some(Fit::FamilyName) => &mut of_family,
            None => return Ok(()),
        };
        if of.len() < PEOPLE_MAX {
            let cells = row.columns().map(|column| (column.to_owned(), row.cell(column).to_owned()));
            of.push(cells.collect());
        }
        Ok(())
    })?;
    exact.append(&mut others);
    exact.truncate(PEOPLE_MAX);
    Ok(if exact.is_empty() { of_family } else { exact })
}

/// The people of an audit who go by the value or have it in an event, from `decisions.csv`; no file tells their names.
fn find_in_audit(run: &RunDir, lookup: &Lookup, told: &[String]) -> Result<Vec<ContactCells>, Failure> {
    let (mut ids, mut others): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    run.rows("decisions.csv", ["contact_id", "point"], |[id, point]| {
        let of = match lookup.fit(point) {
            _ if id == lookup.text => &mut ids,
            Some(Fit::Exact) => &mut ids,
            None if told.iter().all(|known| known != id) => return Ok(()),
            _ => &mut others,
        };
        if of.len() < PEOPLE_MAX && of.iter().all(|known| known != id) {
            of.push(id.to_owned());
        }
        Ok(())
    })?;
    others.retain(|id| !ids.contains(id));
    ids.append(&mut others);
    ids.truncate(PEOPLE_MAX);
    let begin = |id: &String| ContactCells::from([("contact_id".to_owned(), id.clone())]);
    let mut people: Vec<ContactCells> = ids.iter().map(begin).collect();
    let columns = ["contact_id", "channel", "point", "jurisdictions", "rows"];
    run.rows("decisions.csv", columns, |[id, channel, point, jurisdictions, rows]| {
        let Some(at) = ids.iter().position(|known| known == id) else { return Ok(()) };
        let person = &mut people[at];
        for (column, cell) in [("jurisdictions", jurisdictions), ("sources", rows)] {
            person.entry(column.to_owned()).or_insert_with(|| cell.to_owned());
        }
        let column = match Channel::from_word(channel).map(Channel::point) {
            Some(PointKind::Email) => "emails",
            Some(PointKind::Phone) if networks::is_written(point) => "social_handles",
            Some(PointKind::Phone) => "phones",
            Some(PointKind::Post | PointKind::Handle) | None => return Ok(()),
        };
        let known = person.entry(column.to_owned()).or_default();
        if !point.is_empty() && known.split("; ").all(|other| other != point) {
            listed(known, "; ", point);
        }
        Ok(())
    })?;
    Ok(people)
}
