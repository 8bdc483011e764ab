//! Dates as files write them: a day or a moment, with or without a zone, and sometimes in two readings.
//!
//! Knows what a cell said, never more precisely than it said it; not today's date, and not how cells are read.

pub use jiff::civil::Date as Day;

use std::fmt;

/// Precision with which a file gives a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Precision {
    /// A calendar day, zone unknown.
    Day,
    /// A day and time of day, zone unknown.
    Local,
    /// A moment with a zone, kept in UTC.
    Instant,
}

/// A day or moment: seconds since 1970-01-01T00:00:00 (UTC when `precision` is `Instant`, else as written).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// Seconds since the epoch, as written or in UTC.
    pub seconds: i64,
    /// Precision with which the file gives it.
    pub precision: Precision,
}

const DAY: i64 = 86_400;
/// Clocks run at most so far before UTC (the Line Islands) and behind it (by ships' time).
const EAST: i64 = 14 * 3600;
const WEST: i64 = 12 * 3600;

impl When {
    /// The moment that stands for a calendar day.
    pub fn day(day: Day) -> Self {
        let days = day.since(Day::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
        Self { seconds: days * DAY, precision: Precision::Day }
    }

    /// Calendar day as written; of an instant, the day in UTC.
    pub fn date(self) -> Day {
        Day::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().days(self.seconds.div_euclid(DAY)))
            .unwrap_or(if self.seconds < 0 { Day::MIN } else { Day::MAX })
    }

    /// Whether `self` is later than `other` wherever on earth both were written down; a tie is not later.
    ///
    /// Two days are compared as days. Beside a moment, a time without a zone may stand anywhere between UTC-12
    /// and UTC+14, and a day may be any moment of it.
    pub fn surely_after(self, other: Self) -> bool {
        if self.precision == Precision::Day && other.precision == Precision::Day {
            self.seconds.div_euclid(DAY) > other.seconds.div_euclid(DAY)
        } else {
            self.earliest() > other.latest()
        }
    }

    /// Whether whatever is surely after `self` is surely after `other` too.
    pub fn outlasts(self, other: Self) -> bool {
        match (self.precision, other.precision) {
            (Precision::Day, Precision::Day) => self.seconds >= other.seconds,
            // A later day is surely after this day, though its first moment need not be.
            (Precision::Day, _) => self.seconds.saturating_add(DAY - EAST) > other.latest(),
            _ => self.latest() >= other.latest(),
        }
    }

    /// The first moment it may be, in UTC.
    const fn earliest(self) -> i64 {
        match self.precision {
            Precision::Instant => self.seconds,
            Precision::Local | Precision::Day => self.seconds.saturating_sub(EAST),
        }
    }

    /// The last moment it may be, in UTC.
    const fn latest(self) -> i64 {
        match self.precision {
            Precision::Instant => self.seconds,
            Precision::Local => self.seconds.saturating_add(WEST),
            Precision::Day => self.seconds.saturating_add(DAY - 1 + WEST),
        }
    }

    /// Text of outputs.
    pub fn text(self) -> String {
        self.to_string()
    }
}

/// As outputs write it: `2026-11-21`, `2026-11-21T10:15:00` or `2026-11-21T10:15:00Z`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())?;
        if self.precision != Precision::Day {
            let s = self.seconds.rem_euclid(DAY);
            write!(f, "T{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)?;
        }
        f.write_str(if self.precision == Precision::Instant { "Z" } else { "" })
    }
}

/// Order of day and month in `03/04/2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum DateOrder {
    /// Day first.
    DayMonth,
    /// Month first.
    MonthDay,
    /// No cell of the column settles it.
    #[default]
    Unknown,
}

/// A date cell as read, before its column's verdict on the order is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stamp {
    /// The cell is empty, or there is none.
    #[default]
    Absent,
    /// The cell says something that is no date.
    Unreadable,
    /// One reading only.
    Known(When),
    /// `03/04/2025`: both readings, until the column (an index into the run's date columns) decides.
    Either {
        /// Read with the day first.
        day_month: When,
        /// Read with the month first.
        month_day: When,
        /// The run's number of the column the cell stands in.
        column: u16,
    },
}

impl Stamp {
    /// Both readings under the column's order, the earlier first; equal where there is one reading, `None` where the cell
    /// holds no date. Callers take the reading that hurts contactability: the earlier of a consent, the later of a
    /// refusal.
    pub fn readings(self, order: impl Fn(u16) -> DateOrder) -> Option<(When, When)> {
        match self {
            Self::Absent | Self::Unreadable => None,
            Self::Known(when) => Some((when, when)),
            Self::Either { day_month, month_day, column } => Some(match order(column) {
                DateOrder::DayMonth => (day_month, day_month),
                DateOrder::MonthDay => (month_day, month_day),
                DateOrder::Unknown => (day_month.min(month_day), day_month.max(month_day)),
            }),
        }
    }
}
