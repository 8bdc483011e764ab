//! The lines of a contact: in `contacts.csv`, in the lists, in `merges.csv`, `findings.csv` and
//! `suppression.csv`. Knows their columns; decides nothing.

use super::account;
use super::ahead;
use super::contact::{Contact, Distinct, RowView};
use super::dating;
use super::decisions;
use super::detail;
use super::layout::{ADDRESS, Layout, SHOWN};
use super::lists::{List, list_line};
use super::person;
use super::prefer;
use super::repermission;
use super::suppressed;
use super::tally::{Share, Tally, count_at};
use super::write::{Links, Writing};
use crate::consent::{Candidate, Candidates, Conditions, Held, RuleNo, Yes};
use crate::data::jurisdiction::{Audience, JurisdictionNo, Who};
use crate::decide::{self, Decision};
use crate::link::survive::{self, Candidate as Survivor};
use crate::output::{Line, digits};
use crate::reason::{Effect, Reason};
use crate::record::{Channel, Channels, EventKind, Place, PointKind};
use foldhash::HashMap;

use std::fmt::Write as _;

/// Columns of `merges.csv`.
pub(super) const MERGES: &[&str] = &["contact_id", "source", "line", "rule", "strength", "matched_with"];
/// Columns of `findings.csv`.
pub(super) const FINDINGS: &[&str] = &["contact_id", "source", "line", "channel", "reason", "detail"];
/// Columns of `suppression.csv`.
pub(super) const SUPPRESSION: &[&str] =
    &["point", "kind", "channels", "reason", "since", "first_seen", "source", "reached_through"];
/// Columns of `rejected.csv`.
pub(super) const REJECTED: &[&str] = &["source", "line", "reason", "original"];
/// Columns of `events.csv`.
pub(super) const EVENTS: &[&str] = &["contact_ids", "point", "channel", "event", "at", "source", "line"];

const POINTS: &[&str] = &["contact_id", "email", "emails", "phone", "phones"];
const HANDLES: &[&str] = &["social_handle", "social_handles"];
const PER_CHANNEL: &[&str] =
    &["decision", "reachable", "reason", "rule", "basis", "valid_until", "conditions", "evidence"];
const LAST: &[&str] = &["best_channel", "jurisdictions", "merged_rows", "sources"];

/// Headers of a fixed table.
pub(super) fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// Headers of `contacts.csv` before the sources' other columns; `handles`: some contact may have one.
pub(super) fn own_headers(channels: Channels, handles: bool) -> Vec<String> {
    let mut all = headers(POINTS);
    if handles {
        all.extend(headers(HANDLES));
    }
    all.extend(SHOWN.iter().map(|(_, name)| (*name).to_owned()));
    for channel in channels.iter() {
        let word = channel.word().replace('-', "_");
        all.extend(PER_CHANNEL.iter().map(|column| format!("{word}_{column}")));
    }
    all.extend(headers(LAST));
    all
}

/// Headers of `contacts.csv`.
pub(super) fn contact_headers(channels: Channels, layout: &Layout) -> Vec<String> {
    own_headers(channels, layout.handles).into_iter().chain(layout.carried.iter().cloned()).collect()
}

/// What one block leaves behind.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) contacts: Vec<u8>,
    pub(super) lists: Vec<List>,
    pub(super) merges: Vec<u8>,
    pub(super) findings: Vec<u8>,
    pub(super) decisions: Vec<u8>,
    pub(super) expiring: Vec<u8>,
    pub(super) notices: Vec<u8>,
    pub(super) repermission: Vec<u8>,
    pub(super) suppression: List,
    pub(super) tally: Tally,
    pub(super) rows: u32,
}

/// Buffers for lines; one per worker.
#[derive(Debug)]
pub(super) struct Out {
    contacts: Line,
    pub(super) lists: Vec<List>,
    merges: Line,
    findings: Line,
    pub(super) decisions: Line,
    pub(super) expiring: Line,
    pub(super) notices: Line,
    pub(super) repermission: Line,
    pub(super) suppression: List,
    pub(super) line: Line,
    pub(super) text: String,
    /// Of the contact at hand, by channel.
    pub(super) conditions: Vec<String>,
    pub(super) wordings: Wordings,
    pub(super) tally: Tally,
    sources: usize,
}

