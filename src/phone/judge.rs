//! One cell, one verdict: chooses among the readings of a number and says why.
//!
//! Knows numbering plans and the damage that `clean` undid; not where the cell stands or what follows from it.

use crate::data::phone::{PlanId, ReservedKind};
use crate::phone::clean::{Cleaned, clean};
use crate::phone::digits::{Digits, NotParsed};
use crate::phone::parse::{LengthFit, Number};
use crate::phone::region::Region;
use crate::phone::tables::PhoneTables;
use crate::phone::text::{self, WrittenNumber};
use crate::phone::verdict::{NumberReasons, PhoneVerdict, Sms, Type};
use crate::reason::Reason;

/// Fewer digits are a short number rather than one that lost its zero, or filler.
const LONG: usize = 7;

/// Room that `check` works in; one for each thread, used again for each cell.
#[derive(Debug, Default)]
pub struct PhoneScratch {
    text: String,
    /// Digits as ASCII, one stretch after the other.
    line: Vec<u8>,
}

/// The result of checking a cell. Its texts live as long as the scratch.
#[derive(Debug, Clone, Copy)]
pub struct CheckedNumber<'a> {
    /// How good it is.
    pub verdict: PhoneVerdict,
    /// The canonical form, `+` and digits: what to dial, and the key by which numbers match. Empty unless the
    /// number is assigned, or fictional (good as a key, not to dial).
    pub e164: &'a str,
    /// The same of a number that nobody is assigned but that is written in full, with its country and as many digits as a
    /// number has there: good as a key, not to dial.
    pub full: &'a str,
    /// Digits of the extension; empty when there is none.
    pub extension: &'a str,
    /// The number's own region; `None` where none is certain (invalid, or of no country).
    pub region: Option<Region>,
    /// Type of the number range.
    pub kind: Type,
    /// Whether text messages arrive, as far as the range tells.
    pub sms: Sms,
    /// Everything found, in the order it was found.
    pub reasons: NumberReasons,
    /// The digits as written, for matching what has no canonical form; empty when the cell holds no number.
    pub fold: &'a str,
}

/// Checks one telephone number; `split_cell` finds the numbers of a cell that holds several.
///
/// `region` is where a number without plus is at home: the caller takes it from the row, or from an option.
/// Without it only numbers with a plus (or a proven `00`) can be read. Never panics, allocates nothing for an
/// ordinary cell, and gives the same answer for the same arguments.
pub fn check<'a>(
    cell: &'a str,
    region: Option<Region>,
    tables: &PhoneTables,
    scratch: &'a mut PhoneScratch,
) -> CheckedNumber<'a> {
    let PhoneScratch { text, line } = scratch;
    let mut judged = NumberReading::new(tables, tables.plan_of(region), NumberReasons::default());
    match ordinary(cell) {
        Some(written) => judged.read(&written, None),
        None => match clean(cell, text, &mut judged.reasons) {
            Ok(cleaned) => judged.read_cleaned(&cleaned),
            Err(reason) => {
                judged.reasons = NumberReasons::default();
                judged.reasons.add(reason);
            }
        },
    }
    line.clear();
    if let Some(number) = judged.number.as_ref().filter(|_| judged.is_key || judged.in_full) {
        line.push(b'+');
        write(line, number.code_digits(&mut [0; 3]));
        write(line, number.national());
    }
    let e164_end = line.len();
    write(line, judged.extension.as_slice());
    let extension_end = line.len();
    write(line, judged.written.as_slice());
    let written = std::str::from_utf8(line).unwrap_or_default();
    let (e164, rest) = written.split_at_checked(e164_end).unwrap_or_default();
    let (extension, fold) = rest.split_at_checked(extension_end - e164_end).unwrap_or_default();
    let kind = judged.number.map_or(Type::Unknown, |n| n.kind());
    CheckedNumber {
        verdict: judged.reasons.verdict(),
        e164: if judged.is_key { e164 } else { "" },
        full: e164,
        extension,
        region: judged.number.and_then(|n| n.region()),
        kind,
        sms: kind.sms(),
        reasons: judged.reasons,
        fold,
    }
}

fn write(line: &mut Vec<u8>, digits: &[u8]) {
    line.extend(digits.iter().map(|digit| b'0' + digit));
}

/// A cell that needs no cleaning: digits and punctuation that cannot be a float, a date or a `(0)`.
#[inline]
fn ordinary(cell: &str) -> Option<WrittenNumber> {
    let written = text::plain(cell)?;
    let bytes = cell.as_bytes();
    let count = written.digits.as_slice().len();
    if written.seen == 0 {
        return Some(written);
    }
    let float = written.seen & text::POINT != 0 && bytes.last() == Some(&b'0');
    let date = written.seen & (text::POINT | text::DASH) != 0 && count <= 8;
    // Only a bracket that holds a lone zero is cleaned away.
    let zero = || {
        let open = memchr::memchr2(b'(', b'[', bytes).unwrap_or(bytes.len());
        bytes.get(open + 1..).is_some_and(|inside| {
            let digits = inside.iter().take_while(|b| !matches!(b, b')' | b']'));
            digits.filter(|b| b.is_ascii_digit()).eq(std::iter::once(&b'0'))
        })
    };
    if float || date || written.seen & text::BRACKET != 0 && zero() { None } else { Some(written) }
}

