//! What changed between two runs, from their run directories alone: the inputs may be gone.
//!
//! Contacts are the same when they have the same id. Both `contacts.csv` are read once, front to back; what is
//! needed of each contact is spilled by id and joined partition by partition: memory does not grow with the runs.
//! Knows no rule; `cause` finds why a decision changed, from what both runs wrote down.

mod cause;
mod contact_pairs;
mod newly_refused;

use crate::output::{AtomicFile, Line, RunDirWriter, Written};
use crate::pipeline::jobs::compare::cause::{Cause, CausedDecision, Causes, Differences};
use crate::pipeline::jobs::compare::contact_pairs::{
    ContactPair, ContactPairs, DecidedContact, WordNumbers, WrittenDecision, each_pair,
};
use crate::pipeline::jobs::compare::newly_refused::NewRefusal;
use crate::pipeline::join::previous_run::{PreviousRun, REMEMBERED};
use crate::pipeline::kit::run::{Scratch, header};
use crate::pipeline::kit::run_dir::RunDir;
use crate::pipeline::kit::tally::Tally;
use crate::plan::{CleanPlan, EARLIER};
use crate::record::{Channel, Failure};
use crate::report::{Audit, CHANGES_SCHEMA, Carried, Change, Changes, Decay, RunThen};
use crate::spill::Budget;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

/// Columns of what changed: one line per contact and channel whose decision or reason is another.
const CHANGED: &[&str] =
    &["contact_id", "channel", "change", "was", "was_reason", "now", "now_reason", "causes"];

/// What to compare, and how.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The run directory of the earlier run.
    pub old: &'a Path,
    /// The run directory of the later run.
    pub new: &'a Path,
    /// Where the changed decisions go.
    pub out: Option<&'a Path>,
    /// Bytes of RAM for temporary data.
    pub memory: usize,
}

/// Compares two run directories; fails where one is none, is damaged or of another version, or their ids were made with
/// different keys.
pub fn compare(wanted: &Comparison<'_>) -> Result<Changes, Failure> {
    let open = |dir: &Path| RunDir::open(dir, &dir.display().to_string());
    let (old, new) = (open(wanted.old)?, open(wanted.new)?);
    old.has_contacts()?;
    new.has_contacts()?;
    let (then, now) = (old.audit()?, new.audit()?);
    let follows = now.previous.as_ref().is_some_and(|p| p.then.manifest_sha256 == old.manifest);
    if old.key != new.key && !follows {
        let what = "the ids of the two runs were made with different keys, so nobody can be found again";
        return Err(Failure::usage(what)
            .at(wanted.new.display().to_string())
            .hint("run the later one with the same --key-file, or with --previous"));
    }
    let spool = std::env::temp_dir();
    let budget = Budget::new(wanted.memory);
    let scratch = Scratch { dir: &spool, budget: &budget };
    let mut file = wanted.out.map(AtomicFile::create).transpose()?;
    let mut take = |bytes: &[u8]| file.as_mut().map_or(Ok(()), |file| file.write(bytes));
    take(&header(false, CHANGED))?;
    let mut compared = Compared::new([(&old, &then), (&new, &now)]);
    compared.join([&old, &new], scratch, &mut take)?;
    let changes = compared.finish();
    if let Some(file) = file {
        file.publish()?;
    }
    Ok(changes)
}

/// Compares a run before it is published with the earlier one; writes `changes.csv` and `newly-suppressed.csv`.
pub(crate) fn since(
    earlier: &PreviousRun,
    dir: &RunDirWriter,
    (plan, now, tally): (&CleanPlan, &Audit, &Tally),
    written: &mut Vec<Written>,
    scratch: Scratch<'_>,
) -> Result<Changes, Failure> {
    let old = &earlier.run;
    let then = old.audit()?;
    let new = RunDir::unpublished(dir.scratch(), written, plan.read.send_date);
    let lines = tally.sources.get(usize::from(earlier.source)).map_or(0, |t| t.rows);
    let mut carried = Carried { lines, erased_back: tally.erased_back, ..Carried::default() };
    let mut file = dir.file("changes.csv")?;
    file.write(&header(false, CHANGED))?;
    let mut compared = Compared::new([(old, &then), (&new, now)]);
    compared.newly = Some(Vec::new());
    compared.join([old, &new], scratch, &mut |bytes| file.write(bytes))?;
    let newly = compared.newly.take().unwrap_or_default();
    let mut list = dir.file("newly-suppressed.csv")?;
    (carried.newly_suppressed, carried.confirmable) = newly_refused::write(newly, plan, &new, &mut list)?;
    carried.back = compared.back;
    new.rows("suppression.csv", ["kind", "point", "source"], |[kind, point, source]| {
        carried.remembered += u64::from(source.ends_with(REMEMBERED));
        carried.first_refused += u64::from(earlier.first_seen(kind, point).is_none());
        Ok(())
    })?;
    written.extend([file.finish()?, list.finish()?]);
    Ok(Changes { carried: Some(carried), ..compared.finish() })
}

