//! The lines of a contact: in `contacts.csv` and `merges.csv`, and whoever writes its other lines, in order. Knows
//! columns; decides nothing.

use crate::consent::Held;
use crate::decide::Decision;
use crate::email::name_beside;
use crate::link::survive::{self, SurvivorCandidate as Survivor};
use crate::output::Line;
use crate::pipeline::contact::context::Writing;
use crate::pipeline::contact::decided::{Decided, carried, jurisdictions, places, valid_until};
use crate::pipeline::contact::rows::{Contact, Distinct, RowView};
use crate::pipeline::kit::cells::listed;
use crate::pipeline::kit::counts::{AddCounts, Max};
use crate::pipeline::kit::tally::{Proportion, count_at};
use crate::pipeline::understand::output_columns::{ADDRESS, FULL_NAME, NAME, SHOWN};
use crate::pipeline::write::lists::list_line;
use crate::pipeline::write::out::{ContactFile, Out};
use crate::pipeline::write::{account_counts, decisions, expiring, findings, repermission, suppression};
use crate::reason::Reason;
use crate::record::{Channel, EventKind, PointKind};

/// Columns of `merges.csv`.
pub(crate) const MERGES: &str = "contact_id source line rule strength matched_with";

/// Columns of `suppression.csv`.
pub(crate) const SUPPRESSION: &[&str] =
    &["point", "kind", "channels", "reason", "since", "first_seen", "source", "reached_through"];

/// Columns of `rejected.csv`.
pub(crate) const REJECTED: &[&str] = &["source", "line", "reason", "original"];

/// Columns of `events.csv`.
pub(crate) const EVENTS: &[&str] = &["contact_ids", "point", "channel", "event", "at", "source", "line"];

/// Writes all lines of a contact and counts them.
pub(crate) fn write(decided: &Decided<'_, '_>, out: &mut Out) {
    let writing = decided.writing;
    let erased = decided.erased;
    let earlier = writing.earlier.map(|earlier| earlier.source);
    count(decided, earlier, out);
    suppression::suppression(decided, out);
    if erased {
        return;
    }
    let values = values(writing, decided.contact);
    contact_line(decided, &values, out);
    for at in 0..decided.decisions.len() {
        list_line(decided, &values, at, out);
    }
    merges(decided, out);
    findings::write(decided, out);
    expiring::write(decided, out);
    account_counts::count(decided, out);
    repermission::write(decided, out);
    if writing.plan.write.proof {
        decisions::write(decided, out);
    }
}

fn count(decided: &Decided<'_, '_>, earlier: Option<u16>, out: &mut Out) {
    let contact = decided.contact;
    let tally = &mut out.tally;
    if decided.erased {
        let erasures = || contact.person.iter().filter(|e| e.kind == EventKind::Erasure);
        let remembered = earlier.is_some_and(|source| erasures().all(|e| e.place.source == source));
        tally.erased += 1;
        tally.erased_back += u64::from(remembered);
        for row in contact.rows() {
            tally.sources[usize::from(row.place.source)].refusal += 1;
        }
        return;
    }
    tally.contacts += 1;
    for (at, row) in contact.rows().iter().enumerate() {
        let source = &mut tally.sources[usize::from(row.place.source)];
        *(if at == 0 { &mut source.kept } else { &mut source.merged }) += 1;
    }
    contact.each_source(|source| tally.sources[source].holding += 1);
    let refused = |history: &Vec<Held>| history.iter().any(|h| h.event.kind.is_refusal());
    tally.refused_contacts += u64::from(decided.histories.iter().any(refused));
    let first = usize::from(contact.rows()[0].place.source);
    for (channel, decision) in decided.decisions {
        tally.sources[first].contacts[*channel as usize].count(decision.contactable);
        let counts = &mut tally.channels[*channel as usize];
        counts.reachable += u64::from(decision.reachable);
        let jurisdiction = usize::from(decided.jurisdiction(decision));
        count_at(&mut counts.jurisdictions, jurisdiction, |s: &mut Proportion| s.count(decision.contactable));
        if let Some(judgement) = &decision.judgement {
            count_at(&mut counts.rules, usize::from(judgement.rule), |n| *n += 1);
        }
        match decision.yes() {
            Some(yes) => {
                counts.contactable += 1;
                count_at(&mut counts.bases, yes.basis as usize, |n| *n += 1);
                for condition in yes.conditions.iter() {
                    count_at(&mut counts.conditions, condition as usize, |n| *n += 1);
                }
            }
            None => {
                counts.blocked += 1;
                counts.reasons.count(decision.reason);
            }
        }
        if decision.contactable && decision.reason == Reason::BasisAsserted {
            tally.sources[first].asserted[*channel as usize] += 1;
        }
    }
}

