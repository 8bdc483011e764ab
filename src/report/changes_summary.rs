//! A comparison on a terminal: read in ten seconds. Counts only.

use crate::reason::Reason;
use crate::report::changes::{Change, Changes, Decay};
use crate::report::wording::{channel_name, counted, descending, grouped, long_date, percent, visible};
use std::collections::BTreeMap;

/// Changed decisions, sources, and differences of one cause that are shown; the rest is counted.
const CHANGES: usize = 8;
const SOURCES: usize = 8;
const DIFFERENCES: usize = 3;

/// What changed between two runs, as lines that end in a line feed.
pub fn compared(changes: &Changes) -> String {
    let (then, now) = (&changes.then, &changes.now);
    let mut lines =
        vec![format!("From {} to {}", long_date(&then.send_date), long_date(&now.send_date)), String::new()];
    let [kept, new, gone] = [changes.kept, changes.new, changes.gone].map(grouped);
    let came_and_went = format!("{kept} kept, {new} new, {gone} gone");
    lines.extend(columns(
        &["", "then", "now", ""],
        vec![
            vec!["Rows".to_owned(), grouped(then.rows), grouped(now.rows), String::new()],
            vec!["Contacts".to_owned(), grouped(then.contacts), grouped(now.contacts), came_and_went],
        ],
    ));
    lines.push(String::new());
    channels(changes, &mut lines);
    causes(changes, &mut lines);
    decisions(changes, &mut lines);
    decay(changes, &mut lines);
    differs(changes, &mut lines);
    // File names are foreign text.
    lines.iter().map(|line| visible(line.trim_end()) + "\n").collect()
}

/// A table: the first column and the last to the left, figures to the right.
fn columns(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let wide = |at: usize| all.iter().filter_map(|row| row.get(at)).map(|c| c.chars().count()).max();
    let last = all[0].len() - 1;
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(at, cell)| match at {
            0 => format!("{cell:14.14}"),
            _ if at == last => format!("  {cell}"),
            _ => format!("  {cell:>wide$}", wide = wide(at).unwrap_or(0)),
        });
        cells.collect()
    };
    all.iter().map(line).collect()
}

fn signed(more: u64, sign: char) -> String {
    if more == 0 { "0".to_owned() } else { format!("{sign}{}", grouped(more)) }
}

fn channels(changes: &Changes, lines: &mut Vec<String>) {
    let rows = changes.channels.iter().map(|(channel, c)| {
        vec![
            channel_name(*channel).to_owned(),
            grouped(c.then),
            grouped(c.now),
            signed(c.gained, '+'),
            signed(c.lost, '-'),
            signed(c.new, '+'),
            signed(c.gone, '-'),
            format!("{} refused since ({})", grouped(c.refused), percent(c.refused, c.unrefused)),
        ]
    });
    lines.extend(columns(
        &["Contactable", "then", "now", "gained", "lost", "new", "gone", ""],
        rows.collect(),
    ));
    for (channel, c) in changes.channels.iter().filter(|(_, c)| c.resurrected > 0) {
        lines.push(format!(
            "! {} who had refused {} now contactable again: {}",
            counted(c.resurrected, "contacts"),
            if c.resurrected == 1 { "is" } else { "are" },
            channel_name(*channel)
        ));
    }
}

fn causes(changes: &Changes, lines: &mut Vec<String>) {
    let mut by_cause: BTreeMap<String, u64> = BTreeMap::new();
    for change in &changes.changed {
        *by_cause.entry(cause(change)).or_default() += change.contacts;
    }
    let total: u64 = by_cause.values().sum();
    lines.push(String::new());
    if total == 0 {
        lines.push("No decision on a kept contact changed".to_owned());
        return;
    }
    let sorted = descending(&by_cause).into_iter();
    let told: Vec<String> = sorted.map(|(cause, n)| format!("{} by {cause}", grouped(n))).collect();
    lines.push(format!("{} changed: {}", counted(total, "decisions"), told.join(", ")));
}

fn cause(change: &Change) -> String {
    if change.causes.is_empty() { "nothing that is told".to_owned() } else { change.causes.join(" or ") }
}

fn decisions(changes: &Changes, lines: &mut Vec<String>) {
    for change in changes.changed.iter().take(CHANGES) {
        let what = match (change.was.as_str(), change.now.as_str()) {
            ("contactable", "blocked") => "lost",
            ("blocked", "contactable") => "gained",
            _ => "other reason",
        };
        lines.push(format!(
            "  {:>9}  {:14} {what:12}  {} \u{2192} {}  ({})",
            grouped(change.contacts),
            channel_name(change.channel),
            change.was_reason,
            change.now_reason,
            cause(change)
        ));
    }
    if let Some(rest) = changes.changed.get(CHANGES..).filter(|rest| !rest.is_empty()) {
        let left: u64 = rest.iter().map(|c| c.contacts).sum();
        lines.push(format!("  {:>9}  in {} more ways", grouped(left), rest.len()));
    }
}

