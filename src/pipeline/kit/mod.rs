//! Bytes and counters that every stage shares. Knows no stage.

pub(crate) mod blocks;
pub(crate) mod bytes;
pub(crate) mod cells;
pub(crate) mod counts;
pub(crate) mod keys;
pub(crate) mod opt_outs;
pub(crate) mod ordered;
pub(crate) mod post_key;
pub(crate) mod proofs;
pub(crate) mod row_sheet;
pub(crate) mod run;
pub(crate) mod run_dir;
pub(crate) mod shared_facts;
pub(crate) mod suppression_line;
pub(crate) mod tally;
