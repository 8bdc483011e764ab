//! What to do, complete and valid: options as typed, then the profile, then defaults.
//!
//! A plan cannot be wrong: every date is a date, every file is named, every word is known. Each command has its own;
//! those that read sources share [`ReadPlan`]. Knows no clock and no argument parser.

mod check;
mod clean;
mod judging;
mod profile;
mod read;
mod sources;
mod suppress;
mod values;

pub use crate::plan::check::{CheckPlan, CheckSettings, DatedFile};
pub use crate::plan::clean::{CleanOptions, CleanPlan, FailOn, LawPlan, Limit, ListStandard, WritePlan};
pub use crate::plan::judging::{Judging, JudgingOptions, ListRole, PHONE, SuppliedList};
pub use crate::plan::profile::{Profile, ProfileKey, Strictness};
pub use crate::plan::read::{Assertion, ReadOptions, ReadPlan};
pub use crate::plan::sources::{EARLIER, OfFile, RegisterFile, Source, SourceOptions, file_name};
pub use crate::plan::suppress::{HASHES, SuppressPlan, SuppressSettings};
pub use crate::plan::values::{AUDIENCES, MEMORY, channels, country, day, memory, server, threads};