/// How a decision changed: its channel, whether contactable and the number of the reason, then and now; and why.
type ChangeKind = (Channel, (bool, u32), (bool, u32), Causes);

/// The comparison as far as it has come.
#[derive(Default)]
struct Compared {
    channels: Vec<Channel>,
    differs: Differences,
    changes: Changes,
    changed: BTreeMap<ChangeKind, u64>,
    decay: BTreeMap<u32, Decay>,
    words: WordNumbers,
    line: Line,
    /// Refusals that the earlier run did not have, where they are asked for.
    newly: Option<Vec<NewRefusal>>,
    /// New contacts that an earlier run's refusal met.
    back: u64,
}

impl Compared {
    fn new([(old, then), (new, now)]: [(&RunDir, &Audit); 2]) -> Self {
        let run = |run: &RunDir, audit: &Audit| RunThen {
            send_date: audit.run.send_date.clone(),
            version: audit.run.version.clone(),
            rows: audit.reconciliation.sources.iter().filter(|s| s.source != EARLIER).map(|s| s.rows).sum(),
            contacts: audit.contacts,
            manifest_sha256: run.manifest.clone(),
        };
        let differs = Differences::between(then, now);
        let told = differs.told.clone();
        let changes =
            Changes { then: run(old, then), now: run(new, now), differs: told, ..Changes::default() };
        let channels = now.run.channels.iter().copied().filter(|c| then.run.channels.contains(c)).collect();
        let changes = Changes { schema: CHANGES_SCHEMA.to_owned(), ..changes };
        Self { channels, differs, changes, ..Self::default() }
    }

    fn join(
        &mut self,
        [old, new]: [&RunDir; 2],
        scratch: Scratch<'_>,
        write: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let bytes = old.size("contacts.csv") + new.size("contacts.csv");
        let channels = self.channels.clone();
        let mut people = ContactPairs::new(&channels, bytes, scratch);
        people.read(old, false)?;
        people.read(new, true)?;
        let (partitions, words) = people.finish();
        self.words = words;
        for partition in 0..partitions.count() {
            let bytes = partitions.read(partition)?;
            partitions.free(partition);
            each_pair(&bytes, |pair| {
                self.pair(&pair);
                Ok(())
            })?;
            write(&self.line.take())?;
        }
        Ok(())
    }

    fn pair(&mut self, pair: &ContactPair<'_>) {
        match (&pair.then, &pair.now) {
            (Some(then), Some(now)) => self.kept(pair, then, now),
            (Some(then), None) => {
                self.changes.gone += 1;
                for (channel, decision) in self.channels.iter().zip(&then.decisions) {
                    let counts = self.changes.channels.entry(*channel).or_default();
                    counts.then += u64::from(decision.contactable);
                    counts.gone += u64::from(decision.contactable);
                }
            }
            (None, Some(now)) => self.came(pair, now),
            (None, None) => {}
        }
    }

    fn came(&mut self, pair: &ContactPair<'_>, now: &DecidedContact<'_>) {
        self.changes.new += 1;
        let mut back = false;
        for (at, decision) in now.decisions.iter().enumerate() {
            let channel = self.channels[at];
            let refused = self.refused(decision);
            let counts = self.changes.channels.entry(channel).or_default();
            counts.now += u64::from(decision.contactable);
            counts.new += u64::from(decision.contactable);
            counts.refused_new += u64::from(refused);
            if refused {
                let mut told = decision.evidence.split("; ").filter_map(|place| place.rsplit_once(':'));
                let remembered = told.any(|(source, _)| source == EARLIER);
                back |= remembered;
                if !remembered {
                    self.tell_newly(pair.id, channel, decision, now.laws);
                }
            }
        }
        self.back += u64::from(back);
    }

    fn refused(&self, decision: &WrittenDecision<'_>) -> bool {
        !decision.contactable && self.words.word(decision.reason).starts_with("refusal-")
    }

