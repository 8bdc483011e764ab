//! The rows that are nobody's contact row: refusals and events of other files. Written last, when the ids of
//! the contacts they speak of are known.

use super::byrow::Sorted;
use super::contact::{RowView, exact_of};
use super::gather::damaged;
use super::postal;
use super::read::reading_order;
use super::share::{self, Told};
use super::sheet::{Ending, Point, SheetRow};
use super::sources::SourcePlan;
use super::suppressed::{Suppressions, channel_words};
use super::tally::Tally;
use super::write::{Files, Writing};
use crate::ledger::binds;
use crate::output::{Line, OutFile};
use crate::reason::Reason;
use crate::record::Failure;
use crate::record::{Channels, Event, EventKind, PointKind, RowId};
use crate::suppress::{Algorithm, KEYED, Shape, shape};
use std::borrow::Cow;

/// Writes `events.csv` and the points of `suppression.csv` that no contact holds.
pub(super) fn write(
    writing: &Writing<'_>,
    ids: &Sorted,
    events: &mut OutFile,
    files: &mut Files,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let pass = writing.pass;
    let mut sheet = pass.sheet.reader();
    let (mut ids, mut orphans) = (ids.cursor(), writing.facts.orphans.cursor());
    let mut lines = Lines::new(writing.plan.spreadsheet_safe);
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
                    lines.erased = view.events.iter().any(|e| e.event.kind == EventKind::Erasure);
                    let mut matched = false;
                    for item in ids.of(row) {
                        matched = true;
                        lines.answer(item);
                    }
                    counts.matched += u64::from(matched);
                    lines.events(writing, source, &view);
                    lines.left(writing, source, &view, tally);
                    lines.listed(writing, source, &view, tally);
                    let told: Vec<Told> = orphans.of(row).filter_map(share::read).collect();
                    lines.as_given(writing, source, &view, tally);
                    lines.orphans(writing, source, &view, &told, tally);
                }
                row += 1;
            }
            events.write(&lines.events.take())?;
            files.suppression.write(&lines.suppression.take())?;
            files.findings.write(&lines.findings.take())?;
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

struct Lines {
    events: Line,
    suppression: Line,
    findings: Line,
    contacts: String,
    /// Exact addresses of the row at hand that the contact it speaks of spells otherwise.
    given: Vec<u64>,
    /// A contact of the row was erased: its points are not written.
    erased: bool,
    text: String,
}

impl Lines {
    fn new(spreadsheet_safe: bool) -> Self {
        Self {
            events: Line::new(spreadsheet_safe),
            suppression: Line::new(spreadsheet_safe),
            findings: Line::new(spreadsheet_safe),
            contacts: String::new(),
            given: Vec::new(),
            erased: false,
            text: String::new(),
        }
    }

