//! Repairs the text of a cell before it is read as a number: what spreadsheets, forms and people did to it. Each
//! repair has its reason.
//!
//! Looks at one cell as text; knows no numbering plan. Ordinary cells never come here.

use crate::data::remarks::says_no;
use crate::phone::digits::digit_value;
use crate::phone::verdict::NumberReasons;
use crate::reason::Reason;

/// Longer cells hold no telephone number.
const CELL_MAX: usize = 250;

pub(super) struct Cleaned<'a> {
    pub(super) text: &'a str,
    /// Words follow that are no part of a number; its last digit ends here.
    pub(super) digits_end: Option<usize>,
    /// `(0)` follows the country code; this many digits stand before its zero.
    pub(super) trunk_zero: Option<usize>,
}

/// Cleans `cell` into `text`, or tells the one reason why it cannot hold a number: an address, a date, an amount,
/// digits lost.
pub(super) fn clean<'a>(
    cell: &str,
    text: &'a mut String,
    reasons: &mut NumberReasons,
) -> Result<Cleaned<'a>, Reason> {
    text.clear();
    if cell.len() > 4 * CELL_MAX {
        return Err(Reason::PhoneNotANumber);
    }
    to_ascii(cell, text, reasons);
    unquote(text, reasons);
    if has_address(text) {
        return Err(Reason::PhoneIsEmail);
    }
    // The kinds of characters decide which repairs can be due at all.
    let (point, dashes, brackets) =
        (text.contains(['.', ',']), text.contains(['-', '/']), text.contains(['(', '[']));
    let letters = text.bytes().any(|b| b.is_ascii_alphabetic() || !b.is_ascii());
    let digits = text.bytes().any(|b| b.is_ascii_digit());
    if point || letters {
        undo_float(text, reasons)?;
    }
    if (point || dashes) && is_date(text) {
        return Err(Reason::PhoneIsDate);
    }
    if point && is_amount(text) || !digits && !text.contains('+') {
        return Err(Reason::PhoneNotANumber);
    }
    if letters {
        if text.contains(";phone-context=") {
            if text.starts_with("tel:") {
                reasons.add(Reason::PhoneLabel);
            }
            return Ok(Cleaned { text, digits_end: None, trunk_zero: None });
        }
        if is_fax(text) {
            reasons.add(Reason::PhoneFax);
        }
        if says_no(text) {
            reasons.add(Reason::PhoneSaysNo);
        }
        drop_worded_brackets(text, reasons);
        drop_label(text, reasons);
        shorten_extension(text);
    }
    let trunk_zero = if brackets { trunk_zero(text) } else { None };
    let digits_end = if letters { words_after(text) } else { None };
    Ok(Cleaned { text, digits_end, trunk_zero })
}

/// Enough digits for a number of some place.
const NUMBER_MIN: usize = 7;

/// Where words follow that are no extension: after enough digits for a number, else after the last digit.
fn words_after(text: &str) -> Option<usize> {
    let mut digits = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            digits += 1;
            end = at + 1;
        } else if c.is_alphabetic() && digits >= NUMBER_MIN {
            let rest = &text[at..];
            let another = rest.bytes().filter(u8::is_ascii_digit).count() >= NUMBER_MIN;
            return (!another && !is_extension(rest)).then_some(end);
        }
    }
    text[end..].contains(char::is_alphabetic).then_some(end)
}

/// A label that libphonenumber knows, and digits.
fn is_extension(text: &str) -> bool {
    let word = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let known =
        ["x", "ext", "xt", "extn", "extension", "extensi\u{f3}n", "int", "anexo", "\u{434}\u{43e}\u{431}"];
    let labelled = known.iter().any(|k| k.eq_ignore_ascii_case(&text[..word]));
    labelled
        && text[word..]
            .trim_start_matches([' ', '.', ':', '-', ','])
            .starts_with(|c: char| c.is_ascii_digit())
}

/// Words for an extension that libphonenumber does not know, as lists have them.
const EXTENSIONS: [&str; 9] =
    ["extensiones", "extensions", "poste", "durchwahl", "dw", "interno", "toestel", "ramal", "wewn"];

fn shorten_extension(text: &mut String) {
    let start = text.find(char::is_alphabetic).unwrap_or(text.len());
    let word = text[start..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |end| start + end);
    if EXTENSIONS.iter().any(|e| e.eq_ignore_ascii_case(&text[start..word])) {
        text.replace_range(start..word, "ext");
    }
}

