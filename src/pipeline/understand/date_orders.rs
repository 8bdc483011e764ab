//! The order of day and month of every date column, by the votes of its cells.

use crate::mapping::dates::OrderVotes;
use crate::pipeline::understand::sources::SourcePlan;
use crate::record::DateOrder;

pub(crate) fn merge_votes(all: &mut Vec<OrderVotes>, votes: &[OrderVotes]) {
    if all.len() < votes.len() {
        all.resize_with(votes.len(), OrderVotes::default);
    }
    for (mine, theirs) in all.iter_mut().zip(votes) {
        mine.merge(*theirs);
    }
}

/// The verdict on every date column of the run.
pub(crate) fn orders(sources: &[SourcePlan], votes: &[Vec<OrderVotes>]) -> Vec<DateOrder> {
    let mut orders = Vec::new();
    for (source, votes) in sources.iter().zip(votes) {
        for column in &source.dates {
            let rules = source.rules(*column);
            let at = usize::from(rules.column);
            if orders.len() <= at {
                orders.resize(at + 1, DateOrder::Unknown);
            }
            orders[at] = match rules.order {
                DateOrder::Unknown => votes.get(*column).map_or(DateOrder::Unknown, |v| v.verdict()),
                fixed => fixed,
            };
        }
    }
    orders
}
