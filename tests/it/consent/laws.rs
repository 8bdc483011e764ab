//! The laws of consent and refusals, over every history.

use super::{candidate, event, terms};
use crate::run::generated;
use contactable::consent::{Candidate, Held, History, Judgement, Reach, RuleTable, judge};
use contactable::data::jurisdiction::Audience;
use contactable::data::rulebooks;
use contactable::reason::Reason;
use contactable::record::{
    Channel, Channels, Day, Event, EventKind, Evidence, Place, Precision, Stamp, When,
};
use proptest::prelude::*;

const SEND: Day = Day::constant(2026, 11, 21);
const OPT_IN: [(&str, Channel); 5] = [
    ("EU", Channel::Email),
    ("DE", Channel::Email),
    ("FR", Channel::Call),
    ("ZZ", Channel::Sms),
    ("AU", Channel::Email),
];
const PLACES: [&str; 16] =
    ["AU", "BE", "CA", "CA-QC", "DE", "EU", "FR", "GB", "IE", "KR", "NO", "TR", "US", "US-FL", "ZA", "ZZ"];

prop_compose! {
    /// A date up to the send date, with or without clock and zone, in one reading or two.
    fn date()(days in 0i64..900, seconds in 0i64..86_400, precision in 0u8..3, ahead in prop_oneof![3 => Just(0i64), 1 => 0i64..60])
        -> (When, When) {
        let day = 86_400 * (20_778 - days);
        let (precision, seconds) = match precision {
            0 => (Precision::Day, day),
            1 => (Precision::Local, day + seconds),
            _ => (Precision::Instant, day + seconds),
        };
        let early = When { seconds: seconds - ahead * 86_400, precision };
        (early, When { seconds, precision })
    }
}

prop_compose! {
    fn held(kinds: Vec<EventKind>)(
        kind in proptest::sample::select(kinds),
        at in prop_oneof![4 => date().prop_map(Some), 1 => Just(None)],
        reach in proptest::sample::select(vec![Reach::Exact, Reach::Exact, Reach::Exact, Reach::Alias, Reach::Person]),
        evidence in proptest::sample::select(vec![0u32, 1, 1, 1, 3, 15, 0x21, 0x40, 0x81, 0x401, 0x2001, 0x8001]),
        channels in proptest::sample::select(vec![Channels::ALL, Channels::ALL, Channels::only(Channel::Email), Channels::PHONE]),
        detail in 0u16..3,
        line in 1u32..1000,
    ) -> Held {
        let place = Place { source: 0, line };
        Held { event: Event { kind, channels, at: Stamp::Absent, evidence: Evidence(evidence), detail, place }, at, reach }
    }
}

fn history() -> impl Strategy<Value = Vec<Held>> {
    let kinds = EventKind::ALL.to_vec();
    let friendly =
        EventKind::ALL.into_iter().filter(|k| !k.is_refusal() && *k != EventKind::ConsentPending).collect();
    prop_oneof![proptest::collection::vec(held(kinds), 0..8), proptest::collection::vec(held(friendly), 0..8)]
}

/// A question: places, channel, audience.
fn question() -> impl Strategy<Value = (Vec<Candidate>, Channel, Audience)> {
    let places = proptest::sample::subsequence(PLACES.to_vec(), 1..4);
    let places = places.prop_map(|places| places.into_iter().map(candidate).collect());
    let channel = proptest::sample::select(Channel::ALL.to_vec());
    (places, channel, proptest::sample::select(Audience::ALL.to_vec()))
}

fn table(send: Day, strict: bool) -> RuleTable<'static> {
    let mut terms = terms(send);
    terms.evidence_strict = strict;
    terms.registries = ["uk-tps", "us-dnc"].map(|id| (id.to_owned(), Day::constant(2026, 11, 10))).to_vec();
    RuleTable::compile(rulebooks(), &terms).unwrap()
}

fn run(table: &RuleTable<'_>, question: &(Vec<Candidate>, Channel, Audience), events: &[Held]) -> Judgement {
    judge(table, &question.0, question.1, question.2.into(), History { events })
}

