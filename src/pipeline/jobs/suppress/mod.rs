//! The page of `suppress`: every refusal of all sources, each point once for every way it refuses, as one file: a
//! suppression file, digests for a partner, the import file of a tool, or an index.
//!
//! What a row refuses is told by the row checker of `clean`. Knows no argument.

mod lines;

use crate::ledger;
use crate::mapping::dates::OrderVotes;
use crate::output::{AtomicFile, folder};
use crate::pipeline::account::file_findings;
use crate::pipeline::check::index_lists::{EntryFilter, index_lists, told_day};
use crate::pipeline::check::refusals::RefusalSink;
use crate::pipeline::check::row::{CheckContext, Checker};
pub use crate::pipeline::jobs::suppress::lines::Collected;
use crate::pipeline::jobs::suppress::lines::{CollectedRefusals, LineMaker, WrittenCounts};
use crate::pipeline::kit::blocks::{BLOCK, rows_of};
use crate::pipeline::kit::bytes::{of_day, put};
use crate::pipeline::kit::counts::AddCounts;
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::row_sheet::Point;
use crate::pipeline::kit::run::{Progress, Scratch};
use crate::pipeline::kit::suppression_line::point_and_kind;
use crate::pipeline::kit::tally::UnknownWords;
use crate::pipeline::understand::date_columns::{merge_votes, orders};
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::sources::{self, SourcePlan, nobody_named};
use crate::plan::{SuppressPlan, SuppressSettings};
use crate::record::{Day, Event, EventKind, Failure, Field, Keyed, PointKind, Stamp};
use crate::report::counted;
use crate::source::{Cells, Row};
use crate::spill::{Budget, Spill};
use crate::suppress::{SuppressionEntry, index_key, kind_and_point};
use std::collections::BTreeMap;

/// Bytes of sources that go into one partition; a partition is sorted as a whole.
const PARTITION: u64 = 1 << 26;

/// Makes a suppression file, which appears whole or not at all; fails where a source is damaged, changed, or not
/// understood, or the file cannot be written.
pub fn suppress(plan: &SuppressPlan, progress: &dyn Progress) -> Result<Collected, Failure> {
    let budget = Budget::new(plan.read.memory);
    let scratch = Scratch { dir: folder(&plan.settings.out), budget: &budget };
    let mut sources = Vec::new();
    for source in &plan.read.sources {
        sources.push(sources::understand_refusing(&plan.read, source, scratch.dir)?);
    }
    sources::number_dates(&mut sources);
    let tables = PointTables::of(&plan.read.judging)?;
    progress.stage("reading", 0);
    let mut collected = match plan.index {
        true => make_index(plan, &sources, &tables, scratch)?,
        false => make_file(plan, &sources, &tables, scratch, progress)?,
    };
    let Collected { sources, warnings, .. } = &mut collected;
    let unread = sources.iter().filter(|(_, _, unread)| *unread > 0);
    warnings.extend(unread.map(|(name, rows, unread)| {
        format!("{name}: {unread} of {rows} rows name nobody who could be recognised, and refuse nobody")
    }));
    let empty = sources.iter().filter(|(_, rows, _)| *rows == 0);
    warnings.extend(empty.map(|(name, ..)| format!("{name}: this list is empty, and refuses nobody")));
    Ok(collected)
}

/// Fails on a list in which nobody was recognised: whoever is meant by it would not be refused.
fn recognised(sources: &[SourcePlan], counts: &[(String, u64, u64)]) -> Result<(), Failure> {
    let nobody = |(source, (_, rows, unread)): &(&SourcePlan, &(String, u64, u64))| {
        unread >= rows && source.ought_to_be_read(*rows)
    };
    match sources.iter().zip(counts).find(nobody) {
        Some((source, _)) => Err(nobody_named(source.name())),
        None => Ok(()),
    }
}

fn make_index(
    plan: &SuppressPlan,
    sources: &[SourcePlan],
    tables: &PointTables,
    scratch: Scratch<'_>,
) -> Result<Collected, Failure> {
    let key = plan.read.key.as_deref();
    let filter = EntryFilter { only: &plan.settings.only, tombstones: key, unheard: false };
    let keyed = index_key(key);
    let (index, lists) =
        index_lists(&plan.read, &BTreeMap::new(), sources, tables, (&keyed, &filter), scratch)?;
    let mut file = AtomicFile::create(&plan.settings.out)?;
    let made_by = tables.stamp(&plan.read.judging);
    index.save((key.is_some(), &made_by), &mut |bytes| file.write(bytes))?;
    file.publish()?;
    let entries = index.entries().iter().map(|(_, n)| *n as u64).sum::<u64>();
    let entries = entries + index.domain_entries() as u64;
    Ok(Collected {
        file: plan.settings.out.display().to_string(),
        points: entries,
        lines: entries,
        sources: lists.iter().map(|l| (l.facts.name.clone(), l.rows, l.unread)).collect(),
        ..Collected::default()
    })
}

