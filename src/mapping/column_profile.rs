//! What the cells of a column look like, whatever its header says.
//!
//! Knows shapes only: what looks like an address here may still be wrong. Counts are mergeable, so that a
//! sample may be drawn from anywhere in the file.

use crate::data::Country;
use crate::data::dictionary::dictionary;
use crate::data::fold::header_words;
use crate::data::marks;
use crate::data::vocabulary::Sense;
use crate::data::words::{Base, ColumnWords, channels, is_blank, says_nothing, yes_or_no};
use crate::mapping::dates::{DateRules, parse};
use crate::mapping::polarity::{Unlisted, polarity};
use crate::record::{Field, Meaning, Stamp};
use crate::source::jsonl;
use std::collections::BTreeSet;

/// Distinct values counted before a column is called varied.
const DISTINCT: usize = 24;

/// Counts of what a column's cells look like.
#[derive(Debug, Clone, Default)]
pub struct ColumnProfile {
    /// Cells that are not blank.
    pub filled: u32,
    /// Hold an e-mail address, and little else.
    pub email: u32,
    /// Could be telephone numbers.
    pub phone: u32,
    /// Can hardly be anything but telephone numbers: plus, brackets, or leading zero and separators.
    pub surely_phone: u32,
    /// Are dates.
    pub date: u32,
    /// Are Unix seconds or milliseconds.
    pub unix: u32,
    /// Are a known yes or no.
    pub yes_no: u32,
    /// Are a known no.
    pub no: u32,
    /// Are words of a subscription status, yes and no apart.
    pub status: u32,
    /// Are words for what happens to a message.
    pub event: u32,
    /// Are words that speak of permission and of nothing else.
    pub permission: u32,
    /// Are known where permission is told: an answer, a status word, a mark, or a word that says nothing of it.
    pub known: u32,
    /// Are sentences, or longer.
    pub prose: u32,
    /// Are ISO 3166 country codes.
    pub country: u32,
    /// Are hexadecimal digests.
    pub digest: u32,
    /// Are short marks: an `x`, a tick.
    pub mark: u32,
    /// Are plain numbers.
    pub number: u32,
    /// Name channels, and nothing else.
    pub channel: u32,
    /// Have four characters or fewer, like `Mr` and `Dr.`.
    pub short: u32,
    distinct: BTreeSet<Box<str>>,
}

impl ColumnProfile {
    /// The look of column `at` in a sample.
    pub fn of_column(rows: &[Vec<String>], at: usize) -> Self {
        let mut look = Self::default();
        rows.iter().filter_map(|row| row.get(at)).for_each(|cell| look.see(cell));
        look
    }

    /// Counts a cell.
    pub fn see(&mut self, cell: &str) {
        self.see_times(cell, 1);
    }

    /// Counts so many cells that are alike.
    pub fn see_times(&mut self, cell: &str, times: u32) {
        let count = |is: bool| if is { times } else { 0 };
        let text = cell.trim();
        if is_blank(text) {
            return;
        }
        self.filled = self.filled.saturating_add(times);
        if self.distinct.len() < DISTINCT {
            self.distinct.insert(text.into());
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let date = is_date(text, digits);
        let phone = !date && looks_phone(text, digits);
        let status = ColumnWords::of(Base::Status).meaning(text).is_some();
        let answer = yes_or_no(text);
        self.email += count(looks_emails(text));
        self.date += count(date);
        self.unix += count(is_unix(text));
        self.phone += count(phone);
        self.surely_phone += count(phone && surely_phone(text, digits));
        self.yes_no += count(answer.is_some());
        self.no += count(answer == Some(false));
        self.status += count(status);
        self.event += count(ColumnWords::of(Base::Message).meaning(text).is_some());
        self.permission += count(speaks_of_permission(text));
        self.prose += count(text.len() > 60 || text.split_whitespace().count() > 6);
        self.country += count(is_country(text));
        self.digest += count(is_digest(text));
        self.number += count(digits == text.len());
        let named = channels(text);
        self.channel += count(named.all_known && !named.refuses.is_empty());
        self.short += count(text.chars().count() <= 4);
        let mark = text.chars().count() <= 2 && digits == 0 && answer.is_none();
        self.mark += count(mark);
        let known =
            answer.is_some() || status || mark || says_nothing(text) || polarity(text) != Unlisted::Unknown;
        self.known += count(known);
    }

    /// Whether at least `percent` of the filled cells are counted in `count`; never of an empty column.
    pub const fn mostly(&self, count: u32, percent: u32) -> bool {
        self.filled > 0 && count as u64 * 100 >= self.filled as u64 * percent as u64
    }

    /// Whether the cells answer a question: yes, no, a status word, a mark.
    pub const fn answers(&self) -> bool {
        self.mostly(self.yes_no + self.status + self.mark, 80)
    }

    /// Whether the cells are something else than answers: addresses, numbers, dates, digests, sentences, or texts as varied
    /// as those of different people, none of which is known.
    pub fn holds_values(&self) -> bool {
        self.mostly(self.email, 50)
            || self.mostly(self.surely_phone, 50)
            || self.mostly(self.date + self.unix, 50)
            || self.mostly(self.digest, 50)
            || self.mostly(self.prose, 50)
            || self.distinct.len() >= DISTINCT && self.yes_no + self.status == 0
    }

    /// The different texts of the first cells.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.distinct.iter().map(|text| &**text)
    }

