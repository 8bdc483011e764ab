//! The contacts of both runs, spilled by id: what of each a comparison needs.
//!
//! Partitions are ranges of ids, so that reading them one after the other gives all contacts in the order of their
//! ids. Memory: one partition at a time, beside the budget of the spill.

use crate::pipeline::kit::row_sheet::take;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::run_dir::{Finished, plain};
use crate::plan::EARLIER;
use crate::record::{Channel, Day, Failure};
use crate::spill::{Partitions, Spill};
use foldhash::fast::FixedState;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// Bytes of `contacts.csv` that go into one partition.
const PARTITION: u64 = 1 << 25;

/// Records between two hand-overs to the spill.
const BATCH: u32 = 4096;

/// Words that many contacts have in common, as numbers.
#[derive(Debug, Default)]
pub(crate) struct Words {
    all: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The word of that number.
    pub(crate) fn word(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", String::as_str)
    }
}

/// A contact as one run decided on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person<'a> {
    /// Stands for what its rows tell.
    pub(crate) facts: u64,
    /// The source of its first row.
    pub(crate) source: u32,
    /// Whose law was asked.
    pub(crate) laws: u32,
    /// By channel of the comparison.
    pub(crate) decisions: Vec<Decision<'a>>,
}

/// A decision as a run wrote it down.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Decision<'a> {
    pub(crate) contactable: bool,
    pub(crate) reason: u32,
    pub(crate) valid_until: Option<Day>,
    /// Of a refusal: the address or number that is shown.
    pub(crate) point: &'a str,
    /// Of a refusal: where it was told.
    pub(crate) evidence: &'a str,
}

/// A contact in the two runs.
#[derive(Debug, Default)]
pub(crate) struct Pair<'a> {
    pub(crate) id: &'a str,
    pub(crate) then: Option<Person<'a>>,
    pub(crate) now: Option<Person<'a>>,
    /// Whether what the files tell of it is the same in both runs.
    pub(crate) facts_alike: bool,
}

/// The contacts of both runs, being read.
pub(crate) struct People<'c> {
    channels: &'c [Channel],
    spill: Spill,
    buffers: Vec<Vec<u8>>,
    pub(crate) words: Words,
}

/// Which run, and whether a contact or an event of it.
const EVENT: u8 = 2;

impl<'c> People<'c> {
    pub(crate) fn new(channels: &'c [Channel], bytes: u64, scratch: Scratch<'_>) -> Self {
        let count = usize::try_from(bytes / PARTITION).unwrap_or(usize::MAX).clamp(0, 255) + 1;
        Self {
            channels,
            spill: Spill::new(scratch.dir, count, scratch.budget),
            buffers: vec![Vec::new(); count],
            words: Words::default(),
        }
    }

    /// Ends the reading.
    pub(crate) fn finish(self) -> (Partitions, Words) {
        (self.spill.into_partitions(), self.words)
    }

    fn buffer(&mut self, id: &str) -> &mut Vec<u8> {
        let start = id.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let at = (start as usize * self.buffers.len()) >> 16;
        &mut self.buffers[at]
    }

    /// Reads the contacts and events of a run.
    pub(crate) fn read(&mut self, run: &Finished, later: bool) -> Result<(), Failure> {
        self.contacts(run, u8::from(later))?;
        self.events(run, u8::from(later) + EVENT)
    }

    fn contacts(&mut self, run: &Finished, tag: u8) -> Result<(), Failure> {
        let mut columns = None;
        let mut count = 0;
        let mut record = Vec::new();
        run.each("contacts.csv", |headers, cells| {
            let columns = columns.get_or_insert_with(|| Columns::of(headers, self.channels));
            let id = columns.id.and_then(|c| cells.get(c)).unwrap_or_default().to_owned();
            record.clear();
            columns.encode(cells, &mut self.words, &mut record).ok_or_else(|| run.damaged())?;
            let buffer = self.buffer(&id);
            buffer.push(tag);
            text(&id, buffer);
            buffer.extend_from_slice(&(record.len() as u32).to_le_bytes());
            buffer.extend_from_slice(&record);
            self.hand_over(&mut count)
        })?;
        self.spill.append_all(&mut self.buffers)
    }