fn make_file(
    plan: &SuppressPlan,
    sources: &[SourcePlan],
    tables: &PointTables,
    scratch: Scratch<'_>,
    progress: &dyn Progress,
) -> Result<Collected, Failure> {
    let bytes: u64 = sources.iter().map(|s| s.input.text_bytes()).sum();
    let partitions = usize::try_from(bytes / PARTITION).unwrap_or(usize::MAX).clamp(0, 1023) + 1;
    // The order of points depends on the partitions: they must be the same in every run.
    let keyed = index_key(None);
    let spill = Spill::new(scratch.dir, partitions, scratch.budget);
    let shared = CheckContext::new(&plan.read, sources, tables, &keyed);
    let jobs = sources.iter().enumerate();
    let jobs = jobs.flat_map(|(at, source)| source.input.blocks(BLOCK).map(move |b| Ok((at, b?))));
    let mut counts: Vec<(String, u64, u64)> = sources.iter().map(|s| (s.name().to_owned(), 0, 0)).collect();
    let mut votes: Vec<Vec<OrderVotes>> = vec![Vec::new(); sources.len()];
    let mut unknown = vec![UnknownWords::default(); sources.len()];
    let mut days = vec![ListDays::default(); sources.len()];
    ordered(
        plan.read.threads,
        jobs,
        || (Checker::new(&shared), Cells::new(), vec![Vec::new(); partitions]),
        |(checker, cells, items), (at, block)| {
            let merged = plan.read.sources.get(at).is_some_and(|s| s.path == plan.settings.out);
            let (seen, told) = (plan.read.send_date, String::new());
            let days = ListDays::default();
            let mut sink =
                LineSink { plan, keyed: &keyed, items, merged, hmac: false, seen, told, kept_of: None, days };
            let unread = checker.block_refusals(&sources[at], &block, cells, &mut sink)?;
            let days = sink.days;
            spill.append_all(items)?;
            Ok((at, u64::from(rows_of(&block)), unread, checker.take(), days))
        },
        |(at, rows, unread, checked, of_lines)| {
            days[at].add(of_lines);
            counts[at].1 += rows;
            counts[at].2 += unread;
            unknown[at].add(&checked.tally.unknown);
            merge_votes(&mut votes[at], &checked.votes);
            progress.advance(rows);
            if progress.interrupted() { Err(Failure::run("interrupted")) } else { Ok(()) }
        },
    )?;
    for source in sources {
        source.input.unchanged()?;
    }
    recognised(sources, &counts)?;
    let orders = orders(sources, &votes);
    let items = spill.into_partitions();
    let mut file = AtomicFile::create(&plan.settings.out)?;
    let dated = oldest(plan, sources, &days);
    let mut make = LineMaker::new(plan, sources, &orders, dated);
    file.write(&make.header())?;
    let mut written = WrittenCounts::default();
    written.told.dated = dated.map(|day| day.to_string());
    for partition in 0..partitions {
        let bytes = items.read(partition)?;
        make.lines(CollectedRefusals(&bytes), &mut written, &mut |bytes| file.write(bytes))?;
        items.free(partition);
    }
    file.publish()?;
    let mut collected = collected(plan, written, counts);
    collected.warnings.extend(unknown_words(sources, &unknown));
    Ok(collected)
}

/// The words about permission that are not known: whoever they are about is not in the file.
fn unknown_words(sources: &[SourcePlan], unknown: &[UnknownWords]) -> Vec<String> {
    let (mut says, mut answers) = (Vec::new(), Vec::new());
    for (source, found) in sources.iter().zip(unknown).filter(|(_, found)| found.rows() > 0) {
        let words = file_findings::says_words(source.name(), &source.mapping, found, &mut answers);
        says.push(format!(
            "a word about permission is not known, and nobody in its rows is in the file: {words}"
        ));
    }
    says.append(&mut answers);
    says
}

/// What the rows of a source tell of the day it is of.
#[derive(Debug, Clone, Copy, Default)]
struct ListDays {
    /// Of its newest event, no later than the send date.
    newest: Option<Day>,
    /// In a suppression file of ours: the oldest that a row tells, and whether one tells none.
    oldest: Option<Day>,
    undated: bool,
}

impl ListDays {
    fn add(&mut self, other: Self) {
        self.newest = self.newest.max(other.newest);
        self.oldest = self.oldest.into_iter().chain(other.oldest).min();
        self.undated |= other.undated;
    }
}

/// The day of the oldest source that is read anew; none where one of them tells none. What the file held already does not
/// count: it was read then, and is kept.
fn oldest(plan: &SuppressPlan, sources: &[SourcePlan], days: &[ListDays]) -> Option<Day> {
    let mut oldest = None;
    let anew =
        plan.read.sources.iter().zip(sources).zip(days).filter(|((s, _), _)| s.path != plan.settings.out);
    for ((typed, source), days) in anew {
        let read = if source.is_ours() { days.oldest.filter(|_| !days.undated) } else { days.newest };
        let day = told_day(&BTreeMap::new(), typed).or(read)?;
        oldest = oldest.into_iter().chain([day]).min();
    }
    oldest
}

