//! What DNS says of mail domains: each distinct one asked once, many at a time, never longer than the deadlines
//! allow; answers are kept in a cache file with the moment they were given.
//!
//! Knows domains only, no address and no contact. The clock is an input. It never speaks to a mail server: asking
//! one whether a mailbox exists (`RCPT TO` without a message) gets the asking host listed as a spammer's, is
//! answered with "yes" by catch-all servers and with "try later" by careful ones, and tells a third party whom one
//! is about to write to.

#[cfg(feature = "dns")]
mod ask;
mod cache;

/// A program built without the feature: it asks nobody.
#[cfg(not(feature = "dns"))]
mod ask {
    use super::{Asked, Settings, built_in};
    use crate::record::Failure;

    pub(super) fn ask(_: &[&str], _: &Settings, _: &dyn Fn() -> bool) -> Result<Asked, Failure> {
        built_in().map(|()| Asked { answers: Vec::new(), servers: Vec::new() })
    }
}

use crate::record::Failure;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What DNS says of a mail domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It names mail servers.
    Mail,
    /// It names none and has an address of its own, to which mail goes then (RFC 5321, 5.1).
    AddressOnly,
    /// It says that it takes no mail (RFC 7505).
    NullMx,
    /// It exists, and has neither mail server nor address.
    NoMail,
    /// It does not exist (NXDOMAIN, RFC 8020).
    NoDomain,
    /// A server was asked and did not answer the question: time-out, SERVFAIL, REFUSED.
    NoAnswer,
    /// No server could be asked: none was reached, or the time for questions was over.
    Unasked,
}

impl Answer {
    /// Every answer, in the order of outputs.
    pub const ALL: [Self; 7] = [
        Self::Mail,
        Self::AddressOnly,
        Self::NullMx,
        Self::NoMail,
        Self::NoDomain,
        Self::NoAnswer,
        Self::Unasked,
    ];

    /// The word of the cache file and of outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::AddressOnly => "address-only",
            Self::NullMx => "null-mx",
            Self::NoMail => "no-mail",
            Self::NoDomain => "no-domain",
            Self::NoAnswer => "no-answer",
            Self::Unasked => "unasked",
        }
    }

    /// Whether it is a fact about the domain, and not about the asking.
    pub const fn is_fact(self) -> bool {
        !matches!(self, Self::NoAnswer | Self::Unasked)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }
}

/// How to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The server; `None`: those the system is set up with.
    pub server: Option<SocketAddr>,
    /// Where answers are kept between runs.
    pub cache: Option<PathBuf>,
    /// The moment of the run, in seconds since 1970 UTC.
    pub now: i64,
    /// How old a kept answer may be, in days.
    pub keep_days: u16,
    /// How many domains are asked at once.
    pub at_once: usize,
    /// How long one question waits for its answer; it is sent twice.
    pub question: Duration,
    /// How long all questions about one domain may take.
    pub domain: Duration,
    /// How long all questions of the run may take.
    pub run: Duration,
}

impl Settings {
    /// The settings unless told otherwise: the system's servers, answers a week old, 32 domains at once, 3 seconds
    /// a question, 10 a domain, 10 minutes in all.
    pub const fn new(now: i64) -> Self {
        Self {
            server: None,
            cache: None,
            now,
            keep_days: 7,
            at_once: 32,
            question: Duration::from_secs(3),
            domain: Duration::from_secs(10),
            run: Duration::from_secs(600),
        }
    }
}

/// An answer, and when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The answer.
    pub answer: Answer,
    /// In seconds since 1970 UTC.
    pub at: i64,
}

/// The answers about all domains of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    known: BTreeMap<String, Known>,
    /// The servers asked, as `IP:PORT`; empty when the cache knew everything.
    pub servers: Vec<String>,
    /// How many answers came out of the cache.
    pub from_cache: usize,
}

impl Answers {
    /// What is known of a domain: lower case, as A-labels. `None`: it was not among those asked about.
    pub fn get(&self, domain: &str) -> Option<Known> {
        self.known.get(domain).copied()
    }

    /// How often each answer was given, in the order of [`Answer::ALL`].
    pub fn counts(&self) -> [usize; Answer::ALL.len()] {
        let mut counts = [0; Answer::ALL.len()];
        self.known.values().for_each(|known| counts[known.answer as usize] += 1);
        counts
    }

    /// When the oldest and the newest answer was given, in seconds since 1970 UTC.
    pub fn ages(&self) -> Option<(i64, i64)> {
        let at = || self.known.values().filter(|k| k.answer.is_fact()).map(|k| k.at);
        Some((at().min()?, at().max()?))
    }

    /// Takes over what another look-up found out.
    pub fn extend(&mut self, other: Self) {
        self.known.extend(other.known);
        self.from_cache += other.from_cache;
        if !other.servers.is_empty() {
            self.servers = other.servers;
        }
    }

    /// Number of domains.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nothing was asked about.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// The answers of servers to one round of questions, and the servers.
struct Asked {
    answers: Vec<(String, Answer)>,
    servers: Vec<String>,
}

/// Tells whether the program can ask at all.
///
/// # Errors
/// It was built without the cargo feature `dns`.
pub fn built_in() -> Result<(), Failure> {
    match cfg!(feature = "dns") {
        true => Ok(()),
        false => Err(Failure::usage("this program was built without DNS").at("--dns").hint(
            "build it with the cargo feature `dns`, which is on unless --no-default-features is given",
        )),
    }
}

/// Finds out about each domain: from the cache where it is young enough, else by asking. New facts go to the cache
/// at once. `interrupted` is asked now and then whether to give up.
///
/// # Errors
/// No server is set up, the cache cannot be read or written, or the user interrupted.
pub fn look_up(
    domains: &BTreeSet<String>,
    settings: &Settings,
    interrupted: &dyn Fn() -> bool,
) -> Result<Answers, Failure> {
    let mut kept = match &settings.cache {
        Some(path) => cache::read(path)?,
        None => BTreeMap::new(),
    };
    let oldest = settings.now - i64::from(settings.keep_days) * 86_400;
    // What claims to come from the future was written by a wrong clock.
    kept.retain(|_, known| (oldest..=settings.now).contains(&known.at));
    let mut answers = Answers::default();
    let mut open = Vec::new();
    for domain in domains {
        match kept.get(domain) {
            Some(known) => {
                answers.known.insert(domain.clone(), *known);
            }
            None => open.push(domain.as_str()),
        }
    }
    answers.from_cache = answers.known.len();
    if !open.is_empty() {
        let asked = ask::ask(&open, settings, interrupted)?;
        answers.servers = asked.servers;
        for (domain, answer) in asked.answers {
            let known = Known { answer, at: settings.now };
            if answer.is_fact() {
                kept.insert(domain.clone(), known);
            }
            answers.known.insert(domain, known);
        }
        if let Some(path) = &settings.cache {
            cache::write(path, &kept)?;
        }
    }
    Ok(answers)
}
