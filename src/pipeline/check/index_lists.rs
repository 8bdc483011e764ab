//! Suppression lists of any layout and registers, read into one index.
//!
//! What a row refuses is told by the row checker of `clean`; here it only becomes an entry.

use crate::pipeline::check::one_column::{Lesson, OneColumn};
use crate::pipeline::check::refusals::RefusalSink;
use crate::pipeline::check::row::{CheckContext, Checker, no_key};
use crate::pipeline::kit::blocks::{BLOCK, rows_of};
use crate::pipeline::kit::keys::PART;
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::row_sheet::Point;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::sources::{SourcePlan, nobody_named};
use crate::plan::{ReadPlan, Source};
use crate::record::{Day, Event, EventKind, Failure, Keyed, Kind, PointKind, Stamp};
use crate::source::State;
use crate::source::{Block, Cells};
use crate::suppress::{Algorithm, EntryBatch, EntryTag, Index, IndexBuilder, ListFacts, SuppressionEntry};
use std::collections::BTreeMap;

/// A list that was read, or a stretch of it.
#[derive(Debug, Default, Clone)]
pub(crate) struct IndexedList {
    /// What its index keeps of it.
    pub(crate) facts: ListFacts,
    pub(crate) rows: u64,
    /// Rows that name nobody who could be recognised.
    pub(crate) unread: u64,
    /// Whether a row of a suppression file of ours does not say of which day the file's sources were.
    pub(crate) undated: bool,
}

impl IndexedList {
    pub(crate) fn named(name: &str) -> Self {
        let facts = ListFacts { name: name.to_owned(), ..ListFacts::default() };
        Self { facts, ..Self::default() }
    }

    /// Adds what was read of a stretch; of the days of events the newest counts, of those that a file of ours carries the
    /// oldest.
    fn add(&mut self, read: &Self, ours: bool) {
        self.rows += read.rows;
        self.unread += read.unread;
        self.facts.entries += read.facts.entries;
        self.undated |= read.undated;
        let oldest = self.facts.dated.into_iter().chain(read.facts.dated).min();
        self.facts.dated = if ours { oldest } else { self.facts.dated.max(read.facts.dated) };
        self.facts.keyed |= read.facts.keyed;
    }
}

/// Reads the plain lists into one index.
pub(crate) fn index_lists(
    plan: &ReadPlan,
    dated: &BTreeMap<String, Day>,
    sources: &[SourcePlan],
    tables: &PointTables,
    (keyed, filter): (&Keyed, &EntryFilter<'_>),
    scratch: Scratch<'_>,
) -> Result<(Index, Vec<IndexedList>), Failure> {
    let builder = IndexBuilder::new(keyed, scratch.dir, scratch.budget);
    let mut lists = read(plan, sources, tables, (keyed, filter), &builder)?;
    for (list, source) in lists.iter_mut().zip(sources) {
        source.input.unchanged()?;
        let typed = plan.sources.iter().find(|s| s.name == source.name());
        let read = list.facts.dated.filter(|_| !list.undated);
        list.facts.dated = typed.and_then(|s| told_day(dated, s)).or(read);
        list.facts.registry = typed.and_then(|s| Some(s.registry.as_ref()?.0.clone()));
        if list.rows > 0 && list.unread >= list.rows && source.mapping.kind != Kind::Ignore {
            return Err(nobody_named(source.name()));
        }
    }
    let facts = lists.iter().map(|list| list.facts.clone()).collect();
    let index = builder.finish(facts, plan.key.as_deref(), scratch.dir)?;
    Ok((index, lists))
}

/// Which refusals become entries, and how.
pub(crate) struct EntryFilter<'a> {
    /// These events only; all when there are none.
    pub(crate) only: &'a [EventKind],
    /// The secret under which people who were erased are kept.
    pub(crate) tombstones: Option<&'a [u8]>,
    /// Whether points with a word about permission that is not known are among them: they are refused by nobody, and are
    /// kept out of a list that is checked now.
    pub(crate) unheard: bool,
}

