//! From written digits to a number of a plan: calling code, national significant number, region and type.
//!
//! Follows libphonenumber step by step (international prefix, calling code, national prefix, lengths), over our
//! own table; a differential test holds it equal to the reference. Knows nothing of damaged cells.

use crate::data::phone::{NumberMatch, Plan, PlanId, Plans};
use crate::phone::digits::{Digits, NotParsed};
use crate::phone::region::Region;
use crate::phone::verdict::Type;

/// A national significant number is at least this long.
const NSN_MIN: usize = 2;
/// Germany has numbers longer than the 15 digits of E.164.
const NSN_MAX: usize = 17;

/// Whether the length fits the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthFit {
    /// Some number of the plan is that long.
    Possible,
    /// Only without its area code.
    LocalOnly,
    /// Shorter than any.
    TooShort,
    /// Longer than any.
    TooLong,
    /// Between the shortest and the longest, but no number has it.
    Invalid,
}

/// A number, as parsed: it need not be assigned.
#[derive(Clone, Copy)]
pub struct Number {
    code: u16,
    national: Digits<NSN_MAX>,
    found: NumberMatch,
    length: LengthFit,
    /// The number began with its own calling code, without plus or international prefix.
    pub(super) code_without_plus: bool,
}

impl Number {
    /// Country calling code.
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// National significant number; values 0 to 9.
    pub fn national(&self) -> &[u8] {
        self.national.as_slice()
    }

    /// Whether the numbering plan assigns its range.
    pub const fn is_valid(&self) -> bool {
        self.found.kind.is_some()
    }

    /// Type of its range.
    pub fn kind(&self) -> Type {
        Type::of_number(self.found.kind)
    }

    /// Region it belongs to, where that is certain; `None` for numbers that belong to no country.
    pub fn region(&self) -> Option<Region> {
        self.found.region.map(Region::of_plan)
    }

    /// How its length fits its plan.
    pub const fn length(&self) -> LengthFit {
        self.length
    }

    /// The digits of the calling code, values 0 to 9.
    pub(super) fn code_digits<'r>(&self, room: &'r mut [u8; 3]) -> &'r [u8] {
        let digit = |n: u16| n.to_le_bytes()[0];
        *room = [digit(self.code / 100), digit(self.code / 10 % 10), digit(self.code % 10)];
        &room[3 - code_length(self.code)..]
    }
}

