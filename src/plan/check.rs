//! The plan of `check`: which list, for which channel, against what, where to.

use crate::plan::read::{ReadOptions, ReadPlan};
use crate::plan::sources::Source;
use crate::plan::values;
use crate::record::{Channel, Day, Failure};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A file, and the day it is said to be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its day; none when it is not said.
    pub day: Option<Day>,
}

impl DatedFile {
    /// Reads `FILE` or `FILE@DATE`; a file that is so called keeps its name. Fails where what begins like a date is
    /// none.
    pub fn new(path: PathBuf) -> Result<Self, Failure> {
        if path.exists() {
            return Ok(Self { path, day: None });
        }
        match path.to_str().and_then(|text| text.rsplit_once('@')) {
            Some((file, date)) if date.starts_with(|c: char| c.is_ascii_digit()) => {
                Ok(Self { day: Some(values::day(date)?), path: PathBuf::from(file) })
            }
            _ => Ok(Self { path, day: None }),
        }
    }
}

/// What a list is checked for, and where its rows go: no option of these can be wrong by itself.
#[derive(Debug, Clone)]
pub struct CheckSettings {
    /// The channel the list is for.
    pub channel: Channel,
    /// Where blocked rows go.
    pub blocked: Option<PathBuf>,
    /// Where allowed rows go instead of the standard output.
    pub out: Option<PathBuf>,
    /// Whether a file that is there already may be replaced by it.
    pub replace: bool,
    /// The oldest a list may be, in days.
    pub max_age: Option<u32>,
    /// Whether whom nothing clears may pass.
    pub allow_unknown: bool,
}

/// A check that cannot be wrong.
#[derive(Debug, Clone)]
pub struct CheckPlan {
    /// How sources are read: those that the list is checked against.
    pub read: ReadPlan,
    /// The list.
    pub list: Source,
    /// The days that lists are said to be of, by the names of sources.
    pub dated: BTreeMap<String, Day>,
    /// What for, and where to.
    pub settings: CheckSettings,
}

impl CheckPlan {
    /// The plan of checking the list that `read` names against its registers and the lists, indexes and run directories
    /// of `against`; fails where there is nothing to check or to check against, or a file is not as it is said to be.
    pub fn new(
        mut read: ReadOptions,
        against: &[DatedFile],
        settings: CheckSettings,
    ) -> Result<Self, Failure> {
        if settings.channel == Channel::Post {
            return Err(Failure::usage("a list of postal addresses cannot be checked").at("--channel"));
        }
        if against.is_empty() && read.sources.registers.is_empty() {
            return Err(Failure::usage("nothing was given to check the list against")
                .at("--against")
                .hint("name suppression files, or the run directory of a clean"));
        }
        let list = read.sources.files.first().cloned().unwrap_or_default();
        if against.iter().any(|file| file.path == list) {
            return Err(Failure::usage("the list is checked against itself").at("--against"));
        }
        read.sources.files.extend(against.iter().map(|file| file.path.clone()));
        let mut read = ReadPlan::new(read)?;
        let at = read.sources.iter().position(|s| s.path == list && s.registry.is_none());
        let list = read.sources.remove(at.ok_or_else(|| Failure::usage("no list was given"))?);
        let dated = read.sources.iter().filter_map(|source| {
            let file = against.iter().find(|file| file.path == source.path)?;
            Some((source.name.clone(), file.day?))
        });
        let dated = dated.collect();
        Ok(Self { read, list, dated, settings })
    }
}

#[cfg(test)]
mod tests {
    use super::{CheckPlan, CheckSettings, DatedFile};
    use crate::plan::{ReadOptions, SourceOptions};
    use crate::record::{Channel, Day, Failure};
    use std::path::PathBuf;

    fn plan(channel: Channel, against: &[&str]) -> Result<CheckPlan, String> {
        let sources = SourceOptions { files: vec![PathBuf::from("list.csv")], ..SourceOptions::default() };
        let against: Result<Vec<_>, Failure> =
            against.iter().map(|file| DatedFile::new(PathBuf::from(file))).collect();
        let read = ReadOptions { sources, send_date: Day::constant(2026, 11, 21), ..ReadOptions::default() };
        let against = against.map_err(|e| e.to_string())?;
        let settings = CheckSettings {
            channel,
            blocked: None,
            out: None,
            replace: false,
            max_age: None,
            allow_unknown: false,
        };
        CheckPlan::new(read, &against, settings).map_err(|e| e.to_string())
    }

    #[test]
    fn the_list_stands_apart_and_dates_are_read() {
        let plan = plan(Channel::Sms, &["b/stop.csv@2026-11-01", "a.csv", "list@home.csv"]).unwrap();
        assert_eq!(plan.list.name, "list.csv");
        let names: Vec<_> = plan.read.sources.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "list@home.csv", "stop.csv"]);
        assert_eq!(plan.dated["stop.csv"], Day::constant(2026, 11, 1));
        assert_eq!(plan.dated.len(), 1);
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        for (channel, against, says) in [
            (Channel::Post, &["a.csv"][..], "--channel"),
            (Channel::Email, &[], "--against"),
            (Channel::Email, &["list.csv"], "itself"),
            (Channel::Email, &["a.csv@2026-13-01"], "no date"),
        ] {
            let error = plan(channel, against).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