    /// What other files told of contacts; what an earlier run carried on was told before.
    fn events(&mut self, run: &Finished, tag: u8) -> Result<(), Failure> {
        let mut count = 0;
        let mut columns = None;
        run.each("events.csv", |headers, cells| {
            let [ids, point, channel, event, at, source] = *columns.get_or_insert_with(|| {
                let names = ["contact_ids", "point", "channel", "event", "at", "source"];
                names.map(|name| headers.iter().position(|h| h == name))
            });
            let cell = |at: Option<usize>| at.and_then(|c| cells.get(c)).unwrap_or_default();
            if cell(source) == EARLIER {
                return Ok(());
            }
            let said = FixedState::default().hash_one([cell(point), cell(channel), cell(event), cell(at)]);
            for id in cell(ids).split("; ").filter(|id| !id.is_empty()) {
                let buffer = self.buffer(id);
                buffer.push(tag);
                text(id, buffer);
                buffer.extend_from_slice(&8u32.to_le_bytes());
                buffer.extend_from_slice(&said.to_le_bytes());
            }
            self.hand_over(&mut count)
        })?;
        self.spill.append_all(&mut self.buffers)
    }

    fn hand_over(&mut self, count: &mut u32) -> Result<(), Failure> {
        *count += 1;
        if count.is_multiple_of(BATCH) { self.spill.append_all(&mut self.buffers) } else { Ok(()) }
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Where the columns of `contacts.csv` stand.
struct Columns {
    id: Option<usize>,
    email: Option<usize>,
    phone: Option<usize>,
    handle: Option<usize>,
    laws: Option<usize>,
    sources: Option<usize>,
    /// Decision, reason, last day and evidence, by channel, and whether it goes to an address or a number.
    channels: Vec<([Option<usize>; 4], Channel)>,
    /// Columns that tell facts, with what their header stands for.
    facts: Vec<(usize, u64)>,
}

impl Columns {
    fn of(headers: &csv::StringRecord, channels: &[Channel]) -> Self {
        let place = |name: &str| headers.iter().position(|h| h == name);
        let word = |channel: &Channel| channel.word().replace('-', "_");
        let every = ["email", "sms", "call", "post", "messaging", "auto_call"];
        let last =
            ["decision", "reachable", "reason", "rule", "basis", "valid_until", "conditions", "evidence"];
        let decided = |header: &str| {
            let of = |channel: &str| header.strip_prefix(channel).and_then(|rest| rest.strip_prefix('_'));
            every.iter().filter_map(|channel| of(channel)).any(|rest| last.contains(&rest))
        };
        let ours = [
            "contact_id",
            "email",
            "phone",
            "social_handle",
            "best_channel",
            "jurisdictions",
            "merged_rows",
            "sources",
        ];
        let facts =
            headers.iter().enumerate().filter(|(_, header)| !decided(header) && !ours.contains(header));
        Self {
            id: place("contact_id"),
            email: place("email"),
            phone: place("phone"),
            handle: place("social_handle"),
            laws: place("jurisdictions"),
            sources: place("sources"),
            channels: channels
                .iter()
                .map(|channel| {
                    let of = |name| place(&format!("{}_{name}", word(channel)));
                    (["decision", "reason", "valid_until", "evidence"].map(of), *channel)
                })
                .collect(),
            facts: facts.map(|(at, header)| (at, FixedState::default().hash_one(header))).collect(),
        }
    }

    fn encode(&self, cells: &csv::StringRecord, words: &mut Words, out: &mut Vec<u8>) -> Option<()> {
        let cell = |at: Option<usize>| at.and_then(|c| cells.get(c)).unwrap_or_default();
        let filled =
            self.facts.iter().map(|(at, header)| (header, cell(Some(*at)))).filter(|(_, c)| !c.is_empty());
        let facts = filled.fold(0u64, |all, fact| all.wrapping_add(FixedState::default().hash_one(fact)));
        out.extend_from_slice(&facts.to_le_bytes());
        let first = cell(self.sources).split("; ").next().unwrap_or_default();
        let source = words.number(first.rsplit_once(':').map_or(first, |(name, _)| name));
        out.extend_from_slice(&source.to_le_bytes());
        out.extend_from_slice(&words.number(cell(self.laws)).to_le_bytes());
        for ([decision, reason, until, evidence], channel) in &self.channels {
            let reason = cell(*reason);
            let refused = reason.starts_with("refusal-");
            out.push(match cell(*decision) {
                "contactable" => 1,
                "blocked" => 0,
                _ => return None,
            });
            out.extend_from_slice(&words.number(reason).to_le_bytes());
            let until: Option<Day> = cell(*until).parse().ok();
            let day = until.map_or([0; 4], |day| {
                let year = day.year().to_le_bytes();
                [year[0], year[1], day.month() as u8, day.day() as u8]
            });
            out.extend_from_slice(&day);
            let point = match channel {
                Channel::Email => cell(self.email),
                Channel::Post => "",
                Channel::Messaging if cell(self.phone).is_empty() => cell(self.handle),
                Channel::Sms | Channel::Call | Channel::Messaging | Channel::AutoCall => cell(self.phone),
            };
            text(if refused { plain(point) } else { "" }, out);
            text(if refused { cell(*evidence) } else { "" }, out);
        }
        Some(())
    }
}

fn read_text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = number(rest)?;
    std::str::from_utf8(take(rest, length as usize)?).ok()
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?))
}