/// A judgement with its events themselves, as comparable beyond their order.
fn told(judgement: &Judgement, events: &[Held]) -> impl PartialEq + std::fmt::Debug {
    let at = |index: &u32| events[*index as usize];
    let rests: Vec<_> = judgement.events.all().iter().map(at).collect();
    let mut findings: Vec<_> =
        judgement.findings.all().iter().map(|f| (f.reason, f.event().map(|e| at(&(e as u32))))).collect();
    findings.sort_by_key(|(reason, _)| *reason);
    (judgement.allowed, judgement.reason, judgement.rule, rests, findings, judgement.missing)
}

/// Every moment that may be meant, in half hours: a day is any half hour of it or its last second.
fn moments(when: When) -> Vec<i64> {
    let zones = || (-24..=28).map(|half: i64| half * 1800);
    match when.precision {
        Precision::Instant => vec![when.seconds],
        Precision::Local => zones().map(|zone| when.seconds - zone).collect(),
        Precision::Day => {
            let parts = (0..48).map(|half| half * 1800).chain([86_399]);
            parts.flat_map(|part| zones().map(move |zone| when.seconds + part - zone)).collect()
        }
    }
}

proptest! {
    #[test]
    fn surely_after_is_later_in_every_zone((one, _) in date(), (other, _) in date()) {
        let near = |when: When| When { seconds: when.seconds.rem_euclid(4 * 86_400), ..when };
        let (one, other) = (near(one), near(other));
        let day = |when: When| when.precision == Precision::Day;
        let wanted = if day(one) && day(other) {
            one.seconds > other.seconds
        } else {
            moments(one).into_iter().min() > moments(other).into_iter().max()
        };
        prop_assert_eq!(one.surely_after(other), wanted);
    }

    #[test]
    fn what_outlasts_another_is_lifted_by_nothing_that_leaves_the_other(
        (one, _) in date(), (other, _) in date(), (consent, _) in date(),
    ) {
        let near = |when: When| When { seconds: when.seconds.rem_euclid(4 * 86_400), ..when };
        let (one, other, consent) = (near(one), near(other), near(consent));
        prop_assert!(!(one.outlasts(other) && consent.surely_after(one)) || consent.surely_after(other));
    }
}

