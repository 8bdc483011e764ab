//! The history of one contact point on one channel, folded once: what refuses, what lifts, what counts.
//!
//! Everything here is a maximum under a total order, or asked of all events alike, so the order of events never
//! matters. Knows no rule.

use super::clock::DayNo;
use super::doubt::Fail;
use super::rules::RuleTable;
use crate::reason::Reason;
use crate::record::{Channel, Channels, DateOrder, Event, EventKind, Evidence, Precision, When};
use std::cmp::Reverse;

/// How an event belongs to the contact point that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reach {
    /// Told of this exact address or number.
    Exact,
    /// Told of another spelling that reaches the same mailbox: carries refusals and bounces.
    Alias,
    /// Told of another point of the same person: carries refusals.
    Person,
}

/// An event whose date is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// What happened.
    pub event: Event,
    /// Its earlier and its later reading, the same where there is one; none: undated. A consent takes the
    /// earlier, a refusal the later.
    pub at: Option<(When, When)>,
    /// How it belongs to the point.
    pub reach: Reach,
}

impl Held {
    /// Settles the date of an event by its column's order.
    pub fn settle(event: Event, reach: Reach, order: impl Fn(u16) -> DateOrder) -> Self {
        Self { event, at: event.at.readings(order), reach }
    }

    /// The date that hurts: of what speaks for contact.
    pub(super) fn early(&self) -> Option<When> {
        self.at.map(|(early, _)| early)
    }

    /// The date that hurts: of what speaks against it.
    pub(super) fn late(&self) -> Option<When> {
        self.at.map(|(_, late)| late)
    }

    pub(super) const fn has(&self, evidence: Evidence) -> bool {
        self.event.evidence.has(evidence)
    }
}

/// All events known of one contact point, of any channel, in any order.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The events.
    pub events: &'a [Held],
}

/// A pick among events of equal rank that does not depend on their order.
type TieBreak = Reverse<(u16, u32, u16, u32, Channels)>;

pub(super) const fn tie(held: &Held) -> TieBreak {
    let Event { place, evidence, detail, channels, .. } = held.event;
    Reverse((place.source, place.line, detail, evidence.0, channels))
}

/// Rank of what speaks for contact: of equal precision, all of higher rank is surely after what something is after.
pub(super) fn strength(when: When) -> (DayNo, bool, i64) {
    (DayNo::of_when(when), when.precision == Precision::Instant, when.seconds)
}

/// Rank of what speaks against contact: what to name first.
fn hardness(when: Option<When>) -> (bool, Option<(DayNo, bool, i64)>) {
    let of = |w: When| (DayNo::of_when(w), w.precision != Precision::Instant, w.seconds);
    (when.is_none(), when.map(of))
}

/// The event that holds a maximum.
type Pick = Option<u32>;

/// The latest event of each precision: dates of unlike precision stand in no order.
type Latest = [Pick; 3];

/// A history folded for one channel.
#[derive(Debug, Clone)]
pub(super) struct Fold<'a> {
    pub(super) events: &'a [Held],
    pub(super) channel: Channel,
    pub(super) send: DayNo,
    born: DayNo,
    purpose: u16,
    /// Whether anything refuses; whether a question is open; whether mail came back.
    pub(super) refused: bool,
    pending: bool,
    bounced: bool,
    /// Whether a consent column says no and may mean never asked; whether some consent has an end.
    not_given: bool,
    ends: bool,
    /// Express consent.
    reopen: Latest,
    /// Consent or its confirmation.
    answer: Latest,
    /// Signs of life.
    alive: Latest,
    confirms: Latest,
    pub(super) signed_up: bool,
    /// Whether some register was asked about the point.
    pub(super) looked_up: bool,
    pub(super) last_inbound: Pick,
    pub(super) last_sent: Pick,
    pub(super) last_notice: Pick,
    /// Registers that list the point, by number; bit 0: it is not told which.
    listed: u64,
}

impl<'a> Fold<'a> {
    /// Folds the events that speak of the channel.
    pub(super) fn of(table: &RuleTable<'_>, channel: Channel, history: History<'a>) -> Self {
        let mut fold = Self {
            events: history.events,
            channel,
            send: table.send,
            born: table.born,
            purpose: table.purpose,
            refused: false,
            pending: false,
            bounced: false,
            not_given: false,
            ends: history.events.iter().any(|h| h.event.kind == EventKind::ConsentEnded),
            reopen: [None; 3],
            answer: [None; 3],
            alive: [None; 3],
            confirms: [None; 3],
            signed_up: false,
            looked_up: false,
            last_inbound: None,
            last_sent: None,
            last_notice: None,
            listed: 0,
        };
        for (at, held) in history.events.iter().enumerate() {
            if held.event.channels.has(channel) {
                fold.take(u32::try_from(at).unwrap_or(u32::MAX), held);
            }
        }
        fold
    }

