//! Survivorship: which row's value a merged contact carries, field by field.
//!
//! Pure; knows dates, completeness and source priority, not what the values mean.

use crate::record::{Precision, RowId, When};

/// One row's value of a field, or of the address group (street, city, region, postal code, country), which
/// travels as one so that no city is paired with another row's street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurvivorCandidate {
    /// The row; rows are ordered by source, then line.
    pub row: RowId,
    /// Whether there is a value at all.
    pub filled: bool,
    /// Whether the value is valid (of an address: that a letter could be sent there).
    pub valid: bool,
    /// How much of the whole it tells: filled cells of the row, or of the group.
    pub complete: u16,
    /// The row's own date: last change, else creation.
    pub date: Option<When>,
    /// Rank of the row's source in the profile, lower is better; equal where the profile is silent.
    pub priority: u16,
}

/// The index of the candidate that survives; none when all are empty.
///
/// Valid before invalid, newest by the row's own date (undated rows after dated ones), then most complete,
/// then the better source, then the first row. Dates are compared at the precision both carry: two rows of one
/// day of which one does not tell the hour are equally new. The order of the candidates does not matter.
pub fn survivor(candidates: &[SurvivorCandidate]) -> Option<usize> {
    let any_valid = candidates.iter().any(|c| c.filled && c.valid);
    let eligible = |c: &SurvivorCandidate| c.filled && (c.valid || !any_valid);
    let newest_day = candidates.iter().filter(|c| eligible(c)).filter_map(|c| c.date.map(When::date)).max();
    let on_newest_day = |c: &SurvivorCandidate| eligible(c) && c.date.map(When::date) == newest_day;
    let instant = |c: &SurvivorCandidate| {
        c.date.filter(|when| when.precision == Precision::Instant).map(|when| when.seconds)
    };
    let newest_instant = candidates.iter().filter(|c| on_newest_day(c)).filter_map(instant).max();
    candidates
        .iter()
        .enumerate()
        .filter(|(_, c)| on_newest_day(c) && instant(c).is_none_or(|seconds| Some(seconds) == newest_instant))
        .min_by_key(|(_, c)| (std::cmp::Reverse(c.complete), c.priority, c.row))
        .map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Day;
    use proptest::prelude::*;

    fn value(row: RowId) -> SurvivorCandidate {
        SurvivorCandidate { row, filled: true, valid: true, complete: 3, date: None, priority: 0 }
    }

    fn dated(row: RowId, date: Option<When>) -> SurvivorCandidate {
        SurvivorCandidate { date, ..value(row) }
    }

    fn day(d: i8) -> Option<When> {
        Some(When::day(Day::constant(2025, 6, d)))
    }

    fn instant(d: i8, hour: i64) -> Option<When> {
        let noon = When::day(Day::constant(2025, 6, d));
        Some(When { seconds: noon.seconds + hour * 3600, precision: Precision::Instant })
    }

    fn check(candidates: &[SurvivorCandidate], expected: Option<RowId>) {
        assert_eq!(survivor(candidates).map(|i| candidates[i].row), expected, "{candidates:?}");
        let reversed: Vec<_> = candidates.iter().rev().copied().collect();
        assert_eq!(survivor(&reversed).map(|i| reversed[i].row), expected, "reversed");
    }

    #[test]
    fn newest_valid_then_complete_then_source_then_row() {
        check(&[], None);
        check(&[SurvivorCandidate { filled: false, ..value(1) }], None);
        check(&[dated(1, day(1)), dated(2, day(2))], Some(2));
        check(&[SurvivorCandidate { filled: false, ..dated(2, day(2)) }, dated(1, day(1))], Some(1));
        check(&[SurvivorCandidate { valid: false, ..dated(2, day(2)) }, dated(1, day(1))], Some(1));
        check(&[SurvivorCandidate { valid: false, ..value(4) }], Some(4));
        check(&[value(1), SurvivorCandidate { date: day(1), complete: 1, ..value(2) }], Some(2));
        check(&[value(1), SurvivorCandidate { complete: 9, ..value(2) }], Some(2));
        check(&[value(1), SurvivorCandidate { priority: 1, ..value(0) }], Some(1));
        check(&[value(3), value(2)], Some(2));
    }

    #[test]
    fn one_day_in_two_precisions_is_a_tie() {
        let (early, late) = (instant(5, 8), instant(5, 20));
        check(&[dated(1, early), dated(2, late)], Some(2));
        check(&[dated(1, day(5)), dated(2, late)], Some(1));
        let fuller = |row, date, complete| SurvivorCandidate { complete, ..dated(row, date) };
        check(&[fuller(0, early, 9), dated(1, day(5)), fuller(2, late, 4)], Some(2));
    }

    proptest! {
        #[test]
        fn the_order_of_candidates_does_not_matter(
            parts in prop::collection::vec((any::<bool>(), any::<bool>(), 0u16..3, 0i64..4, 0u8..4, 0u16..2), 0..7),
            turn in 0usize..7,
        ) {
            let candidates: Vec<_> = parts.iter().enumerate().map(|(i, &(filled, valid, complete, at, kind, priority))| {
                let precision = [Precision::Day, Precision::Local, Precision::Instant][usize::from(kind.min(2))];
                let date = (kind < 3).then_some(When { seconds: at * 40_000, precision });
                SurvivorCandidate { row: i as RowId, filled, valid, complete, date, priority }
            }).collect();
            let mut turned = candidates.clone();
            turned.rotate_left(turn.min(candidates.len()));
            let of = |all: &[SurvivorCandidate]| survivor(all).map(|i| all[i]);
            prop_assert_eq!(of(&candidates), of(&turned));
        }
    }
}
