//! The page of `check`: everything the list is checked against is read first; then the list streams through,
//! allowed rows leave byte for byte, in order, and blocked ones are written down with the reason.
//!
//! Nothing passes that was not checked: the reader cuts pieces at record ends, workers decide on every record, and
//! only what they let pass is written. Knows no argument.

pub(crate) mod against;
pub(crate) mod cleared;
pub(crate) mod prefilter;
mod rows;
mod summary;
#[cfg(test)]
mod tests;

use crate::mapping::model::Mapping;
use crate::mapping::{Sample, Wishes, recognise};
use crate::output::{AtomicFile, Line};
use crate::pipeline::jobs::check::rows::{BlockedRow, CheckRules, RowCheck};
use crate::pipeline::jobs::check::summary::CheckCounts;
pub use crate::pipeline::jobs::check::summary::{ListCount, Screened};
use crate::pipeline::kit::counts::AddCounts;
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::run::{Progress, Scratch, random_key};
use crate::pipeline::understand::point_columns::PointColumns;
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::sources::region;
use crate::pipeline::understand::whole_columns::WholeColumns;
use crate::plan::CheckPlan;
use crate::reason::Reason;
use crate::record::{Failure, Keyed, PointKind};
use crate::source::{Cells, Dialect, Limits, Origin, Piece, Record, State, Stream};
use crate::spill::Budget;
use std::io;
use std::io::Write;

/// Bytes of the list that are checked together: small enough to stay in a cache.
const PIECE: usize = 1 << 18;

/// Rows of the list looked at to understand it.
const SAMPLE: usize = 1000;

/// What stands before the list's own columns in the file of blocked rows.
const BLOCKED: [&str; 5] = ["line", "reason", "list", "entry_line", "matched"];

/// Checks a list: allowed rows go to `out`, or to the plan's own file, which appears whole or not at all.
///
/// # Errors
/// Something it is checked against is damaged, too old or not understood: then nothing was written. The list
/// cannot be read, or changed: then no row left that was not checked.
pub fn check(plan: &CheckPlan, out: &mut dyn Write, progress: &dyn Progress) -> Result<Screened, Failure> {
    let dir = against::scratch_dir(plan);
    let budget = Budget::new(plan.read.memory);
    let scratch = Scratch { dir: &dir, budget: &budget };
    let tables = PointTables::of(&plan.read.judging)?;
    let keyed = Keyed::new(&random_key());
    progress.stage("loading", 0);
    let against = against::load(plan, &tables, &keyed, scratch)?;
    let (list, mapping) = understand(plan)?;
    let columns = PointColumns::of(&mapping);
    let told = (plan.settings.channel, plan.settings.allow_unknown, plan.settings.blocked.is_some());
    let rules = CheckRules::new(told, &against, &tables, (&mapping, &columns), region(plan.read.country));
    let watched = list.watched();
    for written in [&plan.settings.out, &plan.settings.blocked].into_iter().flatten() {
        if plan.read.sources.iter().any(|s| s.path == *written) || watched.is(written) {
            let what = "this would be written over a file that is read";
            return Err(Failure::usage(what).at(written.display().to_string()));
        }
    }
    if let Some(there) = plan.settings.out.as_deref().filter(|out| !plan.settings.replace && out.is_file()) {
        return Err(Failure::usage("the file exists already; nothing was touched")
            .at(there.display().to_string())
            .hint("give another name, or say --replace"));
    }
    progress.stage("checking", 0);
    let mut sink = CheckOutput::new(plan, out, list.dialect(), &mapping)?;
    let counts = match stream(plan, &rules, list, &mut sink, progress) {
        Err(_) if sink.closed => return Ok(Screened { closed: true, ..Screened::default() }),
        counts => counts?,
    };
    watched.unchanged()?;
    let closed = sink.publish()?;
    Ok(Screened { closed, ..summary::of(plan, &rules, &counts) })
}

