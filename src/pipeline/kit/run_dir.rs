//! A run directory that is read again: its manifest, and files that are what the manifest says. Knows what a file is
//! called and what a spreadsheet guard looks like; knows no row's meaning.

use crate::output::{Written, hex, is_formula};
use crate::record::{Day, Failure, IoContext};
use crate::report::Audit;
use csv::{ReaderBuilder, StringRecord};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Columns of `contacts.csv` by which a contact is known: its id, its name and its points.
pub(crate) const KNOWN_BY: [&str; 9] = [
    "contact_id",
    "first_name",
    "middle_name",
    "last_name",
    "full_name",
    "name_suffix",
    "emails",
    "phones",
    "social_handles",
];

/// A run directory, and what its files must be.
#[derive(Debug)]
pub(crate) struct RunDir {
    dir: PathBuf,
    name: String,
    /// The day its decisions are for.
    pub(crate) send_date: Day,
    /// Says which key its ids and tombstones were made with.
    pub(crate) key: Option<String>,
    /// SHA-256 of its manifest, by which a run is known; empty while it is not published.
    pub(crate) manifest: String,
    outputs: Vec<Written>,
}

#[derive(Debug, Deserialize)]
struct ManifestHead {
    schema: String,
    send_date: String,
    key: Option<String>,
    outputs: Vec<Written>,
}

impl RunDir {
    /// Opens a run directory that messages call `name`; fails where it is none, damaged, or of another version.
    pub(crate) fn open(dir: &Path, name: &str) -> Result<Self, Failure> {
        let text = std::fs::read(dir.join("manifest.json")).map_err(|_| {
            Failure::usage("this is no run directory")
                .at(name)
                .hint("give the directory that `contactable clean` wrote")
        })?;
        let damaged = || damaged(&format!("{name}/manifest.json"));
        let head: ManifestHead = serde_json::from_slice(&text).map_err(|_| damaged())?;
        if head.schema != "contactable-manifest/1" {
            return Err(Failure::run("this run directory was written by another version").at(name));
        }
        let send_date = head.send_date.parse().map_err(|_| damaged())?;
        let ManifestHead { key, outputs, .. } = head;
        let manifest = hex(&Sha256::digest(&text));
        Ok(Self { dir: dir.to_owned(), name: name.to_owned(), send_date, key, manifest, outputs })
    }

    /// The files of a run that is not published yet.
    pub(crate) fn unpublished(dir: &Path, written: &[Written], send_date: Day) -> Self {
        let (name, manifest) = ("this run".to_owned(), String::new());
        Self { dir: dir.to_owned(), name, send_date, key: None, manifest, outputs: written.to_vec() }
    }

    /// Fails where the run lists no contacts: an audit keeps none.
    pub(crate) fn has_contacts(&self) -> Result<(), Failure> {
        if self.has("contacts.csv") {
            return Ok(());
        }
        Err(Failure::usage("an audit keeps neither contacts nor a suppression file")
            .at(self.name.as_str())
            .hint("give the directory that `contactable clean` wrote"))
    }

    pub(crate) fn has(&self, file: &str) -> bool {
        self.files().any(|name| name == file)
    }

    /// Names of the files that the run wrote.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|output| output.name.as_str())
    }

    /// Bytes of a file of the run; 0 when there is none.
    pub(crate) fn size(&self, file: &str) -> u64 {
        std::fs::metadata(self.dir.join(file)).map_or(0, |found| found.len())
    }

    /// The failure of a file that is not what it should be.
    pub(crate) fn damaged(&self, file: &str) -> Failure {
        damaged(&self.shown(file))
    }

    fn shown(&self, file: &str) -> String {
        format!("{}/{file}", self.name)
    }

    /// Fails where bytes of this digest are not the file that the manifest lists.
    pub(crate) fn verify(&self, file: &str, sha256: &[u8]) -> Result<(), Failure> {
        let listed = self.outputs.iter().find(|output| output.name == file).ok_or_else(|| {
            Failure::usage(format!("this run wrote no {file}")).at(self.name.as_str()).hint("run clean again")
        })?;
        if hex(sha256) == listed.sha256 { Ok(()) } else { Err(self.damaged(file)) }
    }

    /// What the run found out, in numbers; fails where there is no report, or it is damaged.
    pub(crate) fn audit(&self) -> Result<Audit, Failure> {
        let file = "report.json";
        let bytes = std::fs::read(self.dir.join(file)).reading(self.shown(file))?;
        self.verify(file, &Sha256::digest(&bytes))?;
        serde_json::from_slice(&bytes).map_err(|_| self.damaged(file))
    }

    /// Hands on these columns of every row, in their order; empty where the file lacks one. Fails as [`Self::each`].
    pub(crate) fn rows<const N: usize>(
        &self,
        file: &str,
        columns: [&str; N],
        mut with: impl FnMut([&str; N]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut places = None;
        self.each(file, |row| {
            let places = places.get_or_insert_with(|| columns.map(|column| row.place(column)));
            with(places.map(|at| row.at(at)))
        })
    }

    /// Hands on every row. Fails where `with` does, and, after all rows, where the file is not what the manifest says.
    pub(crate) fn each(
        &self,
        file: &str,
        mut with: impl FnMut(FileRow<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let damaged = |_| self.damaged(file);
        let opened = File::open(self.dir.join(file)).reading(self.shown(file))?;
        let hashing = Hashing { file: opened, digest: Sha256::new() };
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 18).from_reader(hashing);
        let header = reader.headers().map_err(damaged)?.clone();
        let mut cells = StringRecord::new();
        while reader.read_record(&mut cells).map_err(damaged)? {
            with(FileRow { header: &header, cells: &cells })?;
        }
        let mut rest = reader.into_inner();
        io::copy(&mut rest, &mut io::sink()).reading(self.shown(file))?;
        self.verify(file, &rest.digest.finalize())
    }
}

/// A row of a file of a run, its cells as they were before a guard for spreadsheets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileRow<'r> {
    header: &'r StringRecord,
    cells: &'r StringRecord,
}

impl<'r> FileRow<'r> {
    /// Names of the columns, in their order.
    pub(crate) fn columns(self) -> impl Iterator<Item = &'r str> {
        self.header.iter()
    }

    /// Where a column stands, if the file has it.
    pub(crate) fn place(self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The cell at a place; empty where there is none.
    pub(crate) fn at(self, place: Option<usize>) -> &'r str {
        let cell = place.and_then(|at| self.cells.get(at)).unwrap_or_default();
        cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
    }

    /// The cell of a column; empty where the file has no such column.
    pub(crate) fn cell(self, column: &str) -> &'r str {
        self.at(self.place(column))
    }

    /// Physical line on which the row starts; the first line of the file is 1.
    pub(crate) fn line(self) -> u32 {
        self.cells.position().map_or(0, |at| u32::try_from(at.line()).unwrap_or(u32::MAX))
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

fn damaged(file: &str) -> Failure {
    Failure::run("this file of a run directory is damaged: it is not what its manifest says")
        .at(file)
        .hint("run clean again")
}
