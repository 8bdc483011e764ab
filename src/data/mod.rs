//! The built-in tables: embedded text → checked tables, each with its source and the day of its facts.
//!
//! What a list owner or a lawyer could review stands here as data. Knows words, patterns and rules; knows no
//! contact, no date of sending, and reads no file of the user.

/// Declares tables of a file: a key that none of them has does not load.
macro_rules! tables {
    ($($table:item)*) => {$(
        #[derive(Debug, Clone, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $table
    )*};
}

mod built_in;
pub mod country;
pub mod dictionary;
pub mod domains;
pub mod fold;
pub mod footer;
pub mod format;
pub mod frequency;
pub mod imports;
pub mod jurisdiction;
pub mod marks;
pub mod names;
pub mod networks;
pub mod phone;
pub mod places;
pub mod remarks;
pub mod suffixes;
pub mod update;
pub mod vocabulary;
pub mod words;
pub(crate) mod wrap;

pub use crate::data::country::{Country, country};
pub use crate::data::format::formats;
pub use crate::data::imports::imports;
pub use crate::data::jurisdiction::rulebooks;
