//! What the other consents of a file say of one: so many with one time, or from one IP address, that a machine
//! wrote them; more in a minute or a day than people make; a column that says nothing but yes.
//!
//! The first pass notes when and from where consents came (12 and 18 bytes each, in the run's own partitions);
//! between the passes they are counted exactly, partition by partition, so that neither order nor threads show.
//! Knows no rule: what a crowd means for a decision is told in `consent`.

#[cfg(test)]
mod tests;

use crate::pipeline::check::consent_stats::{BULK_IP, Crowds, OfSource, RUSH, Time, ToCount, UNDATED};
use crate::pipeline::kit::bytes::array;
use crate::pipeline::kit::tally::SourceTally;
use crate::plan::Profile;
use crate::record::{Failure, RowId};
use crate::spill::Partitions;
use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

/// Below so many consents, no share of a file is a crowd.
const FEW: u32 = 50;

/// Of the consents that tell an IP address, one address is a crowd from this share on.
const TENTH: u64 = 10;

/// Counts what was noted. Uses the current rayon pool; a partition's distinct times and addresses lie in RAM.
pub(crate) fn count(
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
    if profile.block.contains(&crate::reason::Reason::MappingConsentAllYes) {
        crowds.all_yes = crowds.sources.iter().map(|source| !source.all_yes.is_empty()).collect();
    }
    Ok(crowds)
}

/// Groups of consents that say the same, and how many each has.
type Groups<K> = Vec<(K, u32)>;

/// What one partition holds: groups, finer or coarser groups beside them, and what it adds to each source.
struct CountedPart<K, L> {
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
    let parts: Vec<CountedPart<Time, u64>> = (0..noted.count())
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
) -> Result<CountedPart<Time, u64>, Failure> {
    let mut times: HashMap<Time, u32> = HashMap::new();
    let mut minutes: HashMap<u64, u32> = HashMap::new();
    let mut totals = vec![OfSource::default(); sources];
    each(noted, i, read_time, |time| {
        *times.entry(time).or_default() += 1;
        let Some(total) = totals.get_mut(time.source()) else { return };
        total.dated += 1;
        total.see(time);
        if !time.tells_no_clock() {
            *minutes.entry(time.minute).or_default() += 1;
            total.seconds |= time.second() != 0;
        }
    })?;
    Ok(CountedPart { groups: at_least(times, least), beside: at_least(minutes, rush), sources: totals })
}

/// An IP address of a source; one of its days.
type Address = (u16, u64);

type AddressDay = (Address, u32);

fn count_ips(noted: &Partitions, profile: &Profile, rows: RowId, crowds: &mut Crowds) -> Result<(), Failure> {
    let least = (profile.bulk_ip.max(2), profile.rush_ip_day.max(2));
    let parts: Vec<CountedPart<Address, AddressDay>> = (0..noted.count())
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
) -> Result<CountedPart<Address, AddressDay>, Failure> {
    let mut all: HashMap<Address, u32> = HashMap::new();
    let mut days: HashMap<AddressDay, u32> = HashMap::new();
    let mut totals = vec![OfSource::default(); sources];
    each(noted, i, read_ip, |(address, day, _)| {
        *all.entry(address).or_default() += 1;
        if day != UNDATED {
            *days.entry((address, day)).or_default() += 1;
        }
        if let Some(total) = totals.get_mut(usize::from(address.0)) {
            total.with_ip += 1;
        }
    })?;
    Ok(CountedPart { groups: at_least(all, bulk), beside: at_least(days, rush), sources: totals })
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
    each(noted, i, read_ip, |(address, day, row)| {
        let of_crowd = bulk.binary_search_by_key(&address, |(address, _)| *address).is_ok();
        let in_rush = !of_crowd && rush.binary_search(&(address, day)).is_ok();
        sources[usize::from(address.0)].rush += u64::from(in_rush);
        let bits = if of_crowd { BULK_IP } else { 0 } | if in_rush { RUSH } else { 0 };
        if let Some(byte) = marks.get_mut(row as usize / 4) {
            *byte |= bits << (row % 4 * 2);
        }
    })
}

/// Hands on what was noted in one partition.
fn each<T>(
    noted: &Partitions,
    i: usize,
    read: impl Fn(&mut &[u8]) -> Option<T>,
    mut see: impl FnMut(T),
) -> Result<(), Failure> {
    noted.each_chunk(i, |mut chunk| {
        std::iter::from_fn(|| read(&mut chunk)).for_each(&mut see);
        Ok(())
    })
}

/// Reads a time as workers spill it: source and minute, rest.
fn read_time(bytes: &mut &[u8]) -> Option<Time> {
    Some(Time { minute: u64::from_le_bytes(array(bytes)?), rest: u32::from_le_bytes(array(bytes)?) })
}

/// Reads an IP address: source, fingerprint, day, row.
fn read_ip(bytes: &mut &[u8]) -> Option<(Address, u32, RowId)> {
    let address = (u16::from_le_bytes(array(bytes)?), u64::from_le_bytes(array(bytes)?));
    Some((address, u32::from_le_bytes(array(bytes)?), RowId::from_le_bytes(array(bytes)?)))
}