fn read(
    plan: &ReadPlan,
    sources: &[SourcePlan],
    tables: &PointTables,
    (keyed, filter): (&Keyed, &EntryFilter<'_>),
    builder: &IndexBuilder,
) -> Result<Vec<IndexedList>, Failure> {
    let shared = CheckContext::new(plan, sources, tables, keyed);
    let jobs = sources.iter().enumerate();
    let jobs = jobs.flat_map(|(at, source)| source.input.blocks(BLOCK).map(move |b| Ok((at, b?))));
    let mut lists: Vec<IndexedList> = sources.iter().map(|s| IndexedList::named(s.name())).collect();
    ordered(
        plan.threads,
        jobs,
        || {
            let short = sources.iter().map(|source| OneColumn::of(source, shared.region)).collect::<Vec<_>>();
            (Checker::new(&shared), Cells::new(), EntryBatch::new(keyed), short)
        },
        |(checker, cells, batch, short), (at, block)| {
            let mut sink = IndexSink {
                filter,
                batch,
                list: u16::try_from(at).unwrap_or(u16::MAX),
                newest: None,
                send_date: plan.send_date,
                stones: false,
                lesson: None,
                houses: Vec::new(),
                named: false,
            };
            let read =
                block_entries((&shared, &sources[at]), &block, checker, (cells, &mut short[at]), &mut sink)?;
            builder.take(batch)?;
            Ok((at, read))
        },
        |(at, read)| {
            lists[at].add(&read, sources[at].is_ours());
            Ok(())
        },
    )?;
    Ok(lists)
}

fn block_entries(
    (shared, source): (&CheckContext<'_>, &SourcePlan),
    block: &Block,
    checker: &mut Checker<'_>,
    (cells, short): (&mut Cells, &mut Option<OneColumn>),
    sink: &mut IndexSink<'_>,
) -> Result<IndexedList, Failure> {
    let (mut unread, mut undated, mut oldest) = (0, false, None::<Day>);
    for record in block.records.iter().filter(|r| r.state != State::Header) {
        let (state, row) = block.row(record, source.input.dialect(), cells);
        let mut short = short.as_mut().filter(|_| state == State::Row);
        if short.as_mut().is_some_and(|s| s.enter(row.get(0), record.line, shared.tables, sink.batch)) {
            continue;
        }
        sink.lesson = short.as_mut().and_then(|s| s.lesson(row.get(0), shared));
        let why = checker.refusals(source, &row, state, record.line, sink);
        sink.enter_houses();
        if source.is_ours() {
            let (day, _) = source.list_days(&row);
            undated |= day.is_none();
            oldest = oldest.into_iter().chain(day).min();
        }
        unread += u64::from(why.is_some());
        if let (Some(short), Some(lesson)) = (short, sink.lesson.take()) {
            short.learn(lesson);
        }
    }
    if checker.lacks_key() {
        return Err(no_key(source));
    }
    let keyed = checker.take().keyed > 0 || sink.stones;
    // A suppression file of ours is of the day of what it was made of, not of its newest refusal.
    let dated = if source.is_ours() { oldest } else { sink.newest };
    let entries = sink.batch.entries();
    let facts = ListFacts { dated, entries, keyed, ..ListFacts::default() };
    Ok(IndexedList { facts, rows: u64::from(rows_of(block)), unread, undated })
}

/// Makes entries of an index of what rows refuse.
struct IndexSink<'a> {
    filter: &'a EntryFilter<'a>,
    batch: &'a mut EntryBatch,
    list: u16,
    newest: Option<Day>,
    send_date: Day,
    /// Whether people who were erased are among them.
    stones: bool,
    /// What the row at hand teaches, when it is the first ordinary one of a list of one column.
    lesson: Option<Lesson>,
    houses: Vec<(String, EntryTag, u32)>,
    /// Whether the row at hand tells otherwise than by a house of whom it speaks.
    named: bool,
}

impl RefusalSink for IndexSink<'_> {
    fn point(&mut self, point: &Point<'_>, event: &Event) {
        let entry = match point.kind {
            PointKind::Email | PointKind::Handle => {
                SuppressionEntry::Email { canonical: point.key, exact: point.exact }
            }
            PointKind::Phone => SuppressionEntry::Phone(point.key),
            PointKind::Post => SuppressionEntry::House(point.key),
        };
        let Some(tag) = self.tag(event) else { return };
        if let Some(lesson) = &mut self.lesson {
            let ordinary = matches!(point.kind, PointKind::Email | PointKind::Phone);
            lesson.see(Some(entry).filter(|_| ordinary && event.kind != EventKind::Erasure), tag);
        }
        self.named |= point.kind != PointKind::Post;
        let erased = self.filter.tombstones.filter(|_| event.kind == EventKind::Erasure);
        let stone = |key| Algorithm::HmacSha256.digest(point.key.as_bytes(), Some(key));
        if let Some(stone) = erased.and_then(stone) {
            self.stones = true;
            return self.batch.add(SuppressionEntry::Digest(stone), tag, event.place.line);
        }
        match point.kind {
            // `.de` is no address, and no domain unless it is asked for as `*.de`.
            PointKind::Email if point.key.starts_with('.') && !point.key.contains('@') => {}
            PointKind::Post if !point.keyable => {}
            PointKind::Email | PointKind::Handle | PointKind::Phone | PointKind::Post => {
                self.enter(entry, tag, event);
            }
        }
    }

    fn entry(&mut self, entry: SuppressionEntry<'_>, _: Option<&str>, event: &Event) {
        let Some(tag) = self.tag(event) else { return };
        if let Some(lesson) = &mut self.lesson {
            lesson.see(Some(entry), tag);
        }
        let house = matches!(entry, SuppressionEntry::House(_));
        self.named |= !house;
        // Of whom was erased nothing stays that could be read without the key.
        if house && event.kind == EventKind::Erasure && self.filter.tombstones.is_some() {
            return;
        }
        self.enter(entry, tag, event);
    }
}