/// Digits, signs and spaces of all scripts as ASCII; what cannot be seen goes.
fn to_ascii(cell: &str, text: &mut String, reasons: &mut NumberReasons) {
    if cell.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text.push_str(cell.trim());
    }
    for c in cell.trim().chars() {
        match c {
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{feff}' => reasons.add(Reason::PhoneInvisible),
            '\u{a0}' | '\u{2007}' | '\u{202f}' => {
                reasons.add(Reason::PhoneInvisible);
                text.push(' ');
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{30fc}' => text.push('-'),
            '\t' | '\r' | '\n' | '\u{3000}' => text.push(' '),
            // Full-width forms of ASCII.
            '\u{ff01}'..='\u{ff5e}' => {
                reasons.add(Reason::PhoneForeignDigits);
                text.push(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c));
            }
            c if c.is_ascii() => text.push(c),
            c => match digit_value(c) {
                Some(value) => {
                    reasons.add(Reason::PhoneForeignDigits);
                    text.push(char::from(b'0' + value));
                }
                None => text.push(c),
            },
        }
    }
    trim(text);
}

fn trim(text: &mut String) {
    text.truncate(text.trim_end().len());
    text.drain(..text.len() - text.trim_start().len());
}

fn unquote(text: &mut String, reasons: &mut NumberReasons) {
    let bare = |t: &str| -> Option<usize> {
        let inner = t.strip_prefix('=').unwrap_or(t);
        let inner = inner.trim_start_matches(['\'', '\u{2019}', '`', '"']);
        (inner.len() < t.len()).then_some(t.len() - inner.len())
    };
    if let Some(front) = bare(text) {
        text.drain(..front);
        let end = text.trim_end_matches(['"', '\'']).len();
        text.truncate(end);
        trim(text);
        reasons.add(Reason::PhoneSpreadsheetQuote);
    }
}

fn has_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(before, after)| {
        before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
    })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `4930901820.0` lost nothing.
fn undo_float(text: &mut String, reasons: &mut NumberReasons) -> Result<(), Reason> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let number = whole.strip_prefix('+').unwrap_or(whole);
    let zeros = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
    if zeros && number.len() >= 5 && all_digits(number) {
        let end = whole.len();
        text.truncate(end);
        reasons.add(Reason::PhoneFloat);
        return Ok(());
    }
    undo_exponent(text, reasons)
}

/// `4.47911123456E+11` lost nothing, `4.47911E+11` lost its last digits.
fn undo_exponent(text: &mut String, reasons: &mut NumberReasons) -> Result<(), Reason> {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return Ok(()) };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let scientific = whole.len() == 1 && all_digits(whole) && all_digits(exponent) && exponent.len() <= 2;
    if !scientific || !fraction.is_empty() && !all_digits(fraction) {
        return Ok(());
    }
    if exponent.parse() != Ok(fraction.len()) {
        return Err(Reason::PhoneDigitsLost);
    }
    let end = mantissa.len();
    text.truncate(end);
    text.retain(|c| c.is_ascii_digit());
    reasons.add(Reason::PhoneFloat);
    Ok(())
}

/// `2024-03-11`, `11.03.2024`, `3/11/24`, with or without a time of day.
fn is_date(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let rest = text[date.len()..].trim_start_matches([' ', 'T']);
    let of_time = |c: char| c.is_ascii_digit() || ":. +-Z".contains(c);
    let time = rest.is_empty() || (rest.contains(':') && rest.chars().all(of_time));
    let Some(separator) = date.chars().find(|c| "-./".contains(*c)) else { return false };
    let mut parts = date.split(separator);
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str| part.parse::<u16>().ok().filter(|_| part.len() <= 4 && all_digits(part));
    let (Some(a), Some(b), Some(c)) = (number(first), number(second), number(third)) else { return false };
    let day_month = |a: u16, b: u16| (1..=31).contains(&a) && (1..=31).contains(&b) && (a <= 12 || b <= 12);
    let year = |part: &str, y: u16| part.len() == 4 && (1900..2100).contains(&y);
    time && (year(first, a) && day_month(b, c)
        || year(third, c) && day_month(a, b)
        || separator == '/' && third.len() == 2 && day_month(a, b))
}

