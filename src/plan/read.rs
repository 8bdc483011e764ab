//! What every command that reads sources needs: which, for which day, and by what their cells are judged.

use crate::data::jurisdiction::{Basis, Rulebooks};
use crate::data::{Country, rulebooks};
use crate::mapping::WordAnswer;
use crate::plan::judging::{Judging, JudgingOptions};
use crate::plan::sources::{Source, SourceOptions};
use crate::plan::values::{self, MEMORY};
use crate::record::{Channel, Day, Failure};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What the user typed about reading.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Files to read.
    pub sources: SourceOptions,
    /// The day the messages go out.
    pub send_date: Day,
    /// Country of contacts whose rows have none.
    pub country: Option<Country>,
    /// File of the secret of keyed hashes.
    pub key_file: Option<PathBuf>,
    /// What addresses and numbers are judged by.
    pub judging: JudgingOptions,
    /// Threads.
    pub threads: usize,
    /// Bytes of RAM for temporary data.
    pub memory: Option<usize>,
}

/// A legal basis the operator states for all rows of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Name of the source.
    pub source: String,
    /// The channel.
    pub channel: Channel,
    /// The legal basis.
    pub basis: Basis,
    /// Since when.
    pub date: Day,
    /// The operator's words.
    pub text: String,
}

/// How sources are read.
#[derive(Debug, Clone)]
pub struct ReadPlan {
    /// Sources, in the order of their names.
    pub sources: Vec<Source>,
    /// The day the messages go out.
    pub send_date: Day,
    /// Country of contacts whose rows have none.
    pub country: Option<Country>,
    /// What the messages are for, lower case; an event may be for something else.
    pub purpose: String,
    /// Secret of keyed hashes.
    pub key: Option<Vec<u8>>,
    /// What addresses and numbers are judged by.
    pub judging: Judging,
    /// The rulebooks, when the team has its own among them.
    pub own_rulebooks: Option<Rulebooks>,
    /// Legal bases the operator states.
    pub assertions: Vec<Assertion>,
    /// Names of sources, most trusted first.
    pub source_priority: Vec<String>,
    /// What words of columns mean, by the command line and then by the profile.
    pub words: Vec<WordAnswer>,
    /// How many of them the command line gives: each must be of some column.
    pub words_typed: usize,
    /// Threads.
    pub threads: usize,
    /// Bytes of RAM for temporary data.
    pub memory: usize,
}

impl ReadPlan {
    /// The plan of these options; fails where a file is not as it is said to be, or cannot be read.
    pub fn new(options: ReadOptions) -> Result<Self, Failure> {
        let send_date = options.send_date;
        let sources = options.sources.plan()?;
        let words = options.sources.words;
        not_ahead(&sources, send_date)?;
        Ok(Self {
            sources,
            send_date,
            country: options.country,
            purpose: "marketing".to_owned(),
            key: options.key_file.as_deref().map(key).transpose()?,
            judging: Judging::new(&options.judging)?,
            own_rulebooks: None,
            assertions: Vec::new(),
            source_priority: Vec::new(),
            words_typed: words.len(),
            words,
            threads: options.threads.clamp(1, 256),
            memory: options.memory.unwrap_or(MEMORY),
        })
    }

    /// The rulebooks of the run.
    pub fn rulebooks(&self) -> &Rulebooks {
        self.own_rulebooks.as_ref().unwrap_or_else(|| rulebooks())
    }
}

/// Refuses a register's answer of a day to come: nobody has it yet, and it would clear numbers.
fn not_ahead(sources: &[Source], send_date: Day) -> Result<(), Failure> {
    let ahead = |source: &&Source| source.registry.as_ref().is_some_and(|(_, day)| *day > send_date);
    match sources.iter().find(ahead) {
        None => Ok(()),
        Some(source) => Err(Failure::usage(format!(
            "the day of {} is later than the send date, {send_date}: no register has answered yet",
            source.name
        ))
        .at("--registry")
        .hint("give the day on which the register was asked")),
    }
}

fn key(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path).map_err(|e| Failure::io("read the key", "--key-file", &e))?;
    let key = bytes.trim_ascii_end();
    if key.len() < 16 {
        return Err(Failure::usage("the key is shorter than 16 bytes")
            .at("--key-file")
            .hint("make one with: openssl rand -hex 32"));
    }
    Ok(key.to_vec())
}

impl FromStr for Assertion {
    type Err = Failure;

    /// Reads `SOURCE:CHANNEL:BASIS@DATE=TEXT`.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = |what: &str| {
            Failure::usage(what).hint(
                "write SOURCE:CHANNEL:BASIS@DATE=TEXT, for example \
                 shop.csv:email:express_consent@2024-05-01=\"paper forms\"",
            )
        };
        let (head, words) =
            text.split_once('=').ok_or_else(|| wrong("the operator's own words are missing"))?;
        let (head, date) = head.rsplit_once('@').ok_or_else(|| wrong("the date is missing"))?;
        let mut parts = head.rsplitn(3, ':');
        let (Some(basis), Some(channel), Some(source)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("source, channel or basis is missing"));
        };
        Ok(Self {
            source: source.to_owned(),
            channel: values::channel(channel)?,
            basis: basis_of(basis)?,
            date: values::day(date)?,
            text: words.trim_matches('"').to_owned(),
        })
    }
}

/// The legal basis of that word. `asserted` is none: it only says who states one.
fn basis_of(word: &str) -> Result<Basis, Failure> {
    Basis::from_word(word).filter(|basis| *basis != Basis::Asserted).ok_or_else(|| {
        let known = Basis::ALL.iter().filter(|basis| **basis != Basis::Asserted).map(|basis| basis.word());
        Failure::usage(format!("`{word}` is no legal basis"))
            .hint(format!("legal bases are {}", known.collect::<Vec<_>>().join(", ")))
    })
}