fn collected(plan: &SuppressPlan, written: WrittenCounts, sources: Vec<(String, u64, u64)>) -> Collected {
    let mut warnings = Vec::new();
    if written.guessable {
        warnings.push(
            "unkeyed hashes of addresses and numbers can be guessed; with a partner who can take it, use \
             --hash hmac-sha256 --key-file"
                .to_owned(),
        );
    }
    if written.open_erasures > 0 {
        warnings.push(format!(
            "{} points of people who were erased stand there as they are: with --key-file they are kept as keyed hashes",
            written.open_erasures
        ));
    }
    warnings.extend(left_out(&written));
    let file = plan.settings.out.display().to_string();
    Collected { file, sources, warnings, ..written.told }
}

/// What the file has no place for: whoever is meant passes it.
fn left_out(written: &WrittenCounts) -> Vec<String> {
    let (domains, others) = (written.left_domains, written.told.left_out - written.left_domains);
    let left = |n: u64, what: &str| {
        let verb = if n == 1 { "was" } else { "were" };
        format!("{} {verb} left out", counted(n, what))
    };
    let mut told = Vec::new();
    if domains > 0 {
        let (whose, them) = if domains == 1 { ("its", "it") } else { ("their", "them") };
        told.push(format!(
            "{}, because this file matches whole addresses only: {whose} people will pass it; hand {them} over in a \
             file of their own (--domains)",
            left(domains, "domains")
        ));
    }
    if others > 0 {
        let them = if others == 1 { "it" } else { "them" };
        told.push(format!("{}: such a file has no place for {them}", left(others, "points")));
    }
    told
}

/// Collects what rows refuse as lines to be.
struct LineSink<'a> {
    plan: &'a SuppressPlan,
    keyed: &'a Keyed,
    items: &'a mut [Vec<u8>],
    /// Whether the source is the file that is written anew: all it holds stays, and what it says of its sources.
    merged: bool,
    /// Whether the row at hand says that only a key can match its digest.
    hmac: bool,
    /// Since when the row at hand says its point is refused.
    seen: Day,
    /// What the row at hand says of its sources.
    told: String,
    /// Of the file that is written anew, the day that the row at hand is of.
    kept_of: Option<Day>,
    days: ListDays,
}

impl RefusalSink for LineSink<'_> {
    fn row(&mut self, source: &SourcePlan, row: &Row<'_>) {
        let send_date = self.plan.read.send_date;
        self.hmac = source.says_kind(row, "hmac-sha256");
        self.seen = source.first_seen(row).map_or(send_date, |day| day.min(send_date));
        let (of_list, of_kept) = source.list_days(row);
        self.kept_of = of_kept.or(of_list).filter(|_| self.merged);
        if source.is_ours() {
            self.days.undated |= of_list.is_none();
            self.days.oldest = self.days.oldest.into_iter().chain(of_list).min();
        }
        self.told.clear();
        if let Some(column) = source.column(Field::Source).filter(|_| self.merged) {
            self.told.push_str(row.get(column));
        }
    }

    fn point(&mut self, point: &Point<'_>, event: &Event) {
        let (text, kind) = point_and_kind(point);
        let house = point.kind == PointKind::Post && !point.keyable;
        self.collect((kind, &text, if house { point.exact } else { point.key }), event);
    }

    /// Digits and houses stand among the points already.
    fn entry(&mut self, _: SuppressionEntry<'_>, text: Option<&str>, event: &Event) {
        if let Some((kind, point)) = text.and_then(|text| kind_and_point(text, self.hmac)) {
            self.collect((kind, point, point), event);
        }
    }
}

impl LineSink<'_> {
    /// Whether the file is to have it. `--only` and `--domains` choose among the new: what stands there already stays.
    fn wants(&self, event: EventKind, kind: &str) -> bool {
        let SuppressSettings { only, domains, .. } = &self.plan.settings;
        let chosen = (only.is_empty() || only.contains(&event)) && (!domains || kind == "domain");
        event.suppresses() && (self.merged || chosen)
    }

    fn collect(&mut self, (kind, point, key): (&str, &str, &str), event: &Event) {
        if let Stamp::Known(when) = event.at {
            let day = Some(when.date()).filter(|day| *day <= self.plan.read.send_date);
            self.days.newest = self.days.newest.max(day);
        }
        // `4.47911E+11` has no digits that could be written, and some homes no house.
        if point.is_empty() || !self.wants(event.kind, kind) {
            return;
        }
        let print = self.keyed.of(b's', &[kind.as_bytes(), point.as_bytes()]).0 as u64;
        let at = ((u128::from(print) * self.items.len() as u128) >> 64) as usize;
        let item = &mut self.items[at];
        [kind, point, key, &self.told].into_iter().for_each(|text| put(text.as_bytes(), item));
        item.extend_from_slice(&of_day(Some(self.seen)));
        item.extend_from_slice(&of_day(self.kept_of));
        item.push(u8::from(!self.merged));
        ledger::encode(event, item);
    }
}
