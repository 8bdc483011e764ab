//! A run directory that is read again: its manifest, and files that are what the manifest says. Knows no row.

use crate::output::{Written, hex};
use crate::pipeline::kit::blocks::BLOCK;
use crate::pipeline::kit::run::Scratch;
use crate::record::{Day, Failure};
use crate::source::State;
use crate::source::{Cells, Input, Limits, Origin, Row, open};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A run directory, and what its files must be.
#[derive(Debug)]
pub(crate) struct Finished {
    dir: PathBuf,
    name: String,
    /// The day its decisions are for.
    pub(crate) send_date: Day,
    /// Says which key its ids and tombstones were made with.
    pub(crate) key: Option<String>,
    /// SHA-256 of its manifest, by which a run is known; empty while it is not published.
    pub(crate) manifest: String,
    outputs: Vec<Output>,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    schema: String,
    send_date: String,
    #[serde(default)]
    key: Option<String>,
    outputs: Vec<Output>,
}

#[derive(Debug, Deserialize)]
struct Output {
    name: String,
    sha256: String,
}

impl Finished {
    /// Opens a run directory; `name` is how messages call it.
    ///
    /// # Errors
    /// It is none, is damaged, or was written by another version.
    pub(crate) fn open(dir: &Path, name: &str) -> Result<Self, Failure> {
        let text = std::fs::read(dir.join("manifest.json")).map_err(|_| {
            Failure::usage("this is no run directory of clean")
                .at(name)
                .hint("give the directory that `contactable clean` wrote")
        })?;
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| damaged(name))?;
        if manifest.schema != "contactable-manifest/1" {
            return Err(Failure::run("this run directory was written by another version").at(name));
        }
        let send_date = manifest.send_date.parse().map_err(|_| damaged(name))?;
        let Manifest { key, outputs, .. } = manifest;
        let digest = hex(&Sha256::digest(&text));
        Ok(Self { dir: dir.to_owned(), name: name.to_owned(), send_date, key, manifest: digest, outputs })
    }

    /// Fails where the run lists no contacts: an audit keeps none.
    pub(crate) fn has_contacts(&self) -> Result<(), Failure> {
        if self.outputs.iter().any(|output| output.name == "contacts.csv") {
            return Ok(());
        }
        Err(Failure::usage("an audit keeps neither contacts nor a suppression file")
            .at(self.name.as_str())
            .hint("give the directory that `contactable clean` wrote"))
    }

    /// The files of a run that is not published yet.
    pub(crate) fn unpublished(dir: &Path, written: &[Written], send_date: Day) -> Self {
        let output = |w: &Written| Output { name: w.name.clone(), sha256: w.sha256.clone() };
        let outputs = written.iter().map(output).collect();
        let (name, manifest) = ("this run".to_owned(), String::new());
        Self { dir: dir.to_owned(), name, send_date, key: None, manifest, outputs }
    }

    /// Bytes of a file of the run; 0 when there is none.
    pub(crate) fn size(&self, file: &str) -> u64 {
        std::fs::metadata(self.dir.join(file)).map_or(0, |found| found.len())
    }

    /// Whether the run wrote that file.
    pub(crate) fn has(&self, file: &str) -> bool {
        self.outputs.iter().any(|o| o.name == file)
    }

    fn digest(&self, file: &str) -> Result<&str, Failure> {
        let listed = self.outputs.iter().find(|o| o.name == file);
        listed.map(|o| o.sha256.as_str()).ok_or_else(|| {
            Failure::usage(format!("this run wrote no {file}")).at(self.name.as_str()).hint("run clean again")
        })
    }

    /// Opens a file as a source, when it is what the manifest says.
    pub(crate) fn input(&self, file: &str, scratch: Scratch<'_>) -> Result<Input, Failure> {
        let digest = self.digest(file)?;
        let shown = format!("{}/{file}", self.name);
        let input = open(Origin::Path(&self.dir.join(file)), &shown, scratch.dir, Limits::default())?;
        if hex(&input.sha256()) == digest { Ok(input) } else { Err(damaged(&self.name)) }
    }

    /// Whether an opened file is what the manifest says.
    pub(crate) fn verify(&self, file: &str, input: &Input) -> Result<(), Failure> {
        if hex(&input.sha256()) == self.digest(file)? { Ok(()) } else { Err(damaged(&self.name)) }
    }

    /// A small file, whole.
    pub(crate) fn whole(&self, file: &str) -> Result<Vec<u8>, Failure> {
        let bytes = std::fs::read(self.dir.join(file))
            .map_err(|e| Failure::io("read it", format!("{}/{file}", self.name), &e))?;
        if hex(&Sha256::digest(&bytes)) == self.digest(file)? { Ok(bytes) } else { Err(self.damaged()) }
    }

    /// The failure of a file that is not what it should be.
    pub(crate) fn damaged(&self) -> Failure {
        damaged(&self.name)
    }

    /// Hands on every record of a file of ours, behind its headers. Only at the end is it known whether the file was
    /// what the manifest says.
    pub(crate) fn each(
        &self,
        file: &str,
        mut with: impl FnMut(&csv::StringRecord, &csv::StringRecord) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let digest = self.digest(file)?;
        let opened = File::open(self.dir.join(file))
            .map_err(|e| Failure::io("read it", format!("{}/{file}", self.name), &e))?;
        let hashing = Hashing { file: opened, digest: Sha256::new() };
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 18).from_reader(hashing);
        let headers = reader.headers().map_err(|_| self.damaged())?.clone();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|_| self.damaged())? {
            with(&headers, &record)?;
        }
        let mut rest = reader.into_inner();
        io::copy(&mut rest, &mut io::sink()).map_err(|_| self.damaged())?;
        if hex(&rest.digest.finalize()) == digest { Ok(()) } else { Err(self.damaged()) }
    }
}

/// A file whose digest is taken while it is read.
struct Hashing {
    file: File,
    digest: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

/// The failure of a run directory that is not whole.
pub(crate) fn damaged(name: &str) -> Failure {
    Failure::run("this run directory is damaged: a file is not what its manifest says")
        .at(name)
        .hint("run clean again")
}

/// Hands on every row of a file of ours, with its line.
pub(crate) fn each_row(input: &Input, mut with: impl FnMut(&Row<'_>, u32)) -> Result<(), Failure> {
    let mut cells = Cells::new();
    let mut blocks = input.blocks(BLOCK);
    while let Some(block) = blocks.next() {
        let block = block?;
        for record in &block.records {
            let (state, row) = block.row(record, input.dialect(), &mut cells);
            match state {
                State::Row | State::Repaired(_) => with(&row, record.line),
                State::Header => {}
                State::Rejected(_) => return Err(damaged(input.name())),
            }
        }
        blocks.recycle(block);
    }
    input.unchanged()
}

/// A cell as it was before a guard for spreadsheets.
pub(crate) fn plain(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'');
    rest.filter(|rest| crate::output::is_formula(rest)).unwrap_or(cell)
}
