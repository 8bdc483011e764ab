//! One output file that appears whole or not at all: written beside its place, synced, renamed.

use crate::record::{Failure, IoContext};
use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// A file (0600) that is being written; it goes away unless it is published.
#[derive(Debug)]
pub struct AtomicFile {
    place: PathBuf,
    partial: TempPath,
    file: BufWriter<File>,
}

const BUFFER: usize = 1 << 18;

impl AtomicFile {
    /// Prepares to write `place`; a file that is there is replaced when all is written. Fails where something that is
    /// no file is there, or nothing can be written beside it.
    pub fn create(place: &Path) -> Result<Self, Failure> {
        let shown = place.display().to_string();
        not_the_output(place)?;
        let name = place.file_name().ok_or_else(|| Failure::usage("this is no file name").at(&*shown))?;
        if fs::metadata(place).is_ok_and(|found| !found.is_file()) {
            return Err(Failure::usage("something that is no file stands here; nothing was touched")
                .at(shown)
                .hint("give another name, or write to the standard output"));
        }
        let partial = format!(".{}.partial-", name.to_string_lossy());
        let made = tempfile::Builder::new().prefix(&partial).make_in(folder(place), |path| {
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
        });
        let (file, partial) = made.doing("create a file beside it", &shown)?.into_parts();
        Ok(Self { place: place.to_owned(), partial, file: BufWriter::with_capacity(BUFFER, file) })
    }

    /// Appends bytes; fails where the disk is full, or fails.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let done = self.file.write_all(bytes);
        written(self.place.display(), done)
    }

    /// Syncs the file and gives it its name; fails where the disk is full, or fails: then the file does not appear.
    pub fn publish(self) -> Result<(), Failure> {
        let Self { place, partial, file } = self;
        let published = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
            file.sync_all()?;
            partial.persist(&place)?;
            File::open(folder(&place))?.sync_all()
        });
        written(place.display(), published)
    }
}

/// Refuses `-`: whoever writes it means the standard output, and would find a file of that name.
pub(super) fn not_the_output(place: &Path) -> Result<(), Failure> {
    if place == Path::new("-") {
        return Err(Failure::usage("`-` is no name of a file or directory")
            .at("-")
            .hint("give a name; what is written here does not go to the standard output"));
    }
    Ok(())
}

/// The directory that a file stands in.
pub fn folder(place: &Path) -> &Path {
    place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What was written to that place, or why it was not.
pub(super) fn written(place: impl Display, done: io::Result<()>) -> Result<(), Failure> {
    let hint = "nothing was published; make room and run again";
    done.writing(place).map_err(|failure| failure.hint(hint))
}

#[cfg(test)]
mod tests {
    use super::AtomicFile;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn it_appears_whole_private_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("list.csv");
        fs::write(&place, "old").unwrap();
        let mut file = AtomicFile::create(&place).unwrap();
        file.write(b"new").unwrap();
        drop(file);
        assert_eq!(fs::read(&place).unwrap(), b"old");
        let mut file = AtomicFile::create(&place).unwrap();
        let long = vec![b'x'; 300_000];
        file.write(b"new").unwrap();
        file.write(&long).unwrap();
        file.publish().unwrap();
        assert_eq!(fs::read(&place).unwrap(), [&b"new"[..], &long].concat());
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
