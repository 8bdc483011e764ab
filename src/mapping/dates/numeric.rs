//! Dates of three numbers, the moment that day, clock and zone make, and what is settled of a column before its cells
//! are read.

use crate::mapping::dates::calendar::{Civil, clock, number, two_digit_year, zone};
use crate::record::{DateOrder, Precision, Stamp, When};

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
    /// Its cells are counted (`OrderVotes`) before the order is settled: then dotted dates too keep both readings.
    pub counted: bool,
}

/// Three numbers with one separator: `3/4/2025`, `04.03.25`, `2025/3/4`, `4-3-2025`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triple {
    numbers: [i64; 3],
    pub(super) separator: u8,
    pub(super) year_first: bool,
    pub(super) short_year: bool,
    /// The byte after them.
    pub(super) end: usize,
}

pub(super) fn triple(b: &[u8]) -> Option<Triple> {
    let (mut numbers, mut lengths) = ([0i64; 3], [0usize; 3]);
    let (mut at, mut separator) = (0, 0u8);
    for i in 0..3 {
        let start = at;
        while at < b.len() && b[at].is_ascii_digit() {
            at += 1;
        }
        lengths[i] = at - start;
        if lengths[i] == 0 || lengths[i] > 4 {
            return None;
        }
        numbers[i] = number(&b[start..at])?;
        if i == 2 {
            break;
        }
        let found = *b.get(at)?;
        if !matches!(found, b'/' | b'.' | b'-') || (i == 1 && found != separator) {
            return None;
        }
        separator = found;
        at += 1;
        while found == b'.' && b.get(at) == Some(&b' ') {
            at += 1;
        }
    }
    let year_first = lengths[0] == 4;
    let year = if year_first { lengths[0] } else { lengths[2] };
    let short = if year_first { [lengths[1], lengths[2]] } else { [lengths[0], lengths[1]] };
    if !matches!(year, 2 | 4) || short.iter().any(|l| *l > 2) {
        return None;
    }
    if separator == b'.' && year_first && b.get(at) == Some(&b'.') {
        at += 1;
    }
    Some(Triple { numbers, separator, year_first, short_year: year == 2, end: at })
}

impl Triple {
    /// The days of both readings, where they exist: day first, month first.
    pub(super) fn readings(&self) -> (Option<i64>, Option<i64>) {
        let [a, b, c] = self.numbers;
        if self.year_first {
            let one = Civil { year: a, month: b, day: c }.days();
            return (one, one);
        }
        let year = if self.short_year { two_digit_year(c) } else { c };
        (Civil { year, month: b, day: a }.days(), Civil { year, month: a, day: b }.days())
    }
}

pub(super) fn numeric(found: Triple, rest: &[u8], rules: DateRules) -> Option<Stamp> {
    let (day_month, month_day) = found.readings();
    let one = match (day_month, month_day) {
        (None, None) => return None,
        (Some(days), None) | (None, Some(days)) => days,
        (Some(a), Some(b)) if a == b => a,
        (Some(a), Some(_)) if rules.order == DateOrder::DayMonth => a,
        // What a vendor writes with slashes says nothing of dots: those came in when the file was saved again.
        (Some(a), Some(_))
            if found.separator == b'.' && (!rules.counted || rules.order != DateOrder::Unknown) =>
        {
            a
        }
        (Some(_), Some(b)) if rules.order == DateOrder::MonthDay => b,
        (Some(a), Some(b)) => {
            let (Stamp::Known(day_month), Stamp::Known(month_day)) =
                (stamp(a, rest, rules)?, stamp(b, rest, rules)?)
            else {
                return None;
            };
            return Some(Stamp::Either { day_month, month_day, column: rules.column });
        }
    };
    stamp(one, rest, rules)
}

pub(super) const fn day(days: i64) -> When {
    When { seconds: days * 86_400, precision: Precision::Day }
}

pub(super) fn moment(days: i64, seconds: i64, zone: Option<i64>, rules: DateRules) -> When {
    let local = days * 86_400 + seconds;
    match zone {
        Some(offset) => When { seconds: local - offset, precision: Precision::Instant },
        None if rules.utc => When { seconds: local, precision: Precision::Instant },
        None => When { seconds: local, precision: Precision::Local },
    }
}

/// A day and what follows it: nothing, or a time with or without a zone.
pub(super) fn stamp(days: i64, rest: &[u8], rules: DateRules) -> Option<Stamp> {
    if rest.is_empty() {
        return Some(Stamp::Known(day(days)));
    }
    let gap = rest.iter().take_while(|c| matches!(c, b' ' | b'T' | b't' | b',')).count();
    if gap == 0 || gap > 2 {
        return None;
    }
    let (seconds, rest) = clock(&rest[gap..])?;
    let zone = zone(rest)?;
    Some(Stamp::Known(moment(days, seconds, zone, rules)))
}