fn person<'a>(rest: &mut &'a [u8]) -> Option<Person<'a>> {
    let facts = u64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
    let mut person = Person { facts, source: number(rest)?, laws: number(rest)?, decisions: Vec::new() };
    while !rest.is_empty() {
        let contactable = take(rest, 1)?[0] == 1;
        let reason = number(rest)?;
        let day = take(rest, 4)?;
        let valid_until = Day::new(i16::from_le_bytes([day[0], day[1]]), day[2] as i8, day[3] as i8).ok();
        let (point, evidence) = (read_text(rest)?, read_text(rest)?);
        person.decisions.push(Decision { contactable, reason, valid_until, point, evidence });
    }
    Some(person)
}

/// Hands on every contact of a partition, in the order of ids.
pub(crate) fn pairs<'a>(
    bytes: &'a [u8],
    mut with: impl FnMut(Pair<'a>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let broken = || Failure::run("temporary data are damaged");
    let mut records: Vec<(&'a str, u8, &'a [u8])> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let tag = take(&mut rest, 1).ok_or_else(broken)?[0];
        let id = read_text(&mut rest).ok_or_else(broken)?;
        let length = number(&mut rest).ok_or_else(broken)?;
        records.push((id, tag, take(&mut rest, length as usize).ok_or_else(broken)?));
    }
    records.sort_unstable_by_key(|(id, tag, _)| (*id, *tag));
    for of_id in records.chunk_by(|a, b| a.0 == b.0) {
        let mut pair = Pair { id: of_id[0].0, ..Pair::default() };
        let mut told = [0u64; 2];
        for (_, tag, bytes) in of_id {
            let mut rest = *bytes;
            match tag {
                0 => pair.then = Some(person(&mut rest).ok_or_else(broken)?),
                1 => pair.now = Some(person(&mut rest).ok_or_else(broken)?),
                event => {
                    let said = take(&mut rest, 8).and_then(|b| b.try_into().ok()).ok_or_else(broken)?;
                    let sum = &mut told[usize::from(event - EVENT)];
                    *sum = sum.wrapping_add(u64::from_le_bytes(said));
                }
            }
        }
        let facts = |person: &Option<Person<'_>>| person.as_ref().map(|p| p.facts);
        pair.facts_alike = told[0] == told[1] && facts(&pair.then) == facts(&pair.now);
        // Whose id stands in no contact list: an erased person.
        if pair.then.is_some() || pair.now.is_some() {
            with(pair)?;
        }
    }
    Ok(())
}
