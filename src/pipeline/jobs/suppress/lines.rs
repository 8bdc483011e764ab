//! The lines of a suppression file: points sorted, each with what still counts of its refusals.

use crate::data::imports::{Import, ImportCell};
use crate::ledger;
use crate::output::{Line, hex};
use crate::pipeline::kit::bytes::{array, day, text};
use crate::pipeline::kit::cells::{listed, place};
use crate::pipeline::kit::keys;
use crate::pipeline::kit::run::header;
use crate::pipeline::kit::suppression_line::{Suppression, SuppressionLine, Suppressions};
use crate::pipeline::understand::sources::{LIST_DAYS, SourcePlan};
use crate::pipeline::write::contact_line::SUPPRESSION;
use crate::plan::SuppressPlan;
use crate::record::{Channel, Channels, DateOrder, Day, Event, EventKind, Failure};
use crate::suppress::Algorithm;
use serde::Serialize;
use std::collections::BTreeMap;

/// Sources told of one point.
const SOURCES: usize = 16;

/// Bytes of lines that are handed on together.
const LINES: usize = 1 << 18;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CollectedRefusal<'a> {
    kind: &'a str,
    point: &'a str,
    key: &'a str,
    event: Event,
    first_seen: Day,
    /// What the file that is written anew says of its sources.
    told: &'a str,
    /// Whether it is of a source of this call, and else the day of the file that it is kept of.
    new: bool,
    kept_of: Option<Day>,
}

/// The refusals of a partition, as they were spilled.
pub(crate) struct CollectedRefusals<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for CollectedRefusals<'a> {
    type Item = CollectedRefusal<'a>;

    fn next(&mut self) -> Option<CollectedRefusal<'a>> {
        let rest = &mut self.0;
        let (kind, point, key, told) = (text(rest)?, text(rest)?, text(rest)?, text(rest)?);
        let (first_seen, kept_of) = (day(rest)??, day(rest)?);
        let [new] = array(rest)?;
        let event = ledger::decode(&array(rest)?)?;
        Some(CollectedRefusal { kind, point, key, event, first_seen, told, new: new == 1, kept_of })
    }
}

/// What a suppression file was made of.
#[derive(Debug, Default, Serialize)]
pub struct Collected {
    /// Its name.
    pub file: String,
    /// Points, domains and digests in it.
    pub points: u64,
    /// Lines of it; in an index, entries.
    pub lines: u64,
    /// Lines by reason.
    pub reasons: BTreeMap<String, u64>,
    /// Points that the file has no place for: domains in a list of addresses, numbers where only addresses go.
    pub left_out: u64,
    /// The sources: name, rows, rows that name nobody who could be recognised.
    pub sources: Vec<(String, u64, u64)>,
    /// The day of the oldest source; none where one of them tells none.
    pub dated: Option<String>,
    /// Lines that are kept of an earlier file and that no source has, by the day of that file; empty where none is known.
    pub kept: BTreeMap<String, u64>,
    /// What looks wrong.
    pub warnings: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct WrittenCounts {
    pub(crate) told: Collected,
    /// Domains among the points that are left out.
    pub(crate) left_domains: u64,
    /// Points of people who were erased, written as they are for want of a key.
    pub(crate) open_erasures: u64,
    pub(crate) guessable: bool,
}

impl WrittenCounts {
    /// Counts a point that the file has no place for.
    fn leave_out(&mut self, item: &CollectedRefusal<'_>) {
        self.told.left_out += 1;
        self.left_domains += u64::from(item.kind == "domain");
    }
}

pub(crate) struct LineMaker<'a> {
    plan: &'a SuppressPlan,
    sources: &'a [SourcePlan],
    orders: &'a [DateOrder],
    /// The day of the oldest source.
    dated: String,
    line: Line,
    text: String,
}

impl<'a> LineMaker<'a> {
    pub(crate) fn new(
        plan: &'a SuppressPlan,
        sources: &'a [SourcePlan],
        orders: &'a [DateOrder],
        dated: Option<Day>,
    ) -> Self {
        let dated = dated.map_or_else(String::new, |day| day.to_string());
        Self { plan, sources, orders, dated, line: Line::new(false), text: String::new() }
    }

    pub(crate) fn header(&self) -> Vec<u8> {
        match self.plan.settings.tool {
            None => header(false, &[SUPPRESSION, &LIST_DAYS].concat()),
            Some(tool) if tool.headerless => Vec::new(),
            Some(tool) => header(false, &tool.columns.iter().map(|c| &c.header).collect::<Vec<_>>()),
        }
    }

    /// Writes the points of a partition in order.
    pub(crate) fn lines(
        &mut self,
        items: CollectedRefusals<'_>,
        written: &mut WrittenCounts,
        write: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut items: Vec<CollectedRefusal<'_>> = items.collect();
        items.sort_unstable();
        let mut bytes = Vec::with_capacity(2 * LINES);
        for point in items.chunk_by(|a, b| (a.kind, a.point) == (b.kind, b.point)) {
            self.point(point, written);
            self.line.drain_into(&mut bytes);
            if bytes.len() >= LINES {
                write(&bytes)?;
                bytes.clear();
            }
        }
        write(&bytes)
    }