/// The value of every shown field, each from the row that survives.
fn values<'a>(writing: &Writing<'_>, contact: &Contact<'a>) -> [&'a str; SHOWN.len()] {
    let mut values = survivors(writing, contact);
    if NAME.iter().all(|slot| values[*slot].is_empty()) {
        let beside = |row: &RowView<'a>| {
            let columns = &writing.sources[usize::from(row.place.source)].points;
            columns.cells(false).find_map(|column| name_beside(row.cell(column)))
        };
        values[FULL_NAME] = contact.rows().iter().find_map(beside).unwrap_or_default();
    }
    values
}

/// The same of the fields' own columns.
fn survivors<'a>(writing: &Writing<'_>, contact: &Contact<'a>) -> [&'a str; SHOWN.len()] {
    let mut values = [""; SHOWN.len()];
    let columns = |source: u16| &writing.layout.sources[usize::from(source)];
    if let [row] = contact.rows() {
        for (slot, value) in values.iter_mut().enumerate() {
            *value = row.shown(slot, columns(row.place.source));
        }
        return values;
    }
    let shown = |row: &RowView<'a>| std::array::from_fn(|slot| row.shown(slot, columns(row.place.source)));
    let rows: Vec<[&'a str; SHOWN.len()]> = contact.rows().iter().map(shown).collect();
    let filled =
        |cells: &[&str]| u16::try_from(cells.iter().filter(|c| !c.is_empty()).count()).unwrap_or(u16::MAX);
    let candidate = |row: &RowView<'_>, (filled, valid, complete)| {
        let priority = writing.sources[usize::from(row.place.source)].priority;
        Survivor { row: row.row, filled, valid, complete, date: row.changed, priority }
    };
    // What all rows say alike needs no choice.
    let alike = |slots: std::ops::Range<usize>| {
        rows[1..].iter().all(|row| row[slots.clone()].iter().eq(&rows[0][slots.clone()]))
    };
    let address = if alike(ADDRESS) {
        Some(0)
    } else {
        let survivors = contact.rows().iter().zip(&rows).map(|(row, cells)| {
            let group = &cells[ADDRESS];
            let valid = !group[0].is_empty() && (!group[2].is_empty() || !group[4].is_empty());
            candidate(row, (filled(group) > 0, valid, filled(group)))
        });
        survive::survivor(&survivors.collect::<Vec<_>>())
    };
    let survivors = contact.rows().iter().zip(&rows);
    let survivors = survivors.map(|(row, cells)| candidate(row, (false, true, filled(cells))));
    let mut survivors: Vec<Survivor> = survivors.collect();
    for slot in 0..SHOWN.len() {
        let row = if ADDRESS.contains(&slot) {
            address
        } else if alike(slot..slot + 1) {
            Some(0)
        } else {
            for (survivor, cells) in survivors.iter_mut().zip(&rows) {
                survivor.filled = !cells[slot].is_empty();
            }
            survive::survivor(&survivors)
        };
        values[slot] = row.map_or("", |at| rows[at][slot]);
    }
    values
}