/// Opens the list and finds out which of its columns hold the channel's points.
pub(crate) fn understand(plan: &CheckPlan) -> Result<(Stream, Mapping), Failure> {
    let source = &plan.list;
    let name = source.name.as_str();
    let mut list = Stream::open(Origin::new(&source.path), name, Limits::default())?;
    let rows = list.sample(SAMPLE);
    let header = list.dialect().header.clone();
    let sample = Sample { file_name: name, header: header.as_deref(), rows: &rows };
    let wishes = Wishes {
        format: source.format.as_deref(),
        kind: source.kind,
        words: &plan.read.words,
        ..Wishes::default()
    };
    let mut mapping = recognise(&sample, wishes)?;
    if !mapping.bare.is_empty() && rows.len() >= SAMPLE {
        // What the sample leaves open, the whole list tells, before its first row leaves.
        let (mut whole, again) = list.twice(&against::scratch_dir(plan))?;
        let (mut seen, mut cells) = (WholeColumns::new(&mapping.bare), Cells::new());
        let dialect = whole.dialect().clone();
        while let Some(piece) = whole.next_piece(PIECE)? {
            seen.block(&piece.block, &dialect, &mut cells);
        }
        mapping = recognise(&sample, Wishes { whole: &seen.looks(), ..wishes })?;
        list = again;
    }
    if mapping.format.is_some_and(|f| f.header.is_empty()) && list.dialect().header.is_some() {
        list.assume_no_header();
    }
    if mapping.kind.refuses() {
        return Err(Failure::usage("this is a list of people who left, not one to send to")
            .at(name)
            .hint(format!("if it is one to send to, say --as contacts={name}")));
    }
    let columns = PointColumns::of(&mapping);
    let handles = plan.settings.channel.reaches(PointKind::Handle) && !columns.handles.is_empty();
    let (what, found) = match plan.settings.channel.point() {
        PointKind::Email => ("addresses", !columns.emails.is_empty()),
        PointKind::Phone | PointKind::Post | PointKind::Handle => {
            let numbers = !columns.phones.is_empty() || !columns.phone_pairs.is_empty();
            ("telephone numbers", numbers || handles)
        }
    };
    if !found && (!rows.is_empty() || list.dialect().header.is_some()) {
        return Err(Failure::usage(format!("no column of this list holds {what}"))
            .at(name)
            .hint(format!("see what it is taken for: contactable inspect {}", source.path.display())));
    }
    Ok((list, mapping))
}

pub(crate) struct CheckedPiece {
    allowed: Vec<u8>,
    blocked: Vec<u8>,
    counts: CheckCounts,
}

fn stream(
    plan: &CheckPlan,
    rules: &CheckRules<'_>,
    mut list: Stream,
    sink: &mut CheckOutput<'_>,
    progress: &dyn Progress,
) -> Result<CheckCounts, Failure> {
    sink.allow(list.prefix())?;
    let dialect = list.dialect().clone();
    let width = rules.mapping.columns.len();
    let wanted = sink.blocked.is_some();
    let mut counts = CheckCounts::default();
    ordered(
        plan.read.threads,
        std::iter::from_fn(move || list.next_piece(PIECE).transpose()),
        || CheckWorker::new(plan.read.judging.fix_typos),
        |worker, piece| {
            worker.prefilter(rules, &dialect, &piece);
            worker.decide(rules, &dialect, piece, (wanted, width))
        },
        |done| {
            sink.allow(&done.allowed)?;
            if let Some(file) = &mut sink.blocked {
                file.write(&done.blocked)?;
            }
            progress.advance(done.counts.rows);
            counts.add(&done.counts);
            if progress.interrupted() { Err(Failure::run("interrupted")) } else { Ok(()) }
        },
    )?;
    Ok(counts)
}

#[derive(Default)]
pub(crate) struct CheckWorker {
    check: RowCheck,
    cells: Cells,
    line: Line,
    text: String,
    /// Rows of the piece that are looked at closely.
    closely: Vec<u32>,
    /// Where blocked rows stand among the bytes.
    blocked: Vec<(usize, usize)>,
}

impl CheckWorker {
    fn new(fix_typos: bool) -> Self {
        Self { check: RowCheck::new(fix_typos), ..Self::default() }
    }

