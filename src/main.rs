//! The program: arguments and streams in, an exit code out.

use std::process::ExitCode;

/// Blocks of a megabyte come and go between threads; the system's allocator would fault each in again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (mut stdout, mut stderr) = (std::io::stdout(), std::io::stderr());
    let exit = contactable::cli::run(std::env::args_os(), &mut stdout, &mut stderr);
    ExitCode::from(exit as u8)
}
