//! The contacts of both runs, spilled by id: what of each a comparison needs.
//!
//! Partitions are ranges of ids, so that reading them one after the other gives all contacts in the order of their
//! ids. Memory: one partition at a time, beside the budget of the spill.

use crate::pipeline::kit::bytes::{array, day, get, of_day, put, text};
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::run_dir::{FileRow, RunDir};
use crate::pipeline::understand::output_columns::DECISION_COLUMNS;
use crate::plan::EARLIER;
use crate::reason::{Decayed, Reason};
use crate::record::{Channel, Day, Failure};
use crate::spill::{Partitions, Spill};
use foldhash::fast::FixedState;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// Bytes of `contacts.csv` that go into one partition.
const PARTITION: u64 = 1 << 25;

/// Records between two hand-overs to the spill.
const BATCH: u64 = 4096;

/// Words that many contacts have in common, as numbers.
#[derive(Debug, Default)]
pub(crate) struct WordNumbers {
    /// With how a list loses an address or number, where the word is a reason that says so.
    all: Vec<(String, Option<Decayed>)>,
    numbers: BTreeMap<String, u32>,
}

impl WordNumbers {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        self.all.push((word.to_owned(), Reason::from_id(word).and_then(Reason::decayed)));
        *self.numbers.entry(word.to_owned()).or_insert(self.all.len() as u32 - 1)
    }

    pub(crate) fn word(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", |(word, _)| word)
    }

    /// How a list loses an address or number for the reason of that number.
    pub(crate) fn decayed(&self, number: u32) -> Option<Decayed> {
        self.all.get(number as usize).and_then(|(_, decayed)| *decayed)
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct DecidedContact<'a> {
    /// Hash of the facts that its rows state.
    pub(crate) facts: u64,
    pub(crate) source: u32,
    /// Whose law was asked.
    pub(crate) laws: u32,
    /// By channel of the comparison.
    pub(crate) decisions: Vec<WrittenDecision<'a>>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WrittenDecision<'a> {
    pub(crate) contactable: bool,
    pub(crate) reason: u32,
    pub(crate) valid_until: Option<Day>,
    /// Of a refusal: the address or number that is shown.
    pub(crate) point: &'a str,
    /// Of a refusal: `source:line` of its evidence.
    pub(crate) evidence: &'a str,
}

impl WrittenDecision<'_> {
    /// Whether the contact is contactable, and the number of the reason.
    pub(crate) fn answer(&self) -> (bool, u32) {
        (self.contactable, self.reason)
    }
}

#[derive(Debug, Default)]
pub(crate) struct ContactPair<'a> {
    pub(crate) id: &'a str,
    pub(crate) then: Option<DecidedContact<'a>>,
    pub(crate) now: Option<DecidedContact<'a>>,
    /// Whether the files state the same facts and events about it in both runs.
    pub(crate) facts_alike: bool,
}

/// The contacts of both runs, being read.
pub(crate) struct ContactPairs<'c> {
    channels: &'c [Channel],
    spill: Spill,
    buffers: Vec<Vec<u8>>,
    records: u64,
    pub(crate) words: WordNumbers,
}

/// Which run, and whether a contact or an event of it.
const EVENT: u8 = 2;

impl<'c> ContactPairs<'c> {
    pub(crate) fn new(channels: &'c [Channel], bytes: u64, scratch: Scratch<'_>) -> Self {
        let count = usize::try_from(bytes / PARTITION).unwrap_or(usize::MAX).clamp(0, 255) + 1;
        Self {
            channels,
            spill: Spill::new(scratch.dir, count, scratch.budget),
            buffers: vec![Vec::new(); count],
            records: 0,
            words: WordNumbers::default(),
        }
    }

    pub(crate) fn finish(self) -> (Partitions, WordNumbers) {
        (self.spill.into_partitions(), self.words)
    }

    pub(crate) fn read(&mut self, run: &RunDir, later: bool) -> Result<(), Failure> {
        self.contacts(run, u8::from(later))?;
        self.events(run, u8::from(later) + EVENT)
    }

    fn contacts(&mut self, run: &RunDir, tag: u8) -> Result<(), Failure> {
        let mut columns = None;
        let mut record = Vec::new();
        run.each("contacts.csv", |row| {
            let columns = columns.get_or_insert_with(|| ContactColumns::of(row, self.channels));
            record.clear();
            columns.encode(row, &mut self.words, &mut record).ok_or_else(|| run.damaged("contacts.csv"))?;
            self.push(row.at(columns.own[0]), tag, &record)
        })?;
        self.spill.append_all(&mut self.buffers)
    }

    /// Reads the events that other files hold of contacts, without those that the run took over from an earlier one.
    fn events(&mut self, run: &RunDir, tag: u8) -> Result<(), Failure> {
        let columns = ["contact_ids", "point", "channel", "event", "at", "source"];
        run.rows("events.csv", columns, |[ids, point, channel, event, at, source]| {
            if source == EARLIER {
                return Ok(());
            }
            let event = FixedState::default().hash_one([point, channel, event, at]);
            let mut ids = ids.split("; ").filter(|id| !id.is_empty());
            ids.try_for_each(|id| self.push(id, tag, &event.to_le_bytes()))
        })?;
        self.spill.append_all(&mut self.buffers)
    }

    /// Appends a record of a contact to the buffer of its partition.
    fn push(&mut self, id: &str, tag: u8, record: &[u8]) -> Result<(), Failure> {
        let start = id.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let at = (start as usize * self.buffers.len()) >> 16;
        let buffer = &mut self.buffers[at];
        buffer.push(tag);
        put(id.as_bytes(), buffer);
        put(record, buffer);
        self.records += 1;
        if self.records.is_multiple_of(BATCH) { self.spill.append_all(&mut self.buffers) } else { Ok(()) }
    }
}

