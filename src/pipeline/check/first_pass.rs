//! The first pass: every row read and checked once; sheet, match keys and events spilled; unusable rows
//! written down.

use crate::link::partition_of;
use crate::mapping::dates::OrderVotes;
use crate::output::{Line, OutFile};
use crate::pipeline::check::consent_stats::{Crowds, Noted, ToCount};
use crate::pipeline::check::refusals::{RefusalSink, hand_listed};
use crate::pipeline::check::row::{CheckContext, CheckedBatch, Checker, no_key};
use crate::pipeline::kit::blocks::{BLOCK, Range, rows_of};
use crate::pipeline::kit::keys::{exact_of, key_of};
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::row_sheet::{Ending, SheetRow, damaged};
use crate::pipeline::kit::run::{Progress, Scratch};
use crate::pipeline::kit::shared_facts::write_key_event;
use crate::pipeline::kit::tally;
use crate::pipeline::kit::tally::Tally;
use crate::pipeline::understand::date_columns;
use crate::pipeline::understand::date_columns::{merge_votes, orders};
use crate::pipeline::understand::postal_address::Residence;
use crate::pipeline::understand::sources::{SourcePlan, nobody_named, reading_order};
use crate::reason::Reason;
use crate::record::{DateOrder, Event, Failure, PointKind, RowId};
use crate::source::State;
use crate::source::{Block, Cells};
use crate::spill::{AppendLog, Partitions, Spill};
use crate::suppress::{Asked, Hit, ListBuilder, ListIndex, Listed, SuppressionEntry};

pub(crate) struct Pass {
    /// One record per block, in reading order.
    pub(crate) sheet: AppendLog,
    /// Match keys of contact rows.
    pub(crate) postings: Partitions,
    pub(crate) told: Partitions,
    /// When and from where consents came, and what was counted of it.
    pub(crate) noted: ToCount,
    pub(crate) crowds: Crowds,
    /// By source.
    pub(crate) ranges: Vec<Range>,
    pub(crate) rows: RowId,
    /// By the run's number of the date column.
    pub(crate) orders: Vec<DateOrder>,
    /// By source, the date columns whose order nothing settles.
    pub(crate) undecided: Vec<Vec<usize>>,
}

/// A block of a source on its way to a worker.
struct BlockJob {
    source: usize,
    block: Block,
    first_row: RowId,
}

struct CheckedBlock {
    source: usize,
    checked: CheckedBatch,
    rejected: Vec<u8>,
    reasons: Vec<Reason>,
    rows: u32,
    blank_lines: u32,
}

/// What the first pass needs from the run.
pub(crate) struct FirstPassInput<'a> {
    pub(crate) sources: &'a [SourcePlan],
    pub(crate) shared: CheckContext<'a>,
    pub(crate) threads: usize,
    pub(crate) scratch: Scratch<'a>,
    pub(crate) progress: &'a dyn Progress,
}

/// What has been taken in of the sources so far.
struct FirstPassIntake {
    sheet: AppendLog,
    ranges: Vec<Range>,
    votes: Vec<Vec<OrderVotes>>,
    rows: RowId,
    /// What the stage at hand refuses by domain, digest, house or bare number.
    listed: Vec<(String, Listed)>,
}

impl FirstPassIntake {
    /// Takes a block; blocks come in the order of reading.
    fn take(
        &mut self,
        reading: &FirstPassInput<'_>,
        mut done: CheckedBlock,
        tally: &mut Tally,
        rejected: &mut OutFile,
    ) -> Result<(), Failure> {
        let range = &mut self.ranges[done.source];
        if range.blocks == 0 {
            range.first = self.rows;
        }
        range.rows += done.rows;
        range.blocks += 1;
        range.outside += done.checked.outside;
        self.rows = self.rows.checked_add(done.rows).ok_or_else(too_many)?;
        tally.sources[done.source].add_checked(&done.checked.tally, done.rows, done.blank_lines);
        done.reasons.iter().for_each(|r| tally.rejected.count(*r));
        rejected.write(&done.rejected)?;
        self.sheet.push(&done.checked.sheet)?;
        merge_votes(&mut self.votes[done.source], &done.checked.votes);
        self.listed.append(&mut done.checked.listed);
        reading.progress.advance(u64::from(done.rows));
        if reading.progress.interrupted() { Err(Failure::run("interrupted")) } else { Ok(()) }
    }
}

