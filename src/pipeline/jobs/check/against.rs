//! What a list is checked against, read in full before its first row leaves: suppression files of any layout,
//! registers, prepared indexes, run directories.
//!
//! What a row refuses is told by the row checker of `clean`; here it only becomes an entry. Knows no row of the
//! list that is checked.

use crate::consent::register_counts_until;
use crate::data::rulebooks;
use crate::pipeline::check::refusals::Refused;
use crate::pipeline::check::row::{Checker, Shared, no_key};
use crate::pipeline::jobs::check::cleared;
use crate::pipeline::jobs::check::cleared::ClearedPoints;
use crate::pipeline::jobs::check::list::List;
use crate::pipeline::jobs::check::one_column::{Bare, Entered};
use crate::pipeline::kit::blocks::{BLOCK, rows_of};
use crate::pipeline::kit::keys::PART;
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::understand::points::Tables;
use crate::pipeline::understand::sources;
use crate::pipeline::understand::sources::SourcePlan;
use crate::plan::{CheckPlan, Plan, Source};
use crate::record::{Day, EventKind, Failure, Keyed, PointKind, Stamp};
use crate::source::State;
use crate::source::{Block, Cells};
use crate::suppress::{Algorithm, Batch, Builder, Index, Shape, Tag, bare_digits, shape};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything a list is checked against.
#[derive(Debug)]
pub(crate) struct Against {
    /// Indexes, each with the number of its first list.
    pub(crate) indexes: Vec<(Index, usize)>,
    pub(crate) runs: Vec<ClearedPoints>,
    /// Lists of the indexes, then one for each run.
    pub(crate) lists: Vec<List>,
}

/// Reads all of it, and refuses what is damaged or too old.
pub(crate) fn load(
    plan: &CheckPlan,
    tables: &Tables,
    keyed: &Keyed,
    scratch: Scratch<'_>,
) -> Result<Against, Failure> {
    let (mut plain, mut prepared, mut runs) = (Vec::new(), Vec::new(), Vec::new());
    for source in &plan.plan.sources {
        if source.path.is_dir() {
            let (run, own) = cleared::open_run(plan, source, tables, keyed)?;
            plain.push(sources::understand_one(&plan.plan, &own, scratch.dir)?);
            runs.push(run);
        } else if Index::is_one(&source.path) || source.path.extension().is_some_and(|e| e == "idx") {
            let made_by = tables.stamp(&plan.plan.judging);
            let key = plan.plan.key.as_deref();
            prepared.push(Index::open(&source.path, &source.name, (key, &made_by))?);
        } else {
            plain.push(sources::understand_against(&plan.plan, source, scratch.dir)?);
        }
    }
    sources::number_dates(&mut plain);
    let mut against = Against { indexes: Vec::new(), runs: Vec::new(), lists: Vec::new() };
    let takes = Takes { only: &[], tombstones: None };
    let (index, mut lists) = build(&plan.plan, &plan.dated, &plain, tables, (keyed, &takes), scratch)?;
    for run in &runs {
        let own = format!("{}/suppression.csv", run.facts.name);
        lists.iter_mut().filter(|l| l.name == own).for_each(|l| l.dated = run.facts.dated);
    }
    against.indexes.push((index, 0));
    against.lists.extend(lists);
    for index in prepared {
        let first = against.lists.len();
        against.lists.extend(index.lists().iter().map(|list| List {
            name: list.name.clone(),
            dated: list.dated,
            entries: list.entries,
            keyed: list.keyed,
            registry: list.registry.clone(),
            rows: list.entries,
            unread: 0,
        }));
        against.indexes.push((index, first));
    }
    for mut run in runs {
        run.list = against.lists.len();
        against.lists.push(run.facts.clone());
        against.runs.push(run);
    }
    fresh(plan, &against.lists)?;
    Ok(against)
}

