//! Characters as marks, one byte each, and the labels before an extension.
//!
//! A mark keeps just what libphonenumber's patterns tell apart: ASCII as it is, other digits, plus, punctuation,
//! and the few letters that extension labels use.

use crate::phone::digits::{NotParsed, digit_value};

/// Longest text that is looked at, in characters; libphonenumber stops at the same length.
const MARKS_MAX: usize = 250;

/// One character as the patterns see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark(u8);

const FIRST_DIGIT: u8 = 0x80;
const WIDE_PLUS: u8 = 0x90;
const PUNCTUATION: u8 = 0x91;
const NO_BREAK_SPACE: u8 = 0x92;
const WIDE_DOT: u8 = 0x93;
const WIDE_HASH: u8 = 0x94;
const WIDE_TILDE: u8 = 0x95;
const ACUTE_O: u8 = 0x96;
const ACUTE: u8 = 0x97;
const LONG_S: u8 = 0x98;
const KELVIN: u8 = 0x99;
const WIDE_E: u8 = 0x9a;
const WIDE_X: u8 = 0x9b;
const WIDE_T: u8 = 0x9c;
const WIDE_N: u8 = 0x9d;
const WIDE_I: u8 = 0x9e;
const CYRILLIC_DE: u8 = 0xa0;
const CYRILLIC_O: u8 = 0xa1;
const CYRILLIC_BE: u8 = 0xa2;
const UNKNOWN: u8 = 0xff;

impl Mark {
    pub(super) const NEWLINE: Self = Self(b'\n');
    pub(super) const STAR: Self = Self(b'*');
    pub(super) const HASH: Self = Self(b'#');

    pub(super) fn of(c: char) -> Self {
        if c.is_ascii() {
            return Self(c as u8);
        }
        Self(match c {
            '\u{ff0b}' => WIDE_PLUS,
            '\u{a0}' => NO_BREAK_SPACE,
            '\u{ff0e}' => WIDE_DOT,
            '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '\u{30fc}'
            | '\u{ff0d}'
            | '\u{ff0f}'
            | '\u{ad}'
            | '\u{200b}'
            | '\u{2060}'
            | '\u{3000}'
            | '\u{ff08}'
            | '\u{ff09}'
            | '\u{ff3b}'
            | '\u{ff3d}'
            | '\u{2053}'
            | '\u{223c}' => PUNCTUATION,
            '\u{ff03}' => WIDE_HASH,
            '\u{ff5e}' => WIDE_TILDE,
            '\u{f3}' | '\u{d3}' => ACUTE_O,
            '\u{301}' => ACUTE,
            '\u{17f}' => LONG_S,
            '\u{212a}' => KELVIN,
            '\u{ff45}' | '\u{ff25}' => WIDE_E,
            '\u{ff58}' | '\u{ff38}' => WIDE_X,
            '\u{ff54}' | '\u{ff34}' => WIDE_T,
            '\u{ff4e}' | '\u{ff2e}' => WIDE_N,
            '\u{ff49}' | '\u{ff29}' => WIDE_I,
            'д' | 'Д' => CYRILLIC_DE,
            'о' | 'О' => CYRILLIC_O,
            'б' | 'Б' => CYRILLIC_BE,
            _ => digit_value(c).map_or(UNKNOWN, |value| FIRST_DIGIT + value),
        })
    }

    pub(super) fn digit(self) -> Option<u8> {
        match self.0 {
            FIRST_DIGIT..0x8a => Some(self.0 - FIRST_DIGIT),
            _ => self.ascii_digit(),
        }
    }

    pub(super) fn ascii_digit(self) -> Option<u8> {
        self.0.is_ascii_digit().then(|| self.0 - b'0')
    }

    pub(super) fn ascii_letter(self) -> Option<u8> {
        self.0.is_ascii_alphabetic().then(|| self.0.to_ascii_uppercase())
    }

    /// The key of a telephone that carries this letter (ITU-T E.161).
    pub(super) fn key(self) -> Option<u8> {
        let keys = b"22233344455566677778889999";
        self.ascii_letter().map(|letter| keys[usize::from(letter - b'A')] - b'0')
    }

    pub(super) fn is_plus(self) -> bool {
        matches!(self.0, b'+' | WIDE_PLUS)
    }

    /// A letter inside a number: A to Z, and the two characters that fold to one of them.
    pub(super) fn is_letter(self) -> bool {
        self.0.is_ascii_alphabetic() || matches!(self.0, LONG_S | KELVIN)
    }

    pub(super) fn is_punctuation(self) -> bool {
        matches!(self.0, PUNCTUATION | NO_BREAK_SPACE | WIDE_DOT) || b"-xX ()./[]~".contains(&self.0)
    }

    fn is_colon(self) -> bool {
        matches!(self.0, b':' | b'.' | WIDE_DOT)
    }

    fn is_gap(self) -> bool {
        matches!(self.0, b' ' | b'\t' | NO_BREAK_SPACE)
    }
}

/// A text as marks.
pub(super) struct Marks {
    items: [Mark; MARKS_MAX],
    length: usize,
}

impl Default for Marks {
    fn default() -> Self {
        Self { items: [Mark(0); MARKS_MAX], length: 0 }
    }
}

