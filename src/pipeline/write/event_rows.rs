//! The rows that are nobody's contact row: refusals and events of other files. Written last, when the ids of
//! the contacts they speak of are known.

use crate::ledger::binds;
use crate::output::{Line, OutFile};
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::rows::RowView;
use crate::pipeline::kit::cells::{channel_words, listed};
use crate::pipeline::kit::keys::{self, exact_of};
use crate::pipeline::kit::post_key;
use crate::pipeline::kit::row_sheet::{Ending, Point, RowEvent, SheetRow, damaged};
use crate::pipeline::kit::shared_facts::{self, SharedFact};
use crate::pipeline::kit::suppression_line::{
    Suppression, SuppressionLine, Suppressions, point_and_kind, shown,
};
use crate::pipeline::kit::tally::Tally;
use crate::pipeline::understand::sources::{SourcePlan, reading_order};
use crate::pipeline::write::files::Files;
use crate::pipeline::write::findings::FindingLine;
use crate::pipeline::write::out::ContactFile;
use crate::pipeline::write::suppression::{first_seen, told_at};
use crate::reason::Reason;
use crate::record::{Channels, Event, EventKind, Failure, Place, PointKind, RowId, When};
use crate::spill::ByRow;
use crate::suppress::kind_and_point;
use std::borrow::Cow;
use std::collections::HashSet;

/// Writes `events.csv` and the points of `suppression.csv` that no contact holds.
pub(crate) fn write(
    writing: &Writing<'_>,
    ids: &ByRow,
    events: &mut OutFile,
    files: &mut Files,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let pass = writing.pass;
    let mut sheet = pass.sheet.reader();
    let (mut ids, mut orphans) = (ids.cursor(), writing.facts.orphans.cursor());
    let said = std::mem::take(&mut files.suppressed);
    let mut lines = EventRows::new(writing.plan.write.spreadsheet_safe, said);
    for at in reading_order(writing.sources) {
        let source = &writing.sources[at];
        let range = pass.ranges[at];
        let mut row = range.first;
        for _ in 0..range.blocks {
            let bytes = sheet.read()?.ok_or_else(damaged)?;
            if source.is_contacts() && range.outside == 0 {
                continue;
            }
            let mut rest = bytes;
            let from = row;
            let count = count_rows(bytes)?;
            let (ids, orphans) = (ids.until(from + count)?, orphans.until(from + count)?);
            let mut view = RowView::default();
            while let Some(entry) = SheetRow::next(&mut rest) {
                let ending = view.read(row, source.index, entry).ok_or_else(damaged)?;
                let counts = &mut tally.sources[at];
                match ending {
                    Ending::Contact => {}
                    Ending::Rejected if source.is_contacts() => {}
                    Ending::Rejected => counts.rejected += 1,
                    Ending::Refusal => counts.refusal += 1,
                    Ending::Event => counts.event += 1,
                }
                if matches!(ending, Ending::Refusal | Ending::Event) {
                    lines.contacts.clear();
                    lines.given.clear();
                    lines.held = None;
                    lines.erased = view.events.iter().any(|e| e.event.kind == EventKind::Erasure);
                    let answers = ids.of(row).map(|item| lines.answer(item)).count();
                    counts.matched += u64::from(answers > 0);
                    lines.events(writing, source, &view);
                    lines.left(writing, source, &view, tally);
                    lines.nobody(source, &view, tally);
                    lines.dates(writing, source, &view, tally);
                    lines.listed(writing, source, &view, tally);
                    let told: Vec<SharedFact> = orphans.of(row).filter_map(shared_facts::read).collect();
                    lines.as_given(writing, source, &view, tally);
                    lines.orphans(writing, source, &view, &told, tally);
                }
                row += 1;
            }
            events.write(&lines.events.take())?;
            files.suppression.write(&lines.suppression.take())?;
            files.of_contacts[ContactFile::Findings as usize].write(&lines.findings.take())?;
        }
    }
    Ok(())
}

fn count_rows(mut bytes: &[u8]) -> Result<RowId, Failure> {
    let mut count = 0;
    while !bytes.is_empty() {
        SheetRow::next(&mut bytes).ok_or_else(damaged)?;
        count += 1;
    }
    Ok(count)
}

/// Lines made of rows that are nobody's contact row, and what is known of the row at hand.
#[derive(Default)]
struct EventRows {
    events: Line,
    suppression: Line,
    findings: Line,
    contacts: String,
    /// Exact addresses of the row at hand that the contact it speaks of spells otherwise.
    given: Vec<u64>,
    /// Of a row of an earlier run's suppression file: exact addresses that the contacts it speaks of do hold.
    held: Option<Vec<u64>>,
    /// A contact of the row was erased: its points are not written.
    erased: bool,
    text: String,
    /// With an earlier run behind this one: numbers of the lines that `suppression.csv` holds already.
    written: HashSet<u64>,
}

