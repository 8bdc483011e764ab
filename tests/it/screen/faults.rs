//! Faults: nothing passes that was not checked, and what is damaged is refused before a byte leaves.

use super::super::run::{contactable, shell};
use super::{Scratch, check};
use contactable::cli::Exit;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

fn program(scratch: &Scratch, list: &str, against: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contactable"));
    let list = if list == "-" { "-".into() } else { scratch.path(list) };
    command.arg("check").arg(list).args(["--channel", "email", "--send-date", "2026-11-21", "--quiet"]);
    command.arg("--against").arg(scratch.path(against)).args(more).stdin(Stdio::null());
    command
}

fn lists(scratch: &Scratch, rows: usize) -> String {
    use std::fmt::Write as _;
    let (mut list, mut stop) = ("name,email\n".to_owned(), "email\n".to_owned());
    for i in 0..rows {
        let _ = writeln!(list, "Canary {i},canary{i}@fernhill.co.uk");
        if i % 3 == 0 {
            let _ = writeln!(stop, "canary{i}@fernhill.co.uk");
        }
    }
    scratch.write(&[("list.csv", &list), ("stop.csv", &stop)]);
    list
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Every line that left may leave, and is whole.
fn only_allowed(bytes: &[u8], list: &str) {
    let text = std::str::from_utf8(bytes).unwrap();
    let allowed = |at: usize| at == 0 || !(at - 1).is_multiple_of(3);
    let mut lines = list.split_inclusive('\n').enumerate().filter(|(at, _)| allowed(*at)).map(|(_, l)| l);
    for line in text.split_inclusive('\n') {
        assert_eq!(Some(line), lines.next(), "a line that was not checked left");
    }
}

fn names_nobody(output: &Output) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!text.to_lowercase().contains("canary") && !text.contains("panicked"), "{text}");
}

/// The program checking what comes through a pipe.
fn stream(scratch: &Scratch) -> (Child, ChildStdin, ChildStdout) {
    let mut program = program(scratch, "-", "stop.csv", &[]);
    let mut child =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    (child, stdin, stdout)
}

#[test]
fn a_stream_is_checked_as_it_comes() {
    let scratch = Scratch::new();
    let list = lists(&scratch, 40_000);
    let (mut child, mut stdin, mut stdout) = stream(&scratch);
    let (first, rest) = list.as_bytes().split_at(list.len() - 200_000);
    let (go_on, told) = std::sync::mpsc::channel();
    let mut head = vec![0; 1000];
    std::thread::scope(|scope| {
        scope.spawn(move || {
            stdin.write_all(first).unwrap();
            told.recv().unwrap();
            stdin.write_all(rest).unwrap();
        });
        // Rows leave while others are still to come.
        stdout.read_exact(&mut head).unwrap();
        go_on.send(()).unwrap();
        stdout.read_to_end(&mut head).unwrap();
    });
    assert!(child.wait().unwrap().success());
    only_allowed(&head, &list);
    assert_eq!(head.iter().filter(|b| **b == b'\n').count(), 1 + 26_666);
}

