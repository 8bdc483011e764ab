//! Looking ahead: which grounds end soon (`expiring.csv`), whom the law wants reminded of their consent (`notices.csv`),
//! when to clean again, and every decision by channel,
//! jurisdiction, ground and reason. Counts; decides nothing.

use super::lines::{Decided, Out};
use super::person;
use super::repermission;
use super::tally::Tally;
use super::write::Writing;
use crate::consent::{Held, Yes};
use crate::data::jurisdiction::{Basis, JurisdictionNo};
use crate::decide::Decision;
use crate::output::Line;
use crate::reason::Reason;
use crate::record::{Channel, Day, When};
use crate::report::{Ahead, Expiring, Segment};
use foldhash::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Columns of `expiring.csv`.
pub(super) const EXPIRING: &[&str] = &["contact_id", "channel", "point", "basis", "valid_until", "days_left"];
/// Columns of `notices.csv`; `days_left` is below zero where the reminder is overdue.
pub(super) const NOTICES: &[&str] = &["contact_id", "channel", "point", "basis", "remind_by", "days_left"];
/// Days within which what ends, or falls due, is told.
const WITHIN: [i32; 3] = [30, 60, 90];
const SPANS: usize = WITHIN.len();
/// A list decays: after so many months it is cleaned again whatever the clocks say.
const MONTHS_MAX: i32 = 6;

/// How long ago the person last gave a sign: by buying, asking, agreeing, opening, clicking or writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Engagement {
    /// Within 90 days before the send date.
    Active,
    /// Within a year.
    Quiet,
    /// Longer ago.
    Silent,
    /// No file tells.
    Unknown,
}

impl Engagement {
    /// How long silence may last to count so, in days. Mailbox providers look at some three months of opens, and
    /// senders' guides call a year without any the end; what the law makes of it, the rules say.
    const DAYS: [i64; 2] = [90, 365];

    fn of(send: Day, histories: &[Vec<Held>]) -> Self {
        let signs = histories.iter().flatten().filter(|held| person::is_sign(held));
        let Some(last) = signs.filter_map(|held| Some(held.at?.0.seconds)).max() else {
            return Self::Unknown;
        };
        let days = (When::day(send).seconds - last).div_euclid(86_400);
        match Self::DAYS.map(|most| days <= most) {
            [true, _] => Self::Active,
            [_, true] => Self::Quiet,
            _ => Self::Silent,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Quiet => "quiet",
            Self::Silent => "silent",
            Self::Unknown => "unknown",
        }
    }
}

/// Counts of one run, kept per batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AheadTally {
    ending: [[u64; SPANS]; Channel::ALL.len()],
    /// Reminders that fall due; those that are overdue are not among them.
    reminders: [[u64; SPANS]; Channel::ALL.len()],
    first_end: Option<Day>,
    segments: HashMap<(Channel, JurisdictionNo, Option<Basis>, Reason, Engagement), u64>,
}

impl AheadTally {
    /// Adds another's counts.
    pub(super) fn add(&mut self, other: &Self) {
        let mine = self.ending.iter_mut().chain(&mut self.reminders).flatten();
        let theirs = other.ending.iter().chain(&other.reminders).flatten();
        mine.zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        self.first_end = self.first_end.into_iter().chain(other.first_end).min();
        let Self { segments, .. } = self;
        other.segments.iter().for_each(|(segment, n)| *segments.entry(*segment).or_default() += n);
    }

    /// Channels and jurisdictions of contacts that a reason blocks.
    pub(super) fn waiting(&self, reason: Reason) -> BTreeSet<(Channel, JurisdictionNo)> {
        let blocked =
            |segment: &&(Channel, JurisdictionNo, Option<Basis>, Reason, Engagement)| segment.3 == reason;
        self.segments.keys().filter(blocked).map(|segment| (segment.0, segment.1)).collect()
    }

    /// Contacts whose ground ends within the first span, over all channels.
    pub(super) fn soon(&self) -> u64 {
        self.ending.iter().map(|within| within[0]).sum()
    }
}

