//! Linking end to end on a labelled list: three exports cleaned together, what `merges.csv` joined held against
//! the key. Prints precision, recall and the largest contact:
//! `cargo test --test it traps -- --nocapture`.
//!
//! The data (shaped like this job: family mailboxes, landlines, role mailboxes, switchboards, slips) stay
//! outside the repository; without them the test passes without looking.

use crate::run::{Record, Scratch, clean, read_csv, recount};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SOURCES: [(&str, u8); 3] = [("crm.csv", b','), ("webshop.csv", b';'), ("events.csv", b',')];

/// Pairs among so many.
fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

fn sum_of_pairs<'a>(clusters: impl Iterator<Item = &'a str>) -> usize {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for cluster in clusters {
        *sizes.entry(cluster).or_default() += 1;
    }
    sizes.values().map(|n| pairs(*n)).sum()
}

/// The corpus, cleaned into `run`; `None` where it is not there.
fn cleaned() -> Option<(PathBuf, Scratch)> {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/linkage/contacts_traps"));
    if !dir.is_dir() {
        return None;
    }
    let scratch = Scratch::new();
    clean(&SOURCES.map(|(name, _)| dir.join(name)), &scratch.path("run"), &["--country", "US"]);
    Some((dir, scratch))
}

/// The record id of every row, by `source` and physical line.
fn record_ids(dir: &Path) -> BTreeMap<(String, u64), String> {
    let mut ids = BTreeMap::new();
    for (name, delimiter) in SOURCES {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(dir.join(name)).unwrap();
        // No cell of these files spans lines, so record n stands on line n + 1.
        for (record, line) in reader.records().zip(2..) {
            ids.insert((name.to_owned(), line), record.unwrap()[0].to_owned());
        }
    }
    ids
}

#[test]
fn three_exports_full_of_traps_are_linked_as_the_key_says() {
    let Some((dir, scratch)) = cleaned() else { return };
    let out = scratch.path("run");
    recount(&out);

    let key: BTreeMap<String, String> = read_csv(&dir.join("key.csv"))
        .into_iter()
        .map(|r| (r["record_id"].clone(), r["cluster_id"].clone()))
        .collect();
    let ids = record_ids(&dir);
    let mut contacts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in read_csv(&out.join("merges.csv")) {
        let id = &ids[&(row["source"].clone(), row["line"].parse().unwrap())];
        contacts.entry(row["contact_id"].clone()).or_default().push(&key[id]);
    }
    let joined: usize = contacts.values().map(|c| pairs(c.len())).sum();
    let right: usize = contacts.values().map(|c| sum_of_pairs(c.iter().copied())).sum();
    let all = sum_of_pairs(key.values().map(String::as_str));
    let largest = contacts.values().map(Vec::len).max().unwrap();
    let (precision, recall) = (right as f64 / joined as f64, right as f64 / all as f64);
    println!("contacts_traps: precision {precision:.4}, recall {recall:.4}, largest contact {largest}");
    assert!(precision >= 0.994, "precision {precision:.4}");
    assert!(recall >= 0.565, "recall {recall:.4}");
    assert!(largest <= 9, "a contact of {largest} rows");
}

/// What a record of the labelled list says of e-mail.
struct Said {
    source: &'static str,
    line: u64,
    no: bool,
    email: String,
    phone: String,
}

/// The records of the three lists, as they say yes or no, with their addresses and numbers as far as those are plain.
fn said(dir: &Path) -> Vec<Said> {
    let mut all = Vec::new();
    let columns = [
        ("Email", "Phone", "Status"),
        ("E-Mail", "Telefon", "Newsletter"),
        ("email_address", "phone", "opt_in"),
    ];
    for ((source, delimiter), (email, phone, answer)) in SOURCES.into_iter().zip(columns) {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(dir.join(source)).unwrap();
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
        let (email, phone, answer) = (at(email), at(phone), at(answer));
        for (record, line) in reader.records().zip(2..) {
            let record = record.unwrap();
            let no = matches!(&record[answer], "unsubscribed" | "0" | "N");
            all.push(Said {
                source,
                line,
                no,
                email: record[email].to_lowercase(),
                phone: record[phone].to_owned(),
            });
        }
    }
    all
}