    /// Whether the column is as varied as addresses of different people are.
    pub fn varied(&self) -> bool {
        self.distinct.len() >= DISTINCT || self.distinct.len() * 2 > self.filled as usize
    }
}

/// Whether a text is nothing but a number that tells its own country.
pub fn tells_country(text: &str) -> bool {
    (text.starts_with('+') || text.starts_with("00"))
        && text.bytes().filter(u8::is_ascii_digit).count() >= 7
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-. ()/".contains(&b))
}

/// Whether some word of the cell has the shape of an address.
pub fn looks_email(text: &str) -> bool {
    address_bytes(text) > 0
}

/// Whether the cell is there for the addresses in it: with a name beside them at most, not somewhere in a text.
pub fn looks_emails(text: &str) -> bool {
    let addresses = address_bytes(text);
    addresses > 0 && addresses * 3 >= text.len()
}

/// Length of the words that have the shape of an address.
fn address_bytes(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '|');
    let is_address = |word: &&str| {
        word.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.split_once('.').is_some_and(|(a, b)| !a.is_empty() && b.len() >= 2)
        })
    };
    text.split(ends).filter(is_address).map(str::len).sum()
}

/// Whether the cell is a hexadecimal MD5, SHA-1, SHA-256 or SHA-512 digest.
pub fn is_digest(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 64 | 128) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Unix seconds or milliseconds between 2001 and 2040.
pub fn is_unix(text: &str) -> bool {
    let plausible = |seconds: u64| (978_307_200..2_208_988_800).contains(&seconds);
    match text.len() {
        10 => text.parse().is_ok_and(plausible),
        13 => text.parse::<u64>().is_ok_and(|ms| plausible(ms / 1000)),
        _ => false,
    }
}

fn is_date(text: &str, digits: usize) -> bool {
    if digits == text.len() && digits != 8 {
        return false;
    }
    let basic = digits == 8 && digits == text.len();
    if basic && !(text.starts_with("19") || text.starts_with("20")) {
        return false;
    }
    matches!(parse(text, DateRules::default()), Stamp::Known(_) | Stamp::Either { .. })
}

/// Six to fifteen digits, the signs of a number, hardly a letter; also a number that a spreadsheet ruined.
fn looks_phone(text: &str, digits: usize) -> bool {
    let scientific = text.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        mantissa.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            && matches!(exponent.trim_start_matches('+').parse::<u8>(), Ok(8..=15))
    });
    if scientific {
        return true;
    }
    let number = text.strip_suffix(".0").unwrap_or(text);
    let coordinate = number.split_once('.').is_some_and(|(whole, fraction)| {
        whole.trim_start_matches('-').len() <= 3
            && fraction.len() >= 4
            && fraction.bytes().all(|b| b.is_ascii_digit())
            && whole.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit())
    });
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let signs =
        text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "+-().,/:;#'*\u{a0}".contains(c));
    (6..=40).contains(&digits) && !coordinate && signs && letters <= digits / 2
}

fn surely_phone(text: &str, digits: usize) -> bool {
    let number = text.trim_start_matches('\'');
    let separators = number.bytes().filter(|b| matches!(b, b' ' | b'-' | b'/' | b'(' | b')')).count();
    (9..=15).contains(&digits)
        && (number.starts_with('+')
            || number.starts_with('(') && separators >= 2
            || number.starts_with('0') && separators >= 1
            || separators == 2 && digits == 10)
}

