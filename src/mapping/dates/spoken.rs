//! Dates with a month's name: `12 Mar 2025`, `Fri, 21 Oct 2011 11:02:55 GMT`, `4. März 2025`, `2025年3月4日`.

use crate::data::fold::Folded;
use crate::mapping::dates::calendar::{Civil, clock, number, two_digit_year, zone};
use crate::mapping::dates::numeric::{DateRules, day, moment, numeric, triple};
use crate::record::Stamp;

/// Month names and abbreviations, folded, in the languages of our sources (Unicode CLDR 44, `ca-gregorian`),
/// sorted.
#[rustfmt::skip]
const MONTHS: &[(&str, u8)] = &[
    ("abr", 4), ("abril", 4), ("ago", 8), ("agosto", 8), ("aout", 8), ("apr", 4), ("april", 4),
    ("aprile", 4), ("aug", 8), ("august", 8), ("augusti", 8), ("augustus", 8), ("avr", 4), ("avril", 4),
    ("cerven", 6), ("cervence", 7), ("cervna", 6), ("czerwca", 6), ("czerwiec", 6), ("dec", 12),
    ("december", 12), ("decembre", 12), ("des", 12), ("desember", 12), ("dez", 12), ("dezember", 12),
    ("dezembro", 12), ("dic", 12), ("dicembre", 12), ("diciembre", 12), ("elokuuta", 8), ("ene", 1),
    ("enero", 1), ("feb", 2), ("febbraio", 2), ("febrero", 2), ("februar", 2), ("februari", 2),
    ("february", 2), ("fev", 2), ("fevereiro", 2), ("fevr", 2), ("fevrier", 2), ("gen", 1), ("gennaio", 1),
    ("giu", 6), ("giugno", 6), ("grudnia", 12), ("heinakuuta", 7), ("helmikuuta", 2), ("huhtikuuta", 4),
    ("jan", 1), ("janeiro", 1), ("januar", 1), ("januari", 1), ("january", 1), ("janv", 1), ("janvier", 1),
    ("joulukuuta", 12), ("juil", 7), ("juillet", 7), ("juin", 6), ("jul", 7), ("julho", 7), ("juli", 7),
    ("julio", 7), ("july", 7), ("jun", 6), ("june", 6), ("junho", 6), ("juni", 6), ("junio", 6),
    ("kesakuuta", 6), ("kwietnia", 4), ("lipca", 7), ("listopada", 11), ("lokakuuta", 10), ("lug", 7),
    ("luglio", 7), ("lutego", 2), ("maaliskuuta", 3), ("maart", 3), ("maerz", 3), ("mag", 5), ("maggio", 5),
    ("mai", 5), ("maio", 5), ("maj", 5), ("maja", 5), ("mar", 3), ("marca", 3), ("march", 3), ("marco", 3),
    ("marraskuuta", 11), ("mars", 3), ("mart", 3), ("marts", 3), ("marz", 3), ("marzo", 3), ("may", 5),
    ("mayo", 5), ("mei", 5), ("mrt", 3), ("mrz", 3), ("nov", 11), ("november", 11), ("novembre", 11),
    ("novembro", 11), ("noviembre", 11), ("oct", 10), ("october", 10), ("octobre", 10), ("octubre", 10),
    ("okt", 10), ("oktober", 10), ("ott", 10), ("ottobre", 10), ("out", 10), ("outubro", 10),
    ("pazdziernika", 10), ("sep", 9), ("sept", 9), ("september", 9), ("septembre", 9), ("septiembre", 9),
    ("set", 9), ("setembro", 9), ("settembre", 9), ("sierpnia", 8), ("stycznia", 1), ("syyskuuta", 9),
    ("tammikuuta", 1), ("toukokuuta", 5), ("wrzesnia", 9),
];

