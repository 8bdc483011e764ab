//! The plans of `check` and `suppress`: which lists, against what, where to.

use super::{Options, Plan, Source, day};
use crate::data::imports;
use crate::data::imports::Import;
use crate::record::{Channel, Day, EventKind, Failure};
use crate::suppress::Algorithm;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the user typed after `check`, still words.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// The list, and what `check` has in common with `clean`.
    pub common: Options,
    /// Suppression lists, indexes and run directories; `FILE@DATE` tells of which day a file is.
    pub against: Vec<PathBuf>,
    /// The channel the list is for.
    pub channel: String,
    /// Where blocked rows go.
    pub blocked: Option<PathBuf>,
    /// Where allowed rows go instead of the standard output.
    pub out: Option<PathBuf>,
    /// The oldest a list may be, in days.
    pub max_age: Option<u32>,
    /// What happens to whom nothing clears: `block` or `allow`.
    pub unknown: Option<String>,
}

/// A check that cannot be wrong.
#[derive(Debug, Clone)]
pub struct CheckPlan {
    /// What it has in common with `clean`; its sources are what the list is checked against.
    pub plan: Plan,
    /// The list.
    pub list: Source,
    /// The days that lists are said to be of, by the names of sources.
    pub dated: BTreeMap<String, Day>,
    /// The channel the list is for.
    pub channel: Channel,
    /// Where blocked rows go.
    pub blocked: Option<PathBuf>,
    /// Where allowed rows go instead of the standard output.
    pub out: Option<PathBuf>,
    /// The oldest a list may be, in days.
    pub max_age: Option<u32>,
    /// Whether whom nothing clears may pass.
    pub allow_unknown: bool,
}

impl CheckPlan {
    /// Checks everything the user typed.
    ///
    /// # Errors
    /// A word, a date or a path is wrong.
    pub fn new(options: &CheckOptions, today: Day, cores: usize) -> Result<Self, Failure> {
        let channel =
            Channel::from_word(&options.channel).filter(|c| *c != Channel::Post).ok_or_else(|| {
                Failure::usage("a list is checked for one channel")
                    .at("--channel")
                    .hint("channels are email, sms, call, messaging, auto-call")
            })?;
        let allow_unknown = match options.unknown.as_deref() {
            None | Some("block") => false,
            Some("allow") => true,
            Some(_) => return Err(Failure::usage("this is block or allow").at("--unknown")),
        };
        if options.against.is_empty() && options.common.registries.is_empty() {
            return Err(Failure::usage("nothing was given to check the list against")
                .at("--against")
                .hint("name suppression files, or the run directory of a clean"));
        }
        let list = options.common.sources.first().cloned().unwrap_or_default();
        let (paths, dates): (Vec<_>, Vec<_>) = options
            .against
            .iter()
            .map(|path| dated(path))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .unzip();
        if paths.contains(&list) {
            return Err(Failure::usage("the list is checked against itself").at("--against"));
        }
        let mut common = options.common.clone();
        common.sources.extend(paths.iter().cloned());
        common.out = Some(PathBuf::from("check"));
        let mut plan = Plan::new(&common, today, cores)?;
        let at = plan.sources.iter().position(|s| s.path == list && s.registry.is_none());
        let list = plan.sources.remove(at.ok_or_else(|| Failure::usage("no list was given"))?);
        let named = plan.sources.iter().filter_map(|source| {
            let at = paths.iter().position(|path| *path == source.path)?;
            Some((source.name.clone(), dates[at]?))
        });
        let dated = named.collect();
        Ok(Self {
            plan,
            list,
            dated,
            channel,
            blocked: options.blocked.clone(),
            out: options.out.clone(),
            max_age: options.max_age,
            allow_unknown,
        })
    }
}

/// What the user typed after `suppress`, still words.
#[derive(Debug, Clone, Default)]
pub struct SuppressOptions {
    /// Sources, key and what else it has in common with `clean`; `out` is the file to write.
    pub common: Options,
    /// Algorithm of the digests that take the place of points.
    pub hash: Option<String>,
    /// Whether only domains are written.
    pub domains: bool,
    /// Events that are written; all when there are none.
    pub only: Vec<String>,
    /// The tool whose import file is written.
    pub tool: Option<String>,
    /// Whether what the file holds already is kept.
    pub merge: bool,
}

/// A suppression file that is to be made.
#[derive(Debug, Clone)]
pub struct SuppressPlan {
    /// What it has in common with `clean`: sources, send date, key.
    pub plan: Plan,
    /// The file to write.
    pub out: PathBuf,
    /// Whether it is an index.
    pub index: bool,
    /// Algorithm of the digests that take the place of points.
    pub hash: Option<Algorithm>,
    /// Whether only domains are written.
    pub domains: bool,
    /// Events that are written; all when there are none.
    pub only: Vec<EventKind>,
    /// The tool whose import file is written.
    pub tool: Option<&'static Import>,
}

