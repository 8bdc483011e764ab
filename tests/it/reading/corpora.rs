//! Real files and polluted ones, where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use contactable::reason::Reason;
use contactable::source::{Input, State};

use super::{Seen, open_path, read, research, scratch};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e != "md")).collect();
    files.sort();
    files
}

/// Records without header, as counted by whoever described the files.
const ROWS: [(&str, usize); 13] = [
    ("de_nrw_schuldaten.csv", 5507),
    ("es_madrid_museos_latin1.csv", 67),
    ("us_ipeds_hd2019.csv", 6559),
    ("uk_nhs_epraccur.csv", 13538),
    ("in_maharashtra_hospital_float_phones.csv", 2370),
    ("dotgov_current-full.csv", 16539),
    ("us_legislators-current.csv", 537),
    ("publicbodies_it.csv", 11951),
    ("publicbodies_de.csv", 1003),
    ("publicbodies_np.csv", 140),
    ("publicbodies_ch.csv", 2785),
    ("chicago_early_childhood_messy.csv", 3337),
    ("derived_utf16le_tab_nrw.txt", 1499),
];

#[test]
fn real_files_are_read_whole_and_alike_for_any_block_size() {
    let folders = ["real", "formats/samples"].into_iter().filter_map(research);
    for path in folders.flat_map(|folder| files(&folder)) {
        let input = open_path(&path).unwrap();
        let seen = read(&input, 1 << 20);
        assert_eq!(seen, read(&input, 5_000), "{}", path.display());
        input.unchanged().unwrap();
        let header = input.dialect().header.as_ref();
        assert!(header.is_some(), "{} lost its header", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let usable = seen.iter().filter(|record| record.usable()).count();
        let rejected = seen.iter().filter(|r| matches!(r.state, State::Rejected(_))).count();
        if let Some((_, want)) = ROWS.iter().find(|(file, _)| *file == name) {
            assert_eq!((usable, rejected), (*want, 0), "{name}");
        }
    }
}

/// Rows as `contacts_polluter.py` means them: the header and every record that is data, also where the number of
/// cells is wrong; empty cells beyond the last named column left out.
fn as_table(input: &Input, seen: &[Seen]) -> Vec<Vec<String>> {
    let named = input.dialect().shape.named as usize;
    let data = |record: &&Seen| {
        record.usable()
            || matches!(record.state, State::Header | State::Rejected(Reason::RowRagged | Reason::RowNul))
                && !record.original.starts_with("sep=")
    };
    let trim = |record: &Seen| {
        let mut cells = record.cells.clone();
        let kept = if record.usable() || record.state == State::Header { named } else { usize::MAX };
        while cells.len() > kept && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        cells
    };
    seen.iter().filter(data).map(trim).collect()
}

#[test]
fn polluted_files_come_out_as_their_clean_twins() {
    let Some(folder) = research("reliability") else { return };
    let dir = scratch();
    let made = Command::new("python3").arg(folder.join("contacts_polluter.py")).arg(dir.path()).output();
    if !made.is_ok_and(|made| made.status.success()) {
        return;
    }
    let (mut exact, mut total, mut differing) = (0, 0, Vec::new());
    for path in files(&dir.path().join("csv")) {
        let input = open_path(&path).unwrap();
        let seen = read(&input, 512);
        let twin = dir.path().join("clean").join(path.file_name().unwrap());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(twin).unwrap();
        let clean: Vec<Vec<String>> =
            reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        total += 1;
        if as_table(&input, &seen) == clean {
            exact += 1;
        } else {
            differing.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    // Two header rows are reported as a preamble and a header, not joined.
    assert_eq!(differing, ["file_header_multirow_2"], "{exact} of {total} polluted files are cell-exact");
}
