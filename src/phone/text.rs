//! From text to digits as libphonenumber reads them: where a number starts and ends, what is punctuation, what is
//! an extension, when letters are keys of a telephone.
//!
//! Knows how numbers are written, not which exist. Ordinary cells (ASCII digits and punctuation) take the short
//! way, `plain`; all others are read by the patterns of libphonenumber. A differential test holds both equal to the
//! reference.

use crate::phone::digits::{DIGITS_MAX, Digits, NotParsed, ZEROS, digit_value};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Longest text that is looked at, in characters; libphonenumber stops at the same length.
const LONGEST: usize = 250;

/// The digits of a text, before anything is known of its country.
#[derive(Clone, Copy)]
pub(super) struct WrittenNumber {
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
pub(super) fn plain(text: &str) -> Option<WrittenNumber> {
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
    let digits = Digits::of(values, length);
    (length >= 3).then_some(WrittenNumber {
        plus: start > 0,
        digits,
        extension: Digits::default(),
        vanity: false,
        seen,
    })
}

pub(super) fn read(text: &str) -> Result<WrittenNumber, NotParsed> {
    plain(text).map_or_else(|| by_grammar(text), Ok)
}

fn by_grammar(text: &str) -> Result<WrittenNumber, NotParsed> {
    let stretch = stretch(text)?;
    if stretch.chars().count() > LONGEST {
        return Err(NotParsed::TooLong);
    }
    let (number, labelled) = split_extension(&stretch).ok_or(NotParsed::NotANumber)?;
    let bare = number.trim_start_matches(is_plus);
    let vanity = bare.bytes().filter(u8::is_ascii_alphabetic).count() >= 3;
    let mut digits: Digits = Digits::default();
    for c in bare.chars() {
        let value = match vanity {
            true => c.to_digit(10).and_then(|value| u8::try_from(value).ok()).or_else(|| key(c)),
            false => digit_value(c),
        };
        if let Some(value) = value
            && !digits.push(value)
        {
            return Err(NotParsed::TooLong);
        }
    }
    let mut extension: Digits = Digits::default();
    for value in labelled.chars().filter_map(digit_value) {
        extension.push(value);
    }
    Ok(WrittenNumber { plus: bare.len() < number.len(), digits, extension, vanity, seen: 0 })
}

const fn is_plus(c: char) -> bool {
    matches!(c, '+' | '\u{ff0b}')
}

/// The key of a telephone that carries this letter (ITU-T E.161).
fn key(c: char) -> Option<u8> {
    let keys = b"22233344455566677778889999";
    let letter = u8::try_from(c.to_ascii_uppercase()).ok()?.checked_sub(b'A')?;
    keys.get(usize::from(letter)).map(|key| key - b'0')
}

const TEL: &str = "tel:";
const CONTEXT: &str = ";phone-context=";
const SUBADDRESS: &str = ";isub=";

/// The stretch that may be a number: RFC 3966 with a phone-context, else from the first digit or plus to its end.
fn stretch(text: &str) -> Result<Cow<'_, str>, NotParsed> {
    let without_subaddress = |number: &str| number.find(SUBADDRESS).unwrap_or(number.len());
    if let Some(at) = text.find(CONTEXT) {
        let context = &text[at + CONTEXT.len()..];
        let context = context.split(';').next().unwrap_or_default();
        if !is_context(context) {
            return Err(NotParsed::NotANumber);
        }
        let start = text.find(TEL).map_or(0, |tel| tel + TEL.len());
        let number = text.get(start..at).ok_or(NotParsed::NotANumber)?;
        let number = &number[..without_subaddress(number)];
        return Ok(if context.starts_with('+') {
            Cow::Owned(format!("{context}{number}"))
        } else {
            number.into()
        });
    }
    let start = text.find(|c| is_plus(c) || digit_value(c).is_some()).ok_or(NotParsed::NotANumber)?;
    let ends = |c: char| c == '#' || c.is_alphanumeric();
    let number = before_second(text[start..].trim_end_matches(|c| !ends(c)));
    Ok(number[..without_subaddress(number)].into())
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
        let digit = |c: char| digit_value(c).is_some();
        return number.contains(digit) && number.chars().all(|c| digit(c) || "-.()".contains(c));
    }
    let alnum = |c: char| c.is_ascii_alphabetic() || digit_value(c).is_some();
    let label =
        |l: &str| l.starts_with(alnum) && l.ends_with(alnum) && l.chars().all(|c| alnum(c) || c == '-');
    let domain = text.strip_suffix('.').unwrap_or(text);
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.split('.').all(label) && top.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Two digits; or pluses, three digits among punctuation, then letters too.
const NUMBER: &str =
    "(?x) ^ (?: DIGIT{2} | [+\u{ff0b}]* (?: MARK* DIGIT ){3} (?: MARK | DIGIT | (?i:[a-z]) )* ) $";