proptest! {
    #![proptest_config(generated(1500))]

    #[test]
    fn a_further_refusal_never_adds_a_yes(
        mut events in history(),
        refusal in held(EventKind::ALL.into_iter().filter(|k| k.is_refusal()).collect()),
        question in question(),
    ) {
        let table = table(SEND, false);
        let before = run(&table, &question, &events).allowed;
        events.push(refusal);
        let after = run(&table, &question, &events).allowed;
        prop_assert!(before.is_some() || after.is_none());
        if let (Some(before), Some(after)) = (before, after) {
            let sooner = before.valid_until.is_none_or(|known| after.valid_until.is_some_and(|day| day <= known));
            prop_assert!(sooner, "nor makes one last longer");
        }
    }

    #[test]
    fn the_order_of_events_never_matters(events in history(), question in question(), seed in any::<u64>()) {
        let table = table(SEND, false);
        let mut shuffled = events.clone();
        let n = shuffled.len();
        for at in 1..n {
            let other = usize::try_from(seed.rotate_left(u32::try_from(at).unwrap() * 7) % (at as u64 + 1)).unwrap();
            shuffled.swap(at, other);
        }
        let (one, two) = (run(&table, &question, &events), run(&table, &question, &shuffled));
        prop_assert_eq!(told(&one, &events), told(&two, &shuffled));
    }

    #[test]
    fn an_event_of_another_point_never_makes_a_yes(
        mut events in history(), mut other in held(EventKind::ALL.to_vec()), question in question(), alias in any::<bool>(),
    ) {
        let table = table(SEND, false);
        let before = run(&table, &question, &events).allowed;
        other.reach = if alias { Reach::Alias } else { Reach::Person };
        events.push(other);
        let after = run(&table, &question, &events).allowed;
        prop_assert!(before.is_some() || after.is_none());
        prop_assert!(after.is_none() || before == after, "nor changes one");
    }

    #[test]
    fn undated_consent_never_gives_a_yes_under_opt_in(
        events in history(), place in proptest::sample::select(OPT_IN.to_vec()),
    ) {
        let consents = |held: &Held| matches!(held.event.kind, EventKind::ConsentGiven | EventKind::ConsentConfirmed);
        let undated: Vec<_> = events.into_iter().filter(|held| held.event.kind != EventKind::Purchase)
            .map(|held| Held { at: if consents(&held) { None } else { held.at }, ..held }).collect();
        let question = (vec![candidate(place.0)], place.1, Audience::B2c);
        prop_assert_eq!(run(&table(SEND, false), &question, &undated).allowed, None);
    }

    #[test]
    fn ties_go_to_the_refusal(
        (early, late) in date(), question in question(),
        refusal in proptest::sample::select(EventKind::ALL.into_iter().filter(|k| k.is_refusal()).collect::<Vec<_>>()),
    ) {
        let mut given = event("consent_given 2026-01-01 source method wording purpose written", question.1, 1);
        let mut refused = event("objection 2026-01-01", question.1, 2);
        given.at = Some((early, late));
        refused.at = Some((early, late));
        refused.event.kind = refusal;
        prop_assert_eq!(run(&table(SEND, false), &question, &[given, refused]).allowed, None);
    }

    #[test]
    fn a_yes_holds_through_its_last_day_and_no_longer(events in history(), question in question()) {
        let Some(yes) = run(&table(SEND, false), &question, &events).allowed else { return Ok(()) };
        let on = |day: Day| run(&table(day, false), &question, &events).allowed;
        let Some(until) = yes.valid_until else {
            prop_assert!(on(Day::constant(2126, 11, 21)).is_some(), "without an end it holds in a hundred years");
            return Ok(());
        };
        prop_assert!(until >= SEND);
        prop_assert!(on(until).is_some(), "{until}");
        // A law that ends ends the yes with it: what follows is the next law's to say.
        let changes = rulebooks().all().iter().flat_map(|b| &b.rules).any(|r| r.in_force.to == Some(until));
        prop_assert!(changes || on(until.tomorrow().unwrap()).is_none(), "{until}");
    }

    /// As long as the law stays the same: a no, once it is there, time does not turn into a yes.
    #[test]
    fn a_later_send_date_never_revives_a_ground(events in history(), question in question(), days in 1i32..1500) {
        let later = SEND.checked_add(jiff::Span::new().days(days)).unwrap();
        let (now, then) = (table(SEND, false), table(later, false));
        let rules = |table: &RuleTable<'_>| -> Vec<_> {
            let of = |c: &Candidate| table.number(c.jurisdiction, question.1, question.2.into());
            question.0.iter().map(|c| of(c).map(|n| table.rule(n).id.clone())).collect()
        };
        let before = run(&now, &question, &events).allowed;
        if before.is_none() && rules(&now) == rules(&then) {
            prop_assert_eq!(run(&then, &question, &events).allowed, None);
        }
    }

    /// What a crowd casts on one consent takes away; it never adds, and lifts nothing.
    #[test]
    fn a_doubt_never_adds_a_yes(
        events in history(), question in question(), which in any::<usize>(), crowd in 13u32..16, blocks in any::<bool>(),
    ) {
        let mut terms = terms(SEND);
        if blocks {
            terms.blocking = vec![Reason::ConsentBulkTime, Reason::ConsentBulkIp, Reason::ConsentRush];
        }
        let table = RuleTable::compile(rulebooks(), &terms).unwrap();
        let mut doubted = events.clone();
        let n = doubted.len().max(1);
        if let Some(held) = doubted.get_mut(which % n).filter(|held| held.event.kind == EventKind::ConsentGiven) {
            held.event.evidence = held.event.evidence.with(Evidence(1 << crowd));
        }
        let (before, after) = (run(&table, &question, &events).allowed, run(&table, &question, &doubted).allowed);
        prop_assert!(before.is_some() || after.is_none());
    }

    #[test]
    fn less_evidence_never_helps(events in history(), question in question(), strict in any::<bool>()) {
        let table = table(SEND, strict);
        let poorer: Vec<_> = events.iter().map(|held| {
            let speaks_against = Evidence::IMPORTED.with(Evidence::ASSERTED).with(Evidence::CROWD);
            let kept = held.event.evidence.0 & speaks_against.0;
            Held { event: Event { evidence: Evidence(kept), ..held.event }, ..*held }
        }).collect();
        prop_assert!(run(&table, &question, &events).allowed.is_some() || run(&table, &question, &poorer).allowed.is_none());
    }
}
