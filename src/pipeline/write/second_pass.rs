//! The second pass: contact by contact, front to back, decide and write.

use crate::ledger::LedgerEntry;
use crate::pipeline::check::blocks::{Sheeted, SheetedBlocks};
use crate::pipeline::contact::context::{Links, Writing};
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::contact::deciding::Decider;
use crate::pipeline::contact::rows::Contact;
use crate::pipeline::join::companion_rows::{Beside, read_beside, read_cells};
use crate::pipeline::kit::counts::AddCounts;
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::row_sheet::{Ending, SheetRow, damaged};
use crate::pipeline::kit::shared_facts;
use crate::pipeline::kit::tally::Tally;
use crate::pipeline::write::contact_line;
use crate::pipeline::write::files::Files;
use crate::pipeline::write::out::{self, Batch};
use crate::record::{Evidence, Failure};
use crate::source::{Cells, State};
use crate::spill::{RowBuffers, RowItems, RowSpill};
use std::collections::HashSet;

/// A block and everything that waits for its rows.
struct Job {
    sheeted: Sheeted,
    direct: RowItems,
    second: RowItems,
    beside: RowItems,
}

/// What an audit does not keep: it writes nothing that could be loaded elsewhere.
pub(crate) const NOT_OF_AN_AUDIT: &[&str] = &["contacts.csv", "suppression.csv", "newly-suppressed.csv"];

/// Decides on every contact and writes it; `to_events` takes the ids of the contacts that outside rows speak of.
pub(crate) fn write(
    writing: &Writing<'_>,
    to_events: &RowSpill,
    files: &mut Files<'_>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut direct = writing.facts.direct.cursor();
    let mut second = writing.facts.second.cursor();
    let mut beside = writing.beside.cursor();
    let jobs = SheetedBlocks::new(writing.sources, writing.pass, |s| s.is_contacts()).map(|sheeted| {
        let sheeted = sheeted?;
        let end = sheeted.first_row + sheeted.rows;
        Ok(Job {
            direct: direct.until(end)?,
            second: second.until(end)?,
            beside: beside.until(end)?,
            sheeted,
        })
    });
    let mut listed = vec![HashSet::new(); files.lists.len()];
    ordered(
        writing.plan.read.threads,
        jobs,
        || Worker::new(writing, to_events),
        |worker, job| worker.block(job),
        |batch: Batch| {
            let mut of_contacts = files.of_contacts.iter_mut().zip(batch.files);
            of_contacts.try_for_each(|(file, lines)| file.give(lines))?;
            tally.add(&batch.tally);
            tally.suppressed[0] += batch.suppression.write(&mut files.suppression, &mut files.suppressed)?;
            let lists = files.lists.iter_mut().zip(&batch.lists).zip(&mut listed);
            for (at, ((file, list), listed)) in lists.enumerate() {
                match &mut files.parts {
                    Some(parts) => {
                        list.write_parts(file, listed, |part, bytes| parts.write(at, part, bytes))?
                    }
                    None => drop(list.write(file, listed)?),
                }
            }
            writing.progress.advance(u64::from(batch.rows));
            if writing.progress.interrupted() { Err(Failure::run("interrupted")) } else { Ok(()) }
        },
    )
}

struct Worker<'w> {
    writing: &'w Writing<'w>,
    decider: Decider<'w>,
    cells: Cells,
    split: Split,
    out: out::Out,
    to_events: &'w RowSpill,
    outbox: RowBuffers,
}

impl<'w> Worker<'w> {
    fn new(writing: &'w Writing<'w>, to_events: &'w RowSpill) -> Self {
        let channels = writing.plan.law.channels.count() as usize;
        Self {
            writing,
            decider: Decider::new(writing),
            cells: Cells::new(),
            split: Split::default(),
            out: out::Out::new(channels, writing.plan.write.spreadsheet_safe, writing.sources.len()),
            outbox: to_events.buffers(),
            to_events,
        }
    }

    fn block(&mut self, job: Job) -> Result<Batch, Failure> {
        let mut split = std::mem::take(&mut self.split);
        split.take(&job, self.writing, &mut self.cells);
        let done = self.contacts(&job, &split);
        self.split = split;
        done?;
        self.to_events.take(&mut self.outbox)?;
        Ok(self.out.batch(job.sheeted.rows))
    }

