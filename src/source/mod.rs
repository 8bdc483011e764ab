//! Bytes ↔ rows, and what the columns mean.

mod columns;
pub mod dates;
pub mod look;
pub mod mapping;
pub mod permission;
pub mod recognise;
