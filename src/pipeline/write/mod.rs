//! Decided contacts become lines of files. Decides nothing.

pub(crate) mod account_counts;
pub(crate) mod contact_line;
pub(crate) mod decisions;
pub(crate) mod event_rows;
pub(crate) mod expiring;
pub(crate) mod files;
pub(crate) mod finding_detail;
pub(crate) mod findings;
pub(crate) mod lists;
pub(crate) mod out;
pub(crate) mod person_findings;
pub(crate) mod repermission;
pub(crate) mod second_pass;
pub(crate) mod split;
pub(crate) mod suppression;
