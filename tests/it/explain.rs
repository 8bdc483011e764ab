//! `audit`, `clean --proof` and `explain`: the proof of every decision, and the story of one person from the run
//! directory alone.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

mod asked;
mod names;

use crate::run::{Scratch, clean, contactable, files, read_csv};
use contactable::cli::Exit;
use std::path::Path;

const CRM: &str = "first name,last name,email,phone,country,consent,consent date,consent source\n\
    Jane,Doe,jane@stonemill.de,+4915120000010,DE,yes,2026-01-01,form\n\
    Jane,Doe,jane.doe@muehlbach.de,+4915120000010,DE,,,\n\
    Bob,Stone,bob@stonemill.de,,DE,,,\n\
    Eve,Hill,broken address,,DE,,,\n";
const LEFT: &str =
    "email,unsubscribed at\njane.doe@muehlbach.de,2026-03-01\nnobody@muehlbach.de,2026-03-02\n";

/// A run with proof over those files, which are gone afterwards.
fn run(scratch: &Scratch) -> std::path::PathBuf {
    let sources = scratch.write(&[("crm.csv", CRM), ("unsubscribed.csv", LEFT)]);
    let out = scratch.path("run");
    clean(&sources, &out, &["--proof"]);
    sources.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    out
}

fn explain(dir: &Path, value: &str) -> String {
    let said = contactable(&["explain", dir.to_str().unwrap(), value]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    said.stdout
}

#[test]
fn every_point_and_channel_has_its_proof() {
    let scratch = Scratch::new();
    let lines = read_csv(&run(&scratch).join("decisions.csv"));
    let of = |point: &str| lines.iter().find(|l| l["point"] == point && l["channel"] == "email").unwrap();
    let jane = of("jane@stonemill.de");
    assert_eq!(jane["decision"], "blocked");
    assert_eq!(jane["rule"], "DE-email-sms");
    assert_eq!(jane["rests_on"], "unsubscribed.csv:2");
    assert_eq!(
        jane["events"],
        "2026-01-01 consent_given crm.csv:2 [capture_source]; \
         2026-03-01 consent_withdrawn unsubscribed.csv:2 [another point of the person]"
    );
    assert_eq!(of("bob@stonemill.de")["events"], "");
    // One line per contact, channel and point of its kind; one without a point where there is none.
    let contacts = read_csv(&scratch.path("run").join("contacts.csv"));
    let points = |kind: &str| -> usize { contacts.iter().map(|c| c[kind].split("; ").count()).sum() };
    assert_eq!(lines.iter().filter(|l| l["channel"] == "email").count(), points("emails"));
    assert_eq!(lines.iter().filter(|l| l["channel"] == "sms").count(), points("phones"));
    let contact = contacts.iter().find(|c| c["first_name"] == "Jane").unwrap();
    let whole = lines.iter().filter(|l| l["contact_id"] == contact["contact_id"] && l["channel"] == "email");
    assert!(whole.clone().all(|l| l["decision"] == contact["email_decision"]) && whole.count() == 2);
}

#[test]
fn a_yes_tells_what_it_lacks() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM)]);
    let out = scratch.path("run");
    clean(&sources, &out, &["--proof"]);
    let lines = read_csv(&out.join("decisions.csv"));
    let jane = lines.iter().find(|l| l["point"] == "jane@stonemill.de" && l["channel"] == "email").unwrap();
    assert_eq!((jane["decision"].as_str(), jane["basis"].as_str()), ("contactable", "express_consent"));
    assert_eq!(jane["evidence_present"], "capture_source");
    assert_eq!(jane["evidence_missing"], "method; wording; purpose_scope");
    let other =
        lines.iter().find(|l| l["point"] == "jane.doe@muehlbach.de" && l["channel"] == "email").unwrap();
    assert_eq!(other["reason"], "consent-never-asked", "consent does not move to the other address");
}

