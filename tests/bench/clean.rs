//! Speed of the main job as ratios: a plain single-threaded csv copy, `clean` and `inspect` of one generated
//! list, in one run on one machine.
//!
//! `cargo bench --bench clean` measures 2 million rows (`-- ROWS` for another size); under `cargo test` a smoke
//! size runs, so that the harness does not rot.
//!
//! Both sides read a list that was just written, so from the page cache, and both end with their output synced
//! to disk. Rounds alternate between what is compared, the best of each counts. CPU time stands beside wall
//! time, because other work on the machine stretches the second and hardly the first.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a harness prints, and stops when it cannot go on"
)]

mod generate;
mod watch;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use watch::{Taken, cpu, watched};

const BIN: &str = env!("CARGO_BIN_EXE_contactable");

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

    let mut rounds: [Vec<Taken>; 4] = Default::default();
    for _ in 0..runs {
        rounds[0].push(copy(&list, &dir.join("copy.csv")));
        rounds[1].push(contactable(&dir, &["clean"], &list, true));
        rounds[2].push(contactable(&dir, &["clean", "--threads", "1"], &list, true));
        rounds[3].push(contactable(&dir, &["inspect"], &list, false));
    }
    let [copy, clean, one, inspect] = rounds.map(best);
    print("csv copy, one thread", rows, &copy, &copy);
    print("clean", rows, &clean, &copy);
    print("clean --threads 1", rows, &one, &copy);
    print("inspect", rows, &inspect, &copy);
    let written: u64 =
        fs::read_dir(dir.join("run")).unwrap().flatten().map(|f| f.metadata().unwrap().len()).sum();
    println!(
        "the run directory holds {:.1} MB, {:.2} of the input",
        written as f64 / 1e6,
        written as f64 / size as f64
    );
    let same = best((0..runs).map(|_| copy_as_much(&list, &dir.join("copy.csv"), written)).collect());
    print("csv read + as many bytes written", rows, &same, &copy);
    println!("clean / that: {:.2}", ratio(&clean, &same));
    let small = contactable(&dir, &["clean"], &half, true);
    let slope = (clean.peak_kib as f64 - small.peak_kib as f64) * 1024.0 / (rows - rows / 2) as f64;
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

fn best(runs: Vec<Taken>) -> Taken {
    runs.into_iter().min_by_key(|t| t.wall).unwrap()
}

fn ratio(a: &Taken, b: &Taken) -> f64 {
    a.wall.as_secs_f64() / b.wall.as_secs_f64()
}

fn print(what: &str, rows: u64, taken: &Taken, copy: &Taken) {
    println!(
        "{what:<34} {:>8.3} s {:>9.0} rows/s {:>6.2} x copy; cpu {:>7.2} s {:>6.2} x copy; {:>5} MiB peak",
        taken.wall.as_secs_f64(),
        rows as f64 / taken.wall.as_secs_f64(),
        ratio(taken, copy),
        taken.cpu.as_secs_f64(),
        taken.cpu.as_secs_f64() / copy.cpu.as_secs_f64(),
        taken.peak_kib >> 10,
    );
}

/// One thread of the csv crate, reading every record and writing it again.
fn copy(from: &Path, to: &Path) -> Taken {
    copy_as_much(from, to, fs::metadata(from).unwrap().len())
}

/// The same, writing the records again until `bytes` are written.
fn copy_as_much(from: &Path, to: &Path, bytes: u64) -> Taken {
    let me = std::process::id();
    let (start, used) = (Instant::now(), cpu(me).unwrap());
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
    Taken { wall: start.elapsed(), cpu: cpu(me).unwrap() - used, peak_kib: 0 }
}

/// The program itself, as a process; its peak memory and CPU time are read from /proc while it runs.
fn contactable(dir: &Path, args: &[&str], list: &Path, out: bool) -> Taken {
    let run = dir.join("run");
    if out {
        let _ = fs::remove_dir_all(&run);
    }
    let mut command = Command::new(BIN);
    command.args(args).arg(list);
    if out {
        command.args(["--send-date", "2026-11-21", "--out"]).arg(&run);
    }
    watched(command)
}
