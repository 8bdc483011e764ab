//! Sections of the page on channels, rows, inputs and rules, picked and ordered from the audit: the largest first, the
//! rest counted, never dropped.

use crate::record::{Channel, Kind};
use crate::report::audit::{Audit, ChannelCounts, RulebookUsed, Share, SourceFacts, SourceRows};
use crate::report::changes::Change;
use crate::report::changes_summary::sentence;
use crate::report::page::figures::{Bars, Table, bars, length, more, table};
use crate::report::page::flow::{self, Flow, FlowPart};
use crate::report::wording::{channel_name, counted, descending, grouped, percent, plain, size, sum};
use std::collections::{BTreeMap, BTreeSet};

/// How many bars stand under one heading before the rest is summed up.
pub(super) const BARS: usize = 8;
/// The same for the lists of findings, which are read rather than compared.
pub(super) const FINDINGS: usize = 20;
/// Lines of a table before the rest is summed up.
const LINES: usize = 40;
/// Inputs shown in full before the rest is summed up.
const INPUTS: usize = 24;
/// Mapped columns shown per input.
pub(super) const COLUMNS: usize = 30;

/// A channel: its card and its reasons.
pub(super) struct ChannelView<'a> {
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    pub(super) counts: &'a ChannelCounts,
    /// Reachable, yet no permission.
    pub(super) unpermitted: u64,
    /// Refused, invalid, or no point at all.
    pub(super) unreachable: u64,
    /// How wide the figure is, as a class of the style sheet.
    pub(super) figure: &'static str,
    /// Lengths of the three in per cent.
    pub(super) lengths: [String; 3],
    pub(super) reasons: Bars,
    pub(super) bases: Bars,
    pub(super) conditions: Bars,
}

/// A jurisdiction: contacts, and contactable ones per channel of the run.
pub(super) struct JurisdictionRow<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    /// Per channel: contactable, all, bar length in per cent.
    pub(super) channels: Vec<(u64, u64, String)>,
    pub(super) contacts: u64,
}

/// In which ways decisions changed since.
pub(super) fn changed(audit: &Audit) -> Table<&Change> {
    let all = audit.previous.iter().flat_map(|p| &p.changed);
    table(all.collect(), FINDINGS, |rest| {
        let left = sum(rest.iter().map(|change| &change.contacts));
        format!("and {} more: {}", rest.len(), counted(left, "contacts"))
    })
}

/// A decision and its reason in words.
pub(super) fn side(decision: &str, reason: &str) -> String {
    format!("{decision}: {}", sentence(reason))
}

/// What else differs between the runs.
pub(super) fn differs(audit: &Audit) -> Vec<String> {
    let told = audit.previous.iter().flat_map(|p| &p.differs);
    told.flat_map(|(cause, what)| what.iter().map(move |what| format!("{cause}: {what}"))).collect()
}

/// The run in one sentence.
pub(super) fn told(audit: &Audit) -> String {
    let run = &audit.run;
    let mut told = format!("Purpose: {}.", run.purpose);
    if let Some(country) = &run.sender_country {
        told.push_str(&format!(" Sender in {country}."));
    }
    if let Some(country) = &run.country {
        told.push_str(&format!(" Contacts that tell no country are taken to be in {country}."));
    }
    told
}

/// Contactable contacts by legal basis, a sentence per channel: stands beside a plain statement.
pub(super) fn grounds(audit: &Audit) -> Vec<String> {
    let line = |channel: &Channel| {
        let counts = audit.channels.get(channel)?;
        let bases = descending(&counts.bases).into_iter();
        let bases: Vec<_> = bases.map(|(id, n)| format!("{} ({})", plain(id), grouped(n))).collect();
        let on = if bases.is_empty() { String::new() } else { format!(", on {}", bases.join(", ")) };
        Some(format!("{}: {} contactable{on}.", channel_name(*channel), grouped(counts.contactable)))
    };
    audit.run.channels.iter().filter_map(line).collect()
}

