//! The files of a run directory that the second pass writes.

use crate::output::{OutFile, RunDirWriter, Written};
use crate::pipeline::kit::run;
use crate::pipeline::understand::output_columns;
use crate::pipeline::understand::output_columns::Layout;
use crate::pipeline::write::decisions::DECISIONS;
use crate::pipeline::write::expiring::{EXPIRING, NOTICES};
use crate::pipeline::write::repermission::REPERMISSION;
use crate::pipeline::write::split::ListParts;
use crate::pipeline::write::{contact_line, findings, lists};
use crate::plan::CleanPlan;
use crate::record::{Channel, Failure};
use std::collections::HashSet;

pub(crate) struct Files<'d> {
    pub(crate) contacts: OutFile,
    pub(crate) lists: Vec<OutFile>,
    pub(crate) merges: OutFile,
    pub(crate) findings: OutFile,
    pub(crate) decisions: Option<OutFile>,
    pub(crate) expiring: OutFile,
    pub(crate) notices: OutFile,
    pub(crate) repermission: OutFile,
    pub(crate) parts: Option<ListParts<'d>>,
    pub(crate) suppression: OutFile,
    /// Numbers of the lines of `suppression.csv` that stand there once.
    pub(crate) suppressed: HashSet<u64>,
}

impl<'d> Files<'d> {
    /// Starts the files, each with its header. An audit keeps neither the contacts nor what can be loaded elsewhere.
    pub(crate) fn create(dir: &'d RunDirWriter, plan: &CleanPlan, layout: &Layout) -> Result<Self, Failure> {
        let start = |name: &str, headers: &[&str]| run::start(dir, plan, name, headers);
        let unless_audit = |name: &str, headers: Vec<String>| {
            // What is compared with an earlier run is written, and dropped before the run is published.
            let kept = !plan.write.audit || plan.previous.is_some();
            if kept { run::start(dir, plan, name, &headers) } else { Ok(OutFile::nowhere()) }
        };
        let list = |channel: Channel| {
            let name = format!("{}.csv", channel.word());
            run::start(dir, plan, &name, &lists::list_headers(channel, plan, layout))
        };
        Ok(Self {
            contacts: unless_audit(
                "contacts.csv",
                output_columns::contact_headers(plan.law.channels, layout),
            )?,
            lists: plan
                .law
                .channels
                .iter()
                .filter(|_| !plan.write.audit)
                .map(list)
                .collect::<Result<_, _>>()?,
            merges: start("merges.csv", contact_line::MERGES)?,
            findings: start("findings.csv", findings::FINDINGS)?,
            decisions: plan.write.proof.then(|| start("decisions.csv", DECISIONS)).transpose()?,
            expiring: start("expiring.csv", EXPIRING)?,
            notices: start("notices.csv", NOTICES)?,
            repermission: start("repermission.csv", REPERMISSION)?,
            parts: plan
                .write
                .split_by
                .as_ref()
                .map(|_| ListParts::new(dir, plan, |channel| lists::list_headers(channel, plan, layout))),
            suppression: unless_audit("suppression.csv", output_columns::headers(contact_line::SUPPRESSION))?,
            suppressed: HashSet::new(),
        })
    }

    /// Syncs all files and tells what was written.
    pub(crate) fn finish(self) -> Result<Vec<Written>, Failure> {
        let few = [
            self.contacts,
            self.merges,
            self.findings,
            self.expiring,
            self.notices,
            self.repermission,
            self.suppression,
        ];
        let parts = self.parts.into_iter().flat_map(ListParts::files);
        let files = few.into_iter().chain(self.decisions).chain(self.lists).chain(parts);
        let mut all: Vec<OutFile> = files.filter(OutFile::is_kept).collect();
        // All are synced at once before the first is waited for.
        all.iter_mut().try_for_each(OutFile::close)?;
        all.into_iter().map(OutFile::finish).collect()
    }
}