impl Out {
    /// Empty buffers.
    pub(super) fn new(channels: usize, spreadsheet_safe: bool, sources: usize) -> Self {
        let line = || Line::new(spreadsheet_safe);
        Self {
            contacts: line(),
            lists: (0..channels).map(|_| Default::default()).collect(),
            merges: line(),
            findings: line(),
            decisions: line(),
            expiring: line(),
            notices: line(),
            repermission: line(),
            suppression: List::default(),
            line: line(),
            text: String::new(),
            conditions: vec![String::new(); channels],
            wordings: Wordings::default(),
            tally: Tally::new(sources),
            sources,
        }
    }

    /// What was written since the last call.
    pub(super) fn batch(&mut self, rows: u32) -> Batch {
        let tally = std::mem::replace(&mut self.tally, Tally::new(self.sources));
        Batch {
            contacts: self.contacts.take(),
            lists: self.lists.iter_mut().map(List::take).collect(),
            merges: self.merges.take(),
            findings: self.findings.take(),
            decisions: self.decisions.take(),
            expiring: self.expiring.take(),
            notices: self.notices.take(),
            repermission: self.repermission.take(),
            suppression: self.suppression.take(),
            tally,
            rows,
        }
    }
}

/// A contact and everything that was decided on it.
pub(super) struct Decided<'c, 'a> {
    pub(super) contact: &'c Contact<'a>,
    pub(super) links: &'c Links,
    pub(super) histories: &'c [Vec<Held>],
    pub(super) decisions: &'c [(Channel, Decision)],
    pub(super) candidates: &'c [Candidate],
    pub(super) audience: Audience,
    pub(super) id: &'c str,
    /// The person asked to be erased, and nothing lifted it.
    pub(super) erased: bool,
}

impl Decided<'_, '_> {
    /// Of whom the rules of a channel are asked: the contact at the point that was decided on.
    pub(super) fn who(&self, channel: Channel) -> Who {
        let point = self.decisions.iter().find(|(c, _)| *c == channel).and_then(|(_, d)| d.point);
        let point = point.and_then(|at| self.contact.distinct.get(at));
        let line = point.and_then(|d| decide::line(d.point.kind, d.point.reasons));
        Who { audience: self.audience, line }
    }

    /// Whose law decided; of a channel without a point, whose would have. Candidates are never empty.
    pub(super) fn jurisdiction(&self, decision: &Decision) -> JurisdictionNo {
        let first = || self.candidates.first().map_or(0, |candidate| candidate.jurisdiction);
        decision.judgement.as_ref().map_or_else(first, |judgement| judgement.jurisdiction)
    }
}

/// Writes all lines of a contact and counts them.
pub(super) fn write(writing: &Writing<'_>, decided: &Decided<'_, '_>, out: &mut Out) {
    let erased = decided.erased;
    let earlier = writing.earlier.map(|earlier| earlier.source);
    count(decided, earlier, out);
    suppressed::suppression(writing, decided, out);
    if erased {
        return;
    }
    let values = values(writing, decided.contact);
    let best = prefer::best_channel(writing, decided);
    contact_line(writing, decided, &values, best, out);
    for at in 0..decided.decisions.len() {
        list_line(writing, decided, &values, at, out);
    }
    merges(writing, decided, out);
    findings(writing, decided, out);
    ahead::write(writing, decided, out);
    account::count(writing, decided, out);
    repermission::write(writing, decided, best, out);
    if writing.plan.proof {
        decisions::write(writing, decided, out);
    }
}

