//! The first pass: every row read and checked once; sheet, match keys and events spilled; unusable rows
//! written down.

use super::check::{Checked, Checker, Shared};
use super::contact::PART;
use super::late;
use super::ordered::ordered;
use super::sources::SourcePlan;
use super::tally::Tally;
use super::{Progress, Scratch};
use crate::email;
use crate::output::{Line, OutFile};
use crate::reason::Reason;
use crate::record::{DateOrder, Failure, Kind, RowId};
use crate::source::{Block, Cells, OrderVotes, State};
use crate::spill::{Partitions, Sheet, Spill};
use crate::suppress::{Listed, Lists, Shape, bare_digits, shape};

/// Bytes of a block: small enough to stay in a cache, large enough that hand-over costs nothing.
pub(super) const BLOCK: usize = 1 << 20;

/// Where the rows of a source stand in the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: RowId,
    pub(super) rows: u32,
    pub(super) blocks: u32,
    /// Rows that are neither a contact's nor rejected.
    pub(super) outside: u32,
}

/// What the first pass leaves behind.
#[derive(Debug)]
pub(super) struct Pass {
    /// One record per block, in reading order.
    pub(super) sheet: Sheet,
    /// Match keys of contact rows.
    pub(super) postings: Partitions,
    /// Events told of keys.
    pub(super) told: Partitions,
    /// By source.
    pub(super) ranges: Vec<Range>,
    pub(super) rows: RowId,
    /// By the run's number of the date column.
    pub(super) orders: Vec<DateOrder>,
}

/// The order in which sources are read: those that refuse or tell events first, so that lists are whole before
/// the first contact is checked.
pub(super) fn reading_order(sources: &[SourcePlan]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|i| (sources[*i].mapping.kind == Kind::Contacts, *i));
    order
}

/// A block of a source on its way to a worker.
struct Job {
    source: usize,
    block: Block,
    first_row: RowId,
}

/// What comes back.
struct Done {
    source: usize,
    checked: Checked,
    rejected: Vec<u8>,
    reasons: Vec<Reason>,
    rows: u32,
    blank_lines: u32,
}

/// What the first pass needs from the run.
pub(super) struct Reading<'a> {
    pub(super) sources: &'a [SourcePlan],
    pub(super) shared: Shared<'a>,
    pub(super) threads: usize,
    pub(super) scratch: Scratch<'a>,
    pub(super) progress: &'a dyn Progress,
}

/// Reads every source. `rejected` takes the unusable rows.
pub(super) fn read(
    reading: &Reading<'_>,
    mut lists: Lists,
    tally: &mut Tally,
    rejected: &mut OutFile,
) -> Result<Pass, Failure> {
    let partitions = reading.shared.partitions;
    let Scratch { dir, budget } = reading.scratch;
    let postings = Spill::new(dir, partitions, budget);
    let told = Spill::new(dir, partitions, budget);
    let mut sheet = Sheet::new(dir, budget);
    let mut ranges = vec![Range::default(); reading.sources.len()];
    let mut votes: Vec<Vec<OrderVotes>> = vec![Vec::new(); reading.sources.len()];
    let mut rows: RowId = 0;
    let order = reading_order(reading.sources);
    for stage in order.chunk_by(|a, b| reading.sources[*a].is_contacts() == reading.sources[*b].is_contacts())
    {
        let shared = Shared { lists: Some(&lists), ..reading.shared };
        let mut listed = Vec::new();
        let mut next = rows;
        let jobs = jobs(reading.sources, stage, &mut next);
        let worker = || (Checker::new(&shared), Cells::new(), Line::new(false));
        ordered(
            reading.threads,
            jobs,
            worker,
            |(checker, cells, line), job| {
                check_block(reading.sources, job, checker, cells, line, &postings, &told)
            },
            |mut done| {
                let source = &mut tally.sources[done.source];
                let range = &mut ranges[done.source];
                if range.blocks == 0 {
                    range.first = rows;
                }
                range.rows += done.rows;
                range.blocks += 1;
                range.outside += done.checked.outside;
                rows = rows.checked_add(done.rows).ok_or_else(too_many)?;
                source.add_checked(&done.checked.tally, done.rows, done.blank_lines);
                done.reasons.iter().for_each(|r| tally.rejected.count(*r));
                rejected.write(&done.rejected)?;
                sheet.push(&done.checked.sheet)?;
                merge_votes(&mut votes[done.source], &done.checked.votes);
                listed.append(&mut done.checked.listed);
                reading.progress.advance(u64::from(done.rows));
                if reading.progress.interrupted() {
                    return Err(Failure::run("interrupted"));
                }
                Ok(())
            },
        )?;
        let email = &reading.shared.tables.email;
        if stage.iter().any(|i| reading.sources[*i].is_contacts()) {
            // What contact rows leave open can only be asked of all of them.
            lists = Lists::new(None);
            listed.into_iter().for_each(|(text, entry)| list(&mut lists, email, &text, entry));
            lists.finish();
            if !lists.is_empty() {
                late::sweep(&sheet, &ranges, &lists, &reading.shared, &told)?;
            }
        } else {
            listed.into_iter().for_each(|(text, entry)| list(&mut lists, email, &text, entry));
            lists.finish();
        }
    }
    for source in reading.sources {
        source.input.unchanged()?;
    }
    let orders = orders(reading.sources, &votes);
    Ok(Pass {
        sheet,
        postings: postings.into_partitions(),
        told: told.into_partitions(),
        ranges,
        rows,
        orders,
    })
}

