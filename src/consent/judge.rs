//! One contact point, one channel, one send date: yes or no, why, on what, until when.

use super::basis::{Grant, RuleEvaluation, sooner};
use super::clock::DayNo;
use super::doubt::Fail;
use super::fold::{Fold, Held, History};
use super::jurisdiction::Candidate;
use super::rules::{CompiledRule, Conditions, RuleNo, RuleTable};
use crate::data::jurisdiction::{Basis, JurisdictionNo, Length, Who};
use crate::reason::Reason;
use crate::record::{Channel, Day, EventKind, Evidence, Few};

/// Something to be said beside the main reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub reason: Reason,
    /// Two bytes, because judgements are copied for every point and channel.
    event: u16,
}

impl Finding {
    fn new(reason: Reason, event: Option<u32>) -> Self {
        Self { reason, event: event.and_then(|at| u16::try_from(at).ok()).unwrap_or(u16::MAX) }
    }

    /// The event it was found on: its place in the history, if it is among the first 65,535.
    pub fn event(&self) -> Option<usize> {
        (self.event != u16::MAX).then_some(usize::from(self.event))
    }
}

/// Findings, each reason once; there are no more than thirty-one that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findings(Few<Finding, 31>);

impl Findings {
    fn push(&mut self, reason: Reason, event: Option<u32>) {
        if self.all().iter().all(|known| known.reason != reason) {
            self.0.push(Finding::new(reason, event));
        }
    }

    fn push_found(&mut self, reason: Reason, event: Option<u32>) {
        if event.is_some() {
            self.push(reason, event);
        }
    }

    /// The findings.
    pub fn all(&self) -> &[Finding] {
        self.0.as_slice()
    }
}

/// Events a decision rests on, as places in the history; at most eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Events(Few<u32, 8>);

impl Events {
    fn push(&mut self, event: Option<u32>) {
        if let Some(event) = event.filter(|event| !self.all().contains(event)) {
            self.0.push(event);
        }
    }

    /// The events.
    pub fn all(&self) -> &[u32] {
        self.0.as_slice()
    }
}

/// What a yes rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yes {
    /// The ground, in the jurisdiction where it ends first.
    pub basis: Basis,
    /// The last day on which the yes holds in every jurisdiction; none: until something happens.
    pub valid_until: Option<Day>,
    /// The last day on which the person need not have been reminded of the consent, in the jurisdiction where that
    /// ends first; past where the reminder is overdue.
    pub remind_by: Option<Day>,
    /// What it still obliges, in any of the jurisdictions.
    pub conditions: Conditions,
}

/// The decision for one contact point and channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The yes, if it is one.
    pub allowed: Option<Yes>,
    /// Why: the ground of a yes, the first failing reason of a no.
    pub reason: Reason,
    /// The rule that decided.
    pub rule: RuleNo,
    /// Whose rule it is.
    pub jurisdiction: JurisdictionNo,
    /// The events the decision rests on.
    pub events: Events,
    /// What else is to be said.
    pub findings: Findings,
    /// Evidence that the deciding consent lacks and the law wants.
    pub missing: Evidence,
}

/// Judges a contact point of that history: every candidate jurisdiction must allow contact. Without a candidate
/// the fallback holds. Consent never counts but at the exact point; any refusal that reached the point does.
pub fn judge(
    table: &RuleTable<'_>,
    candidates: &[Candidate],
    channel: Channel,
    who: Who,
    history: History<'_>,
) -> Judgement {
    let fold = Fold::of(table, channel, history);
    let none = [table.fallback];
    let fallback = none.iter().copied().filter(|_| candidates.is_empty());
    let jurisdictions = candidates.iter().map(|c| c.jurisdiction).chain(fallback);
    let rules = jurisdictions.filter_map(|of| Some((of, table.number(of, channel, who)?)));
    let blocked = fold.blocked();
    let mut verdict: Option<JudgementBuilder> = None;
    for (jurisdiction, number) in rules {
        let verdict = verdict.get_or_insert_with(|| JudgementBuilder::new(jurisdiction, number));
        let rule = table.compiled(number);
        match blocked {
            Some((reason, event)) => verdict.refused(reason, event, rule, &fold),
            None => {
                verdict.weigh((jurisdiction, number), &RuleEvaluation::of(rule, &fold), &fold);
                if fold.refused {
                    verdict.late(rule, &fold);
                }
            }
        }
    }
    verdict.unwrap_or_else(|| JudgementBuilder::new(table.fallback, 0)).settle()
}

