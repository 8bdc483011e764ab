//! The tally of a run becomes its audit, advice and manifest. Reads no row.

pub(crate) mod advice;
pub(crate) mod audit;
pub(crate) mod evidence;
pub(crate) mod file_findings;
pub(crate) mod manifest;
pub(crate) mod outlook;
