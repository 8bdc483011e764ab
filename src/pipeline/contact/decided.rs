//! A contact with its decisions, and the cells that several outputs show of it.

use crate::consent::{Candidate, Held, Yes};
use crate::data::jurisdiction::{Audience, JurisdictionNo, Who};
use crate::decide::{self, Decision};
use crate::output::{Line, digits};
use crate::pipeline::contact::context::{Links, Writing};
use crate::pipeline::contact::person_rules::PersonFacts;
use crate::pipeline::contact::rows::{Contact, Distinct, RowView};
use crate::pipeline::kit::cells::listed;
use crate::record::{Channel, Place};
use std::fmt::Write as _;

pub(crate) struct Decided<'c, 'a> {
    pub(crate) writing: &'c Writing<'c>,
    pub(crate) contact: &'c Contact<'a>,
    pub(crate) links: &'c Links,
    pub(crate) histories: &'c [Vec<Held>],
    pub(crate) decisions: &'c [(Channel, Decision)],
    pub(crate) candidates: &'c [Candidate],
    pub(crate) audience: Audience,
    pub(crate) person: PersonFacts<'a>,
    /// The channel to use first; `None`: no channel is contactable.
    pub(crate) best: Option<Channel>,
    pub(crate) id: &'c str,
    /// The person asked to be erased, and nothing lifted it.
    pub(crate) erased: bool,
}

impl<'c, 'a> Decided<'c, 'a> {
    /// Of whom the rules of a channel are asked: the contact at the point that was decided on.
    pub(crate) fn who(&self, channel: Channel) -> Who {
        let point = self.decisions.iter().find(|(c, _)| *c == channel).and_then(|(_, d)| self.point(d));
        let line = point.and_then(|d| decide::line(d.point.kind, d.point.reasons));
        decide::who(self.audience, point.is_some_and(|distinct| distinct.personal(self.writing.mail)), line)
    }

    /// The point that was decided on.
    pub(crate) fn point(&self, decision: &Decision) -> Option<&'c Distinct<'a>> {
        self.contact.distinct.get(decision.point?)
    }

    /// The events that a decision rests on, the main one first.
    pub(crate) fn rests_on<'d>(&'d self, decision: &'d Decision) -> impl Iterator<Item = &'d Held> {
        let history = decision.history(self.histories);
        let events = decision.judgement.iter().flat_map(|judgement| judgement.events.all());
        events.filter_map(|at| history.get(*at as usize))
    }

    /// Whose law decided; of a channel without a point, whose would have. Candidates are never empty.
    pub(crate) fn jurisdiction(&self, decision: &Decision) -> JurisdictionNo {
        let first = || self.candidates.first().map_or(0, |candidate| candidate.jurisdiction);
        decision.judgement.as_ref().map_or_else(first, |judgement| judgement.jurisdiction)
    }
}

pub(crate) fn places(writing: &Writing<'_>, places: impl Iterator<Item = Place>, text: &mut String) {
    text.clear();
    let mut last = None;
    for place in places {
        if last.replace(place) == Some(place) {
            continue;
        }
        listed(text, "; ", "");
        self::place(writing, place, text);
    }
}

/// Appends a place: `crm.csv:2`.
pub(crate) fn place(writing: &Writing<'_>, place: Place, text: &mut String) {
    let name = writing.sources[usize::from(place.source)].name();
    text.extend([name, ":", digits(u64::from(place.line), &mut [0; 20])]);
}

pub(crate) fn valid_until(yes: Option<Yes>, line: &mut Line, text: &mut String) {
    text.clear();
    if let Some(day) = yes.and_then(|y| y.valid_until) {
        let _ = write!(text, "{day}");
    }
    line.plain(text);
}

/// Whose law was asked, and which fact brought it: `GB (stated country); DE (phone number)`.
pub(crate) fn jurisdictions(decided: &Decided<'_, '_>, text: &mut String) {
    text.clear();
    for candidate in decided.candidates {
        listed(text, "; ", &decided.writing.law.books.book(candidate.jurisdiction).id);
        text.extend([" (", candidate.fact.word(), ")"]);
    }
}

/// The sources' other columns: per column the first row that says something.
pub(crate) fn carried(writing: &Writing<'_>, contact: &Contact<'_>, line: &mut Line) {
    let columns = |source: u16| &writing.layout.sources[usize::from(source)].carried;
    if let [row] = contact.rows() {
        let mut own = columns(row.place.source).iter().peekable();
        for slot in 0..writing.layout.carried.len() {
            match own.next_if(|(_, at)| *at == slot) {
                Some((column, _)) => line.cell(row.cell(*column)),
                None => line.cell(own_cell(columns(row.place.source), slot, row)),
            }
        }
        return;
    }
    for slot in 0..writing.layout.carried.len() {
        line.cell(carried_cell(writing, contact, slot));
    }
}

/// What a carried column says of the contact: the first cell that says something.
pub(crate) fn carried_cell<'a>(writing: &Writing<'_>, contact: &Contact<'a>, slot: usize) -> &'a str {
    let columns = |source: u16| &writing.layout.sources[usize::from(source)].carried;
    let mut cells = contact.rows().iter().map(|row| own_cell(columns(row.place.source), slot, row));
    cells.find(|cell| !cell.trim().is_empty()).unwrap_or_default()
}

fn own_cell<'a>(columns: &[(usize, usize)], slot: usize, row: &RowView<'a>) -> &'a str {
    columns.iter().find(|(_, at)| *at == slot).map_or("", |(column, _)| row.cell(*column))
}