fn count(decided: &Decided<'_, '_>, earlier: Option<u16>, out: &mut Out) {
    let contact = decided.contact;
    let tally = &mut out.tally;
    if decided.erased {
        let erasures = || contact.person.iter().filter(|e| e.kind == EventKind::Erasure);
        let remembered = earlier.is_some_and(|source| erasures().all(|e| e.place.source == source));
        tally.erased += 1;
        tally.erased_back += u64::from(remembered);
        for row in contact.rows() {
            tally.sources[usize::from(row.place.source)].refusal += 1;
        }
        return;
    }
    tally.contacts += 1;
    for (at, row) in contact.rows().iter().enumerate() {
        let source = &mut tally.sources[usize::from(row.place.source)];
        *(if at == 0 { &mut source.kept } else { &mut source.merged }) += 1;
    }
    contact.each_source(|source| tally.sources[source].holding += 1);
    let refused = |history: &Vec<Held>| history.iter().any(|h| h.event.kind.is_refusal());
    tally.refused_contacts += u64::from(decided.histories.iter().any(refused));
    let first = usize::from(contact.rows()[0].place.source);
    for (channel, decision) in decided.decisions {
        tally.sources[first].contacts[*channel as usize].count(decision.contactable);
        let counts = tally.channel(*channel);
        counts.reachable += u64::from(decision.reachable);
        let jurisdiction = usize::from(decided.jurisdiction(decision));
        count_at(&mut counts.jurisdictions, jurisdiction, |s: &mut Share| s.count(decision.contactable));
        if let Some(judgement) = &decision.judgement {
            count_at(&mut counts.rules, usize::from(judgement.rule), |n| *n += 1);
        }
        match decision.yes() {
            Some(yes) => {
                counts.contactable += 1;
                count_at(&mut counts.bases, yes.basis as usize, |n| *n += 1);
                for condition in yes.conditions.iter() {
                    count_at(&mut counts.conditions, condition as usize, |n| *n += 1);
                }
            }
            None => {
                counts.blocked += 1;
                counts.reasons.count(decision.reason);
            }
        }
        if decision.contactable && decision.reason == Reason::BasisAsserted {
            tally.sources[first].asserted[*channel as usize] += 1;
        }
    }
}

/// The value of every shown field, each from the row that survives.
fn values<'a>(writing: &Writing<'_>, contact: &Contact<'a>) -> [&'a str; SHOWN.len()] {
    let mut values = [""; SHOWN.len()];
    let columns = |source: u16| &writing.layout.sources[usize::from(source)];
    if let [row] = contact.rows() {
        for (slot, value) in values.iter_mut().enumerate() {
            *value = row.shown(slot, columns(row.place.source));
        }
        return values;
    }
    let rows: Vec<[&'a str; SHOWN.len()]> = contact
        .rows()
        .iter()
        .map(|row| std::array::from_fn(|slot| row.shown(slot, columns(row.place.source))))
        .collect();
    let filled =
        |cells: &[&str]| u16::try_from(cells.iter().filter(|c| !c.is_empty()).count()).unwrap_or(u16::MAX);
    let candidate = |row: &RowView<'_>, (filled, valid, complete)| {
        let priority = writing.sources[usize::from(row.place.source)].priority;
        Survivor { row: row.row, filled, valid, complete, date: row.changed, priority }
    };
    // What all rows say alike needs no choice.
    let alike = |slots: std::ops::Range<usize>| {
        rows[1..].iter().all(|row| row[slots.clone()].iter().eq(&rows[0][slots.clone()]))
    };
    let address = if alike(ADDRESS) {
        Some(0)
    } else {
        let survivors = contact.rows().iter().zip(&rows).map(|(row, cells)| {
            let group = &cells[ADDRESS];
            let valid = !group[0].is_empty() && (!group[2].is_empty() || !group[4].is_empty());
            candidate(row, (filled(group) > 0, valid, filled(group)))
        });
        survive::survivor(&survivors.collect::<Vec<_>>())
    };
    let mut survivors: Vec<Survivor> = contact
        .rows()
        .iter()
        .zip(&rows)
        .map(|(row, cells)| candidate(row, (false, true, filled(cells))))
        .collect();
    for slot in 0..SHOWN.len() {
        let row = if ADDRESS.contains(&slot) {
            address
        } else if alike(slot..slot + 1) {
            Some(0)
        } else {
            for (survivor, cells) in survivors.iter_mut().zip(&rows) {
                survivor.filled = !cells[slot].is_empty();
            }
            survive::survivor(&survivors)
        };
        values[slot] = row.map_or("", |at| rows[at][slot]);
    }
    values
}

pub(super) fn places(writing: &Writing<'_>, places: impl Iterator<Item = Place>, text: &mut String) {
    text.clear();
    let mut last = None;
    for place in places {
        if last.replace(place) == Some(place) {
            continue;
        }
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(writing.sources[usize::from(place.source)].name());
        text.push(':');
        text.push_str(digits(u64::from(place.line), &mut [0; 20]));
    }
}

