//! Dates in doubt: what is said of a cell that cannot be read, of a column that leaves day and month open, and what a
//! date with two readings allows.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::run::{Record, Scratch, clean, contactable, read_csv};
use std::path::Path;

/// The findings of a run on dates: reason, line, detail.
fn found(out: &Path) -> Vec<(String, String, String)> {
    let of_date = |line: &Record| line["reason"].starts_with("date-");
    let findings = read_csv(&out.join("findings.csv")).into_iter().filter(of_date);
    let mut all: Vec<_> =
        findings.map(|f| (f["reason"].clone(), f["line"].clone(), f["detail"].clone())).collect();
    all.sort();
    all
}

fn run(scratch: &Scratch, name: &str, text: &str, more: &[&str]) -> Vec<(String, String, String)> {
    let out = scratch.path("run");
    let _ = std::fs::remove_dir_all(&out);
    let sources = scratch.write(&[(name, text)]);
    let mut args = vec!["clean"];
    args.extend(sources.iter().map(|file| file.to_str().unwrap()));
    args.extend(["--out", out.to_str().unwrap()]);
    let day = ["--send-date", "2026-11-21"];
    args.extend(if more.contains(&"--send-date") { &[][..] } else { &day[..] });
    args.extend(more);
    let said = contactable(&args);
    assert_eq!(said.exit, contactable::cli::Exit::Done, "{}", said.stderr);
    found(&out)
}

fn says(reason: &str, line: u32, header: &str) -> (String, String, String) {
    (reason.to_owned(), line.to_string(), header.to_owned())
}

#[test]
fn sign_up_and_confirmation_of_one_day_are_both() {
    let scratch = Scratch::new();
    let crm = "first name,email,country,consent,consent date,consent source,confirm time\n\
        Ann,ann@stonemill.zz,,yes,2025-05-01,form,2025-05-01\n\
        Bob,bob@stonemill.org,,yes,2025-05-02,form,2025-05-01\n";
    let out = scratch.path("run");
    clean(&scratch.write(&[("crm.csv", crm)]), &out, &["--country", "DE"]);
    let findings = read_csv(&out.join("findings.csv"));
    let early: Vec<_> =
        findings.iter().filter(|f| f["reason"] == "consent-confirmed-before-signup").collect();
    assert_eq!(early.iter().map(|f| f["line"].as_str()).collect::<Vec<_>>(), ["3"], "{findings:?}");
}
