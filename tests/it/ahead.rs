//! What a run says of the person as a whole and of the time to come: shared points, preferences, silence, grounds
//! that end, the day to clean again.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use crate::run::{Record, Scratch, clean, read_csv, recount};
use std::path::PathBuf;

/// A run over one list and a profile.
fn run(scratch: &Scratch, crm: &str, profile: &str) -> PathBuf {
    let sources = scratch.write(&[("crm.csv", crm)]);
    let profile = scratch.write(&[("contactable.toml", profile)]).remove(0);
    let out = scratch.path("run");
    clean(&sources, &out, &["--profile", profile.to_str().unwrap(), "--replace"]);
    recount(&out);
    out
}

fn found(out: &std::path::Path, reason: &str) -> Vec<Record> {
    read_csv(&out.join("findings.csv")).into_iter().filter(|f| f["reason"] == reason).collect()
}

#[test]
fn a_refusal_of_another_holder_is_told() {
    let scratch = Scratch::new();
    let crm = "first name,last name,email,country,unsubscribed\n\
        Jane,Doe,info@stonemill.org,US,\nBob,Stone,info@stonemill.org,US,yes\nEve,Hill,eve@stonemill.org,US,yes\n";
    let lines = found(&run(&scratch, crm, ""), "person-refusal-of-other-holder");
    assert_eq!(lines.len(), 1, "Jane's, and nobody else's");
    assert_eq!((lines[0]["source"].as_str(), lines[0]["line"].as_str()), ("crm.csv", "3"));
}

#[test]
fn a_preferred_channel_is_told_and_blocks_the_others_when_the_profile_says_so() {
    let scratch = Scratch::new();
    let crm = "first name,last name,email,street,city,postal code,country,preferred_channel\n\
        Jane,Doe,jane@stonemill.org,1 Elm St,Salem,01970,US,post\n\
        Bob,Stone,bob@stonemill.org,2 Elm St,Salem,01970,US,email\n";
    let out = run(&scratch, crm, "");
    let lines = found(&out, "preference-other-channel");
    let told: Vec<_> =
        lines.iter().map(|f| (f["line"].as_str(), f["channel"].as_str(), f["detail"].as_str())).collect();
    assert_eq!(told, [("2", "email", "post"), ("3", "post", "email")]);
    assert!(read_csv(&out.join("contacts.csv")).iter().all(|c| c["email_decision"] == "contactable"));
    let out = run(&scratch, crm, "block = [\"preference-other-channel\"]\n");
    let contacts = read_csv(&out.join("contacts.csv"));
    let reasons: Vec<_> =
        contacts.iter().map(|c| (c["email_reason"].as_str(), c["post_decision"].as_str())).collect();
    assert_eq!(reasons, [("preference-other-channel", "contactable"), ("basis-none-needed", "blocked")]);
}

#[test]
fn silence_counts_only_beyond_the_profiles_sunset() {
    let scratch = Scratch::new();
    // The send date is 21 November 2026: two years ago to the day, and a day less.
    let crm = "first name,last name,email,country,last_activity\n\
        Jane,Doe,jane@stonemill.org,US,2024-11-21\nBob,Stone,bob@stonemill.org,US,2024-11-22\n\
        Eve,Hill,eve@stonemill.org,US,\n";
    assert!(found(&run(&scratch, crm, ""), "engagement-inactive").is_empty(), "not judged unless set");
    let out = run(&scratch, crm, "sunset_months = 24\n");
    let lines = found(&out, "engagement-inactive");
    let told: Vec<_> = lines.iter().map(|f| (f["line"].as_str(), f["detail"].as_str())).collect();
    assert_eq!(told, [("2", "2024-11-21")], "nothing known is no silence");
    let out = run(&scratch, crm, "sunset_months = 24\nblock = [\"engagement-inactive\"]\n");
    let contacts = read_csv(&out.join("contacts.csv"));
    let blocked: Vec<_> = contacts.iter().filter(|c| c["email_decision"] == "blocked").collect();
    assert_eq!((blocked.len(), blocked[0]["email_reason"].as_str()), (1, "engagement-inactive"));
}