    fn take(&mut self, at: u32, held: &Held) {
        let kind = held.event.kind;
        if kind.is_refusal() {
            self.refused = true;
        } else if kind == EventKind::HardBounce {
            self.bounced |= held.reach != Reach::Person;
        } else if held.reach == Reach::Exact {
            self.take_exact(at, held);
        }
    }

    /// What counts at the very point only.
    fn take_exact(&mut self, at: u32, held: &Held) {
        let events = self.events;
        match held.event.kind {
            EventKind::ConsentPending => self.pending = true,
            EventKind::ConsentNotGiven => self.not_given = true,
            EventKind::ConsentGiven => self.signed_up = true,
            EventKind::RegistryCheck => self.looked_up = true,
            EventKind::RegistryListed => {
                // Rulebooks number their registers from 1 and below 64.
                self.listed |= 1u64.checked_shl(u32::from(held.event.detail)).unwrap_or(1);
                return;
            }
            _ => {}
        }
        let Some(when) = held.early().filter(|_| self.has_been(held)) else { return };
        let like = when.precision as usize;
        match held.event.kind {
            EventKind::ConsentGiven if self.is_express(held) && self.end(held).is_none() => {
                if !held.has(Evidence::ONE_TIME) {
                    stronger(events, &mut self.reopen[like], at);
                }
                stronger(events, &mut self.answer[like], at);
            }
            EventKind::ConsentConfirmed if !held.has(Evidence::IMPORTED) => {
                stronger(events, &mut self.confirms[like], at);
                stronger(events, &mut self.answer[like], at);
                stronger(events, &mut self.alive[like], at);
            }
            EventKind::LastActivity => stronger(events, &mut self.alive[like], at),
            EventKind::LastInboundContact => {
                stronger(events, &mut self.alive[like], at);
                stronger(events, &mut self.last_inbound, at);
            }
            EventKind::Purchase | EventKind::Inquiry | EventKind::Donation => {
                stronger(events, &mut self.last_inbound, at);
            }
            EventKind::LastMessageSent => stronger(events, &mut self.last_sent, at),
            EventKind::NoticeOfConsentSent => stronger(events, &mut self.last_notice, at),
            _ => {}
        }
    }

    /// Whether it is express, evidenced consent for this purpose; what a machine may have written for a crowd is none.
    pub(super) fn is_express(&self, held: &Held) -> bool {
        held.has(Evidence::SOURCE)
            && !held.has(Evidence::IMPORTED)
            && !held.has(Evidence::ASSERTED)
            && held.event.evidence.0 & Evidence::CROWD.0 == 0
            && self.is_purpose(held)
            && !held.early().is_some_and(|when| self.is_before_list(when))
    }

    /// Whether it is dated, and surely not later than the send date: of two readings the later one counts.
    pub(super) fn has_been(&self, held: &Held) -> bool {
        held.late().is_some_and(|when| DayNo::of_when(when) <= self.send)
    }

    fn is_before_list(&self, when: When) -> bool {
        DayNo::of_when(when) < self.born
    }

    fn is_purpose(&self, held: &Held) -> bool {
        held.event.detail == 0 || held.event.detail == self.purpose
    }