/// Words that may stand in a date and say nothing: weekdays, particles, ordinal endings; sorted.
#[rustfmt::skip]
const NOISE: &[&str] = &[
    "at", "das", "de", "del", "den", "der", "di", "dienstag", "dimanche", "do", "dom", "domenica",
    "domingo", "donnerstag", "er", "fr", "freitag", "fri", "friday", "gio", "giovedi", "il", "jeu", "jeudi",
    "jue", "jueves", "le", "lun", "lundi", "lunedi", "lunes", "mar", "mardi", "martedi", "martes", "mer",
    "mercoledi", "mercredi", "mi", "mie", "miercoles", "mittwoch", "mo", "mon", "monday", "montag", "nd",
    "of", "om", "rd", "sa", "sab", "sabado", "sabato", "sam", "samedi", "samstag", "sat", "saturday", "so",
    "sonntag", "st", "sun", "sunday", "th", "the", "thu", "thur", "thurs", "thursday", "tue", "tues",
    "tuesday", "um", "ven", "vendredi", "venerdi", "vie", "viernes", "wed", "wednesday",
];

/// Reads a cell word by word.
pub(crate) fn read(text: &str, rules: DateRules) -> Option<Stamp> {
    if text.len() > 64 {
        return None;
    }
    if text.contains('年') {
        return ideographic(text, rules);
    }
    let b = text.as_bytes();
    let mut found = DateWords::default();
    let mut at = 0;
    while at < b.len() {
        let c = b[at];
        if c.is_ascii_digit() {
            let length = b[at..].iter().take_while(|c| c.is_ascii_digit()).count();
            if length <= 2 && b.get(at + length) == Some(&b':') {
                return found.timed(&b[at..], rules);
            }
            found.number(number(&b[at..at + length])?, length)?;
            at += length;
        } else if c.is_ascii_alphabetic() || !c.is_ascii() {
            let rest = &text[at..];
            let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            if length == 0 {
                return None;
            }
            found.word(&rest[..length])?;
            at += length;
        } else if matches!(c, b' ' | b',' | b'.' | b'-' | b'/' | b'\'') {
            at += 1;
        } else {
            return None;
        }
    }
    found.days().map(|days| Stamp::Known(day(days)))
}

/// `2025年3月4日`, with a time or not: as `2025/3/4`.
fn ideographic(text: &str, rules: DateRules) -> Option<Stamp> {
    let mut buffer = [0u8; 64];
    let mut length = 0;
    for c in text.chars() {
        let byte = match c {
            '年' | '月' => b'/',
            '日' => continue,
            c if c.is_ascii() => c as u8,
            _ => return None,
        };
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    let b = &buffer[..length];
    let found = triple(b)?;
    numeric(found, &b[found.end..], rules)
}

#[derive(Default)]
struct DateWords {
    day: Option<i64>,
    month: Option<i64>,
    year: Option<i64>,
    month_after_day: bool,
}

impl DateWords {
    fn number(&mut self, value: i64, length: usize) -> Option<()> {
        match length {
            4 if self.year.is_none() => self.year = Some(value),
            1 | 2 if self.day.is_none() => self.day = Some(value),
            2 if self.year.is_none() => self.year = Some(two_digit_year(value)),
            _ => return None,
        }
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let folded = Folded::of(word)?;
        let word = folded.as_str();
        if let Ok(at) = MONTHS.binary_search_by(|(name, _)| (*name).cmp(word)) {
            let month = MONTHS.get(at).map_or(0, |(_, month)| i64::from(*month));
            // `mar. 4 avr.`: a month beside the day beats a weekday that only looks like one.
            if self.month.is_none() || (self.day.is_some() && !self.month_after_day) {
                self.month = Some(month);
                self.month_after_day = self.day.is_some();
            }
            return Some(());
        }
        if NOISE.binary_search(&word).is_ok() || word == "t" && self.days().is_some() {
            Some(())
        } else {
            None
        }
    }

    fn days(&self) -> Option<i64> {
        Civil { year: self.year?, month: self.month?, day: self.day? }.days()
    }

    /// The clock, and after it a zone or (as C's `ctime` writes) the year.
    fn timed(mut self, b: &[u8], rules: DateRules) -> Option<Stamp> {
        let (seconds, rest) = clock(b)?;
        let mut rest = rest.trim_ascii();
        if self.year.is_none() {
            let start = rest.len().checked_sub(4)?;
            self.year = Some(number(&rest[start..])?);
            rest = &rest[..start];
        }
        let zone = zone(rest)?;
        Some(Stamp::Known(moment(self.days()?, seconds, zone, rules)))
    }
}

#[cfg(test)]
mod tests {
    use super::{MONTHS, NOISE};

    #[test]
    fn tables_are_sorted_and_unique() {
        assert!(MONTHS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(NOISE.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