impl EventRows {
    fn new(spreadsheet_safe: bool, written: HashSet<u64>) -> Self {
        let [events, suppression, findings] = std::array::from_fn(|_| Line::new(spreadsheet_safe));
        Self { events, suppression, findings, written, ..Self::default() }
    }

    /// Takes what a contact answered: its id, or an address that it spells otherwise.
    fn answer(&mut self, item: &[u8]) {
        match item.split_first() {
            Some((0, [])) => self.erased = true,
            Some((0, id)) => listed(&mut self.contacts, "; ", &String::from_utf8_lossy(id)),
            Some((2, exacts)) => {
                let held = exacts.as_chunks::<8>().0.iter().map(|exact| u64::from_le_bytes(*exact));
                self.held.get_or_insert_default().extend(held);
            }
            Some((_, exact)) => {
                let exact = exact.try_into().map(u64::from_le_bytes).unwrap_or_default();
                if !self.given.contains(&exact) {
                    self.given.push(exact);
                }
            }
            None => {}
        }
    }

    /// Refused addresses as they were given, where the contact spells them otherwise.
    fn as_given(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>, tally: &mut Tally) {
        if let Some(held) = self.held.take().filter(|_| !self.erased) {
            let exacts = row.points.iter().map(|p| exact_of(writing.keyed, p.exact));
            self.given.extend(exacts.filter(|exact| !held.contains(exact)));
        }
        if self.given.is_empty() {
            return;
        }
        for (at, point) in row.points.iter().enumerate().filter(|(_, p)| p.kind != PointKind::Post) {
            if !self.given.contains(&exact_of(writing.keyed, point.exact)) {
                continue;
            }
            let told = row.events.iter().filter(|e| e.at(at) && e.event.kind.suppresses()).map(|e| e.event);
            let channels = told.clone().fold(Channels::NONE, |all, e| all.union(e.channels));
            let Some(event) = told.min_by_key(|e| e.kind) else { continue };
            let (_, kind) = point_and_kind(point);
            let says =
                Suppression::of(&Event { channels, ..event }, day(writing, &event), at_row(source, row));
            tally.suppressed[0] += self.suppression_line(writing, (point.exact, kind), says);
        }
    }

    /// One line per event and point; a register's rows only where a contact stands on it.
    fn events(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>) {
        for (at, told) in row.events.iter().enumerate() {
            // What two columns of a row say alike, whatever is told beside it, is one event.
            let same = |other: &RowEvent| {
                let of = |e: &RowEvent| (e.point, e.event.kind, e.event.channels, e.event.at);
                of(other) == of(told)
            };
            if told.event.kind == EventKind::RegistryListed && self.contacts.is_empty()
                || row.events[..at].iter().any(same)
            {
                continue;
            }
            let points = row.points.iter().enumerate().filter(|(at, _)| told.at(*at));
            let points = points.map(|(_, p)| (point_and_kind(p).0, p.key));
            let listed = row.findings.iter().filter(|f| is_listed(f.reason));
            let mut listed: Vec<_> = listed.map(|f| (Cow::Borrowed(f.detail), "")).collect();
            listed.dedup();
            for (point, point_key) in points.chain(listed) {
                let Self { events: line, text, contacts, erased, .. } = self;
                let key = writing.plan.read.key.as_deref();
                match key.filter(|_| *erased).map(|key| keys::tombstone(point_key, key)) {
                    Some(tombstone) if !point_key.is_empty() => line.cells([contacts.as_str(), &tombstone]),
                    _ if *erased && !point_key.is_empty() => line.cells([contacts.as_str(), ""]),
                    _ => line.cells([contacts.as_str(), &point]),
                }
                channel_words(told.event.channels, text);
                line.cells([text.as_str(), told.event.kind.word()]);
                line.cell(&day_text(writing, &told.event));
                line.cells([source.name(), &row.place.line.to_string()]);
                line.end();
            }
        }
    }

    /// Consents for addresses and numbers that no contact holds any more.
    fn left(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>, tally: &mut Tally) {
        let Self { findings: line, contacts, erased, text, .. } = self;
        if !contacts.is_empty() || *erased {
            return;
        }
        for told in row.events.iter().filter(|e| e.event.kind == EventKind::ConsentGiven) {
            channel_words(told.event.channels, text);
            let kind = told.event.kind.word();
            let day = day_text(writing, &told.event);
            let day = if day.is_empty() { "undated" } else { &day };
            let detail = format!("{day} {kind}; no contact has it");
            let found = of_row(source, row, Reason::PersonPointLeft, &detail);
            FindingLine { channel: text, ..found }.write(line, tally);
        }
    }