/// A reading of the cell, with the reasons found so far.
struct NumberReading<'t> {
    tables: &'t PhoneTables,
    /// The plan by which a number without plus is read.
    home: Option<PlanId>,
    number: Option<Number>,
    /// The number has a canonical form.
    is_key: bool,
    /// Nobody is assigned the number, and it has a country and its length.
    in_full: bool,
    written: Digits,
    extension: Digits,
    reasons: NumberReasons,
}

impl<'t> NumberReading<'t> {
    fn new(tables: &'t PhoneTables, home: Option<PlanId>, reasons: NumberReasons) -> Self {
        let (written, extension) = Default::default();
        Self { tables, home, number: None, is_key: false, in_full: false, written, extension, reasons }
    }

    /// Words after the digits are tried as a label first, then as keys of a telephone.
    fn read_cleaned(&mut self, cleaned: &Cleaned<'_>) {
        let found = self.reasons;
        let Some(end) = cleaned.digits_end else {
            return self.read_text(cleaned.text, cleaned.trunk_zero);
        };
        self.reasons.add(Reason::PhoneLabel);
        self.read_text(&cleaned.text[..end], cleaned.trunk_zero);
        if self.is_key {
            return;
        }
        let mut whole = Self::new(self.tables, self.home, found);
        whole.read_text(cleaned.text, cleaned.trunk_zero);
        if whole.is_key {
            *self = whole;
        }
    }

    fn read_text(&mut self, text: &str, trunk_zero: Option<usize>) {
        match text::read(text) {
            Ok(written) => self.read(&written, trunk_zero),
            Err(error) => {
                for value in text.bytes().filter(u8::is_ascii_digit) {
                    self.written.push(value - b'0');
                }
                self.reasons.add(why_not(error, false));
            }
        }
    }

    fn read(&mut self, written: &WrittenNumber, trunk_zero: Option<usize>) {
        self.written = written.digits;
        self.extension = written.extension;
        match self.choose(written, trunk_zero) {
            Ok(number) => self.judge(&number, written),
            Err(error) => {
                let filler = is_filler(written.digits.as_slice()).then_some(Reason::PhonePlaceholder);
                let homeless = self.home.is_none() && !written.plus;
                let reason = short_number(self.tables, written, self.home).or(filler);
                self.reasons.add(reason.unwrap_or(why_not(error, homeless)));
            }
        }
    }

    /// The reading that makes sense: as the reference reads it, else with what was lost put back.
    fn choose(&mut self, written: &WrittenNumber, trunk_zero: Option<usize>) -> Result<Number, NotParsed> {
        let (tables, home) = (self.tables, self.home);
        let plans = &tables.plans;
        let digits = written.digits.as_slice();
        if let Some(number) = trunk_zero.and_then(|at| without_zero(tables, digits, at)) {
            self.reasons.add(Reason::PhoneTrunkZero);
            return Ok(number);
        }
        let first = plans.parse_digits(written.plus, digits, home);
        if written.plus {
            return first;
        }
        if let Ok(number) = &first
            && number.is_valid()
        {
            self.compare(number, digits);
            return first;
        }
        let valid = |plus, digits: &[u8]| {
            plans.parse_digits(plus, digits, home).ok().filter(|number| number.is_valid())
        };
        if let Some(rest) = digits.strip_prefix(&[0, 0])
            && let Some(number) = valid(true, rest)
        {
            self.reasons.add(Reason::PhoneDoubleZero);
            return Ok(number);
        }
        let Some(home) = home else { return first };
        if let Some(number) = valid(true, digits).filter(|n| n.code() == plans.plan(home).code) {
            self.reasons.add(Reason::PhonePlusLost);
            return Ok(number);
        }
        let mut restored: Digits = Digits::default();
        if digits.first() != Some(&0)
            && digits.len() >= LONG
            && restored.push(0)
            && restored.extend(digits)
            && let Some(number) = valid(false, restored.as_slice())
        {
            self.reasons.add(Reason::PhoneZeroLost);
            return Ok(number);
        }
        first
    }

    /// Whether a valid number lost its plus or its zero, or is another number with the plus.
    fn compare(&mut self, number: &Number, digits: &[u8]) {
        let (plans, Some(home)) = (&self.tables.plans, self.home) else { return };
        let plan = plans.plan(home);
        // Calling code 1 is also what callers at home dial first.
        if number.code() != plan.code || plan.code == 1 {
            return;
        }
        if number.code_without_plus {
            self.reasons.add(Reason::PhonePlusLost);
            return;
        }
        if digits.first() == Some(&0) {
            return;
        }
        let abroad = plans.split_code(digits).filter(|(code, _)| *code == plan.code);
        if abroad.is_some()
            && let Ok(other) = plans.parse_digits(true, digits, None)
            && other.is_valid()
            && other.national() != number.national()
        {
            self.reasons.add(Reason::PhoneTwoReadings);
        }
        let bit = match number.kind() {
            Type::FixedLine => 1,
            Type::Mobile => 2,
            _ => 0,
        };
        if plan.zero_written & bit != 0 {
            self.reasons.add(Reason::PhoneZeroLost);
        }
    }

