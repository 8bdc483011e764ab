//! People as an audit tells them: its directory holds no `contacts.csv`.

use crate::data::networks;
use crate::pipeline::jobs::explain::files::{PEOPLE_MAX, Record, each};
use crate::pipeline::jobs::explain::wanted::{Fit, Wanted};
use crate::record::{Channel, Failure, PointKind};
use std::path::Path;

/// The people who go by a value, or of whom an event told it, put together from the lines of `decisions.csv` as
/// `contacts.csv` would tell them. Their names stand in neither file.
pub(crate) fn people(dir: &Path, wanted: &Wanted, told: &[String]) -> Result<Vec<Record>, Failure> {
    let (mut ids, mut others): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    each(dir, "decisions.csv", |line| {
        let cell = |name: &str| line.get(name).map_or("", String::as_str);
        let id = cell("contact_id");
        let of = match wanted.fit(cell("point")) {
            _ if id == wanted.text => &mut ids,
            Some(Fit::Exact) => &mut ids,
            None if told.iter().all(|known| known != id) => return,
            Some(Fit::Alias) | None => &mut others,
        };
        if of.len() < PEOPLE_MAX && of.iter().all(|known| known != id) {
            of.push(id.to_owned());
        }
    })?;
    others.retain(|id| !ids.contains(id));
    ids.extend(others);
    ids.truncate(PEOPLE_MAX);
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
