//! `explain`: why one person is, or is not, contactable, from the run directory alone: the inputs may be gone.
//!
//! Looks the value up, collects what the files of the run say of the contacts that go by it, answers for the very
//! address or number, and adds what each decision rests on. Knows no rule: it was written down when it was made.

mod binding_refusals;
mod contact_story;
mod lookup;
mod people;
mod point_decisions;
mod story;
mod text;

use crate::data::networks;
use crate::pipeline::jobs::explain::binding_refusals::BindingRefusal;
use crate::pipeline::jobs::explain::lookup::Lookup;
pub use crate::pipeline::jobs::explain::story::{PointDecision, Story, TimelineEvent};
use crate::pipeline::kit::run_dir::RunDir;
use crate::reason::Reason;
use crate::record::Failure;
use crate::report::{Audit, RuleUsed};
use std::path::Path;

/// Looks a value up in a run directory: an e-mail address, a telephone number, a contact id or a whole name. Fails
/// where the value is empty, or the directory is none of a run, or damaged.
pub fn story(dir: &Path, value: &str) -> Result<Story, Failure> {
    let lookup = Lookup::of(value)?;
    let run = RunDir::open(dir, &dir.display().to_string())?;
    let audit = run.audit()?;
    let contacts = people::find(&run, &lookup)?;
    let refusals = binding_refusals::of(&run, &lookup)?;
    let mut people = contact_story::read(&run, &contacts)?;
    for (person, contact) in people.iter_mut().zip(&contacts) {
        if lookup.kind().is_some() {
            point_decisions::answer(&run, &lookup, &refusals, contact, person)?;
        }
        person.decisions.iter_mut().for_each(|decision| explain(decision, &audit));
    }
    let elsewhere = if people.is_empty() { elsewhere(&run, &lookup, &refusals)? } else { Vec::new() };
    let (asked, proof) = (value.to_owned(), run.has("decisions.csv"));
    Ok(Story { asked, send_date: audit.run.send_date, proof, people, elsewhere })
}

/// Adds to a decision what its reason and its rule say, and what would change it.
fn explain(decision: &mut PointDecision, audit: &Audit) {
    let mut rules = audit.run.rulebooks.iter().flat_map(|book| &book.rules);
    if let Some(RuleUsed { citation, confidence, .. }) = rules.find(|rule| rule.id == decision.rule) {
        decision.citation.clone_from(citation);
        decision.confidence.clone_from(confidence);
    }
    if decision.says.is_empty() {
        let reason = Reason::from_id(&decision.reason);
        decision.says = reason.map_or(String::new(), |r| r.sentence().to_owned());
    }
    decision.stated = stated(decision, audit);
    decision.change = remedy(decision);
}

/// The legal basis that a yes has by the operator's word alone, since when, and in whose words; empty for any other.
fn stated(decision: &PointDecision, audit: &Audit) -> String {
    if !decision.contactable || decision.reason != Reason::BasisAsserted.id() {
        return String::new();
    }
    let is_of = |source: &str| {
        let mut places = decision.rests_on.split("; ").filter_map(|place| place.rsplit_once(':'));
        places.any(|(name, _)| name == source)
    };
    let stated = audit.asserted.iter().filter(|a| a.channel.word() == decision.channel && is_of(&a.source));
    let texts = stated
        .map(|a| format!("{} since {}, in {}: {}", a.basis.replace('_', " "), a.date, a.source, a.text));
    texts.collect::<Vec<_>>().join("; ")
}

/// What would change a decision; a finding without a remedy of its own blocks only where the profile says so.
fn remedy(decision: &PointDecision) -> String {
    if decision.contactable {
        return match decision.valid_until.as_str() {
            "" => "A refusal.".to_owned(),
            day => format!("A refusal; and it ends after {day}."),
        };
    }
    let point = match decision.channel.as_str() {
        _ if networks::is_written(&decision.point) => "account",
        "email" | "post" => "address",
        _ => "number",
    };
    let remedy = Reason::from_id(&decision.reason).and_then(Reason::remedy);
    let of_profile = "Data without this finding, or a profile that does not name it under `block`.";
    remedy.unwrap_or(of_profile).replace("{point}", point)
}

/// What a run holds of somebody who is none of its contacts.
fn elsewhere(run: &RunDir, lookup: &Lookup, refusals: &[BindingRefusal]) -> Result<Vec<String>, Failure> {
    let mut told: Vec<String> = refusals.iter().map(BindingRefusal::sentence).collect();
    let columns = ["source", "line", "reason", "original"];
    run.rows("rejected.csv", columns, |[source, line, reason, original]| {
        if lookup.text.len() > 4 && original.to_lowercase().contains(&lookup.text) {
            let says = Reason::from_id(reason).map_or("", |r| r.sentence());
            told.push(format!("A row with it could not be used ({source}:{line}): {says}"));
        }
        Ok(())
    })?;
    told.dedup();
    Ok(told)
}
