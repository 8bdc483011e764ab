//! Crowds, by the thresholds' edges and against a count by hand.

use crate::pipeline::check::consent_stats::{Crowds, Noted, Notes};
use crate::pipeline::join::bulk_consents::count;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::tally::SourceTally;
use crate::plan::Profile;
use crate::record::{Channels, DateOrder, Event, EventKind, Evidence, Keyed, Place, Precision, Stamp, When};
use crate::spill::Budget;
use proptest::prelude::*;

fn at(seconds: i64, precision: Precision) -> Stamp {
    Stamp::Known(When { seconds, precision })
}

/// Counts consents, each a source, time and IP address, in rows of that order, cut into so many workers.
fn crowds(consents: &[(u16, Stamp, &str)], workers: usize, budget: usize) -> Crowds {
    let budget = Budget::new(budget);
    let dir = std::env::temp_dir();
    let noted = Noted::open(Scratch { dir: &dir, budget: &budget }, 3);
    let keyed = Keyed::new(&[7; 16]);
    for worker in 0..workers {
        let mut notes = Notes::new(3);
        for (row, (source, at, ip)) in (0u32..).zip(consents) {
            if row as usize % workers == worker {
                notes.time(*source, *at);
                notes.ip(&keyed, *source, ip, *at, row);
            }
        }
        notes.spill(&noted).expect("the scratch directory takes files");
    }
    let rows = u32::try_from(consents.len()).expect("few");
    let tallies = vec![SourceTally::default(); 2];
    count(&noted.close(), &Profile::default(), &tallies, rows).expect("counts")
}

fn marks(crowds: &Crowds, (source, at, _): (u16, Stamp, &str), row: u32) -> Evidence {
    let place = Place { source, line: 1 };
    let evidence = Evidence::SOURCE;
    let kind = EventKind::ConsentGiven;
    let mut event = Event { kind, channels: Channels::ALL, at, evidence, detail: 0, place };
    crowds.mark(&mut event, row);
    Evidence(event.evidence.0 & Evidence::CROWD.0)
}

