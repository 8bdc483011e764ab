//! What a whole command takes, watched from outside: wall time, CPU time and peak memory from /proc.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one whole command took.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) wall: Duration,
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
    pub(crate) peak_kib: u64,
}

/// Runs a command to its end, which must be a good one.
pub(crate) fn watched(mut command: Command) -> Taken {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
    let (mut peak_kib, mut used) = (0, Duration::ZERO);
    let status = loop {
        used = cpu(child.id()).unwrap_or(used);
        peak_kib = peak(child.id()).unwrap_or(peak_kib);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed();
    assert!(status.success(), "{command:?} ended with {status}");
    Taken { wall, cpu: used, peak_kib }
}

/// User and system time of a process and its threads: fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms.
pub(crate) fn cpu(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