/// Reads the plain lists into one index.
pub(crate) fn build(
    plan: &Plan,
    dated: &BTreeMap<String, Day>,
    sources: &[SourcePlan],
    tables: &Tables,
    (keyed, takes): (&Keyed, &Takes<'_>),
    scratch: Scratch<'_>,
) -> Result<(Index, Vec<List>), Failure> {
    let builder = Builder::new(keyed, scratch.dir, scratch.budget);
    let mut lists = read(plan, sources, tables, (keyed, takes), &builder)?;
    for (list, source) in lists.iter_mut().zip(sources) {
        source.input.unchanged()?;
        if source.input.text_bytes() == 0 {
            return Err(Failure::run("this list is empty: there is not even a header")
                .at(source.name())
                .hint("fetch it again"));
        }
        let typed = plan.sources.iter().find(|s| s.name == source.name());
        list.dated = typed.and_then(|s| told_day(dated, s)).or(list.dated);
        list.registry = typed.and_then(|s| Some(s.registry.as_ref()?.0.clone()));
        if list.rows > 0 && list.unread >= list.rows {
            return Err(Failure::run("no row of this list names anybody who could be recognised")
                .at(source.name())
                .hint("see what it is taken for: contactable inspect"));
        }
    }
    let facts = lists.iter().map(List::facts);
    let index = builder.finish(facts.collect(), plan.key.as_deref(), scratch.dir)?;
    Ok((index, lists))
}

/// What one block of a list leaves behind.
struct Done {
    source: usize,
    rows: u32,
    unread: u64,
    entries: u64,
    newest: Option<Day>,
    /// Whether digests among them need a key.
    keyed: bool,
}

/// What becomes an entry.
pub(crate) struct Takes<'a> {
    /// These events only; all when there are none.
    pub(crate) only: &'a [EventKind],
    /// The secret under which people who were erased are kept.
    pub(crate) tombstones: Option<&'a [u8]>,
}

fn read(
    plan: &Plan,
    sources: &[SourcePlan],
    tables: &Tables,
    (keyed, takes): (&Keyed, &Takes<'_>),
    builder: &Builder,
) -> Result<Vec<List>, Failure> {
    let shared = Shared::new(plan, sources, tables, keyed);
    let jobs = sources.iter().enumerate();
    let jobs = jobs.flat_map(|(at, source)| source.input.blocks(BLOCK).map(move |b| Ok((at, b?))));
    let mut lists: Vec<List> =
        sources.iter().map(|s| List { name: s.name().to_owned(), ..List::default() }).collect();
    ordered(
        plan.threads,
        jobs,
        || {
            let bare = sources.iter().map(|source| Bare::of(source, shared.region)).collect::<Vec<_>>();
            (Checker::new(&shared), Cells::new(), Batch::new(keyed), bare)
        },
        |(checker, cells, batch, bare), (at, block)| {
            let mut into = Into {
                takes,
                tables,
                batch,
                list: at,
                newest: None,
                send_date: plan.send_date,
                stones: false,
                learning: false,
                entered: Vec::new(),
                houses: (Vec::new(), false),
            };
            let done = block_entries(&sources[at], &block, checker, (cells, &mut bare[at]), &mut into)?;
            builder.take(batch)?;
            Ok(done)
        },
        |done| {
            let list = &mut lists[done.source];
            list.rows += u64::from(done.rows);
            list.unread += done.unread;
            list.entries += done.entries;
            list.dated = list.dated.max(done.newest);
            list.keyed |= done.keyed;
            Ok(())
        },
    )?;
    Ok(lists)
}

fn block_entries(
    source: &SourcePlan,
    block: &Block,
    checker: &mut Checker<'_>,
    (cells, bare): (&mut Cells, &mut Option<Bare>),
    into: &mut Into<'_>,
) -> Result<Done, Failure> {
    let mut unread = 0;
    for record in block.records.iter().filter(|r| r.state != State::Header) {
        let (state, row) = block.row(record, source.input.dialect(), cells);
        let mut short = bare.as_mut().filter(|_| state == State::Row);
        if short.as_mut().is_some_and(|s| s.enter(row.get(0), record.line, into.tables, into.batch)) {
            continue;
        }
        into.learning = short.as_ref().is_some_and(|s| s.learns());
        let why = checker.refusals(source, &row, state, record.line, |refused| into.enter(&refused));
        into.enter_houses();
        // A suppression file of ours is of the day of the run that wrote it, not of its newest refusal.
        into.see_day(source.first_seen(&row));
        unread += u64::from(why.is_some());
        if let Some(short) = short.filter(|_| into.learning) {
            short.learn(row.get(0), into.tables, &mut into.entered);
        }
    }
    if checker.lacks_key() {
        return Err(no_key(source));
    }
    let keyed = checker.take().keyed > 0 || into.stones;
    let (entries, newest) = (into.batch.entries(), into.newest);
    Ok(Done { source: into.list, rows: rows_of(block), unread, entries, newest, keyed })
}

/// Makes entries of what rows refuse.
struct Into<'a> {
    takes: &'a Takes<'a>,
    tables: &'a Tables,
    batch: &'a mut Batch,
    list: usize,
    newest: Option<Day>,
    send_date: Day,
    /// Whether people who were erased are among them.
    stones: bool,
    /// Whether somebody learns from the row at hand.
    learning: bool,
    /// What it enters, then.
    entered: Vec<(Entered, Tag)>,
    /// Houses of the row at hand, and whether it tells in another way of whom it speaks.
    houses: (Vec<(String, Tag, u32)>, bool),
}

