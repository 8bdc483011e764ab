//! Sections of the page on the time to come, on opt-outs, evidence and segments, picked from the audit.

use crate::record::Channel;
use crate::report::accountability::{CountsByText, Evidenced, OptedOut};
use crate::report::audit::{Audit, Expiring, Segment};
use crate::report::page::figures::{Bar, Bars, Table, length, sum, table};
use crate::report::wording::{channel_name, counted, descending, grouped, percent, plain};
use std::collections::{BTreeMap, BTreeSet};

/// Months shown, the latest ones.
const MONTHS: usize = 12;
/// Segments shown, the largest ones.
const SEGMENTS: usize = 25;
/// Texts shown under one heading.
const TEXTS: usize = 8;

/// What ends soon on a channel, and whom one may ask there.
pub(super) struct AheadRow {
    pub(super) name: &'static str,
    /// Within 30, 60, 90 days.
    pub(super) ends: [u64; 3],
    /// Reminders that fall due within 30, 60, 90 days.
    pub(super) reminders: [u64; 3],
    /// May be asked: on other channels, and on this one while its legal basis lasts.
    pub(super) may: [u64; 2],
    /// `by post 12, by e-mail 3`; may be empty.
    pub(super) over: String,
    /// May not: refused, banned, no channel open.
    pub(super) may_not: [u64; 3],
}

/// The channels of the run, in its order.
pub(super) fn ahead(audit: &Audit) -> Vec<AheadRow> {
    let row = |channel: &Channel| {
        let spans = |of: &BTreeMap<Channel, Expiring>| {
            let soon = of.get(channel).copied().unwrap_or_default();
            [soon.within_30, soon.within_60, soon.within_90]
        };
        let asked = audit.ahead.repermission.get(channel).cloned().unwrap_or_default();
        let over: Vec<String> =
            asked.ask_over.iter().map(|(over, n)| format!("{} {}", over.word(), grouped(*n))).collect();
        AheadRow {
            name: channel_name(*channel),
            ends: spans(&audit.ahead.expiring),
            reminders: spans(&audit.ahead.reminders),
            may: [sum(asked.ask_over.values()), asked.while_it_lasts],
            over: over.join(", "),
            may_not: [asked.refused, asked.banned, asked.no_channel],
        }
    };
    audit.run.channels.iter().map(row).collect()
}

/// Whether anything ends, or falls due, within 90 days.
pub(super) fn soon(of: &BTreeMap<Channel, Expiring>) -> bool {
    of.values().any(|days| days.within_90 > 0)
}

/// Whether any row or contact opted out.
pub(super) fn opted_out(audit: &Audit) -> bool {
    let told = &audit.opt_outs;
    told.rows > 0 || told.by_source.values().any(|rate| rate.opted_out > 0)
}

/// Opt-outs by month, in the order of time; what is undated last.
pub(super) fn months(audit: &Audit) -> Bars {
    let by_month = &audit.opt_outs.by_month;
    let dated: Vec<_> = by_month.iter().filter(|(month, _)| *month != "undated").collect();
    let (before, shown) = dated.split_at(dated.len().saturating_sub(MONTHS));
    let undated = by_month.get_key_value("undated");
    let most = shown.iter().map(|(_, n)| **n).chain(undated.map(|(_, n)| *n)).max().unwrap_or(0);
    let bar = |(name, n): (&String, &u64)| text_bar(name, *n, audit.opt_outs.rows, most);
    Bars {
        bars: shown.iter().copied().chain(undated).map(bar).collect(),
        rest: match before {
            [] => String::new(),
            _ => format!("before that {}", counted(sum(before.iter().map(|(_, n)| *n)), "rows")),
        },
    }
}

/// A bar that is named by a text of the files: its share is that of `whole`, its length that of `longest`.
fn text_bar(name: &str, n: u64, whole: u64, longest: u64) -> Bar {
    Bar { name: name.to_owned(), id: String::new(), n, share: percent(n, whole), length: length(n, longest) }
}

