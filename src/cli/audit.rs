//! `audit`: as `clean`, without lists; without `--out` nothing stays but what is printed.

use crate::cli::clean::RunArgs;
use crate::cli::end::{End, Exit};
use crate::plan::{ListStandard, WritePlan};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// What `audit` takes.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Directory to write; without it the result is only told
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

/// Audits; `typed` are the options as the report records them.
pub(super) fn run(
    args: AuditArgs,
    typed: Vec<String>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<Exit, End> {
    let temporary = || std::env::temp_dir().join(format!("contactable-audit-{}", std::process::id()));
    let write = WritePlan {
        written: args.out.is_some(),
        out: args.out.unwrap_or_else(temporary),
        replace: args.run.replace,
        lists: ListStandard::Contactable,
        lists_full: false,
        split_by: None,
        proof: true,
        audit: true,
        spreadsheet_safe: args.run.spreadsheet_safe,
    };
    args.run.run(write, typed, stdout, stderr)
}