    fn tell_newly(&mut self, id: &str, channel: Channel, decision: &WrittenDecision<'_>, laws: u32) {
        let Self { newly, words, .. } = self;
        if let Some(newly) = newly {
            newly.push(NewRefusal {
                id: id.to_owned(),
                channel,
                point: decision.point.to_owned(),
                reason: words.word(decision.reason).to_owned(),
                source: decision.evidence.to_owned(),
                laws: words.word(laws).to_owned(),
            });
        }
    }

    fn kept(&mut self, pair: &ContactPair<'_>, then: &DecidedContact<'_>, now: &DecidedContact<'_>) {
        self.changes.kept += 1;
        let mut decay = [0; 4];
        for (at, (was, is)) in then.decisions.iter().zip(&now.decisions).enumerate() {
            let channel = self.channels[at];
            let (refused_then, refused_now) = (self.refused(was), self.refused(is));
            let counts = self.changes.channels.entry(channel).or_default();
            counts.then += u64::from(was.contactable);
            counts.now += u64::from(is.contactable);
            counts.gained += u64::from(is.contactable && !was.contactable);
            counts.lost += u64::from(was.contactable && !is.contactable);
            counts.unrefused += u64::from(!refused_then);
            counts.refused += u64::from(refused_now && !refused_then);
            counts.resurrected += u64::from(is.contactable && refused_then);
            if refused_now && !refused_then {
                self.tell_newly(pair.id, channel, is, now.laws);
            }
            if self.words.decayed(was.reason).is_none() {
                decay[0] = 1;
                if let Some(decayed) = self.words.decayed(is.reason) {
                    decay[1 + decayed as usize] = 1;
                }
            }
            if was.answer() != is.answer() {
                self.change((pair.id, channel), (was, then.laws), (is, now.laws), pair.facts_alike);
            }
        }
        let [some, invalid, bounced, refused] = decay;
        let of_source = self.decay.entry(now.source).or_default();
        of_source.contacts += some;
        of_source.invalid += invalid;
        of_source.bounced += bounced;
        of_source.refused += refused;
    }

    fn change(
        &mut self,
        (id, channel): (&str, Channel),
        (was, laws_then): (&WrittenDecision<'_>, u32),
        (is, laws_now): (&WrittenDecision<'_>, u32),
        facts_alike: bool,
    ) {
        let Self { words, differs, line, changed, .. } = self;
        let told = |decision: &WrittenDecision<'_>, laws: u32| CausedDecision {
            contactable: decision.contactable,
            reason: words.word(decision.reason),
            valid_until: decision.valid_until,
            laws: words.word(laws),
        };
        let causes = differs.causes(&told(was, laws_then), &told(is, laws_now), facts_alike);
        let change = match (was.contactable, is.contactable) {
            (true, false) => "lost",
            (false, true) => "gained",
            _ => "reason",
        };
        let (was_reason, now_reason) = (words.word(was.reason), words.word(is.reason));
        let causes_told = causes.iter().map(Cause::word).collect::<Vec<_>>().join(" or ");
        line.cells([id, channel.word(), change, decided(was.contactable), was_reason]);
        line.cells([decided(is.contactable), now_reason, &causes_told]);
        line.end();
        *changed.entry((channel, was.answer(), is.answer(), causes)).or_default() += 1;
    }

    fn finish(self) -> Changes {
        let Self { mut changes, changed, decay, words, channels, .. } = self;
        for channel in channels {
            changes.channels.entry(channel).or_default();
        }
        let alike = |((channel, was, now, causes), contacts): (ChangeKind, u64)| Change {
            channel,
            was: decided(was.0).to_owned(),
            was_reason: words.word(was.1).to_owned(),
            now: decided(now.0).to_owned(),
            now_reason: words.word(now.1).to_owned(),
            causes: causes.iter().map(|cause| cause.word().to_owned()).collect(),
            contacts,
        };
        changes.changed = changed.into_iter().map(alike).collect();
        // Words have numbers in the order of reading: they must not show.
        changes.changed.sort_by(|a, b| (Reverse(a.contacts), a).cmp(&(Reverse(b.contacts), b)));
        let named = decay.into_iter().map(|(source, d)| Decay { source: words.word(source).to_owned(), ..d });
        changes.decay = named.filter(|d| d.contacts > 0).collect();
        changes.decay.sort_by(|a, b| a.source.cmp(&b.source));
        changes
    }
}

const fn decided(contactable: bool) -> &'static str {
    if contactable { "contactable" } else { "blocked" }
}
