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
fn a_consent_date_that_cannot_be_read_is_a_finding_of_its_row() {
    let scratch = Scratch::new();
    let crm = "first name,email,country,consent,consent date,consent source\n\
        Ann,ann@stonemill.de,DE,yes,2026-01-01,form\n\
        Bob,bob@stonemill.de,DE,yes,next spring,form\n\
        Cat,cat@stonemill.de,DE,yes,2026-13-01,form\n\
        Dan,dan@stonemill.de,DE,yes,45718,form\n\
        Eve,eve@stonemill.de,DE,yes,29/11/24,form\n\
        Fay,fay@stonemill.de,DE,,,\n\
        Gus,gus@stonemill.de,DE,yes,2026-01-01 10:00:00,form\n";
    assert_eq!(
        run(&scratch, "crm.csv", crm, &[]),
        [
            says("date-excel-serial", 5, "consent date"),
            says("date-impossible", 4, "consent date"),
            says("date-two-digit-year", 6, "consent date"),
            says("date-unreadable", 3, "consent date"),
        ]
    );
}

#[test]
fn so_is_the_date_of_a_refusal_in_a_file_of_its_own() {
    let scratch = Scratch::new();
    let left = "email,unsubscribed at\n\
        ann@stonemill.de,2026-03-01\nbob@stonemill.de,2026-03-41\ncat@stonemill.de,yes\n";
    assert_eq!(run(&scratch, "unsubscribed.csv", left, &[]), [says("date-impossible", 3, "unsubscribed at")]);
}

#[test]
fn dates_that_date_neither_consent_nor_refusal_are_nobodys_business() {
    let scratch = Scratch::new();
    let crm = "first name,email,country,birthday,created\nAnn,ann@stonemill.de,DE,next spring,45718\n";
    assert_eq!(run(&scratch, "crm.csv", crm, &[]), []);
}

const OPEN: &str = "first name,email,country,consent,opt-in date,consent source\n\
    Ann,ann@stonemill.org,GB,yes,03/11/2025,form\n\
    Bob,bob@stonemill.org,GB,yes,04/02/2025,form\n\
    Cat,cat@stonemill.org,GB,yes,05/05/2025,form\n";

#[test]
fn an_undecided_order_is_told_by_row_and_once_by_column() {
    let scratch = Scratch::new();
    let open = [says("date-order-unknown", 2, "opt-in date"), says("date-order-unknown", 3, "opt-in date")];
    assert_eq!(run(&scratch, "crm.csv", OPEN, &[]), open, "the fifth of May is one day either way");
    let report = std::fs::read_to_string(scratch.path("run").join("report.json")).unwrap();
    let note = "Column \u{201c}opt-in date\u{201d}: Day and month can be read both ways";
    assert_eq!(report.matches(note).count(), 1, "{report}");
    let said = contactable(&["inspect", scratch.path("crm.csv").to_str().unwrap()]);
    assert_eq!(said.stdout.matches(note).count(), 1, "{}", said.stdout);
    // One cell settles the column, and nothing is left to say.
    let settled = format!("{OPEN}Dan,dan@stonemill.org,GB,yes,31/01/2025,form\n");
    assert_eq!(run(&scratch, "crm.csv", &settled, &[]), []);
    let said = contactable(&["inspect", scratch.path("crm.csv").to_str().unwrap()]);
    assert!(!said.stdout.contains("both ways"), "{}", said.stdout);
}

#[test]
fn a_consent_that_may_lie_behind_the_send_date_is_none() {
    let scratch = Scratch::new();
    run(&scratch, "crm.csv", OPEN, &["--send-date", "2025-06-20"]);
    let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
    let told = |name: &str| {
        let contact = contacts.iter().find(|c| c["first_name"] == name).unwrap();
        (contact["email_decision"].clone(), contact["email_reason"].clone())
    };
    let of = |decision: &str, reason: &str| (decision.to_owned(), reason.to_owned());
    assert_eq!(told("Ann"), of("blocked", "consent-future-dated"), "11 March or 3 November");
    assert_eq!(told("Bob"), of("contactable", "basis-express-consent"), "2 April or 4 February");
    // A cell that settles the column settles it for all: 3 November.
    let crm = format!("{OPEN}Dan,dan@stonemill.org,GB,yes,12/31/2024,form\n");
    run(&scratch, "crm.csv", &crm, &["--send-date", "2025-06-20"]);
    let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
    let ann = contacts.iter().find(|c| c["first_name"] == "Ann").unwrap();
    assert_eq!(ann["email_reason"], "basis-express-consent", "11 March, month first");
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
