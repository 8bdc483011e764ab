//! The order of day and month, from all cells of a column.

use crate::mapping::dates::numeric::triple;
use crate::record::DateOrder;

/// Counts of the cells of a date column by the order of day and month that they prove. Merging is commutative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderVotes {
    dotted: Votes,
    others: Votes,
}

/// How many cells read in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Votes {
    day_first: u64,
    month_first: u64,
    /// Cells that read both ways.
    open: u64,
}

impl Votes {
    fn merge(&mut self, other: Self) {
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.open += other.open;
    }

    const fn none(self) -> bool {
        self.day_first + self.month_first + self.open == 0
    }

    /// The order that the cells prove; `usual` where they prove nothing, unknown where they contradict each other.
    const fn verdict(self, usual: DateOrder) -> DateOrder {
        match (self.day_first > 0, self.month_first > 0) {
            (true, false) => DateOrder::DayMonth,
            (false, true) => DateOrder::MonthDay,
            (false, false) => usual,
            (true, true) => DateOrder::Unknown,
        }
    }
}

impl OrderVotes {
    /// Counts a cell.
    pub fn see(&mut self, cell: &str) {
        let Some(found) = triple(cell.trim().as_bytes()).filter(|t| !t.year_first) else { return };
        let votes = if found.separator == b'.' { &mut self.dotted } else { &mut self.others };
        match found.readings() {
            (Some(a), Some(b)) if a != b => votes.open += 1,
            (Some(_), None) => votes.day_first += 1,
            (None, Some(_)) => votes.month_first += 1,
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    /// Adds the counts of another part of the column.
    pub fn merge(&mut self, other: Self) {
        self.dotted.merge(other.dotted);
        self.others.merge(other.others);
    }

    /// Whether some cell reads both ways and nothing settles how.
    pub fn are_open(self) -> bool {
        self.dotted.open + self.others.open > 0 && self.verdict() == DateOrder::Unknown
    }

    /// The order; unknown when nothing settles it, and when the cells contradict each other: then the reading counts
    /// that hurts contactability.
    pub fn verdict(self) -> DateOrder {
        let dotted = self.dotted.verdict(DateOrder::DayMonth);
        let others = self.others.verdict(DateOrder::Unknown);
        match () {
            () if self.dotted.none() || dotted == others => others,
            () if self.others.none() => dotted,
            () => DateOrder::Unknown,
        }
    }
}
