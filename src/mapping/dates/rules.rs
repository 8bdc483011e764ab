//! What is settled of a column of dates before its cells are read.

use crate::record::DateOrder;

/// How a column writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateRules {
    /// Order of day and month, where it is known.
    pub order: DateOrder,
    /// A time without a zone is UTC.
    pub utc: bool,
    /// A plain number is Unix seconds or milliseconds.
    pub unix: bool,
    /// The run's number of the column, for [`Stamp::Either`].
    pub column: u16,
    /// Its cells are counted ([`OrderVotes`]) before the order is settled: then dotted dates too keep both readings.
    pub counted: bool,
}