impl SuppressPlan {
    /// Checks everything the user typed.
    ///
    /// # Errors
    /// A word, a date or a path is wrong; two wishes exclude each other; the file exists and nothing says that what
    /// it holds is to be kept or replaced.
    pub fn new(options: &SuppressOptions, today: Day, cores: usize) -> Result<Self, Failure> {
        let out = options.common.out.clone().unwrap_or_default();
        let index = out.extension().is_some_and(|e| e == "idx");
        let hash = options.hash.as_deref().map(algorithm).transpose()?;
        let only = options.only.iter().map(|word| event(word)).collect::<Result<Vec<_>, _>>()?;
        let tool = options.tool.as_deref().map(import).transpose()?;
        let mut common = options.common.clone();
        let shown = out.display().to_string();
        match (out.exists(), options.merge, options.common.replace) {
            (true, true, _) if index => {
                return Err(Failure::usage("an index does not give back what it was made of")
                    .at(shown)
                    .hint("keep the suppression file too, and make the index of it"));
            }
            (true, true, _) if hash.is_some() || tool.is_some() => {
                return Err(Failure::usage("a file for others is made anew each time").at("--merge"));
            }
            (true, true, _) => {
                common.sources.push(out.clone());
                let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let told = common.as_kind.iter().any(|said| said.ends_with(&format!("={name}")));
                if !told {
                    common.as_kind.push(format!("suppression={}", out.display()));
                }
            }
            (true, false, false) => {
                return Err(Failure::usage(
                    "the file exists already; a refusal does not end by being left out",
                )
                .at(shown)
                .hint("--merge keeps what it holds, --replace drops it"));
            }
            (true, false, true) | (false, ..) => {}
        }
        let plan = Plan::new(&common, today, cores)?;
        let made = [index, hash.is_some(), tool.is_some()].iter().filter(|wish| **wish).count();
        if made > 1 || (index || tool.is_some()) && options.domains {
            return Err(Failure::usage(
                "an index, --hash, --for and --domains each make a file of their own",
            )
            .hint("write one after the other"));
        }
        if hash == Some(Algorithm::HmacSha256) && plan.key.is_none() {
            return Err(Failure::usage("a keyed hash needs a key").at("--hash").hint("give --key-file FILE"));
        }
        if !index && let Some(register) = plan.sources.iter().find(|s| s.registry.is_some()) {
            return Err(Failure::usage("a register's answer ages, and a suppression file does not")
                .at(register.name.as_str())
                .hint(
                    "make an index of it (--out NAME.idx), or bring it with --registry to check and clean",
                ));
        }
        Ok(Self { plan, out, index, hash, domains: options.domains, only, tool })
    }
}

fn algorithm(word: &str) -> Result<Algorithm, Failure> {
    let handed_out = [Algorithm::Md5, Algorithm::Sha256, Algorithm::HmacSha256];
    handed_out.into_iter().find(|a| a.word() == word).ok_or_else(|| {
        Failure::usage("this is no hash we hand out").at("--hash").hint("sha256, md5 or hmac-sha256")
    })
}

fn event(word: &str) -> Result<EventKind, Failure> {
    let kind = EventKind::from_word(&word.replace('-', "_"));
    kind.filter(|k| k.suppresses()).ok_or_else(|| {
        Failure::usage("this is no reason to suppress").at("--only").hint(
            "deceased, erasure, complaint, do-not-contact, objection, consent-withdrawn, refusal-on-call, \
             consent-declined, hard-bounce",
        )
    })
}

fn import(word: &str) -> Result<&'static Import, Failure> {
    let known = || imports().iter().map(|i| i.id.as_str()).collect::<Vec<_>>().join(", ");
    imports().iter().find(|i| i.id == word).ok_or_else(|| {
        Failure::usage("no import file of this tool is known")
            .at("--for")
            .hint(format!("known are {}", known()))
    })
}

/// `FILE@DATE`: the file and its day; a file that is so called keeps its name.
fn dated(path: &Path) -> Result<(PathBuf, Option<Day>), Failure> {
    let plain = || Ok((path.to_owned(), None));
    if path.exists() {
        return plain();
    }
    match path.to_str().and_then(|text| text.rsplit_once('@')) {
        Some((file, date)) if date.starts_with(|c: char| c.is_ascii_digit()) => {
            Ok((PathBuf::from(file), Some(day(date, "--against")?)))
        }
        _ => plain(),
    }
}

#[cfg(test)]
mod tests {
    use super::{CheckOptions, CheckPlan, Options};
    use crate::record::Day;
    use std::path::PathBuf;

    fn plan(channel: &str, against: &[&str]) -> Result<CheckPlan, String> {
        let options = CheckOptions {
            common: Options { sources: vec![PathBuf::from("list.csv")], ..Options::default() },
            against: against.iter().map(PathBuf::from).collect(),
            channel: channel.to_owned(),
            ..CheckOptions::default()
        };
        CheckPlan::new(&options, Day::constant(2026, 11, 21), 2).map_err(|e| e.to_string())
    }

    #[test]
    fn the_list_stands_apart_and_dates_are_read() {
        let plan = plan("sms", &["b/stop.csv@2026-11-01", "a.csv", "list@home.csv"]).unwrap();
        assert_eq!(plan.list.name, "list.csv");
        let names: Vec<_> = plan.plan.sources.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "list@home.csv", "stop.csv"]);
        assert_eq!(plan.dated["stop.csv"], Day::constant(2026, 11, 1));
        assert_eq!(plan.dated.len(), 1);
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        for (channel, against, says) in [
            ("post", &["a.csv"][..], "--channel"),
            ("email", &[], "--against"),
            ("email", &["list.csv"], "itself"),
            ("email", &["a.csv@2026-13-01"], "no date"),
        ] {
            let error = plan(channel, against).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
