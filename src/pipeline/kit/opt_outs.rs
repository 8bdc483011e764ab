//! Opt-outs as the rows tell them: how many rows, in which month, by which campaign, for which reason. Counted in
//! the first pass; a text that may name a person never leaves it.

use crate::pipeline::kit::counts::{AddCounts, counts};
use crate::record::{DateOrder, EventKind, Stamp, When};
use crate::report::CountsByText;
use std::collections::BTreeMap;

/// Whether the event is an opt-out: an act of the person against being contacted.
pub(crate) const fn is_opt_out(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Complaint | EventKind::Objection | EventKind::ConsentWithdrawn | EventKind::RefusalOnCall
    )
}

/// More different texts than these are no names of campaigns and no words for a reason: none is told.
pub(crate) const TEXTS_MAX: usize = 1000;

/// A text is told when at least so many rows have it: fewer may point at one person.
const ROWS_MIN: u64 = 3;

/// Texts are cut to so many characters.
const CHARS_MAX: usize = 60;

/// Texts told; the rest is counted together.
const TOLD_MAX: usize = 20;

/// A month, as twelve times the year and the month counted from zero.
type Month = i32;

/// The month of an opt-out. While the order of day and month is open, both readings, and the column that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MonthTold {
    Known(Month),
    Either { day_month: Month, month_day: Month, column: u16 },
    Undated,
}

counts! {
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct OptOutTally {
        pub(crate) rows: u64,
        months: BTreeMap<MonthTold, u64>,
        pub(crate) campaigns: Texts,
        pub(crate) reasons: Texts,
    }
}

impl OptOutTally {
    /// Counts a row that tells an opt-out, with its cells of campaign and reason.
    pub(crate) fn count(&mut self, at: Stamp, campaign: &str, reason: &str) {
        self.rows += 1;
        *self.months.entry(month_told(at)).or_default() += 1;
        self.campaigns.count(campaign);
        self.reasons.count(reason);
    }

    /// The same by month; `order` is the verdict on a date column.
    pub(crate) fn by_month(&self, order: impl Fn(u16) -> DateOrder) -> BTreeMap<String, u64> {
        let mut by_month: BTreeMap<String, u64> = BTreeMap::new();
        for (told, n) in &self.months {
            let word = |month: Month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
            let word = match *told {
                MonthTold::Known(month) => word(month),
                // Of a refusal the later reading counts, as everywhere.
                MonthTold::Either { day_month, month_day, column } => word(match order(column) {
                    DateOrder::DayMonth => day_month,
                    DateOrder::MonthDay => month_day,
                    DateOrder::Unknown => day_month.max(month_day),
                }),
                MonthTold::Undated => "undated".to_owned(),
            };
            *by_month.entry(word).or_default() += n;
        }
        by_month
    }
}

fn month_told(at: Stamp) -> MonthTold {
    let month = |when: When| {
        let day = when.date();
        i32::from(day.year()) * 12 + i32::from(day.month()) - 1
    };
    match at {
        Stamp::Absent | Stamp::Unreadable => MonthTold::Undated,
        Stamp::Known(when) => MonthTold::Known(month(when)),
        Stamp::Either { day_month, month_day, column } => {
            MonthTold::Either { day_month: month(day_month), month_day: month(month_day), column }
        }
    }
}

/// Rows by a text of theirs; whether there are too many texts does not depend on the order in which they are met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    counts: BTreeMap<String, u64>,
    /// Rows whose text is not kept.
    other: u64,
    untold: u64,
    too_many: bool,
}

impl AddCounts for Texts {
    fn add(&mut self, other: &Self) {
        self.other += other.other;
        self.untold += other.untold;
        self.too_many |= other.too_many;
        self.counts.add(&other.counts);
        self.limit();
    }
}

impl Texts {
    fn count(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            self.untold += 1;
        } else if self.too_many || may_name_somebody(text) {
            self.other += 1;
        } else {
            let end = text.char_indices().nth(CHARS_MAX).map_or(text.len(), |(at, _)| at);
            *self.counts.entry(text[..end].to_owned()).or_default() += 1;
            self.limit();
        }
    }

    fn limit(&mut self) {
        self.too_many |= self.counts.len() > TEXTS_MAX;
        if self.too_many {
            self.other += self.counts.values().sum::<u64>();
            self.counts.clear();
        }
    }

    /// The texts that may be told, the most frequent ones.
    pub(crate) fn told(&self) -> CountsByText {
        let mut often: Vec<_> = self.counts.iter().filter(|(_, n)| **n >= ROWS_MIN).collect();
        often.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        often.truncate(TOLD_MAX);
        let counts: BTreeMap<String, u64> = often.into_iter().map(|(text, n)| (text.clone(), *n)).collect();
        let all: u64 = self.counts.values().sum::<u64>() + self.other;
        CountsByText { other: all - counts.values().sum::<u64>(), counts, untold: self.untold }
    }
}

/// An address, or digits enough for a number.
fn may_name_somebody(text: &str) -> bool {
    text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

#[cfg(test)]
mod tests {
    use super::{TEXTS_MAX, Texts};
    use crate::pipeline::kit::counts::AddCounts;

    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Texts {
        let mut all = Texts::default();
        texts.into_iter().for_each(|text| all.count(text));
        all
    }

    #[test]
    fn what_few_rows_say_or_may_name_somebody_is_not_told() {
        let mail = ["jane@stonemill.org"; 3];
        let few = ["too many mails", "too many mails", " too many mails ", "call jane", "call jane", ""];
        let told = of(few.into_iter().chain(mail).chain(["ring +44 7400 100001"])).told();
        assert_eq!(told.counts.into_iter().collect::<Vec<_>>(), [("too many mails".to_owned(), 3)]);
        assert_eq!((told.other, told.untold), (6, 1));
    }

    #[test]
    fn too_many_texts_are_none_in_whatever_order_they_come() {
        let texts: Vec<String> = (0..=TEXTS_MAX).flat_map(|i| vec![format!("text {i}"); 3]).collect();
        let all = of(texts.iter().map(String::as_str));
        assert!(all.too_many && all.told().counts.is_empty());
        assert_eq!(all.told().other, texts.len() as u64);
        let (one, two) = texts.split_at(1500);
        let mut halves = of(two.iter().map(String::as_str));
        halves.add(&of(one.iter().map(String::as_str)));
        assert_eq!(halves.told(), all.told());
        let few = of(texts[3..].iter().map(String::as_str));
        assert!(!few.too_many && few.told().counts.len() == 20);
    }
}
