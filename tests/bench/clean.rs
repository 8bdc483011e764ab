//! Speed of the main job as ratios: a plain single-threaded csv copy, `clean` and `inspect` of one generated
//! list, in one run on one machine.
//!
//! `cargo bench --bench clean` measures 2 million rows (`-- ROWS` for another size); under `cargo test` a smoke
//! size runs, so that the harness does not rot.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a harness prints, and stops when it cannot go on"
)]

mod generate;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BIN: &str = env!("CARGO_BIN_EXE_contactable");

/// What one whole command took.
struct Taken {
    wall: Duration,
    peak_kib: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let measure = args.iter().any(|a| a == "--bench");
    let rows = args.iter().find_map(|a| a.parse().ok()).unwrap_or(if measure { 2_000_000 } else { 2_000 });
    let runs = if measure { 3 } else { 1 };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-clean");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    let list = dir.join("list.csv");
    let half = dir.join("half.csv");
    write_list(&list, rows);
    write_list(&half, rows / 2);
    let size = fs::metadata(&list).unwrap().len();
    println!("{rows} rows, {:.1} MB, 12 columns, best of {runs}", size as f64 / 1e6);

    let copy = best(runs, || copy(&list, &dir.join("copy.csv")));
    print("csv copy, one thread", rows, &copy, &copy);
    let clean = best(runs, || contactable(&dir, &["clean"], &list, true));
    print("clean", rows, &clean, &copy);
    let one = best(runs, || contactable(&dir, &["clean", "--threads", "1"], &list, true));
    print("clean --threads 1", rows, &one, &copy);
    let inspect = best(runs, || contactable(&dir, &["inspect"], &list, false));
    print("inspect", rows, &inspect, &copy);
    let written: u64 =
        fs::read_dir(dir.join("run")).unwrap().flatten().map(|f| f.metadata().unwrap().len()).sum();
    println!(
        "the run directory holds {:.1} MB, {:.2} of the input",
        written as f64 / 1e6,
        written as f64 / size as f64
    );
    let same = best(runs, || copy_as_much(&list, &dir.join("copy.csv"), written));
    print("csv read + as many bytes written", rows, &same, &copy);
    println!("clean / that: {:.2}", ratio(&clean, &same));
    let small = best(1, || contactable(&dir, &["clean"], &half, true));
    let slope = (clean.peak_kib.saturating_sub(small.peak_kib)) as f64 * 1024.0 / (rows - rows / 2) as f64;
    println!(
        "memory: {} MiB at {} rows, {} MiB at {rows}: {slope:.1} bytes a row",
        small.peak_kib >> 10,
        rows / 2,
        clean.peak_kib >> 10
    );
    fs::remove_dir_all(&dir).unwrap();
}

fn write_list(path: &Path, rows: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    generate::contacts(rows, 1, &mut out).unwrap();
    out.flush().unwrap();
}

fn best(runs: u32, mut run: impl FnMut() -> Taken) -> Taken {
    (0..runs).map(|_| run()).min_by_key(|t| t.wall).unwrap()
}

fn ratio(a: &Taken, b: &Taken) -> f64 {
    a.wall.as_secs_f64() / b.wall.as_secs_f64()
}

fn print(what: &str, rows: u64, taken: &Taken, copy: &Taken) {
    println!(
        "{what:<34} {:>9.3} s {:>11.0} rows/s {:>6.2} x copy {:>7} MiB peak",
        taken.wall.as_secs_f64(),
        rows as f64 / taken.wall.as_secs_f64(),
        ratio(taken, copy),
        taken.peak_kib >> 10,
    );
}

/// One thread of the csv crate, reading every record and writing it again.
fn copy(from: &Path, to: &Path) -> Taken {
    copy_as_much(from, to, fs::metadata(from).unwrap().len())
}

/// The same, writing the records again until `bytes` are written.
fn copy_as_much(from: &Path, to: &Path, bytes: u64) -> Taken {
    let start = Instant::now();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(from).unwrap();
    let mut writer = csv::Writer::from_path(to).unwrap();
    let mut record = csv::ByteRecord::new();
    let times = bytes.div_ceil(fs::metadata(from).unwrap().len().max(1));
    let mut written = 0;
    while reader.read_byte_record(&mut record).unwrap() {
        for _ in 0..times {
            if written < bytes {
                writer.write_byte_record(&record).unwrap();
                written += record.as_slice().len() as u64 + record.len() as u64;
            }
        }
    }
    writer.into_inner().unwrap().sync_all().unwrap();
    Taken { wall: start.elapsed(), peak_kib: 0 }
}

/// The program itself, as a process; its peak memory is read from /proc while it runs.
fn contactable(dir: &Path, args: &[&str], list: &Path, out: bool) -> Taken {
    let run = dir.join("run");
    let _ = fs::remove_dir_all(&run);
    let mut command = Command::new(BIN);
    command.args(args).arg(list).args(["--send-date", "2026-11-21"]);
    if out {
        command.arg("--out").arg(&run);
    }
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut peak_kib = 0;
    let status = loop {
        if let Some(kib) = peak(child.id()) {
            peak_kib = kib;
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed();
    assert!(status.success(), "{args:?} ended with {status}");
    Taken { wall, peak_kib }
}

fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
