//! `generate`: the man pages and completions, from the declaration of the arguments; the schema, from the types.

use crate::cli::end::{End, Exit};
use crate::record::Failure;
use clap::{Command, Subcommand};
use std::io::Write;

/// What is made.
#[derive(Debug, Subcommand)]
pub(super) enum GenerateJob {
    /// Print the man page of the program, or of one of its commands
    Man {
        /// Command to tell of
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
    /// Print completions for a shell
    Completions {
        /// Shell to make them for
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print the JSON Schema of report.json
    Schema,
}

/// Prints what was asked for; `command` is the declared command line.
pub(super) fn run(job: &GenerateJob, mut command: Command, stdout: &mut dyn Write) -> Result<Exit, End> {
    let mut made = Vec::new();
    match job {
        GenerateJob::Man { command: None } => clap_mangen::Man::new(command).render(&mut made)?,
        GenerateJob::Man { command: Some(name) } => {
            command.build();
            let found = command.find_subcommand(name).cloned().ok_or_else(|| {
                Failure::usage("there is no such command").at("man").hint("`contactable help` lists them")
            })?;
            clap_mangen::Man::new(found).render(&mut made)?;
        }
        GenerateJob::Completions { shell } => {
            clap_complete::generate(*shell, &mut command, "contactable", &mut made);
        }
        GenerateJob::Schema => made.extend_from_slice(crate::report::schema().as_bytes()),
    }
    stdout.write_all(&made)?;
    stdout.flush()?;
    Ok(Exit::Done)
}