    /// A refusal of somebody whom the row does not tell.
    fn nobody(&mut self, source: &SourcePlan, row: &RowView<'_>, tally: &mut Tally) {
        let reason = Reason::RowRefusesNobody;
        if row.findings.iter().any(|f| f.reason == reason) {
            of_row(source, row, reason, "").write(&mut self.findings, tally);
        }
    }

    fn dates(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>, tally: &mut Tally) {
        let told = row.findings.iter().filter(|f| f.reason.family() == "date").map(|f| (f.reason, f.detail));
        let open = writing.open_dates(row).map(|header| (Reason::DateOrderUnknown, header));
        for (reason, header) in told.chain(open) {
            of_row(source, row, reason, header).write(&mut self.findings, tally);
        }
    }

    /// Domains and digests, as given.
    fn listed(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>, tally: &mut Tally) {
        let events = row.events.iter().map(|e| &e.event);
        let findings = row.findings.iter().filter(|f| is_listed(f.reason));
        for (finding, event) in findings.zip(events).filter(|(_, e)| e.kind != EventKind::RegistryListed) {
            let Some((kind, point)) = kind_and_point(finding.detail, false) else { continue };
            let says = Suppression::of(event, day(writing, event), at_row(source, row));
            tally.suppressed[if kind == "domain" { 1 } else { 2 }] +=
                self.suppression_line(writing, (point, kind), says);
        }
    }

    /// Points of the row that no contact holds and that it is the first to name.
    fn orphans(
        &mut self,
        writing: &Writing<'_>,
        source: &SourcePlan,
        row: &RowView<'_>,
        told: &[SharedFact],
        tally: &mut Tally,
    ) {
        for point in row.points.iter().filter(|p| p.kind != PointKind::Post || post_key::entry(p).is_some()) {
            let exact = exact_of(writing.keyed, point.exact);
            let mut said = Suppressions::default();
            for told in told {
                let SharedFact::AtKey(_, entry) = told else { continue };
                if entry.exact != exact {
                    continue;
                }
                let says = Suppression::of(&entry.event(), entry.at, entry.place);
                if !self.carried_on(writing, point, &says) {
                    said.add(says);
                }
            }
            let erased = said.settle().any(|s| s.kind == EventKind::Erasure);
            let (point, kind) = shown(point, writing.plan.read.key.as_deref().filter(|_| erased));
            for says in said.settle() {
                let says = Suppression { place: at_row(source, row), ..says };
                tally.suppressed[0] += self.suppression_line(writing, (&point, kind), says);
            }
        }
    }

    /// Whether an earlier run tells this and a contact's line says it again: two refusals stay two.
    fn carried_on(&self, writing: &Writing<'_>, point: &Point<'_>, says: &Suppression) -> bool {
        let earlier = || writing.earlier.is_some_and(|earlier| earlier.source == says.place.source);
        !self.written.is_empty() && earlier() && {
            let (point, kind) = point_and_kind(point);
            self.written.contains(&says.number_at(kind, &point))
        }
    }

    /// Writes the line unless an earlier run carries it on and another says it already; the number of lines written.
    fn suppression_line(&mut self, writing: &Writing<'_>, of: (&str, &str), says: Suppression) -> u64 {
        let (point, kind) = of;
        let line = SuppressionLine { point, kind, says, first_seen: first_seen(writing, kind, point) };
        if let Some(earlier) = writing.earlier {
            let new = self.written.insert(line.number());
            if !new && says.place.source == earlier.source {
                return 0;
            }
        }
        line.write(&mut self.suppression, &mut self.text, |text| told_at(writing, says.place, text));
        1
    }
}

/// A finding on a row that is nobody's.
fn of_row<'a>(source: &'a SourcePlan, row: &RowView<'_>, reason: Reason, detail: &'a str) -> FindingLine<'a> {
    FindingLine { contact: "", source: source.name(), line: row.place.line, channel: "", reason, detail }
}

fn at_row(source: &SourcePlan, row: &RowView<'_>) -> Place {
    Place { source: source.index, line: row.place.line }
}

const fn is_listed(reason: Reason) -> bool {
    matches!(reason, Reason::SuppressionDomain | Reason::SuppressionDigest)
}

/// The day of an event: of two readings the one that hurts.
fn day(writing: &Writing<'_>, event: &Event) -> Option<When> {
    let (early, late) = event.at.readings(|column| writing.order(column))?;
    Some(if binds(event.kind) { late } else { early })
}

/// The day of an event as outputs write it.
fn day_text(writing: &Writing<'_>, event: &Event) -> String {
    day(writing, event).map(When::text).unwrap_or_default()
}