/// The channels of the run, in its order.
pub(super) fn channels(audit: &Audit) -> Vec<ChannelView<'_>> {
    let all = audit.contacts;
    let view = |channel: &Channel| {
        let counts = audit.channels.get(channel)?;
        let unpermitted = counts.reachable.saturating_sub(counts.contactable);
        let unreachable = all.saturating_sub(counts.reachable);
        Some(ChannelView {
            word: channel.word(),
            name: channel_name(*channel),
            counts,
            unpermitted,
            unreachable,
            figure: match grouped(counts.contactable).len() {
                0..=7 => "",
                8..=11 => "long",
                _ => "longer",
            },
            lengths: [counts.contactable, unpermitted, unreachable].map(|n| length(n, all)),
            reasons: bars(audit, &counts.reasons, counts.blocked, BARS, "contacts"),
            bases: bars(audit, &counts.bases, counts.contactable, BARS, "contacts"),
            conditions: bars(audit, &counts.conditions, counts.contactable, BARS, "contacts"),
        })
    };
    audit.run.channels.iter().filter_map(view).collect()
}

/// The two pictures: rows to places, contacts to decisions.
pub(super) fn flows(audit: &Audit) -> Vec<Flow> {
    let total = &audit.reconciliation;
    let part = |name: &str, n, tone| FlowPart { name: name.into(), n, tone, leads: false };
    let rows = vec![
        part("kept: one per contact", total.kept, "kept"),
        part("merged into those", total.merged, "merged"),
        part("refusals and bounces", total.refusal, "refusal"),
        part("other events", total.event, "event"),
        part("rejected as unusable", total.rejected, "rejected"),
    ];
    let decisions = channels(audit).into_iter().flat_map(|ChannelView { name, counts, .. }| {
        let yes = part(&format!("{name}: contactable"), counts.contactable, "yes");
        let no = part(&format!("{name}: blocked"), counts.blocked, "no");
        [FlowPart { leads: true, ..yes }, no]
    });
    let channels = counted(audit.channels.len() as u64, "channels");
    let judged = format!("{}, each on {channels}", counted(audit.contacts, "contacts"));
    vec![
        flow::draw("rows", "Where every row went", counted(total.rows, "rows"), rows),
        flow::draw("decisions", "What every contact came to", judged, decisions.collect()),
    ]
}

/// The sources, in the order of their names.
pub(super) fn sources(audit: &Audit) -> Table<&SourceRows> {
    table(audit.reconciliation.sources.iter().collect(), LINES, |rest| {
        more(rest, "sources", &counted(sum(rest.iter().map(|s| &s.rows)), "rows"))
    })
}

/// What a source was taken for.
pub(super) fn about(audit: &Audit, source: &str) -> String {
    audit.sources.iter().find(|facts| facts.source == source).map_or_else(String::new, taken_for)
}

/// Of the contacts that begin in a source: how many are contactable, per channel of the run; none where there are none.
pub(super) fn contactable(audit: &Audit, source: &str) -> Vec<Option<u64>> {
    let outcome = audit.per_source.iter().find(|o| o.source == source).filter(|o| o.contacts > 0);
    let of = |c: &Channel| outcome.map(|o| o.channels.get(c).map_or(0, |counts| counts.contactable));
    audit.run.channels.iter().map(of).collect()
}

/// What a file was taken for, in words.
pub(super) fn taken_for(facts: &SourceFacts) -> String {
    let kind = match facts.kind {
        Kind::Contacts => "contacts",
        Kind::Unsubscribes => "unsubscribes",
        Kind::Bounces => "bounces",
        Kind::Complaints => "complaints",
        Kind::Suppression => "suppression list",
        Kind::ConsentEvents => "consent events",
        Kind::Registry => "register",
        Kind::Ignore => "left out",
    };
    match &facts.vendor {
        Some(vendor) => format!("{vendor} {kind}"),
        None => kind.into(),
    }
}

