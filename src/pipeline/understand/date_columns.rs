//! Date columns: what is wrong with a cell, and the order of day and month by the votes of all cells.

use crate::data::words::yes_or_no;
use crate::mapping::dates::{DateRules, OrderVotes, trouble as date_trouble};
use crate::mapping::model::Role;
use crate::pipeline::understand::sources::SourcePlan;
use crate::reason::Reason;
use crate::record::DateOrder;

/// What is wrong with the cell of such a column, whatever the column's order turns out to be.
pub(crate) fn trouble(source: &SourcePlan, column: usize, cell: &str) -> Option<Reason> {
    if cell.is_empty() || is_plain(cell.as_bytes()) {
        return None;
    }
    let rules = source.rules(column);
    // That both readings are open is a matter of the whole column, told when it has been read to its end.
    let order = if rules.order == DateOrder::Unknown { DateOrder::DayMonth } else { rules.order };
    let found = date_trouble(cell, DateRules { order, ..rules })?;
    (!is_answer(source, column, cell)).then_some(found)
}

/// `2026-12-01`, alone or before a time, which most cells are.
fn is_plain(cell: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = cell else { return false };
    let month = matches!((m1, m2), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'));
    let day = matches!((d1, d2), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'9') | (b'2', b'0'..=b'8'));
    month && day && [y1, y2, y3, y4].iter().all(|digit| digit.is_ascii_digit()) && is_time(rest)
}

/// Nothing, or ` 10:15:00` with at most a `Z` behind it.
fn is_time(rest: &[u8]) -> bool {
    let sixty = |tens: &u8, ones: &u8| matches!(tens, b'0'..=b'5') && ones.is_ascii_digit();
    match rest {
        [] => true,
        [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2]
        | [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] => {
            matches!((h1, h2), (b'0' | b'1', b'0'..=b'9') | (b'2', b'0'..=b'3'))
                && sixty(m1, m2)
                && sixty(s1, s2)
        }
        _ => false,
    }
}

/// Whether an opt-out column answers with a word where others have the day.
fn is_answer(source: &SourcePlan, column: usize, cell: &str) -> bool {
    match source.mapping.columns.get(column).map(|column| &column.role) {
        Some(Role::Refusal { says, .. }) => {
            says.words.meaning(cell).is_some() || yes_or_no(cell.trim()).is_some()
        }
        _ => false,
    }
}

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

/// The date columns of a source whose order nothing settles although it matters.
pub(crate) fn undecided(source: &SourcePlan, votes: &[OrderVotes]) -> Vec<usize> {
    let open = |column: &usize| {
        let votes = votes.get(*column).copied().unwrap_or_default();
        let order = source.rules(*column).order;
        order == DateOrder::Unknown && votes.are_open()
    };
    source.dates.iter().copied().filter(open).collect()
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_plain_date_is_one_in_every_calendar_month() {
        for plain in ["2026-12-01", "1999-02-28", "2024-10-19", "2026-12-01 10:00:00", "2026-12-01T23:59:59Z"]
        {
            assert!(is_plain(plain.as_bytes()), "{plain}");
        }
        for other in [
            "",
            "2026-13-01",
            "2026-00-01",
            "2026-02-29",
            "2026-12-01 10:00",
            "2026-12-01 24:00:00",
            "26-12-01",
            "01.12.2026",
        ] {
            assert!(!is_plain(other.as_bytes()), "{other}");
        }
    }
}
