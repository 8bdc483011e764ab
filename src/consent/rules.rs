//! The rules of a run: what each jurisdiction says on the send date, worked out once.

use super::clock::DayNo;
use super::doubt::Doubts;
use crate::data::jurisdiction::{
    Audience, Basis, EvidenceCode, JurisdictionNo, LineType, Register, Rule, Rulebooks, Who, Window,
};
use crate::reason::Reason;
use crate::record::{Channel, Day, Evidence, Failure, Set, words};

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
    /// Rules with a condition that the operator states to be met, by id.
    pub claims: Vec<String>,
    /// The day the list was born: a consent dated before it has no date.
    pub list_since: Day,
    /// Reasons that block where they would only warn.
    pub blocking: Vec<Reason>,
}

words! {
    /// What a yes still obliges.
    pub enum Condition {
        /// Only at some hours of the recipient.
        Hours = "hours",
        /// Only so often.
        Frequency = "frequency",
        /// A voluntary register is still to be asked.
        Register = "register",
        /// What every message owes.
        Duties = "duties",
    }
}

/// A set of conditions.
pub type Conditions = Set<Condition>;

pub(super) type Bases = Set<Basis, 2>;

/// How a ground shows in a history.
#[derive(Debug, Clone, Copy)]
pub(super) enum BasisSource<'b> {
    /// A consent event; in writing or not.
    Consent { written: bool },
    /// A purchase at which refusal was offered; for ever, or within a span.
    Customer { within: Option<&'b Window> },
    /// An event within a span.
    Window(&'b Window),
    /// Nothing at all.
    Nothing,
}

/// A register of the audience, as it stands on the send date.
#[derive(Debug, Clone, Copy)]
pub(super) struct RegisterLookup<'b> {
    pub(super) register: &'b Register,
    pub(super) number: u16,
    pub(super) overridden_by: Bases,
    /// Last day on which the answer brought still counts; none when none was brought.
    pub(super) brought: Option<DayNo>,
    /// The newest day of what was brought: every entry is at least as old.
    pub(super) newest: Option<DayNo>,
}

/// A rule of the send date for one audience.
#[derive(Debug, Clone)]
pub(super) struct CompiledRule<'b> {
    pub(super) rule: &'b Rule,
    channel: Channel,
    who: Audience,
    pub(super) bases: Vec<(Basis, BasisSource<'b>)>,
    pub(super) need: Evidence,
    pub(super) strict: bool,
    pub(super) blocking: Doubts,
    pub(super) looks: Vec<RegisterLookup<'b>>,
    /// Grounds that clock 2 reaches.
    pub(super) lapsing: Bases,
    /// Last day on which the rule is the law.
    pub(super) until: Option<DayNo>,
    pub(super) conditions: Conditions,
    texts: [String; 4],
}

impl<'b> CompiledRule<'b> {
    fn of(rule: &'b Rule, channel: Channel, who: Audience, books: &Rulebooks, terms: &Terms) -> Self {
        let asked = |register: &&Register| {
            (register.audience == Audience::Any || register.audience == who)
                && (register.channels.is_empty() || register.channels.contains(&channel))
        };
        let voluntary: Vec<_> =
            rule.registries.iter().filter(asked).filter(|r| !r.statutory).map(|r| &*r.id).collect();
        let texts = [
            rule.hours_text(Some(channel)),
            rule.frequency_text(),
            if voluntary.is_empty() { String::new() } else { format!("ask {}", voluntary.join(", ")) },
            rule.duties.join(", "),
        ];
        // A voluntary register is a condition only as long as nobody asked it: judged per point.
        let told = |(at, text): &(Condition, &String)| !text.is_empty() && *at != Condition::Register;
        let conditions = Condition::ALL.into_iter().zip(&texts).filter(told).map(|(at, _)| at).collect();
        Self {
            rule,
            channel,
            who,
            bases: rule.bases.iter().filter_map(|basis| Some((*basis, source(rule, *basis)?))).collect(),
            need: rule.evidence.iter().fold(Evidence::default(), |need, code| need.with(bit(*code))),
            strict: terms.evidence_strict,
            blocking: Doubts::blocking(&terms.blocking),
            looks: rule.registries.iter().filter(asked).filter_map(|r| look(r, books, terms)).collect(),
            lapsing: rule.expiry.iter().flat_map(|expiry| expiry.bases.iter().copied()).collect(),
            until: rule.in_force.to.map(DayNo::of),
            conditions,
            texts,
        }
    }
}

fn source(rule: &Rule, basis: Basis) -> Option<BasisSource<'_>> {
    let window = rule.windows.iter().find(|w| w.basis == basis);
    match basis {
        Basis::ExpressConsent => Some(BasisSource::Consent { written: false }),
        Basis::ExpressWrittenConsent => Some(BasisSource::Consent { written: true }),
        Basis::SoftOptIn => Some(BasisSource::Customer { within: window }),
        Basis::LegitimateInterest | Basis::NoneNeeded => Some(BasisSource::Nothing),
        Basis::EbrPurchase | Basis::EbrContract | Basis::EbrInquiry | Basis::NonBusinessRelationship => {
            window.map(BasisSource::Window)
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
        | EvidenceCode::WithdrawalLog
        | EvidenceCode::RecordId => Evidence(0),
    }
}

