//! Rows find each other: bulk consents, shared events, companion rows, the previous run. Decides nothing.

pub(crate) mod bulk_consents;
pub(crate) mod companion_rows;
pub(crate) mod previous_ids;
pub(crate) mod previous_run;
pub(crate) mod share;