/// Reads every source. `rejected` takes the unusable rows; `key` is the secret of HMAC digests.
pub(crate) fn read(
    reading: &FirstPassInput<'_>,
    key: Option<&[u8]>,
    tally: &mut Tally,
    rejected: &mut OutFile,
) -> Result<Pass, Failure> {
    let FirstPassInput { sources, threads, scratch: Scratch { dir, budget }, .. } = *reading;
    let spill = || Spill::new(dir, reading.shared.partitions, budget);
    let (postings, told) = (spill(), spill());
    let noted = Noted::open(reading.scratch, reading.shared.partitions);
    let mut intake = FirstPassIntake {
        sheet: AppendLog::new(dir, budget),
        ranges: vec![Range::default(); sources.len()],
        votes: vec![Vec::new(); sources.len()],
        rows: 0,
        listed: Vec::new(),
    };
    let order = reading_order(sources);
    let mut lists = None;
    for stage in order.chunk_by(|a, b| sources[*a].is_contacts() == sources[*b].is_contacts()) {
        let shared = CheckContext { lists: lists.as_ref(), ..reading.shared };
        let mut next = intake.rows;
        ordered(
            threads,
            jobs(sources, stage, &mut next),
            || (Checker::new(&shared), Cells::new(), Line::new(false)),
            |(checker, cells, line), job| {
                check_block(sources, job, checker, cells, line, (&postings, &told, &noted))
            },
            |done| intake.take(reading, done, tally, rejected),
        )?;
        let contacts = stage.iter().any(|i| sources[*i].is_contacts());
        let CheckContext { keyed, tables, .. } = reading.shared;
        let mut sink = ListSink { list: ListBuilder::new(keyed), row: 0 };
        for (text, Listed { row, event }) in std::mem::take(&mut intake.listed) {
            sink.row = row;
            hand_listed(&text, &event, &tables.email, &mut sink);
        }
        let list = sink.list.finish(key.filter(|_| !contacts));
        if contacts && !list.is_empty() {
            // What contact rows leave open can only be asked of all of them.
            let read = (&intake.sheet, &intake.ranges[..]);
            sweep(read, &list, &reading.shared, &told, threads)?;
        }
        lists = Some(list);
    }
    for source in sources {
        source.input.unchanged()?;
    }
    unread(sources, tally)?;
    let FirstPassIntake { sheet, ranges, votes, rows, .. } = intake;
    let orders = orders(sources, &votes);
    let undecided = sources.iter().zip(&votes).map(|(s, votes)| date_columns::undecided(s, votes)).collect();
    let (postings, told) = (postings.into_partitions(), told.into_partitions());
    let (noted, crowds) = (noted.close(), Crowds::default());
    Ok(Pass { sheet, postings, told, noted, crowds, ranges, rows, orders, undecided })
}

/// Makes a list in memory of what rows refuse by domain, digest, digits or house.
struct ListSink {
    list: ListBuilder,
    row: RowId,
}

impl RefusalSink for ListSink {
    fn entry(&mut self, entry: SuppressionEntry<'_>, _: Option<&str>, event: &Event) {
        self.list.add(entry, Listed { row: self.row, event: *event });
    }
}

/// A register of which nothing was understood is one that was not brought: to go on would be to find nobody on it. A list
/// of refusals of which nothing was understood would refuse nobody.
fn unread(sources: &[SourcePlan], tally: &Tally) -> Result<(), Failure> {
    let unread = |(source, counts): &(&SourcePlan, &tally::SourceTally)| {
        source.registry.is_some() && counts.rows > 0 && counts.people == 0
    };
    if let Some((source, _)) = sources.iter().zip(&tally.sources).find(unread) {
        return Err(Failure::run("no row of this register can be read, so it would list nobody")
            .at(source.name())
            .hint("give it a header line that names the column of numbers, such as: phone"));
    }
    let nothing = |(source, counts): &(&SourcePlan, &tally::SourceTally)| {
        source.mapping.kind.refuses()
            && counts.people == 0
            && counts.nobody == 0
            && source.ought_to_be_read(counts.unread)
    };
    match sources.iter().zip(&tally.sources).find(nothing) {
        Some((source, _)) => Err(nobody_named(source.name())),
        None => Ok(()),
    }
}