impl Into<'_> {
    /// What a row refuses, for whoever learns from it.
    fn note(&mut self, refused: &Refused<'_>, tag: Tag) {
        let entered = match refused {
            Refused::Point(point, event) => match point.kind {
                _ if event.kind == EventKind::Erasure => Entered::Other,
                PointKind::Email => Entered::Address(point.key.to_owned(), point.exact.to_owned()),
                PointKind::Phone => Entered::Number(point.key.to_owned()),
                PointKind::Post | PointKind::Handle => Entered::Other,
            },
            Refused::Listed(text, _) => match shape(text) {
                Shape::Digest(digest) => Entered::Digest(digest),
                Shape::Domain { .. } | Shape::Plain(_) => Entered::Other,
            },
        };
        self.entered.push((entered, tag));
    }

    fn enter(&mut self, refused: &Refused<'_>) {
        let (Refused::Point(_, event) | Refused::Listed(_, event)) = refused;
        if let Stamp::Known(when) = event.at {
            self.see_day(Some(when.date()));
        }
        if !self.takes.only.is_empty() && !self.takes.only.contains(&event.kind) {
            return;
        }
        let list = u16::try_from(self.list).unwrap_or(u16::MAX);
        let tag = Tag { list, kind: event.kind, channels: event.channels };
        if self.learning {
            self.note(refused, tag);
        }
        let (line, batch) = (event.place.line, &mut *self.batch);
        self.houses.1 |= !matches!(refused, Refused::Point(p, _) if p.kind == PointKind::Post)
            && !matches!(refused, Refused::Listed(text, _) if text.starts_with(PART));
        match refused {
            Refused::Point(point, _) => {
                let erased = self.takes.tombstones.filter(|_| event.kind == EventKind::Erasure);
                let stone = |key| Algorithm::HmacSha256.digest(point.key.as_bytes(), Some(key));
                match (erased.and_then(stone), point.kind) {
                    (Some(stone), _) => {
                        self.stones = true;
                        batch.digest(stone, tag, line);
                    }
                    // `.de` is no address, and no domain unless it is asked for as `*.de`.
                    (None, PointKind::Email) if point.key.starts_with('.') && !point.key.contains('@') => {}
                    (None, PointKind::Email | PointKind::Handle) => {
                        batch.email(point.key, point.exact, tag, line)
                    }
                    (None, PointKind::Phone) => batch.phone(point.key, tag, line),
                    (None, PointKind::Post) if point.keyable => {
                        self.houses.0.push((point.key.to_owned(), tag, line));
                    }
                    (None, PointKind::Post) => {}
                }
            }
            Refused::Listed(text, _) if text.starts_with(PART) => {
                self.houses.0.push(((*text).to_owned(), tag, line));
            }
            Refused::Listed(text, _) => match shape(text) {
                Shape::Domain { name, below } => {
                    batch.domain(name, below, tag, line);
                    // `@googlemail.com` refuses whoever writes from `@gmail.com`.
                    if let Some(main) = self.tables.email.main_domain(name) {
                        batch.domain(main, false, tag, line);
                    }
                }
                Shape::Digest(digest) => batch.digest(digest, tag, line),
                Shape::Plain(number) => {
                    bare_digits(number).into_iter().for_each(|n| batch.bare(n, tag, line));
                }
            },
        }
    }

    /// Takes a day that tells of when the list is.
    fn see_day(&mut self, day: Option<Day>) {
        self.newest = self.newest.max(day.filter(|day| *day <= self.send_date));
    }

    /// Enters the houses of a row that names nobody by an address, a number or a handle: there a refusal binds whoever
    /// of the household is met again. Elsewhere the points of the person carry it.
    fn enter_houses(&mut self) {
        let (houses, named) = &mut self.houses;
        for (house, tag, line) in houses.drain(..) {
            if !*named {
                self.batch.house(&house, tag, line);
            }
        }
        *named = false;
    }
}

