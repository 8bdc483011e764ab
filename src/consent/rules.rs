//! The rules of a run: what each jurisdiction says on the send date, worked out once.

use super::clock::DayNo;
use crate::data::jurisdiction::{
    Audience, Basis, DoubleOptIn, Effect, EvidenceCode, Expiry, ExpiryKind, JurisdictionNo, Length, Model,
    Register, Rule, Rulebooks,
};
use crate::record::{Channel, Day, EventKind, Evidence, Failure};

/// What holds for the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The day the decision is for.
    pub send_date: Day,
    /// Number of the purpose of the run; a consent of another purpose is none, one that tells none is taken.
    pub purpose: u16,
    /// Whether missing evidence blocks.
    pub evidence_strict: bool,
    /// Registers brought: id and the day of their answer; of several files of one register the oldest counts.
    pub registries: Vec<(String, Day)>,
}

/// What a yes still obliges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Condition {
    /// Only at some hours of the recipient.
    Hours,
    /// Only so often.
    Frequency,
    /// A voluntary register is still to be asked.
    Register,
    /// What every message owes.
    Duties,
}

impl Condition {
    /// All conditions, in output order.
    pub const ALL: [Self; 4] = [Self::Hours, Self::Frequency, Self::Register, Self::Duties];

    /// The word of outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Frequency => "frequency",
            Self::Register => "register",
            Self::Duties => "duties",
        }
    }
}

/// A set of conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Conditions(u8);

impl Conditions {
    pub(super) const fn add(&mut self, condition: Condition) {
        self.0 |= 1 << condition as u8;
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the condition is in the set.
    pub const fn has(self, condition: Condition) -> bool {
        self.0 & (1 << condition as u8) != 0
    }

    /// The conditions in output order.
    pub fn iter(self) -> impl Iterator<Item = Condition> {
        Condition::ALL.into_iter().filter(move |c| self.has(*c))
    }
}

/// A set of grounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bases(u32);

impl Bases {
    pub(super) fn of(bases: &[Basis]) -> Self {
        Self(bases.iter().fold(0, |set, basis| set | 1 << *basis as u32))
    }

    pub(super) const fn has(self, basis: Basis) -> bool {
        self.0 & (1 << basis as u32) != 0
    }
}

/// How a ground shows in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A consent event; in writing or not.
    Consent { written: bool },
    /// A purchase at which refusal was offered; for ever, or within a window.
    Customer { within: Option<Length> },
    /// An event within a window.
    Window { event: EventKind, within: Length },
    /// Nothing at all.
    Nothing,
}

/// A register of the audience, as it stands on the send date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) number: u16,
    pub(super) max_age: Length,
    pub(super) statutory: bool,
    pub(super) overridden_by: Bases,
    /// Last day on which the answer brought still counts; none when none was brought.
    pub(super) brought: Option<DayNo>,
}

/// Clock 2, ready for use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lapse {
    pub(super) statutory: bool,
    pub(super) from: EventKind,
    pub(super) bases: Bases,
    pub(super) warn: Option<Length>,
    pub(super) block: Option<Length>,
}

impl Lapse {
    fn of(expiry: &Expiry) -> Self {
        let (warn, block) = match expiry.effect {
            Effect::Block => (None, Some(expiry.length)),
            Effect::Warn => (Some(expiry.length), expiry.hard_length),
        };
        let statutory = expiry.kind == ExpiryKind::Statutory;
        Self { statutory, from: expiry.from, bases: Bases::of(&expiry.bases), warn, block }
    }
}

/// A rule of the send date for one audience.
#[derive(Debug, Clone)]
pub(super) struct CompiledRule<'b> {
    pub(super) rule: &'b Rule,
    pub(super) bases: Vec<(Basis, Source)>,
    pub(super) written: bool,
    pub(super) double_opt_in: DoubleOptIn,
    pub(super) need: Evidence,
    pub(super) strict: bool,
    pub(super) looks: Vec<Look>,
    pub(super) lapse: Option<Lapse>,
    /// Last day on which the rule is the law.
    pub(super) until: Option<DayNo>,
    pub(super) conditions: Conditions,
    texts: [String; 4],
}

