//! People and refusals as an audit tells them: its directory holds neither `contacts.csv` nor `suppression.csv`.

use super::{PEOPLE_MAX, Record, Wanted, each};
use crate::data::networks;
use crate::record::{Channel, EventKind, Failure, PointKind};
use std::path::Path;

/// The people who go by a value, put together from the lines of `decisions.csv` as `contacts.csv` would tell them.
/// Their names stand in neither file.
pub(super) fn people(dir: &Path, wanted: &Wanted) -> Result<Vec<Record>, Failure> {
    let mut ids: Vec<String> = Vec::new();
    each(dir, "decisions.csv", |line| {
        let cell = |name: &str| line.get(name).map_or("", String::as_str);
        let id = cell("contact_id");
        let goes_by = wanted.is_point(cell("point")) || id == wanted.text;
        if goes_by && ids.len() < PEOPLE_MAX && ids.iter().all(|known| known != id) {
            ids.push(id.to_owned());
        }
    })?;
    let mut people: Vec<Record> =
        ids.iter().map(|id| Record::from([("contact_id".into(), id.clone())])).collect();
    each(dir, "decisions.csv", |line| {
        let cell = |name: &str| line.get(name).map_or("", String::as_str);
        let Some(at) = ids.iter().position(|id| id == cell("contact_id")) else { return };
        let person = &mut people[at];
        for (theirs, ours) in [("jurisdictions", "jurisdictions"), ("rows", "sources")] {
            person.entry(ours.to_owned()).or_insert_with(|| cell(theirs).to_owned());
        }
        let points = match Channel::from_word(cell("channel")).map(Channel::point) {
            Some(PointKind::Email) => "emails",
            Some(PointKind::Phone) if networks::is_written(cell("point")) => "social_handles",
            Some(PointKind::Phone) => "phones",
            Some(PointKind::Post | PointKind::Handle) | None => return,
        };
        let known = person.entry(points.to_owned()).or_default();
        let point = cell("point");
        if !point.is_empty() && known.split("; ").all(|other| other != point) {
            if !known.is_empty() {
                known.push_str("; ");
            }
            known.push_str(point);
        }
    })?;
    Ok(people)
}

/// What files of refusals told of somebody who is no contact.
pub(super) fn refusals(dir: &Path, wanted: &Wanted, told: &mut Vec<String>) -> Result<(), Failure> {
    each(dir, "events.csv", |line| {
        let cell = |name: &str| line.get(name).map_or("", String::as_str);
        let kind = EventKind::from_word(cell("event"));
        let refuses = kind.is_some_and(EventKind::suppresses);
        if refuses && wanted.is_point(cell("point")) {
            let since = if cell("at").is_empty() { "an unknown day" } else { cell("at") };
            told.push(format!(
                "It must not be contacted by {}: {} since {since} ({}:{}).",
                cell("channel"),
                cell("event").replace('_', " "),
                cell("source"),
                cell("line")
            ));
        }
    })
}