/// The day somebody says a file is of: the user, or its name.
fn told_day(dated: &BTreeMap<String, Day>, source: &Source) -> Option<Day> {
    let said = dated.get(&source.name).copied();
    said.or(source.registry.as_ref().map(|(_, day)| *day)).or_else(|| day_in(&source.name))
}

/// A day in a file name: `2026-11-21`, `2026_11_21` or `20261121`.
fn day_in(name: &str) -> Option<Day> {
    let bytes = name.as_bytes();
    let number = |text: &[u8]| -> Option<i16> {
        text.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(text).ok()?.parse().ok())?
    };
    let alone = |at: usize| !bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).filter(|at| *at == 0 || alone(at - 1)).find_map(|at| {
        let read = |month: usize, day: usize, end: usize| {
            let text = bytes.get(at..at + end).filter(|_| alone(at + end))?;
            let [year, month, day] =
                [number(&text[..4])?, number(&text[month..month + 2])?, number(&text[day..day + 2])?];
            let plausible = (1990..=2200).contains(&year);
            Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|_| plausible)
        };
        let parted = |text: &[u8]| matches!(text, [_, _, _, _, b'-' | b'_', _, _, b'-' | b'_', ..]);
        match bytes.get(at..) {
            Some(text) if parted(text) => read(5, 8, 10),
            Some(_) => read(4, 6, 8),
            None => None,
        }
    })
}

/// Refuses registers whose answer no longer counts on the send date, and lists older than the user allows.
fn fresh(plan: &CheckPlan, lists: &[List]) -> Result<(), Failure> {
    let send = plan.plan.send_date;
    for list in lists {
        let consents = list.registry.as_deref().is_some_and(|id| rulebooks().lists_consents(id));
        if consents {
            return Err(Failure::usage(
                "this register lists who consented, so it cannot tell whom to leave out",
            )
            .at(list.name.as_str())
            .hint("bring it to `contactable clean --registry`"));
        }
        if let (Some(id), Some(taken)) = (&list.registry, list.dated)
            && register_counts_until(rulebooks(), id, taken).is_some_and(|last| last < send)
        {
            return Err(Failure::run(format!("the register's answer of {taken} is too old for {send}"))
                .at(list.name.as_str())
                .hint("ask the register again; `contactable rules` tells how old its answer may be"));
        }
    }
    let Some(most) = plan.max_age else { return Ok(()) };
    for list in lists {
        let at = list.name.as_str();
        let Some(dated) = list.dated else {
            return Err(Failure::run("nothing tells of which day this list is")
                .at(at)
                .hint(format!("put a date in its name, or say --against {at}@YYYY-MM-DD")));
        };
        let age = send.since(dated).map_or(0, |span| i64::from(span.get_days()));
        if age > i64::from(most) {
            return Err(Failure::run(format!("this list is {age} days old on {send}, {most} are allowed"))
                .at(at)
                .hint("fetch it again"));
        }
    }
    Ok(())
}

/// The place of private temporary files: beside what is written, else where the system keeps them.
pub(crate) fn scratch_dir(plan: &CheckPlan) -> std::path::PathBuf {
    let parent = |path: &std::path::PathBuf| {
        let parent = path.parent().map(Path::to_owned);
        parent.map(|p| if p.as_os_str().is_empty() { ".".into() } else { p })
    };
    let written = plan.out.as_ref().or(plan.blocked.as_ref());
    written.and_then(parent).unwrap_or_else(std::env::temp_dir)
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
