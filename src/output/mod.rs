//! What a run writes: private files that appear whole or not at all, and the cells in them.
//!
//! Knows no rule and no reason: it is handed finished lines.

mod cells;
mod rundir;
mod whole;

pub use cells::{Line, digits, is_formula};
pub use rundir::{OutFile, RunDir, Written, hex};
pub use whole::WholeFile;
