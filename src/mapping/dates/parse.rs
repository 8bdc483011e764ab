//! One cell as a stamp: which way of writing it is.

use crate::data::words::is_blank;
use crate::mapping::dates::calendar::{Civil, number, zone};
use crate::mapping::dates::numeric::{DateRules, day, moment, numeric, stamp, triple};
use crate::mapping::dates::spoken;
use crate::reason::Reason;
use crate::record::{Precision, Stamp, When};

/// Reads a date cell. Empty cells, placeholders and zero dates (`0000-00-00`, `0/0/00`) are absent.
pub fn parse(cell: &str, rules: DateRules) -> Stamp {
    let text = cell.trim();
    if text.is_empty() {
        return Stamp::Absent;
    }
    let stamp = if text.is_ascii() { written(text.as_bytes(), rules) } else { spoken::read(text, rules) };
    match stamp {
        Some(stamp) => stamp,
        None if is_blank(text) => Stamp::Absent,
        None => Stamp::Unreadable,
    }
}

/// The reason to look at a date cell; `None` for a plain one and for an absent one.
pub fn trouble(cell: &str, rules: DateRules) -> Option<Reason> {
    let text = cell.trim();
    match parse(cell, rules) {
        Stamp::Absent => None,
        Stamp::Either { .. } => Some(Reason::DateOrderUnknown),
        Stamp::Known(_) => triple(text.as_bytes()).filter(|t| t.short_year).map(|_| Reason::DateTwoDigitYear),
        Stamp::Unreadable if is_serial(text) => Some(Reason::DateExcelSerial),
        Stamp::Unreadable if triple(text.as_bytes()).is_some() || looks_iso(text.as_bytes()) => {
            Some(Reason::DateImpossible)
        }
        Stamp::Unreadable => Some(Reason::DateUnreadable),
    }
}

fn is_serial(text: &str) -> bool {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole.len() == 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn looks_iso(b: &[u8]) -> bool {
    b.len() >= 10 && b[4] == b'-' && b[7] == b'-' && b[..4].iter().all(u8::is_ascii_digit)
}

/// An ASCII cell.
fn written(b: &[u8], rules: DateRules) -> Option<Stamp> {
    if looks_iso(b) {
        return iso(b, rules);
    }
    if b.iter().all(|c| c.is_ascii_digit() || *c == b'.')
        && b.first() != Some(&b'.')
        && let Some(stamp) = digits(b, rules)
    {
        return Some(stamp);
    }
    if b.len() >= 15 && matches!(b[8], b'T' | b't') && b[..8].iter().all(u8::is_ascii_digit) {
        return basic(b, rules);
    }
    if let Some(found) = triple(b) {
        return numeric(found, &b[found.end..], rules);
    }
    spoken::read(std::str::from_utf8(b).ok()?, rules)
}

/// `YYYY-MM-DD`, alone or with a time.
fn iso(b: &[u8], rules: DateRules) -> Option<Stamp> {
    let civil = Civil { year: number(&b[..4])?, month: number(&b[5..7])?, day: number(&b[8..10])? };
    let days = civil.days()?;
    stamp(days, &b[10..], rules)
}

/// `YYYYMMDDTHHMMSS`, perhaps with a zone.
fn basic(b: &[u8], rules: DateRules) -> Option<Stamp> {
    let days = civil8(&b[..8])?;
    let seconds = clock6(b.get(9..15)?)?;
    let zone = zone(&b[15..])?;
    Some(Stamp::Known(moment(days, seconds, zone, rules)))
}

fn civil8(b: &[u8]) -> Option<i64> {
    Civil { year: number(&b[..4])?, month: number(&b[4..6])?, day: number(&b[6..8])? }.days()
}

fn clock6(b: &[u8]) -> Option<i64> {
    let (h, m, s) = (number(&b[..2])?, number(&b[2..4])?, number(&b[4..6])?);
    (h < 24 && m < 60 && s <= 60).then(|| h * 3600 + m * 60 + s.min(59))
}

/// Nothing but digits: Unix time, `YYYYMMDD`, `YYYYMMDDHHMMSS`.
fn digits(b: &[u8], rules: DateRules) -> Option<Stamp> {
    let whole = b.iter().position(|c| *c == b'.').map_or(b, |at| &b[..at]);
    if whole.len() != b.len() && !b[whole.len() + 1..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let instant = |seconds| Some(Stamp::Known(When { seconds, precision: Precision::Instant }));
    match whole.len() {
        8 if whole.len() == b.len() && !rules.unix => Some(Stamp::Known(day(civil8(whole)?))),
        14 if whole.len() == b.len() => {
            Some(Stamp::Known(moment(civil8(&whole[..8])?, clock6(&whole[8..])?, None, rules)))
        }
        10 => {
            let seconds = number(whole)?;
            if rules.unix || PLAUSIBLE.contains(&seconds) { instant(seconds) } else { None }
        }
        13 => {
            let seconds = number(whole)?.div_euclid(1000);
            if rules.unix || PLAUSIBLE.contains(&seconds) { instant(seconds) } else { None }
        }
        _ => None,
    }
}

/// Unix seconds that a date column may hold unannounced: 1990 to 2039.
const PLAUSIBLE: std::ops::Range<i64> = 631_152_000..2_208_988_800;

/// 1 January 1980: nobody kept such records in a file before. What is dated earlier is a spreadsheet's or a program's
/// zero (1899-12-30, 1904, 1970), or the year of another calendar.
const FIRST_RECORDS: i64 = 315_532_800;

/// The stamp of an event: a date that cannot be is none, so that no later consent outruns the refusal it dates.
pub(crate) const fn plausible(stamp: Stamp) -> Stamp {
    match stamp {
        Stamp::Known(when) if when.seconds < FIRST_RECORDS => Stamp::Unreadable,
        other => other,
    }
}
