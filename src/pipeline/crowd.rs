//! What the other consents of a file say of one: so many with one time, or from one IP address, that a machine
//! wrote them; more in a minute or a day than people make; a column that says nothing but yes.
//!
//! The first pass notes when and from where consents came (12 and 18 bytes each, in the run's own partitions);
//! between the passes they are counted exactly, partition by partition, so that neither order nor threads show.
//! Knows no rule: what a crowd means for a decision is told in `consent`.

use super::Scratch;
use super::tally::SourceTally;
use crate::data::words;
use crate::link::partition_of;
use crate::output::digits;
use crate::plan::Profile;
use crate::record::{Event, EventKind, Evidence, Failure, Fingerprint, Keyed, Precision, RowId, Stamp, When};
use crate::spill::{Partitions, Spill};
use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

/// Name space of fingerprints that are no match keys.
const IP: u8 = 33;
/// Size of a time as workers spill it: source and minute, rest.
const TIME: usize = 8 + 4;
/// Size of an IP address: source, fingerprint, day, row.
const ADDRESS: usize = 2 + 8 + 4 + 4;
/// Below so many consents, no share of a file is a crowd.
const FEW: u32 = 50;
/// Of the consents that tell an IP address, one address is a crowd from this share on.
const TENTH: u64 = 10;
/// From so many consents on, a file that knows but one time was not written as people signed up.
const ONE_TIME: u64 = 3;
const DAY_MINUTES: i64 = 24 * 60;
const UNDATED: u32 = u32::MAX;

/// What one worker notes.
#[derive(Debug)]
pub(super) struct Notes {
    times: Vec<Vec<u8>>,
    ips: Vec<Vec<u8>>,
}

/// What all workers noted.
pub(super) struct Noted {
    times: Spill,
    ips: Spill,
}

impl Noted {
    /// Nothing yet.
    pub(super) fn new(scratch: Scratch<'_>, partitions: usize) -> Self {
        let spill = || Spill::new(scratch.dir, partitions, scratch.budget);
        Self { times: spill(), ips: spill() }
    }
}

impl Notes {
    /// Empty buffers.
    pub(super) fn new(partitions: usize) -> Self {
        Self { times: vec![Vec::new(); partitions], ips: vec![Vec::new(); partitions] }
    }