impl<'b> CompiledRule<'b> {
    fn of(rule: &'b Rule, audience: Audience, books: &Rulebooks, terms: &Terms) -> Self {
        let who = if audience == Audience::B2b { Audience::B2b } else { Audience::B2c };
        let asked = |register: &&Register| register.audience == Audience::Any || register.audience == who;
        let mut conditions = Conditions::default();
        let voluntary: Vec<_> =
            rule.registries.iter().filter(asked).filter(|r| !r.statutory).map(|r| &*r.id).collect();
        let texts = [
            rule.hours_text().unwrap_or_default(),
            rule.frequency_text().unwrap_or_default(),
            if voluntary.is_empty() { String::new() } else { format!("ask {}", voluntary.join(", ")) },
            rule.duties.join(", "),
        ];
        for (condition, text) in Condition::ALL.into_iter().zip(&texts) {
            // A voluntary register is a condition only as long as nobody asked it: judged per point.
            if !text.is_empty() && condition != Condition::Register {
                conditions.add(condition);
            }
        }
        Self {
            rule,
            bases: rule.bases.iter().filter_map(|basis| Some((*basis, source(rule, *basis)?))).collect(),
            written: rule.model == Model::ExpressWritten,
            double_opt_in: rule.double_opt_in,
            need: rule.evidence.iter().fold(Evidence::default(), |need, code| need.with(bit(*code))),
            strict: terms.evidence_strict,
            looks: rule.registries.iter().filter(asked).filter_map(|r| look(r, books, terms)).collect(),
            lapse: rule.expiry.as_ref().map(Lapse::of),
            until: rule.in_force.to.map(DayNo::of),
            conditions,
            texts,
        }
    }
}

fn source(rule: &Rule, basis: Basis) -> Option<Source> {
    let window = rule.windows.iter().find(|w| w.basis == basis);
    match basis {
        Basis::ExpressConsent => Some(Source::Consent { written: false }),
        Basis::ExpressWrittenConsent => Some(Source::Consent { written: true }),
        Basis::SoftOptIn => Some(Source::Customer { within: window.map(|w| w.length) }),
        Basis::LegitimateInterest | Basis::NoneNeeded => Some(Source::Nothing),
        Basis::EbrPurchase | Basis::EbrContract | Basis::EbrInquiry | Basis::NonBusinessRelationship => {
            window.map(|w| Source::Window { event: w.event, within: w.length })
        }
        // Grounds that no file proves: they come as the operator's own statement.
        Basis::InferredConsent
        | Basis::DeemedPublishedAddress
        | Basis::AddressGivenInWriting
        | Basis::PresumedConsentB2b
        | Basis::ExistingContractSubject
        | Basis::Solicited
        | Basis::Asserted => None,
    }
}

/// What an event can carry of the evidence the law wants. The rest (privacy notice, sender, languages) is kept
/// outside contact lists, so no list is blamed for it.
const fn bit(code: EvidenceCode) -> Evidence {
    match code {
        EvidenceCode::Method => Evidence::METHOD,
        EvidenceCode::CaptureSource => Evidence::SOURCE,
        EvidenceCode::Wording => Evidence::WORDING,
        EvidenceCode::PurposeScope => Evidence::PURPOSE,
        EvidenceCode::Signature | EvidenceCode::PewcDisclosures => Evidence::WRITTEN,
        EvidenceCode::SubjectId
        | EvidenceCode::AddressAsGiven
        | EvidenceCode::Timestamp
        | EvidenceCode::NoticeVersion
        | EvidenceCode::Controller
        | EvidenceCode::Channels
        | EvidenceCode::WithdrawalMethod
        | EvidenceCode::Validity
        | EvidenceCode::DoiConfirmation
        | EvidenceCode::OptoutAtCapture
        | EvidenceCode::OptoutEachMsg
        | EvidenceCode::Transaction
        | EvidenceCode::CollectorChain
        | EvidenceCode::RegistryReceipt
        | EvidenceCode::WithdrawalLog => Evidence(0),
    }
}

