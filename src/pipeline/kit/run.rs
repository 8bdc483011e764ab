//! A run: its progress, scratch space, law, threads and random key.

use crate::consent::{Overlays, RuleTable, Terms};
use crate::data::jurisdiction::Rulebooks;
use crate::decide::BlockingReasons;
use crate::output::{Line, OutFile, RunDirWriter};
use crate::plan::{CleanPlan, ReadPlan, Strictness};
use crate::record::Failure;
use crate::spill::Budget;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;

/// The number of the run's purpose in events; another purpose is 2, none told is 0.
pub(crate) const RUN_PURPOSE: u16 = 1;

/// Hears how far a run has come, and may ask it to end.
pub trait Progress: Sync {
    /// A stage begins; `rows` is 0 when their number is not known.
    fn stage(&self, doing: &'static str, rows: u64);
    /// So many rows more are done.
    fn advance(&self, rows: u64);
    /// Whether the user asked the run to end.
    fn interrupted(&self) -> bool;
}

/// Where temporary data go, and how much RAM they may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scratch<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) budget: &'a Budget,
}

/// The law of the run: rulebooks, their rules on the send date, and what the profile adds.
pub(crate) struct Law<'a> {
    pub(crate) books: &'a Rulebooks,
    pub(crate) table: RuleTable<'a>,
    pub(crate) overlays: Overlays,
    pub(crate) settings: BlockingReasons,
}

impl<'a> Law<'a> {
    pub(crate) fn of(plan: &'a CleanPlan) -> Result<Self, Failure> {
        let books = plan.read.rulebooks();
        let registries = plan.read.sources.iter().filter_map(|s| s.registry.clone()).collect();
        let terms = Terms {
            send_date: plan.read.send_date,
            purpose: RUN_PURPOSE,
            evidence_strict: plan.law.profile.evidence == Strictness::Strict,
            registries,
            claims: plan.law.profile.claims.clone(),
            list_since: plan.law.profile.list_since,
            blocking: plan.law.profile.block.clone(),
        };
        Ok(Self {
            books,
            table: RuleTable::compile(books, &terms)?,
            overlays: Overlays::of(books),
            settings: BlockingReasons::new(plan.law.profile.block.iter().copied()),
        })
    }
}

pub(crate) fn threads(plan: &ReadPlan) -> Result<rayon::ThreadPool, Failure> {
    let built = rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build();
    built.map_err(|e| Failure::run(format!("cannot start threads: {e}")))
}

/// A key that nobody can know: fingerprints of one run say nothing in another.
pub(crate) fn random_key() -> [u8; 16] {
    let random = || RandomState::new().build_hasher().finish().to_le_bytes();
    let mut key = [0; 16];
    key[..8].copy_from_slice(&random());
    key[8..].copy_from_slice(&random());
    key
}

pub(crate) fn start<T: AsRef<str>>(
    dir: &RunDirWriter,
    plan: &CleanPlan,
    name: &str,
    headers: &[T],
) -> Result<OutFile, Failure> {
    let mut file = dir.file(name)?;
    file.write(&header(plan.write.spreadsheet_safe, headers))?;
    Ok(file)
}

pub(crate) fn header<T: AsRef<str>>(spreadsheet_safe: bool, headers: &[T]) -> Vec<u8> {
    let mut line = Line::new(spreadsheet_safe);
    line.cells(headers.iter().map(AsRef::as_ref));
    line.end();
    line.take()
}
