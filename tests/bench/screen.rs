//! Speed and memory of `check` as ratios to a plain single-threaded read-and-write of the list, in one run on one
//! machine, beside `qsv exclude` and DuckDB's `ANTI JOIN` where they are installed.
//!
//! `cargo bench --bench screen` checks 2 million rows against 10 million entries (`-- ROWS ENTRIES` for other
//! sizes, ENTRIES may be 100000000); under `cargo test` a smoke size runs. The list is read from the page cache and
//! everything is synced to disk at its end. Loading a list is measured apart, by a check of its first row.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a harness prints, and stops when it cannot go on"
)]

mod watch;

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use watch::{Taken, cpu, watched};

const BIN: &str = env!("CARGO_BIN_EXE_contactable");

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let measure = args.iter().any(|a| a == "--bench");
    let mut sizes = args.iter().filter_map(|a| a.parse::<u64>().ok());
    let rows = sizes.next().unwrap_or(if measure { 2_000_000 } else { 2_000 });
    let entries = sizes.next().unwrap_or(if measure { 10_000_000 } else { 5_000 });
    let runs = if measure { 3 } else { 1 };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-screen");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    let (list, one, stop, index) =
        (dir.join("list.csv"), dir.join("one.csv"), dir.join("unsubscribed.csv"), dir.join("stop.idx"));
    let (allowed, out) = (write_list(&list, rows), dir.join("out.csv"));
    write_list(&one, 1);
    write_stop(&stop, rows, entries);
    let size = fs::metadata(&list).unwrap().len();
    println!("{rows} rows, {:.1} MB, against {entries} entries; best of {runs}", size as f64 / 1e6);

    let made = program(&["suppress"], &[&stop], &["--replace", "--out"], &index);
    println!("suppress to an index: {:.2} s, {} MiB peak", made.wall.as_secs_f64(), made.peak_kib >> 10);
    let check = |list: &Path, against: &Path| {
        let more = ["--channel", "email", "--send-date", "2026-11-21", "--against"];
        let more: Vec<&str> = more.into_iter().chain([against.to_str().unwrap(), "--out"]).collect();
        program(&["check"], &[list], &more, &out)
    };
    let best = |taken: &dyn Fn() -> Taken| (0..runs).map(|_| taken()).min_by_key(|t| t.wall).unwrap();
    let plain = best(&|| copy(&list, &dir.join("copy.csv")));
    show("read and write, one thread", plain, plain);
    let load = best(&|| check(&one, &index));
    show("check, index: loading alone", load, plain);
    let whole = best(&|| check(&list, &index));
    assert_eq!(fs::read(&out).unwrap().iter().filter(|b| **b == b'\n').count() as u64, allowed + 1);
    show("check, index: whole", whole, plain);
    let pass = Taken {
        wall: whole.wall.saturating_sub(load.wall),
        cpu: whole.cpu.saturating_sub(load.cpu),
        ..whole
    };
    show("check, index: the list alone", pass, plain);
    let load = best(&|| check(&one, &stop));
    show("check, plain list: loading alone", load, plain);
    show("check, plain list: whole", best(&|| check(&list, &stop)), plain);
    let floor = program_floor(&check, &one, &dir).peak_kib;
    let above = check(&one, &index).peak_kib as f64 - floor as f64;
    println!("memory: {:.2} bytes an entry above {} MiB", above * 1024.0 / entries as f64, floor >> 10);
    rivals(&list, &stop, &dir, plain);
    fs::remove_dir_all(&dir).unwrap();
}

/// A check against one entry: what the program takes anyway.
fn program_floor(check: &dyn Fn(&Path, &Path) -> Taken, one: &Path, dir: &Path) -> Taken {
    let small = dir.join("unsubscribed-small.csv");
    fs::write(&small, "email\nx@y.example\n").unwrap();
    check(one, &small)
}

fn show(what: &str, taken: Taken, copy: Taken) {
    println!(
        "{what:<34} {:>8.3} s {:>7.2} x read-and-write; cpu {:>6.2} s {:>6.2} x; {:>6} MiB peak",
        taken.wall.as_secs_f64(),
        taken.wall.as_secs_f64() / copy.wall.as_secs_f64(),
        taken.cpu.as_secs_f64(),
        taken.cpu.as_secs_f64() / copy.cpu.as_secs_f64().max(0.01),
        taken.peak_kib >> 10,
    );
}

