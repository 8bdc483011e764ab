//! What to do, complete and valid: options as typed, then the profile, then defaults.
//!
//! A `Plan` cannot be wrong: every date is a date, every file is named, every word is known. Knows no clock and
//! no argument parser.

use crate::data::jurisdiction::{Basis, Rulebooks};
use crate::data::{Country, rulebooks};
use crate::reason::Reason;
use crate::record::{Channel, Channels, Day, Failure, IoContext, Kind};
use serde::Deserialize;
use std::path::{Path, PathBuf};

mod judging;
mod profile;
mod screen;
mod stated;

pub use judging::{Brought, Judging, JudgingOptions, PHONE, Role};
pub use profile::{Key, Profile, Strictness};
pub use screen::{CheckOptions, CheckPlan, SuppressOptions, SuppressPlan};

/// What the user typed, still words.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Sources to read.
    pub sources: Vec<PathBuf>,
    /// Further suppression files.
    pub suppress: Vec<PathBuf>,
    /// Further consent-event files.
    pub events: Vec<PathBuf>,
    /// `ID=FILE@DATE` of registers.
    pub registries: Vec<String>,
    /// The run directory.
    pub out: Option<PathBuf>,
    /// Whether an earlier run directory may be replaced.
    pub replace: bool,
    /// The profile.
    pub profile: Option<PathBuf>,
    /// The day the messages go out.
    pub send_date: Option<String>,
    /// Country of contacts that tell none.
    pub country: Option<String>,
    /// Country of the sender.
    pub sender_country: Option<String>,
    /// What the messages are for.
    pub purpose: Option<String>,
    /// Who answers for the data and sends.
    pub controller: Option<String>,
    /// Who makes the run.
    pub operator: Option<String>,
    /// Channels to decide.
    pub channels: Option<String>,
    /// `b2b` or `b2c`.
    pub audience: Option<String>,
    /// `KIND=FILE`.
    pub as_kind: Vec<String>,
    /// `ID=FILE`.
    pub format: Vec<String>,
    /// `SOURCE:CHANNEL:BASIS@DATE=TEXT`.
    pub assert_basis: Vec<String>,
    /// Secret of keyed hashes.
    pub key_file: Option<PathBuf>,
    /// The run directory of an earlier run.
    pub previous: Option<PathBuf>,
    /// `contactable` or `reachable`.
    pub lists: Option<String>,
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
    /// `REASON=N` or `REASON=N%`.
    pub fail_on: Vec<String>,
    /// Threads.
    pub threads: Option<usize>,
    /// RAM for temporary data, as `256M` or `2G`.
    pub memory: Option<String>,
    /// What addresses and numbers are judged by.
    pub judging: JudgingOptions,
}

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lists {
    /// Who may be contacted.
    #[default]
    Contactable,
    /// Who could be reached and did not refuse: permission not established.
    Reachable,
}

/// Whom the messages are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Consumers; also whoever is not known to be a business.
    #[default]
    B2c,
    /// Businesses.
    B2b,
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

/// A ground the operator states for all rows of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Name of the source.
    pub source: String,
    /// The channel.
    pub channel: Channel,
    /// The ground.
    pub basis: Basis,
    /// Since when.
    pub date: Day,
    /// The operator's words.
    pub text: String,
}

/// How many of a reason are too many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// More than so many.
    Count(u64),
    /// More than this share of the rows.
    Percent(f64),
}

/// A gate: exit code 3 when a reason is found too often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// The reason.
    pub reason: Reason,
    /// How many are too many.
    pub limit: Limit,
}

/// Everything a run needs to know.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Sources, in the order of their names.
    pub sources: Vec<Source>,
    /// The run directory.
    pub out: PathBuf,
    /// Whether it is kept: an audit without `--out` is only told.
    pub written: bool,
    /// Whether an earlier run directory may be replaced.
    pub replace: bool,
    /// The day the messages go out.
    pub send_date: Day,
    /// Country of contacts that tell none.
    pub country: Option<Country>,
    /// Country of the sender.
    pub sender_country: Option<Country>,
    /// What the messages are for, lower case.
    pub purpose: String,
    /// Who answers for the data and sends.
    pub controller: Option<String>,
    /// Who makes the run.
    pub operator: Option<String>,
    /// Channels to decide.
    pub channels: Channels,
    /// Whom the messages are for, where the row does not say.
    pub audience: Audience,
    /// Secret of keyed hashes.
    pub key: Option<Vec<u8>>,
    /// What the lists hold.
    pub lists: Lists,
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
    /// Grounds the operator states.
    pub assertions: Vec<Assertion>,
    /// Gates.
    pub gates: Vec<Gate>,
    /// By how much the contactable of a channel may be fewer than in the earlier run.
    pub drops: Vec<Limit>,
    /// The run directory of an earlier run, whose suppression file is among the sources.
    pub previous: Option<PathBuf>,
    /// Threads.
    pub threads: usize,
    /// Bytes of RAM for temporary data.
    pub memory: usize,
    /// The profile.
    pub profile: Profile,
    /// The rulebooks, when the team has its own among them.
    pub own_rulebooks: Option<Rulebooks>,
    /// Name and bytes of the profile file, for the report.
    pub profile_file: Option<(String, Vec<u8>)>,
    /// What addresses and numbers are judged by.
    pub judging: Judging,
    /// Options as typed, file names without directories.
    pub typed: Vec<String>,
}

