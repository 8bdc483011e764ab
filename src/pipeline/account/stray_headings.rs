//! Headings amid the rows of a list, in words: whoever stands below may be refused, and nothing in their rows says so.

use crate::pipeline::kit::tally::{Sections, Tally};
use crate::pipeline::understand::sources::SourcePlan;
use crate::reason::Reason;
use crate::report::Statement;

/// The statement of a run, for every source whose rows are not refused all the same.
pub(crate) fn statement(sources: &[SourcePlan], tally: &Tally) -> Option<Statement> {
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
    (!places.is_empty()).then(|| {
        Statement::new(
            Reason::RowSection,
            format!("{}.", says(&places, more)),
            names,
            &["Split these files at the headings, and bring each part by a name that says what it is."],
        )
    })
}

/// The warning about a list that was checked, if there are any in it.
pub(crate) fn warning(found: &Sections, list: &str) -> Option<String> {
    let (places, more) = found.places(list);
    (!places.is_empty()).then(|| says(&places, more))
}

fn says(places: &[String], more: u64) -> String {
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let heading = if places.len() == 1 && more.is_empty() { "is a heading" } else { "are headings" };
    format!(
        "{}{more} {heading} amid the rows, and whoever stands below may be refused: split the file there",
        places.join(", ")
    )
}
