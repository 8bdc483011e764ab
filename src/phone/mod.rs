//! Telephone numbers: the text of a cell and a region in, a verdict with its reasons out.
//!
//! `check` judges one number, `split_cell` finds the numbers of a cell. Both are pure: no I/O, no clock; they know
//! nothing of e-mail, consent or files. `text` and `parse` read as libphonenumber does, over our own table;
//! `clean` undoes what spreadsheets and people do to numbers; `judge` chooses among readings and says why.

mod clean;
mod digits;
mod judge;
mod parse;
mod region;
mod split;
mod tables;
mod text;
mod verdict;

pub use crate::data::phone::Formats;
pub use digits::NotParsed;
pub use judge::{CheckedNumber, PhoneScratch, check};
pub use parse::{LengthFit, Number};
pub use region::Region;
pub use split::{NumberPart, split_cell};
pub use tables::PhoneTables;
pub use verdict::{NumberReasons, PhoneVerdict, Sms, Type};

use digits::Digits;

/// A text as parsed.
#[derive(Clone, Copy)]
pub struct Parsed {
    /// The number.
    pub number: Number,
    extension: Digits,
}

impl Parsed {
    /// Digits of the extension, values 0 to 9; empty when there is none.
    pub fn extension(&self) -> &[u8] {
        self.extension.as_slice()
    }
}

/// Parses as libphonenumber does, without any repair: what `check` builds on, and what the differential test compares.
/// Fails with why the text is no number at all; a number that is merely not assigned is `Ok`.
pub fn parse(text: &str, region: Option<Region>, tables: &PhoneTables) -> Result<Parsed, NotParsed> {
    let written = text::read(text)?;
    let number =
        tables.plans.parse_digits(written.plus, written.digits.as_slice(), tables.plan_of(region))?;
    Ok(Parsed { number, extension: written.extension })
}