fn look<'b>(register: &'b Register, books: &Rulebooks, terms: &Terms) -> Option<RegisterLookup<'b>> {
    let answers = || terms.registries.iter().filter(|(id, _)| *id == register.id).map(|(_, day)| *day);
    let brought = answers()
        .min()
        .map(|day| DayNo::of(day).end(register.max_age).map_or(DayNo::of(Day::MAX), DayNo::before));
    Some(RegisterLookup {
        register,
        number: books.register(&register.id)?,
        overridden_by: register.overridden_by.iter().copied().collect(),
        brought,
        newest: answers().max().map(DayNo::of),
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
    pub(super) fallback: JurisdictionNo,
    pub(super) send: DayNo,
    pub(super) born: DayNo,
    pub(super) purpose: u16,
}

const AUDIENCES: [Audience; 2] = [Audience::B2c, Audience::B2b];
const LINES: [Option<LineType>; 3] = [None, Some(LineType::Mobile), Some(LineType::Landline)];
/// An overlay that says nothing there.
const SILENT: RuleNo = RuleNo::MAX;

impl<'b> RuleTable<'b> {
    /// Works out the rules of the send date. Fails on a register, or on a rule claimed, that no rulebook names.
    pub fn compile(books: &'b Rulebooks, terms: &Terms) -> Result<Self, Failure> {
        known(books, terms)?;
        let mut table = Self {
            rules: Vec::new(),
            index: Vec::new(),
            fallback: books.fallback(),
            send: DayNo::of(terms.send_date),
            born: DayNo::of(terms.list_since),
            purpose: terms.purpose,
        };
        for (at, book) in books.all().iter().enumerate() {
            let jurisdiction = JurisdictionNo::try_from(at).unwrap_or(books.fallback());
            let cells = Channel::ALL.into_iter().flat_map(|c| AUDIENCES.map(|a| (c, a)));
            for ((channel, audience), line) in cells.flat_map(|cell| LINES.map(|line| (cell, line))) {
                let who = Who { audience, line };
                let rule = books.rule(jurisdiction, channel, who, terms.send_date, &terms.claims);
                let number = match rule {
                    // The same rule has one number for every kind of line.
                    Some(rule) => {
                        let same = |c: &CompiledRule<'_>| {
                            std::ptr::eq(c.rule, rule) && c.channel == channel && c.who == audience
                        };
                        let at = table.rules.iter().position(same).unwrap_or_else(|| {
                            table.rules.push(CompiledRule::of(rule, channel, audience, books, terms));
                            table.rules.len() - 1
                        });
                        RuleNo::try_from(at).unwrap_or(SILENT - 1)
                    }
                    None if book.overlay_on.is_some() => SILENT,
                    // The fallback governs every channel, so there always is a rule.
                    None => return Err(Failure::run(format!("no rule for {}", channel.word()))),
                };
                table.index.push(number);
            }
        }
        Ok(table)
    }

    /// The number of the rule of a jurisdiction for a channel (an audience not known counts as a consumer, a
    /// line not known follows the stricter rule); none for an overlay that says nothing there.
    pub fn number(&self, of: JurisdictionNo, channel: Channel, who: Who) -> Option<RuleNo> {
        let business = usize::from(who.audience == Audience::B2b);
        let line = LINES.iter().position(|line| *line == who.line).unwrap_or(0);
        let slot = |of: JurisdictionNo| {
            let cell = (usize::from(of) * Channel::ALL.len() + channel as usize) * AUDIENCES.len() + business;
            cell * LINES.len() + line
        };
        let number = self.index.get(slot(of)).or_else(|| self.index.get(slot(self.fallback)));
        number.copied().filter(|number| *number != SILENT)
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
}

/// Whether every register and every rule that the terms name is known.
fn known(books: &Rulebooks, terms: &Terms) -> Result<(), Failure> {
    if let Some((id, _)) = terms.registries.iter().find(|(id, _)| books.register(id).is_none()) {
        return Err(Failure::usage(format!("no rulebook names a register `{id}`"))
            .at("--registry")
            .hint(format!("known are {}", books.registers().join(", "))));
    }
    let conditional = || books.all().iter().flat_map(|b| &b.rules).filter(|r| r.condition.is_some());
    match terms.claims.iter().find(|id| conditional().all(|rule| rule.id != **id)) {
        None => Ok(()),
        Some(id) => {
            let ids: Vec<_> = conditional().map(|rule| rule.id.as_str()).collect();
            Err(Failure::usage(format!("no rule with a condition is called `{id}`"))
                .at("claims")
                .hint(format!("those are {}", ids.join(", "))))
        }
    }
}
