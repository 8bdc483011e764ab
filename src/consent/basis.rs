//! One rule held against one folded history: the best ground there is, or what is missing to one.

use crate::consent::clock::DayNo;
use crate::consent::doubt::{Doubt, Doubts, Fail};
use crate::consent::fold::{Fold, Held, confirms, precedes, strength, tie};
use crate::consent::rules::{BasisSource, CompiledRule, Condition, Conditions, RegisterLookup};
use crate::data::jurisdiction::{
    Basis, DoubleOptIn, Expiry, ExpiryKind, FlawEffect, Length, Model, REGISTERS_MAX, Window,
};
use crate::record::{EventKind, Evidence, When};
use std::cmp::Reverse;

/// A ground that holds on the send date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grant {
    pub(crate) basis: Basis,
    /// Last day on which it holds.
    pub(crate) until: Option<DayNo>,
    /// Last day on which the person need not have been reminded of it.
    pub(crate) remind_by: Option<DayNo>,
    pub(crate) conditions: Conditions,
    pub(crate) doubts: Doubts,
    pub(crate) missing: Evidence,
    pub(crate) event: Option<u32>,
    pub(crate) confirmation: Option<u32>,
    /// Place among the rule's grounds.
    order: u8,
}

/// A rule at work on a history.
#[derive(Debug)]
pub(crate) struct RuleEvaluation<'t, 'a> {
    fold: &'t Fold<'a>,
    rule: &'t CompiledRule<'t>,
    /// Per register of the rule: the last day that a look-up of this very point covers.
    receipts: [Option<DayNo>; REGISTERS_MAX],
    pub(crate) best: Option<Grant>,
    fails: [Option<Option<u32>>; Fail::ALL.len()],
    pub(crate) customer: Option<u32>,
    pub(crate) early_confirmation: Option<u32>,
    /// A consent column says no: the person's own consent is the only ground.
    consent_only: bool,
}

impl<'t, 'a> RuleEvaluation<'t, 'a> {
    /// Tries every ground of the rule.
    pub(crate) fn of(rule: &'t CompiledRule<'t>, fold: &'t Fold<'a>) -> Self {
        let mut trial = Self {
            fold,
            rule,
            receipts: [None; REGISTERS_MAX],
            best: None,
            fails: [None; Fail::ALL.len()],
            customer: None,
            early_confirmation: None,
            consent_only: false,
        };
        trial.fail(Fail::NeverAsked, None);
        let not_given = fold.not_given();
        if not_given.is_some() {
            trial.fail(Fail::NotGiven, not_given);
            trial.consent_only = true;
        }
        if fold.looked_up && !rule.looks.is_empty() {
            fold.events.iter().for_each(|held| trial.receipt(held));
        }
        for (at, held) in fold.events.iter().enumerate() {
            if held.event.channels.has(fold.channel) {
                trial.weigh(u32::try_from(at).unwrap_or(u32::MAX), held);
            }
        }
        for (order, (basis, source)) in (0..).zip(&rule.bases) {
            if matches!(source, BasisSource::Nothing) && !trial.consent_only {
                trial.offer(trial.grant(*basis, order, None), *basis, None, Fail::Expired);
            }
        }
        if !fold.signed_up
            && let Some(at) = fold.confirmation(|_| true)
        {
            trial.fail(Fail::Imported, Some(at));
        }
        trial
    }

