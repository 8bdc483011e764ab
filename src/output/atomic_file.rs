//! One output file that appears whole or not at all: written beside its place, synced, renamed.

use crate::record::{Failure, IoContext};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file (0600) that is being written.
#[derive(Debug)]
pub struct AtomicFile {
    place: PathBuf,
    partial: PathBuf,
    file: File,
    buffer: Vec<u8>,
    published: bool,
}

const BUFFER: usize = 1 << 18;

impl AtomicFile {
    /// Prepares to write `place`; a file that is there is replaced when all is written.
    ///
    /// # Errors
    /// Something that is no file is there, or nothing can be written beside it.
    pub fn create(place: &Path) -> Result<Self, Failure> {
        let shown = place.display().to_string();
        let name = place.file_name().ok_or_else(|| Failure::usage("this is no file name").at(&*shown))?;
        if fs::metadata(place).is_ok_and(|found| !found.is_file()) {
            return Err(Failure::usage("something that is no file stands here; nothing was touched")
                .at(shown)
                .hint("give another name, or write to the standard output"));
        }
        let partial =
            place.with_file_name(format!(".{}.partial-{}", name.to_string_lossy(), std::process::id()));
        let _ = fs::remove_file(&partial);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&partial)
            .doing("create a file beside it", &shown)?;
        let buffer = Vec::with_capacity(BUFFER);
        Ok(Self { place: place.to_owned(), partial, file, buffer, published: false })
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// The disk is full, or fails.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.buffer.len() + bytes.len() > BUFFER {
            self.flush()?;
        }
        if bytes.len() >= BUFFER {
            let done = self.file.write_all(bytes);
            return self.written(done);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let done = self.file.write_all(&self.buffer);
        self.buffer.clear();
        self.written(done)
    }

    fn written(&self, done: std::io::Result<()>) -> Result<(), Failure> {
        let hint = "nothing was published; make room and run again";
        done.writing(self.place.display()).map_err(|failure| failure.hint(hint))
    }

    /// Syncs the file and gives it its name.
    ///
    /// # Errors
    /// The disk is full, or fails; the file does not appear.
    pub fn publish(mut self) -> Result<(), Failure> {
        self.flush()?;
        let parent = self.place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let published = self.file.sync_all().and_then(|()| fs::rename(&self.partial, &self.place));
        self.written(published.and_then(|()| File::open(parent)?.sync_all()))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AtomicFile;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn it_appears_whole_private_or_not_at_all() {
        let dir = std::env::temp_dir().join(format!("contactable-whole-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let place = dir.join("list.csv");
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
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        fs::remove_dir_all(&dir).unwrap();
    }
}
