//! How a command ends: its exit code, or why it stopped early.

use crate::record::{Failure, FailureKind};
use serde::Serialize;
use std::io::{self, Write};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Could not, or would not: nothing was published.
    Failed = 1,
    /// Usage, profile, or a question to answer.
    Usage = 2,
    /// Done completely, and a gate found something.
    Found = 3,
    /// Interrupted; nothing was published.
    Interrupted = 130,
}

/// Why a command stopped early.
pub(super) enum End {
    /// Whoever read our output has gone: no failure.
    Closed,
    /// Anything else.
    Failed(Failure),
}

impl End {
    /// Says why, and gives the exit code.
    pub(super) fn exit(self, interrupted: bool, stderr: &mut dyn Write) -> Exit {
        match self {
            Self::Closed => Exit::Done,
            Self::Failed(_) if interrupted => {
                let _ = writeln!(stderr, "interrupted; nothing was published");
                Exit::Interrupted
            }
            Self::Failed(failure) => {
                let _ = writeln!(stderr, "error: {failure}");
                match failure.kind {
                    FailureKind::Run => Exit::Failed,
                    FailureKind::Usage => Exit::Usage,
                }
            }
        }
    }
}

/// Prints the help that was asked for, or what is wrong with the arguments.
pub(super) fn usage(error: &clap::Error, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Exit {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(stderr, "{text}");
        Exit::Usage
    } else {
        let _ = write!(stdout, "{text}");
        Exit::Done
    }
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::Failed(Failure::io("write the result", "stdout", &error))
        }
    }
}

/// A result as indented JSON, without a line end.
pub(super) fn json(result: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(result).map_err(|e| Failure::run(format!("cannot write JSON: {e}")))
}
