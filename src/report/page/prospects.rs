//! Sections of the page on the time to come, on opt-outs, evidence and segments, picked from the audit.

use crate::record::Channel;
use crate::report::accountability::{CountsByText, OptedOut, Repermission};
use crate::report::audit::{Audit, Expiring, Segment};
use crate::report::page::figures::{Bar, Bars, Table, length, more, table};
use crate::report::wording::{channel_name, counted, descending, grouped, percent, plain, sum};
use std::collections::{BTreeMap, BTreeSet};

/// Months shown, the latest ones.
const MONTHS: usize = 12;
/// Segments shown, the largest ones.
const SEGMENTS: usize = 25;
/// Texts shown under one heading.
const TEXTS: usize = 8;

/// Contacts of a channel whose ground ends, or whose reminder falls due, within 30, 60, 90 days.
pub(super) fn spans(of: &BTreeMap<Channel, Expiring>, channel: &Channel) -> [u64; 3] {
    let Expiring { within_30, within_60, within_90 } = of.get(channel).copied().unwrap_or_default();
    [within_30, within_60, within_90]
}

/// Whom one may ask for consent on a channel.
pub(super) fn asked(audit: &Audit, channel: &Channel) -> Repermission {
    audit.ahead.repermission.get(channel).cloned().unwrap_or_default()
}

/// The channels to ask over: `post 12, email 3`; may be empty.
pub(super) fn over(asked: &Repermission) -> String {
    let over = asked.ask_over.iter().map(|(over, n)| format!("{} {}", over.word(), grouped(*n)));
    over.collect::<Vec<_>>().join(", ")
}

/// May be asked: on other channels, and on this one while its legal basis lasts.
pub(super) fn may(asked: &Repermission) -> [u64; 2] {
    [sum(asked.ask_over.values()), asked.while_it_lasts]
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

/// The sources of people with those who opted out, highest rate first.
pub(super) fn rates(audit: &Audit) -> Table<(&String, &OptedOut)> {
    let share = |a: &OptedOut, b: &OptedOut| u128::from(a.opted_out) * u128::from(b.contacts.max(1));
    let mut rows: Vec<_> = audit.opt_outs.by_source.iter().collect();
    rows.sort_by(|a, b| share(b.1, a.1).cmp(&share(a.1, b.1)).then_with(|| a.0.cmp(b.0)));
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
        more(rest, "segments", &counted(sum(rest.iter().map(|row| &row.contacts)), "contacts"))
    })
}

/// The kinds of evidence that some legal basis has or lacks.
pub(super) fn evidence(audit: &Audit) -> BTreeSet<&String> {
    audit.evidence.values().flat_map(|e| e.present.keys().chain(e.missing.keys())).collect()
}

/// A kind of evidence per channel of the run: present, missing.
pub(super) fn told(audit: &Audit, code: &str) -> Vec<[u64; 2]> {
    let of = |channel: &Channel| {
        let counts = audit.evidence.get(channel).map(|e| [&e.present, &e.missing]);
        counts.map_or([0; 2], |maps| maps.map(|map| map.get(code).copied().unwrap_or(0)))
    };
    audit.run.channels.iter().map(of).collect()
}
