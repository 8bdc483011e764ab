//! References in other languages: run where they are installed, left out where they are not.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs a script that prints a version and a number of nanoseconds; `PYTHON` names another interpreter than `python3`.
pub(crate) fn python(script: &str, input: &str) -> Option<(String, f64)> {
    let program = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut child = Command::new(program)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // A script that lacks its package ends before it has read all.
    let _ = child.stdin.take()?.write_all(input.as_bytes());
    let said = child.wait_with_output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let (version, ns) = said.trim().split_once(' ')?;
    Some((version.to_owned(), ns.parse().ok()?))
}
