//! DNS in a run: between the first pass and the decisions every distinct mail domain of the row sheet is looked up
//! once, and what that says is written beside the addresses, as if the first pass had found it.
//!
//! Nothing else knows that DNS was asked: a run without `--dns` never comes here.

use crate::dns;
use crate::dns::DnsAnswers;
use crate::email::dns_reason;
use crate::pipeline::check::first_pass::Pass;
use crate::pipeline::kit::row_sheet::{Ending, Point, SheetRow, damaged, insert_reasons};
use crate::pipeline::kit::run::{Progress, Scratch};
use crate::plan::ReadPlan;
use crate::record::{Failure, PointKind};
use crate::spill::AppendLog;
use std::collections::BTreeSet;

/// Asks about the domains of all contacts and notes the answers; `None`: DNS was not to be asked.
pub(crate) fn look_up(
    plan: &ReadPlan,
    pass: &mut Pass,
    scratch: Scratch<'_>,
    progress: &dyn Progress,
) -> Result<Option<DnsAnswers>, Failure> {
    let Some(settings) = &plan.judging.dns else { return Ok(None) };
    let domains = domains(&pass.sheet)?;
    progress.stage("asking DNS", domains.len() as u64);
    let answers = dns::look_up(&domains, settings, &|| progress.interrupted())?;
    let mut noted = AppendLog::new(scratch.dir, scratch.budget);
    let mut record = Vec::new();
    let mut reader = pass.sheet.reader();
    while let Some(block) = reader.read()? {
        record.clear();
        note(block, &answers, &mut record).ok_or_else(damaged)?;
        noted.push(&record)?;
    }
    drop(reader);
    pass.sheet = noted;
    Ok(Some(answers))
}

/// The distinct domains at which contacts have an address that can be matched.
fn domains(sheet: &AppendLog) -> Result<BTreeSet<String>, Failure> {
    let mut domains = BTreeSet::new();
    let mut reader = sheet.reader();
    while let Some(mut block) = reader.read()? {
        while !block.is_empty() {
            let row = SheetRow::next(&mut block).ok_or_else(damaged)?;
            let (ending, _, _, mut lists) = SheetRow::open(row).ok_or_else(damaged)?;
            if ending != Ending::Contact {
                continue;
            }
            lists
                .points(|point| {
                    if let Some(domain) = domain_of(&point)
                        && !domains.contains(domain)
                    {
                        domains.insert(domain.to_owned());
                    }
                })
                .ok_or_else(damaged)?;
        }
    }
    Ok(domains)
}

/// The domain to ask about; an address literal has none.
fn domain_of<'a>(point: &Point<'a>) -> Option<&'a str> {
    let (_, domain) = point.exact.rsplit_once('@')?;
    (point.kind == PointKind::Email && point.keyable && !domain.starts_with('[')).then_some(domain)
}

/// Copies a block of the sheet with the reasons that DNS adds.
fn note(mut block: &[u8], answers: &DnsAnswers, out: &mut Vec<u8>) -> Option<()> {
    while !block.is_empty() {
        let row = SheetRow::next(&mut block)?;
        insert_reasons(row, out, |point| {
            let domain = domain_of(point)?;
            dns_reason(answers.get(domain)?.answer)
        })?;
    }
    Some(())
}
