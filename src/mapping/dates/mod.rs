//! Date cells → [`Stamp`].
//!
//! Knows how dates are written; knows neither today nor which column matters. Nothing here allocates.
//!
//! Read: ISO 8601 and its cousins (RFC 3339, `2026-07-21 12:53:04.123 +0000 UTC` as Go prints it, basic
//! `20110122T111244`), RFC 5322, Unix seconds and milliseconds, `3/4/2025` and `04.03.25` with or without a
//! time, month names in many languages. Two-digit years follow POSIX `strptime`: 69–99 are 1969–1999, 00–68
//! are 2000–2068. Dotted dates are day first (no CLDR locale writes month first with dots), unless other cells of
//! their column cannot be.
//! An Excel serial number (`45718`) is never read: whether day 1 is in 1900 or 1904 stands in no CSV.

mod calendar;
mod spoken;
#[cfg(test)]
mod tests;

use crate::data::words::is_blank;
use crate::mapping::dates::calendar::{Civil, clock, number, two_digit_year};
use crate::reason::Reason;
use crate::record::{DateOrder, Precision, Stamp, When};

/// How a column writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Default for DateRules {
    fn default() -> Self {
        Self { order: DateOrder::Unknown, utc: false, unix: false, column: 0, counted: false }
    }
}

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

/// What is wrong with a date cell; `None` for a plain one and for an absent one.
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
    let zone = calendar::zone(&b[15..])?;
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

/// Three numbers with one separator: `3/4/2025`, `04.03.25`, `2025/3/4`, `4-3-2025`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triple {
    numbers: [i64; 3],
    separator: u8,
    year_first: bool,
    short_year: bool,
    end: usize,
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
    fn readings(&self) -> (Option<i64>, Option<i64>) {
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

pub(crate) const fn day(days: i64) -> When {
    When { seconds: days * 86_400, precision: Precision::Day }
}

pub(crate) fn moment(days: i64, seconds: i64, zone: Option<i64>, rules: DateRules) -> When {
    let local = days * 86_400 + seconds;
    match zone {
        Some(offset) => When { seconds: local - offset, precision: Precision::Instant },
        None if rules.utc => When { seconds: local, precision: Precision::Instant },
        None => When { seconds: local, precision: Precision::Local },
    }
}

/// A day and what follows it: nothing, or a time with or without a zone.
fn stamp(days: i64, rest: &[u8], rules: DateRules) -> Option<Stamp> {
    if rest.is_empty() {
        return Some(Stamp::Known(day(days)));
    }
    let gap = rest.iter().take_while(|c| matches!(c, b' ' | b'T' | b't' | b',')).count();
    if gap == 0 || gap > 2 {
        return None;
    }
    let (seconds, rest) = clock(&rest[gap..])?;
    let zone = calendar::zone(rest)?;
    Some(Stamp::Known(moment(days, seconds, zone, rules)))
}

/// What the cells of a date column say about the order of day and month. Merging is commutative.
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