    fn contacts(&mut self, job: &Job, split: &Split) -> Result<(), Failure> {
        let writing = self.writing;
        let Job { sheeted, .. } = job;
        let (mut direct, mut second, mut beside) = (job.direct.walk(), job.second.walk(), job.beside.walk());
        let source = &writing.sources[sheeted.source];
        let mut contact = Contact::default();
        let mut links = Links::default();
        let mut sheet = &sheeted.sheet[..];
        for row in sheeted.first_row..sheeted.first_row + sheeted.rows {
            let entry = SheetRow::next(&mut sheet).ok_or_else(damaged)?;
            if writing.linked.firsts[row as usize] != row {
                continue;
            }
            contact.clear();
            links.merges.clear();
            links.held.clear();
            let view = contact.add_row();
            match view.read(row, source.index, entry).ok_or_else(damaged)? {
                Ending::Contact => {}
                Ending::Rejected => {
                    self.out.tally.sources[sheeted.source].rejected += 1;
                    continue;
                }
                // Written with the outside rows.
                Ending::Refusal | Ending::Event => continue,
            }
            view.mark(&writing.pass.crowds);
            view.cells.extend(split.row((row - sheeted.first_row) as usize));
            for item in direct.next(row).chain(second.next(row)) {
                contact.outside.take(shared_facts::read(item).ok_or_else(damaged)?);
            }
            for item in beside.next(row) {
                match read_beside(row, item).ok_or_else(damaged)? {
                    Beside::Row(later, source, stored, entry) => {
                        let view = contact.add_row();
                        view.read(later, source, entry).ok_or_else(damaged)?;
                        view.mark(&writing.pass.crowds);
                        read_cells(stored, &mut view.cells).ok_or_else(damaged)?;
                    }
                    Beside::Merge(merge) => links.merges.push(merge),
                    Beside::Held(held) => links.held.push(held),
                }
            }
            let decided = self.decider.decide(&mut contact, &links);
            contact_line::write(&decided, &mut self.out);
            answer(&mut self.outbox, &decided);
        }
        Ok(())
    }
}

/// Tells outside rows their contact, and which spelling it does not hold and must be suppressed as given.
fn answer(outbox: &mut RowBuffers, decided: &Decided<'_, '_>) {
    let Decided { writing, contact, id, erased, .. } = *decided;
    let earlier = writing.earlier.and_then(|earlier| writing.pass.ranges.get(usize::from(earlier.source)));
    for row in &contact.outside.rows {
        // Of an erased person, nothing but the tombstone remains: no id, and no point in the events.
        outbox.write(*row, |out| {
            out.push(0);
            out.extend_from_slice(if erased { b"" } else { id.as_bytes() });
        });
        // Of what an earlier run suppressed no spelling is dropped, though another one says the same.
        if earlier.is_some_and(|range| row.wrapping_sub(range.first) < range.rows) && !erased {
            outbox.write(*row, |out| {
                out.push(2);
                contact.distinct.iter().for_each(|d| out.extend_from_slice(&d.exact.to_le_bytes()));
            });
        }
    }
    if erased {
        return;
    }
    let held = |exact: u64| contact.distinct.iter().any(|d| d.exact == exact);
    let outside = |e: &LedgerEntry| e.evidence.has(Evidence::OUTSIDE) && e.kind.suppresses();
    for (_, entry) in contact.outside.at_key.iter().filter(|(_, e)| outside(e) && !held(e.exact)) {
        outbox.write(entry.row, |out| {
            out.push(1);
            out.extend_from_slice(&entry.exact.to_le_bytes());
        });
    }
}

/// The cells of a block's rows, side by side.
#[derive(Debug, Default)]
struct Split {
    text: String,
    ends: Vec<u32>,
    rows: Vec<u32>,
}

impl Split {
    /// Cuts every row of the block that starts a contact.
    fn take(&mut self, job: &Job, writing: &Writing<'_>, cells: &mut Cells) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
        let Sheeted { source, block, first_row, .. } = &job.sheeted;
        let dialect = writing.sources[*source].input.dialect();
        for (record, row) in block.records.iter().filter(|r| r.state != State::Header).zip(*first_row..) {
            if writing.linked.firsts[row as usize] == row {
                let (_, split) = block.row(record, dialect, cells);
                for cell in split.iter() {
                    self.text.push_str(cell);
                    self.ends.push(self.text.len() as u32);
                }
            }
            self.rows.push(self.ends.len() as u32);
        }
    }

    /// The cells of row number `i` of the block.
    fn row(&self, i: usize) -> impl Iterator<Item = &str> {
        let from = if i == 0 { 0 } else { self.rows[i - 1] as usize };
        (from..self.rows[i] as usize).map(|cell| {
            let start = if cell == 0 { 0 } else { self.ends[cell - 1] as usize };
            &self.text[start..self.ends[cell] as usize]
        })
    }
}