    pub(super) fn get(&self, at: Pick) -> Option<&'a Held> {
        self.events.get(usize::try_from(at?).ok()?)
    }

    /// What blocks under any law, and its event: the strongest refusal, a dead mailbox, an unanswered question.
    pub(super) fn blocked(&self) -> Option<(Reason, u32)> {
        if self.refused
            && let Some(at) = self.hardest(|held| held.event.kind.is_refusal() && !self.lifts(held))
        {
            return Some((blocking_reason(self.get(Some(at))?.event.kind), at));
        }
        if self.bounced
            && let Some(at) = self.hardest(|held| self.is_dead(held))
        {
            return Some((Reason::BounceHard, at));
        }
        if self.pending {
            let consents = self.reopen.iter().any(Option::is_some);
            let open = |held: &Held| asks(held) && !(consents && self.is_after(&self.answer, held.late()));
            return self.hardest(open).map(|at| (Reason::ConsentPending, at));
        }
        None
    }

    /// A no at the very point that is no refusal: only the person's own consent is a ground beside it.
    pub(super) fn not_given(&self) -> Pick {
        let no = |held: &Held| held.event.kind == EventKind::ConsentNotGiven && held.reach == Reach::Exact;
        self.not_given.then(|| self.hardest(no)).flatten()
    }

    /// Whether every such no that is dated came surely before the consent.
    pub(super) fn answers(&self, consent: &Held) -> bool {
        let no = |held: &&Held| self.is_here(held) && held.event.kind == EventKind::ConsentNotGiven;
        let after = |date| consent.early().is_some_and(|when| when.surely_after(date));
        !self.not_given || self.events.iter().filter(no).filter_map(Held::late).all(after)
    }

    /// The day from which the consent no longer holds, as the row that tells the consent says.
    pub(super) fn end(&self, consent: &Held) -> Option<DayNo> {
        if !self.ends {
            return None;
        }
        let of_row = |held: &&Held| {
            held.event.kind == EventKind::ConsentEnded
                && held.event.place == consent.event.place
                && self.is_here(held)
        };
        self.events.iter().filter(of_row).filter_map(Held::early).map(DayNo::of_when).min()
    }

    /// Of such events that speak of the channel, the strongest kind; of equal ones the hardest to lift.
    fn hardest(&self, such: impl Fn(&Held) -> bool) -> Pick {
        let key = |held: &Held| (Reverse(held.event.kind), hardness(held.late()), tie(held));
        self.greatest(|held| held.event.channels.has(self.channel) && such(held), key)
    }

    /// Of such events the one with the greatest key.
    fn greatest<K: Ord>(&self, such: impl Fn(&Held) -> bool, key: impl Fn(&Held) -> K) -> Pick {
        let such = self.events.iter().enumerate().filter(|(_, held)| such(held));
        such.max_by_key(|(_, held)| key(held)).and_then(|(at, _)| u32::try_from(at).ok())
    }

    /// A refusal ends with later express consent; nothing wakes the dead.
    fn lifts(&self, held: &Held) -> bool {
        held.event.kind != EventKind::Deceased && self.is_after(&self.reopen, held.late())
    }

    /// Mail came back, and nothing since shows that the address works.
    fn is_dead(&self, held: &Held) -> bool {
        held.event.kind == EventKind::HardBounce
            && held.reach != Reach::Person
            && !self.is_after(&self.alive, held.late())
    }

    /// Whether the event is a refusal or hard bounce that speaks of the channel and has not ended.
    pub(super) fn stands(&self, held: &Held) -> bool {
        let refusal = held.event.kind.is_refusal();
        held.event.channels.has(self.channel) && if refusal { !self.lifts(held) } else { self.is_dead(held) }
    }

    fn is_after(&self, latest: &Latest, date: Option<When>) -> bool {
        let Some(date) = date else { return false };
        let mut dates = latest.iter().filter_map(|pick| self.get(*pick).and_then(Held::early));
        dates.any(|when| when.surely_after(date))
    }

    /// The refusal that was lifted, when every one was.
    pub(super) fn lifted(&self) -> Option<u32> {
        self.refused.then(|| self.hardest(|held| held.event.kind.is_refusal())).flatten()
    }

    /// Whether the event comes surely after every refusal: what came before one has ended with it.
    pub(super) fn survives(&self, held: &Held) -> bool {
        if !self.refused {
            return true;
        }
        let of_channel = |held: &&Held| held.event.channels.has(self.channel) && held.event.kind.is_refusal();
        self.events.iter().filter(of_channel).all(|refusal| is_later(held, refusal))
    }

    /// Whether the event speaks of the channel, at this exact point.
    pub(super) fn is_here(&self, held: &Held) -> bool {
        held.event.channels.has(self.channel) && held.reach == Reach::Exact
    }

    /// Why a consent event cannot count under any law, the first thing that is wrong.
    pub(super) fn flaw(&self, held: &Held) -> Option<Fail> {
        let asserted = held.has(Evidence::ASSERTED);
        if held.reach != Reach::Exact {
            return Some(Fail::OtherPoint);
        }
        if held.has(Evidence::IMPORTED) {
            return Some(Fail::Imported);
        }
        let Some(when) = held.early() else { return Some(Fail::Undated) };
        if !self.has_been(held) {
            Some(Fail::Future)
        } else if !asserted && self.is_before_list(when) {
            Some(Fail::BeforeList)
        } else if !asserted && !self.is_purpose(held) {
            Some(Fail::OtherPurpose)
        } else if !asserted && !held.has(Evidence::SOURCE) {
            Some(Fail::Unsourced)
        } else {
            None
        }
    }

    /// The latest confirmation there is of such a time.
    pub(super) fn confirmation(&self, such: impl Fn(When) -> bool) -> Pick {
        let dated = |at: &u32| self.get(Some(*at)).and_then(Held::early).is_some_and(&such);
        self.confirms.into_iter().flatten().find(dated)
    }

    /// Whether the register lists the point; a listing that names no register counts for every one.
    pub(super) const fn is_listed(&self, register: u16) -> bool {
        self.listed & (1 << register | 1) != 0
    }

    pub(super) fn listing(&self, register: u16) -> Pick {
        let says = |held: &Held| {
            held.event.kind == EventKind::RegistryListed
                && self.is_here(held)
                && (held.event.detail == register || held.event.detail == 0)
        };
        self.greatest(says, tie)
    }

    /// A yes at the very point that another file still tells, although the refusal is not older.
    pub(super) fn resurrected(&self, refusal: &Held) -> Pick {
        self.consent_that(|held| {
            held.event.place.source != refusal.event.place.source && !is_later(held, refusal)
        })
    }

    /// A yes at the very point that is surely later than the refusal and reopens nothing.
    pub(super) fn unproven_after(&self, refusal: &Held) -> Pick {
        self.consent_that(|held| is_later(held, refusal) && !self.is_express(held))
    }

    fn consent_that(&self, says: impl Fn(&Held) -> bool) -> Pick {
        let yes =
            |held: &Held| held.event.kind == EventKind::ConsentGiven && self.is_here(held) && says(held);
        self.greatest(yes, |held| (tie(held), held.at.map(|(early, late)| (early.seconds, late.seconds))))
    }

    pub(super) fn unanswered(&self) -> Option<&'a Held> {
        let open = |held: &Held| asks(held) && !self.is_after(&self.answer, held.late());
        self.get(self.pending.then(|| self.hardest(open)).flatten())
    }

    /// The latest refusal of those kinds that is still in force.
    pub(super) fn standing(&self, kinds: impl Fn(EventKind) -> bool) -> Option<&'a Held> {
        let refuses = |held: &&Held| held.event.kind.is_refusal() && kinds(held.event.kind);
        let standing = self.events.iter().filter(refuses).filter(|held| self.stands(held));
        standing.max_by_key(|held| (hardness(held.late()), tie(held)))
    }
}

