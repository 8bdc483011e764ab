//! Telephone numbers: the text of a cell and a region in, a verdict with its reasons out.
//!
//! `check` judges one number, `split_cell` finds the numbers of a cell. Both are pure: no I/O, no clock; they know
//! nothing of e-mail, consent or files. `text` and `parse` read as libphonenumber does, over our own table;
//! `clean` undoes what spreadsheets and people do to numbers; `judge` chooses among readings and says why.

mod clean;
mod judge;
mod parse;
mod region;
mod split;
mod text;
mod verdict;

pub use judge::{Checked, Scratch, check};
pub use parse::{Length, Number};
pub use region::Region;
pub use split::{Part, split_cell};
use text::Digits;
pub use text::NotParsed;
pub use verdict::{Reasons, Sms, Type, Verdict};

pub use crate::data::phone::Formats;
use crate::data::phone::{PlanId, Plans, Reserved};

/// What checking a number needs: the numbering plans, and the numbers that are special in them.
#[derive(Debug)]
pub struct Tables {
    plans: Plans,
    reserved: Reserved,
}

impl Tables {
    /// The tables this program was built with.
    pub fn built_in() -> Self {
        Self::new(Plans::built_in())
    }

    /// With other numbering plans.
    pub fn new(plans: Plans) -> Self {
        Self { plans, reserved: Reserved::built_in() }
    }

    /// The numbering plans: their version and date.
    pub const fn plans(&self) -> &Plans {
        &self.plans
    }

    /// The calling code of a region, such as 44; shared codes (1, 7, 39, …) are those of several regions.
    pub fn calling_code(&self, region: Region) -> Option<u16> {
        self.plan_of(Some(region)).map(|id| self.plans.plan(id).code)
    }

    fn plan_of(&self, region: Option<Region>) -> Option<PlanId> {
        region.and_then(|r| self.plans.of_region(r.letters()))
    }
}

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

/// Parses as libphonenumber does, without any repair: what `check` builds on, and what the differential test
/// compares.
///
/// # Errors
/// Why the text is no number at all; a number that is merely not assigned is `Ok`.
pub fn parse(text: &str, region: Option<Region>, tables: &Tables) -> Result<Parsed, NotParsed> {
    let written = text::read(text)?;
    let number = tables.plans.parse(&written, tables.plan_of(region))?;
    Ok(Parsed { number, extension: written.extension })
}
