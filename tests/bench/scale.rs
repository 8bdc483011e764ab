//! A synthetic list, posted and linked: rows a second, bytes a row in RAM and on disk.

use crate::say;
use contactable::data::names::Names;
use contactable::link::{KeyKind, Linking, NameCells, NameFolder, Posting, link, partition_of};
use contactable::record::{Failure, Keyed, RowId};
use contactable::spill::{Budget, Spill};
use std::time::Instant;

/// As many partitions as a real run uses.
const PARTITIONS: usize = 256;
/// RAM for temporary data, so that a list of a few million rows goes to disk.
const BUDGET: usize = 64 << 20;
/// Rows a worker posts at a time.
const BATCH: u32 = 8192;

/// A small generator of reproducible numbers (SplitMix64).
fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const FIRST: [&str; 12] =
    ["Anna", "Robert", "Maria", "John", "Elena", "Peter", "Susan", "Karl", "Laura", "Paul", "Ingrid", "Omar"];
const LAST: [&str; 6] = ["Berg", "Castillo", "Novak", "Smith", "Okafor", "Lindqvist"];

/// Row number to person: one row in five repeats an earlier person.
fn person(row: u32) -> u32 {
    let random = mix(u64::from(row));
    if random.is_multiple_of(5) && row > 0 { (mix(random) % u64::from(row)) as u32 } else { row }
}

fn post(batch: std::ops::Range<u32>, spill: &Spill, keyed: &Keyed) -> Result<(), Failure> {
    let mut folder = NameFolder::default();
    let mut buffers = vec![Vec::new(); PARTITIONS];
    let mut last = String::new();
    for row in batch {
        let person = person(row);
        let random = mix(u64::from(person) ^ 0xabcd);
        last.clear();
        last.push_str(LAST[(random / 12 % 6) as usize]);
        last.push(char::from(b'a' + (random / 72 % 26) as u8));
        let name = folder.fold(NameCells {
            first: FIRST[(random % 12) as usize],
            last: &last,
            ..Default::default()
        });
        let number = person.to_le_bytes();
        for kind in [KeyKind::Email, KeyKind::Phone] {
            let key = kind.key(keyed, &[&number]);
            // One phone in a hundred is a switchboard of one in a thousand.
            let key = if kind == KeyKind::Phone && random.is_multiple_of(100) {
                kind.key(keyed, &[&(random % 1000).to_le_bytes()])
            } else {
                key
            };
            let posting = Posting { key, kind, row: row as RowId, name, birth: None };
            posting.encode(&mut buffers[partition_of(key, PARTITIONS)]);
        }
    }
    spill.append_all(&mut buffers)
}

pub(crate) fn run(rows: u32) -> Result<(), Failure> {
    let dir = std::env::temp_dir();
    let budget = Budget::new(BUDGET);
    let keyed = Keyed::new(&[9; 16]);
    let start = Instant::now();
    let spill = Spill::new(&dir, PARTITIONS, &budget);
    let next = std::sync::atomic::AtomicU32::new(0);
    let worker = || -> Result<(), Failure> {
        loop {
            let from = next.fetch_add(BATCH, std::sync::atomic::Ordering::Relaxed);
            if from >= rows {
                return Ok(());
            }
            post(from..rows.min(from + BATCH), &spill, &keyed)?;
        }
    };
    rayon::broadcast(|_| worker()).into_iter().collect::<Result<(), _>>()?;
    let posted = start.elapsed().as_secs_f64();
    let postings = spill.into_partitions();
    let bytes: usize = (0..PARTITIONS).map(|i| postings.len(i)).sum();
    let job = Linking { rows, guard: Names::builtin().guard(), dir: &dir, budget: &budget };
    let linked = link(&postings, &job)?;
    let total = start.elapsed().as_secs_f64();
    let contacts = linked.firsts.iter().enumerate().filter(|&(row, &first)| row as u32 == first).count();
    let mut merged = 0;
    linked.merges.each(|_| {
        merged += 1;
        Ok(())
    })?;
    say(&format!(
        "\nscale: {rows} rows, {} threads, {} MiB for temporary data\n  posted {:.1} M rows/s ({:.0} B/row of keys), linked {:.1} M rows/s, together {:.2} M rows/s\n  {contacts} contacts, {merged} rows in contacts of several; peak memory {}",
        rayon::current_num_threads(),
        BUDGET >> 20,
        f64::from(rows) / posted / 1e6,
        bytes as f64 / f64::from(rows),
        f64::from(rows) / (total - posted) / 1e6,
        f64::from(rows) / total / 1e6,
        peak(rows),
    ));
    Ok(())
}

/// The most memory the process has held, where the system tells.
fn peak(rows: u32) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or("unknown".to_owned(), |kib| {
        format!("{:.0} MiB ({:.1} B/row)", kib / 1024.0, kib * 1024.0 / f64::from(rows))
    })
}
