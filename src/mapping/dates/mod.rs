//! Date cells → [`Stamp`](crate::record::Stamp).
//!
//! Knows how dates are written; knows neither today nor which column matters. Nothing here allocates.
//!
//! Read: ISO 8601 and its cousins (RFC 3339, `2026-07-21 12:53:04.123 +0000 UTC` as Go prints it, basic
//! `20110122T111244`), RFC 5322, Unix seconds and milliseconds, `3/4/2025` and `04.03.25` with or without a
//! time, month names in many languages. Two-digit years follow POSIX `strptime`: 69–99 are 1969–1999, 00–68
//! are 2000–2068. Dotted dates are day first (no CLDR locale writes month first with dots), unless other cells of
//! their column cannot be.
//! An Excel serial number (`45718`) is never read: whether day 1 is in 1900 or 1904 stands in no CSV.

mod calendar;
mod numeric;
mod order;
mod parse;
mod spoken;
#[cfg(test)]
mod tests;

pub use numeric::DateRules;
pub use order::OrderVotes;
pub(crate) use parse::plausible;
pub use parse::{parse, trouble};