#[test]
fn grounds_that_end_are_listed_with_their_days() {
    let scratch = Scratch::new();
    // Two years after a purchase, by Canadian law: the last day is 29, 30 and 89 days off; one has ended.
    let crm = "first name,last name,email,country,last order\n\
        Ann,Roy,ann@stonemill.ca,CA,2024-12-21\nBea,Roy,bea@fernhill.ca,CA,2024-12-22\n\
        Cid,Low,cid@millbrook.ca,CA,2025-02-19\nDan,Fox,dan@elmwood.ca,CA,2024-11-21\n";
    let out = run(&scratch, crm, "");
    let lines = read_csv(&out.join("expiring.csv"));
    let told: Vec<_> = lines
        .iter()
        .filter(|l| l["channel"] == "email")
        .map(|l| (l["point"].as_str(), l["valid_until"].as_str(), l["days_left"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("ann@stonemill.ca", "2026-12-20", "29"),
            ("bea@fernhill.ca", "2026-12-21", "30"),
            ("cid@millbrook.ca", "2027-02-18", "89"),
        ]
    );
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let email = &report["ahead"]["expiring"]["email"];
    assert_eq!(
        [&email["within_30"], &email["within_60"], &email["within_90"]].map(|n| n.as_u64().unwrap()),
        [1, 2, 3]
    );
    assert_eq!(report["ahead"]["next_cleaning"], "2026-12-21");
    // The segments are all decisions of the run.
    let segments = report["segments"].as_array().unwrap();
    for channel in ["email", "post"] {
        let sum: u64 = segments
            .iter()
            .filter(|s| s["channel"] == channel)
            .map(|s| s["contacts"].as_u64().unwrap())
            .sum();
        assert_eq!(sum, report["contacts"].as_u64().unwrap(), "{channel}");
    }
    let over = segments.iter().find(|s| s["reason"] == "basis-window-over").unwrap();
    assert_eq!((over["jurisdiction"].as_str(), over["contacts"].as_u64()), (Some("CA"), Some(1)));
}

#[test]
fn without_a_clock_the_list_is_cleaned_again_after_half_a_year() {
    let scratch = Scratch::new();
    let out = run(&scratch, "first name,email,country\nJane,jane@stonemill.org,US\n", "");
    let report = std::fs::read_to_string(out.join("report.json")).unwrap();
    assert!(report.contains("\"next_cleaning\": \"2027-05-21\""));
    assert!(read_csv(&out.join("expiring.csv")).is_empty());
}

#[test]
fn reminders_of_consent_are_told_ahead() {
    let scratch = Scratch::new();
    // Two years after a consent, by Korean law: the last day in time is 29, 30, 89 and 90 days off; one has passed.
    let crm = "first name,last name,email,country,newsletter consent,consent date,consent source\n\
        Ann,Roy,ann@stonemill.kr,KR,yes,2024-12-21,form\nBea,Roy,bea@fernhill.kr,KR,yes,2024-12-22,form\n\
        Cid,Low,cid@millbrook.kr,KR,yes,2025-02-19,form\nDan,Fox,dan@elmwood.kr,KR,yes,2025-02-20,form\n\
        Eve,Hill,eve@stonemill.kr,KR,yes,2024-11-21,form\nFay,Hill,fay@stonemill.ca,CA,yes,2024-12-21,form\n";
    let out = run(&scratch, crm, "");
    let lines = read_csv(&out.join("notices.csv"));
    let told: Vec<_> = lines
        .iter()
        .map(|l| {
            (l["point"].as_str(), l["channel"].as_str(), l["remind_by"].as_str(), l["days_left"].as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ann@stonemill.kr", "email", "2026-12-20", "29"),
            ("bea@fernhill.kr", "email", "2026-12-21", "30"),
            ("cid@millbrook.kr", "email", "2027-02-18", "89"),
            ("eve@stonemill.kr", "email", "2026-11-20", "-1"),
        ]
    );
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let email = &report["ahead"]["reminders"]["email"];
    assert_eq!(
        [&email["within_30"], &email["within_60"], &email["within_90"]].map(|n| n.as_u64().unwrap()),
        [1, 2, 3]
    );
    assert_eq!(report["ahead"]["notices_due"], 1, "what is overdue is counted apart");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("Reminders that fall due"));
    let none = run(&scratch, "first name,email,country\nJane,jane@stonemill.org,US\n", "");
    let page = std::fs::read_to_string(none.join("report.html")).unwrap();
    assert!(!page.contains("Reminders that fall due") && read_csv(&none.join("notices.csv")).is_empty());
}