    fn judge(&mut self, number: &Number, written: &WrittenNumber) {
        let (tables, home) = (self.tables, self.home);
        self.number = Some(*number);
        let kind = number.kind();
        let reserved = tables.reserved.find(number.code(), number.national(), kind == Type::TollFree);
        self.is_key = number.is_valid() || reserved.is_some_and(ReservedKind::is_nobodys);
        if written.vanity && self.is_key {
            self.reasons.add(Reason::PhoneVanity);
        }
        if !written.extension.as_slice().is_empty() {
            self.reasons.add(Reason::PhoneExtension);
        }
        let filler = is_filler(number.national()) || is_filler(written.digits.as_slice());
        match reserved {
            Some(ReservedKind::Fictional) => self.reasons.add(Reason::PhoneFictional),
            Some(ReservedKind::Placeholder) => self.reasons.add(Reason::PhonePlaceholder),
            None if filler => self.reasons.add(Reason::PhonePlaceholder),
            Some(ReservedKind::Surcharge) if number.is_valid() => self.reasons.add(Reason::PhoneSurcharge),
            None if number.is_valid() && kind == Type::PremiumRate => {
                self.reasons.add(Reason::PhonePremiumRate);
            }
            None if number.is_valid() => {}
            Some(ReservedKind::Surcharge) | None => {
                let possible = number.length() == LengthFit::Possible;
                self.in_full = possible && tells_country(number, written);
                self.reasons.add(short_number(tables, written, home).unwrap_or(match number.length() {
                    LengthFit::Possible => Reason::PhoneUnassigned,
                    LengthFit::LocalOnly => Reason::PhoneAreaCodeMissing,
                    LengthFit::TooShort => Reason::PhoneTooShort,
                    LengthFit::TooLong => Reason::PhoneTooLong,
                    LengthFit::Invalid => Reason::PhoneLengthInvalid,
                }))
            }
        }
    }
}

/// Whether the country of a number is written with it.
fn tells_country(number: &Number, written: &WrittenNumber) -> bool {
    let abroad = written.digits.as_slice().strip_prefix(&[0, 0]);
    written.plus || abroad.is_some_and(|rest| rest.starts_with(number.code_digits(&mut [0; 3])))
}

/// The valid number without the zero of `(0)`; in Italy and San Marino only a mobile (ten digits from 3) drops it.
fn without_zero(tables: &PhoneTables, digits: &[u8], at: usize) -> Option<Number> {
    let mut dropped: Digits = Digits::default();
    dropped.extend(digits.get(..at)?);
    dropped.extend(digits.get(at + 1..)?);
    let dropped = dropped.as_slice();
    let dropped = dropped.strip_prefix(&[0, 0]).unwrap_or(dropped);
    let number = tables.plans.parse_digits(true, dropped, None).ok().filter(|n| n.is_valid())?;
    let keeps_zero = matches!(number.code(), 39 | 378);
    let mobile = number.national().len() == 10 && number.national().first() == Some(&3);
    (!keeps_zero || mobile).then_some(number)
}

fn short_number(tables: &PhoneTables, written: &WrittenNumber, home: Option<PlanId>) -> Option<Reason> {
    let root = tables.plans.plan(home?).short.filter(|_| !written.plus)?;
    match tables.plans.label(root, written.digits.as_slice()) {
        2 => Some(Reason::PhoneEmergency),
        1 => Some(Reason::PhoneShortCode),
        _ => None,
    }
}

/// All digits equal, or counted up from 0 or 1, or down from 9.
fn is_filler(digits: &[u8]) -> bool {
    let [first, second, ..] = *digits else { return false };
    let step = (second + 10 - first) % 10;
    let starts = match step {
        0 => true,
        1 => first <= 1,
        9 => first == 9,
        _ => false,
    };
    starts && digits.len() >= LONG && digits.windows(2).all(|w| (w[1] + 10 - w[0]) % 10 == step)
}

fn why_not(error: NotParsed, homeless: bool) -> Reason {
    match error {
        NotParsed::NotANumber => Reason::PhoneNotANumber,
        NotParsed::InvalidCountryCode if homeless => Reason::PhoneRegionMissing,
        NotParsed::InvalidCountryCode => Reason::PhoneCountryCodeUnknown,
        NotParsed::TooShortAfterIdd | NotParsed::TooShort => Reason::PhoneTooShort,
        NotParsed::TooLong => Reason::PhoneTooLong,
    }
}