/// Marks the last of `n` consents, among others that stand alone.
fn of(n: i64, others: i64, consent: impl Fn(i64) -> (u16, Stamp, &'static str)) -> Evidence {
    let mut all: Vec<_> = (0..n).map(consent).collect();
    let alone = |i: i64| (0, at(1_000_000_007 + i * 100_003, Precision::Instant), "");
    all.extend((0..others).map(alone));
    let row = usize::try_from(n - 1).expect("some");
    marks(&crowds(&all, 2, 0), all[row], u32::try_from(row).expect("few"))
}

#[test]
fn one_time_to_the_second_is_a_crowd_from_twenty_on() {
    let one = |_| (0, at(1_700_000_001, Precision::Local), "");
    assert_eq!(of(20, 3, one), Evidence::BULK_TIME);
    assert_eq!(of(19, 3, one), Evidence::default());
    let two_files = |i: i64| ((i % 2) as u16, at(1_700_000_001, Precision::Local), "");
    assert_eq!(of(38, 3, two_files), Evidence::default(), "each file is counted alone");
}

#[test]
fn one_day_is_a_crowd_when_half_of_the_file_stands_on_it() {
    for (seconds, precision) in [(86_400, Precision::Day), (86_400 * 2, Precision::Instant)] {
        let day = move |_| (0, at(seconds, precision), "");
        assert_eq!(of(50, 50, day), Evidence::BULK_TIME);
        assert_eq!(of(50, 51, day), Evidence::default());
        assert_eq!(of(49, 0, day), Evidence::default(), "few are no crowd");
    }
}

#[test]
fn a_hundred_in_a_minute_are_a_rush() {
    let spread = |i: i64| (0, at(1_700_000_040 + i % 30, Precision::Instant), "");
    assert_eq!(of(100, 3, spread), Evidence::RUSH);
    assert_eq!(of(99, 3, spread), Evidence::default());
    // Of a file that tells no seconds, the minute is all there is.
    let minute = |_| (0, at(1_700_000_040, Precision::Instant), "");
    assert_eq!(of(100, 0, minute), Evidence::RUSH);
    assert_eq!(of(99, 0, minute), Evidence::default());
}

#[test]
fn one_ip_address_is_a_crowd_by_number_and_share_and_a_rush_by_day() {
    let day = |i: i64| at(1_700_000_001 + i * 86_400, Precision::Instant);
    let steady = move |i: i64| (0, day(i), "192.0.2.7");
    assert_eq!(of(50, 0, steady), Evidence::BULK_IP);
    assert_eq!(of(49, 0, steady), Evidence::default());
    let others =
        move |i: i64| (0, day(i), if i % 12 == 11 { "192.0.2.7" } else { OTHERS[(i % 11) as usize] });
    assert_eq!(of(600, 0, others), Evidence::default(), "fifty of six hundred are no tenth");
    let rush = |i: i64| (0, at(1_700_000_000 + i * 61, Precision::Instant), "192.0.2.7");
    assert_eq!(of(20, 0, rush), Evidence::RUSH);
    assert_eq!(of(19, 0, rush), Evidence::default());
    assert_eq!(of(20, 0, move |i| (0, day(i), "192.0.2.7")), Evidence::default(), "on many days");
}

const OTHERS: [&str; 11] = ["a.1", "a.2", "a.3", "a.4", "a.5", "a.6", "a.7", "a.8", "a.9", "a.10", "a.11"];

proptest! {
    /// Workers, order and budget never show, and every mark agrees with a count by hand.
    #[test]
    fn crowds_are_what_a_count_by_hand_says(
        drawn in prop::collection::vec((0..2u16, 0..3i64, 0..4i64, 0..3usize), 0..160),
        workers in 1usize..4,
        budget in prop::sample::select(vec![0usize, 1 << 20]),
        turn in 0usize..160,
    ) {
        let ips = ["", "192.0.2.7", "192.0.2.8"];
        let consents: Vec<_> = drawn
            .iter()
            .map(|(source, minute, second, ip)| {
                let seconds = 1_700_000_040 + minute * 60 + second;
                (*source, at(seconds, Precision::Instant), ips[*ip])
            })
            .collect();
        let crowds = crowds(&consents, workers, budget);
        for (row, consent) in (0u32..).zip(&consents) {
            let of_file = || consents.iter().filter(|c| c.0 == consent.0);
            let minute = |at: Stamp| {
                at.readings(|_| DateOrder::Unknown).map_or(0, |(early, _)| early.seconds / 60)
            };
            let tells_seconds = of_file().any(|c| {
                c.1.readings(|_| DateOrder::Unknown).is_some_and(|(early, _)| early.seconds % 60 != 0)
            });
            let same = of_file().filter(|c| c.1 == consent.1).count();
            let bulk = tells_seconds && same >= 20;
            let with_ip = of_file().filter(|c| !c.2.is_empty()).count();
            let from_one = of_file().filter(|c| c.2 == consent.2 && !c.2.is_empty()).count();
            let bulk_ip = from_one >= 50 && from_one * 10 >= with_ip;
            let rush = of_file().filter(|c| minute(c.1) == minute(consent.1)).count() >= 100 && !bulk
                || from_one >= 20 && !bulk_ip;
            let wanted = [(bulk, Evidence::BULK_TIME), (bulk_ip, Evidence::BULK_IP), (rush, Evidence::RUSH)]
                .into_iter()
                .filter(|(said, _)| *said)
                .fold(Evidence::default(), |all, (_, crowd)| all.with(crowd));
            prop_assert_eq!(marks(&crowds, *consent, row), wanted);
        }
        let mut turned = consents.clone();
        turned.rotate_left(turn.min(consents.len()));
        prop_assert_eq!(&self::crowds(&turned, 1, 0).sources, &crowds.sources);
    }
}
