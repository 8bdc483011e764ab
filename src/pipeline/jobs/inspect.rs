//! What each file is, without cleaning anything: format, kind, encoding, dialect, columns, quality of a whole
//! reading, and what would be asked.

use crate::pipeline::account::audit::source_facts;
use crate::pipeline::check::row::{CheckContext, Checker};
use crate::pipeline::kit::blocks::{BLOCK, rows_of};
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::tally::SourceTally;
use crate::pipeline::understand::date_columns::{self, merge_votes};
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::sources::{self, SourcePlan};
use crate::plan::ReadPlan;
use crate::record::{Channels, Failure, Keyed};
use crate::report::SourceFacts;
use crate::source::{Cells, State};
use serde::Serialize;
use std::collections::BTreeMap;

/// What one file is.
#[derive(Debug, Default, Serialize)]
pub struct InspectedSource {
    /// Name of the file.
    pub source: String,
    /// What it was taken for; none when a question is open.
    #[serde(flatten)]
    pub facts: Option<SourceFacts>,
    /// Records that are no header.
    pub rows: u64,
    /// Records that cannot be used.
    pub rejected: u64,
    /// Blank lines, which are no records.
    pub blank_lines: u64,
    /// Rows by the country that they, their numbers or their domains tell first.
    pub countries: BTreeMap<String, u64>,
    /// Rows that tell none.
    pub no_country: u64,
    /// What would be asked, and the flag that answers it.
    pub question: Option<String>,
}

/// Looks at every source of a plan; questions are told, not failed on.
pub fn inspect(plan: &ReadPlan) -> Result<Vec<InspectedSource>, Failure> {
    let dir = std::env::temp_dir();
    let tables = PointTables::of(&plan.judging)?;
    let keyed = Keyed::new(&[0; 16]);
    let budget = crate::spill::Budget::new(plan.memory);
    let scratch = Scratch { dir: &dir, budget: &budget };
    plan.sources
        .iter()
        .map(|source| match sources::understand_one(plan, source, scratch.dir) {
            Ok(source) => {
                let mut laid_out = [source];
                sources::lay_out(&mut laid_out, Channels::NONE);
                look(plan, &laid_out[0], &tables, &keyed)
            }
            Err(failure) if failure.kind == crate::record::FailureKind::Usage => Ok(InspectedSource {
                source: source.name.clone(),
                question: Some(failure.to_string()),
                ..InspectedSource::default()
            }),
            Err(failure) => Err(failure),
        })
        .collect()
}

fn look(
    plan: &ReadPlan,
    source: &SourcePlan,
    tables: &PointTables,
    keyed: &Keyed,
) -> Result<InspectedSource, Failure> {
    let shared = CheckContext::new(plan, std::slice::from_ref(source), tables, keyed);
    let (mut tally, mut votes) = (SourceTally::default(), Vec::new());
    let (mut rejected, mut countries) = (0, BTreeMap::<Option<String>, u64>::new());
    ordered(
        plan.threads,
        source.input.blocks(BLOCK),
        || (Checker::new(&shared), Cells::new()),
        |(checker, cells), block| {
            let (mut rejected, mut countries) = (0, BTreeMap::<Option<String>, u64>::new());
            for record in block.records.iter().filter(|r| r.state != State::Header) {
                let (state, row) = block.row(record, source.input.dialect(), cells);
                match checker.row(source, row, state, 0, record.line) {
                    Some(_) => rejected += 1,
                    None => *countries.entry(checker.country()).or_default() += 1,
                }
            }
            Ok((checker.take(), rows_of(&block), block.blank_lines, rejected, countries))
        },
        |(counts, rows, blank, bad, told)| {
            tally.add_checked(&counts.tally, rows, blank);
            merge_votes(&mut votes, &counts.votes);
            rejected += bad;
            told.into_iter().for_each(|(code, n)| *countries.entry(code).or_default() += n);
            Ok(())
        },
    )?;
    let no_country = countries.remove(&None).unwrap_or(0);
    Ok(InspectedSource {
        countries: countries.into_iter().filter_map(|(code, n)| Some((code?, n))).collect(),
        no_country,
        source: source.name().to_owned(),
        facts: Some(source_facts(source, &tally, &date_columns::undecided(source, &votes))),
        rows: tally.rows,
        rejected,
        blank_lines: tally.blank_lines,
        // A list that stands alone is a contact list; beside others it is asked about.
        question: sources::open_question(source).filter(|_| plan.sources.len() > 1),
    })
}
