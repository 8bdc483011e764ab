//! Prefix patterns with captures, as small backtracking programs over digits.
//!
//! The patterns are libphonenumber's national and international prefixes; most are plain digits. The rest are
//! finite (no endless repetition), leftmost-first like the regular expressions they were compiled from.

/// How many alternatives may wait at once; the deepest pattern in use needs seven.
const WAITING_MAX: usize = 32;
/// Two captures of two ends each.
const ENDS: usize = 4;
const UNSET: u8 = u8::MAX;

const MATCH: u8 = 0;
const DIGITS: u8 = 1;
const SPLIT: u8 = 2;
const JUMP: u8 = 3;
const SAVE: u8 = 4;
const END: u8 = 5;

/// A prefix that numbers may begin with.
#[derive(Debug, Clone)]
pub enum Prefix {
    /// There is none.
    None,
    /// Exactly these digits (values 0 to 9).
    Digits(Box<[u8]>),
    /// A program, and the digits (bit mask) that it can begin with.
    Program {
        /// Digits that can come first, as a bit mask.
        first: u16,
        /// Instructions; see `generate.py`.
        code: Box<[u8]>,
    },
}

/// Where a prefix ended, and what it captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched {
    /// Digits matched.
    pub length: usize,
    ends: [u8; ENDS],
}

impl Matched {
    /// The digits of capture 0 or 1, if it took part.
    pub fn capture<'d>(&self, digits: &'d [u8], number: usize) -> Option<&'d [u8]> {
        let (start, end) = (*self.ends.get(2 * number)?, *self.ends.get(2 * number + 1)?);
        if start == UNSET || end == UNSET {
            return None;
        }
        digits.get(usize::from(start)..usize::from(end))
    }
}

impl Prefix {
    /// Checks that no instruction leads outside the program.
    pub(super) fn decode(kind: u8, first: u16, body: &[u8]) -> Result<Self, &'static str> {
        match kind {
            0 => Ok(Self::None),
            1 if body.iter().all(|d| *d < 10) && !body.is_empty() => Ok(Self::Digits(body.into())),
            2 if well_formed(body) => Ok(Self::Program { first, code: body.into() }),
            _ => Err("a prefix is damaged"),
        }
    }

    /// Matches at the start of `digits`.
    #[inline]
    pub fn matches(&self, digits: &[u8]) -> Option<Matched> {
        match self {
            Self::None => None,
            Self::Digits(prefix) => {
                digits.starts_with(prefix).then_some(Matched { length: prefix.len(), ends: [UNSET; ENDS] })
            }
            Self::Program { first, code } => {
                let begins = digits.first().is_some_and(|d| first >> d & 1 == 1);
                if begins { run(code, digits) } else { None }
            }
        }
    }
}

fn operand(code: &[u8], at: usize) -> usize {
    match code.get(at..at + 2) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => usize::MAX,
    }
}

/// Every jump goes forward (so a program ends), and every target lies inside.
fn well_formed(code: &[u8]) -> bool {
    let mut at = 0;
    while let Some(&kind) = code.get(at) {
        let forward = |target: usize| target > at && target < code.len();
        let (good, size) = match kind {
            MATCH => (true, 1),
            END => (true, 1),
            DIGITS => (at + 3 < code.len(), 3),
            SAVE => (operand(code, at + 1) < ENDS, 3),
            JUMP => (forward(operand(code, at + 1)), 3),
            SPLIT => (forward(operand(code, at + 1)) && forward(operand(code, at + 3)), 5),
            _ => (false, 1),
        };
        if !good {
            return false;
        }
        at += size;
    }
    at == code.len() && code.last() == Some(&MATCH)
}

/// Runs a well-formed program; one that would need more waiting alternatives than there is room for fails.
fn run(code: &[u8], digits: &[u8]) -> Option<Matched> {
    let mut waiting = [(0_usize, 0_usize, [UNSET; ENDS]); WAITING_MAX];
    let mut depth = 0;
    let (mut at, mut position, mut ends) = (0, 0, [UNSET; ENDS]);
    loop {
        let alive = match *code.get(at)? {
            MATCH => return Some(Matched { length: position, ends }),
            DIGITS => {
                let set = operand(code, at + 1);
                let fits = digits.get(position).is_some_and(|d| set >> d & 1 == 1);
                position += 1;
                at += 3;
                fits
            }
            END => {
                at += 1;
                position == digits.len()
            }
            SAVE => {
                *ends.get_mut(operand(code, at + 1))? = u8::try_from(position).ok()?;
                at += 3;
                true
            }
            JUMP => {
                at = operand(code, at + 1);
                true
            }
            _ => {
                *waiting.get_mut(depth)? = (operand(code, at + 3), position, ends);
                depth += 1;
                at = operand(code, at + 1);
                true
            }
        };
        if !alive {
            depth = depth.checked_sub(1)?;
            (at, position, ends) = waiting[depth];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Plans;

    #[test]
    fn prefixes_match_as_the_patterns_say() {
        let plans = Plans::built_in();
        for (region, text, length, captured) in [
            (b"GB", "02079460958", Some(1), ""),
            (b"GB", "18002002079460958", Some(6), ""),
            (b"GB", "2079460958", None, ""),
            // Argentina: 0? area 15 -> the area code is kept, a 9 put before it.
            (b"AR", "0111512345678", Some(5), "11"),
            (b"AR", "91123456789", Some(0), ""),
            // Brazil: trunk 0, carrier 21, the number itself.
            (b"BR", "021111234567", Some(1), ""),
            (b"BR", "02111123456789", Some(14), "21 11123456789"),
            // Seven digits at home in Antigua stand for 268 and themselves.
            (b"AG", "4641234", Some(7), "4641234"),
            (b"AG", "12684641234", Some(1), ""),
        ] {
            let digits: Vec<u8> = text.bytes().map(|b| b - b'0').collect();
            let matched = plans.plan(plans.of_region(*region).unwrap()).trunk.matches(&digits);
            let parts = (0..2).filter_map(|number| matched.as_ref()?.capture(&digits, number));
            let text_of = |part: &[u8]| part.iter().map(|d| char::from(b'0' + d)).collect::<String>();
            let found = parts.map(text_of).collect::<Vec<_>>().join(" ");
            assert_eq!((matched.map(|m| m.length), found.as_str()), (length, captured), "{text}");
        }
    }
}
