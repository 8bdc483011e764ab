//! Sections of the page on channels, rows, inputs and rules, picked and ordered from the audit: the largest first, the
//! rest counted, never dropped.

use crate::record::{Channel, Kind};
use crate::report::audit::{Audit, RulebookUsed, SourceFacts, SourceRows};
use crate::report::changes::ChannelChange;
use crate::report::changes_summary::sentence;
use crate::report::page::figures::{Bars, Table, bars, length, sum, table};
use crate::report::page::flow::{self, Flow, FlowPart};
use crate::report::wording::{channel_name, counted, descending, grouped, percent, plain, size};
use std::collections::BTreeMap;

/// How many bars stand under one heading before the rest is summed up.
pub(super) const BARS: usize = 8;
/// The same for the lists of findings, which are read rather than compared.
pub(super) const FINDINGS: usize = 20;
/// Lines of a table before the rest is summed up.
const LINES: usize = 40;
/// Inputs shown in full before the rest is summed up.
const INPUTS: usize = 24;
/// Mapped columns shown per input.
const COLUMNS: usize = 30;

/// A channel: its card and its reasons.
pub(super) struct ChannelView {
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    pub(super) contactable: u64,
    pub(super) blocked: u64,
    pub(super) reachable: u64,
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

/// A source: where its rows went and what its contacts came to.
pub(super) struct SourceRow {
    pub(super) source: String,
    pub(super) about: String,
    /// Rows, kept, merged, refusal, event, rejected.
    pub(super) rows: [u64; 6],
    /// Contactable contacts per channel of the run.
    pub(super) contactable: Vec<u64>,
    pub(super) contacts: u64,
}

/// A jurisdiction: contacts, and contactable ones per channel of the run.
pub(super) struct JurisdictionRow {
    pub(super) id: String,
    pub(super) name: String,
    /// Per channel: contactable, all, bar length in per cent.
    pub(super) channels: Vec<(u64, u64, String)>,
    pub(super) contacts: u64,
}

/// An input and what it was taken for.
pub(super) struct InputView {
    pub(super) facts: SourceFacts,
    pub(super) taken_for: String,
    pub(super) size: String,
    pub(super) layout: String,
    /// `Email → email`, mapped columns only.
    pub(super) mapped: Vec<(String, String)>,
    /// `and 3 more mapped; 12 columns carried along unread`; may be empty.
    pub(super) others: String,
    pub(super) quality: Vec<String>,
}

/// A rulebook with its confidence in words.
pub(super) struct RulebookView {
    pub(super) book: RulebookUsed,
    pub(super) confidence: String,
    /// How many of the rules that decided something have doubts.
    pub(super) doubted: usize,
}

/// Decisions that changed alike.
pub(super) struct ChangedRow {
    pub(super) channel: &'static str,
    pub(super) was: String,
    pub(super) now: String,
    pub(super) cause: String,
    pub(super) contacts: u64,
}

/// What changed since the earlier run, per channel.
pub(super) fn since(audit: &Audit) -> Vec<(&'static str, ChannelChange)> {
    let channels = audit.previous.iter().flat_map(|p| &p.channels);
    channels.map(|(channel, change)| (channel_name(*channel), *change)).collect()
}

/// In which ways decisions changed since.
pub(super) fn changed(audit: &Audit) -> Table<ChangedRow> {
    let all: &[_] = audit.previous.as_ref().map_or(&[], |p| &p.changed);
    let (told, rest) = all.split_at(FINDINGS.min(all.len()));
    let side = |decision: &str, reason: &str| format!("{decision}: {}", sentence(reason));
    let lines = told.iter().map(|c| ChangedRow {
        channel: channel_name(c.channel),
        was: side(&c.was, &c.was_reason),
        now: side(&c.now, &c.now_reason),
        cause: c.causes.join(" or "),
        contacts: c.contacts,
    });
    let left: u64 = rest.iter().map(|c| c.contacts).sum();
    let more = format!("and {} more: {}", rest.len(), counted(left, "contacts"));
    Table { lines: lines.collect(), rest: if rest.is_empty() { String::new() } else { more } }
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
        let bases: Vec<String> = descending(&counts.bases)
            .iter()
            .map(|(id, n)| format!("{} ({})", plain(id), grouped(*n)))
            .collect();
        let on = if bases.is_empty() { String::new() } else { format!(", on {}", bases.join(", ")) };
        Some(format!("{}: {} contactable{on}.", channel_name(*channel), grouped(counts.contactable)))
    };
    audit.run.channels.iter().filter_map(line).collect()
}