/// Counts the decisions of a contact and lists those that end soon.
pub(super) fn write(writing: &Writing<'_>, decided: &Decided<'_, '_>, out: &mut Out) {
    let send = writing.plan.send_date;
    let engagement = Engagement::of(send, decided.histories);
    for (channel, decision) in decided.decisions {
        let yes = decision.yes();
        let jurisdiction = decided.jurisdiction(decision);
        let segment = (*channel, jurisdiction, yes.map(|y| y.basis), decision.reason, engagement);
        let ahead = &mut out.tally.ahead;
        *ahead.segments.entry(segment).or_default() += 1;
        let Some(yes) = yes else { continue };
        if let Some(until) = yes.valid_until {
            ahead.first_end = ahead.first_end.into_iter().chain([until]).min();
            if let Some(left) = soon(send, until, &mut ahead.ending[*channel as usize]) {
                line(decided, (*channel, decision, yes), (until, left), &mut out.expiring, &mut out.text);
            }
        }
        if let Some(day) = yes.remind_by
            && let Some(left) = soon(send, day, &mut out.tally.ahead.reminders[*channel as usize])
        {
            line(decided, (*channel, decision, yes), (day, left), &mut out.notices, &mut out.text);
        }
    }
}

/// Counts a last day among the spans it lies in, unless it has passed; the days left to it within the longest span.
fn soon(send: Day, last: Day, counts: &mut [u64; SPANS]) -> Option<i32> {
    let left = send.until(last).ok()?.get_days();
    for (count, days) in counts.iter_mut().zip(WITHIN) {
        *count += u64::from((0..days).contains(&left));
    }
    (left < WITHIN[SPANS - 1]).then_some(left)
}

fn line(
    decided: &Decided<'_, '_>,
    (channel, decision, yes): (Channel, &Decision, Yes),
    (last, left): (Day, i32),
    line: &mut Line,
    text: &mut String,
) {
    line.plain(decided.id);
    line.plain(channel.word());
    let point = decision.point.and_then(|at| decided.contact.distinct.get(at));
    // A postal address stands in `contacts.csv`.
    line.cell(point.filter(|_| channel != Channel::Post).map_or("", |d| d.point.exact));
    line.plain(yes.basis.word());
    text.clear();
    let _ = write!(text, "{last}");
    line.plain(text);
    text.clear();
    let _ = write!(text, "{left}");
    line.plain(text);
    line.end();
}

/// What the report says of the time to come.
pub(super) fn ahead(writing: &Writing<'_>, tally: &Tally) -> Ahead {
    let plan = writing.plan;
    let told = |counts: &[[u64; SPANS]]| {
        let spans = plan.channels.iter().filter_map(|channel| {
            let [within_30, within_60, within_90] = *counts.get(channel as usize)?;
            Some((channel, Expiring { within_30, within_60, within_90 }))
        });
        spans.collect()
    };
    Ahead {
        expiring: told(&tally.ahead.ending),
        reminders: told(&tally.ahead.reminders),
        notices_due: tally.findings.of(Reason::ConsentNoticeDue),
        repermission: repermission::repermission(plan, &tally.account.ask),
        next_cleaning: next_cleaning(writing, tally).to_string(),
        next_because: because(writing, tally),
    }
}

/// The day before which to clean again: when the first ground ends, at most half a year on.
pub(super) fn next_cleaning(writing: &Writing<'_>, tally: &Tally) -> Day {
    let send = writing.plan.send_date;
    let latest = send.checked_add(jiff::Span::new().months(MONTHS_MAX)).unwrap_or(Day::MAX);
    first_end(tally).map_or(latest, |day| day.min(latest))
}

/// The day after the last one on which every ground holds.
fn first_end(tally: &Tally) -> Option<Day> {
    tally.ahead.first_end.and_then(|day| day.tomorrow().ok())
}

/// Why on that day.
fn because(writing: &Writing<'_>, tally: &Tally) -> String {
    match first_end(tally) {
        Some(day) if day == next_cleaning(writing, tally) => {
            "the first ground ends the day before".to_owned()
        }
        _ => format!("a list decays: it is cleaned at least every {MONTHS_MAX} months"),
    }
}

/// Every decision of the run by channel, jurisdiction, ground and reason.
pub(super) fn segments(writing: &Writing<'_>, tally: &Tally) -> Vec<Segment> {
    let segments: BTreeMap<_, _> = tally.ahead.segments.iter().collect();
    let told =
        segments.into_iter().map(|((channel, jurisdiction, basis, reason, engagement), contacts)| Segment {
            channel: *channel,
            jurisdiction: writing.law.books.book(*jurisdiction).id.clone(),
            contactable: basis.is_some(),
            basis: basis.map(|b| b.word().to_owned()),
            reason: reason.id().to_owned(),
            engagement: engagement.word().to_owned(),
            contacts: *contacts,
        });
    told.collect()
}