fn look(register: &Register, books: &Rulebooks, terms: &Terms) -> Option<Look> {
    let answers = terms.registries.iter().filter(|(id, _)| *id == register.id).map(|(_, day)| *day);
    let brought = answers
        .min()
        .map(|day| DayNo::of(day).end(register.max_age).map_or(DayNo::of(Day::MAX), DayNo::before));
    Some(Look {
        number: books.register(&register.id)?,
        max_age: register.max_age,
        statutory: register.statutory,
        overridden_by: Bases::of(&register.overridden_by),
        brought,
    })
}

/// The last day on which the answer a register gave on `taken` counts: the shortest age that a rule allows it.
/// `None` when no rule limits it.
pub fn register_counts_until(books: &Rulebooks, id: &str, taken: Day) -> Option<Day> {
    let rules = books.all().iter().flat_map(|book| &book.rules);
    let registers = rules.flat_map(|rule| &rule.registries).filter(|register| register.id == id);
    registers.filter_map(|r| DayNo::of(taken).end(r.max_age)).min().map(|end| end.before().day())
}

/// Number of a rule in a run's table.
pub type RuleNo = u16;

/// The rules of a run: per jurisdiction, channel and audience, for one send date.
#[derive(Debug)]
pub struct RuleTable<'b> {
    rules: Vec<CompiledRule<'b>>,
    index: Vec<RuleNo>,
    fallback: JurisdictionNo,
    pub(super) send: DayNo,
    pub(super) purpose: u16,
}

const AUDIENCES: [Audience; 2] = [Audience::B2c, Audience::B2b];

impl<'b> RuleTable<'b> {
    /// Works out the rules of the send date. Fails on a register that no rulebook names.
    pub fn compile(books: &'b Rulebooks, terms: &Terms) -> Result<Self, Failure> {
        if let Some((id, _)) = terms.registries.iter().find(|(id, _)| books.register(id).is_none()) {
            let known = books.registers().join(", ");
            return Err(Failure::usage(format!("no rulebook names a register `{id}`"))
                .at("--registry")
                .hint(format!("known are {known}")));
        }
        let (mut rules, mut index) = (Vec::new(), Vec::new());
        for (at, _) in books.all().iter().enumerate() {
            let jurisdiction = JurisdictionNo::try_from(at).unwrap_or(books.fallback());
            for channel in Channel::ALL {
                for audience in AUDIENCES {
                    // The fallback governs every channel, so there always is a rule.
                    let rule = books
                        .rule(jurisdiction, channel, audience, terms.send_date)
                        .ok_or_else(|| Failure::run(format!("no rule for {}", channel.word())))?;
                    index.push(RuleNo::try_from(rules.len()).unwrap_or(RuleNo::MAX));
                    rules.push(CompiledRule::of(rule, audience, books, terms));
                }
            }
        }
        Ok(Self {
            rules,
            index,
            fallback: books.fallback(),
            send: DayNo::of(terms.send_date),
            purpose: terms.purpose,
        })
    }

    /// The number of the rule of a jurisdiction for a channel and audience (not known counts as a consumer).
    pub fn number(&self, of: JurisdictionNo, channel: Channel, audience: Audience) -> RuleNo {
        let slot = |of: JurisdictionNo| {
            let business = usize::from(audience == Audience::B2b);
            (usize::from(of) * Channel::ALL.len() + channel as usize) * AUDIENCES.len() + business
        };
        let number = self.index.get(slot(of)).or_else(|| self.index.get(slot(self.fallback)));
        number.copied().unwrap_or_default()
    }

    /// The rule of that number.
    pub fn rule(&self, number: RuleNo) -> &'b Rule {
        self.compiled(number).rule
    }

    /// Appends the words of a condition under that rule, unless `out` says them already.
    pub fn say(&self, number: RuleNo, condition: Condition, out: &mut String) {
        let text = &self.compiled(number).texts[condition as usize];
        if text.is_empty() || out.contains(text.as_str()) {
            return;
        }
        if !out.is_empty() {
            out.push_str("; ");
        }
        out.push_str(text);
    }

    pub(super) fn compiled(&self, number: RuleNo) -> &CompiledRule<'b> {
        let at = usize::from(number);
        &self.rules[if at < self.rules.len() { at } else { 0 }]
    }

    pub(super) const fn fallback(&self) -> JurisdictionNo {
        self.fallback
    }
}