/// The refusals and hard bounces of a history that stand on a channel, as places in it: those that no later
/// consent or sign of life has ended.
pub fn in_force<'a>(
    table: &RuleTable<'_>,
    channel: Channel,
    history: History<'a>,
) -> impl Iterator<Item = usize> + use<'a> {
    let fold = Fold::of(table, channel, history);
    history.events.iter().enumerate().filter(move |(_, held)| fold.stands(held)).map(|(at, _)| at)
}

type RuleOfPlace = (JurisdictionNo, RuleNo);

struct JudgementBuilder {
    judgement: Judgement,
    until: Option<DayNo>,
    remind_by: Option<DayNo>,
    yes: bool,
    decided: bool,
}

impl JudgementBuilder {
    fn new(jurisdiction: JurisdictionNo, rule: RuleNo) -> Self {
        let judgement = Judgement {
            allowed: None,
            reason: Reason::ConsentNeverAsked,
            rule,
            jurisdiction,
            events: Events(Few::new(0)),
            findings: Findings(Few::new(Finding::new(Reason::ConsentNeverAsked, None))),
            missing: Evidence::default(),
        };
        Self { judgement, until: None, remind_by: None, yes: true, decided: false }
    }

    fn refused(&mut self, reason: Reason, event: u32, rule: &CompiledRule<'_>, fold: &Fold<'_>) {
        self.yes = false;
        self.judgement.reason = reason;
        self.judgement.events.push(Some(event));
        // A bounce or an open question is nobody's refusal: no yes beside it brings anybody back.
        let refusal = fold.get(Some(event)).filter(|held| held.event.kind.is_refusal());
        let resurrected = refusal.and_then(|refusal| fold.resurrected(refusal));
        self.judgement.findings.push_found(Reason::ConsentResurrected, resurrected);
        let unproven = refusal.and_then(|refusal| fold.unproven_after(refusal));
        self.judgement.findings.push_found(Reason::ConsentAfterRefusalUnproven, unproven);
        self.late(rule, fold);
    }

    /// Clock 4: a message that went out although a refusal had to be obeyed by then.
    fn late(&mut self, rule: &CompiledRule<'_>, fold: &Fold<'_>) {
        let late = fold.late(rule.rule.opt_out.within);
        let message = late.and_then(|late| u32::try_from(late.message).ok());
        self.judgement.findings.push_found(Reason::RefusalMessageAfter, message);
    }

    fn weigh(&mut self, of: RuleOfPlace, trial: &RuleEvaluation<'_, '_>, fold: &Fold<'_>) {
        match trial.best {
            Some(grant) => self.granted(of, grant, fold),
            None => self.denied(of, trial),
        }
        if trial.best.is_none_or(|grant| grant.confirmation.is_none()) {
            let early = trial.early_confirmation;
            self.judgement.findings.push_found(Reason::ConsentConfirmedBeforeSignup, early);
        }
    }

