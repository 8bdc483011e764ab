//! What a run writes: private files that appear whole or not at all, and the cells in them.
//!
//! Knows no rule and no reason: it is handed finished lines.

mod cells;
mod file;
mod rundir;
mod whole;

pub use cells::{Line, digits, is_formula};
pub use file::{OutFile, Written, hex};
pub use rundir::RunDir;
pub use whole::WholeFile;
