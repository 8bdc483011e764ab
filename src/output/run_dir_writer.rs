//! The run directory: written beside its place, synced, and renamed; whole or not at all.
//!
//! `.NAME.lock` is held for the length of the run; `.NAME.partial-PID` (0700) takes the files (0600); what an
//! earlier run that was killed left behind is swept by the next one that holds the lock.

use crate::output::OutFile;
use crate::output::atomic_file::{folder, not_the_output};
use crate::record::{Failure, IoContext};
use rustix::fs::{CWD, RenameFlags};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The file whose presence says that a directory was written by this program, whole.
const MANIFEST: &str = "manifest.json";

/// A run directory that is being written.
#[derive(Debug)]
pub struct RunDirWriter {
    place: PathBuf,
    partial: PathBuf,
    replace: bool,
    published: bool,
    /// Held until its file is removed.
    lock: (File, PathBuf),
}

impl RunDirWriter {
    /// Prepares to write `place`. With `replace`, an earlier run directory there may be replaced; anything
    /// else that stands there is left untouched and refused.
    pub fn create(place: &Path, replace: bool) -> Result<Self, Failure> {
        not_the_output(place)?;
        let name = place
            .file_name()
            .ok_or_else(|| Failure::usage("the run directory needs a name").at("--out"))?
            .to_string_lossy()
            .into_owned();
        let parent = folder(place);
        check_place(place, replace)?;
        let place_of_lock = parent.join(format!(".{name}.lock"));
        let lock = (lock(&place_of_lock, &name)?, place_of_lock);
        sweep(parent, &format!(".{name}.partial-"));
        let partial = parent.join(format!(".{name}.partial-{}", std::process::id()));
        let made = DirBuilder::new().mode(0o700).create(&partial);
        made.doing("create a directory beside the run directory", &name)?;
        Ok(Self { place: parent.join(&name), partial, replace, published: false, lock })
    }

    /// Where private temporary files of this run belong.
    pub fn scratch(&self) -> &Path {
        &self.partial
    }

    /// Starts a file (0600) of the run directory.
    pub fn file(&self, name: &str) -> Result<OutFile, Failure> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.partial.join(name))
            .doing("create", name)?;
        Ok(OutFile::new(name, file))
    }

    /// Takes a finished file out of the run directory again; one that is not there is no failure.
    pub fn forget(&self, name: &str) -> Result<(), Failure> {
        match fs::remove_file(self.partial.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.doing("remove", name),
        }
    }

    /// Writes the manifest last, syncs, and gives the directory its name. After this the run is done.
    pub fn publish(mut self, manifest: &[u8]) -> Result<(), Failure> {
        let name = self.place.display();
        let mut file = self.file(MANIFEST)?;
        file.write(manifest)?;
        file.finish()?;
        sync_dir(&self.partial).doing("sync", &name)?;
        check_place(&self.place, self.replace)?;
        let old = self.place.exists();
        let flags = if old { RenameFlags::EXCHANGE } else { RenameFlags::NOREPLACE };
        rustix::fs::renameat_with(CWD, &self.partial, CWD, &self.place, flags)
            .doing("give the finished run directory its name", &name)?;
        self.published = true;
        if let Some(parent) = self.place.parent() {
            sync_dir(parent).doing("sync the parent of", &name)?;
        }
        if old {
            // The exchange left the earlier run under the partial name.
            let _ = fs::remove_dir_all(&self.partial);
        }
        Ok(())
    }
}

impl Drop for RunDirWriter {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_dir_all(&self.partial);
        }
        let _ = fs::remove_file(&self.lock.1);
    }
}

/// Refuses a place that holds anything but, with `replace`, an earlier run directory.
fn check_place(place: &Path, replace: bool) -> Result<(), Failure> {
    let name = place.display().to_string();
    let Ok(found) = fs::symlink_metadata(place) else { return Ok(()) };
    if found.is_dir() && place.join(MANIFEST).is_file() {
        if replace {
            return Ok(());
        }
        return Err(Failure::usage("the run directory exists already")
            .at(name)
            .hint("give another --out, or --replace to put the new run in its place"));
    }
    Err(Failure::usage("something that is no run directory stands here; nothing was touched")
        .at(name)
        .hint("give another --out"))
}

/// Takes the lock. A holder removes the file before letting go: a lock on a file that has no name any more is void.
fn lock(path: &Path, name: &str) -> Result<File, Failure> {
    let failed = |e: io::Error| {
        Failure::io("lock the run directory", name, &e).hint("is its parent directory writable?")
    };
    loop {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
            .open(path)
            .map_err(failed)?;
        if file.try_lock().is_err() {
            return Err(Failure::run("another run is writing this run directory").at(name));
        }
        let held = file.metadata().map_err(failed)?;
        if fs::symlink_metadata(path).is_ok_and(|found| found.ino() == held.ino()) {
            return Ok(file);
        }
    }
}

/// Removes what killed runs left behind. Only called with the lock held.
fn sweep(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::RunDirWriter;
    use crate::record::FailureKind;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    #[test]
    fn appears_whole_private_and_with_its_digest() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("run");
        let dir = RunDirWriter::create(&place, false).unwrap();
        let mut file = dir.file("contacts.csv").unwrap();
        file.write(b"abc").unwrap();
        let written = file.finish().unwrap();
        // FIPS 180-2, appendix B.1: the digest of "abc".
        assert_eq!(written.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(!place.exists());
        dir.publish(b"{}").unwrap();
        let mode = |p: &PathBuf| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o700);
        assert_eq!(mode(&place.join("contacts.csv")), 0o600);
        let left: Vec<_> = fs::read_dir(home.path()).unwrap().flatten().map(|e| e.file_name()).collect();
        assert_eq!(left, ["run"]);
    }

    #[test]
    fn two_runs_never_write_one_directory() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("run");
        let first = RunDirWriter::create(&place, false).unwrap();
        assert_eq!(RunDirWriter::create(&place, false).unwrap_err().kind, FailureKind::Run);
        drop(first);
        RunDirWriter::create(&place, false).unwrap();
    }
}
