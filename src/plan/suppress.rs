//! The plan of `suppress`: which file is made of which sources, and what it keeps of an earlier one.

use crate::data::imports::Import;
use crate::plan::read::{ReadOptions, ReadPlan};
use crate::record::{EventKind, Failure, Kind};
use crate::suppress::Algorithm;
use std::path::PathBuf;

/// The digests that are handed to partners.
pub const HASHES: [Algorithm; 3] = [Algorithm::Sha256, Algorithm::Md5, Algorithm::HmacSha256];

/// What is written, and what it keeps of an earlier file.
#[derive(Debug, Clone)]
pub struct SuppressSettings {
    /// The file to write.
    pub out: PathBuf,
    /// Whether what the file holds already is kept.
    pub merge: bool,
    /// Whether what the file holds already is dropped.
    pub replace: bool,
    /// Algorithm of the digests that take the place of points.
    pub hash: Option<Algorithm>,
    /// Whether only domains are written.
    pub domains: bool,
    /// Events that are written; all when there are none.
    pub only: Vec<EventKind>,
    /// The tool whose import file is written.
    pub tool: Option<&'static Import>,
}

/// A suppression file that is to be made.
#[derive(Debug, Clone)]
pub struct SuppressPlan {
    /// How sources are read.
    pub read: ReadPlan,
    /// What is written.
    pub settings: SuppressSettings,
    /// Whether it is an index.
    pub index: bool,
}

impl SuppressPlan {
    /// The plan of writing this from the sources that `read` names; fails where two wishes exclude each other, the file
    /// exists and nothing says that what it holds is to be kept or replaced, or a source is not as it is said to be.
    pub fn new(mut read: ReadOptions, settings: SuppressSettings) -> Result<Self, Failure> {
        let SuppressSettings { out, merge, replace, hash, domains, tool, .. } = &settings;
        let index = out.extension().is_some_and(|e| e == "idx");
        let shown = out.display().to_string();
        let kept = *merge && out.exists();
        if kept && index {
            return Err(Failure::usage("an index does not give back what it was made of")
                .at(shown)
                .hint("keep the suppression file too, and make the index of it"));
        }
        if kept && (hash.is_some() || tool.is_some()) {
            return Err(Failure::usage("a file for others is made anew each time").at("--merge"));
        }
        if !merge && !replace && out.exists() {
            return Err(Failure::usage("the file exists already; a refusal does not end by being left out")
                .at(shown)
                .hint("--merge keeps what it holds, --replace drops it"));
        }
        if kept {
            read.sources.files.push(out.clone());
        }
        let mut read = ReadPlan::new(read)?;
        for own in read.sources.iter_mut().filter(|source| kept && source.path == *out) {
            own.kind = own.kind.or(Some(Kind::Suppression));
        }
        let made = [index, hash.is_some(), tool.is_some()].iter().filter(|wish| **wish).count();
        if made > 1 || (index || tool.is_some()) && *domains {
            return Err(Failure::usage(
                "an index, --hash, --for and --domains each make a file of their own",
            )
            .hint("write one after the other"));
        }
        if *hash == Some(Algorithm::HmacSha256) && read.key.is_none() {
            return Err(Failure::usage("a keyed hash needs a key").at("--hash").hint("give --key-file FILE"));
        }
        if !index && let Some(register) = read.sources.iter().find(|s| s.registry.is_some()) {
            return Err(Failure::usage("a register's answer ages, and a suppression file does not")
                .at(register.name.as_str())
                .hint(
                    "make an index of it (--out NAME.idx), or supply it with --registry to check and clean",
                ));
        }
        Ok(Self { read, settings, index })
    }
}