    /// The nearest failures first.
    pub(crate) fn failures(&self) -> impl Iterator<Item = (Fail, Option<u32>)> + '_ {
        Fail::ALL.into_iter().rev().filter_map(|fail| {
            let event = self.fails[fail as usize]?;
            let listing = || self.rule.looks.iter().find_map(|look| self.fold.listing(look.number));
            Some((fail, if fail == Fail::RegistryListed { listing() } else { event }))
        })
    }

    fn fail(&mut self, fail: Fail, at: Option<u32>) {
        if self.fails[fail as usize].is_none_or(|known| self.tie(known) < self.tie(at)) {
            self.fails[fail as usize] = Some(at);
        }
    }

    /// An event that speaks of the channel.
    fn weigh(&mut self, at: u32, held: &Held) {
        match held.event.kind {
            EventKind::ConsentGiven => self.consent(at, held),
            EventKind::Purchase | EventKind::Inquiry | EventKind::Donation | EventKind::ContractEnd
                if !self.consent_only =>
            {
                self.relationship(at, held);
            }
            _ => {}
        }
    }

    /// A look-up of this very point.
    fn receipt(&mut self, held: &Held) {
        let asked = held.event.kind == EventKind::RegistryCheck && self.fold.is_here(held);
        let when = held.early().filter(|_| asked).map(DayNo::of_when);
        let Some(day) = when.filter(|day| *day <= self.fold.send) else { return };
        for (look, receipt) in self.rule.looks.iter().zip(&mut self.receipts) {
            if look.number == held.event.detail {
                *receipt = (*receipt).max(last(day, look.register.max_age));
            }
        }
    }

    fn consent(&mut self, at: u32, held: &Held) {
        if let Some(flaw) = self.fold.flaw(held) {
            return self.fail(flaw, Some(at));
        }
        if !self.fold.survives(held) || !self.fold.answers(held) {
            return;
        }
        let Some(when) = held.early() else { return };
        if held.has(Evidence::ASSERTED) {
            if !self.consent_only {
                self.asserted(at, held, when);
            }
            return;
        }
        for (order, (basis, source)) in (0..).zip(&self.rule.bases) {
            if let BasisSource::Consent { written } = *source {
                self.express(at, held, (*basis, written, order));
            }
        }
    }

    fn express(&mut self, at: u32, held: &Held, (basis, written, order): (Basis, bool, u8)) {
        let Some(when) = held.early() else { return };
        let form = Evidence::FORM.with(Evidence::WORDING);
        let signed = held.has(Evidence::WRITTEN) || self.rule.rule.form_signs && held.has(form);
        if written && !signed {
            return self.fail(Fail::NotWritten, Some(at));
        }
        let confirmation = self.fold.confirmation(|confirmed| confirms(when, confirmed));
        if confirmation.is_none() {
            let early = self.fold.confirmation(|confirmed| precedes(confirmed, when));
            self.early_confirmation = early.or(self.early_confirmation);
            if self.rule.rule.double_opt_in == DoubleOptIn::Required {
                return self.fail(Fail::Unconfirmed, Some(at));
            }
        }
        let shown = if signed { held.event.evidence.with(Evidence::WRITTEN) } else { held.event.evidence };
        let missing = Evidence(self.rule.need.0 & !shown.0);
        let evidence = missing.0 != 0;
        if evidence && self.rule.strict {
            return self.fail(Fail::Evidence, Some(at));
        }
        // A confirmation that came by itself is the person's own, whatever wrote the sign-up.
        let confirmed = self.fold.get(confirmation).map_or(Evidence::CROWD, |held| held.event.evidence);
        let alone = confirmed.0 & Evidence::CROWD.0 == 0;
        let mut doubts = if alone { Doubts::default() } else { Doubts::of(held.event.evidence) };
        let single = confirmation.is_none() && self.rule.rule.double_opt_in != DoubleOptIn::No;
        doubts.set(Doubt::SingleOptIn, single);
        doubts.set(Doubt::Evidence, evidence);
        let until = self.fold.end(held).map(DayNo::before);
        let grant = Grant { until, doubts, missing, confirmation, ..self.grant(basis, order, Some(at)) };
        self.offer(grant, basis, Some(when), Fail::Expired);
    }

    /// The operator's statement stands for the ground it names, if the rule has it; it proves nothing to a register.
    fn asserted(&mut self, at: u32, held: &Held, when: When) {
        let known = &self.rule.rule.bases;
        let basis = match stated(held) {
            // Whoever agreed in writing agreed.
            Basis::ExpressWrittenConsent if !known.contains(&Basis::ExpressWrittenConsent) => {
                Basis::ExpressConsent
            }
            basis => basis,
        };
        let source = self.rule.bases.iter().find(|(known, _)| *known == basis).map(|(_, source)| *source);
        if !known.contains(&basis) {
            let written = self.rule.rule.model == Model::ExpressWritten;
            let fail = if written { Fail::NotWritten } else { Fail::NotOfLaw };
            return self.fail(fail, Some(at));
        }
        let until = match source {
            Some(BasisSource::Customer { within: Some(span) } | BasisSource::Window(span)) => {
                self.span(DayNo::of_when(when), span)
            }
            _ => None,
        };
        let grant = Grant { until, ..self.grant(Basis::Asserted, u8::MAX, Some(at)) };
        self.offer(grant, basis, Some(when), Fail::WindowOver);
    }

    /// A purchase, question, gift or contract: counts at the very point, when dated and after every refusal.
    fn relationship(&mut self, at: u32, held: &Held) {
        let Some(when) = held.early().filter(|_| self.fold.is_here(held) && self.fold.survives(held)) else {
            return;
        };
        let day = DayNo::of_when(when);
        // A contract may end in the future; nothing else may lie there.
        if !self.fold.has_been(held) && held.event.kind != EventKind::ContractEnd {
            return;
        }
        for (order, (basis, source)) in (0..).zip(&self.rule.bases) {
            let until = match *source {
                BasisSource::Customer { within } if held.event.kind == EventKind::Purchase => {
                    if !held.has(Evidence::OPTOUT_OFFERED) {
                        if self.tie(self.customer) < self.tie(Some(at)) {
                            self.customer = Some(at);
                        }
                        continue;
                    }
                    within.and_then(|span| self.span(day, span))
                }
                BasisSource::Window(span) if held.event.kind == span.event => self.span(day, span),
                _ => continue,
            };
            let named = if held.has(Evidence::ASSERTED) { Basis::Asserted } else { *basis };
            let grant = Grant { until, ..self.grant(named, order, Some(at)) };
            self.offer(grant, *basis, Some(when), Fail::WindowOver);
        }
    }

    /// Clock 1: the last day of the span. A message before the end starts it anew; of a chain of messages only
    /// the last is known, so one link is believed and no more.
    fn span(&self, day: DayNo, span: &Window) -> Option<DayNo> {
        let until = last(day, span.length)?;
        let sent = self.fold.get(self.fold.last_sent).and_then(Held::early).map(DayNo::of_when);
        let restarts = span.restarts_on == Some(EventKind::LastMessageSent);
        let anew = sent.filter(|sent| restarts && day <= *sent && *sent <= until);
        Some(anew.and_then(|sent| last(sent, span.length)).map_or(until, |later| later.max(until)))
    }

    fn tie(&self, at: Option<u32>) -> Option<impl Ord> {
        self.fold.get(at).map(tie)
    }

    fn grant(&self, basis: Basis, order: u8, event: Option<u32>) -> Grant {
        Grant {
            basis,
            until: None,
            remind_by: None,
            conditions: self.rule.conditions,
            doubts: Doubts::default(),
            missing: Evidence::default(),
            event,
            confirmation: None,
            order,
        }
    }

    /// Puts a ground through the clocks and keeps the best: proven, lasting longest, then by the rule's order, then
    /// with least to be said. `over` is the failure of one that has ended already.
    fn offer(&mut self, mut grant: Grant, lapse_as: Basis, since: Option<When>, over: Fail) {
        if grant.until.is_some_and(|until| until < self.fold.send) {
            return self.fail(over, grant.event);
        }
        if !self.lapse(&mut grant, lapse_as, since) {
            return self.fail(Fail::Expired, grant.event);
        }
        for (look, receipt) in self.rule.looks.iter().zip(self.receipts) {
            if let Err(fail) = self.look(&mut grant, look, receipt, since) {
                return self.fail(fail, None);
            }
        }
        if let Some(doubt) = grant.doubts.intersect(self.rule.blocking).iter().next() {
            return self.fail(doubt.fail(), grant.event);
        }
        grant.until = sooner(grant.until, self.rule.until);
        let key = |grant: &Grant| {
            let held = self.fold.get(grant.event);
            let lasts = (grant.until.is_none(), grant.until);
            let newest = held.and_then(Held::early).map(strength);
            let proven = grant.basis != Basis::Asserted;
            (proven, lasts, Reverse(grant.order), Reverse(grant.doubts.count()), newest, held.map(tie))
        };
        if self.best.as_ref().is_none_or(|best| key(best) < key(&grant)) {
            self.best = Some(grant);
        }
    }

    /// Clock 2: false when it has run out.
    fn lapse(&self, grant: &mut Grant, basis: Basis, since: Option<When>) -> bool {
        let reaches = |_: &&Expiry| self.rule.lapsing.has(basis);
        let Some(clock) = self.rule.rule.expiry.as_ref().filter(reaches) else { return true };
        let (warn, block, notice) = match clock.effect {
            FlawEffect::Block => (None, Some(clock.length), None),
            FlawEffect::Warn => (Some(clock.length), clock.hard_length, None),
            FlawEffect::NoticeDue => (None, None, Some(clock.length)),
        };
        let since = since.map(DayNo::of_when);
        let event = match clock.from {
            EventKind::LastInboundContact => self.fold.get(self.fold.last_inbound),
            EventKind::LastMessageSent => self.fold.get(self.fold.last_sent),
            _ => None,
        };
        let told = event.and_then(Held::early).map(DayNo::of_when);
        let start = match (told, clock.from) {
            (Some(day), _) => Some(since.map_or(day, |since| since.max(day))),
            (None, EventKind::ConsentGiven) => since,
            (None, _) if clock.kind == ExpiryKind::Statutory || clock.from_collection => since,
            (None, _) => None,
        };
        let Some(start) = start else {
            grant.doubts.set(Doubt::ClockUnknown, true);
            return true;
        };
        let send = self.fold.send;
        if let Some(length) = notice {
            let told = self.fold.get(self.fold.last_notice).and_then(Held::early).map(DayNo::of_when);
            let start = told.map_or(start, |told| told.max(start));
            grant.remind_by = last(start, length);
            grant.doubts.set(Doubt::NoticeDue, grant.remind_by.is_some_and(|day| day < send));
        }
        let ageing = warn.and_then(|length| start.end(length)).is_some_and(|end| end <= send);
        grant.doubts.set(Doubt::Ageing, ageing);
        let until = block.and_then(|length| last(start, length));
        grant.until = sooner(grant.until, until);
        until.is_none_or(|until| send <= until)
    }

    /// Clock 3: a register, brought as a whole or asked for this very point.
    fn look(
        &self,
        grant: &mut Grant,
        look: &RegisterLookup<'_>,
        receipt: Option<DayNo>,
        since: Option<When>,
    ) -> Result<(), Fail> {
        let overridden = look.overridden_by.has(grant.basis);
        if overridden && !look.register.only_if_later {
            return Ok(());
        }
        // Where an entry may annul what came before it, only the register's answer tells that there is none.
        let until = look.brought.max(receipt);
        if look.register.positive {
            until.map_or(Ok(()), |_| self.entered(look, since))?;
        } else if self.fold.is_listed(look.number) && !(overridden && self.after_entry(look, since)) {
            return Err(Fail::RegistryListed);
        }
        let fresh = until.filter(|until| self.fold.send <= *until);
        match (look.register.statutory, fresh, until) {
            (true, Some(until), _) => grant.until = sooner(grant.until, Some(until)),
            (true, None, Some(_)) => return Err(Fail::RegistryStale),
            (true, None, None) => return Err(Fail::RegistryMissing),
            (false, Some(_), _) => {}
            (false, None, _) => grant.conditions.add(Condition::Register),
        }
        Ok(())
    }

    /// A register of consents has to hold the point, entered in time. One that was not brought is told as such.
    fn entered(&self, look: &RegisterLookup<'_>, since: Option<When>) -> Result<(), Fail> {
        // A listing that names no register may be one of refusals: it proves no consent.
        let named = |held: &&Held| held.event.detail == look.number;
        let Some(entry) = self.fold.get(self.fold.listing(look.number)).filter(named) else {
            return Err(Fail::RegistryAbsent);
        };
        let due = look
            .register
            .entry_within
            .zip(since)
            .and_then(|(length, since)| DayNo::of_when(since).end(length));
        let entered = entry.late().map(DayNo::of_when);
        let late = due.zip(entered).is_some_and(|(due, entered)| entered > due);
        if late { Err(Fail::RegistryAbsent) } else { Ok(()) }
    }

    /// Whether a ground came surely after the day of the point's entry or, untold, after the register's newest day.
    fn after_entry(&self, look: &RegisterLookup<'_>, since: Option<When>) -> bool {
        let Some(since) = since else { return false };
        let entry = self.fold.get(self.fold.listing(look.number));
        match entry.and_then(Held::late) {
            Some(entered) => since.surely_after(entered),
            None => look.newest.is_some_and(|newest| DayNo::of_when(since) > newest),
        }
    }
}

/// The ground that a statement of the operator names; consent where it names none.
fn stated(held: &Held) -> Basis {
    let number = held.event.detail.checked_sub(1).map(usize::from);
    number.and_then(|number| Basis::ALL.get(number)).copied().unwrap_or(Basis::ExpressConsent)
}

/// The last day on which something of that length, begun on that day, holds; none when it never ends.
fn last(from: DayNo, length: Length) -> Option<DayNo> {
    from.end(length).map(DayNo::before)
}

pub(crate) fn sooner(a: Option<DayNo>, b: Option<DayNo>) -> Option<DayNo> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
