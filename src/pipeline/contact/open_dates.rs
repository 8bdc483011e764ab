//! Dates of a row that can be read two ways and that no column settles.

use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::rows::RowView;
use crate::record::Stamp;

/// The headers of undecided columns that date consent or refusal and by which an event of the row has two dates.
pub(crate) fn open<'w>(writing: &'w Writing<'_>, row: &RowView<'_>) -> impl Iterator<Item = &'w str> {
    let at = usize::from(row.place.source);
    let source = &writing.sources[at];
    let undecided = writing.pass.undecided.get(at).map_or(&[][..], Vec::as_slice);
    undecided.iter().filter(|column| source.dating.contains(column)).filter_map(|column| {
        let number = source.rules(*column).column;
        let by = |at: &Stamp| matches!(at, Stamp::Either { column, .. } if *column == number);
        let found = row.events.iter().any(|told| by(&told.event.at));
        found.then(|| source.mapping.columns[*column].header.as_str())
    })
}
