//! One row after the other: points checked, facts tied to them, refusals and consents noted. Knows no other row and no law.

pub(crate) mod attach_events;
pub(crate) mod blocks;
pub(crate) mod consent_stats;
pub(crate) mod dns;
pub(crate) mod first_pass;
pub(crate) mod index_lists;
pub(crate) mod listed_refusals;
mod one_column;
pub(crate) mod refusals;
pub(crate) mod row;
pub(crate) mod row_refusals;
