//! `reasons`: the reason table.

use crate::cli::end::{End, Exit};
use crate::cli::near::unknown;
use crate::reason::Reason;
use clap::Args;
use std::io::Write;

/// What `reasons` takes.
#[derive(Debug, Args)]
pub(super) struct ReasonsArgs {
    /// Show this entry only, in full
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// Prints the reason table, or one reason in full.
pub(super) fn run(args: &ReasonsArgs, out: &mut dyn Write) -> Result<Exit, End> {
    match &args.id {
        None => {
            for reason in Reason::ALL {
                writeln!(out, "{:<32} {:<8} {}", reason.id(), reason.effect().word(), reason.sentence())?;
            }
        }
        Some(id) => {
            let reason = Reason::from_id(id)
                .ok_or_else(|| unknown("reason", id, Reason::ALL.iter().map(|reason| reason.id())))?;
            writeln!(
                out,
                "{}\n  {}\n  effect      {}",
                reason.id(),
                reason.sentence(),
                reason.effect().word()
            )?;
            for example in reason.hits() {
                writeln!(out, "  found on    {example:?}")?;
            }
            for example in reason.near_misses() {
                writeln!(out, "  not on      {example:?}")?;
            }
        }
    }
    Ok(Exit::Done)
}
