//! `formats`: the vendor layouts that are recognised.

use crate::cli::end::{End, Exit};
use crate::cli::near::unknown;
use crate::data::format::formats;
use clap::Args;
use std::io::Write;

/// What `formats` takes.
#[derive(Debug, Args)]
pub(super) struct FormatsArgs {
    /// Show this entry only, in full
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// Prints the vendor layouts, or one in full.
pub(super) fn run(args: &FormatsArgs, out: &mut dyn Write) -> Result<Exit, End> {
    match &args.id {
        None => {
            for format in formats() {
                writeln!(out, "{:<32} {:<14} {}", format.id, format.kind.word(), format.vendor)?;
            }
        }
        Some(id) => {
            let ids = || formats().iter().map(|format| format.id.as_str());
            let format =
                formats().iter().find(|f| f.id == *id).ok_or_else(|| unknown("format", id, ids()))?;
            write!(out, "{format}")?;
        }
    }
    Ok(Exit::Done)
}