impl Plans {
    pub(super) fn split_code<'d>(&self, digits: &'d [u8]) -> Option<(u16, &'d [u8])> {
        if digits.first() == Some(&0) {
            return None;
        }
        let mut code = 0;
        for (index, digit) in digits.iter().take(3).enumerate() {
            code = code * 10 + u16::from(*digit);
            if self.code(code).is_some() {
                return Some((code, &digits[index + 1..]));
            }
        }
        None
    }

    /// The number that the digits, with a plus before them or without, are for somebody in the region `home`.
    pub(super) fn parse_digits(
        &self,
        plus: bool,
        digits: &[u8],
        home: Option<PlanId>,
    ) -> Result<Number, NotParsed> {
        if !plus && home.is_none() {
            return Err(NotParsed::InvalidCountryCode);
        }
        let abroad = if plus { Some(digits) } else { home.and_then(|h| self.after_idd(h, digits)) };
        match abroad.map(|rest| (rest, self.abroad(rest))) {
            // A plus before a national number: libphonenumber reads it again without.
            Some((rest, Err(NotParsed::InvalidCountryCode))) if plus => self.without_plus(rest, home),
            Some((_, read)) => read,
            None => self.at_home(digits, home.ok_or(NotParsed::InvalidCountryCode)?),
        }
    }

    /// The number that begins with its calling code.
    fn abroad(&self, digits: &[u8]) -> Result<Number, NotParsed> {
        if digits.len() <= NSN_MIN {
            return Err(NotParsed::TooShortAfterIdd);
        }
        let (code, national) = self.split_code(digits).ok_or(NotParsed::InvalidCountryCode)?;
        self.finish(code, None, national, false)
    }

    fn without_plus(&self, digits: &[u8], home: Option<PlanId>) -> Result<Number, NotParsed> {
        let home = home.ok_or(NotParsed::InvalidCountryCode)?;
        if let Some(rest) = self.after_idd(home, digits) {
            return self.abroad(rest);
        }
        let mut room: Digits = Digits::default();
        let stripped = self.without_code(home, digits, &mut room).ok_or(NotParsed::InvalidCountryCode)?;
        self.finish(self.plan(home).code, None, stripped, true)
    }

    fn at_home(&self, digits: &[u8], home: PlanId) -> Result<Number, NotParsed> {
        let code = self.plan(home).code;
        let mut room: Digits = Digits::default();
        match self.without_code(home, digits, &mut room) {
            Some(stripped) => self.finish(code, None, stripped, true),
            None => self.finish(code, Some(home), digits, false),
        }
    }

    /// What follows the international prefix, unless it is a zero.
    fn after_idd<'d>(&self, home: PlanId, digits: &'d [u8]) -> Option<&'d [u8]> {
        let matched = self.plan(home).abroad.matches(digits)?;
        let rest = &digits[matched.length..];
        (rest.first() != Some(&0)).then_some(rest)
    }

    /// The national number behind the home region's own calling code, if the digits make sense only so.
    fn without_code<'d>(&self, home: PlanId, digits: &'d [u8], room: &'d mut Digits) -> Option<&'d [u8]> {
        let plan = self.plan(home);
        let (code, rest) = digits.split_at_checked(code_length(plan.code))?;
        let value = code.iter().fold(0, |sum, d| sum * 10 + u16::from(*d));
        if value != plan.code {
            return None;
        }
        let stripped = self.without_trunk(plan, rest, room);
        let better = !self.fits(plan, digits) && self.fits(plan, stripped);
        (better || length(plan, digits.len()) == LengthFit::TooLong).then_some(stripped)
    }

    /// Without the national prefix, unless only with it the plan fits. `room` holds what the prefix rewrites.
    fn without_trunk<'d>(&self, plan: &Plan, digits: &'d [u8], room: &'d mut Digits) -> &'d [u8] {
        let Some(matched) = plan.trunk.matches(digits) else { return digits };
        let (first, second) = (matched.capture(digits, 0), matched.capture(digits, 1));
        let captured = first.is_some() && second.or(first).is_some_and(|last| !last.is_empty());
        let rest = &digits[matched.length..];
        let stripped = if captured && !plan.rewrite.is_empty() {
            for step in &plan.rewrite {
                match step.checked_sub(10) {
                    None => room.push(*step),
                    Some(0) => room.extend(first.unwrap_or_default()),
                    Some(_) => room.extend(second.unwrap_or_default()),
                };
            }
            room.extend(rest);
            room.as_slice()
        } else {
            rest
        };
        let spoiled = !self.fits(plan, stripped) && self.fits(plan, digits);
        if spoiled { digits } else { stripped }
    }

    /// `home`: the plan to strip the national prefix by; by default the main plan of the code.
    fn finish(
        &self,
        number: u16,
        home: Option<PlanId>,
        digits: &[u8],
        code_without_plus: bool,
    ) -> Result<Number, NotParsed> {
        let code = self.code(number).ok_or(NotParsed::InvalidCountryCode)?;
        if digits.len() < NSN_MIN {
            return Err(NotParsed::TooShort);
        }
        let plan = self.plan(home.unwrap_or(code.main));
        let mut room: Digits = Digits::default();
        let stripped = self.without_trunk(plan, digits, &mut room);
        let long_enough = matches!(length(plan, stripped.len()), LengthFit::Possible | LengthFit::TooLong);
        let national = if long_enough { stripped } else { digits };
        let count = national.len();
        if count < NSN_MIN {
            return Err(NotParsed::TooShort);
        }
        if count > NSN_MAX {
            return Err(NotParsed::TooLong);
        }
        let mut kept = Digits::default();
        kept.extend(national);
        Ok(Number {
            code: number,
            found: self.find(code, national),
            length: length(self.plan(code.main), count),
            national: kept,
            code_without_plus,
        })
    }
}

const fn code_length(code: u16) -> usize {
    match code {
        0..10 => 1,
        10..100 => 2,
        _ => 3,
    }
}

fn length(plan: &Plan, digits: usize) -> LengthFit {
    let bit = 1_u32 << digits.min(31);
    if plan.lengths_local & bit != 0 {
        LengthFit::LocalOnly
    } else if plan.lengths & bit != 0 {
        LengthFit::Possible
    } else if bit < plan.lengths & plan.lengths.wrapping_neg() {
        LengthFit::TooShort
    } else if bit > plan.lengths {
        LengthFit::TooLong
    } else {
        LengthFit::Invalid
    }
}
