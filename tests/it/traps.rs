//! Linking end to end on a labelled list: three exports cleaned together, what `merges.csv` joined held against
//! the key. Prints precision, recall and the largest contact:
//! `cargo test --test it traps -- --nocapture`.
//!
//! The data (shaped like this job: family mailboxes, landlines, role mailboxes, switchboards, slips) stay
//! outside the repository; without them the test passes without looking.

use crate::run::{Scratch, clean, read_csv, recount};
use std::collections::BTreeMap;
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
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/linkage/contacts_traps"));
    if !dir.is_dir() {
        return;
    }
    let scratch = Scratch::new();
    let out = scratch.path("run");
    clean(&SOURCES.map(|(name, _)| dir.join(name)), &out, &["--country", "US"]);
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