/// RAM for temporary data unless told otherwise.
const MEMORY: usize = 256 << 20;

impl Plan {
    /// Makes a plan; `today` is the default send date.
    pub fn new(options: &Options, today: Day, cores: usize) -> Result<Self, Failure> {
        let (profile, profile_file) = match &options.profile {
            Some(path) => Profile::read(path).map(|(p, bytes)| (p, Some((file_name(path), bytes))))?,
            None => (Profile::default(), None),
        };
        let own_rulebooks = match &options.profile {
            Some(path) => profile.own_rulebooks(path)?,
            None => None,
        };
        let word = |typed: &Option<String>, of_profile: &Option<String>| {
            typed.clone().or_else(|| of_profile.clone())
        };
        let send_date = options.send_date.as_deref().map_or(Ok(today), |text| day(text, "--send-date"))?;
        let sources = sources(options)?;
        not_ahead(&sources, send_date)?;
        let (drops, gates): (Vec<&str>, Vec<&str>) =
            options.fail_on.iter().map(String::as_str).partition(|text| text.starts_with(DROP));
        let written = options.out.is_some();
        let scratch = || {
            options
                .audit
                .then(|| std::env::temp_dir().join(format!("contactable-audit-{}", std::process::id())))
        };
        let out =
            options.out.clone().or_else(scratch).ok_or_else(|| {
                Failure::usage("no run directory was given").at("--out").hint("add --out DIR")
            })?;
        Ok(Self {
            out,
            written,
            replace: options.replace,
            send_date,
            country: country(word(&options.country, &profile.country), "--country")?,
            sender_country: country(
                word(&options.sender_country, &profile.sender_country),
                "--sender-country",
            )?,
            purpose: word(&options.purpose, &profile.purpose)
                .unwrap_or_else(|| "marketing".into())
                .to_lowercase(),
            controller: word(&options.controller, &profile.controller),
            operator: word(&options.operator, &profile.operator),
            channels: channels(word(&options.channels, &profile.channels).as_deref())?,
            audience: audience(word(&options.audience, &profile.audience).as_deref())?,
            key: options.key_file.as_deref().map(key).transpose()?,
            lists: lists(options.lists.as_deref())?,
            lists_full: options.lists_full,
            split_by: options.split_by.clone(),
            proof: options.proof || options.audit,
            audit: options.audit,
            spreadsheet_safe: options.spreadsheet_safe,
            assertions: stated::assertions(&options.assert_basis, &sources)?,
            gates: gates.iter().map(|text| gate(text)).collect::<Result<_, _>>()?,
            drops: drops.iter().map(|text| drop_limit(text, options)).collect::<Result<_, _>>()?,
            previous: options.previous.clone(),
            threads: options.threads.unwrap_or(cores).clamp(1, 256),
            memory: memory(options.memory.as_deref())?,
            profile,
            own_rulebooks,
            profile_file,
            judging: Judging::new(&options.judging)?,
            typed: typed(options),
            sources,
        })
    }

    /// The rulebooks of the run.
    pub fn rulebooks(&self) -> &Rulebooks {
        self.own_rulebooks.as_ref().unwrap_or_else(|| rulebooks())
    }
}

/// Refuses a register's answer of a day to come: nobody has it yet, and it would clear numbers.
fn not_ahead(sources: &[Source], send_date: Day) -> Result<(), Failure> {
    let day = |source: &Source| source.registry.as_ref().map(|(_, day)| *day);
    match sources.iter().find(|source| day(source).is_some_and(|day| day > send_date)) {
        None => Ok(()),
        Some(source) => Err(Failure::usage(format!(
            "the day of {} is later than the send date, {send_date}: no register has answered yet",
            source.name
        ))
        .at("--registry")
        .hint("give the day on which the register was asked")),
    }
}

fn audience(text: Option<&str>) -> Result<Audience, Failure> {
    match text {
        None | Some("b2c") => Ok(Audience::B2c),
        Some("b2b") => Ok(Audience::B2b),
        Some(_) => Err(Failure::usage("the audience is b2b or b2c").at("--audience")),
    }
}

