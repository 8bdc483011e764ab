//! The decisions for the very value that was asked about, where it is an address or number: a contact may be reached
//! at one of its points while another refused, and a yes to one is no answer about the other.

use crate::consent::blocking_reason;
use crate::pipeline::jobs::explain::files::{Decided, Person, Record, each};
use crate::pipeline::jobs::explain::standing::Standing;
use crate::pipeline::jobs::explain::wanted::{Fit, Wanted};
use crate::reason::Reason;
use crate::record::{Channel, Failure};
use std::path::Path;

/// What is said where a run without `--proof` holds another point of the contact in its list.
const NOT_CLEARED: &str =
    "The list of this run does not hold it; what it lacks is told by a run made with --proof.";

/// What is said of another spelling, against which nothing stands.
const OTHER_SPELLING: &str =
    "The list of this run does not hold it in this spelling, and consent does not move.";

/// Turns the decisions of a contact into those for the value, on every channel over which it is reached. `contact` is
/// its line of `contacts.csv`, or what an audit tells of it.
pub(crate) fn answer(
    dir: &Path,
    person: &mut Person,
    contact: &Record,
    (wanted, standing): (&Wanted, &[Standing]),
) -> Result<(), Failure> {
    let points: Vec<&String> = person.points.iter().filter(|point| wanted.fit(point).is_some()).collect();
    let exact = points.iter().any(|point| wanted.fit(point) == Some(Fit::Exact));
    if let Some(other) = points.first().filter(|_| !exact) {
        person.asked = format!(
            "{} reaches the same mailbox as {other}: what is refused to one is refused to both, consent is not.",
            wanted.text
        );
    }
    let asked = Asked { dir, person, contact, wanted, standing, exact };
    let mut decisions = Vec::new();
    let mut channels: Vec<&str> = Vec::new();
    for decision in &person.decisions {
        if !wanted.is_reached_by(&decision.channel) {
            decisions.push(decision.clone());
        } else if !channels.contains(&decision.channel.as_str()) {
            channels.push(&decision.channel);
            decisions.push(asked.on(&decision.channel)?);
        }
    }
    person.decisions = decisions;
    Ok(())
}

struct Asked<'a> {
    dir: &'a Path,
    person: &'a Person,
    contact: &'a Record,
    wanted: &'a Wanted,
    standing: &'a [Standing],
    /// The contact holds the value itself.
    exact: bool,
}

impl Asked<'_> {
    fn is_it(&self, point: &str) -> bool {
        self.wanted.fit(point) == Some(Fit::Exact)
    }

    /// The value's decision on a channel.
    fn on(&self, channel: &str) -> Result<Decided, Failure> {
        let of_channel = || self.person.decisions.iter().filter(|d| d.channel == channel);
        let told = of_channel().find(|d| !d.point.is_empty() && self.is_it(&d.point));
        let listed = self.listed(channel)?;
        let other = listed.clone().filter(|point| !self.is_it(point)).unwrap_or_default();
        if let Some(told) = told {
            return Ok(Decided { listed: other, ..told.clone() });
        }
        let proven = of_channel().any(|d| !d.point.is_empty());
        let whole = of_channel().find(|d| !proven || d.contactable).or_else(|| of_channel().next());
        let whole = whole.cloned().unwrap_or_default();
        let own = Decided { point: self.wanted.text.clone(), listed: other, ..Decided::default() };
        // Whoever stands in the list stands there with every refusal weighed.
        let here = self.exact && listed.is_some_and(|point| self.is_it(&point));
        if let Some(refused) = self.refused(channel).filter(|_| !here) {
            return Ok(Decided {
                channel: channel.to_owned(),
                reason: blocking_reason(refused.kind).id().to_owned(),
                rule: if whole.contactable { String::new() } else { whole.rule },
                rests_on: refused.place.clone(),
                ..own
            });
        }
        if !proven && (here || self.exact && !whole.contactable) {
            // A no of the contact is a no to each of its points.
            return Ok(Decided { point: own.point, listed: own.listed, ..whole });
        }
        let reason = Reason::SuppressionNotCleared.id().to_owned();
        let says = if self.exact { NOT_CLEARED } else { OTHER_SPELLING }.to_owned();
        Ok(Decided { channel: channel.to_owned(), reason, says, ..own })
    }

    /// The refusal that binds the value on the channel, the strongest first.
    fn refused(&self, channel: &str) -> Option<&Standing> {
        self.standing.iter().filter(|refused| refused.has(channel)).min_by_key(|refused| refused.kind)
    }

    /// The point by which the contact stands in the list of a channel, if it does and the run tells it.
    fn listed(&self, channel: &str) -> Result<Option<String>, Failure> {
        let mut of_channel = self.person.decisions.iter().filter(|d| d.channel == channel);
        let Some(yes) = of_channel.find(|d| d.contactable) else { return Ok(None) };
        if !yes.point.is_empty() {
            // The proof tells the points in the order in which they are preferred.
            return Ok(Some(yes.point.clone()));
        }
        let mut found = None;
        for name in lists(self.dir, channel)? {
            each(self.dir, &name, |line| {
                if line.get("contact_id") == Some(&self.person.contact_id) {
                    let point = |column: &str| line.get(column).filter(|point| !point.is_empty()).cloned();
                    found = point("email").or_else(|| point("phone")).or_else(|| point("social_handle"));
                }
            })?;
        }
        // Of several contacts that share a point, one stands in the list.
        Ok(found.or_else(|| self.only_point(channel)))
    }

    /// The point that `contacts.csv` shows, where no other could be meant.
    fn only_point(&self, channel: &str) -> Option<String> {
        let cell = |name: &str| self.contact.get(name).filter(|cell| !cell.is_empty());
        let (shown, all) = match Channel::from_word(channel)? {
            Channel::Email => (cell("email"), None),
            Channel::Post => return None,
            _ => (cell("phone"), cell("phones")),
        };
        shown.filter(|_| all.is_none_or(|all| !all.contains("; "))).cloned()
    }
}

/// The files of a channel's list: one, or one for each part it was cut into.
fn lists(dir: &Path, channel: &str) -> Result<Vec<String>, Failure> {
    let failed = |e| Failure::io("read the run directory", dir.display().to_string(), &e);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        let of_channel = name.strip_prefix(channel).is_some_and(|rest| rest.starts_with('.'));
        if of_channel && name.ends_with(".csv") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