fn decay(changes: &Changes, lines: &mut Vec<String>) {
    let lost = |d: &Decay| d.invalid + d.bounced + d.refused;
    let mut worst: Vec<_> = changes.decay.iter().filter(|d| lost(d) > 0).collect();
    if worst.is_empty() {
        return;
    }
    worst.sort_by(|a, b| lost(b).cmp(&lost(a)).then_with(|| a.source.cmp(&b.source)));
    lines.push(String::new());
    let shown = &worst[..worst.len().min(SOURCES)];
    let name = shown.iter().map(|d| d.source.chars().count()).max().unwrap_or(0).clamp(14, 40);
    let mut line = |source: &str, contacts: &str, [invalid, bounced, refused]: [&str; 3]| {
        lines.push(format!(
            "{source:name$.name$}  {contacts:>9}  {invalid:>16}  {bounced:>16}  {refused:>16}"
        ));
    };
    line("Decay", "contacts", ["invalid", "bounced", "refused"]);
    for d in shown {
        let share = |part| format!("{} ({})", grouped(part), percent(part, d.contacts));
        let shares = [d.invalid, d.bounced, d.refused].map(share);
        line(&d.source, &grouped(d.contacts), shares.each_ref().map(String::as_str));
    }
    if worst.len() > SOURCES {
        lines.push(format!("and {} more", counted((worst.len() - SOURCES) as u64, "sources")));
    }
}

fn differs(changes: &Changes, lines: &mut Vec<String>) {
    lines.push(String::new());
    if changes.differs.is_empty() {
        lines.push("The runs had the same files, send date, rules, lists, version and settings".to_owned());
    }
    let mut lead = "Differs:";
    for (cause, told) in &changes.differs {
        for (i, what) in told.iter().take(DIFFERENCES).enumerate() {
            let more = told.len().saturating_sub(DIFFERENCES);
            let last = i + 1 == DIFFERENCES && more > 0;
            let more = if last { format!(" (+ {more} more)") } else { String::new() };
            let cause = if i == 0 { cause } else { "" };
            lines.push(format!("{lead:9}{cause:9} {what}{more}"));
            lead = "";
        }
    }
}

/// What changed since the run before: two lines of a summary, and a third where somebody came back.
pub(super) fn since(changes: &Changes) -> Vec<String> {
    let arrow = |then: u64, now: u64| format!("{} \u{2192} {}", grouped(then), grouped(now));
    let channels = changes.channels.iter().map(|(c, n)| format!("{} {}", c.word(), arrow(n.then, n.now)));
    let channels = channels.collect::<Vec<_>>().join(", ");
    let refused = changes.channels.values().map(|c| c.refused).max().unwrap_or(0);
    let carried = changes.carried.unwrap_or_default();
    let refused = if carried.newly_suppressed > 0 { carried.newly_suppressed } else { refused };
    let again: u64 = changes.channels.values().map(|c| c.resurrected).sum();
    let decided: u64 = changes.changed.iter().map(|c| c.contacts).sum();
    let mut second = vec![
        format!("{} new", grouped(changes.new)),
        format!("{} gone", grouped(changes.gone)),
        format!("{} changed", counted(decided, "decisions")),
    ];
    if refused > 0 {
        second.push(format!("{} newly refused", grouped(refused)));
    }
    let day = long_date(&changes.then.send_date);
    let mut lines = match changes.new + changes.gone + decided {
        0 => vec![format!("Since {day}: nothing changed ({channels})")],
        _ => vec![format!("Since {day}: {channels}"), format!("  {}", second.join(", "))],
    };
    let returned = [
        (again, "refused then and contactable now"),
        (carried.back, "refused before and back in the files"),
        (carried.erased_back, "erased and back in the files"),
    ];
    let returned: Vec<String> =
        returned.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n))).collect();
    if !returned.is_empty() {
        lines.push(format!("! {}", returned.join(", ")));
    }
    lines
}

/// A reason as a person reads it: its sentence, or its id when it is not known.
pub(super) fn sentence(id: &str) -> String {
    Reason::from_id(id).map_or_else(|| id.to_owned(), |r| r.sentence().trim_end_matches('.').to_owned())
}
