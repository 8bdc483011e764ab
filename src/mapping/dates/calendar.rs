//! The pieces of a date: civil days, clocks, zones, numbers.

/// A calendar day as written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

impl Civil {
    /// Days since 1970-01-01 in the proleptic Gregorian calendar; `None` for a day that does not exist.
    /// (H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`.)
    pub(crate) fn days(self) -> Option<i64> {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let last = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if self.day < 1 || self.day > last || !(1000..=9999).contains(&self.year) {
            return None;
        }
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year / 400;
        let of_era = year - era * 400;
        let of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }
}

/// POSIX `strptime %y`.
pub(crate) const fn two_digit_year(year: i64) -> i64 {
    if year < 69 { 2000 + year } else { 1900 + year }
}

/// A run of digits as a number; `None` for anything else, and for more than 15 digits.
pub(crate) fn number(b: &[u8]) -> Option<i64> {
    if b.is_empty() || b.len() > 15 {
        return None;
    }
    let mut n = 0i64;
    for c in b {
        if !c.is_ascii_digit() {
            return None;
        }
        n = n * 10 + i64::from(c - b'0');
    }
    Some(n)
}

/// `H:MM`, `HH:MM:SS`, with a fraction, with AM or PM: seconds of the day, and what follows.
pub(crate) fn clock(b: &[u8]) -> Option<(i64, &[u8])> {
    let hours = b.iter().take_while(|c| c.is_ascii_digit()).count();
    if !(1..=2).contains(&hours) || b.get(hours) != Some(&b':') {
        return None;
    }
    let mut hour = number(&b[..hours])?;
    let mut at = hours + 1;
    let minute = number(b.get(at..at + 2)?)?;
    at += 2;
    let mut second = 0;
    if b.get(at) == Some(&b':') {
        second = number(b.get(at + 1..at + 3)?)?;
        at += 3;
        if matches!(b.get(at), Some(b'.' | b',')) {
            let fraction = b[at + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
            at += if fraction == 0 { 0 } else { 1 + fraction };
        }
    }
    if let Some((afternoon, length)) = half_day(&b[at..]) {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
        at += length;
    }
    let midnight = hour == 24 && minute == 0 && second == 0;
    if (hour > 23 && !midnight) || minute > 59 || second > 60 {
        return None;
    }
    Some((hour * 3600 + minute * 60 + second.min(59), &b[at..]))
}

/// `AM`, `pm`, `p.m.` after an optional blank: whether it is the afternoon, and its length.
fn half_day(b: &[u8]) -> Option<(bool, usize)> {
    let blank = usize::from(b.first() == Some(&b' '));
    let letter = b.get(blank)?.to_ascii_lowercase();
    if letter != b'a' && letter != b'p' {
        return None;
    }
    let dotted = usize::from(b.get(blank + 1) == Some(&b'.'));
    if !b.get(blank + 1 + dotted)?.eq_ignore_ascii_case(&b'm') {
        return None;
    }
    let mut end = blank + 2 + dotted;
    end += usize::from(dotted == 1 && b.get(end) == Some(&b'.'));
    if b.get(end).is_some_and(u8::is_ascii_alphanumeric) { None } else { Some((letter == b'p', end)) }
}

/// The zone after a clock: `Some(None)` when there is none or its name is not certain, the offset in seconds
/// east of Greenwich otherwise; `None` when something else follows.
pub(crate) fn zone(b: &[u8]) -> Option<Option<i64>> {
    let b = b.trim_ascii();
    match b {
        [] => Some(None),
        [b'Z' | b'z'] => Some(Some(0)),
        [sign @ (b'+' | b'-'), rest @ ..] => offset(*sign, rest),
        _ => named(b),
    }
}

/// `+0100`, `+01:00`, `+01`, and Go's `+0100 CET`.
fn offset(sign: u8, rest: &[u8]) -> Option<Option<i64>> {
    let end = rest.iter().take_while(|c| c.is_ascii_digit() || **c == b':').count();
    let (hours, minutes) = match &rest[..end] {
        [a, b] | [a, b, b':'] => (number(&[*a, *b])?, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (number(&[*a, *b])?, number(&[*c, *d])?),
        _ => return None,
    };
    let name = rest[end..].trim_ascii();
    let commented =
        name.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'(' | b')' | b' ' | b'+' | b'-'));
    if hours > 15 || minutes > 59 || !commented || name.len() > 40 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Some(Some(if sign == b'-' { -seconds } else { seconds }))
}

/// Zone names that are certain (RFC 5322 §4.3 and UTC); other short names are a zone we do not know.
fn named(b: &[u8]) -> Option<Option<i64>> {
    let hours = match b {
        b"UTC" | b"utc" | b"GMT" | b"gmt" | b"UT" | b"(UTC)" => 0,
        b"EDT" => -4,
        b"EST" | b"CDT" => -5,
        b"CST" | b"MDT" => -6,
        b"MST" | b"PDT" => -7,
        b"PST" => -8,
        [b'G', b'M', b'T', sign @ (b'+' | b'-'), rest @ ..]
        | [b'U', b'T', b'C', sign @ (b'+' | b'-'), rest @ ..] => {
            return offset(*sign, rest);
        }
        _ if b.len() <= 5 && b.iter().all(u8::is_ascii_uppercase) => return Some(None),
        _ if b.eq_ignore_ascii_case(b"uhr") => return Some(None),
        _ => return None,
    };
    Some(Some(hours * 3600))
}