/// Of the people whose last word is a no by the key, those whose records were joined whole: how many, all of them
/// blocked. No refusal here tells when it was given, so one that the key calls outdated is in force too.
fn people_out(dir: &Path, contacts: &[Record]) -> usize {
    let ids = record_ids(dir);
    let key: BTreeMap<String, String> = read_csv(&dir.join("key.csv"))
        .into_iter()
        .map(|r| (r["record_id"].clone(), r["cluster_id"].clone()))
        .collect();
    let expected: BTreeMap<String, Record> = read_csv(&dir.join("expected_consent.csv"))
        .into_iter()
        .map(|r| (r["cluster_id"].clone(), r))
        .collect();
    let mut out = 0;
    for contact in contacts {
        let of = |place: &str| {
            let (source, line) = place.rsplit_once(':').unwrap();
            key[&ids[&(source.to_owned(), line.parse::<u64>().unwrap())]].as_str()
        };
        let people: Vec<&str> = contact["sources"].split("; ").map(of).collect();
        let person = &expected[people[0]];
        let whole = people.iter().all(|p| *p == people[0]) && person["records"] == people.len().to_string();
        if whole && (person["latest_is_opt_out"] == "1" || person["any_opt_out"] == "1") {
            assert_eq!(contact["email_decision"], "blocked", "{} at {}", people[0], contact["sources"]);
            out += 1;
        }
    }
    out
}

/// The consent half of the labelled list. Its refusals carry no date of their own (a CRM's `Updated`, a shop's `Datum`
/// date the row), so each is in force: whoever was joined with one is out, and so is its own address, joined or not.
#[test]
fn nobody_who_refused_in_any_of_three_exports_comes_out_contactable() {
    let Some((dir, scratch)) = cleaned() else { return };
    let out = scratch.path("run");
    let said = said(&dir);
    let refused: BTreeSet<(String, u64)> =
        said.iter().filter(|s| s.no).map(|s| (s.source.to_owned(), s.line)).collect();
    let contacts = read_csv(&out.join("contacts.csv"));
    let mut blocked = 0;
    for contact in &contacts {
        let rows = contact["sources"].split("; ").map(|place| {
            let (source, line) = place.rsplit_once(':').unwrap();
            (source.to_owned(), line.parse::<u64>().unwrap())
        });
        if rows.clone().any(|row| refused.contains(&row)) {
            blocked += 1;
            assert_eq!(contact["email_decision"], "blocked", "{:?}", rows.collect::<Vec<_>>());
        }
    }
    let out_of_key = people_out(&dir, &contacts);
    assert!(out_of_key > 300, "only {out_of_key} of the people who left were joined whole");
    // Every address with its own refusal is out, whoever holds it.
    let gone: BTreeSet<&str> =
        said.iter().filter(|s| s.no && !s.email.is_empty()).map(|s| s.email.as_str()).collect();
    let listed: BTreeSet<String> =
        read_csv(&out.join("email.csv")).into_iter().map(|r| r["email"].to_lowercase()).collect();
    let freed: Vec<&&str> = gone.iter().filter(|email| listed.contains(**email)).collect();
    assert!(freed.is_empty(), "{freed:?}");
    let numbers = said.iter().filter(|s| s.no && !s.phone.is_empty()).count();
    println!(
        "contacts_traps: {} records refuse, {} addresses and {numbers} numbers among theirs; {blocked} of {} contacts hold one, all blocked by e-mail",
        refused.len(),
        gone.len(),
        contacts.len()
    );
    assert!(refused.len() > 1000 && gone.len() > 500 && blocked > 500, "the list is not the one described");
}