    /// Decides on the rows that are looked at closely; all others pass.
    fn decide(
        &mut self,
        rules: &CheckRules<'_>,
        dialect: &Dialect,
        piece: Piece,
        (wanted, width): (bool, usize),
    ) -> Result<CheckedPiece, Failure> {
        let Self { check, cells, line, text, closely, blocked } = self;
        blocked.clear();
        let passed = piece.block.records.len() - closely.len();
        let mut counts = CheckCounts { rows: passed as u64, ..CheckCounts::default() };
        for at in closely.drain(..) {
            let record = &piece.block.records[at as usize];
            let (state, row) = piece.block.row(record, dialect, cells);
            let made = match state {
                State::Header => true,
                State::Rejected(reason) => reason == Reason::RowPreamble,
                State::Row | State::Repaired(_) => false,
            };
            // What is part of the file's make passes, unless somebody stands in it after all.
            if made && !check.names_somebody(rules, &row) {
                continue;
            }
            counts.rows += 1;
            let state = if made { State::Row } else { state };
            if state == State::Rejected(Reason::RowSection) {
                counts.sections.note(record.line);
            }
            let Some(found) = check.row(rules, &row, state)? else { continue };
            counts.block(&found);
            blocked.push(piece.extent(record));
            if wanted {
                blocked_line(rules, &found, record, row.iter(), (line, text, width));
            }
        }
        counts.hit_rows = std::mem::take(&mut check.hit_rows);
        counts.late_rows = std::mem::take(&mut check.late_rows);
        counts.unknown = std::mem::take(&mut check.unknown);
        Ok(CheckedPiece { allowed: piece.without(blocked), blocked: line.take(), counts })
    }

    /// Finds the rows that have to be looked at closely, in order.
    fn prefilter(&mut self, rules: &CheckRules<'_>, dialect: &Dialect, piece: &Piece) {
        let Self { check, cells, closely, .. } = self;
        for (record, number) in piece.block.records.iter().zip(0..) {
            let (state, row) = piece.block.row(record, dialect, cells);
            if !check.prefilter(rules, (piece.block.original(record), &row), state, number) {
                closely.push(number);
            }
        }
        check.look_up(rules, |number| closely.push(number));
        closely.sort_unstable();
        closely.dedup();
    }
}

fn blocked_line<'a>(
    rules: &CheckRules<'_>,
    blocked: &BlockedRow<'_>,
    record: &Record,
    cells: impl ExactSizeIterator<Item = &'a str>,
    (line, text, width): (&mut Line, &mut String, usize),
) {
    line.number(u64::from(record.line));
    line.cell(blocked.reason);
    line.cell(blocked.list.and_then(|at| rules.against.lists.get(at)).map_or("", |list| &list.facts.name));
    match blocked.line {
        Some(at) => line.number(u64::from(at)),
        None => line.cell(""),
    }
    blocked.matched.write(text);
    line.cell(text);
    let missing = width.saturating_sub(cells.len());
    line.cells(cells);
    line.cells(std::iter::repeat_n("", missing));
    line.end();
}

struct CheckOutput<'a> {
    out: &'a mut dyn Write,
    file: Option<AtomicFile>,
    blocked: Option<AtomicFile>,
    /// Whoever read the output has gone.
    closed: bool,
}

impl<'a> CheckOutput<'a> {
    fn new(
        plan: &CheckPlan,
        out: &'a mut dyn Write,
        dialect: &Dialect,
        mapping: &Mapping,
    ) -> Result<Self, Failure> {
        let file = plan.settings.out.as_deref().map(AtomicFile::create).transpose()?;
        let mut blocked = plan.settings.blocked.as_deref().map(AtomicFile::create).transpose()?;
        if let Some(blocked) = &mut blocked {
            let mut line = Line::new(false);
            line.cells(BLOCKED);
            match &dialect.header {
                Some(header) => line.cells(header.iter().map(String::as_str)),
                None => (1..=mapping.columns.len()).for_each(|at| line.cell(&format!("column {at}"))),
            }
            line.end();
            blocked.write(&line.take())?;
        }
        Ok(Self { out, file, blocked, closed: false })
    }

    fn allow(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => self.out.write_all(bytes).map_err(|e| self.lost(&e)),
        }
    }

    fn lost(&mut self, error: &io::Error) -> Failure {
        self.closed = error.kind() == io::ErrorKind::BrokenPipe;
        Failure::io("write the allowed rows", "stdout", error)
    }

    /// Gives the files their names; whether whoever read the output has gone.
    fn publish(mut self) -> Result<bool, Failure> {
        if let Err(error) = self.out.flush() {
            let failure = self.lost(&error);
            return if self.closed { Ok(true) } else { Err(failure) };
        }
        if let Some(blocked) = self.blocked {
            blocked.publish()?;
        }
        if let Some(file) = self.file {
            file.publish()?;
        }
        Ok(false)
    }
}