/// The point to show for a kind: the one a decision chose, else the first that can be used, else the first.
fn shown_point<'c, 'a>(decided: &Decided<'c, 'a>, kind: PointKind) -> Option<&'c Distinct<'a>> {
    let points = &decided.contact.distinct;
    let chosen = decided
        .decisions
        .iter()
        .filter(|(channel, d)| channel.reaches(kind) && d.contactable)
        .find_map(|(_, d)| points.get(d.point?).filter(|d| d.point.kind == kind));
    chosen
        .or_else(|| points.iter().find(|d| d.point.kind == kind && d.point.keyable))
        .or_else(|| points.iter().find(|d| d.point.kind == kind))
}

fn contact_line(
    writing: &Writing<'_>,
    decided: &Decided<'_, '_>,
    values: &[&str],
    best: Option<Channel>,
    out: &mut Out,
) {
    let Out { contacts: line, text, conditions, wordings, .. } = out;
    let contact = decided.contact;
    line.plain(decided.id);
    let handles = writing.layout.handles.then_some(PointKind::Handle);
    for kind in [PointKind::Email, PointKind::Phone].into_iter().chain(handles) {
        line.cell(shown_point(decided, kind).map_or("", |d| d.point.typed));
        text.clear();
        for point in contact.distinct.iter().filter(|d| d.point.kind == kind) {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(point.point.typed);
        }
        line.cell(text);
    }
    line.cells(values.iter().copied());
    for ((channel, decision), conditions) in decided.decisions.iter().zip(conditions) {
        let yes = decision.yes();
        wordings.say(writing, decided, *channel, yes, conditions);
        decision_cells(writing, decided, decision, conditions, line, text);
    }
    line.plain(best.map_or("", Channel::word));
    jurisdictions(writing, decided, text);
    line.cell(text);
    line.number(contact.rows().len() as u64);
    places(writing, contact.rows().iter().map(|r| r.place), text);
    line.cell(text);
    carried(writing, contact, line);
    line.end();
}

fn decision_cells(
    writing: &Writing<'_>,
    decided: &Decided<'_, '_>,
    decision: &Decision,
    conditions: &str,
    line: &mut Line,
    text: &mut String,
) {
    line.plain(if decision.contactable { "contactable" } else { "blocked" });
    line.plain(if decision.reachable { "yes" } else { "no" });
    line.plain(decision.reason.id());
    let rule = decision.judgement.as_ref().map_or("", |j| writing.law.table.rule(j.rule).id.as_str());
    line.cell(rule);
    let yes = decision.yes();
    line.plain(yes.map_or("", |y| y.basis.word()));
    valid_until(yes, line, text);
    line.cell(conditions);
    text.clear();
    if let (Some(judgement), Some(point)) = (&decision.judgement, decision.point) {
        let history = &decided.histories[point];
        let events = judgement.events.all().iter().filter_map(|at| history.get(*at as usize));
        places(writing, events.map(|h| h.event.place), text);
    }
    line.cell(text);
}

pub(super) fn valid_until(yes: Option<Yes>, line: &mut Line, text: &mut String) {
    text.clear();
    if let Some(day) = yes.and_then(|y| y.valid_until) {
        let _ = write!(text, "{day}");
    }
    line.plain(text);
}

/// Whose law was asked, and which fact brought it: `GB (stated country); DE (phone number)`.
pub(super) fn jurisdictions(writing: &Writing<'_>, decided: &Decided<'_, '_>, text: &mut String) {
    text.clear();
    for candidate in decided.candidates {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let book = writing.law.books.book(candidate.jurisdiction).id.as_str();
        for piece in [book, " (", candidate.fact.word(), ")"] {
            text.push_str(piece);
        }
    }
}

/// What a yes still obliges, in the words of every jurisdiction's rule; a run needs few of them, so they are
/// kept, by rules and conditions.
#[derive(Debug, Default)]
pub(super) struct Wordings(HashMap<([Option<RuleNo>; 4], Conditions), String>);

impl Wordings {
    /// Says what a yes obliges.
    pub(super) fn say(
        &mut self,
        writing: &Writing<'_>,
        decided: &Decided<'_, '_>,
        channel: Channel,
        yes: Option<Yes>,
        out: &mut String,
    ) {
        out.clear();
        let Some(Yes { conditions, .. }) = yes else { return };
        let table = &writing.law.table;
        let who = decided.who(channel);
        let rules = decided.candidates.iter().map(|c| table.number(c.jurisdiction, channel, who));
        let word = |out: &mut String| {
            for rule in rules.clone().flatten() {
                conditions.iter().for_each(|condition| table.say(rule, condition, out));
            }
        };
        let mut of = [None; 4];
        if decided.candidates.len() > of.len() {
            return word(out);
        }
        of.iter_mut().zip(rules.clone()).for_each(|(slot, rule)| *slot = rule);
        let known = self.0.entry((of, conditions)).or_insert_with(|| {
            let mut text = String::new();
            word(&mut text);
            text
        });
        out.push_str(known);
    }
}

