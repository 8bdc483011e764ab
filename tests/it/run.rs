//! Runs the program in process on files written for the occasion, and reads what it wrote.

use contactable::cli::{self, Exit};
use proptest::test_runner::{Config, RngSeed};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory of its own, removed at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("it-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes files and gives their paths.
    pub(crate) fn write(&self, files: &[(&str, impl AsRef<[u8]>)]) -> Vec<PathBuf> {
        files
            .iter()
            .map(|(name, bytes)| {
                let path = self.path(name);
                fs::write(&path, bytes).unwrap();
                path
            })
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A law's `cases`, the same ones in every run of the tests, so that a red one tells of a change. Others are drawn with
/// `PROPTEST_RNG_SEED=7 PROPTEST_CASES=2000 cargo test laws`.
pub(crate) fn generated(cases: u32) -> Config {
    let asked = Config { failure_persistence: None, ..Config::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { cases };
    let rng_seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(2026) } else { asked.rng_seed };
    Config { cases, rng_seed, ..asked }
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program with these arguments.
pub(crate) fn contactable(args: &[&str]) -> Said {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let exit = cli::run(std::iter::once("contactable").chain(args.iter().copied()), &mut stdout, &mut stderr);
    Said { exit, stdout: String::from_utf8(stdout).unwrap(), stderr: String::from_utf8(stderr).unwrap() }
}

/// A record of a CSV file by its headers.
pub(crate) type Record = BTreeMap<String, String>;

/// Reads a CSV file of a run directory with the reference reader.
pub(crate) fn read_csv(path: &Path) -> Vec<Record> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let zip = |r: csv::StringRecord| {
        headers.iter().zip(r.iter()).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
    };
    reader.records().map(|r| zip(r.unwrap())).collect()
}

/// Cleans `sources` into `out` on the given day; fails the test when the run does not succeed.
pub(crate) fn clean(sources: &[PathBuf], out: &Path, more: &[&str]) -> Said {
    let mut args = vec!["clean"];
    args.extend(sources.iter().map(|p| p.to_str().unwrap()));
    args.extend(["--out", out.to_str().unwrap(), "--send-date", "2026-11-21"]);
    args.extend(more);
    let said = contactable(&args);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    said
}

/// Every file of a run directory with its bytes.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entry = |e: fs::DirEntry| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap());
    fs::read_dir(dir).unwrap().flatten().map(entry).collect()
}

/// Recounts a run from its written files alone, and fails when a row is missing or stands twice.
pub(crate) fn recount(dir: &Path) {
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("report.json")).unwrap()).unwrap();
    let total = &report["reconciliation"];
    let number = |v: &serde_json::Value, key: &str| v[key].as_u64().unwrap();
    let parts = ["kept", "merged", "refusal", "event", "rejected"];
    for part in parts.iter().chain(&["rows"]) {
        let sum: u64 = total["sources"].as_array().unwrap().iter().map(|s| number(s, part)).sum();
        assert_eq!(sum, number(total, part), "the sources' {part}");
    }
    let contacts = read_csv(&dir.join("contacts.csv"));
    let rejected = read_csv(&dir.join("rejected.csv"));
    let merges = read_csv(&dir.join("merges.csv"));
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut see = |place: String, what: &str| {
        if let Some(before) = seen.insert(place.clone(), what.to_owned()) {
            panic!("{place} stands in {before} and in {what}");
        }
    };
    let mut per_source: BTreeMap<(String, &str), u64> = BTreeMap::new();
    let source_of = |place: &str| place.rsplit_once(':').unwrap().0.to_owned();
    for contact in &contacts {
        let rows: Vec<&str> = contact["sources"].split("; ").collect();
        assert_eq!(contact["merged_rows"], rows.len().to_string());
        for (i, row) in rows.iter().enumerate() {
            see((*row).to_owned(), "contacts");
            *per_source.entry((source_of(row), if i == 0 { "kept" } else { "merged" })).or_default() += 1;
        }
    }
    for row in &rejected {
        see(format!("{}:{}", row["source"], row["line"]), "rejected");
        *per_source.entry((row["source"].clone(), "rejected")).or_default() += 1;
    }
    for source in total["sources"].as_array().unwrap() {
        let name = source["source"].as_str().unwrap();
        let sum: u64 = parts.iter().map(|part| number(source, part)).sum();
        assert_eq!(sum, number(source, "rows"), "{name}");
        for part in ["kept", "merged", "rejected"] {
            let counted = per_source.get(&(name.to_owned(), part)).copied().unwrap_or(0);
            assert_eq!(counted, number(source, part), "{name}: {part}");
        }
    }
    let merged_rows: u64 =
        contacts.iter().map(|c| c["merged_rows"].parse::<u64>().unwrap()).filter(|n| *n > 1).sum();
    assert_eq!(merges.len() as u64, merged_rows, "one line of merges.csv for every row of a merged contact");
    recount_channels(dir, &report, &contacts);
}

fn recount_channels(dir: &Path, report: &serde_json::Value, contacts: &[Record]) {
    for (channel, counts) in report["channels"].as_object().unwrap() {
        let decided =
            |word: &str| contacts.iter().filter(|c| c[&format!("{channel}_decision")] == word).count() as u64;
        assert_eq!(decided("contactable"), counts["contactable"].as_u64().unwrap(), "{channel}");
        assert_eq!(decided("blocked"), counts["blocked"].as_u64().unwrap(), "{channel}");
        let reasons: u64 = counts["reasons"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(reasons, decided("blocked"), "{channel}: every blocked contact has one main reason");
        let list = dir.join(format!("{channel}.csv"));
        if list.exists() {
            let key = match channel.as_str() {
                "email" => "email",
                "post" => "contact_id",
                _ => "phone",
            };
            let handle = |line: &Record| line.get("social_handle").cloned().unwrap_or_default();
            let mut points: Vec<String> =
                read_csv(&list).into_iter().map(|r| r[key].to_lowercase() + &handle(&r)).collect();
            let len = points.len();
            points.sort();
            points.dedup();
            assert_eq!(points.len(), len, "{channel}.csv lists each point once");
        }
    }
}

/// The command through a shell that first does something to it.
pub(crate) fn shell(before: &str, command: &Command, after: &str) -> Output {
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    Command::new("bash").arg("-c").arg(format!("{before} {} {after}", words.join(" "))).output().unwrap()
}

/// Jane's line of `contacts.csv` after a run over those files, and the run it stands in.
pub(crate) fn jane(files: &[(&str, &str)], more: &[&str]) -> (Record, PathBuf, Scratch) {
    let scratch = Scratch::new();
    let sources = scratch.write(files);
    let out = scratch.path("run");
    clean(&sources, &out, more);
    recount(&out);
    let jane = read_csv(&out.join("contacts.csv")).into_iter().find(|c| c["first_name"] == "Jane");
    (jane.expect("Jane is a contact"), out, scratch)
}
