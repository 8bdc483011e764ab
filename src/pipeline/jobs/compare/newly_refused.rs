//! `newly-suppressed.csv`: who refused since the earlier run, and whether the law allows, or orders, to tell them once
//! that it took effect. Where a rulebook says nothing of it, the line says so: silence allows no message.
//!
//! Memory: the people who refused since; one pass over `suppression.csv` tells since when.

use crate::data::jurisdiction::{Confirmation, Rule};
use crate::data::networks;
use crate::output::{Line, OutFile};
use crate::pipeline::kit::run::header;
use crate::pipeline::kit::run_dir::RunDir;
use crate::pipeline::kit::suppression_line::point_number;
use crate::plan::CleanPlan;
use crate::record::{Channel, Failure, PointKind};
use std::collections::BTreeMap;

const NEWLY: &str = "contact_id channel point reason since source jurisdictions confirmation confirm_within \
    confirmation_note";

#[derive(Debug)]
pub(crate) struct NewRefusal {
    pub(crate) id: String,
    pub(crate) channel: Channel,
    pub(crate) point: String,
    pub(crate) reason: String,
    pub(crate) source: String,
    pub(crate) laws: String,
}

impl NewRefusal {
    /// Number of the point; none for post, of which no point is shown.
    fn number(&self) -> Option<u64> {
        let kind = match self.channel {
            Channel::Email => "email",
            _ if networks::is_written(&self.point) => "handle",
            _ => "phone",
        };
        (!self.point.is_empty()).then(|| point_number(kind, &self.point.to_lowercase()))
    }
}

/// Writes the list of who refused since the earlier run; returns the number of its lines, and of those that may be confirmed.
pub(crate) fn write(
    mut refused: Vec<NewRefusal>,
    plan: &CleanPlan,
    run: &RunDir,
    file: &mut OutFile,
) -> Result<(u64, u64), Failure> {
    find_points(&mut refused, run)?;
    let since = since(&refused, run)?;
    let safe = plan.write.spreadsheet_safe;
    file.write(&header(safe, &NEWLY.split(' ').collect::<Vec<_>>()))?;
    let mut line = Line::new(safe);
    let mut confirmable = 0;
    for refused in &refused {
        let NewRefusal { id, channel, point, reason, source, laws } = refused;
        let key = refused.number().map(|number| (number, *channel));
        let day = key.and_then(|key| since.get(&key)).map_or("", String::as_str);
        line.cells([id.as_str(), channel.word(), point, reason, day, source, laws]);
        match confirmation(plan, refused) {
            Some(told) => {
                confirmable += 1;
                line.cells([told.duty.word(), &told.within, told.note.as_deref().unwrap_or_default()]);
            }
            None => line.cells(["not said", "", ""]),
        }
        line.end();
        file.write(&line.take())?;
    }
    Ok((refused.len() as u64, confirmable))
}

/// Puts in the address or number that was refused, where `events.csv` has it: the contact may have several.
fn find_points(refused: &mut [NewRefusal], run: &RunDir) -> Result<(), Failure> {
    let kind = |channel: Channel| channel.point() == PointKind::Email;
    let wanted = refused.iter().filter_map(|r| Some((first_place(&r.source)?, kind(r.channel))));
    let mut told: BTreeMap<(String, bool), String> =
        wanted.map(|(place, email)| ((place.to_owned(), email), String::new())).collect();
    run.rows("events.csv", ["source", "line", "point"], |[source, line, point]| {
        if let Some(found) = told.get_mut(&(format!("{source}:{line}"), point.contains('@')))
            && found.is_empty()
        {
            point.clone_into(found);
        }
        Ok(())
    })?;
    for refused in refused.iter_mut().filter(|r| r.channel.point() != PointKind::Post) {
        let Some(place) = first_place(&refused.source) else { continue };
        let point = told.get(&(place.to_owned(), kind(refused.channel)));
        if let Some(point) = point.filter(|point| !point.is_empty()) {
            refused.point.clone_from(point);
        }
    }
    Ok(())
}

/// The latest day on which a point was refused on a channel; empty where no date is known.
fn since(refused: &[NewRefusal], run: &RunDir) -> Result<BTreeMap<(u64, Channel), String>, Failure> {
    let mut since: BTreeMap<(u64, Channel), String> =
        refused.iter().filter_map(|r| Some(((r.number()?, r.channel), String::new()))).collect();
    if since.is_empty() {
        return Ok(since);
    }
    let columns = ["kind", "point", "channels", "reason", "since"];
    run.rows("suppression.csv", columns, |[kind, point, channels, reason, day]| {
        if reason == "hard_bounce" {
            return Ok(());
        }
        let number = point_number(kind, point);
        for channel in channels.split(' ').filter_map(Channel::from_word) {
            if let Some(latest) = since.get_mut(&(number, channel))
                && latest.as_str() < day
            {
                day.clone_into(latest);
            }
        }
        Ok(())
    })?;
    Ok(since)
}

fn first_place(evidence: &str) -> Option<&str> {
    evidence.split("; ").next().filter(|place| !place.is_empty())
}

/// What the law says of one last message: every jurisdiction that was asked must speak of it. An overlay only adds to
/// the law below it: where it is silent, that law's word stands. Only who withdrew or objected is told; nobody who
/// complained, died or was erased.
fn confirmation<'p>(plan: &'p CleanPlan, refused: &NewRefusal) -> Option<&'p Confirmation> {
    if !matches!(refused.reason.as_str(), "refusal-withdrawn" | "refusal-objection") {
        return None;
    }
    let mut found = None;
    for law in refused.laws.split("; ") {
        let id = law.split(' ').next()?;
        let book = plan.read.rulebooks().all().iter().find(|book| book.id == id)?;
        let of_channel =
            |rule: &&Rule| rule.channels.contains(&refused.channel) && rule.in_force.has(plan.read.send_date);
        let told = book.rules.iter().filter(of_channel).find_map(|rule| rule.opt_out.confirmation.as_ref());
        match (told, &book.overlay_on) {
            (Some(told), Some(_)) => found = Some(told),
            (Some(told), None) => found = found.or(Some(told)),
            (None, Some(_)) => {}
            (None, None) => return None,
        }
    }
    found
}
