//! Built-in facts: embedded files, parsed once into checked tables.
//!
//! Knows words, patterns and rules with their sources; knows nothing of rows or contacts.

pub mod names;
//! Embedded tables, checked when they are read: what a country is called, what the law of a place says.
//!
//! Knows no contact and no date of sending.

pub mod country;
pub mod jurisdiction;

pub use jurisdiction::rulebooks;
//! Embedded lists and rules as checked tables: the data a list owner or a lawyer could review.

pub mod domains;
//! Facts as data: embedded files made into checked tables.
//!
//! Knows nothing of contacts; each table says where its facts come from and of which day they are.

pub mod phone;
//! The built-in tables: embedded text → checked tables.
//!
//! Knows what the tables say, each with its source and date; knows no contact and reads no file of the user.

pub mod dictionary;
pub mod fold;
pub mod format;
mod format_files;
pub mod words;

pub use format::formats;