/// Whether a cell is a word that speaks of permission and of nothing else: it refuses wherever it stands, or it is a
/// status that only a subscription has. `Active` and `blocked` are none.
pub fn speaks_of_permission(cell: &str) -> bool {
    match (ColumnWords::of(Base::Mark).meaning(cell), ColumnWords::of(Base::Status).meaning(cell)) {
        (Some(mark), _) => mark != Meaning::Deceased,
        (None, Some(_)) => dictionary()
            .senses(&header_words(cell))
            .is_some_and(|told| told.any(&[Sense::Consent, Sense::Double, Sense::Bounce, Sense::Complaint])),
        (None, None) => false,
    }
}

/// What a filled cell comes to that the words of its column do not list.
pub(crate) fn unlisted(cell: &str) -> Unlisted {
    let text = cell.trim();
    if marks::each(text, false, |_, _, _| {}) {
        return Unlisted::Marked;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let named = channels(text);
    let value = is_blank(text)
        || says_nothing(text)
        || is_date(text, digits)
        || looks_email(text)
        || tells_country(text)
        || is_digest(text)
        || is_unix(text)
        || text.contains("://")
        || named.all_known && !named.refuses.is_empty()
        || jsonl::of_cell(text).is_some();
    if value { Unlisted::Silent } else { polarity(text) }
}

/// ISO 3166-1 alpha-2, officially assigned, and `UK`; not what else is read as a country where one is known to stand.
fn is_country(text: &str) -> bool {
    let others = ["EL", "XK"].iter().any(|code| code.eq_ignore_ascii_case(text));
    Country::from_code(text).is_some() && !others
}

/// Whether the cells do not contradict the field. Columns that are nearly empty prove nothing.
pub(crate) fn bears_out(field: Field, look: &ColumnProfile) -> bool {
    match field {
        // A word like `Viber` promises less than `phone`.
        Field::MessagingNumber => look.filled == 0 || look.mostly(look.phone, 20),
        Field::SocialHandle => {
            !look.mostly(look.date + look.yes_no + look.mark, 50)
                && !look.mostly(look.email, 50)
                && !look.mostly(look.number, 80)
        }
        _ if look.filled < 3 => true,
        Field::Email | Field::EmailOther => {
            look.mostly(look.email, 5) || !look.mostly(look.date + look.phone + look.yes_no, 50)
        }
        Field::Phone | Field::MobilePhone | Field::HomePhone | Field::WorkPhone | Field::LocalNumber => {
            look.mostly(look.phone, 20)
        }
        Field::Country => true,
        Field::CountryCode => look.mostly(look.country, 50),
        Field::FirstName | Field::LastName | Field::FullName | Field::Company | Field::City => {
            !look.mostly(look.date + look.yes_no + look.unix, 80) && !look.mostly(look.email, 50)
        }
        Field::JobTitle => !look.mostly(look.short, 60),
        Field::Language => !look.mostly(look.number, 20),
        Field::HashEmail | Field::HashPhone => look.mostly(look.digest, 50),
        field if field.holds_dates() => look.mostly(look.date + look.unix, 20),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(cells: &[&str]) -> ColumnProfile {
        let mut look = ColumnProfile::default();
        cells.iter().for_each(|cell| look.see(cell));
        look
    }

    #[test]
    fn shapes() {
        assert_eq!(look(&["a@example.com", "x <b@example.org>", "a@b", "@example.com", "no"]).email, 2);
        // An address block that ends with an address is no address.
        assert_eq!(
            look(&["Town hall\nMarket Square 1\n12345 Anytown\nPhone: +49 30 1234\ninfo@town.example"]).email,
            0
        );
        assert_eq!(
            look(&["\"Maria del Carmen Lopez\" <mc.lopez@example.org>", "a@b.example; c@d.example"]).email,
            2
        );
        let phones = look(&[
            "+44 20 7946 0000",
            "(805) 555-0192",
            "0234 9388231",
            "2262649",
            "4.47911E+11",
            "8452862559.0",
        ]);
        assert_eq!((phones.phone, phones.surely_phone), (6, 3));
        assert_eq!(
            look(&["12/31/13", "-86.568502", "72.99852884374639", "12", "Chicago", "2024-01-02"]).phone,
            0
        );
        assert_eq!(look(&["12/31/13", "20240131", "1790083507", "45718", "12 Mar 2025"]).date, 3);
        assert_eq!(look(&["1790083507", "5551234567", "123"]).unix, 1);
        assert_eq!(look(&["yes", "Nein", "x", "later"]).yes_no, 2);
        assert_eq!(look(&["Subscribed", "active", "cancelled", "Bounced"]).permission, 2);
        assert_eq!(look(&["DE", "ch", "XX", "Germany"]).country, 2);
        assert_eq!(look(&["", "(blank)", "null"]).filled, 0);
    }
}
