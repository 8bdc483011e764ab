//! Folding: the one spelling under which headers and status words are compared, and the levels that others fold by.
//!
//! Letter case, accents, full-width forms and punctuation are dropped; letters of other scripts stay. Knows no
//! table of words.

use unicode_normalization::char::decompose_canonical;

/// Longest folded text that [`Folded`] holds, in bytes; longer cells are no words.
pub const FOLDED_BYTES: usize = 96;

/// A folded cell on the stack.
#[derive(Debug)]
pub struct Folded {
    bytes: [u8; FOLDED_BYTES],
    len: usize,
}

impl Folded {
    /// Folds a cell; `None` when it is too long to be a word of any table.
    pub fn of(cell: &str) -> Option<Self> {
        if !cell.is_ascii() {
            return Self::by(cell, letter, is_joining);
        }
        let mut folded = Self { bytes: [0; FOLDED_BYTES], len: 0 };
        folded.ascii(cell.as_bytes())?;
        Some(folded)
    }

    /// Folds a text to what `letter` makes of its characters, so many bytes; others part words, unless they join.
    pub(super) fn by(
        text: &str,
        letter: impl Fn(char, &mut [u8; 12]) -> usize,
        joins: impl Fn(char) -> bool,
    ) -> Option<Self> {
        let mut folded = Self { bytes: [0; FOLDED_BYTES], len: 0 };
        each_part(text, letter, joins, |part| folded.push(part))?;
        Some(folded)
    }

    fn ascii(&mut self, cell: &[u8]) -> Option<()> {
        let mut gap = false;
        for c in cell {
            if c.is_ascii_alphanumeric() {
                if gap && self.len > 0 {
                    self.push(b" ")?;
                }
                gap = false;
                *self.bytes.get_mut(self.len)? = c.to_ascii_lowercase();
                self.len += 1;
            } else {
                gap |= *c != b'\'';
            }
        }
        Some(())
    }

    fn push(&mut self, part: &[u8]) -> Option<()> {
        self.bytes.get_mut(self.len..self.len + part.len())?.copy_from_slice(part);
        self.len += part.len();
        Some(())
    }

    /// The folded text: letters and digits, words parted by one blank.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

/// The folded text as a string: for headers and tables, not for the hot path.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_part(text, letter, is_joining, |part| {
        out.push_str(std::str::from_utf8(part).unwrap_or_default());
        Some(())
    });
    out
}

/// Hands on the folded letters of a text, and a blank between its words; `None` when the taker had enough.
fn each_part(
    text: &str,
    letter: impl Fn(char, &mut [u8; 12]) -> usize,
    joins: impl Fn(char) -> bool,
    mut take: impl FnMut(&[u8]) -> Option<()>,
) -> Option<()> {
    let (mut begun, mut gap) = (false, false);
    for c in text.chars() {
        let mut rest = [0u8; 12];
        let len = letter(c, &mut rest);
        if len == 0 {
            gap |= begun && !joins(c);
            continue;
        }
        if std::mem::take(&mut gap) {
            take(b" ")?;
        }
        begun = true;
        take(&rest[..len])?;
    }
    Some(())
}

/// The words of a header: parted at punctuation, at `aB` and between letters and digits.
pub fn header_words(header: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(header.len() + 8);
    let chars: Vec<char> = header.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|j| chars.get(j)).copied().unwrap_or(' ');
        let after = chars.get(i + 1).copied().unwrap_or(' ');
        let camel =
            c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && after.is_lowercase());
        let number = c.is_ascii_digit() != before.is_ascii_digit();
        if camel || number {
            spaced.push(' ');
        }
        spaced.push(c);
    }
    fold(&spaced).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// A header as layouts compare it: case folded, byte order mark and blanks around stripped, nothing else.
pub fn header_key(header: &str) -> String {
    header.trim_start_matches('\u{feff}').trim().to_lowercase()
}

/// Whether two headers are the same to a layout.
pub fn same_header(a: &str, b: &str) -> bool {
    header_key(a) == header_key(b)
}

/// Whether a character parts no word: an accent, an apostrophe, or one that cannot be seen.
const fn is_joining(c: char) -> bool {
    is_accent(c) || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\'' | '\u{2019}')
}

/// Level *accents*: combining diacritical marks (Unicode block 0300–036F).
pub(crate) const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Level *accents*: small letters that Unicode does not take apart, as they are commonly written without their mark.
pub(crate) const fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        _ => return None,
    })
}

/// Level *width*: full-width Latin, as Japanese forms write it, in plain width.
pub(crate) fn narrow(c: char) -> char {
    let wide = matches!(c, '\u{ff01}'..='\u{ff5e}');
    if wide { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c }
}

/// One letter folded: case, width, and accents off Latin letters; empty for what is neither letter nor digit.
fn letter(c: char, rest: &mut [u8; 12]) -> usize {
    // Letters of other scripts stay as they are: their marks make another letter of them.
    lower(narrow(c), rest, |base| base.is_ascii_lowercase().then_some(base))
}

/// One letter in lower case, and without its marks where `plain` knows the letter under them.
pub(super) fn lower(c: char, rest: &mut [u8; 12], plain: impl Fn(char) -> Option<char>) -> usize {
    if c.is_ascii() {
        rest[0] = c.to_ascii_lowercase() as u8;
        return usize::from(c.is_ascii_alphanumeric());
    }
    if !c.is_alphanumeric() {
        return 0;
    }
    let mut len = 0;
    for lower in c.to_lowercase().filter(|lower| !is_accent(*lower)) {
        let (mut base, mut utf8) = (None, [0; 4]);
        decompose_canonical(lower, |part| _ = base.get_or_insert(part));
        let kept = base.and_then(&plain).unwrap_or(lower);
        let part = plain_letters(kept).unwrap_or(kept.encode_utf8(&mut utf8));
        rest[len..len + part.len()].copy_from_slice(part.as_bytes());
        len += part.len();
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_are_dropped() {
        for (text, expected) in [
            ("  NEVER_SUBSCRIBED ", "never subscribed"),
            ("Sì", "si"),
            ("Si\u{300}", "si"),
            ("Straße", "strasse"),
            ("Opt-In", "opt in"),
            ("Don't", "dont"),
            ("\u{feff}E-Mail", "e mail"),
            ("メールアドレス", "メールアドレス"),
            ("ＥＭＡＩＬ", "email"),
            ("Ŕ Đ Þ Ǻ ế", "r d th a e"),
            ("й ё が 한", "й ё が 한"),
            ("--", ""),
        ] {
            assert_eq!(fold(text), expected, "{text}");
            assert_eq!(Folded::of(text).map(|f| f.as_str().to_owned()).as_deref(), Some(expected), "{text}");
        }
        assert!(Folded::of(&"x".repeat(FOLDED_BYTES + 1)).is_none());
    }

    #[test]
    fn headers_fall_into_words() {
        for (header, expected) in [
            ("HasOptedOutOfEmail", "has opted out of email"),
            ("Email2", "email 2"),
            ("PLZ Ort", "plz ort"),
            ("SMSOptIn", "sms opt in"),
            ("consent_email_status", "consent email status"),
        ] {
            assert_eq!(header_words(header).join(" "), expected, "{header}");
        }
    }

    /// What is folded once stays as it is when it is folded again.
    #[test]
    fn folding_again_changes_nothing() {
        for c in (0x80..=0x10_ffff).filter_map(char::from_u32) {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            assert!(fold(&once) == once, "{c}: {once}");
        }
    }
}
