//! What looks like people who came back, and is a file that was written at one stroke.

use crate::run::{Scratch, clean, read_csv};
use std::fmt::Write as _;

/// How many of twelve people who left in March are in `email.csv`, when a list says that they signed up at `time(n)`.
fn came_back(time: impl Fn(usize) -> String) -> usize {
    let mut crm = "first name,email,country,newsletter,opt-in date,opt-in source\n".to_owned();
    let mut gone = "email,unsubscribed_at\n".to_owned();
    for n in 0..12 {
        let _ = writeln!(crm, "P{n},p{n}@stonemill.org,US,yes,{},Website", time(n));
        let _ = writeln!(gone, "p{n}@stonemill.org,2026-03-{:02} 10:00:00", n + 1);
    }
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", crm), ("unsubscribes.csv", gone)]);
    let out = scratch.path("run");
    clean(&sources, &out, &[]);
    read_csv(&out.join("email.csv")).len()
}

#[test]
fn a_file_of_one_time_brings_nobody_back() {
    for time in ["2026-06-01 09:00:00", "2026-06-01T09:00:00Z", "2026-06-01"] {
        assert_eq!(came_back(|_| time.to_owned()), 0, "{time}");
    }
    // Who signed up on days of their own did come back.
    assert_eq!(came_back(|n| format!("2026-06-{:02} 09:{n:02}:00", n + 1)), 12);
    assert_eq!(came_back(|n| format!("2026-06-{:02}", if n == 0 { 2 } else { 1 })), 12);
}

#[test]
fn who_came_back_is_said_before_every_number() {
    let crm = "first name,email,country,newsletter,opt-in date,opt-in source\n\
        Jane,jane@stonemill.org,US,yes,2026-06-01,Website\n";
    let scratch = Scratch::new();
    let said = |sources: &[std::path::PathBuf], name: &str| {
        let out = scratch.path(name);
        clean(sources, &out, &[]);
        std::fs::read_to_string(out.join("report.json")).unwrap().contains("came after a refusal")
    };
    let sources = scratch.write(&[
        ("crm.csv", crm),
        ("unsubscribes.csv", "email,unsubscribed_at\njane@stonemill.org,2026-03-01\n"),
    ]);
    assert!(said(&sources, "back"));
    assert!(!said(&sources[..1], "never-left"));
}