/// A question put to the very point.
fn asks(held: &Held) -> bool {
    held.event.kind == EventKind::ConsentPending && held.reach == Reach::Exact
}

/// Whether the event comes surely after the refusal.
fn is_later(held: &Held, refusal: &Held) -> bool {
    held.early().zip(refusal.late()).is_some_and(|(when, refused)| when.surely_after(refused))
}

/// A confirmation comes after the sign-up. Both are told by the same system, so times are taken as of one clock: one
/// stamp for both is no second act; beside a day, a time counts as its day. Days alone leave the order of one day
/// open, and nothing speaks against it.
pub(super) fn confirms(given: When, confirmed: When) -> bool {
    match (given.precision, confirmed.precision) {
        (Precision::Day, Precision::Day) => confirmed.seconds >= given.seconds,
        (one, other) if one == other => confirmed.seconds > given.seconds,
        _ => DayNo::of_when(confirmed) > DayNo::of_when(given),
    }
}

/// Whether one came before the other, at the precision both carry.
pub(super) fn precedes(one: When, other: When) -> bool {
    if one.precision == other.precision {
        one.seconds < other.seconds
    } else {
        DayNo::of_when(one) < DayNo::of_when(other)
    }
}

fn stronger(events: &[Held], slot: &mut Pick, at: u32) {
    let key = |at: u32| {
        let held = usize::try_from(at).ok().and_then(|at| events.get(at));
        held.map(|held| (held.early().map(strength), tie(held)))
    };
    if slot.is_none_or(|known| key(known) < key(at)) {
        *slot = Some(at);
    }
}

/// The reason by which a refusal, a bounce or a register's listing blocks.
pub const fn blocking_reason(kind: EventKind) -> Reason {
    match kind {
        EventKind::HardBounce => Reason::BounceHard,
        EventKind::RegistryListed => Reason::RegistryListed,
        EventKind::Deceased => Reason::RefusalDeceased,
        EventKind::Erasure => Reason::RefusalErasure,
        EventKind::Complaint => Reason::RefusalComplaint,
        EventKind::Objection => Reason::RefusalObjection,
        EventKind::ConsentWithdrawn => Reason::RefusalWithdrawn,
        EventKind::RefusalOnCall => Reason::RefusalOnCall,
        EventKind::ConsentDeclined => Reason::RefusalDeclined,
        _ => Reason::RefusalDoNotContact,
    }
}