/// Opt-outs by a text of the files; nothing where no text is shown.
pub(super) fn by_text(audit: &Audit, told: &CountsByText) -> Bars {
    if told.counts.is_empty() {
        return Bars::default();
    }
    let sorted = descending(&told.counts);
    let (shown, more) = sorted.split_at(sorted.len().min(TEXTS));
    let rows = audit.opt_outs.rows;
    let bar = |(name, n): &(&str, u64)| text_bar(name, *n, rows, rows);
    let other = told.other.saturating_add(sum(more.iter().map(|(_, n)| n)));
    let rest = [("(rarer, or not fit to be told)", other), ("(nothing told)", told.untold)];
    let bars = shown.iter().chain(rest.iter().filter(|(_, n)| *n > 0)).map(bar).collect();
    Bars { bars, rest: String::new() }
}

/// A source of people and how many of them opted out.
pub(super) struct RateRow {
    pub(super) source: String,
    pub(super) opted_out: u64,
    pub(super) contacts: u64,
}

/// The sources of people, highest rate first.
pub(super) fn rates(audit: &Audit) -> Table<RateRow> {
    let row = |(source, rate): (&String, &OptedOut)| RateRow {
        source: source.clone(),
        opted_out: rate.opted_out,
        contacts: rate.contacts,
    };
    let mut rows: Vec<RateRow> = audit.opt_outs.by_source.iter().map(row).collect();
    let cross = |a: &RateRow, b: &RateRow| {
        let share = |r: &RateRow, of: &RateRow| u128::from(r.opted_out) * u128::from(of.contacts.max(1));
        share(b, a).cmp(&share(a, b)).then_with(|| a.source.cmp(&b.source))
    };
    rows.sort_by(cross);
    table(rows, TEXTS, |rest| format!("and {} more", counted(rest.len() as u64, "sources")))
}

/// Contactable contacts that were decided alike.
pub(super) struct SegmentRow {
    pub(super) channel: &'static str,
    pub(super) jurisdiction: String,
    pub(super) basis: String,
    pub(super) engagement: String,
    pub(super) contacts: u64,
}

/// Whom a campaign can reach, the largest segments first.
pub(super) fn segments(audit: &Audit) -> Table<SegmentRow> {
    let mut all: BTreeMap<(Channel, &str, &str, &str), u64> = BTreeMap::new();
    for Segment { channel, jurisdiction, basis, engagement, contacts, .. } in
        audit.segments.iter().filter(|segment| segment.contactable)
    {
        let key =
            (*channel, jurisdiction.as_str(), basis.as_deref().unwrap_or_default(), engagement.as_str());
        let count = all.entry(key).or_default();
        *count = count.saturating_add(*contacts);
    }
    let mut sorted: Vec<_> = all.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let rows = sorted.into_iter().map(|((channel, jurisdiction, basis, engagement), contacts)| SegmentRow {
        channel: channel_name(channel),
        jurisdiction: jurisdiction.to_owned(),
        basis: plain(basis),
        engagement: engagement.to_owned(),
        contacts,
    });
    table(rows.collect(), SEGMENTS, |rest| {
        let contacts = sum(rest.iter().map(|row| &row.contacts));
        format!(
            "and {} more, together {}",
            counted(rest.len() as u64, "segments"),
            counted(contacts, "contacts")
        )
    })
}

/// One kind of evidence of the legal bases.
pub(super) struct EvidenceRow {
    /// The evidence.
    pub(super) name: String,
    /// Per channel of the run: present, missing.
    pub(super) channels: Vec<[u64; 2]>,
}

/// The evidence that some legal basis has or lacks.
pub(super) fn evidence(audit: &Audit) -> Vec<EvidenceRow> {
    let codes: BTreeSet<&String> =
        audit.evidence.values().flat_map(|e| e.present.keys().chain(e.missing.keys())).collect();
    let of = |code: &String| {
        let cell = |channel: &Channel| {
            let counts = audit.evidence.get(channel);
            let in_map = |map: fn(&Evidenced) -> &BTreeMap<String, u64>| {
                counts.and_then(|counts| map(counts).get(code)).copied().unwrap_or(0)
            };
            [in_map(|e| &e.present), in_map(|e| &e.missing)]
        };
        EvidenceRow { name: plain(code), channels: audit.run.channels.iter().map(cell).collect() }
    };
    codes.into_iter().map(of).collect()
}