    fn granted(&mut self, of: RuleOfPlace, grant: Grant, fold: &Fold<'_>) {
        let judgement = &mut self.judgement;
        for doubt in grant.doubts.iter() {
            judgement.findings.push(doubt.fail().reason(), grant.event);
        }
        judgement.findings.push_found(Reason::RefusalLifted, fold.lifted());
        if !self.yes {
            return;
        }
        judgement.events.push(grant.event);
        judgement.events.push(grant.confirmation);
        judgement.missing = judgement.missing.with(grant.missing);
        let conditions =
            judgement.allowed.map_or(grant.conditions, |yes| yes.conditions.union(grant.conditions));
        let ends_sooner = grant.until.is_some_and(|new| self.until.is_none_or(|known| new < known));
        let binding = !self.decided || ends_sooner;
        if binding {
            self.until = grant.until;
            judgement.reason = basis_reason(grant.basis);
            (judgement.jurisdiction, judgement.rule) = of;
        }
        let basis =
            if binding { grant.basis } else { judgement.allowed.map_or(grant.basis, |yes| yes.basis) };
        self.remind_by = sooner(self.remind_by, grant.remind_by);
        judgement.allowed = Some(Yes { basis, valid_until: None, remind_by: None, conditions });
        self.decided = true;
    }

    fn denied(&mut self, of: RuleOfPlace, trial: &RuleEvaluation<'_, '_>) {
        let judgement = &mut self.judgement;
        for (fail, event) in trial.failures() {
            if self.yes {
                // The first jurisdiction that fails names the reason; its nearest failure is the main one.
                self.yes = false;
                judgement.reason = fail.reason();
                judgement.events = Events(Few::new(0));
                judgement.events.push(event);
                (judgement.jurisdiction, judgement.rule) = of;
            } else if fail != Fail::NeverAsked && fail.reason() != judgement.reason {
                judgement.findings.push(fail.reason(), event);
            }
        }
        judgement.findings.push_found(Reason::BasisSoftOptInUnproven, trial.customer);
    }

    fn settle(mut self) -> Judgement {
        let [valid_until, remind_by] = [self.until, self.remind_by].map(|day| day.map(DayNo::day));
        let yes = self.judgement.allowed.filter(|_| self.yes);
        self.judgement.allowed = yes.map(|yes| Yes { valid_until, remind_by, ..yes });
        if !self.yes {
            self.judgement.missing = Evidence::default();
        }
        self.judgement
    }
}

const fn basis_reason(basis: Basis) -> Reason {
    match basis {
        Basis::ExpressConsent => Reason::BasisExpressConsent,
        Basis::ExpressWrittenConsent => Reason::BasisExpressWrittenConsent,
        Basis::SoftOptIn => Reason::BasisSoftOptIn,
        Basis::EbrPurchase => Reason::BasisPurchase,
        Basis::EbrContract => Reason::BasisContract,
        Basis::EbrInquiry => Reason::BasisInquiry,
        Basis::NonBusinessRelationship => Reason::BasisRelationship,
        Basis::LegitimateInterest => Reason::BasisLegitimateInterest,
        Basis::NoneNeeded => Reason::BasisNoneNeeded,
        Basis::InferredConsent
        | Basis::DeemedPublishedAddress
        | Basis::AddressGivenInWriting
        | Basis::PresumedConsentB2b
        | Basis::ExistingContractSubject
        | Basis::Solicited
        | Basis::Asserted => Reason::BasisAsserted,
    }
}

/// When consent may be asked for again (clock 5). Asking is itself marketing: this says only whether asking is
/// barred as such, not that the question may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskAgain {
    /// No ban runs.
    Now,
    /// From that day.
    From(Day),
    /// Not until the person comes back.
    Never,
}

