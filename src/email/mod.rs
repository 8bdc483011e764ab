//! One e-mail address: text and tables in, verdict, canonical forms and findings out.
//!
//! Pure: no I/O, no date, no knowledge of telephone numbers. An ordinary ASCII address takes one pass over its
//! bytes and one look into a memo of domains; everything else goes through `careful`, which says what it took
//! off, what is wrong and where.
//!
//! What the words mean: `Invalid` no mail can be sent to what the cell holds; `Risky` it can, but something
//! speaks against it; `Repaired` an address was read after taking something off; `Ok` as it stands. A domain
//! typo is suggested, never applied. Two keys: `exact` says whose consent this is (letter case and repairs
//! only), `key` says which mailbox it reaches by the provider's rules and serves to match and to refuse.

mod careful;
mod clean;
mod domain;
mod key;
mod mend;
mod split;
mod syntax;
mod tables;
mod typo;
mod within;

pub use split::split_cell;
pub use tables::{ListVersion, Tables};
pub use within::addresses_within;

use crate::dns::Answer;
use crate::reason::{Effect, Reason, Reasons};
use crate::record::words;
use domain::{DomainFacts, Memo, PUBLIC_SUFFIX};
use serde::Serialize;
use tables::{BLANK_LOCAL, DEAD, DISPOSABLE, EXAMPLE, FREEMAIL, RELAY, ROLE};
use typo::Certainty;

words! {
    /// What can be said of an address, best first.
    pub enum Verdict: Serialize {
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
pub struct Facts {
    /// The local part names a function (not judged at free-mail domains).
    pub role: bool,
    /// The domain gives out throw-away addresses.
    pub disposable: bool,
    /// The domain forwards to a real person.
    pub relay: bool,
    /// Anybody can have a mailbox there, so the domain tells no employer.
    pub freemail: bool,
    /// The suspected slip is sure enough for `--fix-typos`.
    pub typo_sure: bool,
    /// Country of the top-level domain, ISO 3166-1; `None` for generic ones (also .ai .io .co .me .tv …).
    pub country: Option<[u8; 2]>,
}

/// What was found out about a cell. Texts live as long as cell and scratch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked<'a> {
    /// The verdict.
    pub verdict: Verdict,
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
    pub facts: Facts,
}

impl<'a> Checked<'a> {
    /// With what DNS says of the domain. Only a fact counts against the address; that nobody answered, or that
    /// nobody could be asked, is noted.
    #[must_use]
    pub fn with_dns(mut self, answer: Answer) -> Self {
        let Some(reason) = dns_reason(answer).filter(|_| self.verdict != Verdict::Invalid) else {
            return self;
        };
        self.reasons.add(reason);
        match reason.effect() {
            Effect::Blocks => Self {
                verdict: Verdict::Invalid,
                address: "",
                key: "",
                exact: "",
                domain: "",
                facts: Facts::default(),
                ..self
            },
            Effect::Warns => Self { verdict: Verdict::Risky, ..self },
            Effect::Repairs | Effect::Notes => self,
        }
    }

    /// The address that was surely meant, for `--fix-typos`.
    pub fn sure_fix(&self) -> Option<&'a str> {
        self.suggestion.filter(|_| self.facts.typo_sure)
    }

    /// As the address that was put in the place of a sure slip.
    #[must_use]
    pub fn as_fixed(mut self) -> Self {
        self.reasons.add(Reason::EmailTypoFixed);
        Self { verdict: self.verdict.max(Verdict::Repaired), ..self }
    }
}

/// What an answer of DNS means for the addresses of the domain; nothing when all is well.
pub const fn dns_reason(answer: Answer) -> Option<Reason> {
    match answer {
        Answer::Mail => None,
        Answer::AddressOnly => Some(Reason::EmailDnsAddressOnly),
        Answer::NullMx => Some(Reason::EmailDnsNullMx),
        Answer::NoMail => Some(Reason::EmailDnsNoMail),
        Answer::NoDomain => Some(Reason::EmailDnsNoDomain),
        Answer::NoAnswer => Some(Reason::EmailDnsUnknown),
        Answer::Unasked => Some(Reason::EmailDnsUnasked),
    }
}

/// Working memory of one worker: buffers and the memo of domains. Never changes a result.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    memo: Memo,
    exact: String,
    key: String,
    careful: careful::Buffers,
}

impl Scratch {
    /// Empty working memory; the memo takes 1 MiB with the first address.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Checks one address. For cells that may hold several see [`split_cell`].
pub fn check<'a>(cell: &'a str, tables: &Tables, scratch: &'a mut Scratch) -> Checked<'a> {
    match ordinary(cell, tables, scratch) {
        Some(found) => found.tell(cell, scratch),
        None => careful::check(cell, tables, scratch),
    }
}

/// Whose address it is, without a judgement on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound<'a> {
    /// As [`Checked::exact`].
    pub exact: &'a str,
    /// As [`Checked::key`].
    pub key: &'a str,
    /// As [`Checked::domain`].
    pub domain: &'a str,
}

