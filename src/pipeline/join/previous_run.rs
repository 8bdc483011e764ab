//! The earlier run behind this one (`--previous`): what it refused is a source like any other; here is what of it
//! must not change by being read again: since when a point is refused, where, and who has which id.
//!
//! Memory: 28 bytes for each line of its suppression file, 28 for each of its contacts that are still there. Knows
//! no rule.

use crate::link::Linked;
use crate::pipeline::check::first_pass::{FirstPassInput, Pass};
use crate::pipeline::join::previous_ids::PreviousIds;
use crate::pipeline::kit::cells::place;
use crate::pipeline::kit::keys::key_id;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::run_dir::RunDir;
use crate::pipeline::kit::suppression_line::point_number;
use crate::pipeline::understand::sources::SourcePlan;
use crate::plan::CleanPlan;
use crate::record::{Day, Failure};
use std::collections::BTreeMap;
use std::path::Path;

/// Ends the place of a refusal that only an earlier run has: the file may be gone, or say something else by now.
pub(crate) const REMEMBERED: &str = " (earlier run)";

/// The earlier run: its directory, its ids, and the days and places of its refusals.
#[derive(Debug)]
pub(crate) struct PreviousRun {
    pub(crate) run: RunDir,
    /// Number of its suppression file among the sources.
    pub(crate) source: u16,
    /// Who keeps which contact id.
    pub(crate) ids: PreviousIds,
    /// By number of the point, the first day on which it was refused.
    first: Vec<(u64, Day)>,
    /// By line of its suppression file, number of the source and line of the refusal.
    told: Vec<(u32, u32, u32)>,
    names: Vec<String>,
}

/// Opens the run directory of an earlier run; fails where it is none, is damaged or of another version.
pub(crate) fn open(dir: &Path) -> Result<RunDir, Failure> {
    let run = RunDir::open(dir, &dir.display().to_string())?;
    run.has_contacts()?;
    let needed = ["contacts.csv", "events.csv", "suppression.csv", "report.json"];
    match needed.iter().find(|file| !dir.join(file).is_file()) {
        Some(lost) => Err(run.damaged(lost)),
        None => Ok(run),
    }
}

/// Fails where the earlier suppression file is not its manifest's, or keeps erased people under another key.
pub(crate) fn verify(run: &RunDir, plan: &CleanPlan, sources: &[SourcePlan]) -> Result<(), Failure> {
    for source in sources.iter().filter(|s| s.is_earlier()) {
        run.verify("suppression.csv", &source.input.sha256())?;
        if run.key == plan.read.key.as_deref().map(key_id) {
            continue;
        }
        let mut keyed = false;
        run.rows("suppression.csv", ["kind"], |[kind]| {
            keyed |= kind == "hmac-sha256";
            Ok(())
        })?;
        if keyed {
            let what = "the earlier run keeps people who were erased under another key, and without it they would \
                        come back";
            return Err(Failure::usage(what).at("--previous").hint("give its key: --key-file FILE"));
        }
    }
    Ok(())
}

impl PreviousRun {
    /// Reads what the earlier run knew. Uses the current rayon pool.
    pub(crate) fn read(
        run: RunDir,
        reading: &FirstPassInput<'_>,
        (pass, linked): (&Pass, &Linked),
        scratch: Scratch<'_>,
    ) -> Result<Self, Failure> {
        let mut earlier = Self {
            source: u16::MAX,
            ids: PreviousIds::read(&run, reading, (pass, linked), scratch)?,
            run,
            first: Vec::new(),
            told: Vec::new(),
            names: Vec::new(),
        };
        for source in reading.sources.iter().filter(|s| s.is_earlier()) {
            earlier.source = source.index;
            earlier.remember()?;
        }
        Ok(earlier)
    }

    /// Reads its suppression file: the first day and the place of every refusal.
    fn remember(&mut self) -> Result<(), Failure> {
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let Self { run, first: days, told: places, names, .. } = self;
        run.each("suppression.csv", |row| {
            let number = || point_number(row.cell("kind"), row.cell("point"));
            days.extend(row.cell("first_seen").parse().map(|day| (number(), day)));
            let cell = row.cell("source");
            let (name, at) = cell.rsplit_once(':').unwrap_or((cell, ""));
            let (name, at) = at.parse().map_or((cell, 0), |at| (name, at));
            let number = *numbers.entry(name.to_owned()).or_insert_with(|| {
                names.push(name.to_owned());
                (names.len() - 1) as u32
            });
            places.push((row.line(), number, at));
            Ok(())
        })?;
        days.sort_unstable();
        days.dedup_by_key(|(point, _)| *point);
        days.shrink_to_fit();
        places.sort_unstable();
        Ok(())
    }

    /// The first day on which an earlier run refused the point.
    pub(crate) fn first_seen(&self, kind: &str, point: &str) -> Option<Day> {
        let number = point_number(kind, point);
        let at = self.first.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        Some(self.first[at].1)
    }

    /// Writes the place of the refusal on a line of its suppression file, which is in no file of this run.
    pub(crate) fn told_at(&self, line: u32, text: &mut String) {
        text.clear();
        let Ok(at) = self.told.binary_search_by_key(&line, |(line, ..)| *line) else { return };
        let (_, name, line) = self.told[at];
        place(text, self.names.get(name as usize).map_or("", String::as_str), line);
        if !text.ends_with(REMEMBERED) {
            text.push_str(REMEMBERED);
        }
    }
}
