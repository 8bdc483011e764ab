//! What a row adds to the statistics of its file's consents: when and from where they came, in which columns every
//! row says yes, and how many tell what they are for.

use crate::mapping::model::Role;
use crate::pipeline::check::consent_stats::is_noted;
use crate::pipeline::check::row::Checker;
use crate::pipeline::kit::tally::count_at;
use crate::pipeline::understand::sources::SourcePlan;
use crate::record::{EventKind, Evidence, Field, RowId, Stamp};
use crate::source::Row;

impl Checker<'_> {
    /// Notes the consents of a row that can be used.
    pub(crate) fn note(&mut self, source: &SourcePlan, row: &Row<'_>, id: RowId) {
        let tally = &mut self.out.tally;
        tally.people += 1;
        for fact in self.facts.iter().filter(|fact| fact.event == EventKind::ConsentGiven) {
            let column = fact.column.map(usize::from);
            if let Some(column) = column.filter(|column| is_answer(source, *column)) {
                count_at(&mut tally.granted, column, |n| *n += 1);
            }
        }
        let (mut first, mut last) = (None, Stamp::Absent);
        for told in self.events.iter().filter(|told| is_noted(&told.event)) {
            let event = &told.event;
            if first.is_none() {
                first = Some(event.at);
                let named = Evidence::PURPOSE.0 | Evidence::WORDING.0;
                tally.named.count(event.evidence.0 & named != 0);
            }
            // One act may be told of several channels, and as sign-up and confirmation.
            if event.at != last {
                last = event.at;
                self.notes.time(source.index, event.at);
            }
        }
        if let Some((at, column)) = first.zip(source.consent_ip) {
            self.notes.ip(self.shared.keyed, source.index, row.get(column), at, id);
        }
    }
}

/// Whether the column holds answers to a question of consent, not words of a subscription.
fn is_answer(source: &SourcePlan, column: usize) -> bool {
    source.mapping.columns.get(column).is_some_and(|c| {
        matches!(c.role, Role::Status(_)) && !matches!(c.field, Some(Field::ListStatus | Field::DoubleOptIn))
    })
}
