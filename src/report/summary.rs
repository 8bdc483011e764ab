//! The audit on a terminal: read in ten seconds, at most 25 lines of 80 columns, no colour needed.

use crate::record::Channel;
use crate::report::audit::{Audit, ChannelCounts, Statement};
use crate::report::changes_summary;
use crate::report::wording::{channel_name, counted, descending, grouped, long_date, percent, sum, visible};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a line.
const COLUMNS: usize = 80;
/// Lines for plain statements, and next steps shown; the rest is counted.
const STATEMENTS: usize = 3;
const STEPS: usize = 3;

/// The audit as the few lines a terminal gets; every line ends in a line feed.
pub fn summary(audit: &Audit) -> String {
    let head = format!("Who may be contacted on {} ({})", long_date(&audit.run.send_date), audit.run.purpose);
    let mut lines = vec![head, String::new()];
    statements(audit, &mut lines);
    rows(audit, &mut lines);
    lines.push(String::new());
    channels(audit, &mut lines);
    if let Some(changes) = &audit.previous {
        lines.push(String::new());
        lines.extend(changes_summary::since(changes));
    }
    steps(audit, &mut lines);
    lines.iter().map(|line| fit(line, COLUMNS) + "\n").collect()
}

/// One statement is shown whole, of two the first sentences, of more as many of these as there are lines.
fn statements(audit: &Audit, lines: &mut Vec<String>) {
    let all = &audit.statements;
    fn words(text: &str) -> impl Iterator<Item = &str> {
        std::iter::once("!").chain(text.split_whitespace())
    }
    match all.as_slice() {
        [] => return,
        [only] => lines.extend(wrap(words(&only.says), STATEMENTS)),
        [_, _] => lines.extend(all.iter().flat_map(|s| wrap(words(&format!("{}.", headline(s))), 2))),
        _ => {
            let told = if all.len() > STATEMENTS { STATEMENTS - 1 } else { all.len() };
            lines.extend(all[..told].iter().map(|s| format!("! {}.", headline(s))));
            if told < all.len() {
                lines.push(format!("! and {} more plain statements: see report.html", all.len() - told));
            }
        }
    }
    lines.push(String::new());
}

/// The first sentence of a statement: what a terminal has room for.
fn headline(statement: &Statement) -> &str {
    let first = statement.says.split_once(". ").map(|(first, _)| first);
    first.unwrap_or(statement.says.trim_end_matches('.'))
}

/// Where the rows went: one line, or two when the numbers are long.
fn rows(audit: &Audit, lines: &mut Vec<String>) {
    let total = &audit.reconciliation;
    let places = [
        format!("{}:", counted(total.rows, "rows")),
        format!("{},", counted(total.kept, "contacts")),
        format!("{} merged,", grouped(total.merged)),
        format!("{},", counted(total.refusal, "refusals")),
        format!("{},", counted(total.event, "events")),
        format!("{} rejected", grouped(total.rejected)),
    ];
    lines.extend(wrap(places.iter().map(String::as_str), 2));
}

fn channels(audit: &Audit, lines: &mut Vec<String>) {
    let decided: Vec<(Channel, &ChannelCounts)> =
        audit.run.channels.iter().filter_map(|c| Some((*c, audit.channels.get(c)?))).collect();
    // Four channels have room for two reasons each, six for one.
    let most = if decided.len() > 4 { 1 } else { 2 };
    let figures = decided.iter().flat_map(|(_, c)| [c.contactable, c.blocked]);
    let wide = figures.map(|n| grouped(n).len()).max().unwrap_or(0).max(9);
    for (channel, counts) in decided {
        lines.push(format!(
            "{:14} {:>wide$} contactable {:>6}  {:>wide$} blocked {:>6}",
            channel_name(channel),
            grouped(counts.contactable),
            percent(counts.contactable, audit.contacts),
            grouped(counts.blocked),
            percent(counts.blocked, audit.contacts),
        ));
        reasons(audit, counts, most, lines);
    }
}

/// The main reasons of a channel; what is left out is counted on the last line.
fn reasons(audit: &Audit, counts: &ChannelCounts, most: usize, lines: &mut Vec<String>) {
    let sorted = descending(&counts.reasons);
    let (shown, rest) = sorted.split_at(most.min(sorted.len()));
    for (i, (id, n)) in shown.iter().enumerate() {
        let sentence = audit.reasons.get(*id).map_or(*id, |r| r.sentence.trim_end_matches('.'));
        let mut more = String::new();
        if i + 1 == shown.len() && !rest.is_empty() {
            more = format!("  (+ {} more: {})", rest.len(), grouped(sum(rest.iter().map(|(_, n)| n))));
        }
        let said = format!("  {:>10}  {sentence}", grouped(*n));
        lines.push(fit(&said, COLUMNS - more.len()) + &more);
    }
}

fn steps(audit: &Audit, lines: &mut Vec<String>) {
    let all = &audit.next_steps;
    lines.extend(all.first().map(|_| String::new()));
    for (i, step) in all.iter().take(STEPS).enumerate() {
        let mut tail = format!(" ({})", counted(step.count, &step.unit));
        if i + 1 == STEPS && all.len() > STEPS {
            tail.push_str(&format!(" (+ {} more)", all.len() - STEPS));
        }
        let lead = if i == 0 { "Next: " } else { "      " };
        let said = fit(&format!("{lead}{}", step.what), COLUMNS.saturating_sub(tail.width()));
        lines.push(said + &tail);
    }
}

/// Pieces set into at most `most` lines of the terminal's width, later ones indented; the last may be too long.
fn wrap<'a>(pieces: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        let fits = line.width() + 1 + piece.width() <= COLUMNS;
        if line.is_empty() {
            line.push_str(piece);
        } else if fits || lines.len() + 1 == most {
            line.push(' ');
            line.push_str(piece);
        } else {
            lines.push(std::mem::replace(&mut line, format!("  {piece}")));
        }
    }
    lines.push(line);
    lines
}

/// Foreign text made visible and cut to `columns` terminal columns, with `…` where it was cut.
fn fit(text: &str, columns: usize) -> String {
    let shown = visible(text);
    if shown.width() <= columns {
        return shown;
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= columns
    };
    let cut: String = shown.chars().take_while(fits).collect();
    format!("{}…", cut.trim_end())
}