/// Puts what a source refuses on the lists.
fn list(lists: &mut Lists, email: &email::Tables, text: &str, entry: Listed) {
    if let Some(house) = text.strip_prefix(PART) {
        return lists.add_house(house, entry);
    }
    match shape(text) {
        Shape::Domain { name, below } => {
            lists.add_domain(name, below, entry);
            // `@googlemail.com` refuses whoever writes from `@gmail.com`.
            if let Some(main) = email.main_domain(name) {
                lists.add_domain(main, false, entry);
            }
        }
        Shape::Digest(digest) => lists.add_digest(digest, entry),
        Shape::Plain(number) => bare_digits(number).into_iter().for_each(|n| lists.add_number(n, entry)),
    }
}

pub(super) fn no_key(source: &SourcePlan) -> Failure {
    Failure::usage("keyed digests stand in this list, and no key to match them was given")
        .at(source.name())
        .hint("give the key of the run that wrote it: --key-file FILE")
}

fn too_many() -> Failure {
    Failure::run("more than 4,294,967,295 rows in one run").hint("split the sources into several runs")
}

/// The blocks of some sources, one after the other, each with the number of its first row.
fn jobs<'a>(
    sources: &'a [SourcePlan],
    stage: &'a [usize],
    next: &'a mut RowId,
) -> impl Iterator<Item = Result<Job, Failure>> + Send + 'a {
    stage.iter().flat_map(|source| sources[*source].input.blocks(BLOCK).map(move |b| (*source, b))).map(
        |(source, block)| {
            let block = block?;
            let first_row = *next;
            *next = next.checked_add(rows_of(&block)).ok_or_else(too_many)?;
            Ok(Job { source, block, first_row })
        },
    )
}

/// How many rows a block holds: every record but the header.
pub(super) fn rows_of(block: &Block) -> u32 {
    block.records.iter().filter(|r| r.state != State::Header).count() as u32
}

fn check_block(
    sources: &[SourcePlan],
    job: Job,
    checker: &mut Checker<'_>,
    cells: &mut Cells,
    line: &mut Line,
    postings: &Spill,
    told: &Spill,
) -> Result<Done, Failure> {
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
    checker.spill(postings, told)?;
    let checked = checker.take();
    Ok(Done {
        source: job.source,
        checked,
        rejected: line.take(),
        reasons,
        rows: row - job.first_row,
        blank_lines: job.block.blank_lines,
    })
}

pub(super) fn merge_votes(all: &mut Vec<OrderVotes>, votes: &[OrderVotes]) {
    if all.len() < votes.len() {
        all.resize_with(votes.len(), OrderVotes::default);
    }
    for (mine, theirs) in all.iter_mut().zip(votes) {
        mine.merge(*theirs);
    }
}

/// The verdict on every date column of the run.
pub(super) fn orders(sources: &[SourcePlan], votes: &[Vec<OrderVotes>]) -> Vec<DateOrder> {
    let mut orders = Vec::new();
    for (source, votes) in sources.iter().zip(votes) {
        for column in &source.dates {
            let rules = source.rules(*column);
            let at = usize::from(rules.column);
            if orders.len() <= at {
                orders.resize(at + 1, DateOrder::Unknown);
            }
            orders[at] = match rules.order {
                DateOrder::Unknown => votes.get(*column).map_or(DateOrder::Unknown, |v| v.verdict()),
                fixed => fixed,
            };
        }
    }
    orders
}