    fn point(&mut self, items: &[CollectedRefusal<'_>], written: &mut WrittenCounts) {
        let Some(first) = items.first() else { return };
        let order = |column: u16| self.orders.get(usize::from(column)).copied().unwrap_or(DateOrder::Unknown);
        let mut said = Suppressions::default();
        for item in items {
            let late = item.event.at.readings(order).map(|(_, late)| late);
            said.add(Suppression::of(&item.event, late, item.event.place));
        }
        let said: Vec<Suppression> = said.settle().collect();
        let erased = said.iter().any(|s| s.kind == EventKind::Erasure);
        if let Some(tool) = self.plan.settings.tool {
            return self.import(tool, first, &said, written);
        }
        let Some((point, kind)) = self.shown(first, erased, written) else {
            return written.leave_out(first);
        };
        let first_seen = items.iter().map(|i| i.first_seen).min().unwrap_or(self.plan.read.send_date);
        let kept = !items.iter().any(|item| item.new);
        let kept_of = items.iter().filter_map(|item| item.kept_of).max().filter(|_| kept);
        let kept_of = kept_of.map_or_else(String::new, |day| day.to_string());
        written.told.points += 1;
        for says in said {
            let line = SuppressionLine { point: &point, kind, says, first_seen };
            line.cells(&mut self.line, &mut self.text, |text| places(self.sources, items, text));
            self.line.plain(&self.dated);
            self.line.plain(&kept_of);
            self.line.end();
            if kept {
                *written.told.kept.entry(kept_of.clone()).or_default() += 1;
            }
            written.told.lines += 1;
            *written.told.reasons.entry(says.kind.word().to_owned()).or_default() += 1;
        }
    }

    /// Point and kind as the file shows them: as they are, as the digest asked for, as an erased person's tombstone.
    fn shown<'i>(
        &self,
        item: &CollectedRefusal<'i>,
        erased: bool,
        written: &mut WrittenCounts,
    ) -> Option<(String, &'i str)> {
        let key = self.plan.read.key.as_deref();
        let plain = matches!(item.kind, "email" | "phone" | "handle");
        if erased && (plain || item.kind == "post") {
            if let Some(stone) = key.map(|key| keys::tombstone(item.key, key)) {
                return Some((stone, "hmac-sha256"));
            }
            written.open_erasures += u64::from(self.plan.settings.hash.is_none());
        }
        match self.plan.settings.hash {
            Some(algorithm) if plain => {
                written.guessable |= algorithm != Algorithm::HmacSha256;
                Some((hashed(algorithm, item.point, key)?, algorithm.word()))
            }
            // A domain and a household cannot be matched by their digests.
            Some(_) if matches!(item.kind, "domain" | "post") => None,
            _ => Some((item.point.to_owned(), item.kind)),
        }
    }

    fn import(
        &mut self,
        tool: &Import,
        item: &CollectedRefusal<'_>,
        said: &[Suppression],
        written: &mut WrittenCounts,
    ) {
        use ImportCell as Cell;
        let channels = said.iter().fold(Channels::NONE, |all, s| all.union(s.channels));
        let email = item.kind == "email" && channels.has(Channel::Email);
        let phone = item.kind == "phone" && !channels.intersect(Channels::PHONE).is_empty();
        let number = phone.then(|| item.point.strip_prefix('+')).flatten();
        let sha256 = |text: &str| hashed(Algorithm::Sha256, text, None).unwrap_or_default();
        let bounced = said.iter().all(|s| s.kind == EventKind::HardBounce);
        let cell = |cell: Cell| match (cell, number) {
            (Cell::Email, _) if email => item.point.to_owned(),
            (Cell::EmailSha256, _) if email => sha256(item.point),
            (Cell::E164, Some(_)) => item.point.to_owned(),
            (Cell::Digits, Some(digits)) => digits.to_owned(),
            (Cell::E164Sha256, Some(_)) => sha256(item.point),
            (Cell::DigitsSha256, Some(digits)) => sha256(digits),
            (Cell::SesReason, _) => if bounced { "BOUNCE" } else { "COMPLAINT" }.to_owned(),
            _ => String::new(),
        };
        let cells: Vec<String> = tool.columns.iter().map(|column| cell(column.cell)).collect();
        let mut named = tool.columns.iter().zip(&cells);
        if !named.any(|(column, cell)| column.cell != Cell::SesReason && !cell.is_empty()) {
            return written.leave_out(item);
        }
        self.line.cells(cells.iter().map(String::as_str));
        self.line.end();
        written.told.points += 1;
        written.told.lines += 1;
        if let Some(strongest) = said.iter().map(|s| s.kind).min() {
            *written.told.reasons.entry(strongest.word().to_owned()).or_default() += 1;
        }
    }
}

/// Every source that names the point, with its first line.
fn places(sources: &[SourcePlan], items: &[CollectedRefusal<'_>], text: &mut String) {
    let mut places: BTreeMap<&str, u32> = BTreeMap::new();
    let mut see = |name, line: u32| {
        let first = places.entry(name).or_insert(line);
        *first = line.min(*first);
    };
    for item in items {
        let at = item.event.place;
        match item.told {
            "" => see(sources.get(usize::from(at.source)).map_or("", SourcePlan::name), at.line),
            told => told.split("; ").for_each(|place| {
                let (name, line) = place.rsplit_once(':').unwrap_or((place, ""));
                see(name, line.parse().unwrap_or(0));
            }),
        }
    }
    for (name, line) in places.into_iter().take(SOURCES) {
        listed(text, "; ", "");
        place(text, name, line);
    }
}

/// The digest of a text in lower-case hexadecimal digits.
fn hashed(algorithm: Algorithm, text: &str, key: Option<&[u8]>) -> Option<String> {
    algorithm.whole_digest(text.as_bytes(), key).map(|digest| hex(&digest))
}