impl Marks {
    pub(super) fn extend(&mut self, text: &str) -> Result<(), NotParsed> {
        for c in text.chars() {
            *self.items.get_mut(self.length).ok_or(NotParsed::TooLong)? = Mark::of(c);
            self.length += 1;
        }
        Ok(())
    }

    pub(super) fn as_slice(&self) -> &[Mark] {
        &self.items[..self.length]
    }
}

fn back_while(marks: &[Mark], end: usize, test: impl Fn(Mark) -> bool) -> usize {
    end - marks[..end].iter().rev().take_while(|m| test(**m)).count()
}

/// Where the filling between label and digits starts: perhaps a colon or full stop, then gaps, commas, hyphens.
fn before_filling(marks: &[Mark]) -> (usize, usize) {
    let run = back_while(marks, marks.len(), |m| m.is_gap() || matches!(m.0, b',' | b'-'));
    let colon = run - usize::from(run > 0 && marks[run - 1].is_colon());
    (colon, run)
}

fn label_ending(marks: &[Mark], end: usize, label: &[u8]) -> Option<usize> {
    let start = end.checked_sub(label.len())?;
    let same = |(m, l): (&Mark, &u8)| m.0 == *l || m.ascii_letter() == Some(l.to_ascii_uppercase());
    marks[start..end].iter().zip(label).all(same).then_some(start)
}

/// `;ext=` right before the digits.
pub(super) fn rfc_label(marks: &[Mark]) -> Option<usize> {
    label_ending(marks, marks.len(), b";ext=")
}

/// `ext`, `xt`, `extn`, `extension`, `extensió`, `доб`, `anexo`, full-width `ext`.
pub(super) fn explicit_label(marks: &[Mark]) -> Option<usize> {
    let end = before_filling(marks).0;
    let with_n = |end: usize| label_ending(marks, end, b"n").unwrap_or(end);
    let ensio = |end: usize| {
        let o = if end > 0 && marks[end - 1].0 == ACUTE_O {
            end - 1
        } else {
            let accent = end - usize::from(end > 0 && marks[end - 1].0 == ACUTE);
            label_ending(marks, accent, b"o")?
        };
        let i = label_ending(marks, o, b"i")?;
        let s = i.checked_sub(1).filter(|s| matches!(marks[*s].0, b's' | b'S' | LONG_S))?;
        label_ending(marks, s, b"en")
    };
    let ext = |end: usize| {
        let x = label_ending(marks, end, b"xt")?;
        Some(label_ending(marks, x, b"e").unwrap_or(x))
    };
    let wide = |end: usize| {
        let end = label_ending(marks, end, &[WIDE_N]).unwrap_or(end);
        let x = label_ending(marks, end, &[WIDE_X, WIDE_T])?;
        Some(label_ending(marks, x, &[WIDE_E]).unwrap_or(x))
    };
    let found = [
        ensio(with_n(end)).and_then(ext),
        ext(with_n(end)),
        ext(end),
        wide(end),
        label_ending(marks, end, &[CYRILLIC_DE, CYRILLIC_O, CYRILLIC_BE]),
        label_ending(marks, end, b"anexo"),
    ];
    found.into_iter().flatten().min().map(|start| with_separators(marks, start))
}

/// `x`, `#`, `~`, `int` and their full-width forms.
pub(super) fn doubtful_label(marks: &[Mark]) -> Option<usize> {
    let end = before_filling(marks).0;
    let one = end
        .checked_sub(1)
        .filter(|last| matches!(marks[*last].0, b'x' | b'X' | b'#' | b'~' | WIDE_X | WIDE_HASH | WIDE_TILDE));
    let found = [one, label_ending(marks, end, b"int"), label_ending(marks, end, &[WIDE_I, WIDE_N, WIDE_T])];
    found.into_iter().flatten().min().map(|start| with_separators(marks, start))
}

fn with_separators(marks: &[Mark], start: usize) -> usize {
    back_while(marks, start, |m| m.is_gap() || m.0 == b',')
}

/// Hyphens and spaces, before digits that end in `#`.
pub(super) fn dashes(marks: &[Mark]) -> Option<usize> {
    let start = back_while(marks, marks.len(), |m| matches!(m.0, b'-' | b' '));
    (start < marks.len()).then_some(start)
}

/// `,,` or `;` (dialled after the call is connected).
pub(super) fn autodial(marks: &[Mark]) -> Option<usize> {
    let (colon, run) = before_filling(marks);
    let semicolon = |end: usize| label_ending(marks, end, b";");
    let pair = |end: usize| label_ending(marks, end, b",,");
    let inside = (run..marks.len().saturating_sub(1)).find(|i| label_ending(marks, i + 2, b",,").is_some());
    let found = [semicolon(colon), semicolon(run), pair(colon), inside];
    found.into_iter().flatten().min().map(|start| back_while(marks, start, Mark::is_gap))
}

/// One comma or more.
pub(super) fn commas(marks: &[Mark]) -> Option<usize> {
    let (colon, run) = before_filling(marks);
    let before_colon = back_while(marks, colon, |m| m.0 == b',');
    let outside = (colon < run && before_colon < colon).then_some(before_colon);
    let inside = (run..marks.len()).find(|i| marks[*i].0 == b',');
    [outside, inside].into_iter().flatten().min().map(|start| back_while(marks, start, Mark::is_gap))
}