/// Whether person `i` of the list left.
const fn left(i: u64) -> bool {
    i % 10 == 3
}

fn email(i: u64) -> String {
    format!("ann.lee{i}@fernhill{}.co.uk", i % 50)
}

/// Writes a campaign list; says how many of it may stay.
fn write_list(path: &Path, rows: u64) -> u64 {
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "first_name,last_name,email,phone,city,country,segment,last_order").unwrap();
    for i in 0..rows {
        let (a, b) = (i % 1_000_000, i % 28 + 1);
        writeln!(out, "Ann{i},Lee,{},+447911{a:06},Leeds,GB,\"loyal, spring\",2026-10-{b:02}", email(i))
            .unwrap();
    }
    out.flush().unwrap();
    (0..rows).filter(|i| !left(*i)).count() as u64
}

fn write_stop(path: &Path, rows: u64, entries: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "email").unwrap();
    for i in 0..entries {
        let listed = (i < rows && left(i)).then(|| email(i));
        writeln!(out, "{}", listed.unwrap_or_else(|| format!("p{i}@other{}.org", i % 977))).unwrap();
    }
    out.flush().unwrap();
}

/// One thread that reads the list in pieces and writes them again.
fn copy(from: &Path, to: &Path) -> Taken {
    let me = std::process::id();
    let (start, used) = (Instant::now(), cpu(me).unwrap_or_default());
    let (mut from, mut to) = (File::open(from).unwrap(), File::create(to).unwrap());
    let mut piece = vec![0; 1 << 18];
    loop {
        match from.read(&mut piece).unwrap() {
            0 => break,
            n => to.write_all(&piece[..n]).unwrap(),
        }
    }
    to.sync_all().unwrap();
    Taken { wall: start.elapsed(), cpu: cpu(me).unwrap_or_default().saturating_sub(used), peak_kib: 0 }
}

/// The program itself, as a process; its peak memory is read from /proc while it runs.
fn program(command: &[&str], paths: &[&Path], more: &[&str], out: &Path) -> Taken {
    let mut process = Command::new(BIN);
    process.args(command).args(paths).args(more).arg(out).args(["--quiet"]);
    watched(process)
}

/// A command that does the same job, and how it is told to do it.
struct Rival {
    name: &'static str,
    program: &'static str,
    /// Ends well where it is installed.
    probe: &'static [&'static str],
    args: Vec<String>,
}

/// Others at the same job: exact addresses only, no hash, no alias, no reason.
fn rivals(list: &Path, stop: &Path, dir: &Path, plain: Taken) {
    let (list, stop) = (list.to_str().unwrap(), stop.to_str().unwrap());
    let out = dir.join("rival.csv");
    let out = out.to_str().unwrap();
    let exclude = ["exclude", "--ignore-case", "email", list, "email", stop, "--output", out];
    let exclude = exclude.map(str::to_owned).to_vec();
    let sql = format!(
        "SET enable_progress_bar = false; COPY (SELECT l.* FROM read_csv('{list}', all_varchar=true) l ANTI JOIN read_csv('{stop}', \
         all_varchar=true) s ON lower(l.email) = lower(s.email)) TO '{out}' (HEADER)"
    );
    let python = vec!["-c".to_owned(), format!("import duckdb; duckdb.execute(\"{sql}\")")];
    let rival = |name, program, probe, args| Rival { name, program, probe, args };
    let rivals = [
        [
            rival("qsv exclude", "qsv", &["--version"], exclude.clone()),
            rival("qsv exclude", "qsvlite", &["--version"], exclude),
        ],
        [
            rival("duckdb, anti join", "duckdb", &["--version"], vec!["-c".to_owned(), sql]),
            rival("duckdb, anti join", "python3", &["-c", "import duckdb"], python),
        ],
    ];
    for ways in rivals {
        let installed = |rival: &&Rival| {
            let mut command = Command::new(rival.program);
            command.args(rival.probe).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|s| s.success())
        };
        match ways.iter().find(installed) {
            Some(rival) => {
                let mut command = Command::new(rival.program);
                command.args(&rival.args);
                show(rival.name, watched(command), plain);
            }
            None => println!("{} is not installed: not compared", ways[0].name),
        }
    }
}