/// The point to show for a kind: the one a decision chose, else the first that can be used, else the first.
fn shown_point<'c, 'a>(decided: &Decided<'c, 'a>, kind: PointKind) -> Option<&'c Distinct<'a>> {
    let points = &decided.contact.distinct;
    let mut yes = decided.decisions.iter().filter(|(c, d)| c.reaches(kind) && d.contactable);
    let chosen = yes.find_map(|(_, d)| decided.point(d).filter(|point| point.point.kind == kind));
    chosen
        .or_else(|| points.iter().find(|d| d.point.kind == kind && d.point.keyable))
        .or_else(|| points.iter().find(|d| d.point.kind == kind))
}

fn contact_line(decided: &Decided<'_, '_>, values: &[&str], out: &mut Out) {
    let writing = decided.writing;
    let Out { files, text, conditions, wordings, .. } = out;
    let line = &mut files[ContactFile::Contacts as usize];
    let contact = decided.contact;
    line.plain(decided.id);
    let handles = writing.layout.handles.then_some(PointKind::Handle);
    for kind in [PointKind::Email, PointKind::Phone].into_iter().chain(handles) {
        line.cell(shown_point(decided, kind).map_or("", |d| d.point.typed));
        text.clear();
        for point in contact.distinct.iter().filter(|d| d.point.kind == kind) {
            listed(text, "; ", point.point.typed);
        }
        line.cell(text);
    }
    line.cells(values.iter().copied());
    for ((channel, decision), conditions) in decided.decisions.iter().zip(conditions) {
        let yes = decision.yes();
        wordings.say(decided, *channel, yes, conditions);
        decision_cells(decided, decision, conditions, line, text);
    }
    line.plain(decided.best.map_or("", Channel::word));
    jurisdictions(decided, text);
    line.cell(text);
    line.number(contact.rows().len() as u64);
    places(writing, contact.rows().iter().map(|r| r.place), text);
    line.cell(text);
    carried(writing, contact, line);
    line.end();
}

fn decision_cells(
    decided: &Decided<'_, '_>,
    decision: &Decision,
    conditions: &str,
    line: &mut Line,
    text: &mut String,
) {
    line.plain(if decision.contactable { "contactable" } else { "blocked" });
    line.plain(if decision.reachable { "yes" } else { "no" });
    line.plain(decision.reason.id());
    let rule = decision.judgement.as_ref().map_or("", |j| decided.writing.law.table.rule(j.rule).id.as_str());
    line.cell(rule);
    let yes = decision.yes();
    line.plain(yes.map_or("", |y| y.basis.word()));
    valid_until(yes, line, text);
    line.cell(conditions);
    places(decided.writing, decided.rests_on(decision).map(|held| held.event.place), text);
    line.cell(text);
}

pub(crate) fn merges(decided: &Decided<'_, '_>, out: &mut Out) {
    let contact = decided.contact;
    if contact.rows().len() < 2 {
        return;
    }
    let tally = &mut out.tally;
    tally.merged_contacts += 1;
    tally.merged_rows += contact.rows().len() as u64;
    tally.largest.add(&Max(contact.rows().len() as u64));
    let place = |row: u32| contact.rows().iter().find(|r| r.row == row).map(|r| r.place);
    let mut sorted: Vec<_> = decided.links.merges.iter().collect();
    sorted.sort_unstable();
    for merge in sorted {
        let Some(at) = place(merge.row) else { continue };
        let Out { files, text, tally, .. } = out;
        let line = &mut files[ContactFile::Merges as usize];
        count_at(&mut tally.merge_rules, merge.rule as usize, |n| *n += 1);
        line.plain(decided.id);
        line.cell(decided.writing.sources[usize::from(at.source)].name());
        line.number(u64::from(at.line));
        line.plain(merge.rule.word());
        line.plain(merge.strength.word());
        places(decided.writing, place(merge.matched_with).into_iter(), text);
        line.cell(text);
        line.end();
    }
}
