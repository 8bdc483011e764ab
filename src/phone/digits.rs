//! Digits of any script and their values, and why a text has none that make a number.

use crate::record::Few;

/// More digits than any number with its prefixes has.
pub(super) const DIGITS_MAX: usize = 40;
/// At most `MAX` digits, values 0 to 9.
pub(super) type Digits<const MAX: usize = DIGITS_MAX> = Few<u8, MAX>;

/// Why a text could not be parsed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotParsed {
    /// It is not shaped like a telephone number.
    NotANumber,
    /// No calling code: none in the text, and no region given; or one that no country has.
    InvalidCountryCode,
    /// Nothing much follows the international prefix.
    TooShortAfterIdd,
    /// Fewer than two digits.
    TooShort,
    /// More than 17 digits.
    TooLong,
}

/// Zeros of the decimal digits (Unicode category Nd); each is followed by its one to nine.
#[rustfmt::skip]
pub(super) const ZEROS: &[char] = &[
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{1090}',
    '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}', '\u{1b50}', '\u{1bb0}',
    '\u{1c40}', '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}', '\u{a9f0}', '\u{aa50}',
    '\u{abf0}', '\u{ff10}', '\u{104a0}', '\u{11066}', '\u{110f0}', '\u{11136}', '\u{111d0}', '\u{112f0}',
    '\u{11450}', '\u{114d0}', '\u{11650}', '\u{116c0}', '\u{11730}', '\u{118e0}', '\u{16a60}', '\u{16b50}',
    '\u{1d7ce}', '\u{1d7d8}', '\u{1d7e2}', '\u{1d7ec}', '\u{1d7f6}', '\u{1e140}', '\u{1e2f0}', '\u{1e950}',
    '\u{1fbf0}',
];

/// The value of a decimal digit of any script in `ZEROS`.
pub(super) fn digit_value(c: char) -> Option<u8> {
    if c.is_ascii_digit() {
        return u8::try_from(u32::from(c) - u32::from('0')).ok();
    }
    let zero = ZEROS[..ZEROS.partition_point(|z| *z <= c)].last()?;
    u8::try_from(u32::from(c) - u32::from(*zero)).ok().filter(|v| *v < 10)
}
