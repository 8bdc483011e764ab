//! `contactable` cleans contact lists and audits consent.
//!
//! The modules stand in layers, lowest first; each uses only what stands above it in this list
//! (`tests/it/tidy.rs` keeps this). `pipeline` is the program on one page.

pub mod data;
pub mod email;
pub mod reason;
pub mod record;
