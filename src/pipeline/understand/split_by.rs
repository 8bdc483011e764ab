//! What the lists are cut by (`--split-by`), found in the columns of the run.

use crate::pipeline::understand::output_columns::{Layout, SHOWN};
use crate::plan::CleanPlan;
use crate::record::Failure;

/// What the lists are cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Whose law decided.
    Jurisdiction,
    /// The ground of the yes.
    Basis,
    /// A field that `contacts.csv` shows under our own name; countries by their code.
    Shown(usize),
    /// A column of theirs that is carried along.
    Carried(usize),
}

impl By {
    /// What the plan asks for, in the columns of this run.
    pub(crate) fn of(plan: &CleanPlan, layout: &Layout) -> Result<Option<Self>, Failure> {
        let Some(name) = plan.write.split_by.as_deref() else { return Ok(None) };
        let own = match name {
            "jurisdiction" => Some(Self::Jurisdiction),
            "basis" => Some(Self::Basis),
            _ => SHOWN.iter().position(|(_, shown)| *shown == name).map(Self::Shown),
        };
        let carried = |same: &dyn Fn(&str) -> bool| {
            layout.carried.iter().position(|header| same(header.trim())).map(Self::Carried)
        };
        let by =
            own.or_else(|| carried(&|h| h == name)).or_else(|| carried(&|h| h.eq_ignore_ascii_case(name)));
        by.map(Some).ok_or_else(|| {
            Failure::usage("no source has a column of that name").at("--split-by").hint(
                "give country, jurisdiction, basis, or a header of contacts.csv behind the channels' columns",
            )
        })
    }
}