/// The jurisdictions, those with most contacts first.
pub(super) fn jurisdictions<'a>(audit: &'a Audit) -> Table<JurisdictionRow<'a>> {
    let ids: BTreeSet<&String> = audit.jurisdictions.values().flat_map(BTreeMap::keys).collect();
    let line = |id: &&'a String| {
        let cell = |c: &Channel| {
            let counts = audit.jurisdictions.get(c).and_then(|m| m.get(*id)).copied().unwrap_or_default();
            let all = counts.contactable.saturating_add(counts.blocked);
            (counts.contactable, all, length(counts.contactable, all))
        };
        let channels: Vec<_> = audit.run.channels.iter().map(cell).collect();
        let name = audit.run.rulebooks.iter().find(|r| r.id == **id).map_or("", |r| r.name.as_str());
        JurisdictionRow { id, name, contacts: channels.iter().map(|c| c.1).max().unwrap_or(0), channels }
    };
    let mut lines: Vec<JurisdictionRow<'_>> = ids.iter().map(line).collect();
    lines.sort_by(|a, b| b.contacts.cmp(&a.contacts).then(a.id.cmp(b.id)));
    table(lines, LINES, |rest| {
        more(rest, "jurisdictions", &counted(sum(rest.iter().map(|j| &j.contacts)), "contacts"))
    })
}

/// Refusals by the source that holds them.
pub(super) fn refusals_by_source(audit: &Audit) -> Bars {
    let by_source = &audit.refusals.by_source;
    let mut bars = bars(audit, by_source, audit.refusals.total, BARS, "refusals");
    // File names are no words of ours.
    for (bar, (name, _)) in bars.bars.iter_mut().zip(descending(by_source)) {
        bar.name = name.to_owned();
        bar.id.clear();
    }
    bars
}

/// The inputs, in the order of their names.
pub(super) fn inputs(audit: &Audit) -> Table<&SourceFacts> {
    table(audit.sources.iter().collect(), INPUTS, |rest| {
        more(rest, "inputs", &size(sum(rest.iter().map(|facts| &facts.bytes))))
    })
}

/// The columns of a file that were read, each with its field.
pub(super) fn mapped(facts: &SourceFacts) -> Vec<(&String, &String)> {
    facts.columns.iter().filter_map(|c| Some((&c.column, c.field.as_ref()?))).collect()
}

/// `and 3 more that were read; 12 columns carried along unread`: what is not shown of a file's columns; may be empty.
pub(super) fn others(facts: &SourceFacts, mapped: usize) -> String {
    let (hidden, unread) = (mapped.saturating_sub(COLUMNS), facts.columns.len() - mapped);
    let told = [
        (hidden, format!("and {} more that were read", grouped(hidden as u64))),
        (unread, format!("{} carried along unread", counted(unread as u64, "columns"))),
    ];
    let told = told.into_iter().filter(|(n, _)| *n > 0).map(|(_, what)| what);
    told.collect::<Vec<_>>().join("; ")
}

/// How good the cells of a file are.
pub(super) fn quality(facts: &SourceFacts) -> Vec<String> {
    let share = |s: &Share| format!("{} of {} ({})", grouped(s.good), grouped(s.of), percent(s.good, s.of));
    facts.quality.iter().map(|(name, s)| format!("{name}: {}", share(s))).collect()
}

/// How a file was read, in words.
pub(super) fn layout(facts: &SourceFacts) -> String {
    let dialect = &facts.dialect;
    let header = match facts.header_line {
        Some(line) => format!("header on line {}", grouped(line)),
        None => "no header".into(),
    };
    let parts = [&facts.encoding, &dialect.delimiter, &dialect.quote, &dialect.line_end, &header];
    parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The rulebooks, as the run lists them.
pub(super) fn rulebooks(audit: &Audit) -> Table<&RulebookUsed> {
    table(audit.run.rulebooks.iter().collect(), LINES, |rest| {
        format!("and {} more", counted(rest.len() as u64, "rulebooks"))
    })
}

/// How far the rules of a book were verified, from the strongest word (`seen_text`) to the weakest (`memory`).
pub(super) fn confidence(book: &RulebookUsed) -> String {
    let parts = book.confidence.iter().rev().map(|(word, n)| format!("{} {}", grouped(*n), plain(word)));
    let rules = counted(sum(book.confidence.values()), "rules");
    format!("{rules}: {}", parts.collect::<Vec<_>>().join(", "))
}

/// How many of the rules that decided something have doubts.
pub(super) fn doubted(book: &RulebookUsed) -> usize {
    book.rules.iter().filter(|rule| !rule.doubts.is_empty()).count()
}
