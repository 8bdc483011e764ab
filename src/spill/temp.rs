//! One private temporary file without a name, written at its end and read anywhere.

use crate::record::Failure;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A run of bytes in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) start: u64,
    pub(super) len: usize,
}

/// The file; made when the first byte is written.
#[derive(Debug)]
pub(super) struct Temp {
    dir: PathBuf,
    file: Mutex<Option<(File, u64)>>,
}

impl Temp {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf(), file: Mutex::new(None) }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(File, u64)>> {
        // The offset is advanced only after a whole write, so a poisoned lock guards nothing broken.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure(&self, doing: &str, error: &std::io::Error) -> Failure {
        Failure::io(doing, self.dir.display().to_string(), error)
            .hint("temporary files need free space there; --memory keeps more in RAM")
    }

    /// Writes at the end of the file.
    pub(super) fn append(&self, bytes: &[u8]) -> Result<Extent, Failure> {
        let mut guard = self.lock();
        let (file, end) = match &mut *guard {
            Some(open) => open,
            none => {
                let file = tempfile::tempfile_in(&self.dir);
                none.insert((file.map_err(|e| self.failure("make a temporary file", &e))?, 0))
            }
        };
        file.write_all_at(bytes, *end).map_err(|e| self.failure("write a temporary file", &e))?;
        let extent = Extent { start: *end, len: bytes.len() };
        *end += bytes.len() as u64;
        Ok(extent)
    }

    pub(super) fn read(&self, extent: Extent, out: &mut Vec<u8>) -> Result<(), Failure> {
        let guard = self.lock();
        let Some((file, _)) = &*guard else { return Err(Failure::run("the temporary file is gone")) };
        let from = out.len();
        out.resize(from + extent.len, 0);
        file.read_exact_at(&mut out[from..], extent.start)
            .map_err(|e| self.failure("read a temporary file", &e))
    }
}