/// Whether the re-ask ban of a rule runs for the point on the channel.
pub fn ask_again(table: &RuleTable<'_>, rule: RuleNo, channel: Channel, history: History<'_>) -> AskAgain {
    let fold = Fold::of(table, channel, history);
    let Some(ban) = &table.compiled(rule).rule.reask_ban else { return AskAgain::Now };
    // Where silence is a refusal, a question that was not answered may not be put again.
    if ban.from == EventKind::ConsentPending && fold.unanswered().is_some() {
        return AskAgain::Never;
    }
    // A ban after a refusal on a call is about calls; any other is started by whatever says stop.
    let starts = |kind: EventKind| match ban.from {
        EventKind::RefusalOnCall => kind == EventKind::RefusalOnCall,
        _ => kind.is_refusal() && kind != EventKind::ConsentDeclined && kind != EventKind::RefusalOnCall,
    };
    let Some(refusal) = fold.standing(starts) else { return AskAgain::Now };
    let end = refusal.late().map(DayNo::of_when).map(|day| day.end(ban.length));
    match end {
        Some(Some(end)) if end <= fold.send => AskAgain::Now,
        Some(Some(end)) => AskAgain::From(end.day()),
        Some(None) | None => AskAgain::Never,
    }
}

/// A message that went out although a refusal had to be obeyed by then (clock 4), and how late it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// The message that was latest beyond the deadline: its place in the history.
    pub message: usize,
    /// The refusal it ignored: its place in the history.
    pub refusal: usize,
    /// Days beyond the deadline.
    pub days: u32,
    /// How many messages of the history went out too late.
    pub messages: u32,
    /// By when a refusal has to be obeyed.
    pub within: Length,
}

/// What the rule says of the messages of a history on a channel; `None`: none was late.
pub fn late_messages(
    table: &RuleTable<'_>,
    rule: RuleNo,
    channel: Channel,
    history: History<'_>,
) -> Option<Late> {
    Fold::of(table, channel, history).late(table.compiled(rule).rule.opt_out.within)
}

impl Fold<'_> {
    /// The worst of the messages that went out later than so long after a refusal, unless the person had come
    /// back by then. Of a refusal the later reading counts, of a message the earlier: nobody is accused by chance.
    fn late(&self, within: Length) -> Option<Late> {
        self.last_sent?;
        let all = || self.events.iter().enumerate();
        let refusals = || {
            let refuses = |held: &Held| held.event.channels.has(self.channel) && held.event.kind.is_refusal();
            all().filter(move |(_, held)| refuses(held) && held.late().is_some())
        };
        let sent = |held: &Held| held.event.kind == EventKind::LastMessageSent && self.is_here(held);
        let mut worst: Option<((u32, _), Late)> = None;
        let mut messages = 0;
        for (message, held) in all().filter(|(_, held)| sent(held)) {
            let Some(day) = held.early().map(DayNo::of_when).filter(|day| *day <= self.send) else {
                continue;
            };
            let ignored = refusals().filter(|(_, refusal)| !self.came_back(refusal, day));
            let late = ignored.filter_map(|(at, refusal)| {
                let due = refusal.late().map(DayNo::of_when)?.end(within)?;
                Some((due.days_to(day).filter(|days| *days > 0)?, std::cmp::Reverse(refusal.event.place), at))
            });
            let Some((days, _, refusal)) = late.max() else { continue };
            messages += 1;
            let key = (days, std::cmp::Reverse(held.event.place));
            if worst.as_ref().is_none_or(|(known, _)| *known < key) {
                worst = Some((key, Late { message, refusal, days, messages, within }));
            }
        }
        worst.map(|(_, late)| Late { messages, ..late })
    }

    /// Whether the person reopened what they refused by that day.
    fn came_back(&self, refusal: &Held, day: DayNo) -> bool {
        let consents = self.events.iter().filter(|held| held.event.kind == EventKind::ConsentGiven);
        let reopens = |held: &Held| self.is_here(held) && self.is_express(held) && self.end(held).is_none();
        let after = |held: &&Held| {
            let when = held.early().filter(|when| DayNo::of_when(*when) <= day);
            when.zip(refusal.late()).is_some_and(|(when, refused)| when.surely_after(refused))
        };
        refusal.event.kind != EventKind::Deceased
            && consents.filter(|held| reopens(held)).any(|held| after(&held))
    }
}
