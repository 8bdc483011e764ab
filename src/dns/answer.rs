//! Answers of DNS about mail domains, and when they were given.

use crate::record::words;
use std::collections::BTreeMap;

words! {
    /// What DNS says of a mail domain.
    pub enum DnsAnswer {
        /// It names mail servers.
        Mail = "mail",
        /// It names none and has an address of its own, to which mail goes then (RFC 5321, 5.1).
        AddressOnly = "address-only",
        /// It says that it takes no mail (RFC 7505).
        NullMx = "null-mx",
        /// It exists, and has neither mail server nor address.
        NoMail = "no-mail",
        /// It does not exist (NXDOMAIN, RFC 8020).
        NoDomain = "no-domain",
        /// A server was asked and did not answer the question: time-out, SERVFAIL, REFUSED.
        NoAnswer = "no-answer",
        /// No server could be asked: none was reached, or the time for questions was over.
        Unasked = "unasked",
    }
}

impl DnsAnswer {
    /// Whether it is a fact about the domain, and not about the asking.
    pub const fn is_fact(self) -> bool {
        !matches!(self, Self::NoAnswer | Self::Unasked)
    }
}

/// An answer, and when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The answer.
    pub answer: DnsAnswer,
    /// In seconds since 1970 UTC.
    pub at: i64,
}

/// The answers about all domains of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DnsAnswers {
    pub(super) known: BTreeMap<String, Known>,
    /// The servers asked, as `IP:PORT`; empty when the cache knew everything.
    pub servers: Vec<String>,
    /// How many answers came out of the cache.
    pub from_cache: usize,
}

impl DnsAnswers {
    /// What is known of a domain: lower case, as A-labels. `None`: it was not among those asked about.
    pub fn get(&self, domain: &str) -> Option<Known> {
        self.known.get(domain).copied()
    }

    /// How often each answer was given, in the order of [`DnsAnswer::ALL`].
    pub fn counts(&self) -> [usize; DnsAnswer::ALL.len()] {
        let mut counts = [0; DnsAnswer::ALL.len()];
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

/// The answers about all domains, and the servers that were asked, as `IP:PORT`.
pub(super) struct Replies {
    pub(super) answers: Vec<(String, DnsAnswer)>,
    pub(super) servers: Vec<String>,
}
