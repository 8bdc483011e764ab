//! The result of checking an address: verdict, canonical forms, reasons, kind; and what DNS adds to it.

use crate::dns::DnsAnswer;
use crate::reason::{Effect, Reason, Reasons};
use crate::record::words;
use serde::Serialize;

words! {
    /// How good an address is, best first.
    pub enum EmailVerdict: Serialize {
        /// Nothing to say against it.
        Ok = "ok",
        /// An address after something was taken off or replaced.
        Repaired = "repaired",
        /// An address, but something speaks against it.
        Risky = "risky",
        /// No address mail can be sent to.
        Invalid = "invalid",
    }
}

/// What kind of address it is. All false for an invalid one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AddressFacts {
    /// The local part names a function (not judged at free-mail domains).
    pub role: bool,
    /// The domain gives out throw-away addresses.
    pub disposable: bool,
    /// The domain forwards to a real person.
    pub relay: bool,
    /// Anybody can have a mailbox there, so the domain tells no employer.
    pub freemail: bool,
    /// The suspected typo is sure enough for `--fix-typos`.
    pub typo_sure: bool,
    /// Country of the top-level domain, ISO 3166-1; `None` for generic ones (also .ai .io .co .me .tv …).
    pub country: Option<[u8; 2]>,
}

/// The result of checking a cell. Its texts live as long as cell and scratch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedAddress<'a> {
    /// The verdict.
    pub verdict: EmailVerdict,
    /// The address as typed, after repairs: what to send to. Empty when invalid.
    pub address: &'a str,
    /// For matching: folded, in the spelling that the provider treats as the same mailbox. Empty when invalid.
    pub key: &'a str,
    /// For consent: folded and repaired, provider aliases kept apart. Empty when invalid.
    pub exact: &'a str,
    /// The domain in lower case, as A-labels; `[192.0.2.1]` for an address literal. Empty when invalid.
    pub domain: &'a str,
    /// Folded text of the cell, for suppression: equals `exact` unless invalid.
    pub fold: &'a str,
    /// Why; in the order of the reason table.
    pub reasons: Reasons,
    /// Byte of the cell at which the syntax fails.
    pub at: Option<u32>,
    /// The whole address that was probably meant; never applied here.
    pub suggestion: Option<&'a str>,
    /// What kind of address it is.
    pub facts: AddressFacts,
}

impl<'a> CheckedAddress<'a> {
    /// The result with the answer of DNS about the domain. Only a fact counts against the address; that nobody answered, or that
    /// nobody could be asked, is noted.
    #[must_use]
    pub fn with_dns(mut self, answer: DnsAnswer) -> Self {
        let Some(reason) = dns_reason(answer).filter(|_| self.verdict != EmailVerdict::Invalid) else {
            return self;
        };
        self.reasons.add(reason);
        match reason.effect() {
            Effect::Blocks => Self { facts: AddressFacts::default(), ..self.invalid() },
            Effect::Warns => Self { verdict: EmailVerdict::Risky, ..self },
            Effect::Repairs | Effect::Notes => self,
        }
    }

    /// The result for a cell that holds no address: without the texts of one.
    pub(super) fn invalid(self) -> Self {
        Self { verdict: EmailVerdict::Invalid, address: "", key: "", exact: "", domain: "", ..self }
    }

    /// The address that was surely meant, for `--fix-typos`.
    pub fn sure_fix(&self) -> Option<&'a str> {
        self.suggestion.filter(|_| self.facts.typo_sure)
    }

    /// The result for the address that replaced a sure typo.
    #[must_use]
    pub fn as_fixed(mut self) -> Self {
        self.reasons.add(Reason::EmailTypoFixed);
        Self { verdict: self.verdict.max(EmailVerdict::Repaired), ..self }
    }
}

/// The reason that an answer of DNS is for the addresses of the domain; `None` when all is well.
pub const fn dns_reason(answer: DnsAnswer) -> Option<Reason> {
    match answer {
        DnsAnswer::Mail => None,
        DnsAnswer::AddressOnly => Some(Reason::EmailDnsAddressOnly),
        DnsAnswer::NullMx => Some(Reason::EmailDnsNullMx),
        DnsAnswer::NoMail => Some(Reason::EmailDnsNoMail),
        DnsAnswer::NoDomain => Some(Reason::EmailDnsNoDomain),
        DnsAnswer::NoAnswer => Some(Reason::EmailDnsUnknown),
        DnsAnswer::Unasked => Some(Reason::EmailDnsUnasked),
    }
}