/// `12.5`, `1,99`.
fn is_amount(text: &str) -> bool {
    let digits = |t: &str, max: usize| t.len() <= max && all_digits(t);
    text.split_once(['.', ',']).is_some_and(|(whole, part)| digits(whole, 4) && digits(part, 2))
}

/// Removes `(home)` and `(switchboard 24 h)`, but not `(0211)` nor `(ext. 5)`.
fn drop_worded_brackets(text: &mut String, reasons: &mut NumberReasons) {
    while let Some((open, close)) = worded_bracket(text) {
        text.replace_range(open..close, " ");
        reasons.add(Reason::PhoneLabel);
    }
    trim(text);
}

/// `Fax: …`, `… (fax)`, but not `Tel/Fax: …`.
fn is_fax(text: &str) -> bool {
    let found = text.as_bytes().windows(3).position(|word| word.eq_ignore_ascii_case(b"fax"));
    found.is_some_and(|at| !text[..at].trim_end().ends_with(['/', '&', '+']))
}

fn worded_bracket(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('(').map(|at| from + at) {
        let close = text[open..].find(')').map(|at| open + at + 1)?;
        let inside = &text[open + 1..close - 1];
        let letters = inside.chars().filter(|c| c.is_alphabetic()).count();
        let digits = inside.bytes().filter(u8::is_ascii_digit).count();
        let extension = inside.trim_start().starts_with(['x', 'X', 'e', 'E']) && digits > 0;
        if letters > 0 && digits < 5 && !extension {
            return Some((open, close));
        }
        from = close;
    }
    None
}

/// Removes the words before the number: `Tel.`, `p:`, `Mobile `.
fn drop_label(text: &mut String, reasons: &mut NumberReasons) {
    let start = text.find(|c: char| c.is_ascii_digit() || c == '+').unwrap_or(0);
    let opened = text[..start].trim_end();
    let start = if opened.ends_with('(') { opened.len() - 1 } else { start };
    if text[..start].contains(|c: char| c.is_alphabetic()) {
        text.drain(..start);
        reasons.add(Reason::PhoneLabel);
    }
}

/// How many digits stand before the zero of a `(0)` that follows a country code.
fn trunk_zero(text: &str) -> Option<usize> {
    let at = ["(0)", "( 0 )", "[0]"].iter().find_map(|zero| text.find(zero))?;
    let before = &text[..at];
    let digits = before.bytes().filter(u8::is_ascii_digit).count();
    let international = before.contains('+') && (1..=3).contains(&digits)
        || before.trim_start_matches('(').starts_with("00") && (3..=5).contains(&digits);
    international.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::{clean, is_date};
    use crate::phone::NumberReasons;

    fn check(cell: &str, expected: &str) {
        let (mut text, mut reasons) = (String::new(), NumberReasons::default());
        let shown = match clean(cell, &mut text, &mut reasons) {
            Ok(cleaned) => cleaned.text.to_owned(),
            Err(reason) => reason.id().to_owned(),
        };
        assert_eq!(shown, expected, "{cell}");
    }

    #[test]
    fn damage_is_undone() {
        check("=\"0740\u{a0}0123456\"", "0740 0123456");
        check("'+44 20", "+44 20");
        check("=+4420", "+4420");
        check("4930901820.0", "4930901820");
        check("4930901820,00", "4930901820");
        check("4930901820.5", "4930901820.5");
        ["4.47911E+11", "4E11"].into_iter().for_each(|cell| check(cell, "phone-digits-lost"));
        check("4.4E1", "44");
        check("Tel. (020) 7183", "(020) 7183");
        check("915 808 700 (información general)", "915 808 700");
        check("212 456 1234 (ext. 5)", "212 456 1234 (ext. 5)");
        check("212 456 1234 (", "212 456 1234 (");
        check("jane@example.com", "phone-is-email");
        check("020 7183 8750 @ work", "020 7183 8750 @ work");
        ["n/a", "", "'"].into_iter().for_each(|cell| check(cell, "phone-not-a-number"));
    }

    #[test]
    fn dates_and_what_looks_like_them() {
        for text in ["2024-03-11", "11.03.2024", "3/11/24", "31/12/1999 23:59", "2024-03-11T05:00:00Z"] {
            assert!(is_date(text), "{text}");
        }
        for text in
            ["01.42.68.53.00", "030/90/1820", "20-12-19", "13/13/2024", "1-2", "0/0/00", "2024-03-11 5"]
        {
            assert!(!is_date(text), "{text}");
        }
    }
}
