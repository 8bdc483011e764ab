//! The built-in tables: embedded text → checked tables.
//!
//! Knows what the tables say, each with its source and date; knows no contact and reads no file of the user.

pub mod dictionary;
pub mod fold;
pub mod format;
mod format_files;
pub mod words;

pub use format::formats;