/// The channels of the run, in its order.
pub(super) fn channels(audit: &Audit) -> Vec<ChannelView> {
    let all = audit.contacts;
    let view = |channel: &Channel| {
        let counts = audit.channels.get(channel)?;
        let unpermitted = counts.reachable.saturating_sub(counts.contactable);
        let unreachable = all.saturating_sub(counts.reachable);
        Some(ChannelView {
            word: channel.word(),
            name: channel_name(*channel),
            contactable: counts.contactable,
            blocked: counts.blocked,
            reachable: counts.reachable,
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
    let mut decisions = Vec::new();
    for channel in &audit.run.channels {
        if let Some(counts) = audit.channels.get(channel) {
            let name = channel_name(*channel);
            let yes = FlowPart {
                name: format!("{name}: contactable"),
                n: counts.contactable,
                tone: "yes",
                leads: true,
            };
            decisions.extend([yes, part(&format!("{name}: blocked"), counts.blocked, "no")]);
        }
    }
    let judged = format!(
        "{}, each on {}",
        counted(audit.contacts, "contacts"),
        counted(audit.channels.len() as u64, "channels")
    );
    vec![
        flow::draw("rows", "Where every row went", counted(total.rows, "rows"), rows),
        flow::draw("decisions", "What every contact came to", judged, decisions),
    ]
}

/// The sources with rows and outcomes, in the order of their names.
pub(super) fn sources(audit: &Audit) -> Table<SourceRow> {
    let line = |s: &SourceRows| {
        let facts = audit.sources.iter().find(|f| f.source == s.source);
        let outcome = audit.per_source.iter().find(|o| o.source == s.source);
        let yes = |c: &Channel| outcome.and_then(|o| o.channels.get(c)).map_or(0, |o| o.contactable);
        SourceRow {
            source: s.source.clone(),
            about: facts.map_or_else(String::new, taken_for),
            rows: [s.rows, s.kept, s.merged, s.refusal, s.event, s.rejected],
            contactable: audit.run.channels.iter().map(yes).collect(),
            contacts: outcome.map_or(0, |o| o.contacts),
        }
    };
    table(audit.reconciliation.sources.iter().map(line).collect(), LINES, |rest| {
        let rows = rest.iter().fold(0u64, |sum, s| sum.saturating_add(s.rows[0]));
        format!("and {} more, together {}", counted(rest.len() as u64, "sources"), counted(rows, "rows"))
    })
}

fn taken_for(facts: &SourceFacts) -> String {
    let kind = match facts.kind {
        Kind::Contacts => "contacts",
        Kind::Unsubscribes => "unsubscribes",
        Kind::Bounces => "bounces",
        Kind::Complaints => "complaints",
        Kind::Suppression => "suppression list",
        Kind::ConsentEvents => "consent events",
        Kind::Registry => "register",
    };
    match &facts.vendor {
        Some(vendor) => format!("{vendor} {kind}"),
        None => kind.into(),
    }
}

/// The jurisdictions, those with most contacts first.
pub(super) fn jurisdictions(audit: &Audit) -> Table<JurisdictionRow> {
    let mut ids: Vec<&String> = audit.jurisdictions.values().flat_map(BTreeMap::keys).collect();
    ids.sort_unstable();
    ids.dedup();
    let line = |id: &&String| {
        let cell = |c: &Channel| {
            let counts = audit.jurisdictions.get(c).and_then(|m| m.get(*id)).copied().unwrap_or_default();
            let all = counts.contactable.saturating_add(counts.blocked);
            (counts.contactable, all, length(counts.contactable, all))
        };
        let channels: Vec<_> = audit.run.channels.iter().map(cell).collect();
        JurisdictionRow {
            id: (*id).clone(),
            name: audit
                .run
                .rulebooks
                .iter()
                .find(|r| r.id == **id)
                .map_or_else(String::new, |r| r.name.clone()),
            contacts: channels.iter().map(|c| c.1).max().unwrap_or(0),
            channels,
        }
    };
    let mut lines: Vec<JurisdictionRow> = ids.iter().map(line).collect();
    lines.sort_by(|a, b| b.contacts.cmp(&a.contacts).then(a.id.cmp(&b.id)));
    table(lines, LINES, |rest| {
        let contacts = rest.iter().fold(0u64, |sum, j| sum.saturating_add(j.contacts));
        format!(
            "and {} more, together {}",
            counted(rest.len() as u64, "jurisdictions"),
            counted(contacts, "contacts")
        )
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

/// The inputs with everything that was assumed about them.
pub(super) fn inputs(audit: &Audit) -> Table<InputView> {
    let input = |facts: &SourceFacts| {
        let mapped: Vec<(String, String)> =
            facts.columns.iter().filter_map(|c| Some((c.column.clone(), c.field.clone()?))).collect();
        let unread = facts.columns.len() - mapped.len();
        let hidden = mapped.len().saturating_sub(COLUMNS);
        let mut others = Vec::new();
        if hidden > 0 {
            others.push(format!("and {} more that were read", grouped(hidden as u64)));
        }
        if unread > 0 {
            others.push(format!("{} carried along unread", counted(unread as u64, "columns")));
        }
        InputView {
            taken_for: taken_for(facts),
            size: size(facts.bytes),
            layout: layout(facts),
            mapped: mapped.into_iter().take(COLUMNS).collect(),
            others: others.join("; "),
            quality: facts
                .quality
                .iter()
                .map(|(name, s)| {
                    format!("{name}: {} of {} ({})", grouped(s.good), grouped(s.of), percent(s.good, s.of))
                })
                .collect(),
            facts: facts.clone(),
        }
    };
    table(audit.sources.iter().map(input).collect(), INPUTS, |rest| {
        let bytes = rest.iter().fold(0u64, |sum, i| sum.saturating_add(i.facts.bytes));
        format!("and {} more, together {}", counted(rest.len() as u64, "inputs"), size(bytes))
    })
}

fn layout(facts: &SourceFacts) -> String {
    let dialect = &facts.dialect;
    let header = match facts.header_line {
        Some(line) => format!("header on line {}", grouped(line)),
        None => "no header".into(),
    };
    let parts = [&facts.encoding, &dialect.delimiter, &dialect.quote, &dialect.line_end, &header];
    parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The rulebooks, as the run lists them.
pub(super) fn rulebooks(audit: &Audit) -> Table<RulebookView> {
    let view = |book: &RulebookUsed| {
        // Words sort from the weakest (`memory`) to the strongest (`seen_text`).
        let parts: Vec<String> = book
            .confidence
            .iter()
            .rev()
            .map(|(word, n)| format!("{} {}", grouped(*n), plain(word)))
            .collect();
        let rules = counted(sum(book.confidence.values()), "rules");
        let doubted = book.rules.iter().filter(|rule| !rule.doubts.is_empty()).count();
        RulebookView { book: book.clone(), confidence: format!("{rules}: {}", parts.join(", ")), doubted }
    };
    table(audit.run.rulebooks.iter().map(view).collect(), LINES, |rest| {
        format!("and {} more", counted(rest.len() as u64, "rulebooks"))
    })
}
