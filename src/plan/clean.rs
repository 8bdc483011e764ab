//! The plan of `clean` and `audit`: what is read, by which law it is decided, what is written, what the report names.

use crate::data::jurisdiction::Audience;
use crate::plan::profile::Profile;
use crate::plan::read::{Assertion, ReadOptions, ReadPlan};
use crate::plan::sources::file_name;
use crate::reason::Reason;
use crate::record::{Channel, Channels, Failure};
use std::path::PathBuf;
use std::str::FromStr;

/// What the user typed after `clean` or `audit`.
#[derive(Debug, Clone)]
pub struct CleanOptions {
    /// What is read.
    pub read: ReadOptions,
    /// What a flag says instead of the profile: sender, purpose, channels and the like.
    pub says: Profile,
    /// Legal bases the operator states.
    pub assertions: Vec<Assertion>,
    /// What is written: no option of it can be wrong.
    pub write: WritePlan,
    /// Gates.
    pub fail_on: Vec<FailOn>,
    /// The profile.
    pub profile: Option<PathBuf>,
    /// Options as typed, file names without directories.
    pub typed: Vec<String>,
}

/// Everything that a run of `clean` or `audit` needs to know.
#[derive(Debug, Clone)]
pub struct CleanPlan {
    /// What is read.
    pub read: ReadPlan,
    /// How it is decided.
    pub law: LawPlan,
    /// What is written.
    pub write: WritePlan,
    /// Options as typed, file names without directories.
    pub typed: Vec<String>,
    /// Name and bytes of the profile file.
    pub profile_file: Option<(String, Vec<u8>)>,
    /// The run directory of an earlier run, whose suppression file is among the sources.
    pub previous: Option<PathBuf>,
    /// Gates; one on the contactable only with an earlier run.
    pub gates: Vec<FailOn>,
}

/// How it is decided.
#[derive(Debug, Clone)]
pub struct LawPlan {
    /// Channels to decide.
    pub channels: Channels,
    /// Whom the messages are for, where a row does not say.
    pub audience: Audience,
    /// The settings of the team, and what the user typed instead.
    pub profile: Profile,
}

/// What is written.
#[derive(Debug, Clone, Default)]
pub struct WritePlan {
    /// The run directory.
    pub out: PathBuf,
    /// Whether it is kept: an audit without `--out` only prints its result.
    pub written: bool,
    /// Whether an earlier run directory may be replaced.
    pub replace: bool,
    /// Who goes into the lists.
    pub lists: ListStandard,
    /// Whether lists carry the sources' other columns.
    pub lists_full: bool,
    /// The column that lists are cut by.
    pub split_by: Option<String>,
    /// Whether the proof of every decision is written.
    pub proof: bool,
    /// Whether no lists are written: a consent audit only.
    pub audit: bool,
    /// Whether cells are guarded for a spreadsheet.
    pub spreadsheet_safe: bool,
}

/// Who goes into the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListStandard {
    /// Who may be contacted.
    #[default]
    Contactable,
    /// Who could be reached and did not refuse: permission not established.
    Reachable,
}

impl CleanPlan {
    /// The plan of these options; fails where the profile or another file cannot be read or is wrong, or two options do
    /// not go together.
    pub fn new(options: CleanOptions) -> Result<Self, Failure> {
        let CleanOptions { mut read, says, assertions, write, fail_on: gates, profile: path, typed } =
            options;
        let (profile, profile_file, own_rulebooks) = match &path {
            Some(path) => {
                let (profile, bytes) = Profile::read(path)?;
                let books = profile.own_rulebooks(path)?;
                (profile, Some((file_name(path), bytes)), books)
            }
            None => (Profile::default(), None, None),
        };
        let previous = read.sources.previous.clone();
        let profile = says.over(profile);
        read.country = read.country.or(profile.country);
        let mut read = ReadPlan::new(read)?;
        if let Some(purpose) = &profile.purpose {
            read.purpose = purpose.to_lowercase();
        }
        read.own_rulebooks = own_rulebooks;
        read.source_priority.clone_from(&profile.source_priority);
        read.words.extend(profile.word_answers());
        read.assertions = assertions;
        if read.assertions.iter().any(|stated| read.sources.iter().all(|s| s.name != stated.source)) {
            return Err(Failure::usage("the source is not among the sources")
                .at("--assert-basis")
                .hint("write its name without directories, as the report has it"));
        }
        if gates.iter().any(|gate| matches!(gate, FailOn::Drop(_))) && previous.is_none() {
            return Err(Failure::usage("contactable-drop compares with an earlier run, and none was given")
                .at("--fail-on")
                .hint("add --previous DIR"));
        }
        Ok(Self {
            read,
            write,
            typed,
            profile_file,
            law: LawPlan {
                channels: profile.channels.unwrap_or_else(|| Channel::DEFAULT.into_iter().collect()),
                audience: profile.audience.unwrap_or(Audience::B2c),
                profile,
            },
            previous,
            gates,
        })
    }
}

/// How many are too many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// More than so many.
    Count(u64),
    /// More than this share.
    Percent(f64),
}

/// A gate: what `--fail-on` names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FailOn {
    /// A reason that is found too often; a share is one of the rows.
    Found(Reason, Limit),
    /// The contactable of a channel, when they are so many fewer than in the earlier run.
    Drop(Limit),
}

impl FromStr for FailOn {
    type Err = Failure;

    /// Reads `REASON=N`, `REASON=N%` or the same of `contactable-drop`.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = |what: &str| {
            Failure::usage(what).hint(
                "write it as email-domain-typo=10, email-domain-typo=2% or contactable-drop=5%; \
                 `contactable reasons` lists the ids",
            )
        };
        let (id, limit) = text.split_once('=').ok_or_else(|| wrong("a gate is REASON=N or REASON=N%"))?;
        let reason = match id {
            "contactable-drop" => None,
            id => Some(Reason::from_id(id).ok_or_else(|| wrong("this is no reason we know"))?),
        };
        let limit = read_limit(limit).ok_or_else(|| wrong("this is no number"))?;
        Ok(reason.map_or(Self::Drop(limit), |reason| Self::Found(reason, limit)))
    }
}

fn read_limit(text: &str) -> Option<Limit> {
    match text.strip_suffix('%') {
        Some(percent) => percent.parse().ok().filter(|p| (0.0..=100.0).contains(p)).map(Limit::Percent),
        None => text.parse().ok().map(Limit::Count),
    }
}