fn too_many() -> Failure {
    Failure::run("more than 4,294,967,295 rows in one run").hint("split the sources into several runs")
}

/// The blocks of some sources, one after the other, each with the number of its first row.
fn jobs<'a>(
    sources: &'a [SourcePlan],
    stage: &'a [usize],
    next: &'a mut RowId,
) -> impl Iterator<Item = Result<BlockJob, Failure>> + Send + 'a {
    stage.iter().flat_map(|source| sources[*source].input.blocks(BLOCK).map(move |b| (*source, b))).map(
        |(source, block)| {
            let block = block?;
            let first_row = *next;
            *next = next.checked_add(rows_of(&block)).ok_or_else(too_many)?;
            Ok(BlockJob { source, block, first_row })
        },
    )
}

fn check_block(
    sources: &[SourcePlan],
    job: BlockJob,
    checker: &mut Checker<'_>,
    cells: &mut Cells,
    line: &mut Line,
    (postings, told, noted): (&Spill, &Spill, &Noted),
) -> Result<CheckedBlock, Failure> {
    let source = &sources[job.source];
    let dialect = source.input.dialect();
    let mut reasons = Vec::new();
    let mut row = job.first_row;
    for record in job.block.records.iter().filter(|r| r.state != State::Header) {
        let (state, row_cells) = job.block.row(record, dialect, cells);
        if let Some(reason) = checker.row(source, row_cells, state, row, record.line) {
            reasons.push(reason);
            line.cells([source.name(), &record.line.to_string(), reason.id(), job.block.original(record)]);
            line.end();
        }
        row += 1;
    }
    if checker.lacks_key() {
        return Err(no_key(source));
    }
    checker.spill(postings, told, noted)?;
    let checked = checker.take();
    Ok(CheckedBlock {
        source: job.source,
        checked,
        rejected: line.take(),
        reasons,
        rows: row - job.first_row,
        blank_lines: job.block.blank_lines,
    })
}

/// Tells the refusals of `list`, which contact rows state of a number without its country, a household or a house without a name, to
/// every point of a contact's row that they bind: whom they bind is only known when every row was read.
fn sweep(
    (sheet, ranges): (&AppendLog, &[Range]),
    list: &ListIndex,
    shared: &CheckContext<'_>,
    told: &Spill,
    threads: usize,
) -> Result<(), Failure> {
    let mut reader = sheet.reader();
    let blocks =
        (0..ranges.iter().map(|r| r.blocks).sum()).map(|_| Ok(reader.read()?.ok_or_else(damaged)?.to_vec()));
    ordered(
        threads,
        blocks,
        || (Residence::default(), vec![Vec::new(); shared.partitions]),
        |(residence, out), block| {
            tell(&block, list, shared, (residence, out)).ok_or_else(damaged)?;
            told.append_all(out)
        },
        Ok,
    )
}

/// Tells what binds the points of one block; `None` for a damaged sheet.
fn tell(
    mut block: &[u8],
    list: &ListIndex,
    shared: &CheckContext<'_>,
    (residence, out): (&mut Residence, &mut [Vec<u8>]),
) -> Option<()> {
    while let Some(row) = SheetRow::next(&mut block) {
        let (ending, _, _, mut parts) = SheetRow::open(row)?;
        if ending != Ending::Contact {
            continue;
        }
        parts.points(|point| {
            let mut hit = |found: Hit| {
                let listed = list.listed(&found);
                let key = key_of(shared.keyed, point.kind, point.key);
                let buffer = &mut out[partition_of(key, shared.partitions)];
                write_key_event(buffer, key, exact_of(shared.keyed, point.exact), listed.row, &listed.event);
            };
            match point.kind {
                _ if !point.keyable => {}
                PointKind::Phone => list.find(&Asked::Phone(shared.tables.forms(point.key)), hit),
                PointKind::Post => {
                    residence.recall(&point);
                    residence.asked(|house| list.find(&Asked::House(house), &mut hit));
                }
                PointKind::Email | PointKind::Handle => {}
            }
        })?;
    }
    Some(())
}
