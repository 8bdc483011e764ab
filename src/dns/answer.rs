//! Answers of DNS about mail domains, and when they were given.

use std::collections::BTreeMap;

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

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
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
    pub(super) known: BTreeMap<String, Known>,
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
