//! What the second pass reads of the run while it makes contacts.

use crate::dns::DnsAnswers;
use crate::email::EmailTables;
use crate::link::{HeldApart, Linked, Merge};
use crate::pipeline::check::first_pass::Pass;
use crate::pipeline::contact::rows::RowView;
use crate::pipeline::join::previous_run::PreviousRun;
use crate::pipeline::join::share::SharedFacts;
use crate::pipeline::kit::run::{Law, Progress};
use crate::pipeline::understand::output_columns::{By, Layout};
use crate::pipeline::understand::sources::SourcePlan;
use crate::plan::CleanPlan;
use crate::record::{DateOrder, Keyed, Stamp};
use crate::spill::ByRow;

pub(crate) struct Writing<'a> {
    pub(crate) plan: &'a CleanPlan,
    pub(crate) sources: &'a [SourcePlan],
    pub(crate) layout: &'a Layout,
    pub(crate) split: Option<By>,
    pub(crate) pass: &'a Pass,
    pub(crate) linked: &'a Linked,
    pub(crate) facts: &'a SharedFacts,
    pub(crate) beside: &'a ByRow,
    pub(crate) law: &'a Law<'a>,
    pub(crate) keyed: &'a Keyed,
    pub(crate) mail: &'a EmailTables,
    /// The earlier run (`--previous`).
    pub(crate) earlier: Option<&'a PreviousRun>,
    /// What DNS said; `None`: it was not asked.
    pub(crate) dns: Option<&'a DnsAnswers>,
    pub(crate) progress: &'a dyn Progress,
}

impl Writing<'_> {
    /// The verdict on a date column.
    pub(crate) fn order(&self, column: u16) -> DateOrder {
        self.pass.orders.get(usize::from(column)).copied().unwrap_or(DateOrder::Unknown)
    }

    /// The headers of undecided columns that date consent or refusal and by which an event of the row has two dates.
    pub(crate) fn open_dates(&self, row: &RowView<'_>) -> impl Iterator<Item = &str> {
        let at = usize::from(row.place.source);
        let source = &self.sources[at];
        let undecided = self.pass.undecided.get(at).map_or(&[][..], Vec::as_slice);
        undecided.iter().filter(|column| source.dating.contains(column)).filter_map(|column| {
            let number = source.rules(*column).column;
            let by = |at: &Stamp| matches!(at, Stamp::Either { column, .. } if *column == number);
            let found = row.events.iter().any(|told| by(&told.event.at));
            found.then(|| source.mapping.columns[*column].header.as_str())
        })
    }
}

/// What linking says of a contact.
#[derive(Debug, Default)]
pub(crate) struct Links {
    pub(crate) merges: Vec<Merge>,
    pub(crate) held: Vec<HeldApart>,
}
