//! The files of a run directory that the second pass writes.

use crate::output::{OutFile, RunDirWriter, Written};
use crate::pipeline::kit::run;
use crate::pipeline::understand::output_columns::{self, Layout};
use crate::pipeline::write::decisions::DECISIONS;
use crate::pipeline::write::expiring::{EXPIRING, NOTICES};
use crate::pipeline::write::out::{ContactFile, PerFile};
use crate::pipeline::write::repermission::REPERMISSION;
use crate::pipeline::write::split::ListParts;
use crate::pipeline::write::{contact_line, findings, lists};
use crate::plan::CleanPlan;
use crate::record::{Channel, Failure};
use std::collections::HashSet;

pub(crate) struct Files<'d> {
    pub(crate) of_contacts: PerFile<OutFile>,
    pub(crate) lists: Vec<OutFile>,
    pub(crate) parts: Option<ListParts<'d>>,
    pub(crate) suppression: OutFile,
    /// Numbers of the lines of `suppression.csv` that stand there once.
    pub(crate) suppressed: HashSet<u64>,
}

/// Headers of a file with lines about contacts.
fn headers(file: ContactFile, plan: &CleanPlan, layout: &Layout) -> Vec<String> {
    let fixed = match file {
        ContactFile::Contacts => return output_columns::contact_headers(plan.law.channels, layout),
        ContactFile::Merges => contact_line::MERGES,
        ContactFile::Findings => findings::FINDINGS,
        ContactFile::Expiring => EXPIRING,
        ContactFile::Notices => NOTICES,
        ContactFile::Repermission => REPERMISSION,
        ContactFile::Decisions => DECISIONS,
    };
    fixed.split(' ').map(str::to_owned).collect()
}

impl<'d> Files<'d> {
    /// Starts the files, each with its header. An audit keeps neither the contacts nor what can be loaded elsewhere.
    pub(crate) fn create(dir: &'d RunDirWriter, plan: &CleanPlan, layout: &Layout) -> Result<Self, Failure> {
        // What is compared with an earlier run is written, and dropped before the run is published.
        let loadable = !plan.write.audit || plan.previous.is_some();
        let start = |kept: bool, name: &str, headers: Vec<String>| match kept {
            true => run::start(dir, plan, name, &headers),
            false => Ok(OutFile::nowhere()),
        };
        let of_contact = |file: ContactFile| {
            let kept = match file {
                ContactFile::Contacts => loadable,
                ContactFile::Decisions => plan.write.proof,
                _ => true,
            };
            start(kept, file.word(), headers(file, plan, layout))
        };
        let list_headers = |channel: Channel| lists::list_headers(channel, plan, layout);
        let listed = plan.law.channels.iter().filter(|_| !plan.write.audit);
        let list = |channel: Channel| start(true, &format!("{}.csv", channel.word()), list_headers(channel));
        let of_contacts: Vec<OutFile> =
            ContactFile::ALL.into_iter().map(of_contact).collect::<Result<_, _>>()?;
        let suppression = output_columns::headers(contact_line::SUPPRESSION);
        Ok(Self {
            of_contacts: of_contacts.try_into().map_err(|_| Failure::run("a file is missing"))?,
            lists: listed.map(list).collect::<Result<_, _>>()?,
            parts: plan.write.split_by.as_ref().map(|_| ListParts::new(dir, plan, list_headers)),
            suppression: start(loadable, "suppression.csv", suppression)?,
            suppressed: HashSet::new(),
        })
    }

    /// Syncs all files and tells what was written.
    pub(crate) fn finish(self) -> Result<Vec<Written>, Failure> {
        let Self { of_contacts, lists, parts, suppression, suppressed: _ } = self;
        let parts = parts.into_iter().flat_map(ListParts::files);
        let files = of_contacts.into_iter().chain([suppression]).chain(lists).chain(parts);
        let mut all: Vec<OutFile> = files.filter(OutFile::is_kept).collect();
        // All are synced at once before the first is waited for.
        all.iter_mut().try_for_each(OutFile::close)?;
        all.into_iter().map(OutFile::finish).collect()
    }
}