/// Columns of `contacts.csv` that are no facts of the files.
const OWN_COLUMNS: [&str; 8] = [
    "contact_id",
    "email",
    "phone",
    "social_handle",
    "jurisdictions",
    "sources",
    "best_channel",
    "merged_rows",
];

struct ContactColumns {
    own: [Option<usize>; OWN_COLUMNS.len()],
    /// Decision, reason, last day and evidence, by channel, and whether it goes to an address or a number.
    channels: Vec<([Option<usize>; 4], Channel)>,
    /// Columns of facts, with the hash of their header.
    facts: Vec<(usize, u64)>,
}

impl ContactColumns {
    fn of(row: FileRow<'_>, channels: &[Channel]) -> Self {
        let word = |channel: &Channel| channel.word().replace('-', "_");
        let every = Channel::ALL.map(|channel| word(&channel));
        let decided = |column: &str| {
            let of = |channel: &String| column.strip_prefix(channel.as_str())?.strip_prefix('_');
            every.iter().filter_map(of).any(|rest| DECISION_COLUMNS.contains(&rest))
        };
        let facts = row.columns().enumerate().filter(|(_, c)| !decided(c) && !OWN_COLUMNS.contains(c));
        let of_channel = |channel: &Channel| {
            let of = |name| row.place(&format!("{}_{name}", word(channel)));
            (["decision", "reason", "valid_until", "evidence"].map(of), *channel)
        };
        Self {
            own: OWN_COLUMNS.map(|column| row.place(column)),
            channels: channels.iter().map(of_channel).collect(),
            facts: facts.map(|(at, column)| (at, FixedState::default().hash_one(column))).collect(),
        }
    }

    /// Encodes a contact; `None` where a decision is none of the two words.
    fn encode<'r>(&self, row: FileRow<'r>, words: &mut WordNumbers, out: &mut Vec<u8>) -> Option<()> {
        let filled =
            self.facts.iter().map(|(at, column)| (column, row.at(Some(*at)))).filter(|(_, c)| !c.is_empty());
        let facts = filled.fold(0u64, |all, fact| all.wrapping_add(FixedState::default().hash_one(fact)));
        out.extend_from_slice(&facts.to_le_bytes());
        let [_, email, phone, handle, laws, sources, ..] = self.own.map(|at| row.at(at));
        let first = sources.split("; ").next().unwrap_or_default();
        let source = words.number(first.rsplit_once(':').map_or(first, |(name, _)| name));
        out.extend_from_slice(&source.to_le_bytes());
        out.extend_from_slice(&words.number(laws).to_le_bytes());
        for ([decision, reason, until, evidence], channel) in &self.channels {
            let reason = row.at(*reason);
            let of_refusal =
                |text: &'r str| if reason.starts_with("refusal-") { text.as_bytes() } else { b"" };
            out.push(match row.at(*decision) {
                "contactable" => 1,
                "blocked" => 0,
                _ => return None,
            });
            out.extend_from_slice(&words.number(reason).to_le_bytes());
            out.extend_from_slice(&of_day(row.at(*until).parse().ok()));
            let point = match channel {
                Channel::Email => email,
                Channel::Post => "",
                Channel::Messaging if phone.is_empty() => handle,
                Channel::Sms | Channel::Call | Channel::Messaging | Channel::AutoCall => phone,
            };
            put(of_refusal(point), out);
            put(of_refusal(row.at(*evidence)), out);
        }
        Some(())
    }
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(array(rest)?))
}

fn read_contact<'a>(rest: &mut &'a [u8]) -> Option<DecidedContact<'a>> {
    let facts = u64::from_le_bytes(array(rest)?);
    let mut person =
        DecidedContact { facts, source: number(rest)?, laws: number(rest)?, decisions: Vec::new() };
    while !rest.is_empty() {
        person.decisions.push(WrittenDecision {
            contactable: array(rest)? == [1],
            reason: number(rest)?,
            valid_until: day(rest)?,
            point: text(rest)?,
            evidence: text(rest)?,
        });
    }
    Some(person)
}

/// Hands on every contact of a partition, in the order of ids.
pub(crate) fn each_pair<'a>(
    bytes: &'a [u8],
    mut with: impl FnMut(ContactPair<'a>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let broken = || Failure::run("temporary data are damaged");
    let mut records: Vec<(&'a str, u8, &'a [u8])> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let [tag] = array(&mut rest).ok_or_else(broken)?;
        let id = text(&mut rest).ok_or_else(broken)?;
        records.push((id, tag, get(&mut rest).ok_or_else(broken)?));
    }
    records.sort_unstable_by_key(|(id, tag, _)| (*id, *tag));
    for of_id in records.chunk_by(|a, b| a.0 == b.0) {
        let mut pair = ContactPair { id: of_id[0].0, ..ContactPair::default() };
        let mut told = [0u64; 2];
        for (_, tag, bytes) in of_id {
            let mut rest = *bytes;
            match tag {
                0 => pair.then = Some(read_contact(&mut rest).ok_or_else(broken)?),
                1 => pair.now = Some(read_contact(&mut rest).ok_or_else(broken)?),
                event => {
                    let said = u64::from_le_bytes(array(&mut rest).ok_or_else(broken)?);
                    let sum = &mut told[usize::from(event - EVENT)];
                    *sum = sum.wrapping_add(said);
                }
            }
        }
        let facts = |person: &Option<DecidedContact<'_>>| person.as_ref().map(|p| p.facts);
        pair.facts_alike = told[0] == told[1] && facts(&pair.then) == facts(&pair.now);
        // Whose id stands in no contact list: an erased person.
        if pair.then.is_some() || pair.now.is_some() {
            with(pair)?;
        }
    }
    Ok(())
}
