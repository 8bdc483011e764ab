//! Refusals whose address or number cannot be told from them any more: nothing can be blocked by them, so the result
//! says so before every number.

use super::{CRM, refused};
use crate::run::{Scratch, clean, contactable, jane, read_csv};

const CUT: &str = "phone\n4.47911E+11\n+12125550100\n";
const ID: &str = "row-refuses-nobody";

fn report(out: &std::path::Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap()
}

/// How many rows the statement counts, and the sources it names.
fn stated(out: &std::path::Path) -> Option<(String, Vec<String>)> {
    statement(out, ID)
}

fn statement(out: &std::path::Path, reason: &str) -> Option<(String, Vec<String>)> {
    let report = report(out);
    let told = report["statements"].as_array().unwrap().iter().find(|s| s["reason"] == reason)?.clone();
    let sources = told["sources"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned());
    let count = told["says"].as_str().unwrap().split(' ').next().unwrap().to_owned();
    Some((count, sources.collect()))
}

#[test]
fn a_refused_number_without_its_digits_is_told_first() {
    let scratch = Scratch::new();
    let sources = scratch.write(&[("crm.csv", CRM), ("do-not-call.csv", CUT)]);
    let out = scratch.path("run");
    let said = clean(&sources, &out, &[]);
    assert_eq!(stated(&out), Some(("1".to_owned(), vec!["do-not-call.csv".to_owned()])));
    let terminal = said.stdout + &said.stderr;
    assert!(terminal.contains("1 row refuses contact at an address"), "{terminal}");
    let findings = read_csv(&out.join("findings.csv"));
    let told: Vec<_> = findings.iter().filter(|f| f["reason"] == ID).collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0]["source"].as_str(), told[0]["line"].as_str()), ("do-not-call.csv", "2"));
    // The digits that are left are no number of somebody else.
    let crm = "first name,email,phone,country\nJane,jane.doe@fernhill.org,+447911123456,US\n";
    let (jane, _, _scratch) = jane(&[("crm.csv", crm), ("do-not-call.csv", "phone\n4.47911123E+11\n")], &[]);
    assert!(!refused(&jane, "call"));
}

#[test]
fn a_mark_beside_a_number_without_its_digits_is_told_too() {
    let crm = "first name,email,phone,country,do not call\nJane,jane.doe@fernhill.org,4.47911E+11,US,yes\n";
    let (_, out, _scratch) = jane(&[("crm.csv", crm)], &[]);
    assert_eq!(stated(&out), Some(("1".to_owned(), vec!["crm.csv".to_owned()])));
    // Who refuses mail only says nothing of a number.
    let crm = crm.replace("do not call", "unsubscribed from e-mail");
    let (_, out, _scratch) = jane(&[("crm.csv", &crm)], &[]);
    assert_eq!(stated(&out), None);
}

#[test]
fn check_and_suppress_count_it_among_what_names_nobody() {
    let scratch = Scratch::new();
    scratch.write(&[
        ("crm.csv", CRM),
        ("do-not-call.csv", CUT),
        ("cut.csv", "phone\n4.47911E+11\n4.47912E+11\n"),
    ]);
    let path = |name: &str| scratch.path(name).to_str().unwrap().to_owned();
    let (list, cut, all) = (path("crm.csv"), path("do-not-call.csv"), path("cut.csv"));
    let said = contactable(&["check", &list, "--channel", "call", "--against", &cut]);
    assert!(said.stderr.contains("1 of 2 rows name nobody"), "{}", said.stderr);
    // Nothing of the list is left: it must not pass for one that was asked.
    let said = contactable(&["check", &list, "--channel", "call", "--against", &all]);
    assert!(said.stdout.is_empty() && said.stderr.contains("no row of this list"), "{}", said.stderr);
    let made = path("made.csv");
    let said = contactable(&["suppress", &cut, "--out", &made]);
    assert!((said.stdout + &said.stderr).contains("1 of 2 rows name nobody"));
    let points: Vec<String> =
        read_csv(&scratch.path("made.csv")).iter().map(|r| r["point"].clone()).collect();
    assert_eq!(points, ["+12125550100"]);
}

#[test]
fn an_address_that_is_none_is_told_and_filler_is_not() {
    for (cells, told) in [
        ("jane.doe@\nzoe@elmgrove.net", true),
        ("jane.*@fernhill.org\nzoe@elmgrove.net", true),
        ("jane.doe@fernhill\nzoe@elmgrove.net", true),
        ("jane.doe@fernhill.local\nzoe@elmgrove.net", false),
        ("n/a\nzoe@elmgrove.net", false),
        ("Jane Doe jane.doe@fernhill.org\nzoe@elmgrove.net", false),
        ("jane.doe@gmial.com\nzoe@elmgrove.net", false),
    ] {
        let list = format!("email\n{cells}\n");
        let (_, out, _scratch) = jane(&[("crm.csv", CRM), ("unsubscribes.csv", &list)], &[]);
        assert_eq!(stated(&out).is_some(), told, "{cells}");
    }
}

#[test]
fn refusals_that_are_given_as_people_are_told() {
    let files = [("crm.csv", CRM), ("unsubscribes.csv", "email\nzoe@elmgrove.net\n")];
    let (_, out, _scratch) = jane(&files, &["--as", "contacts=unsubscribes.csv"]);
    let told = statement(&out, "mapping-kind-overruled");
    assert_eq!(told, Some(("1".to_owned(), vec!["unsubscribes.csv".to_owned()])));
    let (_, out, _scratch) = jane(&files, &[]);
    assert_eq!(statement(&out, "mapping-kind-overruled"), None);
}
