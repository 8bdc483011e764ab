//! From text to digits as libphonenumber reads them: where a number starts and ends, what is punctuation, what is
//! an extension, when letters are keys of a telephone.
//!
//! Knows how numbers are written, not which exist. Ordinary cells (ASCII digits and punctuation) take the short
//! way, `plain`; all others become marks, one byte for a character, and are read by the grammar below. A
//! differential test holds both equal to the reference.

mod marks;

use crate::phone::digits::{DIGITS_MAX, Digits, NotParsed};
use marks::{Mark, Marks};

/// Longest extension that libphonenumber accepts.
const EXTENSION_MAX: usize = 20;

/// What a text says, before anything is known of its country.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) plus: bool,
    pub(super) digits: Digits,
    pub(super) extension: Digits,
    /// Letters were read as keys.
    pub(super) vanity: bool,
    /// Kinds of punctuation seen by `plain`: `POINT`, `DASH`, `BRACKET`.
    pub(super) seen: u8,
}

const OTHER: u8 = 0;
const DIGIT: u8 = 1;
const PLUS: u8 = 2;
const PUNCTUATION: u8 = 4;
/// A full stop: a date, a float, or punctuation.
pub(super) const POINT: u8 = 8;
/// A hyphen or slash: a date, or punctuation.
pub(super) const DASH: u8 = 16;
/// A bracket: around an area code, or around a lone zero.
pub(super) const BRACKET: u8 = 32;

/// What `plain` makes of each byte.
static CLASS: [u8; 256] = {
    let mut class = [OTHER; 256];
    let mut b = b'0';
    while b <= b'9' {
        class[b as usize] = DIGIT;
        b += 1;
    }
    class[b'+' as usize] = PLUS;
    class[b' ' as usize] = PUNCTUATION;
    class[b'.' as usize] = PUNCTUATION | POINT;
    class[b'-' as usize] = PUNCTUATION | DASH;
    class[b'/' as usize] = PUNCTUATION | DASH;
    class[b'(' as usize] = PUNCTUATION | BRACKET;
    class[b')' as usize] = PUNCTUATION | BRACKET;
    class[b'[' as usize] = PUNCTUATION | BRACKET;
    class[b']' as usize] = PUNCTUATION | BRACKET;
    class
};

/// Reads an ordinary cell: pluses, then digits among ASCII punctuation. `None`: the grammar has to decide.
#[inline]
pub(super) fn plain(text: &str) -> Option<Written> {
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|b| *b != b'+')?;
    // The count stays in a register; `Digits::push` would go through memory for every digit.
    let mut values = [0; DIGITS_MAX];
    let (mut length, mut seen) = (0, 0);
    for &b in &bytes[start..] {
        match CLASS[usize::from(b)] {
            DIGIT => {
                *values.get_mut(usize::from(length))? = b - b'0';
                length += 1;
            }
            class if class & PUNCTUATION != 0 => seen |= class,
            _ => return None,
        }
    }
    let digits = Digits { values, length };
    (length >= 3).then_some(Written {
        plus: start > 0,
        digits,
        extension: Digits::EMPTY,
        vanity: false,
        seen,
    })
}

/// Reads any text.
pub(super) fn read(text: &str) -> Result<Written, NotParsed> {
    match plain(text) {
        Some(written) => Ok(written),
        None => by_grammar(text),
    }
}

fn by_grammar(text: &str) -> Result<Written, NotParsed> {
    let mut marks = Marks::default();
    fill(text, &mut marks)?;
    let all = marks.as_slice();
    if !is_viable(all) {
        return Err(NotParsed::NotANumber);
    }
    let (number, extension) = split_extension(all);
    let pluses = number.iter().take_while(|m| m.is_plus()).count();
    let (plus, number) = (pluses > 0, &number[pluses..]);
    let letters = number.iter().filter(|m| m.ascii_letter().is_some()).count();
    let vanity = letters >= 3 && !number.contains(&Mark::NEWLINE);
    let mut digits = Digits::EMPTY;
    for mark in number {
        let value = if vanity { mark.ascii_digit().or_else(|| mark.key()) } else { mark.digit() };
        if let Some(value) = value
            && !digits.push(value)
        {
            return Err(NotParsed::TooLong);
        }
    }
    let mut kept = Digits::EMPTY;
    for value in extension.iter().filter_map(|m| m.digit()) {
        kept.push(value);
    }
    Ok(Written { plus, digits, extension: kept, vanity, seen: 0 })
}

const TEL: &str = "tel:";
const CONTEXT: &str = ";phone-context=";
const SUBADDRESS: &str = ";isub=";

/// The stretch that may be a number, as marks: RFC 3966 with a phone-context, or else from the first digit or
/// plus to the last character that can end a number.
fn fill(text: &str, marks: &mut Marks) -> Result<(), NotParsed> {
    if let Some(at) = text.find(CONTEXT) {
        let context = &text[at + CONTEXT.len()..];
        let context = context.split(';').next().unwrap_or_default();
        if !is_context(context) {
            return Err(NotParsed::NotANumber);
        }
        let start = text.find(TEL).map_or(0, |tel| tel + TEL.len());
        let number = text.get(start..at).ok_or(NotParsed::NotANumber)?;
        if context.starts_with('+') {
            marks.extend(context)?;
        }
        let number = number.split(SUBADDRESS).next().unwrap_or_default();
        return marks.extend(number);
    }
    let starts = |c: char| matches!(c, '+' | '\u{ff0b}') || Mark::of(c).digit().is_some();
    let start = text.find(starts).ok_or(NotParsed::NotANumber)?;
    let ends = |c: char| c == '#' || c.is_alphanumeric();
    let number = text[start..].trim_end_matches(|c| !ends(c));
    let number = before_second(number);
    marks.extend(number.split(SUBADDRESS).next().unwrap_or_default())
}