fn lists(text: Option<&str>) -> Result<Lists, Failure> {
    match text {
        None | Some("contactable") => Ok(Lists::Contactable),
        Some("reachable") => Ok(Lists::Reachable),
        Some(_) => Err(Failure::usage("the lists are contactable or reachable").at("--lists")),
    }
}

fn day(text: &str, flag: &str) -> Result<Day, Failure> {
    text.parse().map_err(|_| Failure::usage("this is no date").at(flag).hint("write it as 2026-12-01"))
}

fn country(text: Option<String>, flag: &str) -> Result<Option<Country>, Failure> {
    let Some(text) = text else { return Ok(None) };
    crate::data::country(&text).map(Some).ok_or_else(|| {
        Failure::usage("this is no country we know").at(flag).hint("give an ISO code such as GB")
    })
}

fn channels(text: Option<&str>) -> Result<Channels, Failure> {
    let Some(text) = text else {
        return Ok(Channel::DEFAULT.into_iter().fold(Channels::NONE, |set, c| set.union(Channels::only(c))));
    };
    text.split(',').map(str::trim).try_fold(Channels::NONE, |set, word| {
        let channel = Channel::from_word(word).ok_or_else(|| {
            Failure::usage("this is no channel")
                .at("--channels")
                .hint("channels are email,sms,call,post,messaging,auto-call")
        })?;
        Ok(set.union(Channels::only(channel)))
    })
}

fn key(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path).doing("read the key", "--key-file")?;
    let end = bytes.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(0, |i| i + 1);
    if end < 16 {
        return Err(Failure::usage("the key is shorter than 16 bytes")
            .at("--key-file")
            .hint("make one with: openssl rand -hex 32"));
    }
    Ok(bytes[..end].to_vec())
}

/// Bytes of RAM as typed: `256M`, `2G`.
///
/// # Errors
/// It is no amount.
pub fn memory(text: Option<&str>) -> Result<usize, Failure> {
    let Some(text) = text else { return Ok(MEMORY) };
    let wrong =
        || Failure::usage("this is no amount of memory").at("--memory").hint("write it as 256M or 2G");
    let (digits, unit) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let number: usize = digits.parse().map_err(|_| wrong())?;
    let shift = match unit.to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err(wrong()),
    };
    number.checked_shl(shift).filter(|bytes| bytes >> shift == number).ok_or_else(wrong)
}

fn gate(text: &str) -> Result<Gate, Failure> {
    let wrong = |what: &str| {
        Failure::usage(what).at("--fail-on").hint(
            "write it as email-domain-typo=10 or as email-domain-typo=2%; `contactable reasons` lists the ids",
        )
    };
    let (id, limit) = text.split_once('=').ok_or_else(|| wrong("a gate is REASON=N or REASON=N%"))?;
    let reason = Reason::from_id(id).ok_or_else(|| wrong("this is no reason we know"))?;
    Ok(Gate { reason, limit: self::limit(limit).ok_or_else(|| wrong("this is no number"))? })
}

/// Begins a gate on how many fewer may be contacted than in the earlier run.
const DROP: &str = "contactable-drop=";

fn drop_limit(text: &str, options: &Options) -> Result<Limit, Failure> {
    if options.previous.is_none() {
        return Err(Failure::usage("contactable-drop compares with an earlier run, and none was given")
            .at("--fail-on")
            .hint("add --previous DIR"));
    }
    limit(text.trim_start_matches(DROP)).ok_or_else(|| {
        Failure::usage("this is no number").at("--fail-on").hint("write it as contactable-drop=5%")
    })
}

fn limit(text: &str) -> Option<Limit> {
    match text.strip_suffix('%') {
        Some(percent) => percent.parse().ok().filter(|p| (0.0..=100.0).contains(p)).map(Limit::Percent),
        None => text.parse().ok().map(Limit::Count),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "stdin".into(), |n| n.to_string_lossy().into_owned())
}