    /// Takes what a contact answered: its id, or an address that it spells otherwise.
    fn answer(&mut self, item: &[u8]) {
        match item.split_first() {
            Some((0, [])) => self.erased = true,
            Some((0, id)) => {
                if !self.contacts.is_empty() {
                    self.contacts.push_str("; ");
                }
                self.contacts.push_str(&String::from_utf8_lossy(id));
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
        if self.given.is_empty() {
            return;
        }
        for (at, point) in row.points.iter().enumerate().filter(|(_, p)| p.kind != PointKind::Post) {
            if !self.given.contains(&exact_of(writing.keyed, point.exact)) {
                continue;
            }
            let refusing = |e: &EventKind| e.is_refusal() || *e == EventKind::HardBounce;
            let told = row.events.iter().filter(|e| e.at(at) && refusing(&e.event.kind)).map(|e| e.event);
            let channels = told.clone().fold(Channels::NONE, |all, e| all.union(e.channels));
            let Some(event) = told.min_by_key(|e| e.kind) else { continue };
            tally.suppressed[0] += 1;
            let kind = if point.kind == PointKind::Email { "email" } else { "phone" };
            let since = day_text(writing, &event);
            self.suppression_line(writing, source, row, (point.exact, kind), channels, (event.kind, &since));
        }
    }

    /// One line per event and point; a register's rows only where a contact stands on it.
    fn events(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>) {
        for told in &row.events {
            if told.event.kind == EventKind::RegistryListed && self.contacts.is_empty() {
                continue;
            }
            let points = row.points.iter().enumerate().filter(|(at, _)| told.at(*at));
            let points = points.map(|(_, p)| (told_point(p), p.key));
            let mut listed: Vec<_> = row
                .findings
                .iter()
                .filter(|f| is_listed(f.reason))
                .map(|f| (Cow::Borrowed(f.detail), ""))
                .collect();
            listed.dedup();
            for (point, point_key) in points.chain(listed) {
                let Self { events: line, text, contacts, erased, .. } = self;
                let key = writing.plan.key.as_deref();
                match key.filter(|_| *erased).and_then(|key| super::ids::tombstone(point_key, key)) {
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
            tally.findings.count(Reason::PersonPointLeft);
            line.cells(["", source.name()]);
            line.number(u64::from(row.place.line));
            channel_words(told.event.channels, text);
            line.cells([text.as_str(), Reason::PersonPointLeft.id()]);
            let kind = told.event.kind.word();
            let day = day_text(writing, &told.event);
            let day = if day.is_empty() { "undated" } else { &day };
            line.cell(&format!("{day} {kind}; no contact has it"));
            line.end();
        }
    }

    /// Domains and digests, as given.
    fn listed(&mut self, writing: &Writing<'_>, source: &SourcePlan, row: &RowView<'_>, tally: &mut Tally) {
        let events = row.events.iter().map(|e| &e.event);
        let findings = row.findings.iter().filter(|f| is_listed(f.reason));
        for (finding, event) in findings.zip(events).filter(|(_, e)| e.kind != EventKind::RegistryListed) {
            let (kind, point) = match (shape(finding.detail), finding.detail.strip_prefix(KEYED)) {
                (Shape::Domain { .. }, _) => ("domain", finding.detail),
                (Shape::Digest(_), Some(stone)) => (Algorithm::HmacSha256.word(), stone),
                (Shape::Digest(digest), None) => (digest.word(), finding.detail),
                (Shape::Plain(_), _) => continue,
            };
            tally.suppressed[if kind == "domain" { 1 } else { 2 }] += 1;
            let since = day_text(writing, event);
            self.suppression_line(writing, source, row, (point, kind), event.channels, (event.kind, &since));
        }
    }

    /// Points of the row that no contact holds and that it is the first to name.
    fn orphans(
        &mut self,
        writing: &Writing<'_>,
        source: &SourcePlan,
        row: &RowView<'_>,
        told: &[Told],
        tally: &mut Tally,
    ) {
        for point in row.points.iter().filter(|p| p.kind != PointKind::Post || postal::entry(p).is_some()) {
            let exact = exact_of(writing.keyed, point.exact);
            let entries = told.iter().filter_map(|t| match t {
                Told::AtKey(_, entry) if entry.exact == exact => Some(entry),
                Told::AtKey(..)
                | Told::Shared { .. }
                | Told::OfPerson(_)
                | Told::Outside(_)
                | Told::Own(_) => None,
            });
            let mut said = Suppressions::default();
            for entry in entries {
                said.add(entry.kind, entry.channels, entry.at, entry.place);
            }
            let erased = said.settle().any(|s| s.kind == EventKind::Erasure);
            for said in said.settle() {
                tally.suppressed[0] += 1;
                let since = said.since.map(|w| w.text()).unwrap_or_default();
                let key = writing.plan.key.as_deref().filter(|_| erased);
                let tombstone = key.and_then(|key| super::ids::tombstone(point.key, key));
                let kind = match point.kind {
                    PointKind::Email => "email",
                    PointKind::Phone => "phone",
                    PointKind::Post => "post",
                };
                let point = told_point(point);
                let point = tombstone.as_ref().map_or((&*point, kind), |text| (text, "hmac-sha256"));
                self.suppression_line(writing, source, row, point, said.channels, (said.kind, &since));
            }
        }
    }

    fn suppression_line(
        &mut self,
        writing: &Writing<'_>,
        source: &SourcePlan,
        row: &RowView<'_>,
        (point, kind): (&str, &str),
        channels: Channels,
        (reason, since): (EventKind, &str),
    ) {
        let Self { suppression: line, text, .. } = self;
        line.cells([point, kind]);
        channel_words(channels, text);
        line.cells([text.as_str(), reason.word(), since]);
        line.cells([
            writing.plan.send_date.to_string().as_str(),
            &format!("{}:{}", source.name(), row.place.line),
        ]);
        line.end();
    }
}

/// A point as outputs tell it.
fn told_point<'a>(point: &Point<'a>) -> Cow<'a, str> {
    match point.kind {
        PointKind::Email | PointKind::Phone => Cow::Borrowed(point.exact),
        PointKind::Post => Cow::Owned(postal::entry(point).unwrap_or_default()),
    }
}

const fn is_listed(reason: Reason) -> bool {
    matches!(reason, Reason::SuppressionDomain | Reason::SuppressionDigest)
}

/// The day of an event as outputs write it: of two readings the one that hurts.
fn day_text(writing: &Writing<'_>, event: &Event) -> String {
    let readings = event.at.readings(|column| writing.order(column));
    readings.map_or(String::new(), |(early, late)| if binds(event.kind) { late.text() } else { early.text() })
}
