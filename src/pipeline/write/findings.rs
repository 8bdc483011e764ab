//! `findings.csv`: what was found on a contact beside the main reason of every channel. Knows its columns; decides
//! nothing.

use crate::consent::Candidates;
use crate::output::Line;
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::kit::cells::listed;
use crate::pipeline::kit::tally::Tally;
use crate::pipeline::write::out::{ContactFile, Out};
use crate::pipeline::write::{finding_detail, person_findings};
use crate::reason::{Effect, Reason};
use crate::record::{Place, PointKind};

/// Columns of `findings.csv`.
pub(crate) const FINDINGS: &str = "contact_id source line channel reason detail";

/// A line of `findings.csv`.
pub(crate) struct FindingLine<'a> {
    /// The contact's id; empty for what was found on a whole file.
    pub(crate) contact: &'a str,
    /// The source and the line on which it stands.
    pub(crate) source: &'a str,
    pub(crate) line: u32,
    /// The channel's word; empty for every channel.
    pub(crate) channel: &'a str,
    pub(crate) reason: Reason,
    pub(crate) detail: &'a str,
}

impl FindingLine<'_> {
    /// Writes the line and counts the finding.
    pub(crate) fn write(&self, line: &mut Line, tally: &mut Tally) {
        tally.findings.count(self.reason);
        line.plain(self.contact);
        line.cell(self.source);
        line.number(u64::from(self.line));
        line.plain(self.channel);
        line.plain(self.reason.id());
        line.cell(self.detail);
        line.end();
    }
}

/// Everything found that is not the main reason of a channel.
pub(crate) fn write(decided: &Decided<'_, '_>, out: &mut Out) {
    let writing = decided.writing;
    let contact = decided.contact;
    let main = |reason: Reason| decided.decisions.iter().any(|(_, d)| d.reason == reason);
    let mut told = std::mem::take(&mut out.text);
    let mut find = |place: Place, channel: &str, reason: Reason, detail: &str| {
        let source = writing.sources[usize::from(place.source)].name();
        let found = FindingLine { contact: decided.id, source, line: place.line, channel, reason, detail };
        found.write(&mut out.files[ContactFile::Findings as usize], &mut out.tally);
    };
    for row in contact.rows() {
        for finding in &row.findings {
            find(row.place, "", finding.reason, finding.detail);
        }
        for header in writing.open_dates(row) {
            find(row.place, "", Reason::DateOrderUnknown, header);
        }
        for point in &row.points {
            let channel = match point.kind {
                PointKind::Email => "email",
                PointKind::Handle => "messaging",
                PointKind::Phone | PointKind::Post => "",
            };
            for reason in point.reasons() {
                let said = reason.effect() == Effect::Blocks && main(reason)
                    || matches!(reason, Reason::EmailDomainTypo | Reason::EmailTypoFixed);
                if !said {
                    find(row.place, channel, reason, point.field.word());
                }
            }
        }
    }
    let first = contact.rows()[0].place;
    for held in &decided.links.held {
        let place = contact.rows().iter().find(|r| r.row == held.row).map_or(first, |r| r.place);
        find(place, "", held.by.reason(), held.kind.word());
    }
    for reason in Candidates::findings(decided.candidates, writing.law.books) {
        told.clear();
        for candidate in decided.candidates {
            listed(&mut told, ", ", &writing.law.books.book(candidate.jurisdiction).id);
            told.extend([": ", candidate.fact.word()]);
        }
        find(first, "", reason, &told);
    }
    for (channel, decision) in decided.decisions {
        let (Some(judgement), Some(point)) = (&decision.judgement, decision.point) else { continue };
        if let Some(event) = finding_detail::hidden(decided, decision, &mut told) {
            find(event, channel.word(), judgement.reason, &told);
        }
        for finding in judgement.findings.all().iter().filter(|f| f.reason != decision.reason) {
            let event = finding.event().and_then(|at| decided.histories[point].get(at));
            finding_detail::write(decided, (*channel, decision), finding, &mut told);
            find(event.map_or(first, |h| h.event.place), channel.word(), finding.reason, &told);
        }
    }
    person_findings::findings(decided, find);
    out.text = told;
}
