//! What a run writes: private files that appear whole or not at all, and the cells in them.
//!
//! Knows no rule and no reason: it is handed finished lines.

mod atomic_file;
mod cells;
mod out_file;
mod run_dir_writer;

pub use atomic_file::{AtomicFile, folder};
pub use cells::{Line, digits, is_formula};
pub use out_file::{OutFile, Written, hex, push_hex};
pub use run_dir_writer::RunDirWriter;
