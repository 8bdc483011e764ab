//! `contactable` cleans contact lists and audits consent.
//!
//! The modules stand in layers, lowest first; each uses only what stands above it in this list
//! (`tests/it/tidy.rs` keeps this). `pipeline` is the program on one page.

pub mod record;

pub mod reason;

pub mod spill;

pub mod suppress;

pub mod ledger;

pub mod output;

pub mod pipeline;
pub mod report;
pub mod data;
pub mod link;
pub mod consent;
pub mod data;
pub mod data;
pub mod email;
pub mod data;
pub mod phone;
pub mod reason;
pub mod record;
pub mod spill;
pub mod data;
pub mod reason;
pub mod record;
pub mod source;
