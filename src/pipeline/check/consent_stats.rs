//! When and from where the consents of a file came, and what the whole file's consents say of one.
//!
//! [`Notes`] are taken row by row; [`Crowds`] is what counting them finds (`join/bulk_consents.rs`). Knows no rule.

use crate::data::words;
use crate::link::partition_of;
use crate::output::digits;
use crate::pipeline::kit::run::Scratch;
use crate::record::{Event, EventKind, Evidence, Failure, Fingerprint, Keyed, Precision, RowId, Stamp, When};
use crate::spill::{Partitions, Spill};

/// Name space of fingerprints that are no match keys.
pub(crate) const IP: u8 = 33;

/// From so many consents on, a file that knows but one time was not written as people signed up.
pub(crate) const ONE_TIME: u64 = 3;

pub(crate) const DAY_MINUTES: i64 = 24 * 60;

pub(crate) const UNDATED: u32 = u32::MAX;

pub(crate) const BULK_IP: u8 = 1;

pub(crate) const RUSH: u8 = 2;

/// When, and from which IP addresses, consents came.
#[derive(Debug)]
pub(crate) struct Noted<T = Spill> {
    pub(crate) times: T,
    pub(crate) ips: T,
}

/// What a worker noted.
pub(crate) type Notes = Noted<Vec<Vec<u8>>>;

/// What was noted, to be counted.
pub(crate) type ToCount = Noted<Partitions>;

impl Noted {
    pub(crate) fn open(scratch: Scratch<'_>, partitions: usize) -> Self {
        let spill = || Spill::new(scratch.dir, partitions, scratch.budget);
        Self { times: spill(), ips: spill() }
    }
}

impl Notes {
    pub(crate) fn new(partitions: usize) -> Self {
        Self { times: vec![Vec::new(); partitions], ips: vec![Vec::new(); partitions] }
    }

    pub(crate) fn time(&mut self, source: u16, at: Stamp) {
        if let Some(Time { minute, rest }) = Time::of(source, at) {
            let partitions = self.times.len();
            let key = Fingerprint(u128::from(minute.wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 64);
            let out = &mut self.times[partition_of(key, partitions)];
            out.extend_from_slice(&minute.to_le_bytes());
            out.extend_from_slice(&rest.to_le_bytes());
        }
    }

    /// Notes the IP address that the consents of a row came from.
    pub(crate) fn ip(&mut self, keyed: &Keyed, source: u16, cell: &str, at: Stamp, row: RowId) {
        if words::is_blank(cell) {
            return;
        }
        let key = keyed.of(IP, &[&source.to_le_bytes(), cell.trim().as_bytes()]);
        let day = at.readings(|_| crate::record::DateOrder::Unknown).map(|(early, _)| early.seconds);
        let day = day.and_then(|seconds| u32::try_from(seconds.div_euclid(86_400)).ok()).unwrap_or(UNDATED);
        let partitions = self.ips.len();
        let out = &mut self.ips[partition_of(key, partitions)];
        out.extend_from_slice(&source.to_le_bytes());
        out.extend_from_slice(&(key.0 as u64).to_le_bytes());
        out.extend_from_slice(&day.to_le_bytes());
        out.extend_from_slice(&row.to_le_bytes());
    }

    /// Spills what was noted since the last call.
    pub(crate) fn spill(&mut self, noted: &Noted) -> Result<(), Failure> {
        noted.times.append_all(&mut self.times)?;
        noted.ips.append_all(&mut self.ips)
    }

    pub(crate) fn clear(&mut self) {
        self.times.iter_mut().chain(&mut self.ips).for_each(Vec::clear);
    }
}

/// A time as it stands in a file: equal for equal cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Time {
    /// Source in the upper 16 bits, minutes since 1970 in the others.
    pub(crate) minute: u64,
    /// Second, precision, whether day and month can be read both ways.
    pub(crate) rest: u32,
}

impl Time {
    fn of(source: u16, at: Stamp) -> Option<Self> {
        let (when, either) = match at {
            Stamp::Known(when) => (when, 0),
            Stamp::Either { day_month, .. } => (day_month, 1),
            Stamp::Absent | Stamp::Unreadable => return None,
        };
        let minute = (when.seconds.div_euclid(60) as u64) & (u64::MAX >> 16);
        let second = when.seconds.rem_euclid(60) as u32;
        let rest = second | (when.precision as u32) << 8 | either << 16;
        Some(Self { minute: u64::from(source) << 48 | minute, rest })
    }

    pub(crate) const fn source(self) -> usize {
        (self.minute >> 48) as usize
    }

    const fn minutes(self) -> i64 {
        ((self.minute << 16) as i64) >> 16
    }

    pub(crate) const fn second(self) -> u32 {
        self.rest & 0xff
    }

    const fn is_day(self) -> bool {
        self.rest >> 8 & 0xff == Precision::Day as u32
    }

    /// Only a day is told, or midnight, which is what a day becomes in many systems.
    pub(crate) const fn tells_no_clock(self) -> bool {
        self.is_day() || self.minutes().rem_euclid(DAY_MINUTES) == 0 && self.second() == 0
    }

