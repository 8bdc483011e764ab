//! Reasons and facts that follow from the local part and the domain of a well-formed address.

use crate::email::domain::{DomainFacts, PUBLIC_SUFFIX};
use crate::email::key::key;
use crate::email::tables::{BLANK_LOCAL, DEAD, DISPOSABLE, EXAMPLE, EmailTables, FREEMAIL, RELAY, ROLE};
use crate::email::typo::Certainty;
use crate::email::verdict::{AddressFacts, CheckedAddress, EmailVerdict};
use crate::reason::{Reason, Reasons};

/// Reasons and facts that follow from a folded local part and a known domain.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Judged {
    pub(super) reasons: Reasons,
    pub(super) facts: AddressFacts,
    pub(super) warned: bool,
    pub(super) repaired: bool,
}

impl Judged {
    pub(super) fn warn(&mut self, reason: Reason) {
        self.reasons.add(reason);
        self.warned = true;
    }

    /// The result for an address that is not invalid; `local` is the length of the local part of `exact`.
    pub(super) fn checked<'a>(
        &self,
        address: &'a str,
        (exact, key): (&'a str, &'a str),
        local: usize,
    ) -> CheckedAddress<'a> {
        let (verdict, domain) = (self.verdict(), exact.get(local + 1..).unwrap_or_default());
        let Self { reasons, facts, .. } = *self;
        let (fold, at, suggestion) = (exact, None, None);
        CheckedAddress { verdict, address, key, exact, domain, fold, reasons, at, suggestion, facts }
    }

    /// The verdict on an address that is not invalid.
    fn verdict(&self) -> EmailVerdict {
        match (self.warned, self.repaired) {
            (true, _) => EmailVerdict::Risky,
            (false, true) => EmailVerdict::Repaired,
            (false, false) => EmailVerdict::Ok,
        }
    }
}

/// Judges a well-formed address; tells whether the key differs from `local@host` and was written to `out`.
pub(super) fn judge(
    local: &str,
    host: &str,
    known: DomainFacts,
    tables: &EmailTables,
    out: &mut String,
) -> (Judged, bool) {
    let mut judged = Judged::default();
    let flags = known.flags;
    judged.facts.country = known.country();
    judged.facts.freemail = flags & FREEMAIL != 0;
    judged.facts.typo_sure = known.slip == Some(Certainty::Sure);
    if known.any(DISPOSABLE | DEAD | EXAMPLE | RELAY | PUBLIC_SUFFIX) || known.slip.is_some() {
        judge_domain(known, &mut judged);
    }
    if flags & FREEMAIL == 0 {
        judge_local(local, host, tables, &mut judged);
    }
    // No provider gives out quoted local parts; the rules would not know where the quotes belong.
    let Some(rules) = tables.provider(known.provider()).filter(|_| !local.starts_with('"')) else {
        return (judged, false);
    };
    let keyed = key(local, host, known, rules, out);
    if keyed.breaks_rule {
        judged.warn(Reason::EmailProviderRule);
    }
    (judged, keyed.written)
}

fn judge_domain(known: DomainFacts, judged: &mut Judged) {
    for (flag, reason) in [
        (DISPOSABLE, Reason::EmailDisposable),
        (DEAD, Reason::EmailDeadDomain),
        (EXAMPLE, Reason::EmailReservedExample),
        (PUBLIC_SUFFIX, Reason::EmailPublicSuffix),
    ] {
        if known.flags & flag != 0 {
            judged.warn(reason);
        }
    }
    judged.facts.disposable = known.flags & DISPOSABLE != 0;
    if known.flags & RELAY != 0 {
        judged.facts.relay = true;
        judged.reasons.add(Reason::EmailRelay);
    }
    if known.slip.is_some() {
        judged.warn(Reason::EmailDomainTypo);
    }
}

/// Role words and filler; a tag does not make a role mailbox a person's.
#[inline]
fn judge_local(local: &str, host: &str, tables: &EmailTables, judged: &mut Judged) {
    let base = &local[..local.bytes().position(|b| b == b'+').unwrap_or(local.len())];
    let flags = tables.local_flags(base);
    if flags & ROLE != 0 {
        judged.facts.role = true;
        judged.warn(Reason::EmailRole);
    }
    if flags & BLANK_LOCAL != 0 {
        // A short word like "test" may be a real mailbox; the same word as domain, or a phrase, is filler.
        let name = host.split('.').next().unwrap_or_default();
        let filler = tables.local_flags(name) & BLANK_LOCAL != 0;
        let phrase = base.len() > 5 && base != "testing" && base != "unknown" && base != "nothing";
        if filler || phrase {
            judged.warn(Reason::EmailPlaceholderAddress);
        }
    }
}
