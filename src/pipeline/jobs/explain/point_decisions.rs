//! The decisions for the very value that was asked about, where it is an address or number: a contact may be reached
//! at one of its points while another refused, and a yes to one is no answer about the other.

use crate::consent::blocking_reason;
use crate::pipeline::jobs::explain::binding_refusals::BindingRefusal;
use crate::pipeline::jobs::explain::lookup::{Fit, Lookup};
use crate::pipeline::jobs::explain::people::ContactCells;
use crate::pipeline::jobs::explain::story::{ContactStory, PointDecision};
use crate::pipeline::kit::run_dir::RunDir;
use crate::reason::Reason;
use crate::record::{Channel, Failure};

/// The sentence where a run without `--proof` holds another point of the contact in its list.
const NOT_CLEARED: &str =
    "The list of this run does not hold it; what it lacks is told by a run made with --proof.";

/// The sentence for another spelling that nothing refuses.
const OTHER_SPELLING: &str =
    "The list of this run does not hold it in this spelling, and consent does not move.";

/// Turns a contact's decisions into the value's; `contact` is its line of `contacts.csv`, or what an audit has of it.
pub(crate) fn answer(
    run: &RunDir,
    lookup: &Lookup,
    refusals: &[BindingRefusal],
    contact: &ContactCells,
    person: &mut ContactStory,
) -> Result<(), Failure> {
    let points: Vec<&String> = person.points.iter().filter(|point| lookup.fit(point).is_some()).collect();
    let exact = points.iter().any(|point| lookup.fit(point) == Some(Fit::Exact));
    if let Some(other) = points.first().filter(|_| !exact) {
        person.asked = format!(
            "{} reaches the same mailbox as {other}: what is refused to one is refused to both, consent is not.",
            lookup.text
        );
    }
    let asked = AskedPoint { run, person, contact, lookup, refusals, exact };
    let mut decisions = Vec::new();
    let mut channels: Vec<&str> = Vec::new();
    for decision in &person.decisions {
        if !lookup.is_reached_by(&decision.channel) {
            decisions.push(decision.clone());
        } else if !channels.contains(&decision.channel.as_str()) {
            channels.push(&decision.channel);
            decisions.push(asked.on(&decision.channel)?);
        }
    }
    person.decisions = decisions;
    Ok(())
}

/// The value that was asked about, as a point of a contact.
struct AskedPoint<'a> {
    run: &'a RunDir,
    person: &'a ContactStory,
    contact: &'a ContactCells,
    lookup: &'a Lookup,
    refusals: &'a [BindingRefusal],
    /// The contact holds the value itself.
    exact: bool,
}

impl AskedPoint<'_> {
    fn is_it(&self, point: &str) -> bool {
        self.lookup.fit(point) == Some(Fit::Exact)
    }

    /// The value's decision on a channel.
    fn on(&self, channel: &str) -> Result<PointDecision, Failure> {
        let of_channel = || self.person.decisions.iter().filter(|d| d.channel == channel);
        let told = of_channel().find(|d| !d.point.is_empty() && self.is_it(&d.point));
        let listed = self.listed(channel)?;
        let other = listed.clone().filter(|point| !self.is_it(point)).unwrap_or_default();
        if let Some(told) = told {
            return Ok(PointDecision { listed: other, ..told.clone() });
        }
        let proven = of_channel().any(|d| !d.point.is_empty());
        let whole = of_channel().find(|d| !proven || d.contactable).or_else(|| of_channel().next());
        let whole = whole.cloned().unwrap_or_default();
        let own =
            PointDecision { point: self.lookup.text.clone(), listed: other, ..PointDecision::default() };
        // Whoever stands in the list stands there with every refusal weighed.
        let here = self.exact && listed.is_some_and(|point| self.is_it(&point));
        if let Some(refused) = self.refused(channel).filter(|_| !here) {
            return Ok(PointDecision {
                channel: channel.to_owned(),
                reason: blocking_reason(refused.kind).id().to_owned(),
                rule: if whole.contactable { String::new() } else { whole.rule },
                rests_on: refused.place.clone(),
                ..own
            });
        }
        if !proven && (here || self.exact && !whole.contactable) {
            // A no of the contact is a no to each of its points.
            return Ok(PointDecision { point: own.point, listed: own.listed, ..whole });
        }
        let reason = Reason::SuppressionNotCleared.id().to_owned();
        let says = if self.exact { NOT_CLEARED } else { OTHER_SPELLING }.to_owned();
        Ok(PointDecision { channel: channel.to_owned(), reason, says, ..own })
    }

    /// The refusal that binds the value on the channel, the strongest first.
    fn refused(&self, channel: &str) -> Option<&BindingRefusal> {
        self.refusals.iter().filter(|refused| refused.has(channel)).min_by_key(|refused| refused.kind)
    }

    /// The point by which the contact is in the list of a channel, if it is and the run shows it.
    fn listed(&self, channel: &str) -> Result<Option<String>, Failure> {
        let mut of_channel = self.person.decisions.iter().filter(|d| d.channel == channel);
        let Some(yes) = of_channel.find(|d| d.contactable) else { return Ok(None) };
        if !yes.point.is_empty() {
            // The proof tells the points in the order in which they are preferred.
            return Ok(Some(yes.point.clone()));
        }
        let mut found = None;
        for file in self.run.files().filter(|file| is_list(file, channel)) {
            self.run.each(file, |line| {
                if line.cell("contact_id") == self.person.contact_id {
                    let mut points =
                        ["email", "phone", "social_handle"].map(|column| line.cell(column)).into_iter();
                    found = points.find(|point| !point.is_empty()).map(str::to_owned);
                }
                Ok(())
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

/// Whether a file is the list of a channel, or one of the parts it was cut into.
fn is_list(file: &str, channel: &str) -> bool {
    file.strip_prefix(channel).is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".csv"))
}