/// Behind the head, a row leaves when it has come in, whatever comes after it.
#[test]
fn a_row_need_not_wait_for_the_next() {
    let scratch = Scratch::new();
    let list = lists(&scratch, 10_000);
    let (mut child, mut stdin, mut stdout) = stream(&scratch);
    let allowed = |list: &str| {
        let stays = |(at, _): &(usize, &str)| *at == 0 || !(at - 1).is_multiple_of(3);
        list.split_inclusive('\n').enumerate().filter(stays).map(|(_, line)| line.len()).sum::<usize>()
    };
    let mut left = vec![0; allowed(&list)];
    std::thread::scope(|scope| {
        let stdin = &mut stdin;
        scope.spawn(move || stdin.write_all(list.as_bytes()).unwrap());
        stdout.read_exact(&mut left).unwrap();
    });
    for name in ["late", "later"] {
        let row = format!("{name},{name}@fernhill.co.uk\n");
        stdin.write_all(row.as_bytes()).unwrap();
        let mut came = vec![0; row.len()];
        stdout.read_exact(&mut came).unwrap();
        assert_eq!(came, row.as_bytes());
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_goes_away_is_no_failure_and_a_full_disk_is_one() {
    let scratch = Scratch::new();
    lists(&scratch, 30_000);
    let command = program(&scratch, "list.csv", "stop.csv", &[]);
    for (after, code) in
        [("| true; exit ${PIPESTATUS[0]}", 0), ("| head -n 2; exit ${PIPESTATUS[0]}", 0), ("> /dev/full", 1)]
    {
        let output = shell("", &command, after);
        assert_eq!(output.status.code(), Some(code), "{after}: {}", String::from_utf8_lossy(&output.stderr));
        names_nobody(&output);
    }
    let out = scratch.path("allowed.csv");
    let command = program(&scratch, "list.csv", "stop.csv", &["--out", out.to_str().unwrap()]);
    let output = shell("ulimit -f 100;", &command, "");
    assert_eq!(output.status.code(), Some(1));
    names_nobody(&output);
    let left: Vec<_> = fs::read_dir(scratch.path("")).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(shell("", &command, "").status.success() && out.exists());
}

#[test]
fn a_list_that_is_cut_off_or_grows_lets_only_checked_rows_pass() {
    let scratch = Scratch::new();
    let list = lists(&scratch, 60_000);
    let packed = gzip(list.as_bytes());
    scratch.write(&[("list.csv.gz", &packed[..packed.len() / 2]), ("whole.csv.gz", &packed[..])]);
    let output = program(&scratch, "list.csv.gz", "stop.csv", &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    only_allowed(&output.stdout, &list);
    names_nobody(&output);
    let output = program(&scratch, "whole.csv.gz", "stop.csv", &[]).output().unwrap();
    assert!(output.status.success());
    only_allowed(&output.stdout, &list);

    // The reader is slow, so that the list can grow while it is read.
    let mut child = program(&scratch, "list.csv", "stop.csv", &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut head = vec![0; 10];
    stdout.read_exact(&mut head).unwrap();
    let mut file = File::options().append(true).open(scratch.path("list.csv")).unwrap();
    file.write_all(b"Late,late@fernhill.co.uk\nHalf,half@fern").unwrap();
    drop(file);
    stdout.read_to_end(&mut head).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "it changed while it was read");
}

#[test]
fn what_is_damaged_is_refused_before_a_byte_leaves() {
    let scratch = Scratch::new();
    lists(&scratch, 300);
    let stop = fs::read(scratch.path("stop.csv")).unwrap();
    let packed = gzip(&stop);
    scratch.write(&[("cut.csv.gz", &packed[..packed.len() - 9])]);
    refused(&scratch, "cut.csv.gz", "damaged or cut off");
    scratch.write(&[("empty.csv", "")]);
    refused(&scratch, "empty.csv", "not even a header");

    let index = scratch.path("stop.idx");
    let made = contactable(&[
        "suppress",
        scratch.path("stop.csv").to_str().unwrap(),
        "--as",
        "unsubscribes=stop.csv",
        "--out",
        index.to_str().unwrap(),
    ]);
    assert_eq!(made.exit, Exit::Done, "{}", made.stderr);
    let good = fs::read(&index).unwrap();
    assert_eq!(check(&scratch, "email", "list.csv", &["stop.idx"], &[]).exit, Exit::Done);
    for at in (0..good.len()).step_by(good.len() / 60 + 1).chain([good.len() - 1]) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        scratch.write(&[("bad.idx", &bad)]);
        let said = check(&scratch, "email", "list.csv", &["bad.idx"], &[]);
        assert_ne!(said.exit, Exit::Done, "byte {at} of {}", good.len());
        assert_eq!(said.stdout, "", "byte {at}");
    }
    for len in [0, 16, 47, 48, 100, good.len() - 8, good.len() - 1] {
        scratch.write(&[("bad.idx", &good[..len])]);
        let said = check(&scratch, "email", "list.csv", &["bad.idx"], &[]);
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Failed, ""), "cut to {len}");
    }
    scratch.write(&[("long.idx", &[&good[..], b"x"].concat())]);
    refused(&scratch, "long.idx", "damaged or cut off");
}

fn refused(scratch: &Scratch, against: &str, says: &str) {
    let said = check(scratch, "email", "list.csv", &[against], &[]);
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Failed, ""), "{}", said.stderr);
    assert!(said.stderr.contains(says), "{}", said.stderr);
    assert!(!Path::new(&scratch.path("allowed.csv")).exists());
}
