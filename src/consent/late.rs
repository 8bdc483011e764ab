//! Messages that went out although a refusal had to be obeyed by then (clock 4), and how late they were.

use super::clock::DayNo;
use super::fold::{Fold, Held, History};
use super::rules::{RuleNo, RuleTable};
use crate::data::jurisdiction::Length;
use crate::record::{Channel, EventKind};

/// A message after a refusal.
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
    pub(super) fn late(&self, within: Length) -> Option<Late> {
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
