//! `explain` answers for the very value that was asked about, and finds it under every spelling.

use super::explain;
use crate::run::{Scratch, clean, contactable};
use contactable::cli::Exit;
use std::path::{Path, PathBuf};

/// A run over the shop's exports, as the README makes it.
fn demo(scratch: &Scratch, more: &[&str]) -> PathBuf {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir("fixtures/demo").unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let out = scratch.path("run");
    crate::previous::clean(&files, &out, "2026-12-01", more);
    out
}

fn json(dir: &Path, value: &str) -> serde_json::Value {
    let said = contactable(&["explain", dir.to_str().unwrap(), value, "--json"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    serde_json::from_str(&said.stdout).unwrap()
}

/// Whether the first person may be contacted by the channel, why, at which point, and which one is listed.
fn on(story: &serde_json::Value, channel: &str) -> (bool, String, String, String) {
    let decisions = story["people"][0]["decisions"].as_array().unwrap();
    let found: Vec<_> = decisions.iter().filter(|d| d["channel"] == channel).collect();
    assert_eq!(found.len(), 1, "one answer for {channel}: {decisions:?}");
    let text = |key: &str| found[0][key].as_str().unwrap().to_owned();
    (found[0]["contactable"].as_bool().unwrap(), text("reason"), text("point"), text("listed"))
}

#[test]
fn a_blocked_address_is_no_beside_the_listed_one_of_the_same_contact() {
    for more in [&[][..], &["--proof"]] {
        let scratch = Scratch::new();
        let out = demo(&scratch, more);
        let (yes, reason, point, listed) = on(&json(&out, "bob@hughes-family.co.uk"), "email");
        assert!(!yes, "{more:?}");
        assert!(reason.starts_with("refusal-") || reason.starts_with("bounce-"), "{reason}");
        assert_eq!((&*point, &*listed), ("bob@hughes-family.co.uk", "rob.hughes@fernhill-demo.co.uk"));
        let told = explain(&out, "bob@hughes-family.co.uk");
        assert!(!told.contains("email  yes"), "{told}");
        assert!(told.contains("the list of this channel has rob.hughes@fernhill-demo.co.uk"), "{told}");
        let (yes, reason, point, listed) = on(&json(&out, "Rob.Hughes@fernhill-demo.co.uk"), "email");
        assert!(yes, "{reason}");
        assert!(point.eq_ignore_ascii_case("rob.hughes@fernhill-demo.co.uk") && listed.is_empty());
        // A name asks about the person: the answer is that of the list.
        let whole = json(&out, "Robert Hughes");
        let decisions = whole["people"][0]["decisions"].as_array().unwrap();
        assert!(decisions.iter().any(|d| d["channel"] == "email" && d["contactable"] == true));
    }
}

#[test]
fn every_address_of_a_run_is_answered_as_check_answers() {
    let scratch = Scratch::new();
    let out = demo(&scratch, &[]);
    let listed: Vec<String> = crate::run::read_csv(&out.join("email.csv"))
        .iter()
        .map(|line| line["email"].to_lowercase())
        .collect();
    for contact in crate::run::read_csv(&out.join("contacts.csv")) {
        for address in contact["emails"].split("; ").filter(|address| address.contains('@')) {
            let story = json(&out, address);
            for person in story["people"].as_array().unwrap() {
                let decisions = person["decisions"].as_array().unwrap();
                for email in decisions.iter().filter(|d| d["channel"] == "email") {
                    let yes = email["contactable"] == true;
                    assert!(!yes || listed.contains(&address.to_lowercase()), "{address}: {email}");
                }
            }
        }
    }
}

#[test]
fn other_spellings_are_found_and_carry_refusals() {
    let scratch = Scratch::new();
    let out = demo(&scratch, &[]);
    for value in ["JANEDOE.fernhill+anything@gmail.com", "jane.doe.fernhill+tea@gmail.com"] {
        let story = json(&out, value);
        assert_eq!(story["people"].as_array().unwrap().len(), 1, "{value}: {story}");
        let (yes, reason, ..) = on(&story, "email");
        assert!(!yes && reason == "refusal-withdrawn", "{value}: {reason}");
        let told = explain(&out, value);
        assert!(told.contains("reaches the same mailbox as"), "{told}");
    }
}

#[test]
fn a_spelling_that_nothing_stands_against_is_still_no_listed_address() {
    let scratch = Scratch::new();
    let crm = "first name,email,country,consent,consent date,consent source\n\
        Jane,jane.stone@gmail.com,GB,yes,2026-01-01,form\n";
    for more in [&[][..], &["--proof"]] {
        let out = scratch.path("run");
        let _ = std::fs::remove_dir_all(&out);
        clean(&scratch.write(&[("crm.csv", crm)]), &out, more);
        assert!(on(&json(&out, "jane.stone@gmail.com"), "email").0);
        let (yes, reason, _, listed) = on(&json(&out, "janestone+shop@gmail.com"), "email");
        assert_eq!((yes, &*reason, &*listed), (false, "suppression-not-cleared", "jane.stone@gmail.com"));
    }
}

#[test]
fn whom_only_an_event_names_is_found_by_its_contact_id() {
    let scratch = Scratch::new();
    // The row refuses an address that the contact, known by the number of the row, does not have.
    let crm = "first name,email,phone,country\nJane,jane@stonemill.org,+15032261008,US\n";
    let left = "email,phone,unsubscribed at\njane.old@stonemill.org,+15032261008,2026-03-01\n";
    let out = scratch.path("run");
    clean(&scratch.write(&[("crm.csv", crm), ("unsubscribed.csv", left)]), &out, &[]);
    let story = json(&out, "jane.old@stonemill.org");
    assert_eq!(story["people"].as_array().unwrap().len(), 1, "{story}");
    let (yes, reason, ..) = on(&story, "email");
    assert!(!yes && reason == "refusal-withdrawn", "{reason}");
}

#[test]
fn a_whole_domain_that_was_refused_is_told() {
    let scratch = Scratch::new();
    let out = scratch.path("run");
    let crm = "first name,email,country\nJane,jane@stonemill.org,US\n";
    let stop = "point,since\n@elmford.org,2026-03-01\n";
    clean(&scratch.write(&[("crm.csv", crm), ("suppression.csv", stop)]), &out, &[]);
    let told = explain(&out, "bob@elmford.org");
    assert!(told.contains("It must not be contacted by"), "{told}");
}

#[test]
fn an_empty_value_is_a_question_for_something() {
    let scratch = Scratch::new();
    let out = demo(&scratch, &[]);
    for value in ["", "  "] {
        let said = contactable(&["explain", out.to_str().unwrap(), value]);
        assert_eq!(said.exit, Exit::Usage, "{}", said.stdout);
        assert!(said.stderr.contains("empty"), "{}", said.stderr);
    }
}

#[test]
fn a_run_never_denies_what_it_knows() {
    let scratch = Scratch::new();
    let out = demo(&scratch, &[]);
    for contact in crate::run::read_csv(&out.join("contacts.csv")) {
        let told = explain(&out, &contact["contact_id"]);
        assert!(!told.contains("Nothing dated") && !told.contains("No file tells an event"), "{told}");
    }
    let crm = "first name,email,country\nJane,jane@stonemill.org,US\n";
    let quiet = scratch.path("quiet");
    clean(&scratch.write(&[("crm.csv", crm)]), &quiet, &["--proof"]);
    assert!(explain(&quiet, "jane@stonemill.org").contains("No file tells an event"));
}

#[test]
fn a_stated_ground_is_told_in_its_own_words() {
    let scratch = Scratch::new();
    let crm = "first name,email,country\nJane,jane@stonemill.de,DE\n";
    let stated = ["--assert-basis", "crm.csv:email:express_consent@2025-03-01=signed till slips"];
    for more in [&[][..], &["--proof"]] {
        let out = scratch.path("run");
        let _ = std::fs::remove_dir_all(&out);
        clean(&scratch.write(&[("crm.csv", crm)]), &out, &[&stated[..], more].concat());
        let told = explain(&out, "jane@stonemill.de").split_whitespace().collect::<Vec<_>>().join(" ");
        let says = "stated by the operator: express consent since 2025-03-01, in crm.csv: signed till slips";
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn what_would_change_a_number_speaks_of_a_number() {
    let scratch = Scratch::new();
    let out = demo(&scratch, &[]);
    let told = explain(&out, "+1 503 226 1008").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("for this very number and channel"), "{told}");
    assert!(!told.contains("What the reason names"), "{told}");
}
