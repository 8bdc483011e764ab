//! Built-in facts: embedded files, parsed once into checked tables.
//!
//! Knows words, patterns and rules with their sources; knows nothing of rows or contacts.

pub mod names;
