//! Quality and speed of linking.
//!
//! `cargo bench --bench linkage` prints pairwise precision, recall and the largest contact on the labelled sets
//! beside the repository (`../shared/linkage`; sets that are absent are skipped), then rows/s and bytes/row on a
//! synthetic list. `-- --rows N` sets its size, `-- --threads N` the threads. Under `cargo test --benches` the
//! list is small.

mod normalise;
mod scale;
mod sets;

use contactable::data::names::Names;
use contactable::link::{
    Birth, KeyKind, Linked, Linking, NameCells, NameFolder, Posting, StreetFolder, family, link, partition_of,
};
use contactable::record::{Failure, Fingerprint, Keyed, RowId};
use contactable::spill::{Budget, Spill};
use std::collections::BTreeMap;
use std::io::Write;

/// A row of a labelled set, read but not yet checked.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) cluster: String,
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) last: String,
    pub(crate) full: String,
    pub(crate) emails: Vec<String>,
    pub(crate) phones: Vec<String>,
    pub(crate) street: String,
    pub(crate) street2: String,
    pub(crate) postal_code: String,
    pub(crate) city: String,
    pub(crate) birth: Option<Birth>,
}

/// Rows per posting partition of the labelled sets: they are small.
const PARTITIONS: usize = 16;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().collect();
    let number = |flag: &str| {
        let at = args.iter().position(|arg| arg == flag)?;
        args.get(at + 1)?.parse::<u32>().ok()
    };
    let is_bench = args.iter().any(|arg| arg == "--bench");
    let rows = number("--rows").unwrap_or(if is_bench { 1_000_000 } else { 20_000 });
    if let Some(threads) = number("--threads") {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads as usize)
            .build_global()
            .map_err(|e| Failure::run(e.to_string()))?;
    }
    say("set                     rows  pairs   precision  recall     F1  largest  truth");
    for (name, load) in sets::ALL {
        match load() {
            Some(records) => score(name, &records)?,
            None => say(&format!("{name:20}  absent, skipped")),
        }
    }
    scale::run(rows)
}

pub(crate) fn say(line: &str) {
    // A closed pipe ends the printing, not the measurement.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes the postings of every record and links them.
fn link_records(records: &[Record]) -> Result<Linked, Failure> {
    let dir = std::env::temp_dir();
    let budget = Budget::new(256 << 20);
    let postings = Spill::new(&dir, PARTITIONS, &budget);
    let keyed = Keyed::new(&[7; 16]);
    let (mut names, mut streets, mut areas) =
        (NameFolder::default(), StreetFolder::default(), StreetFolder::default());
    let mut buffer = Vec::new();
    for (row, record) in records.iter().enumerate() {
        let name = names.fold(NameCells {
            first: &record.first,
            middle: &record.middle,
            last: &record.last,
            full: &record.full,
            suffix: "",
        });
        let street = streets.street(&record.street, &record.street2);
        let area = areas.area(&record.postal_code, &record.city);
        let emails = record.emails.iter().filter_map(|cell| normalise::email(cell));
        let phones = record.phones.iter().filter_map(|cell| normalise::phone(cell));
        let keys: Vec<(KeyKind, Fingerprint)> = emails
            .map(|key| (KeyKind::Email, KeyKind::Email.key(&keyed, &[key.as_bytes()])))
            .chain(phones.map(|key| (KeyKind::Phone, KeyKind::Phone.key(&keyed, &[key.as_bytes()]))))
            .chain(
                (!family(name).is_empty() && !street.is_empty())
                    .then(|| KeyKind::NameStreet.key(&keyed, &[family(name), street, area]))
                    .map(|key| (KeyKind::NameStreet, key)),
            )
            .collect();
        for (kind, key) in keys {
            buffer.clear();
            Posting { key, kind, row: row as RowId, name, birth: record.birth }.encode(&mut buffer);
            postings.append(partition_of(key, PARTITIONS), &buffer)?;
        }
    }
    let job =
        Linking { rows: records.len() as u32, guard: Names::builtin().guard(), dir: &dir, budget: &budget };
    link(&postings.into_partitions(), &job)
}

fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

/// Pairwise precision and recall after closure, against the set's key.
fn score(set: &str, records: &[Record]) -> Result<(), Failure> {
    let linked = link_records(records)?;
    let (mut found, mut truth, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (record, &first) in records.iter().zip(&linked.firsts) {
        let cluster = record.cluster.as_str();
        *found.entry(first).or_insert(0) += 1;
        *truth.entry(cluster).or_insert(0) += 1;
        *both.entry((first, cluster)).or_insert(0) += 1;
    }
    let count = |sizes: &mut dyn Iterator<Item = &usize>| sizes.map(|&n| pairs(n)).sum::<usize>() as f64;
    let (hits, claimed, real) =
        (count(&mut both.values()), count(&mut found.values()), count(&mut truth.values()));
    let (precision, recall) = (hits / claimed.max(1.0), hits / real.max(1.0));
    say(&format!(
        "{set:20} {:7} {:6} {precision:11.4} {recall:7.4} {:6.3} {:8} {:6}",
        records.len(),
        real,
        2.0 * precision * recall / (precision + recall).max(1e-9),
        found.values().max().copied().unwrap_or(0),
        truth.values().max().copied().unwrap_or(0),
    ));
    if std::env::args().any(|arg| arg == "--mistakes") {
        mistakes(records, &linked);
    }
    Ok(())
}

/// Prints the rows of contacts that mix people (labelled sets are fictional or public).
fn mistakes(records: &[Record], linked: &Linked) {
    let mut contacts: BTreeMap<RowId, Vec<usize>> = BTreeMap::new();
    for (row, &first) in linked.firsts.iter().enumerate() {
        contacts.entry(first).or_default().push(row);
    }
    for rows in contacts.values() {
        if rows.iter().any(|&row| records[row].cluster != records[rows[0]].cluster) {
            for &row in rows {
                say(&format!("    {:?}", records[row]));
            }
            say("");
        }
    }
}