    /// As outputs write it; empty where it can be read both ways.
    fn text(self) -> String {
        let precision = match self.rest >> 8 & 0xff {
            0 => Precision::Day,
            1 => Precision::Local,
            _ => Precision::Instant,
        };
        let seconds = self.minutes() * 60 + i64::from(self.second());
        if self.rest >> 16 == 1 { String::new() } else { When { seconds, precision }.text() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OfSource {
    /// Consents that tell a time; an IP address.
    pub(crate) dated: u64,
    pub(crate) with_ip: u64,
    /// Whether some consent tells more than the minute.
    pub(crate) seconds: bool,
    times: Option<(Time, Time)>,
    /// Consents with a time that a machine wrote; from an address of a crowd; in a rush.
    pub(crate) bulk_time: u64,
    pub(crate) bulk_ip: u64,
    pub(crate) rush: u64,
    /// The largest group of one time, and the time.
    pub(crate) largest: (u32, Option<Time>),
    pub(crate) largest_ip: u32,
    /// The columns in which every row says yes.
    pub(crate) all_yes: Vec<usize>,
}

impl OfSource {
    /// What is to be told of the file, in words.
    pub(crate) fn says(&self) -> Option<String> {
        let mut says = Vec::new();
        if self.bulk_time > 0 {
            let (count, time) = self.largest;
            let time = time.map(Time::text).filter(|text| !text.is_empty());
            let time = time.map_or(String::new(), |text| format!(", {count} of them {text}"));
            says.push(format!(
                "{} of {} consents carry the time of a crowd{time}",
                self.bulk_time, self.dated
            ));
        }
        if self.bulk_ip > 0 {
            says.push(format!(
                "{} of {} came from the IP address of a crowd, {} from one",
                self.bulk_ip, self.with_ip, self.largest_ip
            ));
        }
        if self.rush > 0 {
            says.push(format!("{} came in a rush of one minute, or of one IP address and day", self.rush));
        }
        (!says.is_empty()).then(|| says.join("; "))
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.dated += other.dated;
        self.with_ip += other.with_ip;
        self.seconds |= other.seconds;
        if let Some((first, last)) = other.times {
            self.see(first);
            self.see(last);
        }
    }

    pub(crate) fn see(&mut self, time: Time) {
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
    }

    /// Whether all consents carry one time.
    pub(crate) fn has_one_time(&self) -> bool {
        self.dated >= ONE_TIME && self.times.is_some_and(|(first, last)| first == last)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Crowds {
    /// Times that a machine wrote, and minutes with a rush, each with its consents; sorted.
    pub(crate) times: Vec<(Time, u32)>,
    pub(crate) minutes: Vec<(u64, u32)>,
    /// Two bits a row: from an IP address of a crowd; in a rush of one. Empty when there is no such row.
    pub(crate) rows: Vec<u8>,
    /// Sources of which a consent column says only yes, where the profile lets that block.
    pub(crate) all_yes: Vec<bool>,
    /// Sources whose consents all carry one time; empty when there is none.
    pub(crate) one_time: Vec<bool>,
    /// By source.
    pub(crate) sources: Vec<OfSource>,
}

impl Crowds {
    /// Whether nothing is to be marked.
    pub(crate) fn is_empty(&self) -> bool {
        self.times.is_empty()
            && self.minutes.is_empty()
            && self.rows.is_empty()
            && self.all_yes.is_empty()
            && self.one_time.is_empty()
    }

    /// Marks a consent of `row` by the crowds it belongs to.
    pub(crate) fn mark(&self, event: &mut Event, row: RowId) {
        let consent = event.kind.is_consent() && !event.evidence.has(Evidence::ASSERTED);
        if self.is_empty() || !consent {
            return;
        }
        let mut says = |crowd: Evidence, found: bool| {
            if found {
                event.evidence = event.evidence.with(crowd);
            }
        };
        let bits = self.rows.get(row as usize / 4).map_or(0, |byte| byte >> (row % 4 * 2) & 3);
        says(Evidence::BULK_IP, bits & BULK_IP != 0);
        says(Evidence::RUSH, bits & RUSH != 0);
        let of_source = |sources: &[bool]| sources.get(usize::from(event.place.source)) == Some(&true);
        says(Evidence::ALL_YES, of_source(&self.all_yes));
        says(Evidence::ONE_TIME, of_source(&self.one_time));
        if let Some(time) = Time::of(event.place.source, event.at) {
            says(Evidence::BULK_TIME, self.of_time(time).is_some());
            says(Evidence::RUSH, self.of_minute(time).is_some());
        }
    }

    fn of_time(&self, time: Time) -> Option<u32> {
        let at = self.times.binary_search_by_key(&time, |(time, _)| *time).ok()?;
        self.times.get(at).map(|(_, count)| *count)
    }

    fn of_minute(&self, time: Time) -> Option<u32> {
        let at = self.minutes.binary_search_by_key(&time.minute, |(minute, _)| *minute).ok()?;
        let rush = self.minutes.get(at).map(|(_, count)| *count);
        rush.filter(|_| !time.tells_no_clock() && self.of_time(time).is_none())
    }

    /// How large the crowd of a consent is, as far as its time tells: `412 of 420 consents`.
    pub(crate) fn count(&self, event: &Event, out: &mut String) {
        let Some(time) = Time::of(event.place.source, event.at) else { return };
        let Some(count) = self.of_time(time).or_else(|| self.of_minute(time)) else { return };
        let dated = self.sources.get(time.source()).map_or(0, |s| s.dated);
        for piece in
            [digits(u64::from(count), &mut [0; 20]), " of ", digits(dated, &mut [0; 20]), " consents"]
        {
            out.push_str(piece);
        }
    }
}

impl Noted {
    /// Ends the noting.
    pub(crate) fn close(self) -> ToCount {
        ToCount { times: self.times.into_partitions(), ips: self.ips.into_partitions() }
    }
}

/// Whether the consent is one whose time and place are noted.
pub(crate) fn is_noted(event: &Event) -> bool {
    matches!(event.kind, EventKind::ConsentGiven | EventKind::ConsentConfirmed)
        && !event.evidence.has(Evidence::ASSERTED)
}
