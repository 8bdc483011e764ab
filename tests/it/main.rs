//! One test program: user jobs, tables, laws.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod tidy;
mod report;
mod link;
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod reading;
mod consent;
mod jurisdictions;
mod email;
mod phone;
mod formats;
