//! `decisions.csv`: what every single decision rests on, one line per contact point and channel: the proof.
//! Knows its columns; decides nothing that `decide` has not.

use crate::consent::{Held, Reach};
use crate::decide::{self, Decision};
use crate::output::Line;
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::{Decided, jurisdictions, places, valid_until};
use crate::pipeline::contact::person_rules;
use crate::pipeline::kit::cells::listed;
use crate::pipeline::kit::keys::PART;
use crate::pipeline::kit::proofs::proofs;
use crate::pipeline::write::finding_detail::{at, said};
use crate::pipeline::write::out::{ContactFile, Out};
use crate::record::{Channel, Event, Evidence};

/// Columns of `decisions.csv`.
pub(crate) const DECISIONS: &str = "contact_id channel point decision reason rule jurisdiction basis valid_until \
    evidence_present evidence_missing rests_on findings events conditions jurisdictions rows";

pub(crate) fn write(decided: &Decided<'_, '_>, out: &mut Out) {
    let points: Vec<_> = decided.contact.point_facts(decided.histories, decided.writing.mail).collect();
    for (channel, whole) in decided.decisions {
        let mut none = true;
        for at in (0..points.len()).filter(|at| channel.reaches(points[*at].kind)) {
            none = false;
            let mut decision = decide::decide(
                &decided.writing.law.settings,
                &decided.writing.law.table,
                decided.candidates,
                decided.audience,
                *channel,
                std::iter::once(points[at]),
            );
            // What blocks the person, whatever the point.
            if decision.contactable && person_rules::is_of_person(whole.reason) {
                decision = decision.blocked(whole.reason);
            }
            line(decided, *channel, Some(at), &decision, out);
        }
        if none {
            line(decided, *channel, None, whole, out);
        }
    }
}

fn line(decided: &Decided<'_, '_>, channel: Channel, at: Option<usize>, decision: &Decision, out: &mut Out) {
    let writing = decided.writing;
    let Out { files, text, wordings, .. } = out;
    let line = &mut files[ContactFile::Decisions as usize];
    let history = at.and_then(|at| decided.histories.get(at)).map_or(&[][..], Vec::as_slice);
    line.plain(decided.id);
    line.plain(channel.word());
    text.clear();
    if let Some(at) = at {
        // A postal address is known by its parts.
        let exact = decided.contact.distinct[at].point.exact;
        exact.split(PART).for_each(|part| listed(text, ", ", part));
    }
    line.cell(text);
    line.plain(if decision.contactable { "contactable" } else { "blocked" });
    line.plain(decision.reason.id());
    let judgement = decision.judgement.as_ref();
    line.cell(judgement.map_or("", |j| writing.law.table.rule(j.rule).id.as_str()));
    line.cell(judgement.map_or("", |j| writing.law.books.book(j.jurisdiction).id.as_str()));
    let yes = decision.yes();
    line.plain(yes.map_or("", |y| y.basis.word()));
    valid_until(yes, line, text);
    let rests = || {
        let events = judgement.map_or(&[][..], |j| j.events.all());
        events.iter().filter_map(|at| history.get(*at as usize))
    };
    list_proofs(rests().next().map_or(Evidence::default(), |held| held.event.evidence), text);
    line.cell(text);
    list_proofs(judgement.map_or(Evidence::default(), |j| j.missing), text);
    line.cell(text);
    places(writing, rests().map(|held| held.event.place), text);
    line.cell(text);
    text.clear();
    for finding in judgement.map_or(&[][..], |j| j.findings.all()) {
        listed(text, "; ", finding.reason.id());
    }
    line.cell(text);
    events(writing, history, channel, line, text);
    wordings.say(decided, channel, yes, text);
    line.cell(text);
    jurisdictions(decided, text);
    line.cell(text);
    places(writing, decided.contact.rows().iter().map(|row| row.place), text);
    line.cell(text);
    line.end();
}

fn list_proofs(evidence: Evidence, text: &mut String) {
    text.clear();
    proofs(evidence).for_each(|word| listed(text, "; ", word));
}

/// Every event that speaks of the channel, in time order, the undated ones last:
/// `2026-01-01 consent_given crm.csv:2 [capture_source, method]`.
fn events(writing: &Writing<'_>, history: &[Held], channel: Channel, line: &mut Line, text: &mut String) {
    let mut told: Vec<&Held> = history.iter().filter(|held| held.event.channels.has(channel)).collect();
    told.sort_by_key(|held| {
        let when = held.at.map(|(_, late)| late.seconds);
        let Event { place, kind, evidence, detail, channels, .. } = held.event;
        (when.is_none(), when, place, kind, held.reach, evidence, (detail, channels), held.at)
    });
    told.dedup();
    text.clear();
    for held in told {
        listed(text, "; ", "");
        said(held, text);
        at(writing, held.event.place, text);
        let reach = match held.reach {
            Reach::Exact => None,
            Reach::Alias => Some("another spelling"),
            Reach::Person => Some("another point of the person"),
        };
        let words: Vec<_> = reach.into_iter().chain(proofs(held.event.evidence)).collect();
        if !words.is_empty() {
            text.extend([" [", &words.join(", "), "]"]);
        }
    }
    line.cell(text);
}