/// Whose an ordinary address is, where nothing but that matters: what [`check`] says of it too, which does not call
/// it invalid. `None`: [`split_cell`] and [`check`] have to look.
pub fn sound<'a>(cell: &'a str, tables: &Tables, scratch: &'a mut Scratch) -> Option<Sound<'a>> {
    let Scratch { memo, exact, key, .. } = scratch;
    let (plain, folded, known) = look(cell, tables, memo, exact)?;
    let (local, host) = (&folded[..plain.at], &folded[plain.at + 1..]);
    let rules = tables.provider(known.provider());
    let keyed = rules.is_some_and(|rules| key::key(local, host, known, rules, key).written);
    Some(Sound { exact: folded, key: if keyed { key } else { folded }, domain: host })
}

/// An ordinary address, folded, and what is known of its domain; `None` where that calls for the long way.
#[inline]
fn look<'a>(
    cell: &'a str,
    tables: &Tables,
    memo: &mut Memo,
    exact: &'a mut String,
) -> Option<(syntax::Plain, &'a str, DomainFacts)> {
    let plain = syntax::plain(cell)?;
    let folded = folded(cell, plain, exact);
    let known = memo.facts(&folded[plain.at + 1..], tables);
    (known.fault.is_none() && known.slip.is_none()).then_some((plain, folded, known))
}

/// The address in lower case; `exact` has room for it.
fn folded<'a>(cell: &'a str, plain: syntax::Plain, exact: &'a mut String) -> &'a str {
    if !plain.upper {
        return cell;
    }
    exact.clear();
    exact.push_str(cell);
    exact.make_ascii_lowercase();
    exact
}

/// The findings about an ordinary address, before any text is handed out.
struct Ordinary {
    at: usize,
    /// `Scratch::exact` was written.
    folded: bool,
    /// `Scratch::key` was written.
    keyed: bool,
    judged: Judged,
}

impl Ordinary {
    fn tell<'a>(self, cell: &'a str, scratch: &'a Scratch) -> Checked<'a> {
        let exact = if self.folded { scratch.exact.as_str() } else { cell };
        Checked {
            verdict: self.judged.verdict(),
            address: cell,
            key: if self.keyed { &scratch.key } else { exact },
            exact,
            domain: &exact[self.at + 1..],
            fold: exact,
            reasons: self.judged.reasons,
            at: None,
            suggestion: None,
            facts: self.judged.facts,
        }
    }
}

/// The short way. `None`: repairs, faults, or suggestions are called for.
#[inline]
fn ordinary(cell: &str, tables: &Tables, scratch: &mut Scratch) -> Option<Ordinary> {
    let Scratch { memo, exact, key, .. } = scratch;
    let (plain, folded, known) = look(cell, tables, memo, exact)?;
    let (local, host) = (&folded[..plain.at], &folded[plain.at + 1..]);
    let (judged, keyed) = judge(local, host, known, tables, key);
    Some(Ordinary { at: plain.at, folded: plain.upper, keyed, judged })
}

/// Reasons and facts that follow from a folded local part and a known domain.
#[derive(Debug, Clone, Copy, Default)]
struct Judged {
    reasons: Reasons,
    facts: Facts,
    warned: bool,
    repaired: bool,
}

impl Judged {
    fn warn(&mut self, reason: Reason) {
        self.reasons.add(reason);
        self.warned = true;
    }

    /// The verdict on an address that is not invalid.
    fn verdict(&self) -> Verdict {
        match (self.warned, self.repaired) {
            (true, _) => Verdict::Risky,
            (false, true) => Verdict::Repaired,
            (false, false) => Verdict::Ok,
        }
    }
}

/// Judges a well-formed address; tells whether the key differs from `local@host` and was written to `key`.
fn judge(local: &str, host: &str, known: DomainFacts, tables: &Tables, key: &mut String) -> (Judged, bool) {
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
    let keyed = key::key(local, host, known, rules, key);
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
    if known.any(PUBLIC_SUFFIX) {
        judged.warn(Reason::EmailPublicSuffix);
    }
    if known.slip.is_some() {
        judged.warn(Reason::EmailDomainTypo);
    }
}

/// Role words and filler; a tag does not make a role mailbox a person's.
#[inline]
fn judge_local(local: &str, host: &str, tables: &Tables, judged: &mut Judged) {
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

#[cfg(test)]
mod tests;