    /// Notes the time of a consent.
    pub(super) fn time(&mut self, source: u16, at: Stamp) {
        if let Some(Time { minute, rest }) = Time::of(source, at) {
            let partitions = self.times.len();
            let key = Fingerprint(u128::from(minute.wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 64);
            let out = &mut self.times[partition_of(key, partitions)];
            out.extend_from_slice(&minute.to_le_bytes());
            out.extend_from_slice(&rest.to_le_bytes());
        }
    }

    /// Notes the IP address that the consents of a row came from.
    pub(super) fn ip(&mut self, keyed: &Keyed, source: u16, cell: &str, at: Stamp, row: RowId) {
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
    pub(super) fn spill(&mut self, noted: &Noted) -> Result<(), Failure> {
        noted.times.append_all(&mut self.times)?;
        noted.ips.append_all(&mut self.ips)
    }

    /// Forgets it.
    pub(super) fn clear(&mut self) {
        self.times.iter_mut().chain(&mut self.ips).for_each(Vec::clear);
    }
}

/// A time as it stands in a file: equal for equal cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Time {
    /// Source in the upper 16 bits, minutes since 1970 in the others.
    minute: u64,
    /// Second, precision, whether day and month can be read both ways.
    rest: u32,
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

    const fn source(self) -> usize {
        (self.minute >> 48) as usize
    }

    const fn minutes(self) -> i64 {
        ((self.minute << 16) as i64) >> 16
    }

    const fn second(self) -> u32 {
        self.rest & 0xff
    }

    const fn is_day(self) -> bool {
        self.rest >> 8 & 0xff == Precision::Day as u32
    }

    /// Only a day is told, or midnight, which is what a day becomes in many systems.
    const fn tells_no_clock(self) -> bool {
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

/// The crowds of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OfSource {
    /// Consents that tell a time; an IP address.
    dated: u64,
    with_ip: u64,
    /// Whether some consent tells more than the minute.
    seconds: bool,
    /// The first and the last time.
    times: Option<(Time, Time)>,
    /// Consents with a time that a machine wrote; from an address of a crowd; in a rush.
    pub(super) bulk_time: u64,
    pub(super) bulk_ip: u64,
    pub(super) rush: u64,
    /// The largest group of one time, and the time.
    largest: (u32, Option<Time>),
    largest_ip: u32,
    /// The columns in which every row says yes.
    pub(super) all_yes: Vec<usize>,
}

impl OfSource {
    /// What is to be told of the file, in words.
    pub(super) fn says(&self) -> Option<String> {
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

    fn add(&mut self, other: &Self) {
        self.dated += other.dated;
        self.with_ip += other.with_ip;
        self.seconds |= other.seconds;
        if let Some((first, last)) = other.times {
            self.see(first);
            self.see(last);
        }
    }

    fn see(&mut self, time: Time) {
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
    }

    /// Whether all consents carry one time.
    fn has_one_time(&self) -> bool {
        self.dated >= ONE_TIME && self.times.is_some_and(|(first, last)| first == last)
    }
}

/// All crowds of a run.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    /// Times that a machine wrote, and minutes with a rush, each with its consents; sorted.
    times: Vec<(Time, u32)>,
    minutes: Vec<(u64, u32)>,
    /// Two bits a row: from an IP address of a crowd; in a rush of one. Empty when there is no such row.
    rows: Vec<u8>,
    /// Sources of which a consent column says only yes, where the profile lets that block.
    all_yes: Vec<bool>,
    /// Sources whose consents all carry one time; empty when there is none.
    one_time: Vec<bool>,
    /// By source.
    pub(super) sources: Vec<OfSource>,
}

const BULK_IP: u8 = 1;
const RUSH: u8 = 2;

impl Crowds {
    /// Whether nothing is to be marked.
    pub(super) fn is_empty(&self) -> bool {
        self.times.is_empty()
            && self.minutes.is_empty()
            && self.rows.is_empty()
            && self.all_yes.is_empty()
            && self.one_time.is_empty()
    }

    /// Marks a consent of `row` by the crowds it belongs to.
    pub(super) fn mark(&self, event: &mut Event, row: RowId) {
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
    pub(super) fn count(&self, event: &Event, out: &mut String) {
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

/// What was noted, to be counted.
pub(super) struct ToCount {
    times: Partitions,
    ips: Partitions,
}

impl Noted {
    /// Ends the noting.
    pub(super) fn close(self) -> ToCount {
        ToCount { times: self.times.into_partitions(), ips: self.ips.into_partitions() }
    }
}

/// Counts what was noted. Uses the current rayon pool; a partition's distinct times and addresses lie in RAM.
pub(super) fn count(
    noted: &ToCount,
    profile: &Profile,
    tallies: &[SourceTally],
    rows: RowId,
) -> Result<Crowds, Failure> {
    let mut crowds = Crowds { sources: vec![OfSource::default(); tallies.len()], ..Crowds::default() };
    count_times(&noted.times, profile, &mut crowds)?;
    count_ips(&noted.ips, profile, rows, &mut crowds)?;
    for (source, tally) in crowds.sources.iter_mut().zip(tallies) {
        let all =
            |granted: &u64| *granted >= u64::from(profile.all_yes_rows.max(1)) && *granted == tally.people;
        source.all_yes = (0..tally.granted.len()).filter(|column| all(&tally.granted[*column])).collect();
    }
    let one_time: Vec<bool> = crowds.sources.iter().map(OfSource::has_one_time).collect();
    crowds.one_time = if one_time.contains(&true) { one_time } else { Vec::new() };
    if profile.blocking().any(|reason| reason == crate::reason::Reason::MappingConsentAllYes) {
        crowds.all_yes = crowds.sources.iter().map(|source| !source.all_yes.is_empty()).collect();
    }
    Ok(crowds)
}

/// Groups of consents that say the same, and how many each has.
type Groups<K> = Vec<(K, u32)>;

/// What one partition holds: groups, finer or coarser groups beside them, and what it adds to each source.
struct Part<K, L> {
    groups: Groups<K>,
    beside: Groups<L>,
    sources: Vec<OfSource>,
}

/// Those of so many or more.
fn at_least<K>(counts: HashMap<K, u32>, least: u32) -> Groups<K> {
    counts.into_iter().filter(|(_, count)| *count >= least).collect()
}

fn count_times(noted: &Partitions, profile: &Profile, crowds: &mut Crowds) -> Result<(), Failure> {
    let least = profile.bulk_second.clamp(2, FEW);
    let parts: Vec<Part<Time, u64>> = (0..noted.count())
        .into_par_iter()
        .map(|i| times_of(noted, i, least, profile.rush_minute.max(2), crowds.sources.len()))
        .collect::<Result<_, Failure>>()?;
    let mut groups = Vec::new();
    for part in parts {
        groups.extend(part.groups);
        crowds.minutes.extend(part.beside);
        crowds.sources.iter_mut().zip(&part.sources).for_each(|(all, part)| all.add(part));
    }
    let sources = &crowds.sources;
    groups.retain(|(time, count): &(Time, u32)| {
        let source = &sources[time.source()];
        if time.tells_no_clock() {
            *count >= FEW && u64::from(*count) * 100 >= source.dated * u64::from(profile.bulk_day_percent)
        } else {
            // Where no cell tells seconds, the minute says it all: a rush.
            source.seconds && *count >= profile.bulk_second.max(2)
        }
    });
    groups.sort_unstable();
    crowds.minutes.sort_unstable();
    crowds.times = groups;
    for (time, count) in &crowds.times {
        let source = &mut crowds.sources[time.source()];
        source.bulk_time += u64::from(*count);
        if *count > source.largest.0 {
            source.largest = (*count, Some(*time));
        }
    }
    for (minute, count) in &crowds.minutes {
        let from = crowds.times.partition_point(|(time, _)| time.minute < *minute);
        let of_minute = crowds.times[from..].iter().take_while(|(time, _)| time.minute == *minute);
        let bulk: u32 = of_minute.filter(|(time, _)| !time.tells_no_clock()).map(|(_, count)| count).sum();
        crowds.sources[(minute >> 48) as usize].rush += u64::from(count.saturating_sub(bulk));
    }
    Ok(())
}

/// Counts the times and minutes of one partition; those that cannot be a crowd are forgotten.
fn times_of(
    noted: &Partitions,
    i: usize,
    least: u32,
    rush: u32,
    sources: usize,
) -> Result<Part<Time, u64>, Failure> {
    let mut times: HashMap<Time, u32> = HashMap::new();
    let mut minutes: HashMap<u64, u32> = HashMap::new();
    let mut totals = vec![OfSource::default(); sources];
    noted.each_chunk(i, |chunk| {
        for record in chunk.chunks_exact(TIME) {
            let minute = u64::from_le_bytes(part(record, 0));
            let time = Time { minute, rest: u32::from_le_bytes(part(record, 8)) };
            *times.entry(time).or_default() += 1;
            let Some(total) = totals.get_mut(time.source()) else { continue };
            total.dated += 1;
            total.see(time);
            if !time.tells_no_clock() {
                *minutes.entry(minute).or_default() += 1;
                total.seconds |= time.second() != 0;
            }
        }
        Ok(())
    })?;
    Ok(Part { groups: at_least(times, least), beside: at_least(minutes, rush), sources: totals })
}

/// An IP address of a source; one of its days.
type Address = (u16, u64);
type AddressDay = (Address, u32);

fn count_ips(noted: &Partitions, profile: &Profile, rows: RowId, crowds: &mut Crowds) -> Result<(), Failure> {
    let least = (profile.bulk_ip.max(2), profile.rush_ip_day.max(2));
    let parts: Vec<Part<Address, AddressDay>> = (0..noted.count())
        .into_par_iter()
        .map(|i| ips_of(noted, i, least, crowds.sources.len()))
        .collect::<Result<_, Failure>>()?;
    for part in &parts {
        crowds.sources.iter_mut().zip(&part.sources).for_each(|(all, part)| all.add(part));
    }
    for (i, part) in parts.into_iter().enumerate() {
        let share = |(address, count): &(Address, u32)| {
            u64::from(*count) * TENTH >= crowds.sources[usize::from(address.0)].with_ip
        };
        let mut bulk: Groups<Address> = part.groups.into_iter().filter(share).collect();
        bulk.sort_unstable();
        let mut rush: Vec<AddressDay> = part.beside.into_iter().map(|(day, _)| day).collect();
        rush.sort_unstable();
        for ((source, _), count) in &bulk {
            let source = &mut crowds.sources[usize::from(*source)];
            source.bulk_ip += u64::from(*count);
            source.largest_ip = source.largest_ip.max(*count);
        }
        if !bulk.is_empty() || !rush.is_empty() {
            mark_ips((noted, i), &bulk, &rush, rows, crowds)?;
        }
    }
    Ok(())
}

/// Counts the IP addresses of one partition, and their days.
fn ips_of(
    noted: &Partitions,
    i: usize,
    (bulk, rush): (u32, u32),
    sources: usize,
) -> Result<Part<Address, AddressDay>, Failure> {
    let mut all: HashMap<Address, u32> = HashMap::new();
    let mut days: HashMap<AddressDay, u32> = HashMap::new();
    let mut totals = vec![OfSource::default(); sources];
    each_ip(noted, i, |address, day, _| {
        *all.entry(address).or_default() += 1;
        if day != UNDATED {
            *days.entry((address, day)).or_default() += 1;
        }
        if let Some(total) = totals.get_mut(usize::from(address.0)) {
            total.with_ip += 1;
        }
    })?;
    Ok(Part { groups: at_least(all, bulk), beside: at_least(days, rush), sources: totals })
}

/// Marks the rows of a partition that came from such an address, or on such a day from one.
fn mark_ips(
    (noted, i): (&Partitions, usize),
    bulk: &[(Address, u32)],
    rush: &[AddressDay],
    rows: RowId,
    crowds: &mut Crowds,
) -> Result<(), Failure> {
    let Crowds { rows: marks, sources, .. } = crowds;
    marks.resize(rows as usize / 4 + 1, 0);
    each_ip(noted, i, |address, day, row| {
        let of_crowd = bulk.binary_search_by_key(&address, |(address, _)| *address).is_ok();
        let in_rush = !of_crowd && rush.binary_search(&(address, day)).is_ok();
        sources[usize::from(address.0)].rush += u64::from(in_rush);
        let bits = if of_crowd { BULK_IP } else { 0 } | if in_rush { RUSH } else { 0 };
        if let Some(byte) = marks.get_mut(row as usize / 4) {
            *byte |= bits << (row % 4 * 2);
        }
    })
}

fn each_ip(noted: &Partitions, i: usize, mut see: impl FnMut(Address, u32, RowId)) -> Result<(), Failure> {
    noted.each_chunk(i, |chunk| {
        for record in chunk.chunks_exact(ADDRESS) {
            let address = (u16::from_le_bytes(part(record, 0)), u64::from_le_bytes(part(record, 2)));
            see(address, u32::from_le_bytes(part(record, 10)), u32::from_le_bytes(part(record, 14)));
        }
        Ok(())
    })
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

/// Whether the consent is one whose time and place are noted.
pub(super) fn is_noted(event: &Event) -> bool {
    matches!(event.kind, EventKind::ConsentGiven | EventKind::ConsentConfirmed)
        && !event.evidence.has(Evidence::ASSERTED)
}

#[cfg(test)]
mod tests;
