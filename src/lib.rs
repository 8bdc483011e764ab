//! `contactable` cleans contact lists and audits consent.
//!
//! The modules stand in layers, lowest first; each uses only what stands above it in this list
//! (`tests/it/tidy.rs` keeps this). `pipeline` is the program on one page.

pub mod record;

pub mod spill;

pub mod dns;

pub mod reason;

pub mod data;

pub mod email;

pub mod phone;

pub mod consent;

pub mod suppress;

pub mod ledger;

pub mod link;

pub mod decide;

pub mod source;

pub mod mapping;

pub mod report;

pub mod output;

pub mod plan;

pub mod pipeline;

pub mod cli;
