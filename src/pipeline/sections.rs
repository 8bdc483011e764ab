//! Headings amid the rows of a list, in words: whoever stands below may be refused, and nothing in their rows says so.

use super::sources::SourcePlan;
use super::tally::{Sections, Tally};
use crate::plan::CheckPlan;
use crate::reason::Reason;
use crate::record::Failure;
use crate::report::Statement;
use crate::source::{Cells, Limits, Origin, State, Stream};

/// Bytes of a list that are read together.
const PIECE: usize = 1 << 18;

/// The statement of a run, for every source whose rows are not refused all the same.
pub(super) fn statement(sources: &[SourcePlan], tally: &Tally) -> Option<Statement> {
    let (mut places, mut more, mut names) = (Vec::new(), 0, Vec::new());
    for source in sources {
        let found = &tally.sources[usize::from(source.index)].sections;
        if found.count > 0 {
            let (here, others) = found.places(source.name());
            places.extend(here);
            more += others;
            names.push(source.name().to_owned());
        }
    }
    (!places.is_empty()).then(|| Statement {
        reason: Reason::RowSection.id().to_owned(),
        says: format!("{}.", says(&places, more)),
        sources: names,
        bring: vec![
            "Split these files at the headings, and bring each part by a name that says what it is."
                .to_owned(),
        ],
    })
}

/// The warning about a list that was checked, of whose rows so many are headings.
pub fn warning(plan: &CheckPlan, count: u64) -> String {
    let found = first_of(plan).unwrap_or_default();
    if found.count == 0 {
        let heading = if count == 1 { "row is a heading" } else { "rows are headings" };
        return format!(
            "{}: {count} {heading}, and whoever stands below may be refused: split the list there; --blocked FILE tells \
             the lines",
            plan.list.name
        );
    }
    let (places, more) = found.places(&plan.list.name);
    says(&places, more)
}

fn says(places: &[String], more: u64) -> String {
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let heading = if places.len() == 1 && more.is_empty() { "is a heading" } else { "are headings" };
    format!(
        "{}{more} {heading} amid the rows, and whoever stands below may be refused: split the file there",
        places.join(", ")
    )
}

/// The headings of a list that can be read once more.
fn first_of(plan: &CheckPlan) -> Result<Sections, Failure> {
    let mut found = Sections::default();
    let path = &plan.list.path;
    if !path.is_file() {
        return Ok(found);
    }
    let mut list = Stream::open(Origin::new(path), &plan.list.name, Limits::default())?;
    let dialect = list.dialect().clone();
    let mut cells = Cells::new();
    while let Some(piece) = list.next_piece(PIECE)? {
        for record in &piece.block.records {
            let (state, _) = piece.block.row(record, &dialect, &mut cells);
            if state == State::Rejected(Reason::RowSection) {
                found.note(record.line);
            }
        }
    }
    Ok(found)
}