/// Cuts `302/x2303`: what stands before the last slash and `x` of the first line that has them.
fn before_second(text: &str) -> &str {
    let cut = |line: &str| {
        let mut end = line.len();
        while let Some(at) = line[..end].rfind('x') {
            let before = line[..at].trim_end_matches(' ');
            if before.ends_with(['/', '\\']) {
                return Some(before.len() - 1);
            }
            end = at;
        }
        None
    };
    text.split('\n').find_map(|line| Some(&line[..cut(line)?])).unwrap_or(text)
}

/// A phone-context is a number with a plus, or a domain name (RFC 3966, section 3).
fn is_context(text: &str) -> bool {
    if let Some(number) = text.strip_prefix('+') {
        let digit = |c: char| Mark::of(c).digit().is_some();
        return number.contains(digit) && number.chars().all(|c| digit(c) || "-.()".contains(c));
    }
    let alnum = |c: char| c.is_ascii_alphabetic() || Mark::of(c).digit().is_some();
    let label =
        |l: &str| l.starts_with(alnum) && l.ends_with(alnum) && l.chars().all(|c| alnum(c) || c == '-');
    let domain = text.strip_suffix('.').unwrap_or(text);
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.split('.').all(label) && top.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether the marks are shaped like a number, perhaps with an extension.
fn is_viable(marks: &[Mark]) -> bool {
    is_shaped(marks) || extension_at(marks).is_some_and(|e| is_shaped(&marks[..e.start]))
}

/// Pluses, then at least three digits among punctuation, then letters too; or just two digits.
fn is_shaped(marks: &[Mark]) -> bool {
    if let [a, b] = marks {
        return a.digit().is_some() && b.digit().is_some();
    }
    let mut digits = 0;
    for mark in marks.iter().skip_while(|m| m.is_plus()) {
        if mark.digit().is_some() {
            digits += 1;
        } else if !(mark.is_punctuation() || *mark == Mark::STAR || digits >= 3 && mark.is_letter()) {
            return false;
        }
    }
    digits >= 3
}

/// Cuts the extension off, if what stands before it is a number.
fn split_extension(marks: &[Mark]) -> (&[Mark], &[Mark]) {
    match extension_at(marks) {
        Some(found) if is_viable(&marks[..found.start]) => {
            (&marks[..found.start], &marks[found.digits..found.end])
        }
        _ => (marks, &[]),
    }
}

/// Where an extension stands: its label starts at `start`, its digits are `digits..end`.
struct Extension {
    start: usize,
    digits: usize,
    end: usize,
}

/// The longest stretch at the end that reads as an extension. Six forms, as libphonenumber has them: `;ext=5`,
/// `ext. 5`, `x5`, `- 5#`, `,,5` or `;5`, `,5`; the vaguer the label, the fewer digits it may have.
fn extension_at(marks: &[Mark]) -> Option<Extension> {
    let hash = marks.last() == Some(&Mark::HASH);
    let end = marks.len() - usize::from(hash);
    let digits = end - marks[..end].iter().rev().take_while(|m| m.digit().is_some()).count();
    let count = end - digits;
    if count == 0 || count > EXTENSION_MAX {
        return None;
    }
    let before = &marks[..digits];
    let fits = |start: Option<usize>, max: usize| start.filter(|_| count <= max);
    let starts = [
        fits(marks::rfc_label(before), if hash { 0 } else { 20 }),
        fits(marks::explicit_label(before), 20),
        fits(marks::doubtful_label(before), 9),
        fits(marks::dashes(before), if hash { 6 } else { 0 }),
        fits(marks::autodial(before), 15),
        fits(marks::commas(before), 9),
    ];
    starts.into_iter().flatten().min().map(|start| Extension { start, digits, end })
}

#[cfg(test)]
mod tests {
    use super::{by_grammar, plain, read};

    fn check(text: &str, expected: &str) {
        let shown = match read(text) {
            Err(error) => format!("{error:?}"),
            Ok(written) => {
                let show = |d: &[u8]| d.iter().map(|v| char::from(b'0' + v)).collect::<String>();
                let plus = if written.plus { "+" } else { "" };
                let extension = show(written.extension.as_slice());
                let mark = if extension.is_empty() { "" } else { "x" };
                format!("{plus}{}{mark}{extension}", show(written.digits.as_slice()))
            }
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn shapes_of_the_reference() {
        check("+44 (0)20 7946-0958", "+4402079460958");
        check("tel:03-331-6005;phone-context=+64", "+64033316005");
        check("03 331 6005;isub=12;phone-context=a.nz", "033316005");
        check("x;phone-context=+44;tel:2025550123", "NotANumber");
        check("033316005 ext 3456", "033316005x3456");
        check("(530) 583-6985 x302/x2303", "5305836985x302");
        check("1-800-FLOWERS", "18003569377");
        check("12", "12");
        check("1", "NotANumber");
        check("", "NotANumber");
        check("+", "NotANumber");
        check("212 555 0123,,7#", "2125550123x7");
        check("212 555 0123 - 503#", "2125550123x503");
        check("\u{ff0b}\u{ff11}\u{ff12}\u{ff13}", "+123");
    }

    #[test]
    fn the_short_way_is_the_grammar() {
        for text in ["+44 20 7946 0958", "(212) 555-0123", "0049/30.901820", " 030 901820", "++1 212", "(1"] {
            if let Some(short) = plain(text) {
                let long = by_grammar(text).unwrap();
                assert_eq!(short.digits.as_slice(), long.digits.as_slice(), "{text}");
                assert_eq!((short.plus, short.vanity), (long.plus, long.vanity), "{text}");
            }
        }
    }
}