impl IndexSink<'_> {
    /// Notes the day of an event; returns the tag of its entry if it is to become one.
    fn tag(&mut self, event: &Event) -> Option<EntryTag> {
        if let Stamp::Known(when) = event.at {
            self.see_day(Some(when.date()));
        }
        let unheard = event.kind == EventKind::ConsentWordUnknown && !self.filter.unheard;
        let wanted = self.filter.only.is_empty() || self.filter.only.contains(&event.kind);
        (wanted && !unheard).then_some(EntryTag {
            list: self.list,
            kind: event.kind,
            channels: event.channels,
        })
    }

    fn enter(&mut self, entry: SuppressionEntry<'_>, tag: EntryTag, event: &Event) {
        match entry {
            SuppressionEntry::House(house) => self.houses.push((house.to_owned(), tag, event.place.line)),
            entry => self.batch.add(entry, tag, event.place.line),
        }
    }

    /// Notes a day that tells of when the list is.
    fn see_day(&mut self, day: Option<Day>) {
        self.newest = self.newest.max(day.filter(|day| *day <= self.send_date));
    }

    /// Enters the houses of a row that names nobody by an address, a number or a handle: there a refusal binds whoever
    /// of the household is met again. Elsewhere the points of the person carry it.
    fn enter_houses(&mut self) {
        let is_own = |house: &str| !house.starts_with(PART);
        // One household is entered under its own key and under every key it may be asked for by, and counted once.
        let own = self.houses.iter().any(|(house, ..)| is_own(house));
        let mut last = None;
        for (house, tag, line) in self.houses.drain(..).filter(|_| !self.named) {
            let counts = if own { is_own(&house) } else { last.replace(tag) != Some(tag) };
            let entry = SuppressionEntry::House(&house);
            if counts { self.batch.add(entry, tag, line) } else { self.batch.add_again(entry, tag, line) }
        }
        self.named = false;
    }
}

/// The day somebody says a file is of: the user, or its name.
pub(crate) fn told_day(dated: &BTreeMap<String, Day>, source: &Source) -> Option<Day> {
    let said = dated.get(&source.name).copied();
    said.or(source.registry.as_ref().map(|(_, day)| *day)).or_else(|| day_in(&source.name))
}

/// The first day in a file's name: `2026-11-21`, `2026_11_21` or `20261121`, with no digit before or behind it.
fn day_in(name: &str) -> Option<Day> {
    let digit = |at: usize| name.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let starts = (0..name.len()).filter(|at| digit(*at) && (*at == 0 || !digit(at - 1)));
    starts.into_iter().find_map(|at| {
        let number = |from: usize, to: usize| name.get(at + from..at + to)?.parse::<i16>().ok();
        let apart = |at: usize| matches!(name.as_bytes().get(at), Some(b'-' | b'_'));
        let ([month, day], end) = if apart(at + 4) && apart(at + 7) { ([5, 8], 10) } else { ([4, 6], 8) };
        let whole = (0..end).filter(|i| digit(at + i)).count() == 8 && !digit(at + end);
        let year = number(0, 4).filter(|year| whole && (1990..=2200).contains(year))?;
        let [month, day] = [number(month, month + 2)?, number(day, day + 2)?];
        Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::day_in;

    #[test]
    fn days_are_found_in_file_names() {
        for (name, day) in [
            ("unsubscribed-2026-11-21.csv", Some("2026-11-21")),
            ("2026_11_01 stop.csv", Some("2026-11-01")),
            ("dnc20261121.txt", Some("2026-11-21")),
            ("dnc120261121.txt", None),
            ("part-2026-13-01.csv", None),
            ("201_5550123.csv", None),
            ("40012011.csv", None),
            ("stop.csv", None),
        ] {
            assert_eq!(day_in(name).map(|d| d.to_string()).as_deref(), day, "{name}");
        }
    }
}
