//! Days as numbers, and lengths of time added to them: calendar months, the last day already expired.

use crate::data::jurisdiction::Length;
use crate::record::{Day, When};

/// A calendar day as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayNo(i32);

const SECONDS: i64 = 86_400;
/// First and last day of the calendar: -9999-01-01 and 9999-12-31.
const FIRST: i32 = -4_371_587;
const LAST: i32 = 2_932_896;

impl DayNo {
    /// The day as a number (the algorithm is Howard Hinnant's `days_from_civil`).
    pub(super) fn of(day: Day) -> Self {
        let (year, month, day) = (i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Self(era * 146_097 + days - 719_468)
    }

    /// The calendar day a moment was written on (UTC for an instant).
    pub(super) fn of_when(when: When) -> Self {
        let days = when.seconds.div_euclid(SECONDS).clamp(i64::from(FIRST), i64::from(LAST));
        Self(i32::try_from(days).unwrap_or(LAST))
    }

    /// The day of the number (`civil_from_days`); the ends of the calendar beyond it.
    pub(super) fn day(self) -> Day {
        let (year, month, day) = self.civil();
        let narrow = |n: i32| i8::try_from(n).unwrap_or(1);
        let year = i16::try_from(year).unwrap_or(if self.0 < 0 { i16::MIN } else { i16::MAX });
        Day::new(year, narrow(month), narrow(day)).unwrap_or(if self.0 < 0 { Day::MIN } else { Day::MAX })
    }

    fn civil(self) -> (i32, i32, i32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        (year + era * 400 + i32::from(month <= 2), month, day)
    }

    /// The first day on which something of that length, begun on this day, is over; none when it never is.
    /// A month's missing day is its last (31 August and six months: 28 February).
    pub(super) fn end(self, length: Length) -> Option<Self> {
        match length {
            Length::Days(n) => Some(Self(self.0.saturating_add(i32::from(n)))),
            Length::BusinessDays(n) => Some(self.business_days(n)),
            Length::Months(n) => Some(self.months(n)),
            Length::CalendarMonth => Some(Self(self.months(1).0 - self.months(1).civil().2 + 1)),
            Length::PerCampaign => Some(self.next()),
            Length::Forever => None,
        }
    }

    /// Days from this day to that; none when it lies before.
    pub(super) fn days_to(self, that: Self) -> Option<u32> {
        u32::try_from(i64::from(that.0) - i64::from(self.0)).ok()
    }

    pub(super) const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    fn months(self, n: u16) -> Self {
        let (year, month, day) = self.civil();
        let months = year * 12 + (month - 1) + i32::from(n);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let first = |year: i32, month: i32| {
            let fits = (i16::try_from(year), i8::try_from(month));
            if let (Ok(year), Ok(month)) = fits { Day::new(year, month, 1).ok() } else { None }
        };
        let Some(start) = first(year, month) else { return Self::of(Day::MAX) };
        Self(Self::of(start).0 + day.min(i32::from(start.days_in_month())) - 1)
    }

    /// The n-th working day after this day; 1970-01-01 was a Thursday.
    fn business_days(self, n: u16) -> Self {
        let mut day = self;
        let mut left = n;
        while left > 0 {
            day = day.next();
            if (day.0 + 3).rem_euclid(7) < 5 {
                left -= 1;
            }
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::{DayNo, FIRST, LAST};
    use crate::data::jurisdiction::Length;
    use crate::record::{Day, Precision, When};

    fn check(from: &str, length: &str, end: &str) {
        let from: Day = from.parse().unwrap();
        let end_of = DayNo::of(from).end(Length::parse(length).unwrap()).unwrap();
        assert_eq!(end_of.day().to_string(), end, "{from} + {length}");
    }

    #[test]
    fn lengths_end_on_the_calendar() {
        check("2024-05-10", "12 months", "2025-05-10");
        check("2025-08-31", "6 months", "2026-02-28");
        check("2023-08-31", "6 months", "2024-02-29");
        check("2024-02-29", "1 year", "2025-02-28");
        check("2026-12-31", "1 day", "2027-01-01");
        check("2026-05-01", "10 business days", "2026-05-15");
        check("2026-05-02", "1 business day", "2026-05-04");
        check("2026-05-01", "per campaign", "2026-05-02");
        check("2026-01-31", "calendar month", "2026-02-01");
        check("2026-12-01", "calendar month", "2027-01-01");
        check("9999-12-31", "2 years", "9999-12-31");
        assert_eq!(DayNo::of(Day::constant(2026, 1, 1)).end(Length::Forever), None);
    }

    #[test]
    fn days_beyond_the_calendar_are_its_ends() {
        assert_eq!((DayNo::of(Day::MIN).0, DayNo::of(Day::MAX).0), (FIRST, LAST));
        for (seconds, day) in [(i64::MIN, Day::MIN), (i64::MAX, Day::MAX)] {
            let found = DayNo::of_when(When { seconds, precision: Precision::Instant });
            assert_eq!(found.day(), day);
            assert!(found.before().day() <= day && found.next().day() <= Day::MAX);
        }
    }

    #[test]
    fn numbers_agree_with_the_calendar_library() {
        let epoch = Day::constant(1970, 1, 1);
        let mut day = Day::constant(-9999, 1, 1);
        while let Ok(next) = day.checked_add(jiff::Span::new().days(997)) {
            let number = DayNo::of(day);
            assert_eq!(i64::from(number.0), i64::from(epoch.until(day).unwrap().get_days()), "{day}");
            assert_eq!(number.day(), day);
            assert_eq!(DayNo::of_when(When::day(day)), number);
            for months in [1u16, 6, 11, 12, 24, 48] {
                let wanted = day.checked_add(jiff::Span::new().months(months)).unwrap_or(Day::MAX);
                assert_eq!(number.months(months).day(), wanted, "{day} + {months} months");
            }
            day = next;
        }
    }
}
