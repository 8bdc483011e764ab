//! Reading: every make of file becomes rows, and no damaged spot takes its neighbours with it.

use std::fs;
use std::path::{Path, PathBuf};

use contactable::record::Failure;
use contactable::source::{Cells, Input, Limits, Origin, State, open};

mod corpora;
mod laws;
mod makes;

/// A record as read: line, state, cells.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    line: u32,
    state: State,
    cells: Vec<String>,
    original: String,
}

impl Seen {
    fn usable(&self) -> bool {
        matches!(self.state, State::Row | State::Repaired(_))
    }
}

/// A directory for one test, gone with it.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn open_path(path: &Path) -> Result<Input, Failure> {
    open(Origin::Path(path), "source.csv", &std::env::temp_dir(), Limits::default())
}

fn open_bytes(bytes: &[u8], limits: Limits) -> (tempfile::TempDir, Input) {
    let dir = scratch();
    let path = dir.path().join("in.csv");
    fs::write(&path, bytes).unwrap();
    let input = open(Origin::Path(&path), "in.csv", dir.path(), limits).unwrap();
    (dir, input)
}

/// All records of an input, with the proof that nothing of its text is unaccounted for: between records there
/// are line ends and blank lines only.
fn read(input: &Input, block_bytes: usize) -> Vec<Seen> {
    let (mut seen, mut cells, mut bytes) = (Vec::new(), Cells::new(), 0);
    for (number, block) in input.blocks(block_bytes).enumerate() {
        let block = block.unwrap();
        bytes += block.text().len() as u64;
        let mut at = 0;
        for record in &block.records {
            assert!(
                blank(&block.text()[at..record.start as usize]),
                "unaccounted before line {}",
                record.line
            );
            at = record.end as usize;
            let (state, row) = block.row(record, input.dialect(), &mut cells);
            let cells = row.iter().map(str::to_owned).collect();
            seen.push(Seen { line: record.line, state, cells, original: block.original(record).to_owned() });
        }
        assert!(blank(&block.text()[at..]), "unaccounted at the end of block {number}");
    }
    assert_eq!(bytes, input.text_bytes());
    seen
}

fn blank(between: &str) -> bool {
    between.bytes().all(|b| matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0x1A))
}

fn read_bytes(bytes: &[u8]) -> Vec<Seen> {
    let (_dir, input) = open_bytes(bytes, Limits::default());
    read(&input, 1 << 16)
}

/// A folder of the research beside the repository, if it is there.
fn research(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(folder);
    path.is_dir().then_some(path)
}