/// Six ways to write an extension: `;ext=5`, `ext. 5`, `x5`, `- 5#`, `,,5` or `;5` (dialled after the call is
/// connected), `,5`; the vaguer the label, the fewer digits it may have.
const EXTENSION: &str = r"(?xi) (?:
    ;ext= DIGIT{1,20}
  | [GAP,]* (?: e?xt (?: ensi (?: o\u{301}? | \u{f3} ) )? n? | \u{ff45}?\u{ff58}\u{ff54}\u{ff4e}? | (?-i:[дД][оО][бБ]) | anexo )
    FILL DIGIT{1,20} \#?
  | [GAP,]* (?: [x\u{ff58}\#\u{ff03}~\u{ff5e}] | int | \u{ff49}\u{ff4e}\u{ff54} ) FILL DIGIT{1,9} \#?
  | [-\x20]+ DIGIT{1,6} \#
  | [GAP]* (?: ,, | ; ) FILL DIGIT{1,15} \#?
  | [GAP]* ,+ FILL DIGIT{1,9} \#?
) $";

/// The patterns of libphonenumber (`PhoneNumberUtil`), with the digits of [`ZEROS`].
static PATTERNS: LazyLock<[Regex; 2]> = LazyLock::new(|| [NUMBER, EXTENSION].map(with_classes));

/// A pattern with the classes written out that both use.
fn with_classes(pattern: &str) -> Regex {
    let nine = |zero: char| char::from_u32(u32::from(zero) + 9).unwrap_or(zero);
    let digits: String = ZEROS.iter().map(|zero| format!("{zero}-{}", nine(*zero))).collect();
    let marks = r"[-xX\x20()./\[\]~*\u{a0}\u{ad}\u{200b}\u{2010}-\u{2015}\u{2053}\u{2060}\u{2212}\u{223c}\u{3000}\u{30fc}\u{ff08}\u{ff09}\u{ff0d}-\u{ff0f}\u{ff3b}\u{ff3d}]";
    let pattern = pattern
        .replace("DIGIT", &format!("[0-9{digits}]"))
        .replace("MARK", marks)
        .replace("FILL", r"[:.\u{ff0e}]? [GAP,-]*")
        .replace("GAP", r"\x20\t\u{a0}");
    Regex::new(&pattern).expect("the patterns are tested")
}

/// The number of a stretch, and the digits of its extension. `None`: it is not shaped like a number.
fn split_extension(stretch: &str) -> Option<(&str, &str)> {
    let [number, extension] = &*PATTERNS;
    match extension.find(stretch) {
        Some(found) if number.is_match(&stretch[..found.start()]) => {
            let labelled = found.as_str().trim_end_matches('#');
            let label = labelled.trim_end_matches(|c| digit_value(c).is_some()).len();
            Some((&stretch[..found.start()], &labelled[label..]))
        }
        _ => number.is_match(stretch).then_some((stretch, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

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
        ["1", "", "+"].into_iter().for_each(|text| check(text, "NotANumber"));
        check("212 555 0123,,7#", "2125550123x7");
        check("212 555 0123 - 503#", "2125550123x503");
        check("\u{ff0b}\u{ff11}\u{ff12}\u{ff13}", "+123");
    }
}