/// All sources in the order of their names, each with a name of its own.
fn sources(options: &Options) -> Result<Vec<Source>, Failure> {
    let plain = |path: &PathBuf, kind| Source {
        name: if path.as_os_str() == "-" { "stdin".into() } else { file_name(path) },
        path: path.clone(),
        kind,
        format: None,
        registry: None,
    };
    let mut sources: Vec<Source> = options.sources.iter().map(|p| plain(p, None)).collect();
    sources.extend(options.suppress.iter().map(|p| plain(p, Some(Kind::Suppression))));
    sources.extend(options.events.iter().map(|p| plain(p, Some(Kind::ConsentEvents))));
    for text in &options.registries {
        let (path, registry) = registry(text)?;
        sources.push(Source { registry: Some(registry), ..plain(&path, Some(Kind::Registry)) });
    }
    if !options.sources.is_empty() && sources.iter().filter(|s| s.name == "stdin").count() > 1 {
        return Err(Failure::usage("the standard input can be read once only").at("-"));
    }
    if options.sources.is_empty() {
        return Err(
            Failure::usage("no source was given").hint("name the files to read, or - for the standard input")
        );
    }
    sources.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    if sources.len() > usize::from(u16::MAX) {
        return Err(Failure::usage("more than 65,535 sources"));
    }
    told(&mut sources, &options.as_kind, "--as", |source, word| {
        source.kind = Some(Kind::ALL.into_iter().find(|k| k.word() == word).ok_or_else(|| no_kind(word))?);
        Ok(())
    })?;
    told(&mut sources, &options.format, "--format", |source, word| {
        source.format = Some(word.to_owned());
        Ok(())
    })?;
    make_unique(&mut sources);
    // Last, so that of two places that tell a refusal the one in this run's files is told.
    sources.extend(options.previous.as_ref().map(|dir| Source {
        path: dir.join("suppression.csv"),
        name: EARLIER.to_owned(),
        kind: Some(Kind::Suppression),
        format: Some("contactable_suppression".to_owned()),
        registry: None,
    }));
    Ok(sources)
}

/// The name of the earlier run's suppression file among the sources. No name of a file holds a slash.
pub const EARLIER: &str = "previous/suppression.csv";

/// Applies `WORD=FILE` options; the file may be named as typed or without its directories.
fn told(
    sources: &mut [Source],
    options: &[String],
    flag: &str,
    apply: impl Fn(&mut Source, &str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for option in options {
        let (word, file) =
            option.split_once('=').ok_or_else(|| Failure::usage("this needs WORD=FILE").at(flag))?;
        let mut found = false;
        for source in sources.iter_mut().filter(|s| s.path == Path::new(file) || s.name == file) {
            apply(source, word).map_err(|failure| failure.at(flag))?;
            found = true;
        }
        if !found {
            return Err(Failure::usage(format!("{file} is not among the sources")).at(flag));
        }
    }
    Ok(())
}

fn no_kind(word: &str) -> Failure {
    let words: Vec<&str> = Kind::ALL.into_iter().map(Kind::word).collect();
    Failure::usage(format!("a file is not of the kind {word}"))
        .hint(format!("write KIND=FILE; kinds are {}", words.join(", ")))
}

fn registry(text: &str) -> Result<(PathBuf, (String, Day)), Failure> {
    let wrong = || {
        Failure::usage("a register is ID=FILE@DATE")
            .at("--registry")
            .hint("for example us-dnc=dnc.txt@2026-11-01")
    };
    let (id, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (file, date) = rest.rsplit_once('@').ok_or_else(wrong)?;
    Ok((PathBuf::from(file), (id.to_owned(), day(date, "--registry")?)))
}

/// Gives files of one name numbers: `list.csv`, `list (2).csv`.
fn make_unique(sources: &mut [Source]) {
    let mut seen = std::collections::BTreeSet::new();
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

/// Options as typed, for the report: no directories, nothing of the machine.
fn typed(options: &Options) -> Vec<String> {
    let mut typed = Vec::new();
    let mut say = |flag: &str, value: &str| typed.push(format!("{flag} {value}"));
    let words = [
        ("--send-date", &options.send_date),
        ("--country", &options.country),
        ("--sender-country", &options.sender_country),
        ("--purpose", &options.purpose),
        ("--controller", &options.controller),
        ("--operator", &options.operator),
        ("--channels", &options.channels),
        ("--audience", &options.audience),
        ("--lists", &options.lists),
        ("--split-by", &options.split_by),
    ];
    for (flag, value) in words {
        if let Some(value) = value {
            say(flag, value);
        }
    }
    for (flag, values) in [("--assert-basis", &options.assert_basis), ("--fail-on", &options.fail_on)] {
        values.iter().for_each(|value| say(flag, value));
    }
    for (flag, values) in
        [("--as", &options.as_kind), ("--format", &options.format), ("--registry", &options.registries)]
    {
        for value in values {
            let (word, file) = value.split_once('=').unwrap_or((value, ""));
            say(flag, &format!("{word}={}", file_name(Path::new(file))));
        }
    }
    for (flag, files) in [("--suppress", &options.suppress), ("--events", &options.events)] {
        files.iter().for_each(|file| say(flag, &file_name(file)));
    }
    for (flag, on) in [
        ("--lists-full", options.lists_full),
        ("--proof", options.proof),
        ("--spreadsheet-safe", options.spreadsheet_safe),
    ] {
        if on {
            typed.push(flag.to_owned());
        }
    }
    if let Some(dir) = &options.previous {
        typed.push(format!("--previous {}", file_name(dir)));
    }
    judging::typed(&options.judging, &mut typed);
    typed
}
