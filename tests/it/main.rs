//! One test program: user jobs, tables, laws.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "measurements are shown with --nocapture")]

mod account;
mod adversary;
mod ahead;
mod compare;
mod consent;
mod dates;
mod demo;
#[cfg(feature = "dns")]
mod dns;
mod docs;
mod edge_cases;
mod email;
mod explain;
mod faults;
mod files;
mod findings;
mod formats;
mod handles;
mod hearing;
mod hints;
mod inspect;
mod json_schema;
mod judging;
mod jurisdictions;
mod laws;
mod link;
mod options;
mod own_rulebooks;
mod phone;
mod previous;
mod reading;
mod real;
mod refusals;
mod registers;
mod report;
mod run;
mod same_person;
mod screen;
mod start;
mod suppress;
mod tidy;
mod traps;
mod validators;