/// The sources' other columns: per column the first row that says something.
pub(super) fn carried(writing: &Writing<'_>, contact: &Contact<'_>, line: &mut Line) {
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
pub(super) fn carried_cell<'a>(writing: &Writing<'_>, contact: &Contact<'a>, slot: usize) -> &'a str {
    let columns = |source: u16| &writing.layout.sources[usize::from(source)].carried;
    let mut cells = contact.rows().iter().map(|row| own_cell(columns(row.place.source), slot, row));
    cells.find(|cell| !cell.trim().is_empty()).unwrap_or_default()
}

fn own_cell<'a>(columns: &[(usize, usize)], slot: usize, row: &RowView<'a>) -> &'a str {
    columns.iter().find(|(_, at)| *at == slot).map_or("", |(column, _)| row.cell(*column))
}

fn merges(writing: &Writing<'_>, decided: &Decided<'_, '_>, out: &mut Out) {
    let contact = decided.contact;
    if contact.rows().len() < 2 {
        return;
    }
    let tally = &mut out.tally;
    tally.merged_contacts += 1;
    tally.merged_rows += contact.rows().len() as u64;
    tally.largest = tally.largest.max(contact.rows().len() as u64);
    let place = |row: u32| contact.rows().iter().find(|r| r.row == row).map(|r| r.place);
    let mut sorted: Vec<_> = decided.links.merges.iter().collect();
    sorted.sort_unstable();
    for merge in sorted {
        let Some(at) = place(merge.row) else { continue };
        let Out { merges: line, text, tally, .. } = out;
        count_at(&mut tally.merge_rules, merge.rule as usize, |n| *n += 1);
        line.plain(decided.id);
        line.cell(writing.sources[usize::from(at.source)].name());
        line.number(u64::from(at.line));
        line.plain(merge.rule.word());
        line.plain(merge.strength.word());
        places(writing, place(merge.matched_with).into_iter(), text);
        line.cell(text);
        line.end();
    }
}

/// Everything found that is not the main reason of a channel.
fn findings(writing: &Writing<'_>, decided: &Decided<'_, '_>, out: &mut Out) {
    let contact = decided.contact;
    let main = |reason: Reason| decided.decisions.iter().any(|(_, d)| d.reason == reason);
    let mut told = std::mem::take(&mut out.text);
    let mut find = |place: Place, channel: &str, reason: Reason, detail: &str| {
        let Out { findings: line, tally, .. } = out;
        tally.findings.count(reason);
        line.plain(decided.id);
        line.cell(writing.sources[usize::from(place.source)].name());
        line.number(u64::from(place.line));
        line.plain(channel);
        line.plain(reason.id());
        line.cell(detail);
        line.end();
    };
    for row in contact.rows() {
        for finding in &row.findings {
            find(row.place, "", finding.reason, finding.detail);
        }
        for header in dating::open(writing, row) {
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
            let book = writing.law.books.book(candidate.jurisdiction).id.as_str();
            let part = if told.is_empty() { "" } else { ", " };
            for piece in [part, book, ": ", candidate.fact.word()] {
                told.push_str(piece);
            }
        }
        find(first, "", reason, &told);
    }
    for (channel, decision) in decided.decisions {
        let (Some(judgement), Some(point)) = (&decision.judgement, decision.point) else { continue };
        if let Some(event) = detail::hidden(decided, decision, &mut told) {
            find(event, channel.word(), judgement.reason, &told);
        }
        for finding in judgement.findings.all().iter().filter(|f| f.reason != decision.reason) {
            let event = finding.event().and_then(|at| decided.histories[point].get(at));
            detail::write(writing, decided, (*channel, decision), finding, &mut told);
            find(event.map_or(first, |h| h.event.place), channel.word(), finding.reason, &told);
        }
    }
    person::findings(writing, decided, find);
    out.text = told;
}