#[test]
fn the_story_of_a_person_is_told_in_time_order() {
    let scratch = Scratch::new();
    let out = run(&scratch);
    let told = explain(&out, "Jane@Stonemill.de");
    let order = [
        "Jane Doe",
        "crm.csv:2",
        "crm.csv:3  same phone as crm.csv:2",
        "2026-01-01  consent given",
        "2026-03-01  consent withdrawn",
        "Decisions for 2026-11-21",
        "no. The person opted out.",
        "rests on unsubscribed.csv:2",
        "rule DE-email-sms: UWG",
        "what would change it: Only the person",
    ];
    let mut rest = told.as_str();
    for piece in order {
        let at = rest.find(piece).unwrap_or_else(|| panic!("{piece} is not told, or too early:\n{told}"));
        rest = &rest[at + piece.len()..];
    }
    assert!(told.lines().count() <= 50, "one screen:\n{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 100), "{told}");
    // Another point has its own answer on its channels, in the story of the same person.
    let story = |told: &str| told.split_once("\nDecisions").unwrap().0.to_owned();
    for value in ["+49 151 2000 0010", "0151 20000010", "jane doe", "jane.doe@muehlbach.de"] {
        assert_eq!(story(&explain(&out, value)), story(&told), "{value}");
    }
}

#[test]
fn somebody_who_is_not_in_the_run_gets_a_plain_answer() {
    let scratch = Scratch::new();
    let out = run(&scratch);
    let told = explain(&out, "nobody@muehlbach.de");
    assert!(told.contains("Nobody among the contacts"), "{told}");
    assert!(told.contains("It must not be contacted by") && told.contains("2026-03-02"), "{told}");
    let told = explain(&out, "broken address");
    assert!(told.contains("broken address"), "{told}");
    let told = explain(&out, "stranger@elsewhere.org");
    assert!(told.contains("neither among the refusals nor"), "{told}");
    let said = contactable(&["explain", scratch.path("nowhere").to_str().unwrap(), "x"]);
    assert_ne!(said.exit, Exit::Done);
    assert!(said.stderr.contains("give the directory"), "{}", said.stderr);
}

#[test]
fn an_altered_file_is_named_and_nothing_is_told_from_it() {
    let scratch = Scratch::new();
    let out = run(&scratch);
    for file in [
        "contacts.csv",
        "events.csv",
        "suppression.csv",
        "merges.csv",
        "findings.csv",
        "decisions.csv",
        "report.json",
        "manifest.json",
    ] {
        let (path, true_bytes) = (out.join(file), std::fs::read(out.join(file)).unwrap());
        let mut altered = true_bytes.clone();
        // Behind the header, and no sign that CSV or JSON needs.
        let at = altered.len() - 4;
        altered[at] = if file == "manifest.json" { b'{' } else { altered[at] ^ 1 };
        std::fs::write(&path, altered).unwrap();
        let said = contactable(&["explain", out.to_str().unwrap(), "jane@stonemill.de"]);
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Failed, ""), "{file}");
        assert!(said.stderr.contains(file) && said.stderr.contains("damaged"), "{file}: {}", said.stderr);
        std::fs::write(&path, true_bytes).unwrap();
    }
    explain(&out, "jane@stonemill.de");
}

#[test]
fn the_story_as_json() {
    let scratch = Scratch::new();
    let out = run(&scratch);
    let said = contactable(&["explain", out.to_str().unwrap(), "jane@stonemill.de", "--json"]);
    let story: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let person = &story["people"][0];
    assert_eq!(person["rows"].as_array().unwrap().len(), 2);
    assert_eq!(person["events"][1]["event"], "consent_withdrawn");
    assert_eq!(person["decisions"][0]["reason"], "refusal-withdrawn");
    assert_eq!(story["send_date"], "2026-11-21");
}

#[test]
fn a_run_without_proof_still_tells_what_it_knows() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM), ("unsubscribed.csv", LEFT)]);
    let out = scratch.path("run");
    clean(&sources, &out, &[]);
    assert!(!out.join("decisions.csv").exists());
    let told = explain(&out, "jane@stonemill.de");
    assert!(told.contains("without --proof") && told.contains("2026-03-01  consent withdrawn"), "{told}");
}

#[test]
fn an_audit_writes_proof_and_findings_and_no_lists() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM), ("unsubscribed.csv", LEFT)]);
    let mut args = vec!["audit"];
    args.extend(sources.iter().map(|p| p.to_str().unwrap()));
    args.extend(["--send-date", "2026-11-21"]);
    let told = contactable(&args);
    assert_eq!(told.exit, Exit::Done, "{}", told.stderr);
    assert!(
        told.stdout.contains("21 November 2026") && !told.stdout.contains("report.html"),
        "{}",
        told.stdout
    );
    let out = scratch.path("audit");
    args.extend(["--out", out.to_str().unwrap()]);
    assert_eq!(contactable(&args).exit, Exit::Done);
    let written = files(&out);
    for name in ["report.html", "report.json", "findings.csv", "decisions.csv", "manifest.json"] {
        assert!(written.contains_key(name), "{name}");
    }
    for name in ["email.csv", "sms.csv", "call.csv", "post.csv", "contacts.csv", "suppression.csv"] {
        assert!(!written.contains_key(name), "{name}");
    }
    // The story is the one of a whole run; the name stands in no file of an audit.
    sources.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    let told = explain(&out, "jane@stonemill.de");
    let full = run(&scratch);
    let whole = |value: &str| explain(&full, value).replacen("Jane Doe", "(no name)", 1);
    assert_eq!(told, whole("jane@stonemill.de"));
    assert_eq!(explain(&out, "0151 20000010"), whole("0151 20000010"));
    let told = explain(&out, "nobody@muehlbach.de");
    assert!(told.contains("It must not be contacted by") && told.contains("unsubscribed.csv:3"), "{told}");
}

#[test]
fn the_same_finding_is_said_once() {
    let scratch = Scratch::new();
    // Two names at one address, one number and one street: held apart by each of the three.
    let crm = "first name,last name,email,phone,street,city,postal code,country\n\
        James,Miller,info@stonemill.org,+15032261008,1 Main St,Salem,97204,US\n\
        Susan,Miller,info@stonemill.org,+15032261008,1 Main St,Salem,97204,US\n";
    let sources = scratch.write(&[("crm.csv", crm)]);
    let out = scratch.path("run");
    crate::run::clean(&sources, &out, &[]);
    let said = crate::run::contactable(&["explain", out.to_str().unwrap(), "James Miller"]).stdout;
    let apart = "under a name that does not";
    let once = said.split_whitespace().collect::<Vec<_>>().join(" ").matches(apart).count();
    assert_eq!(once, 1, "{said}");
    let all = crate::run::contactable(&["explain", out.to_str().unwrap(), "James Miller", "--json"]).stdout;
    assert!(all.matches("link-").count() > 1, "the machine form keeps each: {all}");
}
