//! The buffers of one worker: the lines of every file for a batch of contacts, and its tally.

use crate::consent::{Conditions, RuleNo, Yes};
use crate::output::{Line, OutFile};
use crate::pipeline::contact::decided::Decided;
use crate::pipeline::kit::tally::Tally;
use crate::record::{Channel, Failure, words};
use foldhash::HashMap;
use std::collections::HashSet;

words! {
    /// A file with lines about contacts, in the order they are finished. A new one also needs headers and a writer.
    pub(crate) enum ContactFile {
        Contacts = "contacts.csv",
        Merges = "merges.csv",
        Findings = "findings.csv",
        Expiring = "expiring.csv",
        Notices = "notices.csv",
        Repermission = "repermission.csv",
        Decisions = "decisions.csv",
    }
}

/// Something for each file with lines about contacts, by its number.
pub(crate) type PerFile<T> = [T; ContactFile::ALL.len()];

/// What one block leaves behind.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) files: PerFile<Vec<u8>>,
    pub(crate) lists: Vec<ListLines>,
    pub(crate) suppression: ListLines,
    pub(crate) tally: Tally,
    pub(crate) rows: u32,
}

/// Buffers for lines; one per worker.
#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) files: PerFile<Line>,
    pub(crate) lists: Vec<ListLines>,
    pub(crate) suppression: ListLines,
    pub(crate) line: Line,
    pub(crate) text: String,
    /// Of the contact at hand, by channel.
    pub(crate) conditions: Vec<String>,
    pub(crate) wordings: Wordings,
    pub(crate) tally: Tally,
    sources: usize,
}

impl Out {
    pub(crate) fn new(channels: usize, spreadsheet_safe: bool, sources: usize) -> Self {
        let line = || Line::new(spreadsheet_safe);
        Self {
            files: std::array::from_fn(|_| line()),
            lists: (0..channels).map(|_| Default::default()).collect(),
            suppression: ListLines::default(),
            line: line(),
            text: String::new(),
            conditions: vec![String::new(); channels],
            wordings: Wordings::default(),
            tally: Tally::new(sources),
            sources,
        }
    }

    /// What was written since the last call.
    pub(crate) fn batch(&mut self, rows: u32) -> Batch {
        let tally = std::mem::replace(&mut self.tally, Tally::new(self.sources));
        Batch {
            files: self.files.each_mut().map(Line::take),
            lists: self.lists.iter_mut().map(ListLines::take).collect(),
            suppression: self.suppression.take(),
            tally,
            rows,
        }
    }
}

/// What a yes obliges, in every jurisdiction's words, kept by rules and conditions: a run needs few.
#[derive(Debug, Default)]
pub(crate) struct Wordings(HashMap<([Option<RuleNo>; 4], Conditions), String>);

impl Wordings {
    pub(crate) fn say(
        &mut self,
        decided: &Decided<'_, '_>,
        channel: Channel,
        yes: Option<Yes>,
        out: &mut String,
    ) {
        out.clear();
        let Some(Yes { conditions, .. }) = yes else { return };
        let table = &decided.writing.law.table;
        let who = decided.who(channel);
        let rules = decided.candidates.iter().map(|c| table.number(c.jurisdiction, channel, who));
        let word = |out: &mut String| {
            for rule in rules.clone().flatten() {
                conditions.iter().for_each(|condition| table.say(rule, condition, out));
            }
        };
        let mut of = [None; 4];
        if decided.candidates.len() > of.len() {
            return word(out);
        }
        of.iter_mut().zip(rules.clone()).for_each(|(slot, rule)| *slot = rule);
        let known = self.0.entry((of, conditions)).or_insert_with(|| {
            let mut text = String::new();
            word(&mut text);
            text
        });
        out.push_str(known);
    }
}

/// Lines of a list; those whose point others hold too carry a mark, so that each point is written once.
#[derive(Debug, Default)]
pub(crate) struct ListLines {
    pub(crate) bytes: Vec<u8>,
    lines: u64,
    shared: Vec<SharedLine>,
    /// Where each line ends and the part it belongs to, when the list is cut.
    pub(crate) parts: Vec<(usize, String)>,
}

/// A line about a point that others hold too: a stretch of the list's bytes.
#[derive(Debug)]
struct SharedLine {
    from: usize,
    to: usize,
    /// Stands for the exact point.
    point: u64,
}

impl ListLines {
    /// What was added since the last call, leaving an empty list of the same size behind.
    pub(crate) fn take(&mut self) -> Self {
        let bytes = Vec::with_capacity(self.bytes.capacity());
        let shared = Vec::with_capacity(self.shared.capacity());
        std::mem::replace(self, Self { bytes, shared, ..Self::default() })
    }

    /// Adds a finished line; those of one number are written once.
    pub(crate) fn add(&mut self, line: &mut Line, once: Option<u64>) {
        let from = self.bytes.len();
        line.drain_into(&mut self.bytes);
        self.lines += 1;
        self.shared.extend(once.map(|point| SharedLine { from, to: self.bytes.len(), point }));
    }

    /// Writes the lines, leaving out points that were written before; tells how many lines were written.
    pub(crate) fn write(&self, file: &mut OutFile, written: &mut HashSet<u64>) -> Result<u64, Failure> {
        let (mut at, mut lines) = (0, self.lines);
        for shared in &self.shared {
            if !written.insert(shared.point) {
                file.write(&self.bytes[at..shared.from])?;
                at = shared.to;
                lines -= 1;
            }
        }
        file.write(&self.bytes[at..])?;
        Ok(lines)
    }

    /// Writes the lines as `write` does, and each of them to its part.
    pub(crate) fn write_parts(
        &self,
        file: &mut OutFile,
        written: &mut HashSet<u64>,
        mut part: impl FnMut(&str, &[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (mut from, mut shared) = (0, self.shared.iter().peekable());
        for (to, name) in &self.parts {
            let twice = shared.next_if(|s| s.from == from).is_some_and(|s| !written.insert(s.point));
            if !twice {
                file.write(&self.bytes[from..*to])?;
                part(name, &self.bytes[from..*to])?;
            }
            from = *to;
        }
        Ok(())
    }
}
