//! The files of a run, and what the user says of them. Opens none.

use crate::mapping::WordAnswer;
use crate::plan::values;
use crate::record::{Day, Failure, Kind};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Files to read, and what the user says of them.
#[derive(Debug, Clone, Default)]
pub struct SourceOptions {
    /// Files of any kind; `-` is the standard input.
    pub files: Vec<PathBuf>,
    /// Suppression files.
    pub suppress: Vec<PathBuf>,
    /// Consent-event files.
    pub events: Vec<PathBuf>,
    /// Registers.
    pub registers: Vec<RegisterFile>,
    /// Kinds the user gave.
    pub kinds: Vec<OfFile<Kind>>,
    /// Formats the user gave.
    pub formats: Vec<OfFile<String>>,
    /// The run directory of an earlier run.
    pub previous: Option<PathBuf>,
    /// What words of their columns mean.
    pub words: Vec<WordAnswer>,
}

/// The answer of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterFile {
    /// Id of the register in the rulebooks.
    pub id: String,
    /// Where the answer lies.
    pub path: PathBuf,
    /// The day it was taken.
    pub day: Day,
}

impl FromStr for RegisterFile {
    type Err = Failure;

    /// Reads `ID=FILE@DATE`.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong =
            || Failure::usage("a register is ID=FILE@DATE").hint("for example us-dnc=dnc.txt@2026-11-01");
        let (id, rest) = text.split_once('=').ok_or_else(wrong)?;
        let (file, date) = rest.rsplit_once('@').ok_or_else(wrong)?;
        Ok(Self { id: id.to_owned(), path: PathBuf::from(file), day: values::day(date)? })
    }
}

/// What the user says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfFile<T> {
    /// What is said.
    pub says: T,
    /// The file: as typed, or its name in outputs.
    pub file: String,
}

impl OfFile<Kind> {
    /// Reads `KIND=FILE`; fails where the word is no kind, or the file is missing.
    pub fn kind(text: &str) -> Result<Self, Failure> {
        let words = || Kind::ALL.map(Kind::word).join(", ");
        let hint = |failure: Failure| failure.hint(format!("write KIND=FILE; kinds are {}", words()));
        let OfFile { says, file } = OfFile::format(text).map_err(hint)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == says);
        let wrong = || hint(Failure::usage(format!("a file is not of the kind {says}")));
        Ok(Self { says: kind.ok_or_else(wrong)?, file })
    }
}

impl OfFile<String> {
    /// Reads `ID=FILE`; whether there is such a format shows when the file is read. Fails where the file is missing.
    pub fn format(text: &str) -> Result<Self, Failure> {
        let (word, file) = text.split_once('=').ok_or_else(|| {
            Failure::usage("the file is missing").hint("write ID=FILE; `contactable formats` lists the ids")
        })?;
        Ok(Self { says: word.to_owned(), file: file.to_owned() })
    }
}

/// A file to read and what the user said it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it lies; `-` is the standard input.
    pub path: PathBuf,
    /// Its name in outputs: without directories, unique in the run.
    pub name: String,
    /// The kind the user gave.
    pub kind: Option<Kind>,
    /// The format the user gave.
    pub format: Option<String>,
    /// The register it is, and the day it was taken.
    pub registry: Option<(String, Day)>,
}

/// The name of the earlier run's suppression file among the sources. No name of a file holds a slash.
pub const EARLIER: &str = "previous/suppression.csv";

impl SourceOptions {
    /// All sources in the order of their names, each with a name of its own; the earlier run's suppression file last,
    /// so that of two places that state a refusal the one in this run's files is named. Fails where there are none or
    /// too many, the standard input is read twice, or something is said of a file that is none of them.
    pub(super) fn plan(&self) -> Result<Vec<Source>, Failure> {
        if self.files.is_empty() {
            return Err(Failure::usage("no source was given")
                .hint("name the files to read, or - for the standard input"));
        }
        let mut sources: Vec<Source> = self.files.iter().map(|path| source(path, None)).collect();
        sources.extend(self.suppress.iter().map(|path| source(path, Some(Kind::Suppression))));
        sources.extend(self.events.iter().map(|path| source(path, Some(Kind::ConsentEvents))));
        sources.extend(self.registers.iter().map(|register| Source {
            registry: Some((register.id.clone(), register.day)),
            ..source(&register.path, Some(Kind::Registry))
        }));
        if sources.iter().filter(|s| s.name == "stdin").count() > 1 {
            return Err(Failure::usage("the standard input can be read once only").at("-"));
        }
        if sources.len() > usize::from(u16::MAX) {
            return Err(Failure::usage("more than 65,535 sources"));
        }
        sources.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        for told in &self.kinds {
            told.apply("--as", &mut sources, |source| source.kind = Some(told.says))?;
        }
        for told in &self.formats {
            told.apply("--format", &mut sources, |source| source.format = Some(told.says.clone()))?;
        }
        make_unique(&mut sources);
        sources.extend(self.previous.as_ref().map(|dir| Source {
            name: EARLIER.to_owned(),
            format: Some("contactable_suppression".to_owned()),
            ..source(&dir.join("suppression.csv"), Some(Kind::Suppression))
        }));
        Ok(sources)
    }
}

impl<T> OfFile<T> {
    /// Applies it to the sources that are so called, as typed or without directories.
    fn apply(&self, flag: &str, sources: &mut [Source], set: impl Fn(&mut Source)) -> Result<(), Failure> {
        let file = self.file.as_str();
        let mut found = sources.iter_mut().filter(|s| s.path == Path::new(file) || s.name == file).peekable();
        if found.peek().is_none() {
            return Err(Failure::usage(format!("{file} is not among the sources")).at(flag));
        }
        found.for_each(set);
        Ok(())
    }
}

fn source(path: &Path, kind: Option<Kind>) -> Source {
    let name = if path.as_os_str() == "-" { "stdin".into() } else { file_name(path) };
    Source { path: path.to_owned(), name, kind, format: None, registry: None }
}

/// The name of a file without its directories.
pub fn file_name(path: &Path) -> String {
    // `.` and `..` have no name of their own.
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// Gives files of one name numbers: `list.csv`, `list (2).csv`.
fn make_unique(sources: &mut [Source]) {
    let mut seen = BTreeSet::new();
    for source in sources {
        let name = source.name.clone();
        let mut number = 1;
        while !seen.insert(source.name.clone()) {
            number += 1;
            source.name = match name.rsplit_once('.') {
                Some((stem, ending)) => format!("{stem} ({number}).{ending}"),
                None => format!("{name} ({number})"),
            };
        }
    }
}
